"""English verbs by rule: the forms of those that a desk uses, and which verb a form belongs to."""

from __future__ import annotations

from functools import cache

_REGULAR = """
celebrate wonder mark greet seat host cater believe trust imagine reckon guess presume worry doubt tend own live
park pray gauge sense judge fear bother smile admit learn shift rely count deserve belong matter rectify reallocate
escort supervise remedy ease pursue tackle settle unblock reroute recommence recharge reissue rehouse relocate
repair restart arrange prioritise clarify notify certify unsubscribe subscribe enrol register renew rewrite refit
reseal rewire rebuild_ plumb drain mow trim prune sweep empty gritt_ tow lend_ deploy accept access activate adjust
advise agree aim allocate allow amend announce answer apologise apologize appear apply appreciate approve arrive ask
assess assign assist assume assure attach attend await backdate bill book call cancel care carry change charge chase
check claim clean clear close collect commit compensate complete confirm connect consider contact continue
coordinate correct cover create credit deal_ debit decide decline deduct deliver demand despatch determine
disconnect discuss dispatch distribute double download drop email enclose endeavour enjoy ensure enter escalate
establish examine exchange expect expedite expire explain extend fail file fill finalise finalize finish fit_ fix
follow forward fulfil gather grant guarantee hand handle happen help hope include increase indicate inform inspect
install intend introduce investigate invite invoice issue join keep_ land launch leave_ lift like list load locate
lodge log look love mail maintain manage mean_ measure mention migrate miss monitor move need negotiate note notice
occur offer open operate order organise organize pack pass pay_ phone pick place plan play plead pledge pop post
postpone prefer prepare present press print prioritize proceed process produce progress promise provide publish pull
push query quote raise reach reactivate realise realize rebook recalculate receive recommend reconnect record
recover redeliver redirect redo_ reduce reexamine refer refill refresh refund refuse regret reimburse reinstall
reinstate reject release remain remember remind remove reopen reorder repay_ repeat replace reply report reprint
request require reschedule rescue reserve resolve respond restock restore resume retain return reverse review revert
revise rush schedule seem serve service ship sign solve sort_ speed stack start state stay stop store strive submit
suggest supply support suppose surprise survey suspend swap switch talk tell_ test text thank touch trace track
transfer treat trigger try turn undertake_ unlock update upgrade upload use value verify view visit void wait waive
want warn wash watch welcome wish work wrap sort yield repaint paint mend patch repost courier
"""
_IRREGULAR = """
be:is:being:been begin:begins:beginning:began,begun bring:brings:bringing:brought come:comes:coming:came,come
do:does:doing:did,done find:finds:finding:found get:gets:getting:got,gotten give:gives:giving:gave,given
go:goes:going:went,gone have:has:having:had hear:hears:hearing:heard hold:holds:holding:held keep:keeps:keeping:kept
know:knows:knowing:knew,known leave:leaves:leaving:left let:lets:letting:let make:makes:making:made
mean:means:meaning:meant meet:meets:meeting:met pay:pays:paying:paid put:puts:putting:put read:reads:reading:read
redo:redoes:redoing:redid,redone repay:repays:repaying:repaid ring:rings:ringing:rang,rung run:runs:running:ran,run
say:says:saying:said see:sees:seeing:saw,seen sell:sells:selling:sold send:sends:sending:sent set:sets:setting:set
show:shows:showing:showed,shown speak:speaks:speaking:spoke,spoken stand:stands:standing:stood
swap:swaps:swapping:swapped take:takes:taking:took,taken tell:tells:telling:told think:thinks:thinking:thought
undertake:undertakes:undertaking:undertook,undertaken write:writes:writing:wrote,written deal:deals:dealing:dealt
fit:fits:fitting:fitted,fit resend:resends:resending:resent drop:drops:dropping:dropped ship:ships:shipping:shipped
stop:stops:stopping:stopped plan:plans:planning:planned refer:refers:referring:referred
commit:commits:committing:committed cancel:cancels:cancelling,canceling:cancelled,canceled pop:pops:popping:popped
swear:swears:swearing:swore,sworn transfer:transfers:transferring:transferred log:logs:logging:logged
prefer:prefers:preferring:preferred submit:submits:submitting:submitted wrap:wraps:wrapping:wrapped
feel:feels:feeling:felt lose:loses:losing:lost understand:understands:understanding:understood
regret:regrets:regretting:regretted drive:drives:driving:drove,driven build:builds:building:built
quote:quotes:quoting:quoted
"""


@cache
def forms() -> dict[str, tuple[tuple[str, str], ...]]:
    """Each form with (verb, "base" | "s" | "ing" | "past")."""
    table: dict[str, list[tuple[str, str]]] = {}
    for verb in _REGULAR.split():
        if not verb.endswith("_"):
            for form, word in zip(("base", "s", "ing", "past"), _regular(verb), strict=True):
                table.setdefault(word, []).append((verb, form))
    for entry in _IRREGULAR.split():
        verb, third, ing, past = entry.split(":")
        for form, words in (("base", verb), ("s", third), ("ing", ing), ("past", past)):
            for word in words.split(","):
                table.setdefault(word, []).append((verb, form))
    return {word: tuple(found) for word, found in table.items()}


def _regular(verb: str) -> tuple[str, str, str, str]:
    if verb.endswith("e"):
        return verb, verb + "s", verb[:-1] + "ing", verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb, verb[:-1] + "ies", verb + "ing", verb[:-1] + "ied"
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    return verb, third, verb + "ing", verb + "ed"


def verb_of(word: str, *shapes: str) -> str:
    """The verb that a word is one of these forms of, or nothing."""
    return next((verb for verb, form in forms().get(word, ()) if form in shapes), "")


def participle(word: str) -> str:
    """The verb of a past participle, known or by its ending."""
    known = verb_of(word, "past")
    if known or word in ("need", "speed", "indeed", "need", "feed") or len(word) < 5 or not word.endswith("ed"):
        return known
    return word[:-2]


def gerund(word: str) -> str:
    """The verb of a form in -ing, known or by its ending."""
    known = verb_of(word, "ing")
    plain = ("nothing", "anything", "something", "everything", "morning", "evening", "during", "following", "regarding")
    if known or len(word) < 6 or not word.endswith("ing") or word in plain:
        return known
    return word[:-3]
