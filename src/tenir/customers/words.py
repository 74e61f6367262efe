"""A gentle check of what is written about a person: health, opinions, offences, judgements. Pure functions.

The person may read every note about them; French privacy law (CNIL, "zones de commentaire libre") wants dated facts,
and neither health nor opinions nor offences nor insults. `check` points at the words and proposes others; it blocks
nothing, and the agent decides. Precision comes before completeness: a false alarm teaches people to look away. So a
word counts only when it is said of a person ("she is deaf", never "a deaf sound"), and insults that the customer
uttered and that are reported ("called me an idiot", or in quotation marks) are facts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from tenir.customers.words_rules import Hint, Kind, Rule, Tongue
from tenir.text.folding import fold_with_offsets

__all__ = ["Finding", "Hint", "Kind", "check"]


@dataclass(frozen=True)
class Finding:
    """Words at `start`…`end` of the text that do not belong in a file about a person."""

    kind: Kind
    start: int
    end: int
    words: str
    hint: Hint

    def why(self) -> str:
        """Why they do not belong there, in the reader's language, with the words themselves."""
        said = {
            Kind.HEALTH: _("“%(words)s” speaks of somebody's health: it may not be kept here."),
            Kind.OPINION: _("“%(words)s” speaks of opinions, faith, origin or private life: it may not be kept here."),
            Kind.OFFENCE: _("“%(words)s” speaks of an offence: only a court may say so."),
            Kind.JUDGEMENT: _("“%(words)s” judges the person, who may read this note."),
        }
        return said[self.kind] % {"words": self.words}

    def suggestion(self) -> str:
        """What could be written instead, in the reader's language."""
        return {
            Hint.SLOW_OR_WRITING: _("Set the preference “slow speech” or “writing”, without the reason."),
            Hint.LARGE_OR_CALL: _("Write what helps: “prefers large print”, “prefers the telephone”."),
            Hint.ACCESS: _("Write what is needed: “to be delivered to the door, no stairs”."),
            Hint.UNAVAILABLE: _("Write the fact that counts: “not available until 12 May; call back after”."),
            Hint.WITHOUT_REASON: _("Write what was asked or granted, without the reason: “asks to pause until June”."),
            Hint.LEAVE_OUT: _("Leave it out: the request is served in the same way."),
            Hint.FACT_SEEN: _("Write the dated fact that you saw: “payment refused on 3 May”."),
            Hint.WHAT_WAS_SAID: _("Write what was said or done: “raised their voice twice”, “hung up”."),
            Hint.DIFFERING: _("Write what differs: “says the letter was sent on 2 May; we have no trace of it”."),
            Hint.WHAT_IS_ASKED: _(
                "Write what they ask for: “asks for the lowest price”, “called three times about the lid”."
            ),
            Hint.EXPLAIN_AGAIN: _("Write what would help: “explained twice; send it in writing”."),
        }[self.hint]


_QUOTED = re.compile(r"«[^»]{0,400}»|“[^”]{0,400}”|\"[^\"\n]{0,400}\"|(?<!\w)'[^'\n]{2,200}'(?!\w)")


def check(text: str) -> list[Finding]:
    """What does not belong in a note, in the order of the text; French and English are looked for together."""
    folded, origin = fold_with_offsets(text)
    quoted = [found.span() for found in _QUOTED.finditer(folded)]
    findings: list[Finding] = []
    for tongue in _tongues():
        for rule, start, end in _spans(tongue, folded, quoted):
            first, after = origin[start], origin[end - 1] + 1
            # An accent written as a character of its own belongs to the letter before it.
            after = max(after, origin[end])
            findings.append(Finding(rule.kind, first, after, text[first:after], rule.hint))
    return _without_overlaps(findings)


@cache
def _tongues() -> tuple[Tongue, Tongue]:
    """Both vocabularies, compiled when the first note is written: the desk starts without them."""
    from tenir.customers.words_english import ENGLISH
    from tenir.customers.words_french import FRENCH

    return FRENCH, ENGLISH


def _spans(tongue: Tongue, folded: str, quoted: list[tuple[int, int]]) -> Iterator[tuple[Rule, int, int]]:
    """Where the rules of one language find something in the folded text."""
    harmless = [found.span() for found in tongue.harmless.finditer(folded)]
    reported = [found.span() for found in tongue.reported.finditer(folded)] + quoted
    for rule in tongue.rules:
        passed_over = harmless + reported if rule.kind in (Kind.JUDGEMENT, Kind.OFFENCE) else harmless
        for found in rule.pattern.finditer(folded):
            start, end = found.span("w")
            if not any(first < end and start < last for first, last in passed_over):
                yield rule, start, end


def _without_overlaps(findings: list[Finding]) -> list[Finding]:
    """Of findings on the same words the longest is kept."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (f.start - f.end, f.start)):
        if not any(finding.start < other.end and other.start < finding.end for other in kept):
            kept.append(finding)
    return sorted(kept, key=lambda f: f.start)
