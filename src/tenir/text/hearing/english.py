"""What an English clause is: a promise of the desk, or one of the many things that only look like it.

Binding: "will", "shall", "going to" and, with a date, the present of what the desk does ("we", "I"), of what the
customer gets ("you will have it", "you'll be refunded", "expect a call from us"), of what somebody or something of the
desk does ("an engineer will call", "your refund goes out on Friday"), and a title
with a date ("delivery scheduled for Tuesday").
"""

from __future__ import annotations

from tenir.text.hearing import english_verbs as verbs
from tenir.text.hearing import english_words as lexicon
from tenir.text.hearing.clauses import Act, Clause, Reading
from tenir.text.hearing.english_groups import Group, asking, find
from tenir.text.hearing.english_kinds import kind
from tenir.text.hearing.english_titles import order, title
from tenir.text.hearing.listing import listed


def read(clause: Clause, before: Reading | None) -> Reading:
    """The reading of one clause; `before` is that of the one before it, whose subject it may share."""
    words = clause.words
    text = " ".join(words)
    hedged = bool(lexicon.HEDGES & set(words)) or any(phrase in text for phrase in lexicon.HEDGE_PHRASES)
    if asking(words):
        return Reading(True, frame="ask", theirs=True, subject="you", question=True)
    ordered = None if clause.link == "and" and before and before.subject not in ("you", "") else order(clause, text)
    if ordered is not None:
        return ordered
    group = find(words, clause.link)
    if group is None:
        asked = bool(words) and words[0] in ("please", "kindly")
        return Reading(asked, hedged=hedged, theirs=asked, act=None if hedged else title(clause, before))
    nested = _nested(clause, group, before)
    if nested is not None:
        return nested
    subject = group.subject or (before.subject if before else "") or ("we" if group.tense in ("fut", "prog") else "")
    act = None if hedged else _act(clause, group, subject, text)
    return Reading(True, act, _frame(group, subject, words), subject == "you" and act is None, subject, hedged)


def _nested(clause: Clause, group: Group, before: Reading | None) -> Reading | None:
    """A second verb without "that": "I believe power will be back", "the pothole you reported will be filled"."""
    words = clause.words
    later = next((at for at in range(group.after, len(words)) if words[at] in ("will", "shall")), 0)
    if group.tense not in ("pres", "past") or not later or clause.link == "if":
        return None
    shared = group.subject or (before.subject if before else "")
    relative = (group.start > 0 and words[0] in ("the", "your", "any", "all")) or clause.link in ("that", "who")
    if not relative and _frame(group, shared, words) != "open":
        return Reading(True, None, "said", False, shared)
    rest = Clause(clause.tokens[group.after :] if not relative else clause.tokens[max(later - 1, group.after) :])
    inner = read(rest, Reading(True, subject="it"))
    return Reading(True, inner.act, inner.frame, inner.theirs, inner.subject, inner.hedged)


def asks(before: list[str], condition: list[str]) -> bool:
    """ "I'll check if it is in stock": no condition. "We'll let you know if anything changes" is one."""
    open_ended = {"anything", "something", "any", "there", "you", "needed", "necessary", "not", "so"} & set(
        condition[:3]
    )
    return bool(lexicon.ASKING & set(before[-4:])) and not ("know" in before[-4:] and open_ended)


_TELLING = frozenset(
    ("confirm", "assure", "promise", "guarantee", "tell", "say", "inform", "reassure", "announce", "know")
)


def _frame(group: Group, subject: str, words: list[str]) -> str:
    verb = group.verb
    if group.denied:
        return "said"
    if subject in ("i", "we") and group.via in ("like", "want", "wish") and verb in _TELLING:
        return "open"
    if subject in ("i", "we") and verb in ("want", "wish", "like") and _TELLING & set(words):
        return "open"  # "I just wanted to let you know that"
    if verb in lexicon.HOPING or group.via in lexicon.HOPING:
        return "hope"
    if subject in ("i", "we") and group.tense in ("pres", "fut", "prog"):
        return "said" if group.via == "be" and verb in lexicon.SAYING else "open"
    if (
        group.tense == "modal"
        and subject in ("i", "we")
        and verb in ("confirm", "assure", "promise", "guarantee", "tell", "say")
    ):
        return "open"
    if subject == "you" and group.tense == "modal" and verb in ("be", "rest") and group.via == "":
        return "open"
    if verb in lexicon.SAYING or group.via in lexicon.SAYING:
        return "said"
    return (
        "said" if subject in ("noun", "3", "someone") and verb not in ("be", "have") and group.via != "be" else "open"
    )


# --- What it binds to ------------------------------------------------------------------------------------------------


def _make(clause: Clause, group: Group, verb: str, *, needs_date: bool = False, policy: bool = False) -> Act:
    first, last = (
        clause.tokens[min(group.start, len(clause.tokens) - 1)],
        clause.tokens[min(group.after, len(clause.tokens)) - 1],
    )
    return Act(
        first.start,
        max(first.end, last.end),
        verb,
        kind(verb, clause.words),
        needs_date,
        policy,
        clause.tokens[group.at].start,
    )


def _act(clause: Clause, group: Group, subject: str, text: str) -> Act | None:
    if group.denied and not (group.via in ("fail", "forget") or group.verb == "forget"):
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
    """ "I have booked an engineer for Thursday", "your appointment has been moved", "you can expect a call"."""
    words = clause.words
    if group.tense == "modal":
        able = subject == "you" and (group.verb in ("expect", "count", "rely")) and "can" in words
        if subject == "you" and "can" in words and (group.verb in lexicon.TAKES or {"collect", "pick"} & set(words)):
            return _make(clause, group, group.verb, needs_date=True)
        return _make(clause, group, group.verb, needs_date=group.verb == "expect") if able else None
    if group.verb == "put" and "down" in words and _perfect(words):
        return _make(clause, group, "book", needs_date=True)
    if group.verb in lexicon.SCHEDULED - {"expect", "confirm", "plan"} and group.via in ("have", "be"):
        return _make(clause, group, group.verb, needs_date=True) if _perfect(words) else None
    return None


def _perfect(words: list[str]) -> bool:
    return bool({"have", "has"} & set(words))


_IDLE = (
    "in mind",
    "forward to hearing",
    "happy to",
    "pleased to",
    "glad to",
    "delighted to",
    "into account",
    "on board",
    "in the office",
    "be closed",
    "be open",
    "be away",
    "on leave",
    "be here",
    "be unable",
    "be sorry",
    "be able",
    "on holiday",
    "out of the office",
    "be grateful",
    "be needing",
    "be waiting",
    "be delighted",
    "be happy",
    "be glad",
    "be pleased",
    "on file",
    "be there for you",
    "be charging",
    "what we can do",
    "what i can do",
    "be sure",
    "be requiring",
    "have to",
    "need to",
)


def _ours(clause: Clause, group: Group, text: str) -> Act | None:
    if group.denied:
        return _make(clause, group, group.verb)
    if (
        "confirm" in clause.words
        and "#" in clause.words
        and {word.rstrip("s") for word in clause.words} & lexicon.NOMINAL
    ):
        return _make(clause, group, "confirm", needs_date=True)
    if (
        "on it" in text
        and group.verb == "be"
        and group.tense == "pres"
        and text.endswith(("on it", "on it .", "on it !"))
    ):
        return _make(clause, group, "deal")
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
    rest = clause.words[group.after :]
    if "always" in clause.words or "never" in clause.words:
        return _make(clause, group, group.verb, needs_date=True)
    if group.verb == "try" and rest and rest[0] in ("you", "them", "him", "her", "again", "another", "the", "your"):
        return _make(clause, group, "contact")
    if group.verb == "ask" and rest and rest[0] not in ("you", "that"):
        return _make(clause, group, "ask")
    if group.verb == "see" and (rest[:1] == ["to"] or (not rest and clause.followed == "that")):
        return _make(clause, group, "see to")
    if group.verb in lexicon.FIRST_NEVER or group.verb in ("be back", "") or not group.verb.isalpha():
        return None
    if group.verb == "be":
        return _will_be(clause, group, text)
    if group.verb == "have":
        return _will_have(clause, group, rest)
    if group.verb == "keep" and not {"you", "posted", "informed", "updated"} & set(rest[:2]):
        return _make(clause, group, "keep", needs_date=True)
    return None if _idle(group, rest) else _make(clause, group, group.verb)


def _idle(group: Group, rest: list[str]) -> bool:
    """ "I'll leave you to …", "we'll look forward", "we'll be closed"."""
    if group.verb == "leave":
        return rest[:2] == ["you", "to"]
    if group.verb == "let":
        return rest[:1] == ["you"] and not set(rest[1:2]) & {"know", "have", "see"}
    if group.verb == "look":
        return not set(rest[:1]) & {"into", "at", "for", "after"}
    return group.via == "be" and group.verb in ("close", "open", "force", "oblige")


def _will_be(clause: Clause, group: Group, text: str) -> Act | None:
    """ "We'll be in touch", "I'll be round"; not "we'll be happy to"."""
    near = set(clause.words[group.after : group.after + 2])
    if "one to" in text:
        return _make(clause, group, "be")
    if near & {"ready", "done", "sorted"}:
        return None
    if any(phrase in text for phrase in ("in touch", "in contact", "back to you")):
        return _make(clause, group, "contact")
    if "at" in near and {"your"} & set(clause.words[group.after : group.after + 3]):
        return _make(clause, group, "visit")
    return _make(clause, group, "visit") if near & {"round", "along", "out", "calling", "with"} else None


def _will_have(clause: Clause, group: Group, rest: list[str]) -> Act | None:
    """ "We'll have it fixed", "I'll have someone call you", "we'll have an answer"; not "we'll have a sale"."""
    thing = rest[:4]
    caused = any(verbs.participle(word) for word in rest[1:]) or {"someone", "somebody"} & set(thing)
    told = {"answer", "update", "news", "decision", "response", "solution", "reply"} & set(rest)
    over = {"with", "ready", "over", "back", "to"} & set(thing) and "to" not in thing[:1]
    return _make(clause, group, "get") if caused or told or over else None


_IN_PROGRESS = listed("""
    work close open run launch host write have think go do be get move meet leave talk speak read reflect rely
""")


def _doing(clause: Clause, group: Group) -> Act | None:
    if group.verb in ("have", "get") and any(verbs.participle(word) for word in clause.words[group.after :]):
        return _make(clause, group, group.verb, needs_date=True)
    if group.verb in lexicon.FIRST_NEVER | _IN_PROGRESS or _idle(group, clause.words[group.after :]):
        return None
    attached = {"attached", "attaching", "enclosed", "below", "herewith"} & set(clause.words)
    if attached or (
        group.verb in ("work", "write", "contact", "see", "apply", "email", "call") and "#" not in clause.words
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
    if "able to" in text and lexicon.TAKES & set(after):
        return _make(clause, group, "collect", needs_date=True)
    if "able to" in text or group.via in lexicon.TRYING:
        return None
    dated = group.tense != "fut"
    if group.via == "be":
        done = group.verb in lexicon.DONE_TO_THEM or (group.verb in lexicon.FULFILS - lexicon.BAD_NEWS and not dated)
        return _make(clause, group, group.verb, needs_date=dated) if done else None
    if group.verb == "have" and "access" in after[:2] and group.tense == "fut":
        return _make(clause, group, "have", needs_date=True)
    if group.verb == "see" and "#" in after:
        return _make(clause, group, "see", needs_date=True)
    if group.verb in ("have", "get", "see", "find", "know") and not _given(after, group.verb):
        if group.verb == "have" and after[:2] == ["my", "word"]:
            return _make(clause, group, "promise")
        return None
    if {"from", "by"} & set(after) and not lexicon.OURS & set(after) and lexicon.STRANGERS & set(after):
        return None
    if group.verb in lexicon.GETS:
        return _make(clause, group, group.verb, needs_date=dated)
    return None


def _given(after: list[str], verb: str) -> bool:
    """ "You will have it", "you'll get an answer"; not "you'll have 14 days", "you'll have to"."""
    if verb in ("find", "know") or not after:
        return verb == "know" and "#" in after
    if {"pay", "settle", "sign"} & set(after) and "to" in after:
        return False
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


_PAPERS = frozenset(
    (
        "contract",
        "policy",
        "warranty",
        "guarantee",
        "plan",
        "law",
        "offer",
        "terms",
        "subscription",
        "deal",
        "contracts",
    )
)
_BILLS = frozenset(("payment", "balance", "invoice", "rent", "instalment", "amount", "premium", "deposit"))
_TRANSPORT = frozenset(("train", "bus", "plane", "flight", "coach", "ferry", "shuttle", "tram", "boat"))
_RUNNING_ON = frozenset(("contract", "subscription", "policy", "lease", "membership", "agreement", "cover"))
_GIVEN_BACK = listed("""
    credit refund return waive pay reduce remove cancel correct adjust reverse restore reopen repay drop
""")


def _spared(group: Group, words: list[str]) -> bool:
    """A fee that is refunded; a shop that does something for you."""
    if group.noun in ("store", "shop", "office", "branch", "library", "desk"):
        return "you" in words[group.after :]
    return group.via == "be" and group.verb in _GIVEN_BACK


def _things(clause: Clause, group: Group, subject: str, text: str) -> Act | None:
    words = clause.words
    if subject in ("noun", "someone") and _foreign(clause, group):
        return None
    if (
        (group.noun in lexicon.THINGS_NEVER and not _spared(group, words))
        or "by your bank" in text
        or "by the manufacturer" in text
        or group.via in lexicon.TRYING
    ):
        return None
    verb = group.verb
    if (verb in ("renew", "continue", "roll", "extend") and group.noun in _RUNNING_ON) or {"every", "each"} & set(
        words[group.start :]
    ):
        return None
    if verb in ("be", "have") and group.via == "":
        return _state(clause, group)
    if group.via in ("be", "perfect") and group.tense == "fut":
        anybody = group.noun.endswith("s") and not {"your", "the", "these", "those", "both", "our"} & set(
            words[: group.at]
        )
        recorded = verb == "record" and group.noun in ("call", "calls", "conversation")
        return None if verb in lexicon.BAD_NEWS or recorded else _make(clause, group, verb, needs_date=anybody)
    if group.via == "be" and verb in lexicon.SCHEDULED:
        asked = (verb == "due" and group.noun in _BILLS) or (verb == "book" and {"fully", "up"} & set(words))
        return None if asked else _make(clause, group, verb, needs_date=True)
    if not _fulfils(group, subject, words) or (group.tense != "fut" and group.noun in _PAPERS | _TRANSPORT):
        return None
    everybody = group.noun.endswith("s") and (
        not {"your", "the", "these", "those"} & set(words[: group.at])
        or bool({"all", "any", "our", "most"} & set(words[:1]))
    )
    if group.tense == "fut":
        return _make(clause, group, verb, needs_date=everybody, policy=everybody)
    return _make(clause, group, verb, needs_date=True, policy=everybody)


def _fulfils(group: Group, subject: str, words: list[str]) -> bool:
    """Whether what is done serves the customer: by its verb, or because the desk's own people will do it."""
    after = words[group.after : group.after + 1]
    if group.verb == "take" and (
        after in (["#"], ["about"], ["around"], ["up"], ["some"], ["time"]) or "".join(after).isdigit()
    ):
        return False  # "it will take 3 days"
    if group.verb in lexicon.FULFILS:
        return True
    ours = group.tense == "fut" and (_agent(group, words) or subject == "someone")
    return ours and group.verb not in lexicon.FIRST_NEVER | lexicon.BAD_NEWS


def _foreign(clause: Clause, group: Group) -> bool:
    """A bank, a landlord, a company by its name: they bind themselves, not the desk."""
    words = clause.words
    whole = words[group.start : group.at]
    if set(whole[1 + whole.index("from") :] if "from" in whole else ()) & lexicon.OTHERS:
        return True
    if {"royal", "parcel", "post"} & set(whole) and {"mail", "office"} & set(whole):
        return True
    if lexicon.OURS & set(words[: group.at]):
        return False
    if group.noun == "bank" and whole[whole.index("bank") - 1] not in (
        "your",
        "the",
        "a",
        "own",
        "new",
        "their",
        "bank",
    ):
        return False  # the bottle bank
    if {group.noun, group.noun.rstrip("s")} & lexicon.OTHERS or lexicon.STRANGERS & set(whole):
        return True
    return bool({"your", "their", "his", "her"} & set(words[group.start : group.at]) & {"their", "his", "her"})


def _agent(group: Group, words: list[str]) -> bool:
    if {"managing", "letting", "estate", "insurance", "travel"} & set(words[group.start : group.at]):
        return False
    return bool({group.noun, group.noun.rstrip("s")} & lexicon.AGENTS) or bool(lexicon.OURS & set(words[: group.at]))


_NO_WORK = listed("""
    late too closed cold hot possible difficult hard raining sunny windy impossible expensive my a the
    not busy dark rainy
""")


def _state(clause: Clause, group: Group) -> Act | None:
    """ "It will be ready", "your refund is on its way", "your card will be with you"."""
    words = clause.words
    after = clause.words[group.after : group.after + 4]
    if group.verb == "have":
        planned = group.tense == "pres" and {"planned", "booked", "scheduled", "arranged", "lined"} & set(words)
        if planned:
            return _make(clause, group, "schedule", needs_date=True)
        ready = {"ready", "fixed", "done", "sorted", "with"} & set(clause.words[group.after :])
        return _make(clause, group, "have", needs_date=group.tense != "fut") if ready else None
    if set(after[:2]) & lexicon.READY and "touch" not in after:
        return _make(clause, group, "be", needs_date=group.tense != "fut")
    if group.tense == "fut" and group.subject == "it" and not set(after[:3]) & _NO_WORK:
        return _make(clause, group, "be", needs_date=True)
    if after[:2] == ["in", "touch"]:
        return _make(clause, group, "contact", needs_date=group.tense != "fut")
    if group.tense == "fut" and after[:2] in (["on", "your"], ["at", "your"]):
        return _make(clause, group, "be")
    if after[:2] == ["in", "contact"]:
        return _make(clause, group, "contact", needs_date=group.tense != "fut")
    if "#" in clause.words[group.at + 1 : group.at + 3] and (
        group.noun in lexicon.NOUNS or group.noun in ("slot", "appointment", "date", "eta", "window")
    ):
        return _make(clause, group, "be", needs_date=True)
    return None
