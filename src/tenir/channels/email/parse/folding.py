"""What is new in a body, and what is folded away: history, forwarded words, signature, notices.

A body is a list of lines with the depth of their quotation and, for HTML, what the structure says of them. Each line
gets exactly one kind, so nothing can be lost: new text and folds are the same lines, in order, put in two piles.
Doubt is decided for "new": a signature shown once too often is a blemish, a sentence hidden is a wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby, islice

from tenir.channels.email.parse import phrases
from tenir.channels.email.parse.values import Fold, FoldKind

_WORD = re.compile(r"[^\W_]")
_MANY_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_SHORT_ANSWERS = frozenset(("oui", "non", "yes", "no", "ok", "merci", "thanks", "si", "exact"))


@dataclass(slots=True)
class Lines:
    """A body: its lines without quotation marks, their depth, and the mark of the HTML structure (or None)."""

    texts: list[str] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    marks: list[str | None] = field(default_factory=list)

    def add(self, text: str, depth: int = 0, mark: str | None = None) -> None:
        self.texts.append(text)
        self.depths.append(depth)
        self.marks.append(mark)

    def text(self) -> str:
        """All of it, quotation written with ">" as everywhere."""
        if not any(self.depths):
            return _tidy("\n".join(self.texts))
        lines = zip(self.texts, self.depths, strict=True)
        return _tidy("\n".join(f"{'>' * depth} {text}".rstrip() if depth else text for text, depth in lines))


_QUOTE = re.compile(r"(?:>[ \t]?){1,60}")


def from_plain(text: str, most: int) -> tuple[Lines, bool]:
    """Lines of a plain body; the flag tells that there were more than `most`, the rest being one last line."""
    lines = Lines()
    if text.count("\n") >= most:
        head = text.split("\n", most)
        rest, cut = head.pop(), True
    else:
        head, rest, cut = text.split("\n"), "", False
    if "\n>" not in text and not text.startswith(">"):
        count = len(head)
        lines = Lines(head, [0] * count, [None] * count)
    else:
        for line in head:
            match = _QUOTE.match(line) if line.startswith(">") else None
            if match and not line.startswith(">From "):
                lines.add(line[match.end() :], match[0].count(">"))
            else:
                lines.add(line[1:] if match else line)
    if cut:
        lines.add(rest)
    return lines, cut


@dataclass(frozen=True, slots=True)
class Folded:
    """New text and folds of one body."""

    new_text: str
    folds: tuple[Fold, ...]


def fold(lines: Lines, *, forward: bool = False, reply: bool = True, sender_name: str = "") -> Folded:
    """Sort the lines. `forward`: the subject says so; `reply`: the mail answers another one."""
    sorter = _Sorter(lines, forward, reply, phrases.flat(sender_name))
    sorter.structure()
    sorter.history()
    sorter.own_endings()
    sorter.show_forwarded()
    return sorter.piles()


class _Sorter:
    """One body being sorted; `kinds[i]` is None while line i is new."""

    def __init__(self, lines: Lines, forward: bool, reply: bool, sender_name: str) -> None:
        self.lines, self.forward, self.reply, self.sender = lines, forward, reply, sender_name
        self.count = len(lines.texts)
        self.flat = phrases.flat("\n".join(text if len(text) < 5_000 else "" for text in lines.texts)).split("\n")
        self.kinds: list[FoldKind | None] = [None] * self.count
        self.introduced = False  # other people's words were already found above
        self.seen = 0  # no line before this one is new
        self.headers: list[tuple[int, int]] = []  # spans of the header lines of forwarded words

    # -- what the HTML says --------------------------------------------------------------------------------------------

    def structure(self) -> None:
        quoted: FoldKind = "history"
        for i, mark in enumerate(self.lines.marks):
            if mark == "history":
                self.kinds[i] = quoted
            elif mark == "forwarded":
                self.kinds[i] = "forwarded"
            elif mark == "signature":
                self.kinds[i] = "signature"
            elif mark == "attribution" and _WORD.search(self.flat[i]):
                if phrases.separator(self.flat[i]) == "forwarded":
                    end = i + 1
                    while end < self.count and self.lines.marks[end] == "attribution":
                        end += 1
                    self._tail(i, end, "forwarded")
                    return
                self.kinds[i] = "history"
        if self.forward and not self.reply:
            self.kinds = ["forwarded" if kind == "history" else kind for kind in self.kinds]

    # -- other people's words ------------------------------------------------------------------------------------------

    def history(self) -> None:
        i, quoted = 0, self._quoted_kind()
        self.introduced = any(kind in ("history", "forwarded") for kind in self.kinds)
        while i < self.count:
            if self.kinds[i] is not None:
                i += 1
            elif self.lines.depths[i]:
                if self._own_arrows(i):
                    i = self._after_quoted(i)
                    continue
                if phrases.separator(self.flat[i]) == "forwarded" and not self._has_new(i):
                    quoted = "forwarded"
                self.kinds[i] = quoted
                self.introduced = True
                i += 1
            else:
                following = self._unquoted(i)
                self.introduced = self.introduced or self.kinds[i] is not None
                i = following
        self._mend_wrapped_quotes()

    def _own_arrows(self, i: int) -> bool:
        """In a mail that answers nothing, ">" without any introduction is the person's own way to make a list."""
        if self.reply or self.forward or self.lines.depths[i] > 1 or self.introduced:
            return False
        block = [self.flat[k].strip() for k in range(i, min(self._after_quoted(i), i + 8))]
        return len(block) < 8 and not any(
            phrases.label(line) or phrases.separator(line) or phrases.attribution(line) for line in block
        )

    def _after_quoted(self, i: int) -> int:
        while i < self.count and self.lines.depths[i] and self.kinds[i] is None:
            i += 1
        return i

    def _quoted_kind(self) -> FoldKind:
        return "forwarded" if self.forward and not self.reply else "history"

    def _unquoted(self, i: int) -> int:
        """Line i is not quoted: does a quotation start here? Where to go on."""
        line = self.flat[i]
        if not line or line.isspace():
            return i + 1
        kind = phrases.separator(line)
        if kind:
            found = self._header_block(i + 1, after_separator=True)
            return self._tail(i, found or i + 1, kind)
        named = phrases.label(line) if ":" in line[:30] else None
        if named and named[0] in ("from", "subject", "sent", "date"):
            end = self._header_block(i, after_separator=False)
            if end:
                return self._tail(i, end, self._kind_of_block(i))
        if phrases.may_end_attribution(line):
            return self._attribution(i)
        return i + 1

    def _kind_of_block(self, i: int) -> str:
        return "forwarded" if self.forward or not (self.reply or self._has_new(i)) else "history"

    def _attribution(self, i: int) -> int:
        start = i
        for back in range(5):
            if back:
                start = i - back
                if start < 0 or self.kinds[start] or self.lines.depths[start] or not self.flat[start].strip():
                    break
            certainty = phrases.attribution(" ".join(x.strip() for x in self.flat[start : i + 1]))
            if certainty == "sure" and self._begins_here(start):
                return self._introduced(start, i + 1)
        following = self._next_word(i + 1)
        quoted = following < self.count and self.lines.depths[following] > 0
        if quoted and phrases.attribution(self.flat[i]) == "quoted":
            self.kinds[i] = "history"
        return i + 1

    def _begins_here(self, start: int) -> bool:
        """A wrapped attribution starts with its date: take the line above too when this one has no beginning."""
        text = self.flat[start].strip()
        return bool(text) and (
            phrases.starts_attribution(text)
            or start == 0
            or not self.flat[start - 1].strip()
            or self.kinds[start - 1] is not None
            or self.lines.depths[start - 1] > 0
            or not phrases.starts_attribution(self.flat[start - 1].strip())
        )

    def _introduced(self, start: int, end: int) -> int:
        following = self._next_word(end)
        if following < self.count and not self.lines.depths[following]:
            block = self._header_block(following, after_separator=True)
            if block:
                end = block
            return self._tail(start, end, "history")
        for k in range(start, end):
            self.kinds[k] = "history"
        return end

    def _header_block(self, i: int, *, after_separator: bool) -> int | None:
        """The end of a block of "From: … Sent: …" lines that starts at line i or after blanks; None if there is"
        " none."""
        seen: set[str] = set()
        values: list[str] = []
        end, blanks, strangers, last = None, 0, 0, ""
        for k in range(i, min(self.count, i + 30)):
            line = self.flat[k]
            if not line.strip():
                blanks += 1
                # One blank between two header lines is what becomes of a paragraph each.
                if (seen and (blanks > 1 or not self._labelled_after(k))) or blanks > 2:
                    break
                continue
            named = phrases.label(line)
            if named and named[0] in ("from", "subject") and named[0] in seen:
                break  # another header begins
            if named and (seen or after_separator or named[0] != "other"):
                seen.add(named[0])
                values.append(named[1])
                last, blanks, strangers, end = named[0], 0, 0, k + 1
            elif seen and not blanks and strangers < 3 and (last in ("to", "other") or line[:1] in " \t<;"):
                strangers += 1
                wrapped = "@" in line or ";" in line or line[:1] in " \t<" or line.rstrip().endswith((",", ">"))
                if not wrapped:
                    break
                end = k + 1
            else:
                break
        if end is None or not self._believable(seen, values, after_separator):
            return None
        return end

    def _labelled_after(self, k: int) -> bool:
        return k + 1 < self.count and phrases.label(self.flat[k + 1]) is not None

    @staticmethod
    def _believable(seen: set[str], values: list[str], after_separator: bool) -> bool:
        """A traveller also writes "De : Paris, À : Lyon, Date : …", and a web form "From: …, Subject: …"."""
        addressed = any("@" in value for value in values)
        if after_separator:
            return bool(seen & {"from", "sent", "date", "to", "subject"})
        if "from" not in seen:
            return False
        if "sent" in seen:
            return bool(seen & {"to", "subject"}) or addressed
        if "date" in seen:
            return "subject" in seen or addressed
        return {"to", "subject"} <= seen and addressed

    def _tail(self, start: int, end: int, kind: str) -> int:
        """From `start` another person's words begin, `end` being after their header lines."""
        fold: FoldKind = "forwarded" if kind == "forwarded" or (self.forward and not self.reply) else "history"
        while start > 0 and self._is_rule_above(start):
            start -= 1
        following = self._next_word(end)
        quoted = following < self.count and self.lines.depths[following] > 0
        stop = end if quoted and fold == "history" else self.count
        for k in range(start, stop):
            if self.kinds[k] is None:
                self.kinds[k] = fold
        if fold == "forwarded":
            self.headers.append((start, end))
        return stop

    def _is_rule_above(self, start: int) -> bool:
        above = self.flat[start - 1].strip()
        if self.kinds[start - 1] is not None or self.lines.depths[start - 1]:
            return False
        if above:
            return phrases.ruler(above)
        return start >= 2 and self.kinds[start - 2] is None and phrases.ruler(self.flat[start - 2].strip())

    def _mend_wrapped_quotes(self) -> None:
        """A quoted line that a program broke leaves its last words alone, unquoted: they are still quoted words."""
        texts, depths = self.lines.texts, self.lines.depths
        for i in range(1, self.count - 1):
            if self.kinds[i] is not None or not depths[i - 1] or not depths[i + 1]:
                continue
            before, alone = texts[i - 1].rstrip(), texts[i].strip()
            if (
                len(before) >= 68
                and alone[:1].islower()
                and len(alone) < 30
                and before[-1] not in ".?!:;"
                and alone.strip(" .,!").lower() not in _SHORT_ANSWERS
                and texts[i + 1].strip()
            ):
                self.kinds[i] = "history"

    # -- the person's own endings --------------------------------------------------------------------------------------

    def own_endings(self) -> None:
        """Signatures and notices, in each run of new lines."""
        i = 0
        while i < self.count:
            if self.kinds[i] is not None:
                i += 1
                continue
            end = i
            while end < self.count and self.kinds[end] is None:
                end += 1
            self._region(i, end)
            i = end

    def _region(self, start: int, end: int) -> None:
        end = self._without_last_ruler(start, end)
        self._notices(start, end)
        for i in range(start, end):
            if self.kinds[i] is None and self.flat[i] and phrases.sent_from(self.flat[i]):
                self._set(i, i + 1, "signature")
                if i + 1 < end and phrases.brevity(self.flat[i + 1]):
                    self._set(i + 1, i + 2, "signature")
        self._after_dashes(start, end)
        self._business_card(start, self._last_new(start, end))

    def _without_last_ruler(self, start: int, end: int) -> int:
        """The ruler that programs draw above a quotation belongs to it."""
        last = self._last_new(start, end)
        if end < self.count and last > start and phrases.ruler(self.flat[last - 1].strip()):
            self._set(last - 1, end, self.kinds[end] or "history")
            return last - 1
        return end

    def _notices(self, start: int, end: int) -> None:
        after = False
        for first, last in self._paragraphs(start, end):
            text = "\n".join(self.flat[first:last])
            if phrases.notice(text, after_notice=after):
                self._set(*self._notice_only(first, last), "disclaimer")
                after = True
            elif after and last - first == 1 and phrases.ruler(self.flat[first].strip()):
                self._set(first, last, "disclaimer")
            elif _WORD.search(text):
                after = False
        for i in range(start + 1, end):
            if self.kinds[i] == "disclaimer" and self.kinds[i - 1] is None:
                above = i - 1
                while above > start and not self.flat[above].strip():
                    above -= 1
                if self.kinds[above] is None and phrases.ruler(self.flat[above].strip()):
                    self._set(above, i, "disclaimer")

    def _notice_only(self, first: int, last: int) -> tuple[int, int]:
        """The lines of a paragraph that are the notice: what a person wrote right above or below it is not."""
        while first + 1 < last and not phrases.notice_words(self.flat[first]):
            first += 1
        if not self._has_new(first):  # a banner, on top of what the person wrote
            while last - 1 > first and not phrases.notice_words(self.flat[last - 1]):
                last -= 1
        return first, last

    def _paragraphs(self, start: int, end: int) -> list[tuple[int, int]]:
        found, first = [], None
        for i in range(start, end):
            blank = not self.flat[i].strip() and not self.lines.texts[i].strip()
            if self.kinds[i] is not None or blank or phrases.ruler(self.flat[i].strip()):
                if first is not None:
                    found.append((first, i))
                    first = None
                if not blank and self.kinds[i] is None:
                    found.append((i, i + 1))
            elif first is None:
                first = i
        if first is not None:
            found.append((first, end))
        return found

    def _after_dashes(self, start: int, end: int) -> None:
        """Below "-- " stands the signature; below dashes that only look like it, what looks like a signature."""
        for i in range(start, end):
            line = self.lines.texts[i]
            if self.kinds[i] is not None or line[:2] not in ("--", "—", "__") or len(line.strip()) > 3:
                continue
            below = (k for k in range(i + 1, end) if self.kinds[k] is None and self.flat[k].strip())
            rest = [self.flat[k] for k in islice(below, 15)]  # no signature is longer; no need to see all
            if not rest:
                self._set(i, i + 1, "signature")
            elif line == "-- " or self._like_a_signature(rest, exact=line.strip() in ("--", "—", "__")):
                self._set(i, end, "signature")
                return

    def _like_a_signature(self, lines: list[str], *, exact: bool) -> bool:
        if len(lines) > (14 if exact else 7):
            return False
        if exact:
            return sum(len(line.split()) > 14 for line in lines) <= 2
        plain = not any(self._is_prose(line) or phrases.matter_line(line) for line in lines)
        return plain and (any(map(phrases.contact_line, lines)) or self._is_sender(lines[0]))

    def _last_new(self, start: int, end: int) -> int:
        """The end of the new lines of this run: before trailing blanks and what is already folded."""
        while end > start and (self.kinds[end - 1] is not None or not self.lines.texts[end - 1].strip()):
            end -= 1
        return end

    def _business_card(self, start: int, end: int) -> None:
        """Name, post, company, telephone at the end: below a closing formula, or a paragraph of its own."""
        first = self._card_start(start, end)
        if first is None:
            return
        card = [k for k in range(first, end) if self.kinds[k] is None and self.flat[k].strip()]
        if not card or len(card) > 14:
            return
        lines = [self.flat[k].strip() for k in card]
        contacts = [line for line in lines if phrases.contact_line(line)]
        jobs = [line for line in lines if phrases.job_line(line)]
        if any(phrases.matter_line(line) or self._is_prose(line) for line in lines):
            return
        signed = first > start and self._signed_above(first)
        if contacts and (signed or jobs or len(contacts) >= 2 or self._is_sender(lines[0])):
            if not self._announced(start, first):
                self._set(first, end, "signature")
        elif signed and jobs and len(lines) >= 2:
            self._set(first, end, "signature")

    def _card_start(self, start: int, end: int) -> int | None:
        for i in range(end - 1, max(start - 1, end - 20), -1):
            if self.kinds[i] is None and phrases.sign_off(self.flat[i]):
                return i + 1 if i + 1 < end else None
        i = end
        while i > start and (self.kinds[i - 1] is not None or self.flat[i - 1].strip()):
            i -= 1
        if i <= start or end - i < 2 or not self._has_new(i):
            return None  # the whole of what is new is one paragraph: it is the message
        return i

    def _signed_above(self, first: int) -> bool:
        above = first - 1
        while above > 0 and not self.flat[above].strip():
            above -= 1
        return phrases.sign_off(self.flat[above])

    def _is_sender(self, line: str) -> bool:
        words = set(re.findall(r"\w{2,}", self.sender))
        return bool(words) and words <= set(re.findall(r"\w{2,}", line))

    @staticmethod
    def _is_prose(line: str) -> bool:
        """A sentence: many words, or an end that only sentences have."""
        count = len(line.split())
        if phrases.contact_line(line) and count <= 12:
            return line.endswith("?")
        return count > 12 or line.endswith(("?", ":")) or (count > 6 and line.endswith((".", "!")))

    def _announced(self, start: int, first: int) -> bool:
        """ "Here is my new address:" makes what looks like a business card the very matter."""
        above = first - 1
        while above >= start and not self.flat[above].strip():
            above -= 1
        return above >= start and self.flat[above].rstrip().endswith(":")

    # -- together ------------------------------------------------------------------------------------------------------

    def show_forwarded(self) -> None:
        """Nothing was written above forwarded words: they are the matter, and only their header stays folded."""
        if self._has_new(self.count):
            return
        if "forwarded" in self.kinds:
            self._unfold_forwarded()
        elif "signature" in self.lines.marks:
            # Some people type inside what their program holds for the signature.
            for i, mark in enumerate(self.lines.marks):
                if mark == "signature":
                    self.kinds[i] = None
            self.seen = 0
            marked, self.lines.marks = self.lines.marks, [None] * self.count
            self.own_endings()
            self.lines.marks = marked

    def _unfold_forwarded(self) -> None:
        first = self.kinds.index("forwarded")
        if not self.headers:
            while first + 1 < self.count and not _WORD.search(self.flat[first]):
                first += 1
            block = self._header_block(first, after_separator=True)
            if block is None and phrases.separator(self.flat[first]):
                block = self._header_block(first + 1, after_separator=True) or first + 1
            self.headers.append((first, block or first))
        _, end = self.headers[0]
        body = [k for k in range(end, self.count) if self.kinds[k] == "forwarded"]
        if any(_WORD.search(self.flat[k] or self.lines.texts[k]) for k in body):
            for k in body:
                self.kinds[k] = None

    def _next_word(self, i: int) -> int:
        while i < self.count and not _WORD.search(self.lines.texts[i]):
            i += 1
        return i

    def _has_new(self, end: int) -> bool:
        """Did the person write a word of their own before line `end`? Lines only ever leave "new": never look"
        " back."""
        while self.seen < self.count and not (
            self.kinds[self.seen] is None
            and not self.lines.depths[self.seen]
            and _WORD.search(self.lines.texts[self.seen])
        ):
            self.seen += 1
        return self.seen < end

    def _set(self, start: int, end: int, kind: FoldKind) -> None:
        for k in range(start, end):
            if self.kinds[k] is None:
                self.kinds[k] = kind

    def piles(self) -> Folded:
        texts, depths = self.lines.texts, self.lines.depths
        self._blank_lines_follow()
        folds: list[Fold] = []
        new: list[str] = []
        for kind, group in groupby(range(self.count), key=lambda k: self.kinds[k]):
            span = list(group)
            if kind is None:
                new.append("\n".join("> " * depths[k] + texts[k] for k in span))
                continue
            least = min((depths[k] for k in span if depths[k]), default=0)
            text = _tidy("\n".join("> " * max(depths[k] - least, 0) + texts[k] for k in span))
            if text:
                folds.append(Fold(kind, text))
        return Folded(_tidy("\n\n".join(part for part in map(_tidy, new) if part)), tuple(folds))

    def _blank_lines_follow(self) -> None:
        """A blank line between two folded lines of a kind is folded with them, so that a fold stays in one piece."""
        for k in range(1, self.count):
            if self.kinds[k] is None and not self.lines.texts[k].strip():
                self.kinds[k] = self.kinds[k - 1]


def _tidy(text: str) -> str:
    lines = text.strip("\n").rstrip()
    if not lines[:1].isspace() and "\n\n\n" not in text and "\n \n" not in text:
        return lines
    return _MANY_BLANK_LINES.sub("\n\n", lines).strip("\n")
