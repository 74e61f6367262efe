"""Everything that the page of one case shows, read in a constant number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from tenir.cases.access import visible_cases
from tenir.cases.models import Attachment, Case, Ending, Handover, Message, Participant, Rearrangement
from tenir.customers.models import Customer
from tenir.ledger.models import Event
from tenir.people.access import hidden_teams
from tenir.people.models import Agent
from tenir.statements import Prepared

MOST_MESSAGES = 400
MOST_FACTS = 400
SHOWN_FACTS = (
    "case_taken",
    "case_given",
    "case_released",
    "team_changed",
    "handover_offered",
    "handover_answered",
    "case_snoozed",
    "case_woken",
    "case_ended",
    "case_reopened",
    "ending_answered",
    "case_rearranged",
    "message_bounced",
    "message_failed",
    "reply_withdrawn",
    "letter_sent",
    "letter_bounced",
    "participant_changed",
    "customer_changed",
    "case_described",
    "callback_asked",
)
"""The facts that stand in the timeline; the others (a draft's tag, a message that shows itself) are in the ledger."""


class Beside(NamedTuple):
    """One small thing beside a case: a tag, a step, a linked case, another case of the customer, or the id of
    something that is rarely there. What `words`, `more` and `at` mean depends on `kind`."""

    kind: str
    id: int
    words: str
    more: str
    state: str
    at: datetime | None


@dataclass
class Loaded:
    """A case and all that belongs to it."""

    case: Case
    messages: Sequence[Message]
    files: dict[int, list[Attachment]] = field(default_factory=dict)
    facts: list[Event] = field(default_factory=list)
    participants: list[Participant] = field(default_factory=list)
    beside: dict[str, list[Beside]] = field(default_factory=dict)
    offer: Handover | None = None
    ending: Ending | None = None
    rearranged: Rearrangement | None = None
    names: dict[tuple[str, int], str] = field(default_factory=dict)
    seen_up_to: int = 0


def load(case: Case, *, viewer: Agent, at: datetime) -> Loaded:
    """Reads the case's page: the newest messages and facts, in order, and what stands beside them."""
    loaded = Loaded(case, _MESSAGES(case=case.pk)[::-1])
    for message in loaded.messages:
        message.case = case
    loaded.beside = _only_visible(_beside(case, viewer, at=at), viewer)
    if "file" in loaded.beside:
        loaded.files = _files(case)
    if "participant" in loaded.beside:
        loaded.participants = list(case.participants.filter(removed_at=None).order_by("pk"))
    loaded.facts = _facts([case.pk, *(row.id for row in loaded.beside.get("merged", []))])
    loaded.names = _names(loaded)
    _load_rare(loaded)
    return loaded


def _messages_of(case: int) -> QuerySet[Message]:
    formatted = ExpressionWrapper(~Q(html=""), output_field=BooleanField())
    messages = Message.objects.filter(case=case).select_related("agent", "participant").defer("html")
    return messages.annotate(has_html=formatted).order_by("-at", "-pk")[:MOST_MESSAGES]


def _facts_of(case: int) -> QuerySet[Event]:
    return Event.objects.filter(case_id=case, name__in=SHOWN_FACTS).order_by("-id")[:MOST_FACTS]


_MESSAGES = Prepared(_messages_of, case=int)
_FACTS = Prepared(_facts_of, case=int)


def _facts(family: list[int]) -> list[Event]:
    """What was done with a case and with those merged into it, in order."""
    facts = [fact for case in family for fact in _FACTS(case=case)]
    return sorted(facts, key=lambda fact: fact.id)[-MOST_FACTS:]


def _files(case: Case) -> dict[int, list[Attachment]]:
    files = defaultdict(list)
    for file in Attachment.objects.filter(message__case=case).order_by("pk"):
        files[file.message_id].append(file)
    return dict(files)


_BESIDE = """
SELECT 'tag' AS kind, t.id, t.name AS words, '' AS more, '' AS state, NULL AS at
  FROM cases_case_tags ct JOIN cases_tag t ON t.id = ct.tag_id WHERE ct.case_id = %(case)s
UNION ALL SELECT 'step', id, text, '', '', done_at FROM cases_step WHERE case_id = %(case)s
UNION ALL SELECT 'link', c.id, l.because, c.reference, c.subject, NULL
  FROM cases_link l JOIN cases_case c ON c.id = l.other_id WHERE l.case_id = %(case)s
UNION ALL SELECT 'link', c.id, l.because, c.reference, c.subject, NULL
  FROM cases_link l JOIN cases_case c ON c.id = l.case_id WHERE l.other_id = %(case)s
UNION ALL SELECT * FROM (SELECT 'other', id, subject, reference, state, moved_at FROM cases_case
  WHERE customer_id = %(customer)s AND merged_into_id IS NULL AND id <> %(case)s
  ORDER BY moved_at DESC, id DESC LIMIT 8) AS others
UNION ALL SELECT 'offer', id, '', '', '', NULL FROM cases_handover WHERE case_id = %(case)s AND state = 'offered'
UNION ALL SELECT 'ending', id, '', '', '', NULL FROM cases_ending WHERE case_id = %(case)s AND reopened_at IS NULL
UNION ALL SELECT 'rearranged', id, '', '', '', NULL FROM cases_rearrangement
  WHERE kept_id = %(case)s AND undone_at IS NULL
UNION ALL SELECT 'merged', id, '', '', '', NULL FROM (
  WITH RECURSIVE family(id) AS (
    SELECT id FROM cases_case WHERE merged_into_id = %(case)s
    UNION SELECT c.id FROM cases_case c JOIN family ON c.merged_into_id = family.id
  ) SELECT id FROM family) AS merged
UNION ALL SELECT 'file', 0, '', '', '', NULL FROM (SELECT 1 FROM cases_attachment a
  JOIN cases_message m ON m.id = a.message_id WHERE m.case_id = %(case)s LIMIT 1) AS files
UNION ALL SELECT 'participant', 0, '', '', '', NULL FROM (SELECT 1 FROM cases_participant
  WHERE case_id = %(case)s AND removed_at IS NULL LIMIT 1) AS participants
UNION ALL SELECT 'here', a.id, a.given_name, CASE WHEN s.writing THEN 'writing' ELSE '' END, '', NULL
  FROM cases_sight s JOIN people_agent a ON a.id = s.agent_id
  WHERE s.case_id = %(case)s AND s.agent_id <> %(viewer)s AND s.here_until > %(at)s
UNION ALL SELECT 'sight', message_id, '', '', '', NULL FROM cases_sight
  WHERE case_id = %(case)s AND agent_id = %(viewer)s"""


def _beside(case: Case, viewer: Agent, *, at: datetime) -> dict[str, list[Beside]]:
    """A dozen small questions in one query: asked one by one they would cost more than everything else on the page."""
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(at)
        asked = {"case": case.pk, "customer": case.customer_id, "viewer": viewer.pk, "at": moment}
        cursor.execute(_BESIDE, asked)
        rows = [Beside(kind, pk, words, more, state, _instant(at)) for kind, pk, words, more, state, at in cursor]
    found: dict[str, list[Beside]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    return found


def _only_visible(found: dict[str, list[Beside]], viewer: Agent) -> dict[str, list[Beside]]:
    """A case that the viewer may not see is not told of beside another one either."""
    named = {row.id for kind in ("link", "other") for row in found.get(kind, [])}
    if not named or not hidden_teams(viewer):
        return found
    seen = set(visible_cases(viewer).filter(pk__in=named).values_list("pk", flat=True))
    for kind in ("link", "other"):
        found[kind] = [row for row in found.get(kind, []) if row.id in seen]
    return found


def _instant(value: datetime | str | None) -> datetime | None:
    """A moment as the database's driver gives it (SQLite: text in UTC)."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


def _load_rare(loaded: Loaded) -> None:
    """Reads whole what is there only now and then."""
    last = {kind: max(row.id for row in rows) for kind, rows in loaded.beside.items() if rows}
    if "offer" in last:
        loaded.offer = Handover.objects.select_related("giver", "taker").get(pk=last["offer"])
    if "ending" in last:
        loaded.ending = Ending.objects.select_related("by").get(pk=last["ending"])
    if "rearranged" in last:
        loaded.rearranged = Rearrangement.objects.get(pk=last["rearranged"])
    loaded.seen_up_to = last.get("sight", 0)


def _names(loaded: Loaded) -> dict[tuple[str, int], str]:
    """The names of who did the facts: agents as colleagues call them, customers and participants by their own.

    Most of them have been read with the case and its messages; only the others are asked for.
    """
    case = loaded.case
    agents_read = [case.owner, *(message.agent for message in loaded.messages)]
    names = {("agent", one.pk): one.given_name for one in agents_read if one is not None}
    names |= {("participant", one.pk): str(one) for one in loaded.participants}
    names["customer", case.customer_id] = case.customer.name
    wanted: dict[str, set[int]] = {"agent": set(), "customer": set(), "participant": set()}
    for fact in loaded.facts:
        known = fact.actor_id is None or (fact.actor_kind, fact.actor_id) in names
        if not known and fact.actor_kind in wanted:
            wanted[fact.actor_kind].add(fact.actor_id or 0)
    if wanted["agent"]:
        agents = Agent.objects.filter(pk__in=wanted["agent"]).values_list("pk", "given_name")
        names |= {("agent", pk): name for pk, name in agents}
    if wanted["customer"]:
        customers = Customer.objects.filter(pk__in=wanted["customer"]).values_list("pk", "name")
        names |= {("customer", pk): name for pk, name in customers}
    if wanted["participant"]:
        others = Participant.objects.filter(pk__in=wanted["participant"])
        names |= {("participant", one.pk): str(one) for one in others}
    return names
