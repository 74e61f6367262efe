"""Drafts saved as they are typed, who has a case open, saved lists, mentions seen. None of this is in the ledger:
it is nobody's business afterwards."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tenir.cases.errors import NameMissing, NotYours
from tenir.cases.models import Case, Draft, Mention, Message, SavedView, Sight
from tenir.cases.verbs import _steps
from tenir.ledger.verbs import verb
from tenir.people.models import Agent, Role, Team
from tenir.text.storing import storable, storable_json

HERE_FOR = timedelta(seconds=40)
DRAFTED = (Message.Kind.REPLY, Message.Kind.NOTE)
FILTERS = ("state", "team", "owner", "tag", "language", "channel", "category", "unanswered")
"""What a list can be narrowed by. Owner and team may be "me", "mine" and "none"; unanswered is "yes"."""


@verb
def save_draft(
    case: Case,
    *,
    by: Agent,
    kind: str,
    text: str,
    at: datetime,
    recipients: Mapping[str, Sequence[str]] | None = None,
    attachments: Sequence[Sequence[Any]] | None = None,
    seen_id: int | None = None,
) -> Draft:
    """Keeps what `by` is writing in this case (a reply or a note; `ValueError` for another kind).

    Attachments are [name, type, size, sha256] rows. None leaves recipients, attachments or `seen_id` as they are.
    """
    if kind not in DRAFTED:
        raise ValueError(kind)
    case = _steps.lock(case)
    draft = case.drafts.filter(agent=by, kind=kind).first() or Draft(case=case, agent=by, kind=kind)
    draft.text, draft.saved_at = storable(text), at
    if recipients is not None:
        draft.recipients = storable_json({way: list(addresses) for way, addresses in recipients.items()})
    if attachments is not None:
        draft.attachments = storable_json([list(row) for row in attachments])
    if seen_id is not None:
        draft.seen_id = seen_id
    draft.save()
    return draft


@verb
def discard_draft(case: Case, *, by: Agent, kind: str) -> None:
    """Throws a draft away."""
    Draft.objects.filter(case=case, agent=by, kind=kind).delete()


@verb
def see(case: Case, *, by: Agent, at: datetime, up_to: int = 0, writing: bool = False) -> Sight:
    """Notes that `by` has the case open now (for forty seconds) and has read up to a message."""
    sight = Sight.objects.filter(case=case, agent=by).first()
    if sight is None:
        sight = Sight.objects.get_or_create(case=case, agent=by)[0]
    sight.message_id = max(sight.message_id, up_to)
    sight.here_until, sight.writing = at + HERE_FOR, writing
    sight.save(update_fields=["message_id", "here_until", "writing"])
    if up_to:
        Mention.objects.filter(agent=by, seen_at=None, message__case=case).update(seen_at=at)
    return sight


@verb
def go_away(case: Case, *, by: Agent, at: datetime) -> None:
    """Notes that `by` closed the case."""
    Sight.objects.filter(case=case, agent=by).update(here_until=at, writing=False)


@verb
def save_view(*, name: str, filters: Mapping[str, str], by: Agent, team: Team | None = None) -> SavedView:
    """Keeps a list under a name, for oneself or for one of one's teams (any team, for a supervisor).

    Raises `NameMissing`, `NotYours` for a team that is not one's own, `ValueError` for a filter that does not exist.
    """
    name = storable(" ".join(name.split()))[:80]
    if not name:
        raise NameMissing
    if unknown := set(filters) - set(FILTERS):
        raise ValueError(", ".join(sorted(unknown)))
    if team is not None and by.role == Role.AGENT and not team.members.filter(pk=by.pk).exists():
        raise NotYours
    kept = {field: storable(value)[:120] for field, value in filters.items() if value}
    return SavedView.objects.create(name=name, agent=by, team=team, filters=kept)


@verb
def delete_view(view: SavedView, *, by: Agent) -> bool:
    """Deletes one's own saved list; somebody else's stays (False)."""
    return bool(SavedView.objects.filter(pk=view.pk, agent=by).delete()[0])
