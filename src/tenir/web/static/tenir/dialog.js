// Native <dialog>: opened by data-dialog-open="id", closed by data-dialog-close, Escape, or a click beside it.
// The browser itself keeps the focus inside and gives it back afterwards.

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog-open]");
  if (opener) {
    opener.closest("[popover]")?.hidePopover();
    open(document.getElementById(opener.dataset.dialogOpen));
    return;
  }
  if (event.target.closest?.("[data-dialog-close]")) event.target.closest("dialog").close();
});

// A click whose press began inside (selecting text, dragging) does not close.
let pressedBeside = null;
document.addEventListener("pointerdown", (event) => {
  pressedBeside = event.target instanceof HTMLDialogElement ? event.target : null;
});
document.addEventListener("click", (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || dialog !== pressedBeside || !dialog.open) return;
  const box = dialog.getBoundingClientRect();
  const within = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!within) dialog.close();
});

export function open(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

// A dialog that the server sent (a form with errors, say) opens by itself.
const openArrivals = (root) => {
  for (const dialog of root.querySelectorAll?.("dialog[data-dialog-auto]:not([open])") ?? []) open(dialog);
};
document.addEventListener("htmx:load", (event) => openArrivals(event.detail.elt));
openArrivals(document);
