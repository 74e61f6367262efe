// Who else is on this case: says every 15 seconds that we are here, reading or writing, and shows who else is.
// A hidden window says nothing: its owner is not there. Closing the page says so at once.

import { post } from "./http.js";
import { say } from "./words.js";

const EVERY = 15_000;
let lastTyped = -Infinity;

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-composer-text]")) lastTyped = Date.now();
});

async function tell() {
  const place = document.querySelector("[data-viewing]");
  if (!place || document.hidden) return;
  const body = new URLSearchParams(Date.now() - lastTyped < 2 * EVERY ? { writing: "1" } : {});
  try {
    const answer = await post(place.dataset.url, body);
    if (answer.ok) show(place, (await answer.json()).others);
  } catch {
    // Not being able to say that one is here is not worth a word; live.js tells when the desk does not answer.
  }
}

// Written only when something changed: a live region that is written again is read again.
function show(place, others) {
  const known = JSON.stringify(others);
  if (place.dataset.known === known) return;
  place.dataset.known = known;
  place.replaceChildren(...others.map(({ name, writing }) => {
    const one = document.getElementById("viewer-shape").content.firstElementChild.cloneNode(true);
    one.querySelector(".avatar").textContent = name.slice(0, 1).toUpperCase();
    one.append(say(place, writing ? "writing" : "here", { name }));
    return one;
  }));
}

addEventListener("pagehide", () => {
  const place = document.querySelector("[data-viewing]");
  if (place) post(place.dataset.url, new URLSearchParams({ leaving: "1" }), { keepalive: true }).catch(() => {});
});

if (document.querySelector("[data-viewing]")) tell();
setInterval(tell, EVERY);
document.addEventListener("visibilitychange", tell);
