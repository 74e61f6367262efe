"""Whose case it is: taking, giving, putting back, moving between teams, handing over with the story."""

from datetime import datetime

from tenir.cases.errors import (
    AlreadyOffered,
    AlreadyOwned,
    AlreadyTheirs,
    HasLeft,
    NoSuchOffer,
    NotYours,
    StoryMissing,
)
from tenir.cases.events import (
    CaseGiven,
    CaseReleased,
    CaseTaken,
    HandoverAnswered,
    HandoverOffered,
    TeamChanged,
)
from tenir.cases.models import Case, Handover
from tenir.cases.verbs import _steps
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent, Role, Team
from tenir.text.storing import storable

OWNERSHIP = ("owner", "state", "team", "moved_at", "handovers")


@verb
def take(case: Case, *, by: Agent, at: datetime) -> Case:
    """Makes a case that is nobody's the taker's own. Two people at once: the second gets `AlreadyOwned`.

    Raises `AlreadyEnded`.
    """
    case = _steps.lock_open(case)
    if case.owner_id == by.pk:
        return case
    if case.owner is not None:
        raise AlreadyOwned(case.owner.given_name)
    take_step(case, by=by, at=at)
    case.save(update_fields=OWNERSHIP)
    return case


def take_step(case: Case, *, by: Agent, at: datetime) -> None:
    """Shared step: `by` becomes the owner of a locked case; the caller saves it."""
    _steps.withdraw_offers(case, by=by, at=at)
    record(CaseTaken(case=case.pk, owner=by.pk, before=case.owner_id), by=by, at=at)
    case.owner = by
    if case.state == Case.State.WAITING:
        _steps.change_state(case, Case.State.OPEN, why="taken", by=by, at=at)


@verb
def give(case: Case, *, to: Agent, by: Agent, at: datetime) -> Case:
    """A supervisor or administrator names the owner (somebody left, is ill). Agents hand over instead.

    Giving it to its owner changes nothing. Raises `NotYours` for an agent, `HasLeft`, `AlreadyEnded`.
    """
    if by.role == Role.AGENT:
        raise NotYours
    check_here(to)
    case = _steps.lock_open(case)
    if case.owner_id != to.pk:
        give_step(case, to=to, by=by, at=at)
        case.save(update_fields=OWNERSHIP)
    return case


def check_here(agent: Agent) -> None:
    """Raises `HasLeft` for somebody who cannot sign in."""
    if not agent.is_active:
        raise HasLeft(agent.given_name)


def give_step(case: Case, *, to: Agent, by: Agent, at: datetime) -> None:
    """Shared step: `to` becomes the owner of a locked case; an offered hand-over is moot. The caller saves."""
    _steps.withdraw_offers(case, by=by, at=at)
    record(CaseGiven(case=case.pk, owner=to.pk, before=case.owner_id), by=by, at=at)
    case.handovers += case.owner_id is not None
    case.owner = to
    case.moved_at = at
    if case.state == Case.State.WAITING:
        _steps.change_state(case, Case.State.OPEN, why="given", by=by, at=at)


@verb
def release(case: Case, *, by: Agent, at: datetime) -> Case:
    """Puts a case back into its queue: its owner, a supervisor or an administrator may.

    Releasing what is nobody's changes nothing. Raises `NotYours`, `AlreadyEnded`.
    """
    case = _steps.lock_open(case)
    _check_owner(case, by)
    if case.owner_id is not None:
        _steps.withdraw_offers(case, by=by, at=at)
        record(CaseReleased(case=case.pk, before=case.owner_id), by=by, at=at)
        case.owner = None
        _steps.change_state(case, Case.State.WAITING, why="released", by=by, at=at)
        case.save(update_fields=OWNERSHIP)
    return case


def _check_owner(case: Case, by: Agent) -> None:
    if case.owner_id not in (by.pk, None) and by.role == Role.AGENT:
        raise NotYours


@verb
def move_to_team(case: Case, *, team: Team | None, by: Agent, at: datetime) -> Case:
    """Moves a case to another team's queue, on top; its owner stays. Raises `NotYours` when it is somebody else's."""
    case = _steps.lock(case)
    _check_owner(case, by)
    if move_step(case, team=team, by=by, at=at):
        case.save(update_fields=OWNERSHIP)
    return case


def move_step(case: Case, *, team: Team | None, by: Agent, at: datetime) -> bool:
    """Shared step: changes the team of a locked case; False when it was there. The caller saves it."""
    after = team.pk if team else None
    if case.team_id == after:
        return False
    record(TeamChanged(case=case.pk, before=case.team_id, after=after), by=by, at=at)
    case.team = team
    case.moved_at = at
    return True


# --- Handing over ----------------------------------------------------------------------------------------------


@verb
def offer_handover(case: Case, *, to: Agent, story: str, by: Agent, at: datetime) -> Handover:
    """Asks a colleague to take the case, with its story. The case stays the giver's until it is accepted.

    Raises `StoryMissing`, `NotYours`, `AlreadyTheirs`, `HasLeft`, `AlreadyOffered`, `AlreadyEnded`.
    """
    if not story.strip():
        raise StoryMissing
    check_here(to)
    case = _steps.lock_open(case)
    if case.owner_id != by.pk and by.role == Role.AGENT:
        raise NotYours
    if case.owner_id == to.pk:
        raise AlreadyTheirs
    if case.offers.filter(state=Handover.State.OFFERED).exists():
        raise AlreadyOffered
    offer = Handover.objects.create(case=case, giver=by, taker=to, story=storable(story).strip(), at=at)
    record(HandoverOffered(case=case.pk, offer=offer.pk, taker=to.pk), by=by, at=at)
    return offer


@verb
def answer_handover(offer: Handover, *, accept: bool, by: Agent, at: datetime, words: str = "") -> Handover:
    """The colleague accepts (the case is theirs, the hand-over counted) or declines, with words for the giver.

    Raises `NotYours` when it was offered to somebody else, `NoSuchOffer` when it is answered already.
    """
    if offer.taker_id != by.pk:
        raise NotYours
    case, offer = _lock_offer(offer)
    _answer(offer, Handover.State.ACCEPTED if accept else Handover.State.DECLINED, words=words, at=at)
    record(HandoverAnswered(case=case.pk, offer=offer.pk, taker=by.pk, answer=offer.state), by=by, at=at)
    if accept:
        case.handovers += case.owner_id is not None
        case.owner = by
        case.moved_at = at
        if case.state == Case.State.WAITING:
            _steps.change_state(case, Case.State.OPEN, why="handover", by=by, at=at)
        case.save(update_fields=OWNERSHIP)
    return offer


@verb
def withdraw_handover(offer: Handover, *, by: Agent, at: datetime) -> Handover:
    """The giver takes the offer back; a supervisor or an administrator may too. Raises `NotYours`, `NoSuchOffer`."""
    if offer.giver_id != by.pk and by.role == Role.AGENT:
        raise NotYours
    case, offer = _lock_offer(offer)
    _answer(offer, Handover.State.WITHDRAWN, words="", at=at)
    record(HandoverAnswered(case=case.pk, offer=offer.pk, taker=offer.taker_id, answer=offer.state), by=by, at=at)
    return offer


def _lock_offer(offer: Handover) -> tuple[Case, Handover]:
    """The offer and its case, locked. An offer of a case that was merged into another waits for the merge's undoing."""
    case = Case.objects.select_for_update().get(pk=offer.case_id)
    offer = Handover.objects.select_for_update().get(pk=offer.pk)
    if offer.state != Handover.State.OFFERED or case.merged_into_id is not None:
        raise NoSuchOffer
    return case, offer


def _answer(offer: Handover, state: Handover.State, *, words: str, at: datetime) -> None:
    offer.state, offer.answer, offer.answered_at = state, storable(words).strip(), at
    offer.save(update_fields=["state", "answer", "answered_at"])
