"""The moments that a sentence names, each resolved to an instant of the desk.

Pieces that stand together are one moment ("jeudi matin, entre 8 h et 10 h"). What is only the attribute of a thing
("votre courrier du 12", "your letter of 3 May"), a beginning ("depuis lundi") or the past is no day on which something
is due.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tenir.text.hearing import dates_en, dates_fr
from tenir.text.hearing.moments import (
    Calendar,
    Clock,
    Day,
    Desk,
    Hour,
    Length,
    Offset,
    Part,
    Period,
    Weekday,
    WeekOf,
    after,
    day_of,
    hour_of,
)
from tenir.text.hearing.pieces import HABIT, PAST, VAGUE, Other, Pattern, Piece, find

_DAYS = (Weekday, Calendar, Offset, Period, WeekOf)


@dataclass(frozen=True, slots=True)
class When:
    """A moment in a sentence: its words, when it is due, and what it is when it is not due.

    `due` is None when no usable day comes of it. `counted` is "clock" for hours and minutes from now, "working days",
    or "calendar". `role` is "due", "vague", "past", "habit", "attribute" (of a thing), "until" or "from" (a beginning).
    """

    start: int
    end: int
    due: datetime | None
    counted: str
    role: str
    until: bool = False
    length: bool = False
    """Whether it is so much time from now ("within 48 hours"), not a day with a name."""


@dataclass(frozen=True, slots=True)
class _Tongue:
    figures: Callable[[str], str]
    patterns: tuple[Pattern, ...]
    between: re.Pattern[str]
    strict: re.Pattern[str]
    opening: re.Pattern[str]
    attribute: re.Pattern[str]
    since: re.Pattern[str]
    until: re.Pattern[str]


_FRENCH = _Tongue(
    dates_fr.figures,
    dates_fr.PATTERNS,
    re.compile(
        r"[ ,(:]*(?:(?:a|vers|avant|au plus tard|plus tard|en|dans|ds|des|pour|entre|et|ou|d'ici|jusqu'a|"
        r"jusqu'au|jusqu|de|du"
        r"|le|la|l'|les|au|aux|ce|cet|cette|max|maximum|sans faute|soit|environ|heure|meme|-|–|/|au maximum|"
        r"dernier delai"
        r"|a partir de)\b[' ,]*){0,4}[ ,(:–/-]*"
    ),
    re.compile(r"\bavant (?:le |la |les |l'|ce |cette |cet )?(?:fin de )?$"),
    re.compile(
        r"(?:\b(?:d'ici(?: a)?(?: la)?|dici|avant(?: la| l'| les)?|au plus tard|pour|a|au|le|vers|en|dans(?: "
        r"la| l'| le)?|sous|des"
        r"|ds|entre|de|ce|cette|cet|et ce"
        r"|a partir de|jusqu'a|jusqu'au|du|courant|autour de|aux alentours de|au plus tot|sans faute)\b[' ]*){1,4}$"
    ),
    re.compile(
        r"(?<!partir )(?<!compter )(?<!autour )(?<!alentours )\b(?:du|de|d'|date du|datee? du|datant du|en "
        r"date du|effectuee? le|passee? le|recue? le|signee? le) ?$"
    ),
    re.compile(r"\b(?:depuis|apres|durant|pendant|a compter de|a compter du|pas avant)(?: le| la| les| ce)? ?$"),
    re.compile(r"\bjusqu'(?:a|au|en|a la|a ce)? ?(?:le |la )?$"),
)
_ENGLISH = _Tongue(
    dates_en.figures,
    dates_en.PATTERNS,
    re.compile(
        r"[ ,(:]*(?:(?:at|on|in|the|by|before|between|and|or|to|from|until|till|around|about|no later than|not "
        r"later than"
        r"|latest|any time|anytime|sometime|of|-|–|/|some time|for|this|during|sharp|that is|namely|prompt|"
        r"first thing|at the "
        r"latest|either)\b[ ,]*){0,4}"
        r"[ ,(:–/-]*"
    ),
    re.compile(r"(?<!\bor )\bbefore (?:the |this |the end of )?$"),
    re.compile(
        r"(?:\b(?:by|on or before|on|before|at|in|within|between|from|the|no later than|not later than|until|"
        r"till|for|around|about|during|this"
        r"|over|sometime|some time|any time|anytime|starting|as of|end of)\b ?){1,4}$"
    ),
    re.compile(
        r"(?<!end )(?<!course )(?<!close )\b(?:of|dated|sent|placed on|made on|received on|'s|signed on|dated on) ?$"
    ),
    re.compile(r"\b(?:since|after|not before|not until|past|throughout)(?: the)? ?$"),
    re.compile(r"\b(?:until|till|up to|valid to)(?: the)? ?$"),
)
_INCLUDED = re.compile(r"[ ,(]*(?:inclus|compris|inclusive|included)")
_TONGUES = {"fr": _FRENCH, "en": _ENGLISH}


def moments(sentence: str, language: str, desk: Desk) -> list[When]:
    """Every moment of a folded sentence, in order."""
    tongue = _TONGUES.get(language, _ENGLISH)
    pieces = find(sentence, tongue.figures(sentence), tongue.patterns)
    return [_when(group, sentence, tongue, desk) for group in _groups(pieces, sentence, tongue)]


def _groups(pieces: list[Piece], sentence: str, tongue: _Tongue) -> list[list[Piece]]:
    groups: list[list[Piece]] = []
    for piece in pieces:
        if groups and _together(groups[-1], piece, sentence, tongue):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _together(group: list[Piece], piece: Piece, sentence: str, tongue: _Tongue) -> bool:
    last = group[-1]
    if any(one.meaning in (VAGUE, PAST, HABIT) for one in (last, piece)):
        return False
    if piece.start - last.end > 40 or not tongue.between.fullmatch(sentence, last.end, piece.start):
        return False
    if isinstance(piece.meaning, Length) or isinstance(last.meaning, Length):
        # "Sous 48 h, soit mercredi": the day says it best; "dans deux jours à 10 h".
        return isinstance(last.meaning, Length) and isinstance(piece.meaning, Clock | Part | Weekday | Calendar)
    gap = sentence[last.end : piece.start]
    if isinstance(piece.meaning, _DAYS) and isinstance(last.meaning, _DAYS):
        return bool(re.search(r"\b(?:et|ou|au|a|and|or|to|soit)\b|[-–/,(]", gap)) or not gap.strip()
    return True


def _when(group: list[Piece], sentence: str, tongue: _Tongue, desk: Desk) -> When:
    start, end = group[0].start, group[-1].end
    before = sentence[:start]
    role, until = "due", False
    first = group[0].meaning
    if isinstance(first, Other):
        return When(start, end, None, "", first.name.lower())
    if tongue.since.search(before):
        role = "from"
    elif tongue.until.search(before):
        until = True
    elif sentence.startswith("'s ", end) or _attribute(group, sentence, tongue):
        role = "attribute"
    opening = tongue.opening.search(before)
    strict = bool(tongue.strict.search(before)) and not _INCLUDED.match(sentence, end)
    due, counted = _resolve(group, strict, desk)
    if due is None:
        return When(start, end, None, counted, "past" if role == "due" else role)
    return When(
        opening.start() if opening and role == "due" else start,
        end,
        due,
        counted,
        role,
        until,
        isinstance(first, Length),
    )


def _attribute(group: list[Piece], sentence: str, tongue: _Tongue) -> bool:
    first = group[0]
    if isinstance(first.meaning, Period):
        return bool(re.search(r"\b(?:your|our|my|votre|notre) $", sentence[: first.start]))
    if not isinstance(first.meaning, Calendar | Weekday | Offset | Clock):
        return False
    whole = sentence[: first.start] + ("du " if sentence.startswith("du ", first.start) else "")
    if not tongue.attribute.search(whole):
        return False
    # A range begins with the same word: « du 3 au 5 décembre », « de 8 h à 12 h ».
    return not (len(group) > 1 and type(group[1].meaning) is type(first.meaning))


def _resolve(group: list[Piece], strict: bool, desk: Desk) -> tuple[datetime | None, str]:
    lengths = [one.meaning for one in group if isinstance(one.meaning, Length)]
    days = [one.meaning for one in group if isinstance(one.meaning, _DAYS)]
    hours = [one.meaning for one in group if isinstance(one.meaning, Clock | Part)]
    if lengths and not days:
        counted = (
            "working days" if lengths[0].working else "clock" if lengths[0].unit in ("hour", "minute") else "calendar"
        )
        return _ahead(after(lengths[0], desk, _latest(hours, desk)), desk), counted
    if days:
        last = _last_day(days, desk)
        return _ahead(_on(last, hours, strict, days[0], desk) if last else None, desk), "calendar"
    return _ahead(_next_hour(hours, desk), desk), "calendar"


def _ahead(moment: datetime | None, desk: Desk) -> datetime | None:
    return moment if moment is not None and moment >= desk.at else None


def _latest(hours: list[Hour], desk: Desk) -> Hour | None:
    """Where hours and parts stand together, the hours say it best; of a range, its end."""
    clocks = [one for one in hours if isinstance(one, Clock)]
    return max(clocks or hours, key=lambda one: hour_of(one, desk), default=None)


def _last_day(days: list[Day], desk: Desk) -> date | None:
    """The day itself, or the last of a range: "Friday to Monday" is the Monday after that Friday."""
    last: date | None = None
    for one in days:
        found = day_of(one, desk)
        if found is None:
            return None
        if last is not None and isinstance(one, Weekday):
            found = last + timedelta((one.day - last.weekday()) % 7)
        last = found if last is None else max(last, found)
    return last


def _on(day: date, hours: list[Hour], strict: bool, said: Day, desk: Desk) -> datetime:
    hour = _latest(hours, desk)
    if hour is not None:
        return desk.moment(day, hour_of(hour, desk))
    if strict and isinstance(said, Period) and said.unit == "weekend":
        return desk.end_of(day - timedelta(2))
    if strict and not isinstance(said, Period | WeekOf) and day > desk.today:
        day -= timedelta(1)
    return desk.end_of(day)


def _next_hour(hours: list[Hour], desk: Desk) -> datetime | None:
    hour = _latest(hours, desk)
    if hour is None:
        return None
    today = desk.moment(desk.today, hour_of(hour, desk))
    if today > desk.at:
        return today
    if any(isinstance(one, Part) and one.today for one in hours):
        return None
    return desk.moment(desk.today + timedelta(1), hour_of(hour, desk))
