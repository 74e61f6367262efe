"""The only writers of tasks: planning and withdrawing (inside another verb's transaction), claiming and ending."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tenir.outbox.models import Task

LEASE = timedelta(minutes=5)


def plan(kind: str, *, key: str, due_at: datetime, at: datetime, case_id: int | None = None, **data: Any) -> Task:
    """Plans work of `kind` at `due_at`, once per `key`: planning it again changes nothing and returns what is there."""
    return Task.objects.get_or_create(
        key=key, defaults={"kind": kind, "due_at": due_at, "created_at": at, "case_id": case_id, "data": data}
    )[0]


def withdraw(key: str, *, at: datetime) -> bool:
    """Withdraws a task that no worker has claimed yet; False when it is too late (or there is no such task)."""
    untouched = Task.objects.filter(key=key, state=Task.State.WAITING, attempts=0)
    return untouched.update(state=Task.State.WITHDRAWN, ended_at=at) == 1


def move(key: str, *, due_at: datetime) -> bool:
    """Changes when an unclaimed task is due; False when it is too late."""
    return Task.objects.filter(key=key, state=Task.State.WAITING, attempts=0).update(due_at=due_at) == 1


def revive(task: Task, *, at: datetime) -> bool:
    """Gives a dead task another life, due now; False when it is not dead."""
    again = {"state": Task.State.WAITING, "due_at": at, "ended_at": None}
    return Task.objects.filter(pk=task.pk, state=Task.State.DEAD).update(**again) == 1


@dataclass(frozen=True)
class Claim:
    """A task in one worker's hands until `lease_ends`; only the holder of this very lease can end it."""

    task: Task
    lease_ends: datetime


def claim_next(*, at: datetime, kinds: list[str]) -> Claim | None:
    """Claims the task that has been due longest, among these kinds; None when nothing is due."""
    due = Task.objects.filter(state=Task.State.WAITING, due_at__lte=at, kind__in=kinds).order_by("due_at")
    for task in due[:20]:
        lease_ends = at + LEASE
        mine = Task.objects.filter(pk=task.pk, state=Task.State.WAITING, due_at=task.due_at)
        if mine.update(due_at=lease_ends, attempts=task.attempts + 1) == 1:
            task.due_at, task.attempts = lease_ends, task.attempts + 1
            return Claim(task, lease_ends)
    return None


def _held(claim: Claim) -> Any:
    return Task.objects.filter(pk=claim.task.pk, state=Task.State.WAITING, due_at=claim.lease_ends)


def done(claim: Claim, *, at: datetime) -> bool:
    """Ends the task as done; False when the lease was lost meanwhile."""
    return bool(_held(claim).update(state=Task.State.DONE, ended_at=at, reason="") == 1)


def later(claim: Claim, *, due_at: datetime, reason: str) -> bool:
    """Puts the task off, with the reason; False when the lease was lost."""
    return bool(_held(claim).update(due_at=due_at, reason=reason[:2000]) == 1)


def give_up(claim: Claim, *, at: datetime, reason: str) -> bool:
    """Ends the task as dead: it stays visible with its reason until a person decides."""
    return bool(_held(claim).update(state=Task.State.DEAD, ended_at=at, reason=reason[:2000]) == 1)
