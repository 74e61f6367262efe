// Words are saved as they are typed. When the desk does not answer they are kept on this computer, and given back when the
// page is opened again. A form has data-draft-url; the answer is JSON {saved_at: an ISO moment}.

import { post } from "./http.js";
import { say } from "./words.js";

const PAUSE = 800;
const AGAIN = 10_000;
const KEPT = "tenir:kept:";
const states = new WeakMap();

const hour = (iso) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(iso));
const textOf = (form) => form.querySelector("[data-composer-text]");
const keyOf = (form) => KEPT + form.dataset.draftUrl;
const tell = (form, words) => {
  const place = form.closest("[data-composer]")?.querySelector("[data-composer-state]");
  if (place && place.textContent !== words) place.textContent = words;
};

function stateOf(form) {
  if (!states.has(form)) states.set(form, { timer: null, sending: null, wanted: false });
  return states.get(form);
}

function saveSoon(form, after = PAUSE) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(form), after);
}

// One saving at a time, the last words win. Resolves to whether the desk has them.
export async function save(form) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  if (state.sending) {
    state.wanted = true;
    return state.sending;
  }
  state.sending = attempt(form);
  const done = await state.sending;
  state.sending = null;
  if (state.wanted) {
    state.wanted = false;
    return save(form);
  }
  return done;
}

async function attempt(form) {
  if (!form.isConnected || !form.dataset.draftUrl) return true;
  const body = new FormData(form);
  const words = body.get("text");
  try {
    const answer = await post(form.dataset.draftUrl, body, { signal: AbortSignal.timeout(15_000) });
    if (!answer.ok) throw new Error(String(answer.status));
    const { saved_at: at } = await answer.json();
    localStorage.removeItem(keyOf(form));
    tell(form, say(form, "saved", { time: hour(at) }));
    return true;
  } catch {
    keep(form, words);
    saveSoon(form, AGAIN);
    return false;
  }
}

function keep(form, words) {
  try {
    if (words) localStorage.setItem(keyOf(form), JSON.stringify({ words }));
    tell(form, say(form, "kept"));
  } catch {
    // The browser's own store may be full or forbidden: the words are still in the field.
  }
}

function restore(form) {
  const found = localStorage.getItem(keyOf(form));
  if (!found) return;
  const text = textOf(form);
  const { words } = JSON.parse(found);
  if (words === text.value || text.value.includes(words)) {
    localStorage.removeItem(keyOf(form));
    return;
  }
  // What another window saved meanwhile comes first and is not overwritten.
  text.value = text.value ? `${text.value}\n\n${words}` : words;
  tell(form, say(form, "restored"));
  saveSoon(form);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft-url]");
  if (form && event.target === textOf(form)) saveSoon(form);
});
// Recipients and files belong to the draft too.
document.addEventListener("tenir:draft-changed", (event) => {
  const form = event.target.closest?.("form[data-draft-url]");
  if (form) saveSoon(form, 0);
});

// What was sent needs no draft: nothing that is still on its way may write it again.
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest?.("form[data-draft-url]");
  if (form && event.target === form) clearTimeout(stateOf(form).timer);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-draft-url]");
  if (!form || event.target !== form) return;
  if (event.detail.successful) localStorage.removeItem(keyOf(form));
  else keep(form, textOf(form).value);
});

// Leaving the page before the pause is over: the last words are still sent (64 KiB at most, more stays on this computer).
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-draft-url]")) {
    if (!stateOf(form).timer || textOf(form).value === textOf(form).defaultValue) continue;
    keep(form, textOf(form).value);
    post(form.dataset.draftUrl, new FormData(form), { keepalive: true }).catch(() => {});
  }
});

// Signing out on a shared computer leaves no words behind, once the desk has them.
document.addEventListener("submit", async (event) => {
  const out = event.target;
  if (!out.matches?.("[data-forget]")) return;
  event.preventDefault();
  const forms = [...document.querySelectorAll("form[data-draft-url]")].filter((form) => stateOf(form).timer);
  const done = await Promise.all(forms.map(save));
  if (done.every(Boolean)) for (const key of Object.keys(localStorage)) if (key.startsWith(KEPT)) localStorage.removeItem(key);
  out.submit();
});

const start = (root) => {
  for (const form of root.querySelectorAll?.("form[data-draft-url]") ?? []) restore(form);
};
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
start(document);
