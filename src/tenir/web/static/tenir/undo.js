// A held reply: the sentence stands still (no countdown). When its time is over, the button goes and the sentence says so.

import { say } from "./words.js";

const known = new WeakSet();

function watch(root) {
  for (const hold of root.querySelectorAll?.("[data-hold]") ?? []) {
    if (known.has(hold)) continue;
    known.add(hold);
    setTimeout(() => {
      const button = hold.querySelector("[data-undo]");
      // Somebody about to press it must not lose the focus into nothing.
      if (button === document.activeElement) hold.closest("[id]")?.querySelector("a")?.focus({ preventScroll: true });
      button?.remove();
      hold.querySelector("[data-hold-words]").textContent = say(hold, "gone");
    }, Number(hold.dataset.seconds) * 1000);
  }
}

new MutationObserver(() => watch(document)).observe(document.body, { childList: true, subtree: true });
watch(document);
