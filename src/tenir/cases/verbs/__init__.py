"""The only writers of cases. Each verb is one transaction: it locks, checks, writes and records."""

from tenir.cases.verbs import bulk, rearrange
from tenir.cases.verbs._steps import KeptFile
from tenir.cases.verbs.categories import add_category, remove_category, rename_category
from tenir.cases.verbs.customer import ask_callback
from tenir.cases.verbs.describe import (
    add_participant,
    add_step,
    categorise,
    change_customer,
    check_step,
    describe,
    link,
    remove_participant,
    remove_step,
    tag,
    unlink,
    untag,
)
from tenir.cases.verbs.ending import end, reopen, say_not_solved, say_solved, snooze, wake
from tenir.cases.verbs.ownership import (
    answer_handover,
    give,
    move_to_team,
    offer_handover,
    release,
    take,
    withdraw_handover,
)
from tenir.cases.verbs.rearrange import merge, split
from tenir.cases.verbs.receive import Incoming, log_call, open_case, receive, receive_message
from tenir.cases.verbs.reply import bounced, delayed, failed, leave, reply, sent, undo_reply, write_note
from tenir.cases.verbs.writing import delete_view, discard_draft, go_away, save_draft, save_view, see

__all__ = [
    "Incoming",
    "KeptFile",
    "add_category",
    "add_participant",
    "add_step",
    "answer_handover",
    "ask_callback",
    "bounced",
    "bulk",
    "categorise",
    "change_customer",
    "check_step",
    "delayed",
    "delete_view",
    "describe",
    "discard_draft",
    "end",
    "failed",
    "give",
    "go_away",
    "leave",
    "link",
    "log_call",
    "merge",
    "move_to_team",
    "offer_handover",
    "open_case",
    "rearrange",
    "receive",
    "receive_message",
    "release",
    "remove_category",
    "remove_participant",
    "remove_step",
    "rename_category",
    "reopen",
    "reply",
    "save_draft",
    "save_view",
    "say_not_solved",
    "say_solved",
    "see",
    "sent",
    "snooze",
    "split",
    "tag",
    "take",
    "undo_reply",
    "unlink",
    "untag",
    "wake",
    "withdraw_handover",
    "write_note",
]
