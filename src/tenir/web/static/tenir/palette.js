// Ctrl/⌘-K: the server finds, this only asks, walks and opens.

import { fragment } from "./http.js";
import { open } from "./dialog.js";
import { count, say } from "./words.js";

const palette = document.querySelector("[data-palette]");

if (palette) {
  const input = palette.querySelector("input");
  const results = palette.querySelector("[data-palette-results]");
  const spoken = palette.querySelector("[data-palette-count]");
  let asked = 0;
  let timer = null;

  const options = () => [...results.querySelectorAll('[role="option"]')];
  const chosen = () => results.querySelector('[aria-selected="true"]');

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };

  // Answers may overtake one another: only that of the last question is shown.
  const ask = async () => {
    const question = ++asked;
    try {
      const url = new URL(palette.dataset.url, location.href);
      url.searchParams.set("q", input.value);
      const html = await fragment(url);
      if (question !== asked) return;
      results.innerHTML = html;
    } catch {
      if (question === asked) results.replaceChildren();
    }
    const found = options();
    choose(found[0]);
    spoken.textContent = found.length ? count(spoken, found.length) : say(spoken, "none");
  };

  const show = () => {
    document.querySelector("[popover]:popover-open")?.hidePopover();
    open(palette);
    input.select();
    ask();
  };

  const go = (option, aside) => {
    if ("post" in option.dataset) {
      const form = Object.assign(document.createElement("form"), { method: "post", action: option.href, hidden: true });
      form.append(Object.assign(document.createElement("input"), { name: "csrfmiddlewaretoken", value: document.querySelector('meta[name="csrf-token"]').content }));
      document.body.append(form);
      form.submit();
    } else if (aside) window.open(option.href, "_blank", "noopener");
    else {
      palette.close();
      location.assign(option.href);
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    const found = options();
    const here = found.indexOf(chosen());
    if (event.key === "ArrowDown") choose(found[(here + 1) % found.length]);
    else if (event.key === "ArrowUp") choose(found[(here - 1 + found.length) % found.length]);
    else if (event.key === "Enter" && chosen()) go(chosen(), event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  });
  results.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option && "post" in option.dataset) {
      event.preventDefault();
      go(option, false);
    }
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      show();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-palette-open]")) show();
  });
}
