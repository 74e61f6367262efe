"""Merging two cases into one and splitting one in two; both can be undone, and nothing is lost from either."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max, Min

from tenir.cases import reference as references
from tenir.cases import search
from tenir.cases.errors import MovedOn, NothingChosen, SameCase
from tenir.cases.events import CaseOpened, CaseRearranged
from tenir.cases.models import Case, Message, Participant, Rearrangement
from tenir.cases.verbs import _moving, _pictures, _steps
from tenir.customers.models import Reach
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent
from tenir.text.storing import storable

COUNTERS = ("contacts", "cut_lines", "handovers", "reopenings")
CHANGED = (
    "state",
    "owner_id",
    "category_id",
    "snoozed_until",
    "unanswered_since",
    "moved_at",
    "first_request_at",
    "remedy_sought",
    "remedy_given",
    "last_words",
    "last_inbound_id",
)
"""What a merge or a split changes in a case, besides its counters."""


# --- Merging -------------------------------------------------------------------------------------------------------


@verb
def merge(*, kept: Case, other: Case, by: Agent, at: datetime) -> Rearrangement:
    """Makes `other` part of `kept`: its messages, people, steps, tags, links and drafts move; its reference leads to
    the kept one.

    The first request is the earlier of the two and contacts are added up. What was alive in either is alive in the
    kept one: it is open again if it had ended and the other had not, it takes the other's owner if it had none.
    Whoever the other case belonged to becomes a participant. Raises `SameCase`.
    """
    kept, other = _lock_two(kept, other)
    before = {"kept": _pictures.take(kept, CHANGED), "other": _pictures.take(other, CHANGED)}
    ending = _steps.current_ending(kept)
    rows = _moving.move_all(other, kept)
    rows["made"] = _customer_as_participant(other, kept)
    _take_over(kept, other, by=by, at=at)
    for name in COUNTERS:
        setattr(kept, name, getattr(kept, name) + getattr(other, name))
    other.merged_into = kept
    other.unanswered_since = other.snoozed_until = None
    _steps.change_state(other, Case.State.ENDED, why="merged", by=by, at=at)
    other.save()
    _steps.find_last_words(kept)
    kept.save()
    search.index_case(kept)
    after = {"kept": _pictures.take(kept, CHANGED), "other": _pictures.take(other, CHANGED)}
    moved = rows | {"before": before, "after": after, "ending": ending.pk if ending else None, "until": _last_message()}
    row = Rearrangement.objects.create(kind="merge", kept=kept, other=other, moved=moved, by=by, at=at)
    _record(row, by=by, at=at)
    return row


def _lock_two(kept: Case, other: Case) -> tuple[Case, Case]:
    locked = {case.pk: _steps.lock(case) for case in sorted((kept, other), key=lambda case: case.pk)}
    if locked[kept.pk].pk == locked[other.pk].pk:
        raise SameCase
    return locked[kept.pk], locked[other.pk]


def _take_over(kept: Case, other: Case, *, by: Agent, at: datetime) -> None:
    """What the kept case becomes; the caller saves it."""
    alive = other.state != Case.State.ENDED
    calls = alive and (kept.state == Case.State.ENDED or other.unanswered_since is not None)
    if alive and kept.owner_id is None and other.owner_id is not None:
        kept.owner_id = other.owner_id
        calls = calls or kept.state == Case.State.WAITING
    if kept.state == Case.State.ENDED and alive:
        kept.endings.filter(reopened_at=None).update(reopened_at=at)
    if calls:
        _steps.change_state(kept, _steps.working_state(kept), why="merged", by=by, at=at)
    if calls and other.snoozed_until is None:
        _steps.stop_snoozing(kept, why="merged", by=by, at=at)
    kept.unanswered_since = _earliest(kept.unanswered_since, other.unanswered_since)
    kept.first_request_at = min(kept.first_request_at, other.first_request_at)
    kept.remedy_sought = kept.remedy_sought or other.remedy_sought
    kept.remedy_given = kept.remedy_given or other.remedy_given
    kept.category_id = kept.category_id or other.category_id
    kept.moved_at = at


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def _customer_as_participant(other: Case, kept: Case) -> int | None:
    """Somebody else's case: its customer stays in touch as a participant of the kept one."""
    if other.customer_id == kept.customer_id:
        return None
    reach = Reach.objects.filter(customer_id=other.customer_id, kind=Reach.Kind.EMAIL).order_by("pk").first()
    if reach is None or kept.participants.filter(address=reach.value).exists():
        return None
    return Participant.objects.create(case=kept, address=reach.value, name=other.customer.name).pk


def _last_message() -> int:
    return Message.objects.aggregate(last=Max("pk"))["last"] or 0


def _record(row: Rearrangement, *, by: Agent, at: datetime, undone: bool = False) -> None:
    for case, other in ((row.kept_id, row.other_id), (row.other_id, row.kept_id)):
        fact = CaseRearranged(case=case, rearrangement=row.pk, kind=row.kind, other=other, undone=undone)
        record(fact, by=by, at=at)


# --- Splitting -----------------------------------------------------------------------------------------------------


@verb
def split(case: Case, *, messages: Sequence[int], subject: str, by: Agent, at: datetime) -> Rearrangement:
    """Makes a case of its own of some messages of `case`, for the same customer and owner, and links the two.

    Raises `NothingChosen` when no message, or every message, was chosen.
    """
    case = _steps.lock(case)
    chosen = list(case.messages.filter(pk__in=messages).order_by("at", "pk"))
    if not chosen or len(chosen) == case.messages.count():
        raise NothingChosen
    before = _pictures.take(case, CHANGED)
    other = _new_case_like(case, chosen, subject=subject, at=at)
    ids = [message.pk for message in chosen]
    case.messages.filter(pk__in=ids).update(case=other)
    _copy_participants(case, other, chosen)
    _share_out(case, other, chosen, at=at)
    link = case.links.create(other=other, because="split")
    record(CaseOpened(case=other.pk, customer=other.customer_id, channel=other.channel), by=by, at=at)
    search.index_case(other)
    moved = {"messages": ids, "contacts": other.contacts, "link": link.pk}
    moved |= {"before": {"kept": before}, "after": {"kept": _pictures.take(case, CHANGED)}, "until": _last_message()}
    row = Rearrangement.objects.create(kind="split", kept=case, other=other, moved=moved, by=by, at=at)
    _record(row, by=by, at=at)
    return row


def _new_case_like(case: Case, chosen: Sequence[Message], *, subject: str, at: datetime) -> Case:
    reference = references.draw()
    while Case.objects.filter(reference=reference).exists():
        reference = references.draw()
    words = storable(subject) or chosen[0].subject or chosen[0].text
    return Case.objects.create(
        reference=reference,
        subject=_steps.excerpt(words, 80) or case.subject,
        state=_steps.working_state(case),
        channel=chosen[0].channel,
        language=case.language,
        customer_id=case.customer_id,
        owner_id=case.owner_id,
        team_id=case.team_id,
        desk_address=case.desk_address,
        first_request_at=chosen[0].at,
        opened_at=at,
        moved_at=at,
    )


def _copy_participants(case: Case, other: Case, chosen: Sequence[Message]) -> None:
    """Whoever speaks in the chosen messages, or was added by an agent, is a participant of the new case too."""
    speakers = {message.participant_id for message in chosen}
    for who in case.participants.filter(removed_at=None):
        if who.pk in speakers or who.invited:
            other.participants.create(
                address=who.address, name=who.name, unexpected=who.unexpected, invited=who.invited
            )


def _share_out(case: Case, other: Case, chosen: Sequence[Message], *, at: datetime) -> None:
    """Which of the two now has the unanswered words, the contacts, the last words."""
    since = case.unanswered_since
    other.contacts = sum(m.kind == Message.Kind.INBOUND and m.participant_id is None for m in chosen)
    case.contacts = max(0, case.contacts - other.contacts)
    for each in (case, other):
        waiting = each.messages.filter(kind=Message.Kind.INBOUND, at__gte=since) if since else Message.objects.none()
        each.unanswered_since = waiting.aggregate(at=Min("at"))["at"]
        _steps.find_last_words(each)
        each.moved_at = at
    if since and case.unanswered_since is None and other.unanswered_since is None:
        case.unanswered_since = since  # a cut call, or "not solved" on the customer's page: no message bears it
    case.save()
    other.save()


# --- Undoing -------------------------------------------------------------------------------------------------------


@verb
def undo(row: Rearrangement, *, by: Agent, at: datetime) -> Rearrangement:
    """Undoes a merge or a split: the rows that moved go back, and only they; what happened since stays.

    Raises `MovedOn` when it was undone already, or the messages that moved have been moved on meanwhile.
    """
    cases = Case.objects.select_for_update().filter(pk__in=[row.kept_id, row.other_id]).order_by("pk")
    locked = {case.pk: case for case in cases}
    row = Rearrangement.objects.select_for_update().get(pk=row.pk)
    kept, other = locked[row.kept_id], locked[row.other_id]
    merged = row.kind == Rearrangement.Kind.MERGE
    if row.undone_at or kept.merged_into_id or other.merged_into_id != (kept.pk if merged else None):
        raise MovedOn
    (_undo_merge if merged else _undo_split)(row.moved, kept, other, by=by, at=at)
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    _record(row, by=by, at=at, undone=True)
    search.index_case(kept)
    return row


def _undo_merge(moved: dict[str, Any], kept: Case, other: Case, *, by: Agent, at: datetime) -> None:
    if not _moving.all_there(moved, kept):
        raise MovedOn
    _moving.move_back(moved, source=other, target=kept)
    Participant.objects.filter(pk=moved["made"], messages=None, invited=False).delete()
    for name in COUNTERS:
        setattr(kept, name, max(0, getattr(kept, name) - getattr(other, name)))
    _as_before(kept, moved["before"]["kept"], moved["after"]["kept"], moved, why="merge_undone", by=by, at=at)
    other.merged_into = None
    _as_before(other, moved["before"]["other"], moved["after"]["other"], {}, why="merge_undone", by=by, at=at)


def _as_before(
    case: Case,
    before: dict[str, Any],
    after: dict[str, Any],
    moved: dict[str, Any],
    *,
    why: str,
    by: Agent,
    at: datetime,
) -> None:
    """Puts a case back and saves it. Words that came since keep counting, and keep it open."""
    since = case.messages.filter(pk__gt=moved["until"]) if moved else Message.objects.none()
    waiting = since.filter(kind=Message.Kind.INBOUND).aggregate(at=Min("at"))["at"]
    was = case.state
    changed = _pictures.put_back(case, before=before, after=after)
    restored, case.state = case.state, was
    if "state" in changed and not (waiting and restored in QUIET):
        _steps.change_state(case, restored, why=why, by=by, at=at)
        if moved.get("ending"):
            case.endings.filter(pk=moved["ending"]).update(reopened_at=None)
    if waiting and "unanswered_since" in changed and case.unanswered_since is None and case.state != Case.State.ENDED:
        case.unanswered_since = waiting
    _steps.find_last_words(case)
    case.save()


QUIET = (Case.State.WAITING_FOR_CUSTOMER, Case.State.ENDED)
"""States in which nobody would look at words that have just come."""


def _undo_split(moved: dict[str, Any], kept: Case, other: Case, *, by: Agent, at: datetime) -> None:
    """The split-off case is emptied into the one that it came from, with what was added to it since; its reference,
    which people may know by now, leads there."""
    if other.messages.exclude(pk__in=moved["messages"]).exists() or not _moving.all_there(moved, other):
        raise MovedOn
    kept.links.filter(pk=moved["link"]).delete()
    _moving.move_all(other, kept)
    kept.contacts = kept.contacts + moved["contacts"]
    waiting = other.unanswered_since
    before, after = moved["before"]["kept"], moved["after"]["kept"]
    touched = _pictures.take(kept, ["unanswered_since"])["unanswered_since"] != after["unanswered_since"]
    _as_before(kept, before, after, moved, why="split_undone", by=by, at=at)
    if touched:
        kept.unanswered_since = _earliest(kept.unanswered_since, waiting)
        kept.save(update_fields=["unanswered_since"])
    other.merged_into = kept
    other.unanswered_since = other.snoozed_until = None
    _steps.change_state(other, Case.State.ENDED, why="split_undone", by=by, at=at)
    other.save()
