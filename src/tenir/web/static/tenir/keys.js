// Single keys, declared where they act: data-key="r" (or "g i": one after the other), data-key-label, data-key-group.
// They sleep in fields, with Ctrl, Alt or ⌘, and wherever the reader switched them off (WCAG 2.1.4).
// A list with data-keys-list is walked with j and k, its rows chosen with x.

import { open } from "./dialog.js";
import { say } from "./words.js";

const OFF = "tenir:keys-off";
const PAUSE = 1200;
const help = document.querySelector("[data-keys-help]");
let begun = "";
let beganAt = 0;

const isOff = () => localStorage.getItem(OFF) === "1";
const isField = (element) => element.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });

// With a dialog open, only its own keys; otherwise those of the page that can be seen.
function declared() {
  const dialogs = document.querySelectorAll("dialog:modal");
  const scope = dialogs.length ? dialogs[dialogs.length - 1] : document;
  return [...scope.querySelectorAll("[data-key]")].filter((element) => isSeen(element) && !element.disabled);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isField(event.target) && !event.target.closest("dialog, [popover]")) {
    event.target.blur();
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isField(event.target) || event.target.closest?.("[role=listbox], [data-menu]") || isOff()) return;
  if (event.key === "?" && help) {
    event.preventDefault();
    show();
    return;
  }
  if (press(event.key) || walk(event.key)) event.preventDefault();
});

function press(key) {
  const sequence = begun && Date.now() - beganAt < PAUSE ? `${begun} ${key}` : key;
  begun = "";
  const all = declared();
  const hit = all.find((element) => element.dataset.key === sequence);
  if (hit) {
    act(hit);
    return true;
  }
  if (all.some((element) => element.dataset.key.startsWith(`${sequence} `))) {
    begun = sequence;
    beganAt = Date.now();
    return true;
  }
  return false;
}

function act(element) {
  if (isField(element)) {
    element.focus();
    element.select?.();
  } else element.click();
}

function walk(key) {
  const list = document.activeElement?.closest("[data-keys-list]") ?? [...document.querySelectorAll("[data-keys-list]")].find(isSeen);
  if (!list || !["j", "k", "x"].includes(key) || document.querySelector("dialog:modal")) return false;
  const rows = [...list.querySelectorAll(":scope > *")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  if (key === "x") {
    rows[here]?.querySelector("[data-select]")?.click();
    return here >= 0;
  }
  const from = here >= 0 ? here : rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[key === "j" ? Math.min(from + 1, rows.length - 1) : Math.max(from - 1, 0)];
  next?.querySelector("a")?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return true;
}

// The list of keys is written from the page itself, so that it is never wrong.
function show() {
  const groups = new Map();
  const add = (group, key, label) => {
    if (!groups.has(group)) groups.set(group, new Map());
    groups.get(group).set(key, label);
  };
  const here = say(help, "here");
  for (const element of declared()) {
    const label = element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.trim();
    add(element.dataset.keyGroup || here, element.dataset.key, label);
  }
  if (document.querySelector("[data-keys-list]")) {
    add(here, "j", say(help, "next"));
    add(here, "k", say(help, "previous"));
    if (document.querySelector("[data-select]")) add(here, "x", say(help, "choose"));
  }
  if (document.querySelector("[data-composer-text]")) add(here, "Ctrl ⏎", say(help, "send"));
  for (const [key, name] of [["Ctrl K", "palette"], ["?", "help"], ["Esc", "close"]]) add(say(help, "anywhere"), key, say(help, name));
  help.querySelector("[data-keys-list-here]").replaceChildren(...[...groups].map(section));
  open(help);
}

function section([title, keys]) {
  const part = document.createElement("section");
  const head = part.appendChild(document.createElement("h3"));
  head.textContent = title;
  const list = part.appendChild(document.createElement("dl"));
  for (const [key, label] of keys) {
    const line = list.appendChild(document.createElement("div"));
    line.appendChild(document.createElement("dt")).textContent = label;
    const where = line.appendChild(document.createElement("dd"));
    for (const one of key.split(" ")) where.append(Object.assign(document.createElement("kbd"), { textContent: one }), " ");
  }
  return part;
}

const toggle = document.querySelector("[data-keys-switch]");
if (toggle) {
  toggle.checked = !isOff();
  toggle.addEventListener("change", () => localStorage.setItem(OFF, toggle.checked ? "0" : "1"));
}
document.querySelector('[data-dialog-open="keys-dialog"]')?.addEventListener("click", (event) => {
  event.stopPropagation();
  event.currentTarget.closest("[popover]")?.hidePopover();
  show();
});
