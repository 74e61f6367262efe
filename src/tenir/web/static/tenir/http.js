// Requests of our own modules and of htmx carry the same proof that they come from this page.

export const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

export const post = (url, body, options = {}) =>
  fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch" }, ...options });

// `HX-Request` tells the server that a fragment is enough.
export const fragment = async (url, options = {}) => {
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, ...options });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
};

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrf();
});
