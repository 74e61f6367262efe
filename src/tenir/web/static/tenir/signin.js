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

// Such buttons come disabled: pressed before allauth's scripts listen, they would send an empty form.
document.addEventListener("DOMContentLoaded", () => {
  const buttons = document.querySelectorAll("[data-passkey]");
  if (window.PublicKeyCredential) for (const button of buttons) button.disabled = false;
  else if (buttons.length) say("wordMissing");
});
