// Menus are native popovers; this puts them beside their button (within the window) and lets the arrows walk in them.

const GAP = 6;

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLElement) || !("menu" in menu.dataset) || event.newState !== "open") return;
  const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]:is(:focus, :hover)`)
    ?? [...document.querySelectorAll(`[popovertarget="${CSS.escape(menu.id)}"]`)].find((one) => one.offsetParent !== null);
  if (!button) return;
  place(menu, button.getBoundingClientRect());
  menu.querySelector(".menu-item")?.focus({ preventScroll: true });
}, true);

function place(menu, beside) {
  const { innerWidth, innerHeight } = window;
  const width = menu.offsetWidth;
  const height = menu.offsetHeight;
  const below = innerHeight - beside.bottom - 2 * GAP;
  const above = beside.top - 2 * GAP;
  const up = height > below && above > below;
  // A button in the right half opens towards the left: its menu then covers what it is about, not its neighbour.
  const left = beside.left > innerWidth / 2 ? beside.right - width : beside.left;
  // Properties set by a module are not inline styles: the policy allows them.
  Object.assign(menu.style, {
    left: `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`,
    top: up ? `${Math.max(GAP, beside.top - GAP - Math.min(height, above))}px` : `${beside.bottom + GAP}px`,
    maxHeight: `${up ? above : below}px`,
  });
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("[data-menu]");
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  if (event.target.matches("input, textarea, select")) return;
  const items = [...menu.querySelectorAll(".menu-item")];
  const here = items.indexOf(document.activeElement);
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
  event.preventDefault();
  items[(next + items.length) % items.length]?.focus();
});

// A menu that did what it was asked (a dialog, the palette) steps aside.
document.addEventListener("click", (event) => {
  const item = event.target.closest?.("[data-menu] .menu-item");
  if (item && !item.matches("a")) item.closest("[popover]")?.hidePopover();
});
