// A file field that takes what is dropped on it and says what it holds: label.drop > input[type=file] + [data-drop-words].
const zoneOf = (event) => event.target.closest?.("label.drop");

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = zoneOf(event);
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("is-over", kind === "dragover");
    if (kind !== "drop") return;
    const input = zone.querySelector("input");
    const all = new DataTransfer();
    for (const file of [...input.files, ...event.dataTransfer.files]) all.items.add(file);
    input.files = all.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

document.addEventListener("change", (event) => {
  const zone = zoneOf(event);
  if (!zone) return;
  const names = [...event.target.files].map((file) => file.name);
  const words = zone.querySelector("[data-drop-words]");
  words.dataset.before ??= words.textContent;
  words.textContent = names.length ? names.join(" · ") : words.dataset.before;
});
