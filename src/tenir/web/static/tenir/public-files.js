// Files that cannot be sent are said at once, before anything travels; printing. Every page works without this.

import { say } from "./words.js";

const limit = (bytes) => {
  const language = document.documentElement.lang;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(bytes / 1048576)} ${language === "fr" ? "Mo" : "MB"}`;
};

document.addEventListener("change", ({ target }) => {
  const input = target.closest?.("input[type=file][data-max-bytes]");
  if (!input) return;
  const most = Number(input.dataset.maxBytes);
  const large = [...input.files].filter((file) => file.size > most);
  if (large.length) leaveOut(input, large);
  const word = input.closest(".field").querySelector("[data-file-word]");
  word.hidden = large.length === 0;
  word.textContent = large.map((file) => say(input, "large", { name: file.name, limit: limit(most) })).join(" ");
});

// Whoever shows the names of the files hears of it, as if the person had chosen the others only.
function leaveOut(input, large) {
  const kept = new DataTransfer();
  for (const file of input.files) if (!large.includes(file)) kept.items.add(file);
  input.files = kept.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// After a correction is asked for, the reader stands at what is to be corrected.
document.getElementById("problems")?.focus();
