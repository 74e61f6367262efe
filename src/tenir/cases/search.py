"""Search over everything said and everyone known: one interface over FTS5 (SQLite) and tsvector (PostgreSQL).

A text is folded (accents, case) and stemmed in Python, so both databases find the same. Each document holds its words
(for phrases, prefixes and exact words) and its stems (a little lighter), French and English.

The newest `CANDIDATES` matches are ranked by relevance and recency: a word that stands in a hundredth of a million
cases is answered as quickly as a rare one, and what nobody would scroll to is not weighed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from tenir.cases import reference as references
from tenir.cases.access import visible_cases
from tenir.cases.fulltext import CASES, CUSTOMERS, MESSAGES, Document, Term, index
from tenir.cases.models import Case, Message
from tenir.customers import phone
from tenir.customers.models import Customer, Reach
from tenir.people.models import Agent
from tenir.text.search import excerpt, stems, words

CANDIDATES = 300
MAX_TERMS = 8


def document(texts: Iterable[str], language: str) -> Document:
    """A text as the index holds it."""
    whole = " \n ".join(text for text in texts if text)
    return Document(words=" ".join(words(whole)), stems=" ".join(stems(whole, language)))


def _message_document(message: Message) -> Document:
    return document([message.subject, message.text, message.author_name], message.language)


def index_message(message: Message) -> None:
    """Enters a new message; its words never change afterwards."""
    index().add(MESSAGES, message.pk, _message_document(message))


def forget_message(message: Message) -> None:
    """Takes a message out of the index; called before its words are erased."""
    index().remove(MESSAGES, message.pk, _message_document(message))


def index_case(case: Case) -> None:
    """Enters a case's own words again: subject, remedies, tags."""
    tags = " ".join(case.tags.values_list("name", flat=True))
    made = document([case.subject, case.remedy_sought, case.remedy_given, tags], case.language)
    index().replace(CASES, case.pk, made)


def index_customer(customer: Customer) -> None:
    """Enters who a customer is: name, addresses, numbers, subscription numbers."""
    reaches = [text for reach in customer.reaches.all() for text in (reach.value, reach.shown)]
    numbers = [subscription.number for subscription in customer.subscriptions.all()]
    index().replace(CUSTOMERS, customer.pk, document([customer.name, *reaches, *numbers], ""))


@dataclass(frozen=True)
class Hit:
    """A case that was found: the message that matched (None: the case's own words), its text around the match."""

    case: Case
    message_id: int | None
    excerpt: list[tuple[str, bool]]


@dataclass(frozen=True)
class Found:
    """What a search found: the case whose reference was typed, customers, and cases by relevance."""

    exact: Case | None
    customers: list[Customer]
    hits: list[Hit]


def read_query(query: str, language: str) -> list[Term]:
    """The terms of a query: "phrases in quotes", words, and a last word that may be unfinished (a prefix)."""
    terms: list[Term] = []
    for number, piece in enumerate(query.split('"')):
        if number % 2 and len(words(piece)) > 1:
            terms.append(Term(words=tuple(words(piece)), stem=None, prefix=False))
        else:
            terms += [
                Term(words=(word,), stem=next(iter(stems(word, language)), None), prefix=False) for word in words(piece)
            ]
    if terms and not query.endswith((" ", '"')):
        last = terms[-1]
        terms[-1] = Term(words=last.words, stem=last.stem, prefix=len(last.words) == 1 and len(last.words[0]) > 1)
    return terms[:MAX_TERMS]


def find(query: str, *, agent: Agent, limit: int = 50) -> Found:
    """Searches what `agent` may see. An empty query, or one without a word in it, finds nothing."""
    terms = read_query(query[:400], agent.language)
    exact = _by_reference(query, agent)
    customers = find_customers(query, limit=8)
    if not terms:
        return Found(exact, customers, [])
    return Found(exact, customers, _hits(terms, agent, limit=limit))


def _by_reference(query: str, agent: Agent) -> Case | None:
    bare = references.read(query.strip())
    case = Case.objects.filter(reference=bare).first() if bare else None
    while case is not None and case.merged_into is not None:
        case = case.merged_into
    return visible_cases(agent).filter(pk=case.pk).select_related("customer", "owner").first() if case else None


def find_customers(query: str, *, limit: int = 8) -> list[Customer]:
    """Customers by name, address, subscription number or telephone number in any of its forms."""
    found: dict[int, Customer] = {}
    number = phone.read_phone(query).e164
    direct = Q(value=query.strip().lower(), kind=Reach.Kind.EMAIL)
    if number:
        direct |= Q(value=number, kind=Reach.Kind.PHONE)
    for reach in Reach.objects.filter(direct, customer__merged_into=None).select_related("customer")[:limit]:
        found[reach.customer_id] = reach.customer
    terms = read_query(query[:200], "")
    if terms and len(found) < limit:
        ids = index().newest(CUSTOMERS, terms, limit=limit)
        for customer in Customer.objects.filter(pk__in=ids, merged_into=None):
            found.setdefault(customer.pk, customer)
    return list(found.values())[:limit]


def _hits(terms: list[Term], agent: Agent, *, limit: int) -> list[Hit]:
    by_message = index().best(MESSAGES, terms, candidates=CANDIDATES, limit=limit * 3)
    by_case = index().best(CASES, terms, candidates=CANDIDATES, limit=limit)
    owners = dict(Message.objects.filter(pk__in=[i for i, _ in by_message]).values_list("pk", "case_id"))
    best: dict[int, tuple[float, int | None]] = {}
    for message_id, score in by_message:
        case_id = owners.get(message_id)
        if case_id is not None and score > best.get(case_id, (0.0, None))[0]:
            best[case_id] = (score, message_id)
    for case_id, score in by_case:
        known = best.get(case_id, (0.0, None))
        best[case_id] = (known[0] + score * 1.5, known[1])
    ranked = sorted(best, key=lambda case_id: (best[case_id][0], case_id), reverse=True)
    return _with_excerpts(ranked, {i: best[i][1] for i in ranked}, terms, agent, limit=limit)


def _with_excerpts(
    ranked: list[int], messages: dict[int, int | None], terms: list[Term], agent: Agent, *, limit: int
) -> list[Hit]:
    seen = visible_cases(agent).filter(pk__in=ranked, merged_into=None).select_related("customer", "owner")
    cases = {case.pk: case for case in seen}
    shown = [case_id for case_id in ranked if case_id in cases][:limit]
    chosen = [m for case_id in shown if (m := messages[case_id])]
    texts = {m.pk: m for m in Message.objects.filter(pk__in=chosen).only("text", "subject", "language")}
    hits = []
    for case_id in shown:
        message = texts.get(messages[case_id] or 0)
        text = message.text or message.subject if message else cases[case_id].subject
        language = message.language if message else cases[case_id].language
        hits.append(Hit(cases[case_id], messages[case_id], excerpt(text, terms, language=language)))
    return hits
