"""Merging two cases into one and splitting one in two; both can be undone, and nothing is lost from either."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max, Min

from tenir.cases import reference as references
from tenir.cases.errors import MovedOn, NothingChosen, SameCase
from tenir.cases.events import CaseOpened, CaseRearranged
from tenir.cases.models import Case, Message, Rearrangement
from tenir.cases.verbs import _steps
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent

COUNTERS = ("contacts", "cut_lines", "handovers", "reopenings")


@verb
def merge(*, kept: Case, other: Case, by: Agent, at: datetime) -> Rearrangement:
    """Makes `other` part of `kept`: its messages, people, steps and tags move; its reference leads to the kept one.

    The first request is the earlier of the two and contacts are added up. Raises `SameCase`.
    """
    locked = {case.pk: _steps.lock(case) for case in sorted((kept, other), key=lambda case: case.pk)}
    kept, other = locked[kept.pk], locked[other.pk]
    if kept.pk == other.pk:
        raise SameCase
    moved = _move_rows(other, kept)
    moved["before"] = {**_counters(kept), "first_request_at": kept.first_request_at.isoformat()}
    moved["other_state"] = other.state
    moved["tags"] = list(set(other.tags.values_list("pk", flat=True)) - set(kept.tags.values_list("pk", flat=True)))
    kept.tags.add(*moved["tags"])
    row = Rearrangement.objects.create(kind="merge", kept=kept, other=other, moved=moved, by=by, at=at)
    for name in COUNTERS:
        setattr(kept, name, getattr(kept, name) + getattr(other, name))
    kept.first_request_at = min(kept.first_request_at, other.first_request_at)
    other.merged_into = kept
    _steps.change_state(other, Case.State.ENDED, why="merged", by=by, at=at)
    other.unanswered_since = other.snoozed_until = None
    other.save()
    _refresh(kept, at=at)
    _record(row, by=by, at=at)
    return row


def _counters(case: Case) -> dict[str, int]:
    return {name: getattr(case, name) for name in COUNTERS}


def _move_rows(source: Case, target: Case) -> dict[str, Any]:
    """Moves every row of `source` that can be in `target`; returns the ids that moved, by table."""
    moved: dict[str, Any] = {}
    for table in ("messages", "steps"):
        rows = getattr(source, table)
        moved[table] = list(rows.values_list("pk", flat=True))
        rows.update(case=target)
    present = target.participants.values_list("address", flat=True)
    strangers = source.participants.exclude(address__in=list(present))
    moved["participants"] = list(strangers.values_list("pk", flat=True))
    strangers.update(case=target)
    return moved


def _refresh(case: Case, *, at: datetime) -> None:
    """Sets what a case derives from its messages again, after some came or went."""
    words = case.messages.order_by("at", "pk").last()
    case.last_words = _steps.excerpt(words.text) if words else ""
    inbound = case.messages.filter(kind=Message.Kind.INBOUND)
    case.last_inbound_id = inbound.aggregate(last=Max("pk"))["last"]
    replied = case.messages.filter(kind=Message.Kind.REPLY).exclude(delivery="withdrawn").aggregate(at=Max("at"))["at"]
    waiting = inbound.filter(at__gt=replied) if replied else inbound
    case.unanswered_since = waiting.aggregate(at=Min("at"))["at"] if case.state != Case.State.ENDED else None
    case.moved_at = at
    case.save()


def _record(row: Rearrangement, *, by: Agent, at: datetime, undone: bool = False) -> None:
    for case, other in ((row.kept_id, row.other_id), (row.other_id, row.kept_id)):
        fact = CaseRearranged(case=case, rearrangement=row.pk, kind=row.kind, other=other, undone=undone)
        record(fact, by=by, at=at)


@verb
def split(case: Case, *, messages: Sequence[int], subject: str, by: Agent, at: datetime) -> Rearrangement:
    """Makes a case of its own of some messages of `case`, for the same customer and owner, and links the two.

    Raises `NothingChosen` when no message, or every message, was chosen.
    """
    case = _steps.lock(case)
    chosen = list(case.messages.filter(pk__in=messages).order_by("at", "pk"))
    if not chosen or len(chosen) == case.messages.count():
        raise NothingChosen
    other = _new_case_like(case, chosen, subject=subject, at=at)
    case.messages.filter(pk__in=[m.pk for m in chosen]).update(case=other)
    contacts = sum(m.kind == Message.Kind.INBOUND for m in chosen)
    moved = {"messages": [m.pk for m in chosen], "contacts": contacts}
    row = Rearrangement.objects.create(kind="split", kept=case, other=other, moved=moved, by=by, at=at)
    case.contacts = max(0, case.contacts - contacts)
    _refresh(case, at=at)
    other.contacts = contacts
    _refresh(other, at=at)
    case.links.create(other=other, because="split")
    record(CaseOpened(case=other.pk, customer=other.customer_id, channel=other.channel), by=by, at=at)
    _record(row, by=by, at=at)
    return row


def _new_case_like(case: Case, chosen: Sequence[Message], *, subject: str, at: datetime) -> Case:
    reference = references.draw()
    while Case.objects.filter(reference=reference).exists():
        reference = references.draw()
    return Case.objects.create(
        reference=reference,
        subject=_steps.excerpt(subject) or _steps.excerpt(chosen[0].text)[:80],
        state=_steps.working_state(case),
        channel=chosen[0].channel,
        language=case.language,
        customer=case.customer,
        owner=case.owner,
        team=case.team,
        desk_address=case.desk_address,
        first_request_at=chosen[0].at,
        opened_at=at,
        moved_at=at,
    )


@verb
def undo(row: Rearrangement, *, by: Agent, at: datetime) -> Rearrangement:
    """Undoes a merge or a split: the rows that moved go back, and only they.

    Raises `MovedOn` when it was undone already, or one of the two cases was merged on meanwhile.
    """
    row = Rearrangement.objects.select_for_update().get(pk=row.pk)
    kept = Case.objects.select_for_update(of=("self",)).get(pk=row.kept_id)
    other = Case.objects.select_for_update(of=("self",)).get(pk=row.other_id)
    merged = row.kind == Rearrangement.Kind.MERGE
    if row.undone_at or kept.merged_into_id or (other.merged_into_id != (kept.pk if merged else None)):
        raise MovedOn
    (_undo_merge if merged else _undo_split)(row, kept, other, by=by, at=at)
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    _record(row, by=by, at=at, undone=True)
    return row


def _undo_merge(row: Rearrangement, kept: Case, other: Case, *, by: Agent, at: datetime) -> None:
    for table in ("messages", "steps", "participants"):
        getattr(kept, table).filter(pk__in=row.moved[table]).update(case=other)
    kept.tags.remove(*row.moved["tags"])
    before = row.moved["before"]
    for name in COUNTERS:
        setattr(kept, name, max(before[name], getattr(kept, name) - getattr(other, name)))
    kept.first_request_at = datetime.fromisoformat(before["first_request_at"])
    other.merged_into = None
    _steps.change_state(other, row.moved["other_state"], why="merge_undone", by=by, at=at)
    _refresh(other, at=at)
    _refresh(kept, at=at)


def _undo_split(row: Rearrangement, kept: Case, other: Case, *, by: Agent, at: datetime) -> None:
    if other.messages.exclude(pk__in=row.moved["messages"]).exists():
        raise MovedOn
    other.messages.update(case=kept)
    kept.links.filter(other=other).delete()
    kept.contacts = kept.contacts + row.moved["contacts"]
    _refresh(kept, at=at)
    other.merged_into = kept
    _steps.change_state(other, Case.State.ENDED, why="split_undone", by=by, at=at)
    _refresh(other, at=at)
