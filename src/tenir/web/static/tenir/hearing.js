// Promises are heard while a reply is typed: underlined by a mirror behind the words, and offered below as promises that are
// filled in already. Alt-Enter notes the next one, Alt-Shift-Enter says that it is none. What was noted travels with the form.
// When the desk does not answer, nothing is underlined and the reply is written as ever.

import { post } from "./http.js";

const PAUSE = 400;
const waiting = new WeakMap();
const textOf = (list) => list.closest("form").querySelector("[data-composer-text]");
const listOf = (text) => text.form?.querySelector("[data-hearing]");
const keyOf = (list) => `tenir:heard:${list.dataset.hearing}`;

// What was decided of each sentence, until the window is closed: a reply that came back is offered as it was left.
function decided(list) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(list)) ?? "{}");
  } catch {
    return {};
  }
}

function decide(list, one, said) {
  const all = decided(list);
  if (said) all[one.dataset.heard] = { said, date: one.querySelector("[data-heard-date]")?.value };
  else delete all[one.dataset.heard];
  try {
    sessionStorage.setItem(keyOf(list), JSON.stringify(all));
  } catch {
    // A store that is full or forbidden: it holds for this page.
  }
}

async function hear(text) {
  const list = listOf(text);
  if (!list?.isConnected) return;
  waiting.get(text)?.stop?.abort();
  if (!text.value.trim()) {
    list.replaceChildren();
    mirror(text);
    return;
  }
  const stop = new AbortController();
  waiting.set(text, { stop });
  try {
    const body = new FormData();
    body.append("text", text.value);
    const answer = await post(list.dataset.hearing, body, { signal: stop.signal });
    if (!answer.ok) return;
    show(text, list, await answer.text());
  } catch {
    // Left alone: the next word asks again.
  }
}

function show(text, list, html) {
  const shape = document.createElement("template");
  shape.innerHTML = html;
  const known = decided(list);
  const held = new Map([...list.children].map((one) => [one.dataset.heard, one]));
  const rows = [];
  for (const one of [...shape.content.children]) {
    const key = one.dataset.heard;
    const before = known[key];
    if (before?.said === "no") continue;
    const had = held.get(key);
    if (had?.contains(document.activeElement)) {
      rows.push(had);
      continue;
    }
    const date = one.querySelector("[data-heard-date]");
    if (date && (before?.date ?? had?.querySelector("[data-heard-date]")?.value)) {
      date.value = before?.date ?? had.querySelector("[data-heard-date]").value;
      spell(date);
    }
    if (before?.said === "yes") keep(one, true);
    rows.push(one);
  }
  list.replaceChildren(...rows);
  mirror(text);
}

function keep(one, kept) {
  one.classList.toggle("is-kept", kept);
  for (const field of one.querySelectorAll("input[type=hidden]")) field.disabled = !kept;
  const date = one.querySelector("[data-heard-date]");
  // A date that nobody agreed to stays out of the form.
  if (date && kept) date.removeAttribute("form");
  else date?.setAttribute("form", "");
  if (date) date.readOnly = kept;
}

// The same words in the mirror, with lines under those that commit.
function mirror(text) {
  const place = text.parentElement.querySelector("[data-mirror]");
  if (!place) return;
  const parts = [];
  let from = 0;
  for (const one of listOf(text).querySelectorAll("[data-heard]")) {
    const at = text.value.indexOf(one.dataset.heard, from);
    if (at < 0) continue;
    const mark = document.createElement("mark");
    mark.textContent = one.dataset.heard;
    parts.push(text.value.slice(from, at), mark);
    from = at + one.dataset.heard.length;
  }
  parts.push(`${text.value.slice(from)}\n`);
  place.replaceChildren(...parts);
  place.scrollTop = text.scrollTop;
}

function answer(one, said) {
  const list = one.closest("[data-hearing]");
  const text = textOf(list);
  if (said === "yes") {
    const date = one.querySelector("[data-heard-date]");
    if (date && (!date.value || !date.checkValidity())) {
      date.focus();
      return;
    }
    keep(one, true);
  } else if (said === "no") one.remove();
  else keep(one, false);
  decide(list, one, said);
  mirror(text);
  text.focus();
}

function spell(date) {
  const full = date.closest(".heard").querySelector("[data-heard-full]");
  const moment = new Date(date.value);
  if (Number.isNaN(moment.getTime())) return;
  const shape = { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "numeric", minute: "2-digit", hour12: false };
  full.textContent = new Intl.DateTimeFormat(document.documentElement.lang, shape).format(moment);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-heard-date]")) {
    spell(event.target);
    return;
  }
  if (!event.target.matches?.("[data-composer-text]") || !listOf(event.target)) return;
  const text = event.target;
  mirror(text);
  clearTimeout(text.hearingSoon);
  text.hearingSoon = setTimeout(() => hear(text), PAUSE);
});

document.addEventListener("click", (event) => {
  const one = event.target.closest?.("[data-heard]");
  if (!one) return;
  if (event.target.closest("[data-heard-yes]")) answer(one, "yes");
  else if (event.target.closest("[data-heard-no]")) answer(one, "no");
  else if (event.target.closest("[data-heard-back]")) answer(one, "");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.altKey || event.ctrlKey || event.metaKey) return;
  const form = event.target.closest?.("form[data-draft-url]");
  const next = form?.querySelector(".heard:not(.is-kept)");
  if (!next) return;
  event.preventDefault();
  answer(next, event.shiftKey ? "no" : "yes");
});

document.addEventListener("scroll", (event) => {
  if (event.target.matches?.("[data-composer-text]")) mirror(event.target);
}, true);

// Signing out on a shared computer leaves no words behind.
document.addEventListener("submit", (event) => {
  if (event.target.matches?.("[data-forget]")) for (const key of Object.keys(sessionStorage)) if (key.startsWith("tenir:heard:")) sessionStorage.removeItem(key);
});

const start = (root) => {
  for (const list of root.querySelectorAll?.("[data-hearing]") ?? []) if (textOf(list).value.trim()) hear(textOf(list));
};
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
start(document);
