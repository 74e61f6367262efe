"""The only writers of tasks: planning and withdrawing (inside another verb's transaction), claiming and ending."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet

from tenir.ledger.events import SYSTEM, Doer
from tenir.ledger.verbs import record, verb
from tenir.outbox.events import ClockSetBack, TaskDied, TaskRevived
from tenir.outbox.models import Task

LEASE = timedelta(minutes=5)
AHEAD = timedelta(minutes=1)
"""How far the clocks of two machines may differ before a task set in the future is thought to come from a wrong one."""


def plan(
    kind: str,
    *,
    key: str,
    due_at: datetime,
    at: datetime,
    case_id: int | None = None,
    appointed: bool = False,
    **data: Any,
) -> Task:
    """Plans work of `kind` at `due_at`, once per `key`: planning it again changes nothing and returns what is there.

    `appointed` says that a person chose the instant: a corrected clock does not move it. Runs inside the caller's
    transaction.
    """
    defaults = {
        "kind": kind,
        "due_at": due_at,
        "set_at": at,
        "created_at": at,
        "case_id": case_id,
        "appointed": appointed,
        "data": data,
    }
    return Task.objects.get_or_create(key=key, defaults=defaults)[0]


def join(kind: str, *, case_id: int, name: str, value: object) -> bool:
    """Adds a value to the list `name` of a task of this kind that is planned for the case; False when there is none
    that no worker has claimed yet. A worker reads the list again once it has claimed the task. One caller at a time."""
    unclaimed = Task.objects.filter(kind=kind, case_id=case_id, state=Task.State.WAITING, attempts=0)
    task = unclaimed.order_by("pk").first()
    if task is None:
        return False
    data = task.data | {name: [*task.data.get(name, []), value]}
    return unclaimed.filter(pk=task.pk).update(data=data) == 1


def withdraw(key: str, *, at: datetime) -> bool:
    """Withdraws a task that no worker has claimed yet; False when it is too late (or there is no such task)."""
    return _unclaimed(key).update(state=Task.State.WITHDRAWN, ended_at=at) == 1


def move(key: str, *, due_at: datetime, at: datetime | None = None) -> bool:
    """Changes when an unclaimed task is due; False when it is too late."""
    changes: dict[str, Any] = {"due_at": due_at} | ({"set_at": at} if at else {})
    return _unclaimed(key).update(**changes) == 1


def _unclaimed(key: str) -> QuerySet[Task]:
    return Task.objects.filter(key=key, state=Task.State.WAITING, attempts=0)


@verb
def revive(task: Task, *, at: datetime, by: Doer = SYSTEM) -> bool:
    """Gives a dead task another life, due now; False when it is not dead."""
    dead = Task.objects.filter(pk=task.pk, state=Task.State.DEAD)
    if dead.update(state=Task.State.WAITING, due_at=at, set_at=at, ended_at=None, failures=0) != 1:
        return False
    record(TaskRevived(case=task.case_id, task=task.pk, kind=task.kind), by=by, at=at)
    return True


@dataclass(frozen=True)
class Claim:
    """A task in one worker's hands until the lease ends; only the holder of this very claim can end it, since every
    claim has a number of its own (`task.attempts`)."""

    task: Task


def claim_next(*, at: datetime, kinds: list[str], worker: str = "") -> Claim | None:
    """Claims the task that has been due longest, among these kinds, for the worker of this name; None when nothing is
    due."""
    due = Task.objects.filter(state=Task.State.WAITING, due_at__lte=at, kind__in=kinds).order_by("due_at", "pk")
    for task in due[:20]:
        mine = Task.objects.filter(pk=task.pk, state=Task.State.WAITING, due_at=task.due_at, attempts=task.attempts)
        taken = {"due_at": at + LEASE, "set_at": at, "appointed": False, "attempts": task.attempts + 1}
        taken["worker"] = worker
        if mine.update(**taken) == 1:
            task.due_at, task.set_at, task.appointed, task.attempts = at + LEASE, at, False, task.attempts + 1
            return Claim(task)
    return None


def _held(claim: Claim) -> QuerySet[Task]:
    return Task.objects.filter(pk=claim.task.pk, state=Task.State.WAITING, attempts=claim.task.attempts)


def hold_on(claim: Claim, *, at: datetime) -> bool:
    """Renews the lease of a task that is still being done; False when it was lost."""
    return _held(claim).update(due_at=at + LEASE, set_at=at) == 1


def done(claim: Claim, *, at: datetime) -> bool:
    """Ends the task as done; False when the lease was lost meanwhile."""
    return _held(claim).update(state=Task.State.DONE, ended_at=at, reason="") == 1


def later(claim: Claim, *, due_at: datetime, at: datetime, reason: str, failed: bool = False) -> bool:
    """Puts the task off, with the reason; False when the lease was lost. `failed` counts it as a failure."""
    failures = F("failures") + (1 if failed else 0)
    changes = {"due_at": due_at, "set_at": at, "reason": reason[:2000], "failures": failures, "worker": ""}
    return _held(claim).update(**changes) == 1


def give_back(worker: str, *, at: datetime) -> int:
    """Makes due again what a worker held that certainly lives no more; returns how many tasks."""
    return Task.objects.filter(state=Task.State.WAITING, worker=worker).update(due_at=at, set_at=at, worker="")


@verb
def give_up(claim: Claim, *, at: datetime, reason: str) -> bool:
    """Ends the task as dead: it stays visible with its reason until a person decides. False when the lease was lost."""
    if _held(claim).update(state=Task.State.DEAD, ended_at=at, reason=reason[:2000]) != 1:
        return False
    record(TaskDied(case=claim.task.case_id, task=claim.task.pk, kind=claim.task.kind), by=SYSTEM, at=at)
    return True


@verb
def set_right(*, at: datetime, back_by: timedelta = timedelta(0)) -> int:
    """After the clock was set back: what was planned in what is now the future keeps its waiting time from now on.

    A reply that was held for ten seconds leaves in ten seconds and not in an hour and ten seconds. An instant that a
    person chose stays as it is. Safe to repeat, by several workers: a task that was moved is no longer in the future.
    Returns how many were moved; says so in the ledger, also when `back_by` alone tells that the clock went back.
    """
    moved = 0
    for task in Task.objects.filter(state=Task.State.WAITING, set_at__gt=at + AHEAD, appointed=False):
        still = Task.objects.filter(pk=task.pk, state=Task.State.WAITING, set_at=task.set_at)
        moved += still.update(due_at=at + (task.due_at - task.set_at), set_at=at)
    if moved or back_by:
        record(ClockSetBack(seconds=round(back_by.total_seconds()), tasks=moved), by=SYSTEM, at=at)
    return moved
