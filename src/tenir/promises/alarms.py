"""When the engine looks at a promise again, and what for. Pure; the promise's own way of counting decides.

A warning comes when three quarters of its time are over: a promise of a month warns a week before, one of an hour a
quarter of an hour before. Half of its time after the date, and at most three days, it is late.
"""

from datetime import datetime, timedelta

from tenir.promises.dates import time_after, time_between
from tenir.promises.kinds import Kind
from tenir.promises.models import Promise

WARNING, DUE, LATE = "warning", "due", "late"
ASK, UNASKED = "ask", "unasked"
"""A delivered promise: ask the customer again, or let a person decide."""

ORDER = (WARNING, DUE, LATE)
LEAST_WARNING = timedelta(minutes=5)
LEAST_LATE, MOST_LATE = timedelta(minutes=30), timedelta(days=3)
TIME_TO_ACT = timedelta(minutes=15)
"""Between two alarms of one promise, also when the engine comes back after a night: nobody is told twice in a row."""
QUESTIONS = (timedelta(days=2), timedelta(days=7), timedelta(days=21))
"""After the delivery: growing intervals, so that silence is asked about and never takes for a yes (C17)."""

Alarm = tuple[datetime | None, str]
NONE: Alarm = (None, "")


def first(promise: Promise, *, at: datetime) -> Alarm:
    """The next alarm of an open promise as it stands at an instant: a warning, or else its date."""
    warning = _warning(promise)
    if warning is not None and warning > at:
        return warning, WARNING
    return max(promise.binding_at, at), DUE


def _warning(promise: Promise) -> datetime | None:
    if promise.kind == Kind.TELL:
        return None  # it is on a list already: being reminded before its date would only be noise
    whole = time_between(promise, promise.counted_from, promise.binding_at)
    warning = time_after(promise, promise.counted_from, whole * 3 / 4)
    latest = promise.binding_at - LEAST_WARNING
    return min(warning, latest) if latest > promise.counted_from else None


def reached(promise: Promise, *, at: datetime) -> str:
    """The alarm to give now: a warning that was slept through is not given after the date itself."""
    if promise.next_alarm == WARNING and promise.binding_at <= at:
        return DUE
    return promise.next_alarm


def after(promise: Promise, given: str, *, at: datetime) -> Alarm:
    """The alarm that follows one that is given now."""
    if given == WARNING:
        return promise.binding_at, DUE
    if given == DUE:
        half = (promise.binding_at - promise.counted_from) / 2
        late = promise.binding_at + min(max(half, LEAST_LATE), MOST_LATE)
        return max(late, at + TIME_TO_ACT), LATE
    if given.startswith(ASK):
        return _asking(promise, int(given.removeprefix(ASK)), at=at)
    return NONE


def asking(promise: Promise, *, at: datetime) -> Alarm:
    """The first question after a delivery."""
    return _asking(promise, 0, at=at)


def _asking(promise: Promise, asked: int, *, at: datetime) -> Alarm:
    since = promise.delivered_at or at
    if asked < len(QUESTIONS):
        return max(since + QUESTIONS[asked], at + TIME_TO_ACT), f"{ASK}{asked + 1}"
    return max(since + QUESTIONS[-1] * 4 / 3, at + timedelta(days=1)), UNASKED
