// Ready-made dates beside a date field: data-date, data-date-pick="2026-11-24".
document.addEventListener("click", (event) => {
  const pick = event.target.closest?.("[data-date-pick]");
  if (!pick) return;
  const input = pick.closest("[data-date]").querySelector("input");
  input.value = pick.dataset.datePick;
  input.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-date]");
  for (const pick of field?.querySelectorAll("[data-date-pick]") ?? []) pick.setAttribute("aria-pressed", String(pick.dataset.datePick === event.target.value));
});
