// Choosing several rows: data-select (the boxes), data-select-all, data-select-bar, inside one data-select-scope.
// Shift-click chooses all between; Escape or the cross chooses none. The bar carries what is chosen when it is sent.

import { count } from "./words.js";

let last = null;

const scopeOf = (element) => element.closest("[data-select-scope]");
const boxes = (scope) => [...scope.querySelectorAll("[data-select]")];

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-select]");
  if (box) {
    if (event.shiftKey && last && scopeOf(last) === scopeOf(box)) fill(last, box);
    last = box;
    told(scopeOf(box));
    return;
  }
  const all = event.target.closest?.("[data-select-all]");
  if (all) {
    for (const one of boxes(scopeOf(all))) one.checked = all.checked;
    told(scopeOf(all));
  }
  const none = event.target.closest?.("[data-select-none]");
  if (none) clear(scopeOf(none));
});

function fill(from, to) {
  const all = boxes(scopeOf(to));
  const [first, final] = [all.indexOf(from), all.indexOf(to)].sort((a, b) => a - b);
  for (const one of all.slice(first, final + 1)) one.checked = to.checked;
}

function clear(scope) {
  for (const box of boxes(scope)) box.checked = false;
  told(scope);
}

function told(scope) {
  const all = boxes(scope);
  const chosen = all.filter((box) => box.checked);
  const bar = scope.querySelector("[data-select-bar]");
  const head = scope.querySelector("[data-select-all]");
  if (head) {
    head.checked = chosen.length > 0 && chosen.length === all.length;
    head.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
  if (!bar) return;
  bar.hidden = chosen.length === 0;
  const words = bar.querySelector("[data-select-count]");
  if (words && chosen.length) words.textContent = count(words, chosen.length);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog:modal, :popover-open")) return;
  for (const scope of document.querySelectorAll("[data-select-scope]")) if (boxes(scope).some((box) => box.checked)) clear(scope);
});

// The boxes stand outside the bar's form (a row is not a form): what is chosen goes along at the moment of sending.
document.addEventListener("formdata", (event) => {
  const scope = event.target.matches("[data-select-bar]") ? scopeOf(event.target) : null;
  for (const box of scope ? boxes(scope) : []) if (box.checked && box.form !== event.target) event.formData.append(box.name, box.value);
});

addEventListener("pageshow", () => {
  for (const scope of document.querySelectorAll("[data-select-scope]")) told(scope);
});
