"""One action on several cases, undone in one step."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from tenir.cases.errors import MovedOn
from tenir.cases.events import BulkDone
from tenir.cases.models import BulkAction, Case, Ending
from tenir.cases.verbs import _steps, describe, ending, ownership
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent, Role, Team

Choice = dict[str, Any]


@verb
def act(cases: Iterable[Case], *, what: str, by: Agent, at: datetime, **choice: Any) -> BulkAction:
    """Does `what` to each of the cases: take, give (to=), team (team=), snooze (until=), tag (name=), end (kind=).

    What does not apply to a case (taking somebody else's, ending an ended one) leaves it as it is. Returns the action,
    whose `before` names the cases that changed. A `what` that does not exist is a `ValueError`.
    """
    if what not in ACTIONS:
        raise ValueError(what)
    before = []
    for case in sorted(cases, key=lambda case: case.pk):
        locked = _steps.lock(case)
        was = _snapshot(locked)
        if ACTIONS[what](locked, choice, by, at):
            locked.save()
            before.append(was)
    action = BulkAction.objects.create(what=what, agent=by, before=before, at=at)
    changed = [row["case"] for row in before]
    record(BulkDone(action=action.pk, what=what, cases=changed), by=by, at=at)
    return action


def _snapshot(case: Case) -> dict[str, Any]:
    times = {
        name: value and value.isoformat()
        for name, value in (
            ("snoozed_until", case.snoozed_until),
            ("unanswered_since", case.unanswered_since),
            ("moved_at", case.moved_at),
        )
    }
    tags = list(case.tags.values_list("name", flat=True))
    return {"case": case.pk, "state": case.state, "owner": case.owner_id, "team": case.team_id, "tags": tags, **times}


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
    if case.team_id == (team.pk if team else None):
        return False
    ownership.move_step(case, team=team, by=by, at=at)
    return True


def _snooze(case: Case, choice: Choice, by: Agent, at: datetime) -> bool:
    if case.state == Case.State.ENDED:
        return False
    ending.snooze_step(case, until=choice["until"], by=by, at=at)
    return True


def _tag(case: Case, choice: Choice, by: Agent, at: datetime) -> bool:
    return describe.tag_step(case, name=choice["name"], by=by, at=at)


def _end(case: Case, choice: Choice, by: Agent, at: datetime) -> bool:
    if case.state == Case.State.ENDED:
        return False
    ending.end_step(case, Ending.Kind(choice["kind"]), because=choice.get("because", ""), by=by, at=at)
    return True


ACTIONS = {"take": _take, "give": _give, "team": _team, "snooze": _snooze, "tag": _tag, "end": _end}


@verb
def undo(action: BulkAction, *, by: Agent, at: datetime) -> BulkAction:
    """Puts the cases back as they were, but for those that moved on since. Raises `MovedOn` when nothing is left."""
    action = BulkAction.objects.select_for_update().get(pk=action.pk, agent=by)
    if action.undone_at is not None:
        raise MovedOn
    restored = [row["case"] for row in action.before if _restore(row, action, by=by, at=at)]
    if action.before and not restored:
        raise MovedOn
    action.undone_at = at
    action.save(update_fields=["undone_at"])
    record(BulkDone(action=action.pk, what=action.what, cases=restored, undone=True), by=by, at=at)
    return action


def _restore(was: dict[str, Any], action: BulkAction, *, by: Agent, at: datetime) -> bool:
    case = Case.objects.select_for_update(of=("self",)).get(pk=was["case"])
    if case.merged_into_id or case.messages.filter(at__gt=action.at).exists():
        return False
    _steps.change_state(case, was["state"], why="bulk_undone", by=by, at=at)
    case.owner_id, case.team_id = was["owner"], was["team"]
    for name in ("snoozed_until", "unanswered_since", "moved_at"):
        setattr(case, name, was[name] and datetime.fromisoformat(was[name]))
    case.save()
    for name in set(case.tags.values_list("name", flat=True)) - set(was["tags"]):
        describe.untag_step(case, name=name, by=by, at=at)
    _take_back_ending(case, action)
    return True


def _take_back_ending(case: Case, action: BulkAction) -> None:
    endings: Sequence[Ending] = case.endings.filter(at=action.at, reopened_at=None)
    for made in endings:
        made.delete()
