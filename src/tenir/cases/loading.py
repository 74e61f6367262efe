"""Everything that the page of one case shows, read in a constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field

from tenir.cases.models import Attachment, Case, Ending, Handover, Link, Message, Participant, Rearrangement, Step
from tenir.customers.models import Customer
from tenir.ledger.models import Event
from tenir.people.models import Agent

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


@dataclass
class Loaded:
    """A case and all that belongs to it."""

    case: Case
    messages: list[Message]
    files: dict[int, list[Attachment]] = field(default_factory=dict)
    facts: list[Event] = field(default_factory=list)
    participants: list[Participant] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    links: list[tuple[Case, str]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    offer: Handover | None = None
    ending: Ending | None = None
    rearranged: Rearrangement | None = None
    others: list[Case] = field(default_factory=list)
    names: dict[tuple[str, int], str] = field(default_factory=dict)
    seen_up_to: int = 0


def load(case: Case, *, viewer: Agent) -> Loaded:
    """Reads the case's page: the newest messages and facts, in order, and what stands beside them."""
    messages = case.messages.select_related("agent", "participant").defer("html").order_by("-at", "-pk")[:MOST_MESSAGES]
    loaded = Loaded(case, list(messages)[::-1])
    with_html = set(
        case.messages.exclude(html="").values_list("pk", flat=True)[:MOST_MESSAGES] if loaded.messages else ()
    )
    for message in loaded.messages:
        message.has_html = message.pk in with_html  # type: ignore[attr-defined]
    files = defaultdict(list)
    for file in Attachment.objects.filter(message__case=case).order_by("pk"):
        files[file.message_id].append(file)
    loaded.files = dict(files)
    facts = Event.objects.filter(case_id=case.pk, name__in=SHOWN_FACTS).order_by("-id")[:MOST_FACTS]
    loaded.facts = list(facts)[::-1]
    loaded.participants = list(case.participants.filter(removed_at=None).order_by("pk"))
    loaded.tags = list(case.tags.order_by("name").values_list("name", flat=True))
    loaded.links = _links(case)
    loaded.steps = list(case.steps.order_by("pk"))
    loaded.offer = case.offers.filter(state=Handover.State.OFFERED).select_related("giver", "taker").first()
    loaded.ending = case.endings.order_by("-at", "-pk").select_related("by").first()
    loaded.rearranged = case.rearranged.filter(undone_at=None).order_by("-at").select_related("other").first()
    loaded.others = list(
        Case.objects.filter(customer_id=case.customer_id, merged_into=None)
        .exclude(pk=case.pk)
        .order_by("-moved_at", "-pk")[:8]
    )
    loaded.names = _names(loaded.facts)
    sight = case.sights.filter(agent=viewer).values_list("message_id", flat=True).first()
    loaded.seen_up_to = sight or 0
    return loaded


def _links(case: Case) -> list[tuple[Case, str]]:
    rows = (
        Link.objects.filter(case=case).select_related("other"),
        Link.objects.filter(other=case).select_related("case"),
    )
    return [(link.other, link.because) for link in rows[0]] + [(link.case, link.because) for link in rows[1]]


def _names(facts: list[Event]) -> dict[tuple[str, int], str]:
    """The names of who did the facts: agents as colleagues call them, customers by their own."""
    wanted: dict[str, set[int]] = {"agent": set(), "customer": set()}
    for fact in facts:
        if fact.actor_id is not None and fact.actor_kind in wanted:
            wanted[fact.actor_kind].add(fact.actor_id)
    agents = Agent.objects.filter(pk__in=wanted["agent"]).values_list("pk", "given_name")
    customers = Customer.objects.filter(pk__in=wanted["customer"]).values_list("pk", "name")
    return {("agent", pk): name for pk, name in agents} | {("customer", pk): name for pk, name in customers}
