// Short news at the bottom of the page, read out politely. What offers an action stays until it is closed.

const SECONDS = 8;

export function toast(words) {
  const place = document.getElementById("toasts");
  const shape = document.getElementById("toast-shape");
  if (!place || !shape) return;
  const one = shape.content.firstElementChild.cloneNode(true);
  one.querySelector("[data-toast-words]").textContent = words;
  place.append(one);
  leaveAfterAWhile(one);
}

// Somebody who is reading it (pointer or focus on it) keeps it.
function leaveAfterAWhile(one) {
  if ("stays" in one.dataset) return;
  setTimeout(function leave() {
    if (one.matches(":hover, :focus-within")) setTimeout(leave, 1000);
    else one.remove();
  }, SECONDS * 1000);
}

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-toast-close]")?.closest("[data-toast]").remove();
});

// A request that failed says so and changes nothing on the screen: the typed words are still there.
document.addEventListener("htmx:responseError", (event) => {
  const place = document.getElementById("toasts");
  toast(place.dataset[event.detail.xhr.status === 403 || event.detail.xhr.status === 404 ? "wordRefused" : "wordFailed"]);
});
document.addEventListener("htmx:sendError", () => toast(document.getElementById("toasts").dataset.wordUnreachable));

for (const one of document.querySelectorAll("#toasts > [data-toast]")) leaveAfterAWhile(one);
