"""What keeps a case open. Rooms above know of things that are still owed; they register here when the application
starts, and no verb ends a case while one of them says no.

```python
def owed_on(case: Case) -> Refusal | None: ...

lid.keeps_open(owed_on)
```
"""

from collections.abc import Callable

from tenir.cases.models import Case
from tenir.ledger.refusals import Refusal

Reason = Callable[[Case], Refusal | None]
_reasons: list[Reason] = []


def keeps_open(reason: Reason) -> None:
    """Registers a function that says why a case, locked, may not end now (None: it may); once, however often called."""
    if reason not in _reasons:
        _reasons.append(reason)


def reason_to_stay_open(case: Case) -> Refusal | None:
    """The first reason why a case may not end, or None."""
    return next((why for reason in _reasons if (why := reason(case)) is not None), None)


def check(case: Case) -> None:
    """Raises the refusal of whatever keeps the case open."""
    if why := reason_to_stay_open(case):
        raise why
