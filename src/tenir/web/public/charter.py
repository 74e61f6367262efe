"""The service charter: what the desk promises to everybody, in plain words, from the rules that it is held to (C31).

It is there once the desk shows at least one of its standing promises (`Policy.is_shown`); else there is no such page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tenir.cases.models import Case
from tenir.clock.calendars import Calendar, Hours
from tenir.promises.access import service_charter
from tenir.promises.hours import calendar_of
from tenir.promises.kinds import STANDING, Kind
from tenir.promises.models import Policy
from tenir.web.public.page import public, show

DAY = timedelta(days=1)
LASTING = (Kind.KEEP_INFORMED, Kind.END)
"""What stands still while the customer has the ball."""


@dataclass(frozen=True)
class Line:
    """One rule: within how long, for whom, and how it is counted."""

    within: str
    whom: str


@dataclass(frozen=True)
class Group:
    kind: str
    words: str
    lines: list[Line]


@dataclass(frozen=True)
class HoursOf:
    """When the time of a rule runs: days with the same hours together."""

    days: list[tuple[str, str]]
    holidays: bool


@public
@require_safe
def charter(request: HttpRequest) -> HttpResponse:
    """The page; nothing is found where the desk shows none of its rules."""
    shown = list(service_charter())
    if not shown:
        raise Http404
    context = {
        "groups": list(_groups(shown)),
        "hours": _hours(shown),
        "pauses": any(each.kind in LASTING for each in shown),
    }
    return show(request, "charter", context)


def _groups(policies: Sequence[Policy]) -> Iterable[Group]:
    words = {
        Kind.FIRST_ANSWER: _("We answer when you first write to us"),
        Kind.NEXT_ANSWER: _("We answer each message that follows"),
        Kind.KEEP_INFORMED: _("You hear from us while we work on it"),
        Kind.END: _("We bring it to an end"),
    }
    for kind in STANDING:
        if lines := [_line(each) for each in policies if each.kind == kind]:
            yield Group(kind, words[kind], lines)


def _line(policy: Policy) -> Line:
    span = span_words(policy.within, counts_openings=policy.calendar is not None)
    shape = _("no silence longer than %(span)s") if policy.kind == Kind.KEEP_INFORMED else _("within %(span)s")
    return Line(shape % {"span": span}, _whom(policy))


def span_words(span: timedelta, *, counts_openings: bool) -> str:
    """A length of time, and whether nights and closed days are counted: "4 opening hours", "2 days"."""
    minutes = int(span.total_seconds() // 60)
    if counts_openings:
        if minutes % 60:
            return ngettext("%(n)s opening minute", "%(n)s opening minutes", minutes) % {"n": minutes}
        return ngettext("%(n)s opening hour", "%(n)s opening hours", minutes // 60) % {"n": minutes // 60}
    if span >= 2 * DAY and not span % DAY:
        return ngettext("%(n)s day, every day counted", "%(n)s days, every day counted", span.days) % {"n": span.days}
    if minutes % 60:
        return ngettext("%(n)s minute, day and night", "%(n)s minutes, day and night", minutes) % {"n": minutes}
    return ngettext("%(n)s hour, day and night", "%(n)s hours, day and night", minutes // 60) % {"n": minutes // 60}


def _whom(policy: Policy) -> str:
    """For which cases it is; empty for all."""
    channels = {
        Case.Channel.EMAIL: _("by e-mail"),
        Case.Channel.FORM: _("by our form"),
        Case.Channel.PHONE: _("by telephone"),
    }
    tongues = {"fr": _("in French"), "en": _("in English")}
    said = [
        channels.get(Case.Channel(policy.channel), policy.channel) if policy.channel else "",
        tongues.get(policy.language, policy.language),
        policy.category.name if policy.category else "",
        policy.plan,
        policy.team.name if policy.team else "",
    ]
    return ", ".join(filter(None, said))


def _hours(policies: Sequence[Policy]) -> list[HoursOf]:
    calendars = {each.calendar_id: calendar_of(each.calendar) for each in policies if each.calendar is not None}
    return [HoursOf(_week(calendar), bool(calendar.holidays)) for calendar in calendars.values()]


def _week(calendar: Calendar) -> list[tuple[str, str]]:
    """The days of a week with the same hours together: "Monday to Friday", "9:00–18:00"."""
    runs = [[day for day, _hours_ in run] for _same, run in groupby(enumerate(calendar.week), key=lambda each: each[1])]
    return [(_days(run), _spans(calendar.week[run[0]])) for run in runs]


def _days(run: Sequence[int]) -> str:
    names = [str(WEEKDAYS[day]) for day in (run[0], run[-1])]
    if len(run) == 1:
        return names[0].capitalize()
    shape = _("%(first)s and %(last)s") if len(run) == 2 else _("%(first)s to %(last)s")
    both = shape % {"first": names[0], "last": names[1]}
    return both[:1].upper() + both[1:]


def _spans(hours: Hours) -> str:
    if not hours:
        return _("closed")
    return ", ".join(f"{_wall(span.begins)}–{_wall(span.ends)}" for span in hours)


def _wall(minutes: int) -> str:
    return f"{minutes // 60 % 24}:{minutes % 60:02}" if minutes != 24 * 60 else "24:00"
