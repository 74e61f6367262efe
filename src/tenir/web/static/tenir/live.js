// News of the ledger, as they happen: events by their names, {name, case: "T-7K4H-W2R", lists: ["all", "owner:7", …], actor}.
// What on this page shows that case or one of those lists is fetched again. The browser resumes with Last-Event-ID by itself.
//
//   <body data-live-source="/live" data-live-names="case_opened message_received …">
//   data-live="case:<reference>" data-live-url="…"   a fragment made of elements with an id (a timeline, an aside)
//   data-live="list:<key>" data-live-url="…"         rows; new ones wait behind the pill when somebody is on the list
//
// Without the live route (a proxy that cuts it), everything is asked for again once a minute and when the window comes back.

import { fragment } from "./http.js";
import { become, newcomers, parse, remember, updateInPlace } from "./keyed.js";
import { count } from "./words.js";

const SOON = 250;
const POLL = 60_000;
const PATIENCE = 8_000;

const waiting = new Map();
const offline = document.getElementById("offline");
let connection = null;
let poll = null;
let sulking = null;

const parts = () => document.querySelectorAll("[data-live][data-live-url]");

function concerns(part, news) {
  const [kind, key] = part.dataset.live.split(/:(.*)/s);
  return kind === "case" ? news.case === key : (news.lists ?? []).includes(key);
}

function announce(news) {
  document.dispatchEvent(new CustomEvent("tenir:news", { detail: news }));
  for (const part of parts()) if (concerns(part, news)) refreshSoon(part);
}

// Several facts of one transaction are one refresh. While a refresh is on its way the next one waits for it, so that an
// older answer can never overwrite a newer one.
function refreshSoon(part) {
  const state = waiting.get(part) ?? { timer: null, busy: false, again: false };
  waiting.set(part, state);
  if (state.busy) {
    state.again = true;
    return;
  }
  state.timer ??= setTimeout(async () => {
    state.timer = null;
    state.busy = true;
    try {
      if (part.isConnected) await refresh(part);
    } catch {
      // The next piece of news, the poll or the return of the connection will ask again.
    }
    state.busy = false;
    const again = state.again;
    state.again = false;
    if (again) refreshSoon(part);
  }, SOON);
}

export async function refresh(part) {
  const rows = parse(await fragment(part.dataset.liveUrl));
  if (part.dataset.live.startsWith("list:")) mergeList(part, rows);
  else mergeCase(part, rows);
  part.dispatchEvent(new CustomEvent("tenir:refreshed", { bubbles: true }));
}

// A timeline grows at its end. Who was at the end stays there; who reads further up is not moved.
function mergeCase(part, rows) {
  const scroller = part.closest("[data-live-scroll]");
  const atEnd = scroller && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;
  become(part, rows);
  if (atEnd) scroller.scrollTop = scroller.scrollHeight;
}

const handIsOn = (list) => {
  const scroller = list.closest("[data-live-scroll]");
  return list.matches(":hover, :focus-within") || (scroller?.scrollTop ?? 0) > 8 || list.querySelector(":checked") !== null;
};

function mergeList(list, rows) {
  const pill = list.closest("[data-live-scroll]")?.querySelector("[data-live-pill]");
  const waitingRows = newcomers(list, rows);
  if (pill && waitingRows.length > 0 && list.children.length > 0 && handIsOn(list)) {
    updateInPlace(list, rows);
    pill.querySelector("span").textContent = count(list, waitingRows.length);
    pill.hidden = false;
    pill.rows = rows;
    return;
  }
  if (list.children.length > 0 && handIsOn(list)) updateInPlace(list, rows);
  else show(list, rows, pill);
}

function show(list, rows, pill) {
  become(list, rows);
  list.hidden = rows.length === 0;
  const empty = list.parentElement.querySelector("[data-live-empty]");
  if (empty) empty.hidden = rows.length > 0;
  if (pill) pill.hidden = true;
}

document.addEventListener("click", (event) => {
  const pill = event.target.closest?.("[data-live-pill]");
  if (!pill) return;
  const scroller = pill.closest("[data-live-scroll]");
  const list = scroller.querySelector("[data-live]");
  show(list, pill.rows ?? [], pill);
  scroller.scrollTop = 0;
  list.querySelector("a")?.focus({ preventScroll: true });
});

function refreshAll() {
  for (const part of parts()) refreshSoon(part);
}

function connect(url) {
  connection = new EventSource(url);
  connection.onopen = () => {
    clearTimeout(sulking);
    sulking = null;
    clearInterval(poll);
    poll = null;
    if (offline) offline.hidden = true;
  };
  const heard = (event) => announce(JSON.parse(event.data));
  for (const name of (document.body.dataset.liveNames ?? "").split(" ")) if (name) connection.addEventListener(name, heard);
  connection.onmessage = heard;
  // Too much was missed to be told one by one: everything shown may be old.
  connection.addEventListener("behind", refreshAll);
  connection.onerror = () => {
    // A short cut is nobody's business: the banner waits.
    sulking ??= setTimeout(() => {
      if (offline) offline.hidden = false;
    }, PATIENCE);
    poll ??= setInterval(refreshAll, POLL);
    // The browser retries by itself unless the answer was a refusal.
    if (connection.readyState === EventSource.CLOSED) setTimeout(() => connect(url), PATIENCE);
  };
}

for (const part of parts()) remember(part);
document.addEventListener("htmx:load", () => {
  for (const part of parts()) remember(part);
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && connection?.readyState !== EventSource.OPEN) refreshAll();
});

// A page taken back from the browser's memory may be hours old.
addEventListener("pageshow", (event) => {
  if (event.persisted) refreshAll();
});

const source = document.body.dataset.liveSource;
if (source) connect(source);
