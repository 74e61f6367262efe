// The telephone field: groups what is typed, keeps the caret where it was, counts, tells, reads back (A3, A4).

import { fragment } from "./http.js";
import { analyse, isFull, spoken } from "./phone_number.js";
import { say } from "./words.js";

const fieldOf = (event) => (event.target.matches?.('[data-phone] input[type="tel"]') ? event.target.closest("[data-phone]") : null);
const asked = new WeakMap();

document.addEventListener("beforeinput", (event) => {
  const field = fieldOf(event);
  const input = event.target;
  if (!field || event.inputType !== "insertText" || !/\d/.test(event.data ?? "") || input.selectionStart !== input.selectionEnd) return;
  const known = analyse(input.value);
  if (known.kind === "other" || !isFull(input.value)) return;
  event.preventDefault();
  tell(field, say(field, known.kind === "abroad" ? "limit" : "refused"));
});

document.addEventListener("input", (event) => {
  const field = fieldOf(event);
  if (field && !event.isComposing) look(field, event.target);
});

// The caret stands after the same number of digits as before the grouping.
function regroup(input, shown) {
  if (shown === input.value) return;
  const before = input.value.slice(0, input.selectionStart ?? input.value.length).replace(/[^\d+]/g, "").length;
  const atEnd = input.selectionStart === input.value.length;
  input.value = shown;
  let place = 0;
  for (let seen = 0; seen < before && place < shown.length; place += 1) if (/[\d+]/.test(shown[place])) seen += 1;
  if (input === document.activeElement) input.setSelectionRange(atEnd ? shown.length : place, atEnd ? shown.length : place);
}

function look(field, input) {
  const number = analyse(input.value);
  // A trunk zero in brackets stays as it was typed: the server drops it, and the word says so.
  if (number.kind !== "other" && !number.trunk) regroup(input, number.shown);
  counted(field, number);
  tell(field, word(field, number));
  readBack(field, number);
  judge(field, input, number);
}

function counted(field, { kind, state, digits, expected }) {
  const place = field.querySelector("[data-phone-count]");
  place.dataset.state = state;
  place.querySelector("span").textContent = kind === "empty" || kind === "other" ? "" : expected ? `${digits}/${expected}` : String(digits);
}

function word(field, { state, missing, extra, digits, trunk, kind }) {
  if (state === "start") return digits > 2 ? say(field, "start") : "";
  // Until most of it is there, "eight are missing" would only hurry; the count says enough.
  if (state === "short") return missing > 2 ? "" : say(field, `short-${missing < 2 ? "one" : "many"}`, { n: missing });
  if (state === "long") return kind === "abroad" ? say(field, "limit") : say(field, `long-${extra < 2 ? "one" : "many"}`, { n: extra });
  if (trunk) return say(field, "trunk");
  return state === "whole" ? say(field, "whole") : "";
}

// Written only when it changes: a live region that is written twice is read twice.
function tell(field, words) {
  const place = field.querySelector("[data-phone-word]");
  place.dataset.help ??= place.textContent;
  const next = words || (analyse(field.querySelector("input").value).kind === "empty" ? place.dataset.help : "");
  if (place.textContent !== next) place.textContent = next;
}

function readBack(field, { state, read }) {
  const place = field.querySelector("[data-phone-read]");
  place.replaceChildren();
  if (!read || state === "long") return;
  const digits = Object.assign(document.createElement("strong"), { className: "digits", textContent: read });
  const aloud = Object.assign(document.createElement("span"), { className: "small", textContent: spoken(read, document.documentElement.lang) });
  place.append(digits, aloud);
}

async function judge(field, input, { state, kind, digits }) {
  const same = field.querySelector("[data-phone-same]");
  const question = (asked.get(field) ?? 0) + 1;
  asked.set(field, question);
  same.replaceChildren();
  const ready = state === "whole" || (kind === "abroad" && state === "open" && digits > 6);
  if (!field.dataset.checkUrl || !ready) return;
  await new Promise((wait) => setTimeout(wait, 300));
  if (asked.get(field) !== question) return;
  try {
    const url = new URL(field.dataset.checkUrl, location.href);
    url.searchParams.set("number", input.value);
    const verdict = JSON.parse(await fragment(url));
    if (asked.get(field) === question) judged(field, same, verdict);
  } catch {
    // Not being able to ask changes nothing: the form asks again when it is sent.
  }
}

function judged(field, same, verdict) {
  if (verdict.word) tell(field, verdict.word);
  field.querySelector("[data-phone-count]").dataset.state = verdict.whole ? "whole" : "short";
  if (!verdict.same?.length) return;
  same.append(say(field, "same"));
  for (const { name, url } of verdict.same) same.append(" ", Object.assign(document.createElement("a"), { href: url, textContent: name }));
}

function start(root) {
  for (const field of root.querySelectorAll?.("[data-phone]") ?? []) {
    const input = field.querySelector("input");
    if (input.value) look(field, input);
  }
}
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
start(document);
