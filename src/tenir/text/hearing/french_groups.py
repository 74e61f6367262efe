"""The verb of a French clause: who, what, in which tense, denied or not, and the verb that hangs on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tenir.text.hearing import french_verbs as verbs
from tenir.text.hearing.french_words import BETWEEN, CLITICS, DETERMINERS, NEGATIONS, READY, SUBJECTS
from tenir.text.hearing.listing import listed

_FINITE = frozenset(("pres", "fut", "cond", "impf"))
_BEFORE_A_NOUN = listed("""
    de d' dans pour sur a avec par chez en sans sous vers concernant depuis selon suite contre entre apres avant
""")
_SMALL = listed("""
    nouveau nouvelle nouvel nouveaux nouvelles premier premiere second seconde prochain prochaine petit petite
    grand bon bonne dernier derniere deuxieme un une deux trois quatre cinq ancien meilleur seul vrai jeune
    autre eventuel eventuelle nos notre votre vos ces cette
""")
_ARTICLES = listed("""
    le la l' les un une des votre vos notre nos mon ma mes son sa ses leur leurs ce cet cette ces chaque
    quelques plusieurs tous toutes tout toute aucun aucune deux trois
""")


@dataclass(frozen=True, slots=True)
class Group:
    """`subject`: 1s, 1p, on, vous, 3, it, noun, who, "" (none) or an inverted pronoun; `noun` is the head of its words.

    `verb` is the infinitive that counts: of "nous allons vous rappeler" it is "rappeler", and `tense` "fut".
    `tense` may also be "past" (auxiliary and participle), "passive" or "futpast"; `via` is the verb that it hangs on.
    """

    start: int
    at: int
    subject: str
    verb: str
    tense: str
    person: str
    clitics: tuple[str, ...] = ()
    noun: str = ""
    denied: bool = False
    via: str = ""
    after: int = 0


def find(words: Sequence[str], link: str) -> Group | None:
    """The first verb of a clause that is conjugated, with everything that turns it."""
    for at, word in enumerate(words):
        readings = [form for form in verbs.read(word) if form.tense in _FINITE]
        if word in _HEARD and at and words[at - 1] in ("vous", "te", "t'"):
            readings = [form for form in verbs.read(_HEARD[word]) if form.tense == "pres"]
        if not readings or word == "#" or (word == "a" and not _has(words, at)):
            continue
        if at + 2 < len(words) and words[at + 1] == "-" and words[at + 2] in _INVERTED:
            return _inverted(words, at, readings)
        group = _placed(words, at, readings, link)
        if group is not None:
            return _turned(words, _denied(words, group))
    return None


#: « Je vous rappel », written as it is heard.
_HEARD = {"rappel": "rappelle", "envoi": "envoie", "appel": "appelle", "renvoi": "renvoie", "recontact": "recontacte"}


def _has(words: Sequence[str], at: int) -> bool:
    """Whether "a" is "il a", not "à"."""
    after = _skip(words, at + 1)
    following = words[after] if after < len(words) else ""
    known = any(form.tense == "pp" for form in verbs.forms().get(following, ()))
    return known or following == "lieu" or (at > 0 and words[at - 1] in SUBJECTS)


_INVERTED = listed("""
    je vous nous on il elle ils elles t moi le la les ce lui leur y en tu
""")


def _inverted(words: Sequence[str], at: int, readings: list[verbs.Form]) -> Group:
    return Group(at, at, f"-{words[at + 2]}", readings[0].lemma, readings[0].tense, readings[0].person, after=at + 3)


def _placed(words: Sequence[str], at: int, readings: list[verbs.Form], link: str) -> Group | None:
    first = at
    while first > 0 and words[first - 1] in CLITICS:
        first -= 1
    clitics = tuple(words[first:at])
    persons = {form.person for form in readings}
    before = words[first - 1] if first else ""
    if before in SUBJECTS:
        return _with_pronoun(before, first - 1, at, readings, clitics)
    for word, person in (("nous", "1p"), ("vous", "2p")):
        if clitics and clitics[0] == word and person in persons and before not in _BEFORE_A_NOUN:
            form = _best(readings, (person,))
            return Group(first, at, person if person == "1p" else "vous", form.lemma, form.tense, person, clitics[1:])
    if len(clitics) == 1 and clitics[0] in ("le", "la", "l'", "les", "en", "leur") and not _sure(readings):
        return None
    if (before in DETERMINERS or before in _SMALL) and not clitics:
        return None
    return _with_noun(words, first, at, readings, clitics, link)


def _sure(readings: list[verbs.Form]) -> bool:
    return any(form.tense in ("fut", "cond", "impf") for form in readings)


def _with_pronoun(
    before: str, start: int, at: int, readings: list[verbs.Form], clitics: tuple[str, ...]
) -> Group | None:
    subject = SUBJECTS[before]
    wanted = {"1s": ("1s",), "2": ("2s",)}.get(subject, ("3s", "3p"))
    form = _best(readings, wanted)
    if form.person not in wanted and subject == "1s" and form.tense in ("pres", "fut"):
        form = form._replace(person="1s")
    if before in ("ce", "cela", "ceci") and not form.person.startswith("3"):
        return None
    if before == "ce" and form.lemma not in ("etre", "pouvoir", "devoir") and not clitics:
        return None
    return Group(start, at, subject, form.lemma, form.tense, form.person, clitics)


def _best(readings: list[verbs.Form], persons: tuple[str, ...]) -> verbs.Form:
    return next((form for form in readings if form.person in persons), readings[0])


def _with_noun(
    words: Sequence[str], first: int, at: int, readings: list[verbs.Form], clitics: tuple[str, ...], link: str
) -> Group | None:
    third = [form for form in readings if form.person.startswith("3")]
    noun, start = _head(words[:first])
    if noun and third:
        return Group(start, at, "noun", third[0].lemma, third[0].tense, third[0].person, clitics, noun)
    if link == "who" and third and not noun:
        return Group(first, at, "who", third[0].lemma, third[0].tense, third[0].person, clitics)
    if noun and not clitics:
        return None
    second = [form for form in readings if form.person == "2p"]
    if second and (not clitics or clitics[0] in ("ne", "n'")):
        return Group(first, at, "order", second[0].lemma, second[0].tense, "2p", clitics)
    if not noun or clitics:
        # « … et vous rappelle demain » : the subject was said before.
        form = _best(readings, ("1s", "3s", "1p", "3p"))
        bare = form.person in ("1s", "3s", "2s") and form.tense == "pres" and not clitics
        return (
            None
            if bare and (link not in ("and", "but") or set(words[:at]) - {"#"})
            else Group(first, at, "", form.lemma, form.tense, form.person, clitics)
        )
    return None


def _head(words: Sequence[str]) -> tuple[str, int]:
    """The noun that a group of words before a verb is about, and where the group begins."""
    for at, word in enumerate(words):
        if word == "quelqu'un":
            return word, at
        if word in _ARTICLES and (at == 0 or words[at - 1] not in _BEFORE_A_NOUN) and not _of(words, at):
            for noun in words[at + 1 :]:
                if noun not in _SMALL and noun.isalpha():
                    return noun, at
    # Without an article: « Livraison prévue … sera », « Enedis interviendra ».
    for at, word in enumerate(words):
        if word in _BEFORE_A_NOUN or word in ("du", "au", "aux"):
            return "", 0
        if (
            word.isalpha()
            and len(word) > 2
            and word not in BETWEEN | _SMALL
            and word not in _ARTICLES
            and word not in SUBJECTS
        ):
            return ("", 0) if re.search(r"ment$", word) or word in _ADVERBS else (word, at)
    return "", 0


_ADVERBS = listed("""
    alors ainsi bonne bonjour parfait merci bien demain tres entendu effectivement desole desolee mais or non
    oui voici voila bref ensuite puis aussi sinon lundi promis cordialement nous vous
""")


def _of(words: Sequence[str], at: int) -> bool:
    return words[at] == "des" and at > 0 and words[at - 1].isalpha()


def _denied(words: Sequence[str], group: Group) -> Group:
    clitic = any(word in ("ne", "n'") for word in (*group.clitics, *words[max(0, group.at - 4) : group.at]))
    tail = words[group.at + 1 : group.at + 5]
    if clitic:
        only = not NEGATIONS & set(tail) and any(word in ("que", "qu'") for word in words[group.at :])
        return replace(group, denied=not only)
    return replace(group, denied=bool(tail and tail[0] in ("pas", "jamais", "rien")))


def _turned(words: Sequence[str], group: Group) -> Group:
    """What the conjugated verb makes of the infinitive or participle that follows it."""
    at = _skip(words, group.at + 1)
    word = words[at] if at < len(words) else ""
    if group.verb == "etre" and word in READY:
        return replace(group, after=at + 1)
    if group.verb == "avoir" and {"plaisir", "honneur", "joie", "regret"} & set(words[at : at + 3]):
        for later in range(at + 1, min(len(words), at + 7)):
            if inf := verbs.infinitive(words[later]):
                return replace(group, verb=inf, after=later + 1)
    if group.verb in ("avoir", "etre"):
        past = verbs.participle(word)
        if past:
            return _compound(group, past, at, words)
        return replace(group, after=group.at + 1)
    if group.verb == "venir" and word in ("de", "d'") and verbs.infinitive(_next(words, at + 1)[0]):
        return replace(group, tense="past", after=at + 1)
    linked = at
    if word in ("a", "de", "d'"):
        word, linked = _next(words, at + 1)
    inf = verbs.infinitive(word)
    if not inf:
        return replace(group, after=group.at + 1)
    return _hung(words, group, inf, linked)


_MOVING = frozenset(("passer", "venir", "revenir", "repasser", "retourner", "monter", "descendre", "rentrer"))


def _hung(words: Sequence[str], group: Group, inf: str, linked: int) -> Group:
    """« Va rappeler », « fera livrer », « passera voir », « s'engage à faire parvenir »."""
    if group.verb in _MOVING:
        return replace(group, after=linked + 1)
    tense = "fut" if group.verb == "aller" and group.tense == "pres" else group.tense
    following, at = _next(words, linked + 1)
    if group.verb == "aller" and inf == "etre" and (past := verbs.participle(following)):
        return replace(group, verb=past, tense=tense, via="etre", after=at + 1)
    if inf == "faire" and (deeper := verbs.infinitive(following)):
        inf, linked = deeper, at
    return replace(group, verb=inf, tense=tense, via=group.verb, after=linked + 1)


def _compound(group: Group, past: str, at: int, words: Sequence[str]) -> Group:
    if group.verb == "avoir":
        if past == "ete":
            past = "etre"
        inner = (
            verbs.participle(words[_skip(words, at + 1)])
            if past == "etre" and _skip(words, at + 1) < len(words)
            else ""
        )
        tense = "futpast" if group.tense == "fut" else "past" if group.tense == "pres" else group.tense
        return replace(group, verb=inner or past, tense=tense, via="avoir", after=at + 1)
    moving = past in (
        "partir",
        "arriver",
        "venir",
        "revenir",
        "parvenir",
        "passer",
        "intervenir",
        "aller",
        "devenir",
        "rester",
    )
    if group.tense == "pres" and (moving or {"s'", "se", "me", "m'"} & set(group.clitics)):
        return replace(group, verb=past, tense="past", via="etre", after=at + 1)
    tense = {"pres": "passive", "fut": "fut"}.get(group.tense, group.tense)
    return replace(group, verb=past, tense=tense, via="etre", after=at + 1)


def _skip(words: Sequence[str], at: int) -> int:
    while at < len(words) and (words[at] in BETWEEN or (words[at].endswith("ment") and len(words[at]) > 6)):
        at += 1
    return at


def _next(words: Sequence[str], at: int) -> tuple[str, int]:
    at = _skip(words, at)
    return (words[at], at) if at < len(words) else ("", at)
