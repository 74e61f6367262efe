"""What an English clause is: a promise of the desk, or one of the many things that only look like it.

Binding: "will", "shall", "going to" and, with a date, the present of what the desk does ("we", "I"), of what the customer
gets ("you will have it", "you'll be refunded", "expect a call from us"), of what somebody or something of the desk does
("an engineer will call", "your refund goes out on Friday"), and a title with a date ("delivery scheduled for Tuesday").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenir.text.hearing import english_verbs as verbs
from tenir.text.hearing import english_words as lexicon
from tenir.text.hearing.clauses import Act, Clause, Reading

_BE = frozenset("am is are".split())
_WAS = frozenset("was were been".split())


@dataclass(frozen=True, slots=True)
class Group:
    """`subject`: i, we, you, it, 3, someone, noun, who, there or "" (none); `tense`: fut, pres, prog, past, modal, order.

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


def read(clause: Clause, before: Reading | None) -> Reading:
    """The reading of one clause; `before` is that of the one before it, whose subject it may share."""
    words = clause.words
    text = " ".join(words)
    hedged = bool(lexicon.HEDGES & set(words)) or any(phrase in text for phrase in lexicon.HEDGE_PHRASES)
    if _asking(words):
        return Reading(True, frame="ask", theirs=True, subject="you", question=True)
    order = _order(clause, text)
    if order is not None:
        return order
    group = find(words, clause.link)
    if group is None:
        asked = bool(words) and words[0] in ("please", "kindly")
        return Reading(asked, hedged=hedged, theirs=asked, act=None if hedged else _verbless(clause, before))
    subject = group.subject or (before.subject if before else "") or ("we" if group.tense in ("fut", "prog") else "")
    act = None if hedged else _act(clause, group, subject, text)
    return Reading(True, act, _frame(group, subject), subject == "you" and act is None, subject, hedged)


def asks(before: list[str], condition: list[str]) -> bool:
    """ "I'll check if it is in stock": no condition. "We'll let you know if anything changes" is one."""
    open_ended = {"anything", "something", "any", "there", "you", "needed", "necessary", "not", "so"} & set(
        condition[:3]
    )
    return bool(lexicon.ASKING & set(before[-4:])) and not ("know" in before[-4:] and open_ended)


def _frame(group: Group, subject: str) -> str:
    verb = group.verb
    if group.denied:
        return "said"
    if verb in lexicon.HOPING or group.via in lexicon.HOPING:
        return "hope"
    if subject in ("i", "we") and group.tense in ("pres", "fut", "prog"):
        return "open"
    if (
        group.tense == "modal"
        and subject in ("i", "we")
        and verb in ("confirm", "assure", "promise", "guarantee", "tell", "say")
    ):
        return "open"
    if subject == "you" and group.tense == "modal" and verb in ("be", "rest") and group.via == "":
        return "open"
    return "said" if verb in lexicon.SAYING or group.via in lexicon.SAYING else "open"


# --- The verb of a clause --------------------------------------------------------------------------------------------

_QUESTION_FIRST = frozenset("can could would will shall may do does did is are have has should might what when where who why how"
                            " which".split())  # fmt: skip


def _asking(words: Sequence[str]) -> bool:
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
        if word in ("will", "shall") and not _noun_will(words, at):
            return _from(words, at, "fut", at + 1)
        if word in lexicon.MODALS and (at == 0 or words[at - 1] != "a"):
            return _from(words, at, "modal", at + 1)
        if word in _BE or word in ("was", "were"):
            return _being(words, at)
        if word in ("has", "have", "had", "do", "does", "did"):
            return _having(words, at)
        group = _plain(words, at, link)
        if group is not None:
            return group
    return None


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
    verb = words[at] if at < len(words) else ""
    via, after = "", at + 1
    if verb == "be":
        verb, via, after = _be_what(words, at + 1)
    elif verb == "have" and at + 1 < len(words):
        inner, _ = _skip(words, at + 1)
        past = verbs.participle(words[inner]) if inner < len(words) else ""
        if past and words[inner] != "left":
            verb, via, after = past, "have", inner + 1
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
    if word == "back" and words[at + 1 : at + 2] == ["in"]:
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
    if "base" in shapes and noun.endswith("s") and before == noun and at + 1 < len(words):
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


_DETERMINERS = frozenset(
    "the a an your our my this that these those his her their its any some no each every to of for".split()
)
_PREPOSITIONS = frozenset(
    "of for in on at with from by about regarding concerning to under after before within as".split()
)


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
        if word in _PREPOSITIONS and head:
            break
        if word.isalpha() and word not in _DETERMINERS and word not in lexicon.ADVERBS and word not in _PREPOSITIONS:
            head = word
    return (start, "noun", head) if head else (end, "", "")


# --- What it binds to ------------------------------------------------------------------------------------------------


def _make(clause: Clause, group: Group, verb: str, *, needs_date: bool = False, policy: bool = False) -> Act:
    first, last = (
        clause.tokens[min(group.start, len(clause.tokens) - 1)],
        clause.tokens[min(group.after, len(clause.tokens)) - 1],
    )
    return Act(first.start, max(first.end, last.end), verb, kind(verb, clause.words), needs_date, policy)


def kind(verb: str, words: list[str]) -> str:
    """What sort of promise: by its verb, or by the thing that is named when the verb says little."""
    text = " ".join(words)
    if "get back to" in text or "in touch" in text or "let you know" in text or "keep you" in text:
        return "reply"
    if "call back" in text or "call you" in text or "ring you" in text:
        return "callback"
    found = lexicon.VERB_KINDS.get(verb, "")
    named = next((kind for word in words for one in (word, word.rstrip("s")) if (kind := lexicon.NOUNS.get(one))), "")
    if found and not (verb in ("arrive", "send", "issue", "chase", "look", "check") and named in ("payment", "repair")):
        return found
    return named or found or "generic"


def _act(clause: Clause, group: Group, subject: str, text: str) -> Act | None:
    if group.denied and not (group.via in ("fail", "forget") or group.verb in ("forget",)):
        return None
    if group.tense in ("modal", "past", "order"):
        return _arranged(clause, group, subject, text)
    if subject in ("i", "we"):
        return _ours(clause, group, text)
    if subject == "you":
        return _yours(clause, group, text)
    if subject == "there":
        return None
    return _things(clause, group, subject, text)


def _arranged(clause: Clause, group: Group, subject: str, text: str) -> Act | None:
    """ "I have booked an engineer for Thursday", "your appointment has been moved to the 3rd", "you can expect a call"."""
    words = clause.words
    if group.tense == "modal":
        able = subject == "you" and (group.verb in ("expect", "count", "rely")) and "can" in words
        return _make(clause, group, group.verb, needs_date=group.verb == "expect") if able else None
    if group.verb in lexicon.SCHEDULED - {"expect", "confirm", "plan"} and group.via in ("have", "be"):
        return _make(clause, group, group.verb, needs_date=True) if _perfect(words) else None
    return None


def _perfect(words: list[str]) -> bool:
    return bool({"have", "has"} & set(words))


_IDLE = ("in mind", "forward to hearing", "happy to", "pleased to", "glad to", "delighted to", "into account", "on board", "in the office",
         "be closed", "be open", "be away", "on leave", "be here", "be unable", "be sorry", "be able", "on holiday", "out of the office",
         "be grateful", "be needing", "be waiting", "be delighted", "be happy", "be glad", "be pleased", "on file", "be there for you",
         "be charging", "what we can do", "what i can do", "be sure", "be requiring", "have to", "need to")  # fmt: skip


def _ours(clause: Clause, group: Group, text: str) -> Act | None:
    if group.denied:
        return _make(clause, group, group.verb)
    if any(phrase in text for phrase in _IDLE) or group.via in lexicon.TRYING - {"fail"}:
        return None
    if group.tense == "fut":
        return _will(clause, group, text)
    if group.tense == "prog":
        return _doing(clause, group)
    if group.tense == "due":
        return _make(clause, group, group.verb, needs_date=True) if group.verb in lexicon.FULFILS else None
    return _do(clause, group, text)


def _will(clause: Clause, group: Group, text: str) -> Act | None:
    words = clause.words
    if group.verb in lexicon.FIRST_NEVER or group.verb in ("be back", "") or not group.verb.isalpha():
        return None
    if group.verb == "be":
        there = "in touch" in text or {"round", "along", "out", "calling", "with"} & set(
            words[group.after : group.after + 2]
        )
        return _make(clause, group, "contact" if "in touch" in text else "visit") if there else None
    if group.verb == "have":
        thing = words[group.after : group.after + 4]
        causative = any(verbs.participle(word) for word in words[group.after + 1 :]) or {"someone", "somebody"} & set(
            thing
        )
        told = {"answer", "update", "news", "decision", "response", "solution", "reply"} & set(words[group.after :])
        return _make(clause, group, "get") if causative or told else None
    if group.verb == "keep" and not {"you", "posted", "informed", "updated"} & set(
        words[group.after : group.after + 2]
    ):
        return _make(clause, group, "keep", needs_date=True)
    if group.verb == "look" and words[group.after : group.after + 1] not in (["into"], ["at"], ["for"], ["after"]):
        return None
    if group.via == "be" and group.verb in ("close", "open", "force", "oblige"):
        return None
    return _make(clause, group, group.verb)


def _doing(clause: Clause, group: Group) -> Act | None:
    if group.verb in lexicon.FIRST_NEVER or group.verb not in lexicon.FULFILS | lexicon.PROGRESSIVE:
        return None
    attached = {"attached", "attaching", "enclosed", "below", "herewith"} & set(clause.words)
    if (
        attached
        or group.verb in ("work", "write", "contact", "see", "apply", "email", "call")
        and "#" not in clause.words
    ):
        return None
    dateless = group.verb in lexicon.PROGRESSIVE_DATELESS
    return _make(clause, group, group.verb, needs_date=not dateless)


def _do(clause: Clause, group: Group, text: str) -> Act | None:
    """The simple present: a promise only when it says when, or says that it is one."""
    if group.via in lexicon.PERFORMING:
        return _make(clause, group, group.verb)
    if group.verb in lexicon.PRESENT_NEVER or group.via not in ("", "do"):
        nouns = {word.rstrip("s") for word in clause.words} & lexicon.NOMINAL
        return _make(clause, group, "confirm", needs_date=True) if group.verb == "confirm" and nouns else None
    addressed = {"you", "your", "it", "this", "that", "them"} & set(clause.words)
    return _make(clause, group, group.verb, needs_date=True, policy=not addressed)


def _yours(clause: Clause, group: Group, text: str) -> Act | None:
    after = clause.words[group.after :]
    if "able to" in text or group.via in lexicon.TRYING:
        return None
    dated = group.tense != "fut"
    if group.via == "be":
        done = group.verb in lexicon.DONE_TO_THEM
        return _make(clause, group, group.verb, needs_date=dated) if done else None
    if group.verb in ("have", "get", "see", "find", "know") and not _given(after, group.verb):
        if group.verb == "have" and after[:2] == ["my", "word"]:
            return _make(clause, group, "promise")
        return None
    if group.verb in lexicon.GETS:
        return _make(clause, group, group.verb, needs_date=dated)
    return None


def _given(after: list[str], verb: str) -> bool:
    """ "You will have it", "you'll get an answer"; not "you'll have 14 days", "you'll have to", "you'll find our terms"."""
    if verb in ("find", "know") or not after:
        return verb == "know" and "#" in after
    if after[0] in ("to", "until", "no", "access", "time", "plenty", "from", "used") or after[0].isdigit():
        return False
    if verb == "see":
        return bool({"refund", "money", "credit", "it", "amount", "payment", "change", "funds"} & set(after[:4]))
    return not {
        "chance",
        "option",
        "opportunity",
        "choice",
        "right",
        "need",
        "problem",
        "trouble",
        "until",
        "days",
    } & set(after[:4])


def _things(clause: Clause, group: Group, subject: str, text: str) -> Act | None:
    words = clause.words
    if subject == "noun" and _foreign(clause, group):
        return None
    if (
        group.noun in lexicon.THINGS_NEVER
        or "by your bank" in text
        or "by the manufacturer" in text
        or group.via in lexicon.TRYING
    ):
        return None
    verb = group.verb
    if verb in ("be", "have") and group.via == "":
        return _state(clause, group)
    if group.via == "be" and verb in lexicon.SCHEDULED:
        return _make(clause, group, verb, needs_date=True)
    known = verb in lexicon.FULFILS
    if not known or (group.tense == "prog" and subject in ("it", "noun") and verb not in lexicon.FULFILS):
        return None
    everybody = (
        group.noun.endswith("s")
        and not ({"your", "the", "these", "those"} & set(words[: group.at]))
        or ({"all", "any", "our", "most"} & set(words[:1]) and group.noun.endswith("s"))
    )
    if group.tense == "fut":
        return _make(clause, group, verb, policy=bool(everybody))
    return _make(clause, group, verb, needs_date=True, policy=bool(everybody))


def _foreign(clause: Clause, group: Group) -> bool:
    """A bank, a landlord, a company by its name: they bind themselves, not the desk."""
    words = clause.words
    if lexicon.OURS & set(words[: group.at]):
        return False
    if {group.noun, group.noun.rstrip("s")} & lexicon.OTHERS:
        return True
    if {"your", "their", "his", "her"} & set(words[group.start : group.at]) & {"their", "his", "her"}:
        return True
    return False


def _state(clause: Clause, group: Group) -> Act | None:
    """ "It will be ready", "your refund is on its way", "your card will be with you"."""
    after = clause.words[group.after : group.after + 4]
    if group.verb == "have":
        return None
    if set(after[:2]) & lexicon.READY and "touch" not in after:
        return _make(clause, group, "be", needs_date=group.tense != "fut")
    if after[:2] == ["in", "touch"]:
        return _make(clause, group, "contact", needs_date=group.tense != "fut")
    if after[:1] == ["#"] and group.noun in lexicon.NOUNS:
        return _make(clause, group, "be", needs_date=True)
    return None


# --- Orders and titles -----------------------------------------------------------------------------------------------

_EXPECTED = frozenset(
    "call callback reply email answer refund delivery visit letter parcel response update package text".split()
)


def _order(clause: Clause, text: str) -> Reading | None:
    """ "Expect a call from us", "leave it with me", "rest assured that …"; any other order is for the customer to do."""
    words = [word for word in clause.words if word not in ("so", "just", "please", "well", "ok", "okay")]
    if not words:
        return None
    if words[0] == "expect" and _EXPECTED & set(words[:6]):
        return Reading(True, Act(clause.start, clause.end, "expect", kind("expect", words)), "open", False, "you")
    if text.startswith(("leave it with", "leave this with", "leave that with", "consider it done", "you have my word", "count on us",
                        "count on me")):  # fmt: skip
        return Reading(True, Act(clause.start, clause.end, "promise", "generic"), "open", False, "we")
    if text.startswith(("rest assured", "be assured", "please rest assured", "please be assured", "please note", "note that",
                        "be advised", "please be advised")):  # fmt: skip
        inner = next(
            (at for at, word in enumerate(clause.words) if word in ("we", "i", "you", "our", "your", "someone")), 0
        )
        return None if inner else Reading(True, None, "open", False, "we")
    if clause.words[0] == "please" or (
        verbs.verb_of(words[0], "base") and words[0] not in _TITLES and _commanding(words)
    ):
        return Reading(True, None, "open", True, "you")
    return None


_TITLES = frozenset(
    "refund credit visit call answer reply update repair transfer survey delivery payment replacement will".split()
)


def _commanding(words: list[str]) -> bool:
    return len(words) > 1 and words[1] not in ("will", "is", "are", "has")


def _verbless(clause: Clause, before: Reading | None) -> Act | None:
    """ "Delivery scheduled for Tuesday", "refund within 5 days": a title, when it begins with what is done."""
    words = [
        word for word in clause.words if word not in ("the", "your", "a", "an", "new", "our", "next", "full", "first")
    ]
    if not words or clause.link not in ("", "and"):
        return None
    doing = verbs.gerund(words[0])
    if doing in lexicon.PROGRESSIVE and before is None and len(words) > 1:
        return Act(clause.start, clause.tokens[0].end, doing, kind(doing, words), needs_date=True)
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
