// "@" in an internal note calls a colleague: the server proposes, arrows choose, Enter or Tab takes. The name in
// the note is what calls: the server reads it there.

import { fragment } from "./http.js";
import { replace } from "./typing.js";

const WORD = /(^|[\s(])@([\p{L}\p{N}_-]{0,30})$/u;
let asked = 0;

const textOf = (event) => event.target.closest?.("form[data-mention-url] [data-composer-text]");
const pickerOf = (text) => text.form.querySelector("[data-picker]");
const begun = (text) => WORD.exec(text.value.slice(0, text.selectionStart));

function close(text) {
  asked += 1;
  pickerOf(text).hidden = true;
  text.removeAttribute("aria-activedescendant");
}

async function propose(text) {
  const match = begun(text);
  if (!match) {
    close(text);
    return;
  }
  const question = ++asked;
  const url = new URL(text.form.dataset.mentionUrl, location.href);
  url.searchParams.set("q", match[2]);
  try {
    const html = await fragment(url);
    if (question !== asked) return;
    const picker = pickerOf(text);
    picker.innerHTML = html;
    picker.hidden = false;
    text.setAttribute("aria-controls", picker.id);
    choose(text, picker.querySelector('[role="option"]'));
  } catch {
    if (question === asked) close(text);
  }
}

function choose(text, option) {
  pickerOf(text).querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) text.setAttribute("aria-activedescendant", option.id);
}

function take(text, option) {
  const match = begun(text);
  close(text);
  if (!match || !option) return;
  const end = text.selectionStart;
  replace(text, end - match[2].length - 1, end, `@${option.dataset.name} `);
}

document.addEventListener("input", (event) => {
  const text = textOf(event);
  if (text) propose(text);
});

// Before the other listeners: Enter belongs to the picker while it is open.
document.addEventListener("keydown", (event) => {
  const text = textOf(event);
  if (!text || pickerOf(text).hidden) return;
  const options = [...pickerOf(text).querySelectorAll('[role="option"]')];
  const here = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(text, options[(here + 1) % options.length]);
  else if (event.key === "ArrowUp") choose(text, options[(here - 1 + options.length) % options.length]);
  else if ((event.key === "Enter" || event.key === "Tab") && options[here]) take(text, options[here]);
  else if (event.key === "Escape") close(text);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.("[data-picker] [role=option]");
  if (!option) return;
  event.preventDefault();
  take(option.closest("form").querySelector("[data-composer-text]"), option);
});
document.addEventListener("focusout", (event) => {
  const text = textOf(event);
  if (text) close(text);
});
