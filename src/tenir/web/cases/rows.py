"""What the lists and the composer of the screens are made of."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import presenters, times
from tenir.cases.lists import Listing
from tenir.cases.models import Case, Draft
from tenir.cases.presenters import ToWhom
from tenir.cases.words import channel_name, state_name
from tenir.people.models import Agent
from tenir.web.cases.moments import moments

Context = dict[str, Any]


def case_list(listing: Listing, *, viewer: Agent, at: datetime, current: str = "") -> Context:
    """A list as its component takes it; beside a case, `current` is that case's reference."""
    query = "?" + urlencode({"list": listing.which})
    base = reverse("cases")
    rows = presenters.case_rows(listing.cases, viewer=viewer, at=at, current=current, query=query)
    return {
        "title": listing.title,
        "heading": "h2" if current else "h1",
        "key": listing.live,
        "url": f"{base}{query}&rows",
        "back_url": f"{base}{query}",
        "search_url": "" if current else reverse("search"),
        "new_url": "" if current else reverse("new-case"),
        "tabs": _tabs(listing.which),
        "rows": rows,
        "newer_url": listing.newer and f"{base}{query}&after={listing.newer}",
        "older_url": listing.older and f"{base}{query}&before={listing.older}",
        "bulk_url": reverse("bulk"),
        "bulk": _bulk(listing.which),
        "empty": _empty(listing.which),
    }


def _tabs(which: str) -> list[Context]:
    """The lists of one's own cases, as tabs; other lists have none."""
    own = {
        "mine": _("In hand"),
        "waiting_for_customer": _("Their turn"),
        "snoozed": _("Set aside"),
        "ended": _("Ended"),
    }
    if which not in own:
        return []
    base = reverse("cases")
    return [{"label": label, "url": f"{base}?list={name}", "current": name == which} for name, label in own.items()]


def _bulk(which: str) -> list[Context]:
    take = [{"label": _("Take"), "icon": "check", "what": "take"}] if which not in ("mine", "ended") else []
    return [
        *take,
        {"label": _("Set aside"), "icon": "clock", "dialog": "bulk-snooze"},
        {"label": _("Tag"), "icon": "tag", "dialog": "bulk-tag"},
        {"label": _("Team"), "icon": "people", "dialog": "bulk-team"},
        {"label": _("End…"), "icon": "flag", "dialog": "bulk-end"},
    ]


def _empty(which: str) -> Context:
    if which == "waiting":
        return {"icon": "check", "title": _("Everybody has somebody"), "words": _("No case is waiting to be taken.")}
    if which == "mine":
        words = _("Take one from “To take”, or enjoy the quiet.")
        return {"icon": "cup", "title": _("Nothing is waiting for you"), "words": words}
    return {"icon": "cup", "title": _("Nothing here"), "words": _("Cases will appear here by themselves.")}


def filter_fields(teams: list[Any], colleagues: list[Any]) -> list[Context]:
    """What a saved list can keep, with the choices of each."""
    nobody = ("none", _("nobody"))
    states = [("in_hand", _("in hand")), *((value, state_name(value)) for value in Case.State.values)]
    return [
        {"name": "state", "label": _("State"), "choices": states},
        {"name": "team", "label": _("Team"), "choices": [(team.pk, team.name) for team in teams]},
        {"name": "owner", "label": _("Owner"), "choices": [nobody, *((one.pk, one.given_name) for one in colleagues)]},
        {"name": "language", "label": _("Language"), "choices": [("fr", _("French")), ("en", _("English"))]},
        {
            "name": "channel",
            "label": _("Came"),
            "choices": [(value, channel_name(value)) for value in Case.Channel.values],
        },
        {"name": "unanswered", "label": _("Answer"), "choices": [("yes", _("still waits"))]},
    ]


# --- The composer ------------------------------------------------------------------------------------------------


def composer(case: Case, *, at: datetime, to: ToWhom, drafts: dict[str, Draft], kind: str = "") -> Context:
    """The foot of a case: a reply and an internal note, with what was already written of each."""
    reply, note = drafts.get("reply"), drafts.get("note")
    later = note is not None and (reply is None or note.saved_at > reply.saved_at)
    return {
        "kind": kind or ("note" if later else "reply"),
        "notice": "",
        "reply": _form(case, reply, "reply") | _reply_form(case, reply, to, at=at),
        "note": _form(case, note, "note")
        | {
            "mention_url": reverse("mention-options"),
            "placeholder": _("What the team should know: facts, with dates."),
        },
    }


def _form(case: Case, draft: Draft | None, kind: str) -> Context:
    reference = str(case)
    return {
        "action": reverse("replies" if kind == "reply" else "notes", args=[reference]),
        "draft_url": reverse("draft", args=[reference]),
        "upload_url": reverse("draft-files", args=[reference]),
        "text": draft.text if draft else "",
        "files": [draft_tile(case, row) for row in draft.attachments] if draft else [],
        "seen": case.last_inbound_id or "",
        "max_bytes": settings.MAX_ATTACHMENT_MB * 1024 * 1024,
    }


def draft_tile(case: Case, row: list[Any]) -> Context:
    """A file of a draft, which can be taken off again."""
    name, content_type, size, sha256 = row
    return {
        "name": name,
        "size": times.size(size),
        "icon": "image" if str(content_type).startswith("image/") else "file",
        "value": sha256,
        "remove_url": reverse("draft-file-removal", args=[case]),
    }


def _reply_form(case: Case, draft: Draft | None, to: ToWhom, *, at: datetime) -> Context:
    people, copied = to.to, to.cc
    if draft is not None and draft.recipients:
        people = [_typed(address, to) for address in draft.recipients.get("to", [])]
        copied = [_typed(address, to) for address in draft.recipients.get("cc", [])]
    return {
        "to": people,
        "cc": copied,
        "known": to.known,
        "hearing_url": reverse("hearing", args=[case]),
        "placeholder": _("Write to %(name)s") % {"name": case.customer.name or _("the customer")},
        "hold_words": presenters.hold_words(),
        "schedules": [(f"{moment.words}, {moment.date}", moment.value) for moment in moments(at=at)],
        "schedule_least": clock.local(at).strftime("%Y-%m-%dT%H:%M"),
    }


def _typed(address: str, to: ToWhom) -> Context:
    for one in (*to.to, *to.cc):
        if one["address"] == address:
            return dict(one)
    return {"name": address, "address": address, "outside": address not in to.known}
