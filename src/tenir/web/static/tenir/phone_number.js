// What a telephone number is while it is being typed: pure functions, no page. The server judges in the end; this is for
// seeing a slip while the caller is still on the line (A3, A4).

const CODES_OF_TWO = new Set(
  "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split(" "),
);
export const MOST_ABROAD = 15;

const codeOf = (digits) => {
  if (digits[0] === "1" || digits[0] === "7") return digits[0];
  return CODES_OF_TWO.has(digits.slice(0, 2)) ? digits.slice(0, 2) : digits.slice(0, 3);
};

// Pairs, as numbers are told in France; a lonely last digit joins the group before it when `join` is asked.
export function pairs(digits, { join = false } = {}) {
  const groups = digits.match(/..?/g) ?? [];
  if (join && groups.length > 1 && groups.at(-1).length === 1) groups.push(groups.splice(-2).join(""));
  return groups.join(" ");
}

const threes = (digits) => [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)].filter(Boolean).join(" ");

/**
 * kind: empty, french, abroad, or other (words in it, or no way to tell). state: empty, short, whole, long, start (a French
 * number begins with 0), open (abroad: only the server can say). digits and expected: "8 of 10"; expected is null abroad.
 * missing, extra: how many. shown: grouped, with what was typed in front. read: how it is read back. trunk: "+33 (0)6".
 */
export function analyse(typed) {
  const blank = { kind: "empty", state: "empty", digits: 0, expected: null, missing: 0, extra: 0, shown: typed, read: "", trunk: false };
  const text = typed.trim();
  if (!text) return blank;
  if (/[^\d\s+().\-/\u00a0\u202f]/.test(text) || text.lastIndexOf("+") > 0) return { ...blank, kind: "other", state: "open" };
  const digits = text.replace(/\D/g, "");
  if (text.startsWith("+")) return international("+", digits, /\(0\)/.test(text), blank);
  if (digits.startsWith("00")) return international("00 ", digits.slice(2), /\(0\)/.test(text), blank);
  if (/^33[1-9]\d{8}$/.test(digits)) return french("33 ", digits.slice(2), false, blank);
  if (!digits.startsWith("0")) return { ...blank, kind: "french", state: "start", digits: digits.length, expected: 10, shown: pairs(digits) };
  return french("", digits, false, blank);
}

function international(front, digits, bracketed, blank) {
  const code = codeOf(digits);
  let rest = digits.slice(code.length);
  if (code === "33") {
    const trunk = bracketed || rest.startsWith("0");
    if (trunk) rest = rest.replace(/^0/, "");
    return french(`${front}33 `, rest, trunk, blank);
  }
  const extra = Math.max(0, digits.length - MOST_ABROAD);
  const grouped = code === "1" ? threes(rest) : pairs(rest, { join: true });
  const shown = `${front}${code}${rest ? ` ${grouped}` : ""}`;
  return { ...blank, kind: "abroad", state: extra ? "long" : "open", digits: digits.length, extra, shown, read: rest ? `+${code} ${grouped}` : "" };
}

// `digits` with its leading 0, or without it behind a country code.
function french(front, digits, trunk, blank) {
  const expected = front ? 9 : 10;
  const missing = Math.max(0, expected - digits.length);
  const extra = Math.max(0, digits.length - expected);
  const national = front ? `0${digits}` : digits;
  const grouped = front ? [digits.slice(0, 1), pairs(digits.slice(1))].filter(Boolean).join(" ") : pairs(digits);
  const state = extra ? "long" : missing ? "short" : "whole";
  return { ...blank, kind: "french", state, digits: digits.length, expected, missing, extra, shown: `${front}${grouped}`.trim(), read: state === "whole" ? pairs(national) : "", trunk };
}

// Would one more digit be one too many?
export function isFull(typed) {
  const { kind, state, digits, extra } = analyse(typed);
  if (extra) return true;
  return kind === "abroad" ? digits >= MOST_ABROAD : state === "whole";
}

const UNITS = {
  fr: "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf".split(" "),
  en: "zero one two three four five six seven eight nine".split(" "),
};
const TENS = ["", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt", "quatre-vingt"];

function pairInFrench(pair) {
  const n = Number(pair);
  if (pair.length < 2 || pair[0] === "0") return [...pair].map((digit) => UNITS.fr[digit]).join(" ");
  if (n < 20) return UNITS.fr[n];
  const ten = Math.floor(n / 10);
  const unit = n - (ten === 7 || ten === 9 ? ten - 1 : ten) * 10;
  if (unit === 0) return ten === 8 ? "quatre-vingts" : TENS[ten];
  return `${TENS[ten]}${(unit === 1 || unit === 11) && ten < 8 ? " et " : "-"}${UNITS.fr[unit]}`;
}

// The number as it is said: by pairs in French, digit by digit in English. For reading back to the caller.
export function spoken(read, language) {
  const groups = read.replace("+", "").split(" ").filter(Boolean);
  const front = read.startsWith("+") ? "plus, " : "";
  const word = (group) => {
    if (language !== "fr") return [...group].map((digit) => UNITS.en[digit]).join(" ");
    return group.length > 2 ? `${[...group.slice(0, -2)].map((d) => UNITS.fr[d]).join(" ")} ${pairInFrench(group.slice(-2))}` : pairInFrench(group);
  };
  return front + groups.map(word).join(", ");
}
