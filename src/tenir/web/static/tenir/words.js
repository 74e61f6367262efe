// Words come from the server in the reader's language, as data-word-… attributes of what says them.

// say(element, "saved", {time: "10:42"}) reads data-word-saved and fills {time}.
export function say(element, name, values = {}) {
  const key = "word" + name.replace(/(^|-)(\w)/g, (_, __, letter) => letter.toUpperCase());
  const words = element.dataset[key] ?? "";
  return words.replace(/\{(\w+)\}/g, (whole, value) => (value in values ? String(values[value]) : whole));
}

// French counts 0 and 1 as one; English only 1. A count of zero is never said, so "less than two" serves both.
export const count = (element, n, name = "") => {
  const prefix = name ? `${name}-` : "";
  return say(element, prefix + (n < 2 ? "one" : "many"), { n });
};
