"""Plain text for a mail, as format=flowed (RFC 3676): wrapped for old programs, flowing in those that know."""

import re

_WIDTH = 72
_QUOTES = re.compile(r"(?:> ?)+")


def flow(text: str) -> list[str]:
    """The lines of one's own words: a line that ends with a space goes on in the next."""
    return [line for paragraph in text.split("\n") for line in _wrap(paragraph, "")]


def quote(text: str) -> list[str]:
    """The lines of somebody else's words, each one level deeper than it was."""
    lines = []
    for paragraph in text.split("\n"):
        before = _QUOTES.match(paragraph)
        depth = 1 + (before[0].count(">") if before else 0)
        lines += _wrap(paragraph[before.end() :] if before else paragraph, ">" * min(depth, 20))
    return lines


def _wrap(paragraph: str, prefix: str) -> list[str]:
    """One paragraph in lines: broken only at spaces, all but the last with a space at their end."""
    text, start, lines = paragraph.rstrip(" "), 0, []
    while len(text) - start > _WIDTH:
        cut = _cut(text, start)
        if cut < 0:
            break
        lines.append(text[start : cut + 1])
        start = cut + 1
    return [_stuffed(line, prefix) for line in [*lines, text[start:]]]


def _cut(text: str, start: int) -> int:
    """The last space that keeps the line short, else the first one after; -1 when there is none."""
    cut = text.rfind(" ", start + 1, start + _WIDTH)
    # A line of "-- " alone would begin a signature.
    return text.find(" ", start + _WIDTH) if cut < 0 or text[start : cut + 1] == "-- " else cut


def _stuffed(line: str, prefix: str) -> str:
    """Space-stuffing (RFC 3676 4.4): a line that could be read as a quote or a mailbox separator gets a space."""
    if prefix:
        return f"{prefix} {line}" if line else prefix
    return f" {line}" if line.startswith((" ", ">", "From ")) else line
