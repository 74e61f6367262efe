"""A sentence cut into its clauses, each with the word that brings it in ("si", "que", "and", "once")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tenir.text.hearing.sentences import Token

#: What follows "that" when it is a pronoun and brings in nothing.
_AFTER_PRONOUN = frozenset(
    ("and", "or", "but", ".", "#", "by", "for", "to", "in", "on", "now", "with", "as", "too", "right", "out", "up")
)

#: From its first word: every way that a clause begins, the longest first, and what that makes of it.
Links = Mapping[str, Sequence[tuple[tuple[str, ...], str]]]

_MARKS = frozenset(",:()–—…!")


@dataclass(slots=True)
class Clause:
    """Its words; `link` is what brings it in: "" (a mark), "and", "but", "or", "if", "when", "that", "who", "until"…"""

    tokens: list[Token]
    link: str = ""
    comma: bool = False
    coordinated: bool = False
    words: list[str] = field(default_factory=list)
    followed: str = ""
    """What brings in the next clause."""
    lead: list[str] = field(default_factory=list)
    """The very words that bring it in: "on receipt of"."""

    def __post_init__(self) -> None:
        self.words = [token.text for token in self.tokens]

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    def join(self, other: Clause) -> None:
        """Takes in the words of a neighbour that has no verb of its own."""
        self.tokens = sorted([*self.tokens, *other.tokens], key=lambda token: token.start)
        self.words = [token.text for token in self.tokens]


@dataclass(frozen=True, slots=True)
class Act:
    """Words by which the desk binds itself. `needs_date`: they do so only when they say when."""

    start: int
    end: int
    verb: str
    kind: str
    needs_date: bool = False
    policy: bool = False
    """Said of everybody and always, when only a length of time goes with it ("we reply within 48 hours")."""
    spoken: int = -1
    """Where its conjugated verb begins: a day between the subject and it belongs to the subject."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clause is. `frame`: what it makes of a clause that hangs on it, "open", "hope", "said" or "ask"."""

    verb: bool
    act: Act | None = None
    frame: str = ""
    theirs: bool = False
    """The customer does it, or is asked to."""
    subject: str = ""
    hedged: bool = False
    question: bool = False


def table(ways: Mapping[str, str]) -> Links:
    """From "words, words → kind" to what `split` looks up."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for kind, listed in ways.items():
        for words in listed.split("|"):
            parts = tuple(words.split())
            found.setdefault(parts[0], []).append((parts, kind))
    return {first: sorted(ways, key=lambda way: -len(way[0])) for first, ways in found.items()}


def split(tokens: Sequence[Token], links: Links) -> Iterator[Clause]:
    """The clauses in order, none of them empty."""
    tokens = _smooth(tokens)
    current: list[Token] = []
    link, comma, coordinated, at = "", False, False, 0
    lead: list[str] = []
    texts = [token.text for token in tokens]
    while at < len(tokens):
        way = _link(texts, at, links)
        if way is not None and way[1] == "ask" and at == 0:
            way = None
        if texts[at] not in _MARKS and way is None:
            current.append(tokens[at])
            at += 1
            continue
        if current:
            yield Clause(current, link, comma, coordinated, lead=lead)
            current, link, comma, coordinated, lead = [], "", False, False, []
        if way is None:
            if link in ("if", "when") and at:  # « Après vérification, … »: the words that bring in are all there is
                yield Clause([tokens[at - 1]], link, comma, coordinated, lead=lead)
                link, coordinated, lead = "", False, []
            comma = True
            at += 1
            continue
        length, kind = way
        lead = [*lead, *texts[at : at + length]]
        # "Et si …": what stands nearest to the clause makes it, the other is remembered.
        coordinated = coordinated or link in ("and", "but") or kind in ("and", "but")
        kept = link and (kind in ("and", "but") or (kind == "that" and link not in ("and", "but", "or")))
        link = link if kept else kind
        at += length
    if current:
        yield Clause(current, link, comma, coordinated, lead=lead)


#: Between two commas these say nothing of their own.
_ASIDES = frozenset((
    "of course", "as promised", "as agreed", "as discussed", "naturally", "however", "therefore", "as requested",
    "in turn", "too", "indeed", "bien sur", "bien entendu", "comme convenu", "comme promis", "evidemment", "en effet",
    "donc", "naturellement", "alors", "quant a moi", "pour ma part", "de notre cote", "de mon cote", "comme demande",
    "en consequence", "cependant", "toutefois", "#",
))  # fmt: skip


def _smooth(tokens: Sequence[Token]) -> Sequence[Token]:
    """Without the commas around an aside: "we will, of course, refund you", "we will, by Friday, send it"."""
    commas = [at for at, token in enumerate(tokens) if token.text == ","]
    gone: set[int] = set()
    for first, last in pairwise(commas):
        inside = [token.text for token in tokens[first + 1 : last]]
        if first and len(inside) <= 4 and " ".join(inside) in _ASIDES:
            gone |= {first, last} if inside == ["#"] else set(range(first, last + 1))
    return [token for at, token in enumerate(tokens) if at not in gone]


def _link(texts: Sequence[str], at: int, links: Links) -> tuple[int, str] | None:
    if texts[at] == "that" and (
        texts[at + 1 : at + 2] == [] or texts[at + 1] in _AFTER_PRONOUN or texts[at + 1] in _MARKS
    ):
        return None
    if texts[at] in ("que", "qu'") and texts[at + 1 : at + 2] == ["#"]:
        return None  # « vous ne serez livré que jeudi »
    for words, kind in links.get(texts[at], ()):
        if tuple(texts[at : at + len(words)]) == words:
            return len(words), kind
    return None
