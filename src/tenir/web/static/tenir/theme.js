// The server writes theme, text size, digits and font on <html>, so that nothing flashes. On the settings page a choice
// (data-look="theme", the name of the attribute) is seen at once, before it is saved.
document.addEventListener("change", (event) => {
  const name = event.target.closest?.("[data-look]")?.dataset.look;
  if (name) document.documentElement.setAttribute(`data-${name}`, event.target.value);
});
