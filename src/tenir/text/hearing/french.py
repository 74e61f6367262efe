"""What a French clause is: a promise of the desk, or one of the many things that only look like it.

Binding: the future, the near future and, with a date, the present of what the desk does (« nous », « je », « on »), of
what the customer gets (« vous recevrez », « vous serez rappelé »), of what somebody or something of the desk does (« un
technicien passera », « le remboursement part »), and a title with a date (« livraison prévue mardi »).
"""

from __future__ import annotations

from tenir.text.hearing import french_verbs as verbs
from tenir.text.hearing import french_words as lexicon
from tenir.text.hearing.clauses import Act, Clause, Reading
from tenir.text.hearing.french_groups import Group, find
from tenir.text.hearing.listing import listed

_DESK = frozenset(("1s", "1p", "on"))


def read(clause: Clause, before: Reading | None) -> Reading:
    """The reading of one clause; `before` is that of the one before it, whose subject it may share."""
    words = clause.words
    group = find(words, clause.link)
    text = " ".join(words).replace("' ", "'")
    hedged = bool(lexicon.HEDGES & set(words)) or any(phrase in text for phrase in lexicon.HEDGE_PHRASES)
    if group is None:
        frame = "open" if "noter" in words else ""
        return Reading(False, None if hedged else _verbless(clause), frame, _asked(words), hedged=hedged)
    subject = _subject(group, before)
    if group.subject.startswith("-"):
        return _inverted(clause, group)
    act = None if hedged else _act(clause, group, subject, text)
    return Reading(True, act, _frame(group, subject, words), _theirs(group, subject), subject, hedged)


def _subject(group: Group, before: Reading | None) -> str:
    if group.subject != "":
        return group.subject
    shared = before.subject if before else ""
    return shared if shared in ("1s", "1p", "on", "3", "it", "noun", "who") else "3" if shared else ""


def _asked(words: list[str]) -> bool:
    return bool(words) and (words[0] in ("merci", "veuillez", "priere") or words[:2] == ["a", "vous"])


def _theirs(group: Group, subject: str) -> bool:
    return subject in ("vous", "order")


def _frame(group: Group, subject: str, words: list[str]) -> str:
    """What this clause makes of a « que » that follows it."""
    if group.denied and group.verb not in ("douter", "hesiter", "oublier"):
        return "said"
    if (
        subject in _DESK
        and group.verb in lexicon.SAYING
        and group.via in ("tenir", "souhaiter", "vouloir", "permettre", "pouvoir")
    ):
        return "open"  # « je tenais à vous confirmer que »
    if subject == "on" and {"m'", "me", "nous"} & set(group.clitics):
        return "said"  # « on m'assure que »
    if subject == "order":
        return "open"  # « sachez que », « notez que », « soyez assuré que »
    if {"espoir", "impression", "sentiment", "crainte"} & set(words):
        return "hope"
    verb = group.via if group.via in lexicon.HOPING and group.via != "pouvoir" else group.verb
    if verb in lexicon.HOPING:
        return "hope"
    if subject in _DESK and group.tense in ("pres", "fut", "passive"):
        return "open"
    if verb in lexicon.SAYING or group.via in lexicon.SAYING:
        return "open" if subject == "vous" and group.tense == "pres" and verb == "voir" else "said"
    return "said" if subject == "noun" and verb not in ("etre", "avoir") and group.via != "etre" else "open"


def _inverted(clause: Clause, group: Group) -> Reading:
    """« Attendez-vous à un appel » binds, « pouvez-vous » asks, « renvoyez-nous » asks too."""
    words = clause.words
    act = None
    if group.verb == "attendre" and words[group.after : group.after + 1] == ["a"] and group.person == "2p":
        act = _make(clause, group, "attendre", start=group.at)
    return Reading(True, act, "ask" if group.subject == "-vous" else "open", True, "vous", question=act is None)


def _act(clause: Clause, group: Group, subject: str, text: str) -> Act | None:
    if subject in ("noun", "3", "it") and {"aucun", "aucune", "nul", "personne"} & set(clause.words[: group.at]):
        return None
    if group.denied and not (group.via in ("manquer", "oublier") or (group.verb == "oublier" and group.tense == "fut")):
        return None
    if group.tense not in ("pres", "fut", "passive", "futpast", "past"):
        return None
    if subject in _DESK:
        return _ours(clause, group, text)
    if subject == "vous":
        return _yours(clause, group, text)
    if subject == "order":
        return _order(clause, group, text)
    return _theirs_or_things(clause, group, subject, text)


def _make(
    clause: Clause, group: Group, verb: str, *, needs_date: bool = False, policy: bool = False, start: int = -1
) -> Act:
    """The act from its subject to its verb."""
    first = clause.tokens[group.start if start < 0 else start]
    last = clause.tokens[min(max(group.after - 1, group.at), len(clause.tokens) - 1)]
    return Act(
        first.start,
        max(last.end, first.end),
        verb,
        kind(verb, clause.words),
        needs_date,
        policy,
        clause.tokens[group.at].start,
    )


def kind(verb: str, words: list[str]) -> str:
    """What sort of promise: by its verb, or by the thing that is named when the verb says little."""
    found = lexicon.VERB_KINDS.get(verb, "")
    named = next((lexicon.NOUNS[word.rstrip("s")] for word in words if word.rstrip("s") in lexicon.NOUNS), "")
    if verb in ("intervenir", "arriver", "parvenir") and named == "payment":
        return named
    if verb == "remplacer" or found in ("callback", "payment", "repair"):
        return found
    if verb == "passer" or (found and not (verb in ("partir", "arriver", "parvenir", "envoyer", "remettre") and named)):
        return found
    return named or found or "generic"


# --- The desk itself -------------------------------------------------------------------------------------------------


def _ours(clause: Clause, group: Group, text: str) -> Act | None:
    words = set(clause.words)
    if group.tense == "past":
        if group.via == "faire" or group.verb == "faire":
            return _make(clause, group, group.verb, needs_date=True) if _moved(clause) else None
        return _make(clause, group, group.verb, needs_date=True) if _scheduled(group, clause) else None
    if group.denied:  # « nous ne manquerons pas de »
        return _make(clause, group, group.verb)
    if group.via in lexicon.TRYING or (group.via == "" and group.verb in ("pouvoir", "devoir", "vouloir", "falloir")):
        return None
    if group.via in (
        "inviter",
        "prier",
        "demander",
        "conseiller",
        "recommander",
        "remercier",
        "autoriser",
        "rester",
        "laisser",
    ):
        return None
    if group.tense == "futpast":
        return _make(clause, group, group.verb)
    if group.verb in ("etre", "avoir") or group.via in ("etre", "avoir"):
        return _being(clause, group, text)
    if group.tense == "fut":
        return _future(clause, group, text)
    return _present(clause, group, text, words)


def _moved(clause: Clause) -> bool:
    """« J'ai fait avancer votre rendez-vous »."""
    at = next((n for n, word in enumerate(clause.words) if word == "fait"), 0)
    return any(verbs.infinitive(word) in lexicon.SCHEDULED for word in clause.words[at : at + 3])


def _scheduled(group: Group, clause: Clause) -> bool:
    """« J'ai programmé votre intervention pour jeudi » : what is arranged for a day to come is owed on it."""
    return group.verb in lexicon.SCHEDULED - {"attendre", "arreter", "convenir"} and group.via in (
        "avoir",
        "etre",
        "faire",
    )


def _being(clause: Clause, group: Group, text: str) -> Act | None:
    words = clause.words[group.at :]
    if group.verb == "etre":
        there = any(phrase in text for phrase in (" chez vous", "votre domicile", "sur place", "en mesure"))
        return _make(clause, group, "passer") if group.tense == "fut" and there and "en mesure" not in text else None
    if group.verb == "avoir":
        answer = {"reponse", "solution", "nouvelles", "retour", "confirmation", "precisions"} & set(words)
        return _make(clause, group, "repondre", needs_date=True) if group.tense == "fut" and answer else None
    if group.verb in ("ravir", "heureux", "fermer", "desoler", "obliger", "contraindre", "conscient", "tenir"):
        return None
    return _make(clause, group, group.verb, needs_date=True) if group.verb == "engager" else None


_SAID_ONLY = (
    "de mon mieux",
    "notre mieux",
    "mon possible",
    "notre possible",
    "le maximum",
    "tout pour",
    "en compte",
    "compte de",
    "a votre disposition",
    "a votre ecoute",
    "bien attention",
    "au plus juste",
    "ce qu'il faut pour que",
)


def _future(clause: Clause, group: Group, text: str) -> Act | None:
    if group.verb in lexicon.FIRST_NEVER or any(phrase in text for phrase in _SAID_ONLY):
        return None
    if group.verb == "faire" and {"tout", "maximum"} & set(clause.words[group.after : group.after + 2]):
        return _make(clause, group, "faire") if "necessaire" in clause.words else None
    if group.verb == "voir":
        return (
            _make(clause, group, "verifier")
            if group.via == "aller" and {"avec", "aupres"} & set(clause.words)
            else None
        )
    if {"toujours", "jamais"} & set(clause.words):
        return _make(clause, group, group.verb, needs_date=True)
    if group.verb == "dire" and "vous" not in group.clitics and group.via != "aller":
        return None
    if (
        group.verb in ("aller", "venir", "passer")
        and group.via == ""
        and "dans" in clause.words[group.after : group.after + 1]
    ):
        return None
    return _make(clause, group, group.verb)


def _present(clause: Clause, group: Group, text: str, words: set[str]) -> Act | None:
    if group.via in lexicon.PERFORMING - {"faire"} and group.via != "confirmer":
        return _make(clause, group, group.verb)
    strong = _strong(clause, group, text)
    if strong:
        return _make(clause, group, group.verb)
    if any(phrase in text for phrase in _SAID_ONLY) or words & lexicon.ATTACHED:
        return None
    if group.verb == "confirmer" and {"le", "l'"} & set(group.clitics):
        return _make(clause, group, "confirmer", needs_date=True)
    if group.verb == "confirmer" and {"ca", "cela", "tout"} & set(clause.words[group.after : group.after + 1]):
        return _make(clause, group, "confirmer", needs_date=True)
    if group.verb == "confirmer" and {word.rstrip("s") for word in words} & lexicon.NOMINAL:
        return _make(clause, group, "confirmer", needs_date=True)
    if group.verb in lexicon.PRESENT_NEVER or group.via in lexicon.PRESENT_NEVER or _reminding(clause, group):
        return None
    if any(phrase in text for phrase in lexicon.ATTACHED_PHRASES):
        return None
    clitics = {"le", "l'", "la", "les", "y", "en", "vous"} & set(group.clitics)
    addressed = {"vous", "votre", "vos", "ca", "cela"} & words or clitics
    return _make(clause, group, group.verb, needs_date=True, policy=group.subject != "1s" and not addressed)


def _reminding(clause: Clause, group: Group) -> bool:
    """« Je vous rappelle que … », « je vous rappelle les conditions »: to remind, not to call back."""
    following = clause.words[group.after : group.after + 1]
    if group.verb == "rappeler" and not following and clause.followed == "that":
        return True
    return group.verb == "rappeler" and bool(
        set(following) & {"que", "qu'", "les", "le", "la", "l'", "votre", "nos", "notre", "vos", "ci-dessous", "mes"}
    )


def _strong(clause: Clause, group: Group, text: str) -> bool:
    """What binds in the present even without a date."""
    words, after = clause.words, clause.words[group.after :]
    if group.verb == "rappeler":
        return not _reminding(clause, group) and "vous" in group.clitics and clause.link != "as"
    if group.verb in ("prevenir", "aviser", "avertir"):
        return "vous" in group.clitics and clause.followed != "that" and not set(after) - {".", "!"}
    if group.verb == "revenir":
        return "vers" in after[:3] or "aupres" in after[:3]
    if group.verb == "tenir":
        return "au courant" in text or "informe" in text
    if group.verb in ("occuper", "charger", "renseigner"):
        return bool({"m'", "s'", "nous", "me", "se"} & set(group.clitics)) or group.subject == "1p"
    if group.verb == "faire":
        return "necessaire" in after
    if group.verb in ("dire", "redire"):
        return (
            "vous" in group.clitics
            and (not set(after) - {".", "!"} or bool({"ca", "cela", "quoi", "tout"} & set(after[:3])))
            and "merci" not in after
        )
    if group.verb in ("engager", "promettre", "garantir"):
        return False
    if group.verb in lexicon.PRESENT_STRONG or (group.verb == "proceder" and after[:1] in (["a"], ["au"])):
        attached = set(words) & lexicon.ATTACHED or any(phrase in text for phrase in lexicon.ATTACHED_PHRASES)
        return not attached and (group.verb != "proceder" or bool(set(after[:4]) & lexicon.NOMINAL))
    return False


# --- The customer, by whom something is got or asked -----------------------------------------------------------------


def _yours(clause: Clause, group: Group, text: str) -> Act | None:
    after = clause.words[group.at + 1 :]
    dated = group.tense in ("pres", "passive")
    if group.tense == "past" or _by_others(clause.words):
        return None
    if group.tense == "futpast":
        return _make(clause, group, group.verb) if group.verb in lexicon.GETS | lexicon.DONE_TO_THEM else None
    if group.via == "etre":
        if group.verb == "tenir" and not {"informe", "informee", "informes", "courant"} & set(after):
            return None
        known = group.verb in lexicon.DONE_TO_THEM or (group.verb in lexicon.FULFILS - lexicon.BAD_NEWS and not dated)
        return _make(clause, group, group.verb, needs_date=dated) if known else None
    if group.via == "pouvoir" or group.verb == "pouvoir":
        return _able(clause, group, text)
    return _got(clause, group, after, dated)


def _got(clause: Clause, group: Group, after: list[str], dated: bool) -> Act | None:
    """« Vous recevrez », « vous aurez »: what the desk has to bring about."""
    if group.via not in ("", "aller"):
        return None
    if group.verb == "disposer":
        limit = {"delai", "jours", "heures", "mois"} & set(after) or (not dated and after[1:2] == ["un"])
        return None if limit else _make(clause, group, group.verb, needs_date=dated)
    if group.verb in lexicon.GETS:
        return _make(clause, group, group.verb, needs_date=dated)
    if group.verb == "trouver" and not set(after) & lexicon.ATTACHED:
        return _make(clause, group, group.verb, needs_date=True)
    if group.verb != "avoir":
        return None
    if "parole" in after and dated:
        return _make(clause, group, "promettre")
    if "acces" in after[:3]:
        return _make(clause, group, "avoir", needs_date=True)
    return _make(clause, group, "repondre", needs_date=dated) if _given(after) else None


def _given(after: list[str]) -> bool:
    """« Vous aurez une réponse », « vous l'aurez »; not « vous aurez besoin », « vous aurez 14 jours pour »."""
    rest = [word for word in after if word not in ("donc", "ainsi", "bien", "alors", "tout", "#")]
    if {"besoin", "possibilite", "choix", "a", "droit", "acces", "option", "delai", "occasion", "envie"} & set(
        rest[:3]
    ):
        return False
    return not rest or not rest[0].isdigit()


def _able(clause: Clause, group: Group, text: str) -> Act | None:
    if "compter sur" in text or "vous attendre a" in text:
        return _make(clause, group, group.verb)
    fetched = group.verb in ("venir", "passer") and bool(
        {"chercher", "retirer", "recuperer", "prendre"} & set(clause.words)
    )
    if group.tense == "fut" and (fetched or group.verb in lexicon.TAKES):
        return _make(clause, group, group.verb, needs_date=True)
    return None


def _order(clause: Clause, group: Group, text: str) -> Act | None:
    after = clause.words[group.at + 1 : group.at + 4]
    if (
        group.verb == "compter"
        and after[:1] == ["sur"]
        and set(after) & ({"moi", "nous", "une", "un"} | lexicon.NOMINAL)
    ):
        return _make(clause, group, "compter")
    if group.verb == "attendre" and set(after) & {"appel", "reponse", "retour"} and "notre" in after:
        return None
    return None


# --- Somebody or something else --------------------------------------------------------------------------------------


def _theirs_or_things(clause: Clause, group: Group, subject: str, text: str) -> Act | None:
    noun = group.noun.rstrip("s") if group.noun not in lexicon.OTHERS else group.noun
    before = set(clause.words[: group.at])
    ours = bool(lexicon.OURS & before)
    if subject == "noun" and _foreign(clause, group, noun, ours):
        return None
    back = group.via == "etre" and group.verb in lexicon.GIVEN_BACK
    if (
        (noun in lexicon.THINGS_NEVER and "vous" not in group.clitics and not back)
        or (noun in lexicon.ADVERSE and not back)
        or _by_others(clause.words)
        or (group.noun in _RUNNING_ON and group.verb in ("reconduire", "renouveler", "prolonger", "continuer"))
        or (subject == "3" and {group.verb, group.via} & _IMPERSONAL)
    ):
        return None
    if group.via in lexicon.TRYING or group.verb in ("pouvoir", "devoir", "falloir"):
        return None
    return _done(clause, group, subject)


#: What goes on by itself, and what « il » is only the grammar of.
_RUNNING_ON = frozenset(("contrat", "abonnement", "bail", "adhesion", "police"))
_IMPERSONAL = frozenset(
    ("convenir", "suffire", "falloir", "importer", "appartenir", "incomber", "revenir", "pleuvoir", "agir")
)


def _by_others(words: list[str]) -> bool:
    """« … par votre banque », « la visite de votre assureur »."""
    return any(
        words[at - 1] in ("par", "de", "du", "votre", "la", "le", "l'", "son") and words[at] in lexicon.STRANGERS
        for at in range(1, len(words))
        if {"par", "de", "du"} & set(words[max(0, at - 2) : at])
    )


def _foreign(clause: Clause, group: Group, noun: str, ours: bool) -> bool:
    """A bank, an insurer, a company by its name: they bind themselves, not the desk."""
    if ours:
        return False
    if {noun, group.noun} & lexicon.OTHERS or lexicon.STRANGERS & set(clause.words[group.start : group.at]):
        return True
    head = next((token for token in clause.tokens if token.text == group.noun), None)
    named = head is not None and head.capital and group.start == clause.words.index(group.noun) and group.start > 0
    return named and "vous" not in group.clitics


def _done(clause: Clause, group: Group, subject: str) -> Act | None:
    words = clause.words
    if group.verb in ("etre", "avoir", "faire") and group.via in ("", "aller"):
        return _state(clause, group)
    if group.tense in ("passive", "past") and group.verb in lexicon.SCHEDULED:
        return (
            _make(clause, group, group.verb, needs_date=True)
            if not (group.tense == "past" and group.via != "avoir")
            else None
        )
    passive = group.tense == "fut" and group.via == "etre" and group.verb not in lexicon.BAD_NEWS
    to_you = (
        group.tense == "fut" and subject in ("noun", "who", "3") and ("vous" in group.clitics or _agent(group, words))
    )
    never = lexicon.NEVER_TO_YOU | lexicon.BAD_NEWS
    listed = group.verb in lexicon.FULFILS or group.verb.removeprefix("re") in lexicon.FULFILS
    binds = listed or passive or (to_you and group.verb not in never)
    if group.tense == "past" or not binds or (group.verb == "prendre" and {"fin", "effet", "retard"} & set(words)):
        return None
    if group.tense in ("fut", "futpast"):
        return _make(clause, group, group.verb, needs_date=_of_anybody(group, words))
    if group.noun in _TRANSPORT or {"chaque", "habituellement", "ordinairement"} & set(words):
        return None
    everybody = group.noun.endswith("s") and bool(set(words[: group.at]) & lexicon.EVERYBODY)
    if everybody or subject == "":
        return _make(clause, group, group.verb, needs_date=True, policy=True) if subject else None
    return _make(clause, group, group.verb, needs_date=True)


def _of_anybody(group: Group, words: list[str]) -> bool:
    """« Les demandes seront traitées », « il sera répondu »: a promise only by its date."""
    if words[group.start] == "il" and group.verb in ("repondre", "donner", "proceder", "statuer"):
        return True
    if group.verb == "enregistrer" and group.noun in ("appel", "appels", "conversation", "communication"):
        return True
    plural = group.noun.endswith("s") and bool({"les", "des", "tous", "toutes"} & set(words[: group.at]))
    return plural and "vous" not in group.clitics and not _agent(group, words)


def _agent(group: Group, words: list[str]) -> bool:
    return bool({group.noun, group.noun.rstrip("s")} & lexicon.AGENTS) or bool(lexicon.OURS & set(words[: group.at]))


_NO_WORK = listed("""
    ferme fermee tard trop possible impossible difficile complique froid chaud ferie jour fete pas mon ma le la
""")
_TRANSPORT = listed("""
    train bus avion vol car ferry navette metro tram bateau
""")


def _state(clause: Clause, group: Group) -> Act | None:
    """« Ce sera fait », « votre carte sera prête », « l'intervention aura lieu »."""
    after = clause.words[group.at + 1 :]
    if group.verb == "avoir":
        return _make(clause, group, "avoir", needs_date=group.tense != "fut") if after[:1] == ["lieu"] else None
    if group.verb == "faire":
        done = "se" in group.clitics or (group.via == "etre" and True)
        return _make(clause, group, "faire", needs_date=group.tense != "fut") if done or after[:1] == ["fait"] else None
    if any(phrase in " ".join(after[:3]) for phrase in ("en ligne", "en place", "en service", "en route")):
        return _make(clause, group, "etre", needs_date=group.tense != "fut")
    if group.tense == "fut" and group.subject == "it" and not set(after[:3]) & _NO_WORK:
        return _make(clause, group, "etre", needs_date=True)
    nearby = {word.rstrip("_") for word in after[:4]}
    if nearby & lexicon.READY and not nearby & {"ferme", "fermes", "indisponible", "absent", "ravi", "ravis"}:
        return _make(clause, group, "etre", needs_date=group.tense != "fut")
    return None


# --- Without a verb --------------------------------------------------------------------------------------------------


def _verbless(clause: Clause) -> Act | None:
    """« Livraison prévue mardi », « Remboursement sous 5 jours »: a title, when it begins with what is done."""
    words = [
        word
        for word in clause.words
        if word not in ("la", "le", "votre", "l'", "un", "une", "prochain", "prochaine", "nouvelle")
    ]
    if not words or clause.link not in ("", "and"):
        return None
    if words[:2] == ["comptez", "sur"]:
        return Act(clause.start, clause.end, "compter", "generic")
    noun = words[0] if words[0] in lexicon.NOMINAL else words[0].rstrip("s")
    done = verbs.participle(words[0]) if len(words[0]) > 4 else ""
    if done in lexicon.FULFILS and not clause.link:
        return Act(clause.start, clause.tokens[0].end, done, kind(done, words), needs_date=True)
    if noun not in lexicon.NOMINAL:
        return None
    return Act(clause.start, clause.end, noun, lexicon.NOUNS[noun], needs_date=True)


def asks(before: list[str], _condition: list[str]) -> bool:
    """« Je vérifie si la pièce est en stock » : no condition, but what is to be found out."""
    return bool(lexicon.ASKING_FORMS & set(before[-4:]))
