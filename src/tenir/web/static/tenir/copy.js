// data-copy="text" puts the text on the clipboard and says data-word-copied.
import { toast } from "./toast.js";
import { say } from "./words.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(say(button, "copied"));
  } catch {
    // Without a secure address the browser refuses: the text is selected instead, ready to be copied by hand.
    const shown = button.parentElement.querySelector("[data-copy-text]") ?? button;
    getSelection().selectAllChildren(shown);
  }
});
