"""The only writers of promises. Each verb is one transaction: it locks, checks, writes and records."""

from tenir.promises.verbs.changing import (
    Told,
    break_promise,
    give,
    name_deputy,
    renegotiate,
    told_in_a_letter,
    withdraw,
)
from tenir.promises.verbs.keeping import Answer, confirm, deliver, leave_unconfirmed, said_already
from tenir.promises.verbs.promising import Deadline, promise
from tenir.promises.verbs.rules import (
    For,
    add_calendar,
    change_calendar,
    choose_desk_calendar,
    end_absence,
    import_closures,
    keep_policy,
    note_absence,
    retire_policy,
)

__all__ = [
    "Answer",
    "Deadline",
    "For",
    "Told",
    "add_calendar",
    "break_promise",
    "change_calendar",
    "choose_desk_calendar",
    "confirm",
    "deliver",
    "end_absence",
    "give",
    "import_closures",
    "keep_policy",
    "leave_unconfirmed",
    "name_deputy",
    "note_absence",
    "promise",
    "renegotiate",
    "retire_policy",
    "said_already",
    "told_in_a_letter",
    "withdraw",
]
