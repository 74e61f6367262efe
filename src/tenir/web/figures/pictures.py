"""Where the bars of a picture stand: numbers ready for an `<svg>`. Pure; colours come from the style sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenir.figures.kept import Line
from tenir.figures.lengths import Spread

WIDTH, LABELS, BAR, GAP = 720, 190, 18, 12
MOST = 24


@dataclass(frozen=True)
class Piece:
    """One piece of a bar; `kind` is its class in the style sheet, `words` what it says when it is pointed at."""

    kind: str
    x: float
    y: float
    width: float
    words: str


@dataclass(frozen=True)
class Bar:
    """One bar with its label."""

    name: str
    y: float
    middle: float
    pieces: list[Piece]


@dataclass(frozen=True)
class Picture:
    """A picture, so wide and so high."""

    bars: list[Bar]
    width: int
    height: int
    legend: list[tuple[str, str]]


def stacked(lines: Sequence[Line]) -> Picture:
    """A bar for each line, as long as many were promised, in pieces of what became of them."""
    names = {
        "on-time": _("kept by the first date"),
        "later": _("kept, later"),
        "partly": _("partly kept"),
        "open": _("still open"),
        "unconfirmed": _("unconfirmed"),
        "broken": _("broken"),
        "withdrawn": _("taken back"),
    }
    shown = lines[-MOST:]
    longest = max((line.counts["made"] for line in shown), default=1)
    bars = [_bar(line, place, (WIDTH - LABELS) / longest, names) for place, line in enumerate(shown)]
    return Picture(bars, WIDTH, len(bars) * (BAR + GAP) + GAP, list(names.items()))


def _bar(line: Line, place: int, unit: float, names: dict[str, str]) -> Bar:
    counts = line.counts
    parts = {
        "on-time": counts["on_time"],
        "later": counts["kept"] - counts["on_time"],
        "partly": counts["partly"],
        "open": counts["open"],
        "unconfirmed": counts["unconfirmed"],
        "broken": counts["broken"],
        "withdrawn": counts["withdrawn"],
    }
    y = GAP + place * (BAR + GAP)
    pieces, x = [], float(LABELS)
    for kind, count in parts.items():
        if count:
            pieces.append(Piece(kind, round(x, 1), y, round(count * unit, 1), f"{count} {names[kind]}"))
            x += count * unit
    return Bar(line.name if len(line.name) <= 26 else line.name[:25] + "…", y, y + BAR * 0.72, pieces)


def spreads(promised: Spread, real: Spread) -> Picture:
    """Two bars for each length: how many were promised so long, and how many really took so long."""
    longest = max(*promised.counts, *real.counts, 1)
    unit = (WIDTH - LABELS) / longest
    bars = []
    names = {"promised": _("promised"), "real": _("really taken")}
    for place, name in enumerate(length_names()):
        y = GAP + place * (2 * BAR + GAP)
        both = (("promised", promised.counts[place], y), ("real", real.counts[place], y + BAR))
        pieces = [
            Piece(kind, LABELS, at, round(count * unit, 1), f"{count} {names[kind]}")
            for kind, count, at in both
            if count
        ]
        bars.append(Bar(name, y, y + BAR * 1.25, pieces))
    return Picture(bars, WIDTH, len(bars) * (2 * BAR + GAP) + GAP, list(names.items()))


def length_names() -> list[str]:
    """The steps of a spread in words."""
    return [
        _("up to 4 hours"),
        _("up to a day"),
        _("up to 2 days"),
        _("up to 3 days"),
        _("up to a week"),
        _("up to 2 weeks"),
        _("up to 30 days"),
        _("longer"),
    ]


def span(length: timedelta | None) -> str:
    """A length in words, in days from two on, else in hours."""
    if length is None:
        return "–"
    hours = max(1, round(length.total_seconds() / 3600))
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = round(hours / 24)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
