// Through the browser's own editing, so that Ctrl-Z undoes it like everything else.
export function replace(text, start, end, words) {
  text.focus();
  text.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, words)) text.setRangeText(words, start, end, "end");
}
