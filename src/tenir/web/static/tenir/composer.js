// The composer: tabs, formatting, sending with Ctrl-Enter, scheduling. Its drafts, files, recipients and mentions have their
// own modules. Everything works on the form as it is at that moment, so that htmx may replace it at any time.

import "./drafts.js";
import "./uploads.js";
import "./recipients.js";
import "./mentions.js";
import "./hearing.js";
import { replace } from "./typing.js";

const MARKS = { bold: "**", italic: "_" };

document.addEventListener("click", (event) => {
  const tab = event.target.closest?.("[data-composer-tab]");
  if (tab) turnTo(tab.closest("[data-composer]"), tab.dataset.composerTab, true);
  const turn = event.target.closest?.("[data-composer-turn]");
  if (turn) turnTo(document.getElementById("composer"), turn.dataset.composerTurn, true);
  const tool = event.target.closest?.("[data-format]");
  if (tool) format(tool.closest("form").querySelector("[data-composer-text]"), tool.dataset.format);
  const later = event.target.closest?.("[data-later]");
  if (later) {
    later.value = later.parentElement.querySelector("[data-later-input]").value;
    if (!later.value) event.preventDefault();
  }
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[data-composer-tab]");
  if (tab && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
    const other = tab.parentElement.querySelector('[data-composer-tab][aria-selected="false"]');
    turnTo(tab.closest("[data-composer]"), other.dataset.composerTab, false);
    other.focus();
    return;
  }
  const text = event.target.closest?.("[data-composer-text]");
  if (!text || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.key === "Enter") text.form.requestSubmit(text.form.querySelector("[data-send]"));
  else if (event.key === "b") format(text, "bold");
  else if (event.key === "i") format(text, "italic");
  else return;
  event.preventDefault();
});

function turnTo(composer, kind, take) {
  composer.classList.toggle("is-note", kind === "note");
  for (const tab of composer.querySelectorAll("[data-composer-tab]")) {
    const chosen = tab.dataset.composerTab === kind;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    composer.querySelector(`#${tab.getAttribute("aria-controls")}`).hidden = !chosen;
  }
  if (take) {
    const text = composer.querySelector(`#composer-${kind} [data-composer-text]`);
    text.focus();
    text.scrollIntoView({ block: "nearest" });
  }
}

function format(text, kind) {
  const { selectionStart: start, selectionEnd: end, value } = text;
  const chosen = value.slice(start, end);
  if (kind === "list") list(text, start, end);
  else if (kind === "link") link(text, start, end, chosen);
  else surround(text, start, end, chosen, MARKS[kind]);
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

// Marks that are already there are taken away.
function surround(text, start, end, chosen, mark) {
  const { value } = text;
  const size = mark.length;
  if (value.slice(start - size, start) === mark && value.slice(end, end + size) === mark) {
    replace(text, start - size, end + size, chosen);
    text.setSelectionRange(start - size, end - size);
    return;
  }
  replace(text, start, end, mark + chosen + mark);
  text.setSelectionRange(start + size, end + size);
}

function list(text, start, end) {
  const from = text.value.lastIndexOf("\n", start - 1) + 1;
  const lines = text.value.slice(from, end).split("\n");
  const listed = lines.every((line) => line.startsWith("- "));
  const words = lines.map((line) => (listed ? line.slice(2) : `- ${line}`)).join("\n");
  replace(text, from, end, words);
}

function link(text, start, end, chosen) {
  const isAddress = /^https?:\/\/\S+$/.test(chosen);
  replace(text, start, end, isAddress ? `[](${chosen})` : `[${chosen}](https://)`);
  if (isAddress) text.setSelectionRange(start + 1, start + 1);
  else text.setSelectionRange(start + chosen.length + 3, start + chosen.length + 11);
}

const start = (root) => {
  for (const tab of root.querySelectorAll?.("[data-composer-tab]") ?? []) tab.tabIndex = tab.getAttribute("aria-selected") === "true" ? 0 : -1;
};
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
start(document);
