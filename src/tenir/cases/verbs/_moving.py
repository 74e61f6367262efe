"""Moving what belongs to one case into another, row by row, and back."""

from typing import Any

from django.db.models import Q

from tenir.cases.models import Case, Draft, Link, Participant, Step
from tenir.customers.models import Reach

Moved = dict[str, Any]


def move_all(source: Case, target: Case) -> Moved:
    """Moves every row of `source` that can be in `target`; returns what moved, so that `move_back` finds it."""
    return {
        "messages": move_messages(source, target),
        "steps": _move(source.steps.values_list("pk", flat=True), Step, target),
        "participants": _move_participants(source, target),
        "links": _move_links(source, target),
        "tags": _add_tags(source, target),
        "drafts": [_move_draft(draft, target) for draft in source.drafts.order_by("pk")],
    }


def move_messages(source: Case, target: Case) -> list[int]:
    ids = list(source.messages.order_by("pk").values_list("pk", flat=True))
    source.messages.update(case=target)
    return ids


def _move(ids: Any, table: Any, target: Case) -> list[int]:
    moved = sorted(ids)
    table.objects.filter(pk__in=moved).update(case=target)
    return moved


def _move_participants(source: Case, target: Case) -> list[int]:
    """Those whom the target does not know; one who is in both stays where they are, and keeps what they said."""
    present = set(target.participants.values_list("address", flat=True))
    own = Reach.objects.filter(customer_id=target.customer_id, kind=Reach.Kind.EMAIL)
    present |= set(own.values_list("value", flat=True))
    strangers = source.participants.exclude(address__in=present)
    return _move(strangers.values_list("pk", flat=True), Participant, target)


def _add_tags(source: Case, target: Case) -> list[int]:
    new = set(source.tags.values_list("pk", flat=True)) - set(target.tags.values_list("pk", flat=True))
    target.tags.add(*new)
    return sorted(new)


def _move_links(source: Case, target: Case) -> list[int]:
    known = {target.pk, *_linked(target)}
    moved = []
    for link in Link.objects.filter(Q(case=source) | Q(other=source)).order_by("pk"):
        far = link.other_id if link.case_id == source.pk else link.case_id
        if far not in known:
            known.add(far)
            _point(link, near=source, to=target)
            moved.append(link.pk)
    return moved


def _linked(case: Case) -> set[int]:
    pairs = Link.objects.filter(Q(case=case) | Q(other=case)).values_list("case_id", "other_id")
    return {number for pair in pairs for number in pair}


def _point(link: Link, *, near: Case, to: Case) -> None:
    if link.case_id == near.pk:
        link.case = to
    else:
        link.other = to
    link.save(update_fields=["case", "other"])


def _move_draft(draft: Draft, target: Case) -> Moved:
    """A draft goes along; where its author has begun one in the target too, its words are added to that one."""
    mine = target.drafts.filter(agent_id=draft.agent_id, kind=draft.kind).first()
    if mine is None:
        draft.case = target
        draft.save(update_fields=["case"])
        return {"draft": draft.pk}
    before = {"text": mine.text, "attachments": mine.attachments}
    mine.text = "\n\n".join(text for text in (mine.text, draft.text) if text.strip())
    mine.attachments = mine.attachments + [row for row in draft.attachments if row not in mine.attachments]
    mine.save(update_fields=["text", "attachments"])
    after = {"text": mine.text, "attachments": mine.attachments}
    return {"added_to": mine.pk, "before": before, "after": after}


# --- And back ------------------------------------------------------------------------------------------------------


def all_there(moved: Moved, case: Case) -> bool:
    """Whether every message that moved is still in this case."""
    return case.messages.filter(pk__in=moved["messages"]).count() == len(moved["messages"])


def move_back(moved: Moved, *, source: Case, target: Case) -> None:
    """Puts the rows that moved from `source` to `target` back, where they still are; what was removed stays so."""
    for table in ("messages", "steps", "participants"):
        getattr(target, table).filter(pk__in=moved[table]).update(case=source)
    for link in Link.objects.filter(Q(case=target) | Q(other=target), pk__in=moved["links"]):
        _point(link, near=target, to=source)
    target.tags.remove(*moved["tags"])
    for row in moved["drafts"]:
        _move_draft_back(row, source=source, target=target)


def _move_draft_back(row: Moved, *, source: Case, target: Case) -> None:
    if "draft" in row:
        draft = target.drafts.filter(pk=row["draft"]).first()
        if draft and not source.drafts.filter(agent_id=draft.agent_id, kind=draft.kind).exists():
            draft.case = source
            draft.save(update_fields=["case"])
        return
    mine = target.drafts.filter(pk=row["added_to"]).first()
    if mine and {"text": mine.text, "attachments": mine.attachments} == row["after"]:
        mine.text, mine.attachments = row["before"]["text"], row["before"]["attachments"]
        mine.save(update_fields=["text", "attachments"])
