// What goes wrong with a passkey is said in words; a browser without passkeys is not offered any.
import "./dialog.js";
import "./copy.js";

const place = () => document.querySelector("[data-passkey-trouble]");

function say(word) {
  const trouble = place();
  if (!trouble) return;
  trouble.textContent = trouble.dataset[word];
  trouble.hidden = false;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const words = { NotAllowedError: "wordCancelled", AbortError: "wordCancelled", InvalidStateError: "wordKnown", SecurityError: "wordMissing" };
  say(words[event.detail.exception?.name] ?? "wordFailed");
});

if (!window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-passkey]")) button.disabled = true;
  if (document.querySelector("[data-passkey]")) say("wordMissing");
}
