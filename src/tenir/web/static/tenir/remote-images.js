// "Show the pictures" is a link whose target is the frame: the server answers with the policy that allows them, for this
// letter and this once. Only the notice is left to take away; the focus goes to the letter.
document.addEventListener("click", (event) => {
  const notice = event.target.closest?.("[data-remote-images] a")?.closest("[data-remote-images]");
  if (!notice) return;
  const frame = notice.parentElement.querySelector("iframe");
  frame.addEventListener("load", () => {
    notice.hidden = true;
    frame.focus();
  }, { once: true });
});
