"""The desk's own rules: calendars, standing promises, and who stands in for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from tenir.cases.models import Case, Category
from tenir.clock import definition, icalendar_import
from tenir.clock.calendars import Calendar
from tenir.ledger.events import Doer
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent, Team
from tenir.people.names import one_line
from tenir.people.rights import require
from tenir.promises.errors import (
    DateIsPast,
    DateMissing,
    DeputyForOneself,
    NameTaken,
    NotACalendar,
    NotAChoice,
    NotAnICalendarFile,
    WordsMissing,
)
from tenir.promises.events import AbsenceNoted, AbsenceOver, CalendarKept, PolicyKept, PolicyRetired
from tenir.promises.kinds import STANDING
from tenir.promises.models import Absence, Policy, WorkingCalendar
from tenir.promises.verbs import _steps

LONGEST_POLICY = timedelta(days=366)


# --- Calendars -----------------------------------------------------------------------------------------------------


@verb
def add_calendar(*, name: str, hours: Mapping[str, Any], by: Doer, at: datetime) -> WorkingCalendar:
    """Writes a calendar (`clock.definition`); the first one is the desk's own. Raises `NotACalendar`, `NameTaken`."""
    require(by, "keep_calendars")
    row = WorkingCalendar(name=_name(name, 80), definition=_read(hours))
    row.is_desks = not WorkingCalendar.objects.filter(is_desks=True).exists()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise NameTaken from None
    record(CalendarKept(calendar=row.pk, what="added"), by=by, at=at)
    return row


@verb
def change_calendar(row: WorkingCalendar, *, hours: Mapping[str, Any], by: Doer, at: datetime) -> WorkingCalendar:
    """Other hours from now on; what was promised keeps its date. Raises `NotACalendar`."""
    require(by, "keep_calendars")
    row = WorkingCalendar.objects.select_for_update().get(pk=row.pk)
    return _store(row, _read(hours), what="changed", by=by, at=at)


@verb
def choose_desk_calendar(row: WorkingCalendar, *, by: Doer, at: datetime) -> WorkingCalendar:
    """Makes a calendar the desk's own."""
    require(by, "keep_calendars")
    row = WorkingCalendar.objects.select_for_update().get(pk=row.pk)
    WorkingCalendar.objects.filter(is_desks=True).exclude(pk=row.pk).update(is_desks=False)
    row.is_desks = True
    return _store(row, row.definition, what="chosen", by=by, at=at)


@verb
def import_closures(
    row: WorkingCalendar, *, raw: bytes, first: date, last: date, by: Doer, at: datetime
) -> icalendar_import.Imported:
    """Adds the closures of an iCalendar file between two dates; the same file again adds nothing.

    Returns what was taken and what was passed over. Raises `NotAnICalendarFile`, `NotACalendar`.
    """
    require(by, "keep_calendars")
    row = WorkingCalendar.objects.select_for_update().get(pk=row.pk)
    try:
        found = icalendar_import.import_closures(_whole(row), raw, first=first, last=last)
    except icalendar_import.NotAnICalendar:
        raise NotAnICalendarFile from None
    _store(row, _read(definition.write_calendar(found.calendar)), what="imported", by=by, at=at)
    return found


def _store(row: WorkingCalendar, hours: dict[str, Any], *, what: str, by: Doer, at: datetime) -> WorkingCalendar:
    row.definition = hours
    row.save()
    record(CalendarKept(calendar=row.pk, what=what), by=by, at=at)
    return row


def _whole(row: WorkingCalendar) -> Calendar:
    try:
        return definition.read_calendar(row.definition)
    except definition.NotACalendar as strange:
        raise NotACalendar(str(strange)) from strange


def _read(hours: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return definition.write_calendar(definition.read_calendar(hours))
    except definition.NotACalendar as strange:
        raise NotACalendar(str(strange)) from strange


def _name(text: str, longest: int) -> str:
    name = one_line(text, longest=longest)
    if not name:
        raise WordsMissing
    return name


# --- Standing promises ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class For:
    """The cases that a standing promise is for; what is left out is for all."""

    team: Team | None = None
    channel: str = ""
    language: str = ""
    category: Category | None = None
    plan: str = ""


EVERYBODY = For()


@verb
def keep_policy(
    *,
    name: str,
    kind: str,
    within: timedelta,
    by: Doer,
    at: datetime,
    calendar: WorkingCalendar | None = None,
    whom: For = EVERYBODY,
    is_shown: bool = False,
) -> Policy:
    """Writes a standing promise, for what comes from now on; without a calendar it goes by the clock.

    Raises `NotAChoice`, `DateMissing`, `WordsMissing`, `NotAllowed`.
    """
    require(by, "keep_policies")
    if kind not in STANDING:
        raise NotAChoice("kind")
    if whom.channel and whom.channel not in Case.Channel.values:
        raise NotAChoice("channel")
    if not timedelta(minutes=1) <= within <= LONGEST_POLICY:
        raise DateMissing
    policy = Policy.objects.create(
        name=_name(name, 80),
        kind=kind,
        within=within,
        calendar=calendar,
        team=whom.team,
        channel=whom.channel,
        language=whom.language[:3],
        category=whom.category,
        plan=_steps.words(whom.plan)[:120],
        is_shown=is_shown,
        made_at=at,
    )
    record(PolicyKept(policy=policy.pk, kind=kind, minutes=int(within.total_seconds() // 60)), by=by, at=at)
    return policy


@verb
def retire_policy(policy: Policy, *, by: Doer, at: datetime) -> Policy:
    """No new promise is made by this policy; those that were made keep their dates. Retiring twice is retiring once."""
    require(by, "keep_policies")
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    if policy.retired_at is None:
        policy.retired_at = at
        policy.save(update_fields=["retired_at"])
        record(PolicyRetired(policy=policy.pk), by=by, at=at)
    return policy


# --- Absences ------------------------------------------------------------------------------------------------------


@verb
def note_absence(
    agent: Agent, *, deputy: Agent, begins_at: datetime, ends_at: datetime, by: Doer, at: datetime
) -> Absence:
    """Says that somebody is away between two instants, and who answers for their promises meanwhile.

    Raises `DeputyForOneself`, `HasLeft`, `DateIsPast`, `NotAllowed`.
    """
    require(by, "note_absence", whose=agent)
    _steps.check_here(deputy)
    if deputy.pk == agent.pk:
        raise DeputyForOneself
    if ends_at <= max(begins_at, at):
        raise DateIsPast
    absence = Absence.objects.create(agent=agent, deputy=deputy, begins_at=begins_at, ends_at=ends_at)
    fact = AbsenceNoted(
        absence=absence.pk, agent=agent.pk, deputy=deputy.pk, begins=begins_at.isoformat(), ends=ends_at.isoformat()
    )
    record(fact, by=by, at=at)
    return absence


@verb
def end_absence(absence: Absence, *, by: Doer, at: datetime) -> None:
    """They are back, or never went; ending twice is ending once."""
    require(by, "note_absence", whose=absence.agent)
    if Absence.objects.filter(pk=absence.pk).delete()[0]:
        record(AbsenceOver(absence=absence.pk, agent=absence.agent_id), by=by, at=at)
