"""Rows of promises, ready for a template: words and full dates, no query inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenir import clock
from tenir.cases import times
from tenir.cases.presenters import Figure
from tenir.promises.dates import counted_words
from tenir.promises.kinds import CUSTOMS, Kind, kind_name
from tenir.promises.lists import Listed
from tenir.promises.words import state_name

SOON = timedelta(hours=24)


@dataclass(frozen=True)
class PartRow:
    """One part: its words, and whether it was brought, is missing, or still has to come."""

    pk: int
    text: str
    done: bool
    missing: bool
    state: str


@dataclass(frozen=True)
class Row:
    """One promise as people read it. `mood` is late, soon, open, asked or over."""

    pk: int
    kind: str
    kind_name: str
    colour: str
    what: str
    words: str
    mood: str
    chip: tuple[str, str]
    due: str
    due_iso: str
    counted: str
    who: str
    lines: list[str]
    parts: list[PartRow]
    revision: int
    state: str
    owner_id: int | None
    standing: bool
    may_leave: bool


@dataclass(frozen=True)
class Owed:
    """What a case owes: what people promised and is open or not confirmed, the desk's own rules, and what is over."""

    open: list[Row]
    standing: list[Row]
    over: list[Row]

    @property
    def keeps_open(self) -> list[Row]:
        """What keeps the case from ending."""
        return self.open

    @property
    def headline(self) -> tuple[str, str] | None:
        """The few words in the head of the case: how many are late, or the nearest date."""
        late = sum(row.mood == "late" for row in self.open)
        if late:
            return ngettext("%(n)s promise late", "%(n)s promises late", late) % {"n": late}, "broken"
        if not self.open:
            return None
        return ngettext("%(n)s promise", "%(n)s promises", len(self.open)) % {"n": len(self.open)}, "accent"


def owed(listed: Sequence[Listed], *, at: datetime) -> Owed:
    """The promises of a case in the order in which they matter."""
    about = {one.pk: one.what for one in listed}
    living = [one for one in listed if one.state in ("open", "delivered")]
    by_date = sorted(living, key=lambda one: (one.state != "open", one.binding_at))
    over = [one for one in reversed(listed) if one.state not in ("open", "delivered") and one.policy_id is None]
    return Owed(
        open=[row(one, at=at, about=about) for one in by_date if one.policy_id is None],
        standing=[row(one, at=at, about=about) for one in by_date if one.policy_id is not None],
        over=[row(one, at=at, about=about) for one in over if one.kind != Kind.TELL],
    )


def shoes(owed: Owed) -> list[Figure]:
    """What promises add to "in their shoes": those that the desk did not keep, or not yet, or not wholly."""
    made = [row for row in (*owed.open, *owed.over) if row.kind != Kind.TELL]
    late = sum(row.mood == "late" for row in made)
    partly, broken = (sum(row.state == state for row in made) for state in ("partly_kept", "broken"))
    said = (
        (partly, ngettext("promise partly kept", "promises partly kept", partly)),
        (late, ngettext("promise overdue", "promises overdue", late)),
        (broken, ngettext("promise broken", "promises broken", broken)),
    )
    return [Figure(str(count), words, broken=True) for count, words in said if count]


def row(one: Listed, *, at: datetime, about: dict[int, str] | None = None) -> Row:
    """One promise; `about` gives the words of those that it may continue."""
    mood = _mood(one, at=at)
    return Row(
        pk=one.pk,
        kind=one.kind,
        kind_name=kind_name(one.kind),
        colour=CUSTOMS[one.kind].colour,
        what=told_what(one.kind, one.way, one.what),
        words=one.words,
        mood=mood,
        chip=_chip(one, mood, at=at),
        due=full(one.due_at, at=at),
        due_iso=one.due_at.isoformat(),
        counted=counted_words(one.counted, one.amount),
        who=_who(one),
        lines=_lines(one, about or {}, at=at),
        parts=[_part(one, *part) for part in one.parts],
        revision=one.revision,
        state=one.state,
        owner_id=one.owner_id,
        standing=one.policy_id is not None,
        may_leave=one.state == "delivered" and not one.next_alarm,
    )


def full(moment: datetime, *, at: datetime) -> str:
    """The whole date: "Monday 23 November, 9:00", with its year when it is another one."""
    here = clock.local(moment)
    return times.full(moment) if here.year == clock.local(at).year else date_format(here, "l j F Y, G:i")


def told_what(kind: str, way: str, what: str) -> str:
    """What is promised; telling the customer says how, and of what."""
    if kind != Kind.TELL:
        return what
    shape = _("Call the customer: %(what)s") if way == "call" else _("Write to the customer: %(what)s")
    return shape % {"what": what}


def _mood(one: Listed, *, at: datetime) -> str:
    if one.state == "delivered":
        return "asked"
    if one.state != "open":
        return "over"
    if one.left is not None:
        return "open"
    if one.binding_at <= at:
        return "late"
    return "soon" if one.binding_at - at <= SOON else "open"


def _chip(one: Listed, mood: str, *, at: datetime) -> tuple[str, str]:
    if mood == "late":
        return _("late by %(time)s") % {"time": span(at - one.binding_at)}, "broken"
    if one.state == "open" and one.left is not None:
        return _("waits for the customer"), "quiet"
    if mood in ("soon", "open"):
        return _("in %(time)s") % {"time": span(one.binding_at - at)}, "risk" if mood == "soon" else "quiet"
    if mood == "asked":
        return _("to be confirmed by the customer"), "accent"
    if one.state == "kept" and one.early:
        return _("kept, early"), "kept"
    return state_name(one.state), {"kept": "kept", "partly_kept": "risk", "broken": "broken"}.get(one.state, "quiet")


def span(length: timedelta) -> str:
    """A span in words, rounded down: "3 days", "5 hours", "12 minutes"."""
    if length.days:
        return ngettext("%(n)s day", "%(n)s days", length.days) % {"n": length.days}
    if hours := length.seconds // 3600:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    minutes = max(1, length.seconds // 60)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def _who(one: Listed) -> str:
    if not one.owner_name:
        return ""
    if one.holder != one.owner_name:
        return _("%(deputy)s, while %(owner)s is away,") % {"deputy": one.holder, "owner": one.owner_name}
    return one.owner_name


def _lines(one: Listed, about: dict[int, str], *, at: datetime) -> list[str]:
    """What else there is to know of it, a sentence each."""
    lines = []
    if one.follows_id:
        what = about.get(one.follows_id, "")
        lines.append(_("What was missing from “%(what)s”.") % {"what": what} if what else _("What was missing."))
    if one.first_due_at != one.due_at:
        lines.append(_("First promised for %(date)s.") % {"date": full(one.first_due_at, at=at)})
    if one.deadline_at:
        lines.append(_("The customer needs it before %(date)s.") % {"date": full(one.deadline_at, at=at)})
    if one.deliverer or one.team_name:
        lines.append(_("Delivered by %(name)s.") % {"name": one.deliverer or one.team_name})
    if one.customer_does:
        lines.append(_("Meanwhile the customer: %(words)s") % {"words": one.customer_does})
    if one.delivered_at and one.policy_id is None:
        lines.append(_("Done on %(date)s.") % {"date": full(one.delivered_at, at=at)})
    return lines


def _part(one: Listed, pk: int, text: str, delivered_at: datetime | None, is_missing: bool) -> PartRow:
    state = _("missing") if is_missing else _("brought") if delivered_at else _("to come")
    if one.state not in ("open", "delivered") and not delivered_at and not is_missing:
        state = ""
    return PartRow(pk, text, delivered_at is not None and not is_missing, is_missing, state)
