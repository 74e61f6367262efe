// Who will receive it, as chips with a way to take each off. What is typed becomes a chip with Enter, a comma, a semicolon or
// on leaving the field; only the server judges an address, so a strange one is kept and shown.

import { say } from "./words.js";

function add(input) {
  const line = input.closest("[data-recipients]");
  const typed = input.value.split(/[,;\s]+/).filter(Boolean);
  if (!typed.length) return;
  const known = [...line.querySelectorAll("datalist option")].map((option) => option.value.toLowerCase());
  for (const address of typed) if (!holds(line, address)) input.before(chip(line, address, known.includes(address.toLowerCase())));
  input.value = "";
  line.dispatchEvent(new CustomEvent("tenir:draft-changed", { bubbles: true }));
}

const holds = (line, address) =>
  [...line.querySelectorAll('input[type="hidden"]')].some((one) => one.value.toLowerCase() === address.toLowerCase());

function chip(line, address, known) {
  const one = line.querySelector("[data-recipient-shape]").content.firstElementChild.cloneNode(true);
  one.querySelector("span").textContent = known ? address : `${address} · ${say(line, "outside")}`;
  one.querySelector("input").value = address;
  one.querySelector("button").setAttribute("aria-label", say(line, "remove", { name: address }));
  one.classList.toggle("outside", !known);
  return one;
}

document.addEventListener("keydown", (event) => {
  const input = event.target.closest?.("[data-recipient-new]");
  if (!input) return;
  if (["Enter", ",", ";"].includes(event.key) && input.value.trim()) {
    event.preventDefault();
    add(input);
  } else if (event.key === "Enter") event.preventDefault();
  else if (event.key === "Backspace" && !input.value) input.previousElementSibling?.querySelector?.("[data-recipient-remove]")?.focus();
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("[data-recipient-new]")) add(event.target);
});
// An address taken from the list of those known is complete.
document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-recipient-new]") && event.inputType === "insertReplacementText") add(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-recipient-remove]");
  if (!button) return;
  const line = button.closest("[data-recipients]");
  button.closest("[data-recipient]").remove();
  line.querySelector("[data-recipient-new]").focus();
  line.dispatchEvent(new CustomEvent("tenir:draft-changed", { bubbles: true }));
});
