"""One action on several cases, undone in one step."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from tenir.cases import lid
from tenir.cases.errors import MovedOn
from tenir.cases.events import BulkDone, CaseGiven, CaseReleased, TeamChanged
from tenir.cases.models import BulkAction, Case
from tenir.cases.verbs import _pictures, _steps, describe, ending, ownership
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent, Role, Team

Choice = dict[str, Any]
CHANGED = ("state", "owner_id", "team_id", "snoozed_until", "unanswered_since", "moved_at", "handovers")


@verb
def act(cases: Iterable[Case], *, what: str, by: Agent, at: datetime, **choice: Any) -> BulkAction:
    """Does `what` to each of the cases: take, give (to=), team (team=), snooze (until=), tag (name=), end (kind=).

    What does not apply to a case (taking somebody else's, ending an ended one) leaves it as it is. Returns the action,
    whose `before` names the cases that changed. A `what` that does not exist is a `ValueError`; a choice that no case
    could be done with is refused as by the single verb (`InThePast`, `BecauseMissing`, `HasLeft`).
    """
    if what not in ACTIONS:
        raise ValueError(what)
    _check(what, choice, at=at)
    before: list[dict[str, Any]] = []
    after: list[dict[str, Any]] = []
    seen: set[int] = set()
    for case in sorted(cases, key=lambda case: case.pk):
        locked = _steps.lock(case)
        if locked.pk in seen:  # two references of one case, since they were merged
            continue
        seen.add(locked.pk)
        was = _picture(locked)
        if ACTIONS[what](locked, choice, by, at):
            locked.save(update_fields=[name.removesuffix("_id") for name in CHANGED])
            before.append(was)
            after.append(_picture(locked))
    action = BulkAction.objects.create(what=what, agent=by, before=before, after=after, at=at)
    record(BulkDone(action=action.pk, what=what, cases=[row["case"] for row in before]), by=by, at=at)
    return action


def _check(what: str, choice: Choice, *, at: datetime) -> None:
    if what == "snooze":
        ending.check_later(choice["until"], at=at)
    if what == "end":
        ending.read_ending(choice["kind"], choice.get("because", ""))
    if what == "give":
        ownership.check_here(choice["to"])


def _picture(case: Case) -> dict[str, Any]:
    tags = sorted(case.tags.values_list("name", flat=True))
    current = _steps.current_ending(case)
    return {
        "case": case.pk,
        "tags": tags,
        "ending": current.pk if current else None,
        "fields": _pictures.take(case, CHANGED),
    }


def _take(case: Case, choice: Choice, by: Agent, at: datetime) -> bool:
    if case.owner_id is not None or case.state == Case.State.ENDED:
        return False
    ownership.take_step(case, by=by, at=at)
    return True


def _give(case: Case, choice: Choice, by: Agent, at: datetime) -> bool:
    if by.role == Role.AGENT or case.state == Case.State.ENDED or case.owner_id == choice["to"].pk:
        return False
    ownership.give_step(case, to=choice["to"], by=by, at=at)
    return True


def _team(case: Case, choice: Choice, by: Agent, at: datetime) -> bool:
    team: Team | None = choice["team"]
    if case.owner_id not in (None, by.pk) and by.role == Role.AGENT:
        return False
    return ownership.move_step(case, team=team, by=by, at=at)


def _snooze(case: Case, choice: Choice, by: Agent, at: datetime) -> bool:
    if case.state == Case.State.ENDED:
        return False
    ending.snooze_step(case, until=choice["until"], by=by, at=at)
    return True


def _tag(case: Case, choice: Choice, by: Agent, at: datetime) -> bool:
    return describe.tag_step(case, name=choice["name"], by=by, at=at)


def _end(case: Case, choice: Choice, by: Agent, at: datetime) -> bool:
    if case.state == Case.State.ENDED or lid.reason_to_stay_open(case):
        return False
    because = choice.get("because", "")
    ending.end_step(case, ending.read_ending(choice["kind"], because), because=because, by=by, at=at)
    return True


ACTIONS: dict[str, Callable[[Case, Choice, Agent, datetime], bool]] = {
    "take": _take,
    "give": _give,
    "team": _team,
    "snooze": _snooze,
    "tag": _tag,
    "end": _end,
}


@verb
def undo(action: BulkAction, *, by: Agent, at: datetime) -> BulkAction:
    """Puts the cases back as they were, but for those that moved on since. Raises `MovedOn` when nothing is left.

    Only whoever acted may: `BulkAction.DoesNotExist` for anybody else.
    """
    action = BulkAction.objects.select_for_update().get(pk=action.pk, agent=by)
    if action.undone_at is not None:
        raise MovedOn
    pairs = zip(action.before, action.after, strict=True)
    restored = [was["case"] for was, left in pairs if _restore(was, left, by=by, at=at)]
    if action.before and not restored:
        raise MovedOn
    action.undone_at = at
    action.save(update_fields=["undone_at"])
    record(BulkDone(action=action.pk, what=action.what, cases=restored, undone=True), by=by, at=at)
    return action


def _restore(was: dict[str, Any], left: dict[str, Any], *, by: Agent, at: datetime) -> bool:
    """Puts one case back when it is exactly as the action left it; False when it moved on."""
    case = Case.objects.select_for_update().get(pk=was["case"])
    if case.merged_into_id or _picture(case) != left:
        return False
    owner, team = case.owner_id, case.team_id
    _pictures.put_back(case, before=was["fields"], after=left["fields"])
    state, case.state = case.state, left["fields"]["state"]
    if left["ending"] != was["ending"]:
        case.endings.filter(pk=left["ending"]).update(reopened_at=at)
    _steps.change_state(case, state, why="bulk_undone", by=by, at=at)
    _tell(case, owner=owner, team=team, by=by, at=at)
    case.save(update_fields=[name.removesuffix("_id") for name in CHANGED])
    for name in set(left["tags"]) - set(was["tags"]):
        describe.untag_step(case, name=name, by=by, at=at)
    return True


def _tell(case: Case, *, owner: int | None, team: int | None, by: Agent, at: datetime) -> None:
    """Whoever reads the ledger learns who has the case again."""
    if case.owner_id != owner:
        back = CaseGiven(case=case.pk, owner=case.owner_id, before=owner) if case.owner_id else None
        record(back or CaseReleased(case=case.pk, before=owner), by=by, at=at)
    if case.team_id != team:
        record(TeamChanged(case=case.pk, before=team, after=case.team_id), by=by, at=at)
