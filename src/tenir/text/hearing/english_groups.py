"""The verb of an English clause: who, what, in which tense, denied or not, and the verb that hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tenir.text.hearing import english_verbs as verbs
from tenir.text.hearing import english_words as lexicon
from tenir.text.hearing.listing import listed

_BE = listed("""
    am is are
""")
_WAS = listed("""
    was were been
""")


@dataclass(frozen=True, slots=True)
class Group:
    """`subject`: i, we, you, it, 3, someone, noun, who, there, ""; `tense`: fut, pres, prog, past, modal.

    `via` is what the verb hangs on: be (passive or state), have, or a verb before "to"; `noun` is the subject's head.
    """

    start: int
    at: int
    subject: str
    verb: str
    tense: str
    after: int
    denied: bool = False
    via: str = ""
    noun: str = ""


_QUESTION_FIRST = listed("""
    can could would will shall may do does did is are have has should might what when where who why how which
""")


def asking(words: Sequence[str]) -> bool:
    """ "Would you like us to …", "shall I …": by the order of its words."""
    if len(words) < 2:
        return False
    first, second = words[0], words[1]
    if first in ("what", "when", "where", "why", "how", "which") and len(words) > 2:
        return (
            second in lexicon.MODALS | {"will", "do", "does", "did", "is", "are", "shall"}
            and words[2] in lexicon.PRONOUNS
        )
    return first in _QUESTION_FIRST and (second in ("i", "we", "you", "it", "they", "he", "she") or second == "not")


def find(words: Sequence[str], link: str) -> Group | None:
    """The first verb of a clause that says who does what, and when in time it lies."""
    for at, word in enumerate(words):
        if word in ("no", "nobody", "none", "neither") and at == 0 and words[1:2] and words[1] not in _HARMLESS:
            return None
        if word in _RUN_TOGETHER and (at == 0 or words[at - 1] in ("and", "#")) and _verb_next(words, at):
            return replace(_from(words, at, "fut", at + 1), subject=_RUN_TOGETHER[word])
        if word in ("will", "shall") and not _noun_will(words, at):
            return _from(words, at, "fut", at + 1)
        if word in lexicon.MODALS and (at == 0 or words[at - 1] != "a"):
            return _from(words, at, "modal", at + 1)
        if word in _BE or word in ("was", "were") or (word == "'s" and _doing_next(words, at)):
            return _being(words, at)
        if word in ("has", "have", "had", "do", "does", "did"):
            return _having(words, at)
        group = _plain(words, at, link)
        if group is not None:
            return group
    return None


_HARMLESS = frozenset(
    ("worries", "problem", "problems", "need", "trouble", "more", "longer", "matter", "rush", "panic")
)
#: "ill call you", typed in a hurry.
_RUN_TOGETHER = {"ill": "i", "youll": "you", "itll": "it", "theyll": "3", "well": "we", "thatll": "it", "hell": "3"}


def _doing_next(words: Sequence[str], at: int) -> bool:
    """ "My manager's going to ring you": no possessive."""
    following = words[at + 1] if at + 1 < len(words) else ""
    return at > 0 and (following == "gonna" or bool(verbs.verb_of(following, "ing")))


def _verb_next(words: Sequence[str], at: int) -> bool:
    following, _ = _skip(words, at + 1)
    return following < len(words) and bool(verbs.verb_of(words[following], "base"))


def _noun_will(words: Sequence[str], at: int) -> bool:
    return at > 0 and words[at - 1] in ("good", "your", "the", "free", "goodwill")


def _skip(words: Sequence[str], at: int) -> tuple[int, bool]:
    """Past adverbs; whether one of them denied."""
    denied = False
    while at < len(words) and (
        words[at] in lexicon.ADVERBS or (words[at].endswith("ly") and words[at] not in ("reply", "apply"))
    ):
        denied = denied or words[at] in ("not", "never") or words[at : at + 2] == ["no", "longer"]
        at += 1
    return at, denied


def _from(words: Sequence[str], aux: int, tense: str, at: int) -> Group:
    start, subject, noun = _subject(words, aux)
    at, denied = _skip(words, at)
    denied = denied or bool(
        {"no", "nobody", "none", "neither", "nothing"} & set(words[:aux]) and subject != "we" and subject != "i"
    )
    verb = words[at] if at < len(words) else ""
    via, after = "", at + 1
    if verb == "be":
        verb, via, after = _be_what(words, at + 1)
    elif verb == "have" and at + 1 < len(words):
        inner, _ = _skip(words, at + 1)
        past = verbs.participle(words[inner]) if inner < len(words) else ""
        if past and words[inner] != "left":
            verb, via, after = past, "perfect", inner + 1
            if past == "be" and inner + 1 < len(words) and verbs.participle(words[inner + 1]):
                verb, after = verbs.participle(words[inner + 1]), inner + 2
    base = verbs.verb_of(verb, "base") or verb
    inner, more = _skip(words, after)
    if words[inner : inner + 1] == ["to"] and base in lexicon.TRYING | lexicon.PERFORMING | {
        "fail",
        "forget",
        "ask",
        "be",
    }:
        hung = words[inner + 1] if inner + 1 < len(words) else ""
        return Group(start, aux, subject, hung, tense, inner + 2, denied, base, noun)
    return Group(start, aux, subject, base, tense, after, denied or (more and via == "be"), via, noun)


def _be_what(words: Sequence[str], at: int) -> tuple[str, str, int]:
    at, _ = _skip(words, at)
    word = words[at] if at < len(words) else ""
    doing = verbs.gerund(word)
    if doing:
        return doing, "", at + 1
    if word == "back" and words[at + 1 : at + 4] in (
        ["in", "the", "office"],
        ["at", "work", "#"],
        ["in", "the", "shop"],
    ):
        return "be back", "be", at + 1
    past = verbs.participle(word)
    if past and word not in ("open", "close", "set", "pleased", "delighted", "closed", "fixed_"):
        return past, "be", at + 1
    return "be", "", at


def _being(words: Sequence[str], at: int) -> Group:
    start, subject, noun = _subject(words, at)
    next_, denied = _skip(words, at + 1)
    word = words[next_] if next_ < len(words) else ""
    past_time = words[at] in _WAS
    if word == "gonna":
        return replace(_from(words, at, "fut", next_ + 1), start=start, subject=subject, noun=noun)
    if word == "going" and words[next_ + 1 : next_ + 2] == ["to"]:
        group = _from(words, at, "past" if past_time else "fut", next_ + 2)
        return Group(start, at, subject, group.verb, group.tense, group.after, denied or group.denied, group.via, noun)
    if word in ("due", "set", "scheduled", "bound", "expected", "booked", "planned", "about") and words[
        next_ + 1 : next_ + 2
    ] == ["to"]:
        verb, via, after = words[next_ + 2] if next_ + 2 < len(words) else "", "due", next_ + 3
        if verb == "be":
            verb, _, after = _be_what(words, next_ + 3)
        return Group(start, at, subject, verb, "past" if past_time else "due", after, denied, via, noun)
    if word == "to" and next_ + 1 < len(words):
        return Group(start, at, subject, words[next_ + 1], "modal", next_ + 2, denied, "be", noun)
    if (
        word == "committed"
        and words[next_ + 1 : next_ + 2] == ["to"]
        and verbs.gerund("".join(words[next_ + 2 : next_ + 3]))
    ):
        return Group(start, at, subject, verbs.gerund(words[next_ + 2]), "pres", next_ + 3, denied, "commit", noun)
    if word == "being" and (past := verbs.participle("".join(words[next_ + 1 : next_ + 2]))):
        return Group(start, at, subject, past, "past" if past_time else "pres", next_ + 2, denied, "be", noun)
    doing = verbs.gerund(word)
    if doing:
        hung = words[next_ + 1 : next_ + 2] == ["to"]
        return Group(
            start, at, subject, doing, "past" if past_time else "prog", next_ + 1, denied, doing if hung else "", noun
        )
    past = verbs.participle(word) or ("due" if word == "due" else "")
    if past:
        return Group(start, at, subject, past, "past" if past_time else "pres", next_ + 1, denied, "be", noun)
    return Group(start, at, subject, "be", "past" if past_time else "pres", next_, denied, "", noun)


def _having(words: Sequence[str], at: int) -> Group:
    start, subject, noun = _subject(words, at)
    next_, denied = _skip(words, at + 1)
    word = words[next_] if next_ < len(words) else ""
    if words[at] in ("do", "does", "did"):
        tense = "past" if words[at] == "did" else "pres"
        return Group(start, at, subject, verbs.verb_of(word, "base") or "do", tense, next_ + 1, denied, "do", noun)
    past = verbs.participle(word)
    if past == "be":
        inner = verbs.participle(words[next_ + 1]) if next_ + 1 < len(words) else ""
        return Group(start, at, subject, inner or "be", "past", next_ + 2, denied, "be", noun)
    if past == "have":
        later = [verbs.participle(one) for one in words[next_ + 1 :]]
        past = next((verb for verb in later if verb in lexicon.SCHEDULED), past)
    if past:
        return Group(start, at, subject, past, "past", next_ + 1, denied, "have", noun)
    return Group(start, at, subject, "have", "pres", at + 1, denied, "", noun)


def _plain(words: Sequence[str], at: int, link: str) -> Group | None:
    """A verb without an auxiliary: "we deliver", "your refund goes out", "we sent"."""
    word, before = words[at], words[at - 1] if at else ""
    readings = verbs.forms().get(word)
    if not readings:
        return None
    start, subject, noun = _subject(words, at)
    shapes = {form: verb for verb, form in readings}
    if subject in ("i", "we", "you", "they") or before in ("i", "we", "you", "they"):
        if "base" in shapes and before in ("i", "we", "you", "they", *lexicon.ADVERBS):
            return _hung(words, Group(start, at, subject, shapes["base"], "pres", at + 1, False, "", noun))
        if "past" in shapes and (before in lexicon.PRONOUNS or before in lexicon.ADVERBS):
            return Group(start, at, subject, shapes["past"], "past", at + 1, False, "", noun)
        return None
    if "s" in shapes and at and before not in _DETERMINERS and (noun or subject in ("it", "3", "who", "someone")):
        return _hung(words, Group(start, at, subject, shapes["s"], "pres", at + 1, False, "", noun))
    if "past" in shapes and "base" not in shapes and at and (subject in ("it", "3", "who", "someone")):
        return Group(start, at, subject, shapes["past"], "past", at + 1, False, "", noun)
    later = set(words[at + 1 :]) & (_BE | {"will", "shall", "has", "have"} | lexicon.MODALS)
    if "base" in shapes and noun.endswith("s") and before == noun and at + 1 < len(words) and not later:
        return Group(start, at, subject, shapes["base"], "pres", at + 1, False, "", noun)
    return None


def _hung(words: Sequence[str], group: Group) -> Group:
    """ "We promise to …", "I'd hope to": the verb behind "to" is what is promised."""
    at, _ = _skip(words, group.after)
    if words[at : at + 1] == ["to"] and at + 1 < len(words) and verbs.verb_of(words[at + 1], "base"):
        return Group(
            group.start,
            group.at,
            group.subject,
            words[at + 1],
            group.tense,
            at + 2,
            group.denied,
            group.verb,
            group.noun,
        )
    return group


_DETERMINERS = listed("""
    the a an your our my this that these those his her their its any some no each every to of for
""")
_PREPOSITIONS = listed("""
    of for in on at with from by about regarding concerning to under after before within as
""")


def _subject(words: Sequence[str], at: int) -> tuple[int, str, str]:
    """Where the subject of a verb begins, what it is, and its noun."""
    first = at
    while first > 0 and (words[first - 1] in lexicon.ADVERBS or words[first - 1] == ","):
        first -= 1
    if first == 0:
        return at, "", ""
    before = words[first - 1]
    if before in lexicon.PRONOUNS and not (before == "one" and first > 1):
        return first - 1, lexicon.PRONOUNS[before], ""
    if before in ("us", "colleagues") and first > 1 and words[first - 2] == "of":
        return first - 2, "someone", ""
    return _noun(words, first)


def _noun(words: Sequence[str], end: int) -> tuple[int, str, str]:
    """The head of "the replacement part for your boiler": the last noun before its first preposition."""
    start = 0
    for at in range(end):
        if words[at] in _DETERMINERS - {"to", "of", "for"} and (at == 0 or words[at - 1] not in _PREPOSITIONS):
            start = at
            break
        if words[at] in lexicon.PRONOUNS and words[at] in ("someone", "somebody", "one"):
            return at, "someone", ""
    head = ""
    for word in words[start:end]:
        if (word in _PREPOSITIONS and head) or (
            head and verbs.verb_of(word, "past") and not verbs.verb_of(word, "base")
        ):
            break
        if word.isalpha() and word not in _DETERMINERS and word not in lexicon.ADVERBS and word not in _PREPOSITIONS:
            head = word
    return (start, "noun", head) if head else (end, "", "")
