"""Search over everything said and everyone known: one interface over FTS5 (SQLite) and tsvector (PostgreSQL).

A text is folded (accents, case) and stemmed in Python, so both databases find the same. Each document holds its words
(for phrases, beginnings and exact words) and its stems, in French, in English, or in both where its language is not
known. All words of a query must stand in one message, or in what the case says of itself (subject, remedies, tags).

The newest `CANDIDATES` matches are ranked by relevance and recency: a word that stands in a hundredth of a million
cases is answered as quickly as a rare one, and what nobody would scroll to is not weighed.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from django.conf import settings
from django.db.models import Q

from tenir.cases import reference as references
from tenir.cases.access import visible_cases
from tenir.cases.fulltext import CASES, CUSTOMERS, MESSAGES, Document, Term, index
from tenir.cases.models import Case, Message
from tenir.customers.models import Customer, Reach
from tenir.customers.phone import read_phone
from tenir.people.models import Agent
from tenir.text import excerpt, stem, words
from tenir.text.storing import storable

CANDIDATES = 300
MAX_TERMS = 8
SHORTEST_PREFIX = 3
INDEXED_CHARACTERS = 200_000
INDEXED_WORDS = 16_000
"""Of one text: some forty pages. What comes after is kept and shown, but not found."""
LANGUAGES = ("fr", "en")
COMMON = """
    a à au aux avec ce ces cette d dans de des du elle en est et il ils j je l la le les leur ma mais me mes moi mon n
    ne nos notre nous on ou par pas plus pour qu que qui s sa se ses son sur ta te tes toi ton tu un une vos votre vous
    y the an and are as at be but by for from has have he her his i in is it its my no not of or our she so that their
    them they this to was we were will with you your
"""
"""Words that say nothing by themselves: left out of a query that has others."""
_COMMON_FOLDED = frozenset(word.folded for word in words(COMMON))


def document(texts: Iterable[str], language: str) -> Document:
    """A text as the index holds it."""
    whole = composed(" ".join(text for text in texts if text)[:INDEXED_CHARACTERS])
    spoken = language if language in LANGUAGES else ""
    found: list[str] = []
    roots: dict[str, None] = {}
    for piece in whole.split():
        folded, stemmed = _indexed(piece, spoken)
        found += folded
        roots |= stemmed
    return Document(found[:INDEXED_WORDS], list(roots)[:INDEXED_WORDS])


@lru_cache(maxsize=100_000)
def _indexed(piece: str, language: str) -> tuple[list[str], dict[str, None]]:
    """The folded words and the stems of what stands between two blanks. People say the same words again and again."""
    spoken = (language,) if language else LANGUAGES
    found = [word for word in words(piece) if word.folded]
    roots = (stem(word.text, tongue)[:100] for word in found for tongue in spoken)
    return [word.folded[:100] for word in found], dict.fromkeys(root for root in roots if root)


def composed(text: str) -> str:
    """Letters with their accents as one sign each, as most systems write them: a Mac's mail writes them as two, and
    the accent would end the word."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _message_document(message: Message, names: Sequence[str]) -> Document:
    """Words, subject, author and names of files: none of these changes once the message is there."""
    address = message.participant.address if message.participant else ""
    return document([message.subject, message.text, message.author_name, address, *names], message.language)


def index_message(message: Message, *, names: Sequence[str] = ()) -> None:
    """Enters a new message, with the names of its files; its words never change afterwards."""
    index().add(MESSAGES, message.pk, _message_document(message, names))


def forget_message(message: Message) -> None:
    """Takes a message out of the index; called before its words or files are erased."""
    names = list(message.attachments.order_by("pk").values_list("name", flat=True))
    index().remove(MESSAGES, message.pk, _message_document(message, names))


def index_new_case(case: Case) -> None:
    """Enters the words of a case that has just been written: nothing of it stands there, and it has no tag."""
    index().add(CASES, case.pk, document([case.subject, case.remedy_sought, case.remedy_given], case.language))


def index_case(case: Case) -> None:
    """Enters a case's own words again: subject, remedies, tags."""
    tags = " ".join(case.tags.order_by("name").values_list("name", flat=True))
    made = document([case.subject, case.remedy_sought, case.remedy_given, tags], case.language)
    index().replace(CASES, case.pk, made)


def index_customer(customer: Customer) -> None:
    """Enters who a customer is: name, addresses, numbers (as written, and in one piece), subscription numbers."""
    reaches = [
        text for reach in customer.reaches.all() for text in (reach.value, reach.shown, "".join(reach.shown.split()))
    ]
    numbers = [subscription.number for subscription in customer.subscriptions.all()]
    index().replace(CUSTOMERS, customer.pk, document([customer.name, *reaches, *numbers], ""))


@dataclass(frozen=True)
class Hit:
    """A case that was found: the message that matched (None: the case's own words), and its text around the match in
    pieces, each with whether it is what was searched."""

    case: Case
    message_id: int | None
    excerpt: list[tuple[str, bool]]


@dataclass(frozen=True)
class Found:
    """What a search found: the case whose reference was typed, customers, and cases by relevance."""

    exact: Case | None
    customers: list[Customer]
    hits: list[Hit]


def read_query(query: str, language: str = "") -> list[Term]:
    """The terms of a query: "phrases in quotes" (or « guillemets »), words, and a last word that may be unfinished."""
    query = composed(query).replace("«", '"').replace("»", '"').replace("“", '"').replace("”", '"')
    terms: list[Term] = []
    for number, piece in enumerate(query.split('"')):
        found = [word for word in words(piece) if word.folded]
        if number % 2 and len(found) > 1:
            terms.append(Term(tuple(word.folded for word in found)))
        else:
            terms += [Term((word.folded,), _families(word.text)) for word in found]
    if terms and query[-1:].isalnum() and len(terms[-1].words) == 1 and len(terms[-1].words[0]) >= SHORTEST_PREFIX:
        terms[-1] = Term(terms[-1].words, terms[-1].stems, prefix=True)
    telling = [term for term in terms if len(term.words) > 1 or term.words[0] not in _COMMON_FOLDED]
    return (telling or terms)[:MAX_TERMS]


def _families(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(root for tongue in LANGUAGES if (root := stem(word, tongue))))


def find(query: str, *, agent: Agent, limit: int = 50) -> Found:
    """Searches what `agent` may see. An empty query, or one without a word in it, finds nothing."""
    query = storable(query[:400])
    terms = read_query(query)
    exact = _by_reference(query, agent)
    customers = find_customers(query, limit=8)
    return Found(exact, customers, _hits(terms, agent, limit=limit) if terms else [])


def _by_reference(query: str, agent: Agent) -> Case | None:
    from tenir.cases.access import case_for

    bare = references.read(query) or next(iter(references.find(query)), None)
    try:
        return case_for(agent, bare) if bare else None
    except Case.DoesNotExist:
        return None


def find_customers(query: str, *, limit: int = 8) -> list[Customer]:
    """Customers by name, address, subscription number or telephone number in any of its forms."""
    query = storable(query[:200])
    found: dict[int, Customer] = {}
    direct = Q(value=query.strip().lower(), kind=Reach.Kind.EMAIL)
    if number := read_phone(query[:40]).e164:
        direct |= Q(value=number, kind=Reach.Kind.PHONE)
    for reach in Reach.objects.filter(direct, customer__merged_into=None).select_related("customer")[:limit]:
        found[reach.customer_id] = reach.customer
    terms = read_query(query)
    if terms and len(found) < limit:
        ids = index().newest(CUSTOMERS, terms, limit=limit)
        living = Customer.objects.filter(pk__in=ids, merged_into=None).in_bulk()
        found |= {pk: living[pk] for pk in ids if pk in living and pk not in found}
    return list(found.values())[:limit]


def _hits(terms: list[Term], agent: Agent, *, limit: int) -> list[Hit]:
    by_message = index().best(MESSAGES, terms, candidates=CANDIDATES, limit=limit * 4)
    by_case = index().best(CASES, terms, candidates=CANDIDATES, limit=limit * 2)
    owners = dict(Message.objects.filter(pk__in=[i for i, _ in by_message]).values_list("pk", "case_id"))
    best: dict[int, tuple[float, int | None]] = {}
    for message_id, score in by_message:
        if (case_id := owners.get(message_id)) is not None:
            before, first = best.get(case_id, (0.0, message_id))
            best[case_id] = (max(before, score) + min(before, score) / 4, first)
    for case_id, score in by_case:
        before, first = best.get(case_id, (0.0, None))
        best[case_id] = (before + score * 1.5, first)
    ranked = sorted(best, key=lambda case_id: (best[case_id][0], case_id), reverse=True)
    return _with_excerpts(ranked, {i: best[i][1] for i in ranked}, terms, agent, limit=limit)


SHOWN = (
    "reference", "subject", "state", "language", "last_words", "moved_at", "unanswered_since", "snoozed_until",
    "remedy_sought", "remedy_given", "merged_into", "customer__name", "owner__given_name",
)  # fmt: skip
"""What a hit shows of its case; the rest is read when somebody asks for it."""


def _with_excerpts(
    ranked: list[int], messages: dict[int, int | None], terms: list[Term], agent: Agent, *, limit: int
) -> list[Hit]:
    seen = visible_cases(agent).filter(pk__in=ranked, merged_into=None).select_related("customer", "owner")
    cases = {case.pk: case for case in seen.only(*SHOWN)}
    shown = [case_id for case_id in ranked if case_id in cases][:limit]
    chosen = [m for case_id in shown if (m := messages[case_id])]
    said = Message.objects.filter(pk__in=chosen).values_list("pk", "text", "subject", "language")
    texts = {pk: (text or subject, language) for pk, text, subject, language in said}
    hits = []
    found = _Found(terms)
    for case_id in shown:
        case = cases[case_id]
        text, language = texts.get(messages[case_id] or 0) or (_own_words(case), case.language)
        hits.append(Hit(case, messages[case_id], _pieces(text, found, language)))
    return hits


def _own_words(case: Case) -> str:
    return " · ".join(text for text in (case.subject, case.remedy_sought, case.remedy_given) if text)


def _pieces(text: str, found: "_Found", language: str) -> list[tuple[str, bool]]:
    """The excerpt cut where a found word begins and ends."""
    wanted = [word for term in found.terms for word in term.words]
    language = language if language in LANGUAGES else settings.DEFAULT_LANGUAGE
    made = excerpt(_around(composed(text[:INDEXED_CHARACTERS]), found, language), wanted, language=language)
    pieces: list[tuple[str, bool]] = []
    end = 0
    for start, stop in made.marks:
        pieces += [(made.text[end:start], False), (made.text[start:stop], True)]
        end = stop
    pieces.append((made.text[end:], False))
    return [piece for piece in pieces if piece[0]]


NEAR = 40
"""Words around the best match that the excerpt is made of; making it of the whole text took four times as long."""


MOST_PLACES = 60


def _around(text: str, found: "_Found", language: str) -> str:
    """The part of a text where the most terms stand together, with "…" where something was left out."""
    pieces = text.split()
    if len(pieces) <= NEAR:
        return text
    every = ((place, term) for place, piece in enumerate(pieces) for term in found.terms_in(piece, language))
    places = list(islice(every, MOST_PLACES))
    best = max(
        (place for place, _ in places),
        key=lambda place: (len({term for near, term in places if place <= near < place + NEAR // 2}), -place),
        default=0,
    )
    start = max(0, best - NEAR // 4)
    before, after = "… " if start else "", " …" if start + NEAR < len(pieces) else ""
    return before + " ".join(pieces[start : start + NEAR]) + after


class _Found:
    """Which terms of one search the pieces of a text are; each piece is looked at once for all the texts."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = terms
        self._known: dict[tuple[str, str], list[int]] = {}

    def terms_in(self, piece: str, language: str) -> list[int]:
        """The numbers of the terms that this piece may be."""
        known = self._known.get((piece, language))
        if known is None:
            known = self._known[piece, language] = self._look(piece, language)
        return known

    def _look(self, piece: str, language: str) -> list[int]:
        folded, stemmed = _indexed(piece, language)
        return [
            number
            for number, term in enumerate(self.terms)
            if any(word in term.words or (term.prefix and word.startswith(term.words[0])) for word in folded)
            or any(root in stemmed for root in term.stems)
        ]
