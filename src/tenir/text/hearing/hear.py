"""Hearing a promise being made: which words of a reply bind the desk, to what, and by when.

What counts, and what does not, is written in docs/hearing.md; the words themselves are in the two languages' modules.
Here the clauses of one sentence are weighed together: a condition unmakes the promise that hangs on it, what somebody
else is told to have said is not said by the desk, and "I'll check and call you back by Friday" is one promise.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, tzinfo
from itertools import pairwise

from tenir.text.folding import fold_with_offsets
from tenir.text.hearing import english, english_words, french, french_words
from tenir.text.hearing.clauses import Act, Clause, Links, Reading, split
from tenir.text.hearing.dates import When, moments
from tenir.text.hearing.moments import Desk, MondayToFriday, Workdays
from tenir.text.hearing.sentences import Sentence, Token, sentences, tokens, without_quotes

_LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise of the desk: `text[start:end]` are the words that make it one.

    `kind` is callback, reply, delivery, sending, payment, visit, repair or generic; `what` is what is promised, in the
    words of the sentence. `due` is aware, in the desk's zone, never past; None when no usable date is said, and then
    `asks_for_date` is true. `counted` is "clock" (48 hours), "working days", "calendar" (a day, a month) or "".
    """

    start: int
    end: int
    words: str
    verb: str
    kind: str
    what: str
    due: datetime | None
    counted: str
    date_words: str
    firm: bool = True
    """Whether it binds by itself, in the future; a present ("it leaves today") binds only by its date."""

    @property
    def promise(self) -> bool:
        return True

    @property
    def asks_for_date(self) -> bool:
        return self.due is None

    @property
    def by_calendar(self) -> bool:
        """Whether it is counted in days of the calendar; "48 hours" are not."""
        return self.due is not None and self.counted != "clock"


@dataclass(frozen=True, slots=True)
class _Tongue:
    links: Links
    read: Callable[[Clause, Reading | None], Reading]
    asks: Callable[[list[str], list[str]], bool]
    customers: frozenset[str]
    receiving: frozenset[str]
    consent: frozenset[str]
    sure: frozenset[str]


_TONGUES = {
    "fr": _Tongue(
        french_words.LINKS,
        french.read,
        french.asks,
        french_words.CUSTOMERS,
        french_words.RECEIVING,
        french_words.CONSENT,
        french_words.SURE,
    ),
    "en": _Tongue(
        english_words.LINKS,
        english.read,
        english.asks,
        english_words.CUSTOMERS,
        english_words.RECEIVING,
        english_words.CONSENT,
        english_words.SURE,
    ),
}
_MODIFIERS = frozenset(("vous", "you", "then", "ensuite", "also", "aussi"))
_DETERMINERS = frozenset(("the", "a", "your", "le", "la", "les", "un", "une", "votre", "vos", "l'"))
_RESETS = frozenset(("but",))


def hear(
    text: str,
    *,
    language: str,
    at: datetime,
    zone: tzinfo,
    calendar: Workdays | None = None,
    opens: time = time(9),
    closes: time = time(18),
) -> list[Finding]:
    """The promises of the desk in a text in "fr" (or "en", as which any other is read), said `at` an aware instant.

    The rules of dates are those of `tenir.text.hearing.moments`; the desk's working day ends at `closes`. Raises
    ValueError for a naive `at`.
    """
    if at.tzinfo is None:
        raise ValueError("the instant at which something is said must be aware")
    desk = Desk(at, zone, calendar or MondayToFriday(), opens, closes)
    language = language if language in _TONGUES else "en"
    text = text[:_LONGEST]
    folded, offsets = fold_with_offsets(text)
    shown = without_quotes(folded)
    found: list[Finding] = []
    for sentence in sentences(shown):
        capitals = "".join(text[offsets[sentence.start + n]] for n in range(len(sentence.text)))
        found.extend(_finding(one, sentence, text, offsets) for one in _sentence(sentence, capitals, language, desk))
    return found


# --- One sentence ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Part:
    clause: Clause
    reading: Reading
    act: Act | None
    dropped: bool = False
    dependent: bool = False


@dataclass(frozen=True, slots=True)
class _Heard:
    act: Act
    when: When | None
    end: int


def _sentence(sentence: Sentence, written: str, language: str, desk: Desk) -> list[_Heard]:
    tongue = _TONGUES[language]
    whens = moments(sentence.text, language, desk)
    spans = [(one.start, one.end) for one in whens]
    clauses = list(split(tokens(sentence.text, language, spans, written), tongue.links))
    for clause, following in pairwise(clauses):
        clause.followed = following.link
    parts = _parts(clauses, tongue)
    if not any(part.act for part in parts):
        return []
    _weigh(parts, tongue)
    if sentence.question:
        _questioned(parts, tongue)
    heard = (_dated(part, part.act, whens) for part in parts if part.act is not None and not part.dropped)
    return _together([one for one in heard if one is not None])


def _parts(clauses: list[Clause], tongue: _Tongue) -> list[_Part]:
    """The clauses that have a verb, each with the adverbs and dates that stand beside it between commas."""
    parts: list[_Part] = []
    before: Reading | None = None
    waiting: list[_Part] = []
    for clause in clauses:
        _put_first(clause, parts, waiting)
        reading = tongue.read(clause, before)
        part = _Part(clause, reading, reading.act)
        if reading.verb or reading.theirs or clause.link in ("if", "when", "concede"):
            if clause.link == "that" and waiting and _unsure(waiting[-1].clause.words, tongue):
                part.act = None
            for one in waiting:
                _join(part, one)
            waiting = []
            parts.append(part)
            before = reading if reading.verb else before
        elif not _beside(parts, part):
            waiting.append(part)
    return _leftover(parts, waiting)


def _put_first(clause: Clause, parts: list[_Part], waiting: list[_Part]) -> None:
    """Gives "it is on Thursday that we …" and « demain, c'est moi qui … » the day that stands before them."""
    if clause.link == "that" and parts and _cleft(parts[-1].clause.words):
        clause.join(Clause([token for token in parts.pop().clause.tokens if token.text == "#"]))
        clause.link = ""
    elif clause.link == "who" and parts and parts[-1].act is None and _itself(parts[-1].clause.words):
        clause.join(Clause([token for token in parts[-1].clause.tokens if token.text == "#"]))
    elif clause.link == "that" and waiting and _cleft(waiting[-1].clause.words):
        clause.join(waiting.pop().clause)
        clause.link = ""


def _unsure(words: list[str], tongue: _Tongue) -> bool:
    """« Nul doute que … »: who says so is not the desk."""
    return words[0] not in _DETERMINERS and not tongue.sure & set(words)


def _beside(parts: list[_Part], part: _Part) -> bool:
    """Puts words without a verb to the clause before them, where they belong to it; whether they do."""
    clause = part.clause
    if not parts:
        return False
    if part.act and parts[-1].act is None and clause.comma and "#" in clause.words and not clause.link:
        parts.append(part)  # "File passed on today, answer within 5 days"
        return True
    if clause.link not in ("and", "or", "that", "who") and not _completes(parts[-1], part):
        return False
    again = _again(parts[-1], part)
    if again is not None:
        parts.append(again)
    else:
        _join(parts[-1], part)
    return True


def _cleft(words: list[str]) -> bool:
    """« C'est jeudi que … », "it is only on Tuesday that …": a way of saying when."""
    return (
        words[0] in ("c'", "ce", "it")
        and "#" in words
        and len(words) < 7
        and bool({"est", "is", "'s", "sera"} & set(words))
    )


def _itself(words: list[str]) -> bool:
    """« Demain, c'est moi qui … », "it's me who …", with the day before it."""
    return "#" in words and bool({"c'", "it"} & set(words)) and bool({"moi", "nous", "me", "us"} & set(words))


def _again(last: _Part, part: _Part) -> _Part | None:
    """ "I'll chase the courier today and update you tomorrow": the second verb has a day of its own."""
    act, clause = last.act, part.clause
    if act is None or part.reading.hedged or clause.link != "and" or "#" not in last.clause.words:
        return None
    first = next((token for token in clause.tokens if token.text != "#" and token.text not in _MODIFIERS), None)
    if first is None or "#" not in clause.words or first.text in ("a", "the", "le", "la"):
        return None
    other = Act(first.start, first.end, first.text, act.kind, needs_date=True)
    return _Part(clause, last.reading, other)


def _completes(last: _Part, part: _Part) -> bool:
    """Whether words between commas say more of what stands before them: when, for something that has no date yet."""
    return last.act is not None and "#" in part.clause.words and "#" not in last.clause.words


def _join(part: _Part, other: _Part) -> None:
    part.clause.join(other.clause)
    if other.reading.hedged:
        part.act = None
        part.reading = replace(part.reading, hedged=True)


def _leftover(parts: list[_Part], waiting: list[_Part]) -> list[_Part]:
    if parts:
        for one in waiting:
            _join(parts[-1], one)
        return parts
    titles = [one for one in waiting if one.act]
    if titles:
        for one in waiting:
            if one is not titles[0]:
                _join(titles[0], one)
    return titles[:1]


# --- What hangs on what ----------------------------------------------------------------------------------------------


def _weigh(parts: list[_Part], tongue: _Tongue) -> None:
    conditional = False
    for number, part in enumerate(parts):
        link, last = part.clause.link, parts[number - 1] if number else None
        if link == "if" and last is not None and tongue.asks(last.clause.words, part.clause.words):
            part.dropped = True
        elif link == "if" or (link == "when" and _theirs(part, tongue)):
            part.dropped = True
            conditional = _condition(parts, number) or conditional
        elif link == "when" and part.act is not None and part.act.start > part.clause.start:
            part.dependent = True  # "After the inspection we will send you the report"
        elif link == "when":
            part.dropped = True
            _depends(parts, number)
        elif link in ("until", "purpose", "concede", "as", "ask") or (
            link == "that" and last is not None and _hangs_badly(parts, number)
        ):
            part.dropped = True
        elif conditional:
            conditional = link not in _RESETS
            part.dropped = part.dropped or conditional


def _hangs_badly(parts: list[_Part], number: int) -> bool:
    """Whether what this clause hangs on is a hope, a report or dropped; two in a row hang on the same."""
    above = number - 1
    while above and parts[number].clause.coordinated and parts[above].clause.link == "that":
        above -= 1
    last = parts[above]
    return last.dropped or last.reading.hedged or last.reading.frame != "open"


def _theirs(part: _Part, tongue: _Tongue) -> bool:
    words = [*part.clause.lead, *part.clause.words]
    if part.act is not None and part.act.start > part.clause.start:
        words = [*part.clause.lead, *(one.text for one in part.clause.tokens if one.start < part.act.start)]
        return _in_their_hands(words, tongue)
    return part.reading.theirs or _in_their_hands(words, tongue)


def _in_their_hands(words: list[str], tongue: _Tongue) -> bool:
    """What waits for the customer's payment, papers or answer; not for "your parcel" to be found."""
    said = set(words)
    return bool(tongue.customers & said) or bool(tongue.receiving & said and {"votre", "vos", "your"} & said)


def _condition(parts: list[_Part], number: int) -> bool:
    """Unmakes what stands before a condition, or says that it unmakes what comes after."""
    part = parts[number]
    last = next((one for one in reversed(parts[:number]) if not one.dropped), None)
    if last is None or last.act is None or part.clause.coordinated:
        return True
    last.dropped = True
    return part.clause.comma


def _depends(parts: list[_Part], number: int) -> None:
    part = parts[number]
    last = parts[number - 1] if number else None
    if last is not None and last.act is not None and not part.clause.coordinated:
        last.dependent = True
    elif number + 1 < len(parts):
        parts[number + 1].dependent = True


def _questioned(parts: list[_Part], tongue: _Tongue) -> None:
    """A question promises nothing; but what is said before another question, behind a comma, is still said."""
    last = parts[-1]
    asked = last.reading.question and last.clause.comma and not tongue.consent & set(last.clause.words)
    for part in parts:
        part.dropped = part.dropped or not asked or part is last


# --- When ------------------------------------------------------------------------------------------------------------


def _dated(part: _Part, act: Act, whens: list[When]) -> _Heard | None:
    """The act with its day; None when it needs one and has none, or is only a habit."""
    mine = [whens[token.when] for token in _ours(part.clause) if token.when >= 0]
    usable = [one for one in mine if one.role == "due" and not (part.dependent and one.length)]
    usable = [one for one in usable if not act.start < one.start < act.spoken]
    after = [one for one in usable if one.start >= act.start]
    vague = next((one for one in mine if one.role == "vague"), None)
    when = after[0] if after else usable[-1] if usable else vague
    policy = act.policy and when is not None and (when.length or when.due is None)
    habit = any(one.role == "habit" for one in mine) and (act.needs_date or when is None)
    if policy or habit or (act.needs_date and when is None):
        return None
    return _Heard(act if when is not None else _whole(act, part.clause), when, part.clause.end)


def _whole(act: Act, clause: Clause) -> Act:
    """Without a day, the words of a short clause: "on vous tient au courant", not "on vous tient"."""
    last = next((token for token in reversed(clause.tokens) if token.text[0].isalnum()), clause.tokens[-1])
    return replace(act, end=max(act.end, last.end)) if len(clause.tokens) <= 14 else act


def _ours(clause: Clause) -> list[Token]:
    """Its words but for what the customer is to do: « un bon à nous renvoyer avant vendredi », "to return to us by"."""
    words = clause.words
    for at in range(1, len(words) - 1):
        if (words[at] == "nous" and words[at - 1] in ("a", "pour")) or words[at - 1 : at + 2] == ["for", "you", "to"]:
            return clause.tokens[:at]
    return clause.tokens


def _together(heard: list[_Heard]) -> list[_Heard]:
    """One promise out of "I'll check and call you back by Friday"; two out of two dates."""
    kept: list[_Heard] = []
    for one in heard:
        if kept and _same(kept[-1], one):
            last = kept[-1]
            dated = last if last.when and last.when.due else one
            act = replace(dated.act, start=last.act.start, end=max(last.act.end, one.act.end))
            kept[-1] = _Heard(act, dated.when or one.when, max(last.end, one.end))
        else:
            kept.append(one)
    return kept


def _same(last: _Heard, one: _Heard) -> bool:
    has, more = last.when is not None and last.when.due, one.when is not None and one.when.due
    if has and more:
        return False
    return not has or one.act.verb in ("tenir", "informer", "keep", "update")


def _finding(heard: _Heard, sentence: Sentence, text: str, offsets: list[int]) -> Finding:
    act, when = heard.act, heard.when
    start, end = act.start, act.end
    if when is not None:
        start, end = min(start, when.start), max(end, when.end)

    def place(position: int) -> int:
        return offsets[min(sentence.start + position, len(offsets) - 1)]

    first, last = place(start), place(end)
    date_words = text[place(when.start) : place(when.end)] if when is not None else ""
    what = text[place(act.start) : place(max(heard.end, act.end))]
    if date_words:
        what = what.replace(date_words, " ")
    return Finding(
        first,
        last,
        text[first:last],
        act.verb,
        act.kind,
        re.sub(r"\s+", " ", what).strip(" ,;:.!-")[:200],
        when.due if when is not None else None,
        when.counted if when is not None and when.due else "",
        date_words.strip(),
        not act.needs_date,
    )
