"""English words that promise without a subject: "expect a call from us", and titles with a date."""

from __future__ import annotations

from tenir.text.hearing import english_verbs as verbs
from tenir.text.hearing import english_words as lexicon
from tenir.text.hearing.clauses import Act, Clause, Reading
from tenir.text.hearing.english_kinds import kind
from tenir.text.hearing.listing import listed

_EXPECTED = listed("""
    call callback reply email answer refund delivery visit letter parcel response update package text
""")


def order(clause: Clause, text: str) -> Reading | None:
    """ "Expect a call from us", "leave it with me", "rest assured"; any other order is the customer's to do."""
    words = [word for word in clause.words if word not in ("so", "just", "please", "well", "ok", "okay")]
    if not words:
        return None
    if words[0] in ("let", "allow") and words[1:2] in (["me"], ["us"]) and not {"know", "have"} & set(words[2:4]):
        return Reading(
            True, Act(clause.start, clause.end, "check", kind("check", words), needs_date=True), "open", False, "i"
        )
    if words[0] == "expect" and _EXPECTED & set(words[:6]):
        return Reading(True, Act(clause.start, clause.end, "expect", kind("expect", words)), "open", False, "you")
    if text.startswith(
        ("leave it with", "leave this with", "leave that with", "consider it done", "you have my word", "count on")
    ):
        return Reading(True, Act(clause.start, clause.end, "promise", "generic"), "open", False, "we")
    if text.startswith(
        (
            "rest assured",
            "be assured",
            "please rest assured",
            "please be assured",
            "please note",
            "note that",
            "be advised",
            "please be advised",
        )
    ):
        inner = next(
            (at for at, word in enumerate(clause.words) if word in ("we", "i", "you", "our", "your", "someone")), 0
        )
        return None if inner else Reading(True, None, "open", False, "we")
    if clause.words[0] == "please" or (verbs.verb_of(words[0], "base") and _commanding(words)):
        return Reading(True, None, "open", True, "you")
    return None


_TITLES = listed("""
    refund credit visit call answer reply update repair transfer survey delivery payment replacement will
""")


def _commanding(words: list[str]) -> bool:
    if words[0] in _TITLES:
        return len(words) > 1 and words[1] in (
            "us",
            "me",
            "the",
            "your",
            "back",
            "it",
            "them",
            "our",
            "this",
            "that",
            "him",
            "her",
        )
    return len(words) > 1 and words[1] not in ("will", "is", "are", "has", "shall")


def title(clause: Clause, before: Reading | None) -> Act | None:
    """ "Delivery scheduled for Tuesday", "refund within 5 days": a title, when it begins with what is done."""
    words = [
        word for word in clause.words if word not in ("the", "your", "a", "an", "new", "our", "next", "full", "first")
    ]
    if not words or clause.link not in ("", "and"):
        return None
    doing = verbs.gerund(words[0])
    if doing in lexicon.PROGRESSIVE and before is None and len(words) > 1:
        return Act(clause.start, clause.tokens[0].end, doing, kind(doing, words), needs_date=True)
    if {"no", "not", "take", "takes", "nothing"} & set(words):
        return None
    if {"take", "takes", "taking"} & set(words):
        return None
    done = verbs.verb_of(words[0], "past")
    if done in lexicon.FULFILS and before is None and not clause.link:
        return Act(clause.start, clause.tokens[0].end, done, kind(done, words), needs_date=True)
    head = (
        words[0] if words[0] in lexicon.NOMINAL else words[1] if len(words) > 1 and words[1] in lexicon.NOMINAL else ""
    )
    if (
        not head
        or {"your", "the"} & set(clause.words[1:2])
        or words[0] in ("for", "re", "regarding", "about", "of", "in", "to")
    ):
        return None
    return Act(clause.start, clause.end, head, lexicon.NOUNS[head], needs_date=True)
