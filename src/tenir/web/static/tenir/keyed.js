// Merging fresh rows into a list without moving what is under the hand: rows are told apart by id. A row that did not
// change is not touched; a row that somebody holds (focus, selection, open menu) waits until it is let go.

const before = new WeakMap();
const source = (row) => before.get(row) ?? row.outerHTML;

const isHeld = (row) =>
  row.contains(document.activeElement) || row.querySelector(":popover-open, :checked") !== null || holdsSelection(row);

function holdsSelection(row) {
  const chosen = getSelection();
  return chosen && !chosen.isCollapsed && row.contains(chosen.anchorNode);
}

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const rows = [...template.content.querySelectorAll("[id]")].filter((row) => !row.parentElement?.closest("[id]"));
  for (const row of rows) before.set(row, row.outerHTML);
  return rows;
}

// Remembers how the rows of the first page came from the server, before scripts and readers changed them.
export function remember(list) {
  for (const row of list.children) if (!before.has(row)) before.set(row, row.outerHTML);
}

export const newcomers = (list, rows) => rows.filter((row) => !list.querySelector(`:scope > #${CSS.escape(row.id)}`));

// Replaces, in their places, the rows that changed; marks those that are no longer in the list.
export function updateInPlace(list, rows) {
  const fresh = new Map(rows.map((row) => [row.id, row]));
  for (const old of [...list.children]) {
    const row = fresh.get(old.id);
    old.classList.toggle("is-gone", row === undefined && old.id !== "");
    if (row && source(old) !== source(row) && !isHeld(old)) swap(old, row);
  }
}

function swap(old, row) {
  if (old.hasAttribute("aria-current")) row.setAttribute("aria-current", old.getAttribute("aria-current"));
  old.replaceWith(row);
  window.htmx?.process(row);
}

// Makes the list what the server says, order included. Rows that are the same stay the same elements.
export function become(list, rows) {
  const old = new Map([...list.children].map((row) => [row.id, row]));
  const wanted = rows.map((row) => {
    const had = old.get(row.id);
    if (!had) return row;
    had.classList.remove("is-gone");
    if (source(had) === source(row) || isHeld(had)) return had;
    if (had.hasAttribute("aria-current")) row.setAttribute("aria-current", had.getAttribute("aria-current"));
    return row;
  });
  const kept = new Set(wanted);
  for (const row of old.values()) if (!kept.has(row) && !isHeld(row)) row.remove();
  // Moving an element makes it lose the focus: only those that are out of place are moved.
  wanted.forEach((row, place) => {
    if (list.children[place] === row) return;
    list.insertBefore(row, list.children[place] ?? null);
    window.htmx?.process(row);
  });
}
