"""Drafts saved as they are typed, who has a case open, saved lists, mentions seen. None of this is in the ledger:
it is nobody's business afterwards."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tenir.cases.models import Case, Draft, Mention, SavedView, Sight
from tenir.ledger.verbs import verb
from tenir.people.models import Agent, Team

HERE_FOR = timedelta(seconds=40)


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
    """Keeps what `by` is writing in this case; attachments are [name, type, size, sha256] rows, None leaves them."""
    changes: dict[str, Any] = {"text": text, "saved_at": at}
    if recipients is not None:
        changes["recipients"] = {way: list(addresses) for way, addresses in recipients.items()}
    if attachments is not None:
        changes["attachments"] = [list(row) for row in attachments]
    if seen_id is not None:
        changes["seen_id"] = seen_id
    return Draft.objects.update_or_create(case=case, agent=by, kind=kind, defaults=changes)[0]


@verb
def discard_draft(case: Case, *, by: Agent, kind: str) -> None:
    """Throws a draft away."""
    Draft.objects.filter(case=case, agent=by, kind=kind).delete()


@verb
def see(case: Case, *, by: Agent, at: datetime, up_to: int = 0, writing: bool = False) -> Sight:
    """Notes that `by` has the case open now (for forty seconds) and has read up to a message."""
    sight = Sight.objects.get_or_create(case=case, agent=by)[0]
    sight.message_id = max(sight.message_id, up_to)
    sight.here_until, sight.writing = at + HERE_FOR, writing
    sight.save()
    Mention.objects.filter(agent=by, seen_at=None, message__case=case).update(seen_at=at)
    return sight


@verb
def go_away(case: Case, *, by: Agent, at: datetime) -> None:
    """Notes that `by` closed the case."""
    Sight.objects.filter(case=case, agent=by).update(here_until=at, writing=False)


@verb
def save_view(*, name: str, filters: Mapping[str, str], by: Agent, team: Team | None = None) -> SavedView:
    """Keeps a list under a name, for oneself or for one of one's teams."""
    return SavedView.objects.create(name=" ".join(name.split())[:80], agent=by, team=team, filters=dict(filters))


@verb
def delete_view(view: SavedView, *, by: Agent) -> bool:
    """Deletes one's own saved list; somebody else's stays (False)."""
    return bool(SavedView.objects.filter(pk=view.pk, agent=by).delete()[0])
