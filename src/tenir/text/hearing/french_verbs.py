"""French verbs by the rules of conjugation: every form of the verbs that a desk uses, folded, and what it may be.

Only what tells a promise from something else is kept: infinitive, present, future, conditional, imperfect, past
participle. A verb that is not in the list is recognised by its ending.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from tenir.text.hearing.listing import listed


class Form(NamedTuple):
    """`tense` is inf, pres, fut, cond, impf or pp; `person` is 1s, 2s, 3s, 1p, 2p or 3p, or nothing."""

    lemma: str
    tense: str
    person: str


_FIRST = """
affirmer repousser declarer solder egarer reverser distribuer acheminer mobiliser boucler regrouper cloisonner
reposter rallonger abandonner accelerer accepter accompagner accorder acheter activer actualiser adapter adresser
affecter afficher agreer aider ajouter ajuster alerter aligner ameliorer amener analyser annoncer annuler appeler
appliquer apporter apprecier approvisionner archiver arranger arreter arriver assigner assister assurer attester
attribuer augmenter autoriser avancer aviser basculer bloquer bonifier boucher brancher cadrer calculer caler causer
ceder centraliser certifier changer charger chercher chiffrer classer clarifier cloturer coller collecter commander
commencer communiquer comparer compenser completer compter concerner confier confirmer conseiller conserver
considerer consigner constater consulter contacter continuer controler convoquer coordonner corriger couper couter
crediter creer dater debiter debloquer deboucher debuter decaler decider declencher dedommager delivrer demander
demarrer demenager demonter depanner depecher deplacer deposer depouiller deranger desactiver designer desirer
detailler determiner developper devoiler diagnostiquer diligenter diminuer donner doubler douter echanger echelonner
ecouter ecourter editer effacer effectuer eliminer embarquer emporter encaisser enclencher encoder endommager
engager enlever enregistrer entamer entrer envisager epauler eplucher escalader esperer essayer estimer etaler
etudier evacuer evaluer eviter examiner excuser executer exiger expedier expertiser expliquer exposer fabriquer
faciliter facturer fermer fideliser figurer fixer former formuler fouiller gagner garder garer generer gerer glisser
hesiter honorer imaginer implanter imprimer imputer indemniser indiquer informer initier inspecter installer
integrer interroger inviter jeter justifier laisser lancer laver lever liberer liquider livrer localiser majorer
mandater manquer marquer mentionner mesurer missionner modifier monter montrer motiver muter nettoyer nommer noter
notifier numeriser occuper octroyer opter operer ordonner organiser orienter oublier parler partager passer
patienter payer penser percer perfectionner personnaliser peser piloter placer planifier plaisanter pointer porter
poser positionner poster poursuiver pousser preciser preferer prelever preparer presenter preserver preter prier
prioriser privilegier procurer proceder programmer prolonger proposer proroger provoquer publier purger qualifier
quitter raccorder raccompagner ramasser ramener rappeler rapporter rapprocher rassurer rattraper realiser reactiver
realimenter recaler rechercher rechanger reclamer recommander recommencer reconfirmer recontacter recouper
recrediter recreer rectifier recuperer rediger rediriger redonner reediter reevaluer reexaminer reexpedier
refacturer refuser regarder regler regretter regulariser reinitialiser reinstaller reiterer rejeter relancer relayer
relever relivrer remanier rembourser remedier remercier remonter remplacer remuer rencontrer renouveler renseigner
renter rentrer reparer reparler repasser replacer reporter reposer reprogrammer reserver resilier respecter ressayer
restaurer rester restituer resumer retarder retirer retourner retrouver reviser revoquer reclasser sauvegarder
securiser selectionner sembler signaler signer simuler soigner solliciter solutionner souhaiter soulager souligner
stabiliser stationner statuer stocker subroger suggerer supposer supprimer surveiller tacher tarder telephoner
tenter terminer tester tirer tomber toucher tourner tracer traiter trancher transferer transiter transporter
travailler trier trouver urger utiliser valider veiller vendanger ventiler verifier verser vider virer viser visiter
voter bouger caser checker mailer scanner texter booker uploader cibler decompter demarcher eclairer epargner
eponger fignoler filer tranquilliser
"""
_SECOND = """
aboutir accomplir adoucir agir agrandir aplanir approfondir avertir batir choisir definir eclaircir elargir enrichir
etablir finir fournir garantir investir nourrir obeir raccourcir rafraichir ralentir reagir reflechir remplir
retablir reunir reussir saisir surgir rebondir assainir blanchir convertir subir unir
"""
#: infinitive: present (six persons), future stem, past participles, imperfect stem
_THIRD = {
    "aller": ("vais vas va allons allez vont", "ir", "alle", "all"),
    "avoir": ("ai as a avons avez ont", "aur", "eu", "av"),
    "etre": ("suis es est sommes etes sont", "ser", "ete", "et"),
    "faire": ("fais fais fait faisons faites font", "fer", "fait", "fais"),
    "refaire": ("refais refais refait refaisons refaites refont", "refer", "refait", "refais"),
    "pouvoir": ("peux peux peut pouvons pouvez peuvent", "pourr", "pu", "pouv"),
    "devoir": ("dois dois doit devons devez doivent", "devr", "du", "dev"),
    "vouloir": ("veux veux veut voulons voulez veulent", "voudr", "voulu", "voul"),
    "savoir": ("sais sais sait savons savez savent", "saur", "su", "sav"),
    "falloir": ("- - faut - - -", "faudr", "fallu", "fall"),
    "valoir": ("vaux vaux vaut valons valez valent", "vaudr", "valu", "val"),
    "voir": ("vois vois voit voyons voyez voient", "verr", "vu", "voy"),
    "revoir": ("revois revois revoit revoyons revoyez revoient", "reverr", "revu", "revoy"),
    "prevoir": ("prevois prevois prevoit prevoyons prevoyez prevoient", "prevoir", "prevu", "prevoy"),
    "recevoir": ("recois recois recoit recevons recevez recoivent", "recevr", "recu", "recev"),
    "percevoir": ("percois percois percoit percevons percevez percoivent", "percevr", "percu", "percev"),
    "dire": ("dis dis dit disons dites disent", "dir", "dit", "dis"),
    "lire": ("lis lis lit lisons lisez lisent", "lir", "lu", "lis"),
    "rire": ("ris ris rit rions riez rient", "rir", "ri", "ri"),
    "ecrire": ("ecris ecris ecrit ecrivons ecrivez ecrivent", "ecrir", "ecrit", "ecriv"),
    "inscrire": ("inscris inscris inscrit inscrivons inscrivez inscrivent", "inscrir", "inscrit", "inscriv"),
    "suivre": ("suis_ suis_ suit suivons suivez suivent", "suivr", "suivi", "suiv"),
    "poursuivre": (
        "poursuis poursuis poursuit poursuivons poursuivez poursuivent",
        "poursuivr",
        "poursuivi",
        "poursuiv",
    ),
    "vivre": ("vis vis vit vivons vivez vivent", "vivr", "vecu", "viv"),
    "boire": ("bois bois boit buvons buvez boivent", "boir", "bu", "buv"),
    "croire": ("crois crois croit croyons croyez croient", "croir", "cru", "croy"),
    "apparaitre": (
        "apparais apparais apparait apparaissons apparaissez apparaissent",
        "apparaitr",
        "apparu",
        "apparaiss",
    ),
    "redire": ("redis redis redit redisons redites redisent", "redir", "redit", "redis"),
    "connaitre": ("connais connais connait connaissons connaissez connaissent", "connaitr", "connu", "connaiss"),
    "paraitre": ("parais parais parait paraissons paraissez paraissent", "paraitr", "paru", "paraiss"),
    "resoudre": ("resous resous resout resolvons resolvez resolvent", "resoudr", "resolu", "resolv"),
    "clore": ("clos clos clot - - -", "clor", "clos", "clos"),
    "acquerir": ("acquiers acquiers acquiert acquerons acquerez acquierent", "acquerr", "acquis", "acquer"),
    "courir": ("cours cours court courons courez courent", "courr", "couru", "cour"),
    "convaincre": (
        "convaincs convaincs convainc convainquons convainquez convainquent",
        "convaincr",
        "convaincu",
        "convainqu",
    ),
    "plaire": ("plais plais plait plaisons plaisez plaisent", "plair", "plu", "plais"),
    "taire": ("tais tais tait taisons taisez taisent", "tair", "tu", "tais"),
    "envoyer": ("envoie envoies envoie envoyons envoyez envoient", "enverr", "envoye", "envoy"),
    "renvoyer": ("renvoie renvoies renvoie renvoyons renvoyez renvoient", "renverr", "renvoye", "renvoy"),
    "asseoir": ("assois assois assoit assoyons assoyez assoient", "assoir", "assis", "assoy"),
}
_PERSONS = ("1s", "2s", "3s", "1p", "2p", "3p")
_FUTURE = ("ai", "as", "a", "ons", "ez", "ont")
_IMPERFECT = ("ais", "ais", "ait", "ions", "iez", "aient")
_LIKE = {
    "tenir": "tenir retenir maintenir obtenir contenir soutenir entretenir detenir appartenir venir revenir "
    "intervenir parvenir"
    " prevenir convenir devenir redevenir subvenir provenir advenir",
    "partir": "partir repartir sortir ressortir servir desservir sentir ressentir consentir dormir mentir",
    "prendre": "prendre reprendre comprendre apprendre entreprendre surprendre",
    "mettre": "mettre remettre transmettre permettre soumettre promettre admettre commettre omettre",
    "rendre": "rendre repondre attendre entendre vendre etendre suspendre defendre descendre perdre tendre "
    "pretendre dependre"
    " correspondre fondre tordre reprendre_ revendre rompre interrompre",
    "duire": "conduire produire reduire deduire reconduire traduire introduire construire reconstruire "
    "reproduire instruire"
    " detruire",
    "joindre": "joindre rejoindre craindre atteindre eteindre contraindre restreindre plaindre",
    "ouvrir": "ouvrir rouvrir offrir couvrir recouvrir decouvrir souffrir",
}


def _present(stem1: str, stem2: str, stem3: str, ends: str) -> list[str]:
    e = ends.split()
    return [stem1 + e[0], stem1 + e[1], stem1 + e[2], stem2 + "ons", stem2 + "ez", stem3 + "ent"]


def _pattern(model: str, verb: str) -> tuple[list[str], str, list[str], str]:
    """Present, future stem, participles and imperfect stem of a verb of the third group that has a model."""
    if model == "tenir":
        root, letter = verb[:-5], verb[-5]
        short, long = root + letter + "ien", root + letter + "en"
        return _present(short, long, short + "n", "s s t"), root + letter + "iendr", _agree(long + "u"), long
    if model == "partir":
        root = verb[:-2]
        return _present(root[:-1], root, root, "s s t"), verb, _agree(root + "i"), root
    if model == "prendre":
        root = verb[:-3]
        return _present(root, root, root + "n", "ds ds d"), verb[:-1], _agree(verb[:-5] + "is"), root
    if model == "mettre":
        root = verb[:-2]
        return _present(root[:-1], root, root, "s s _"), verb[:-1], _agree(verb[:-5] + "is"), root
    if model == "rendre":
        root = verb[:-2]
        return _present(root, root, root, "s s _"), verb[:-1], _agree(root + "u"), root
    if model == "duire":
        root = verb[:-2]
        return _present(root, root + "s", root + "s", "s s t"), verb[:-1], _agree(root + "t"), root + "s"
    if model == "joindre":
        root, soft = verb[:-3], verb[:-4] + "gn"
        return _present(root, soft, soft, "s s t"), verb[:-1], _agree(root + "t"), soft
    root = verb[:-2]
    return _present(root, root, root, "e es e"), verb, _agree(verb[:-3] + "ert"), root


def _agree(participle: str) -> list[str]:
    base = participle.rstrip("s") if participle.endswith("is") else participle
    plural = participle if participle.endswith("s") else base + "s"
    feminine = participle + "e"
    return [participle, feminine, plural, feminine + "s"]


def _first(verb: str) -> tuple[list[str], list[str], list[str], str]:
    root = verb[:-2]
    mute = root
    if root.endswith(("pel", "rappel", "nouvel")) or verb in ("jeter", "rejeter"):
        mute = root + root[-1]
    elif root.endswith("y"):
        mute = root[:-1] + "i"
    soft = root + "e" if root.endswith("g") else root
    present = [mute + "e", mute + "es", mute + "e", soft + "ons", root + "ez", mute + "ent"]
    futures = [mute + "er"] + ([root + "er"] if root.endswith("ay") else [])
    return present, futures, _agree(root + "e"), soft if root.endswith("g") else root


def _second(verb: str) -> tuple[list[str], list[str], list[str], str]:
    root = verb[:-1]
    return _present(root, root + "ss", root + "ss", "s s t"), [verb], _agree(root), root + "ss"


@cache
def forms() -> dict[str, tuple[Form, ...]]:
    """Every folded form of the listed verbs."""
    table: dict[str, list[Form]] = {}
    for verb in _FIRST.split():
        if not verb.endswith("_"):
            _add(table, verb, *_first(verb))
    for verb in _SECOND.split():
        if not verb.endswith("_"):
            _add(table, verb, *_second(verb))
    for verb, (present, future, participle, imperfect) in _THIRD.items():
        _add(table, verb, present.split(), [future], _agree(participle), imperfect)
    for model, verbs in _LIKE.items():
        for verb in verbs.split():
            if not verb.endswith("_"):
                present_, future_, participles_, imperfect_ = _pattern(model, verb)
                _add(table, verb, present_, [future_], participles_, imperfect_)
    return {word: tuple(dict.fromkeys(found)) for word, found in table.items()}


def _add(
    table: dict[str, list[Form]],
    verb: str,
    present: list[str],
    futures: list[str],
    participles: list[str],
    imperfect: str,
) -> None:
    def put(word: str, tense: str, person: str = "") -> None:
        word = word.rstrip("_")
        if word != "-":
            table.setdefault(word, []).append(Form(verb, tense, person))

    put(verb, "inf")
    for person, word, future, past in zip(_PERSONS, present, _FUTURE, _IMPERFECT, strict=True):
        put(word, "pres", person)
        for stem in futures:
            put(stem + future, "fut", person)
            put(stem + past, "cond", person)
        put(imperfect + past, "impf", person)
    for word in participles:
        put(word, "pp")
    if verb.endswith("enir"):
        put(present[0][:-1], "pres", "1s")  # « je vous tien au courant », as it is mistyped
    for word, lemma in _IMPERATIVES.items():
        if lemma == verb:
            put(word, "pres", "2p")


_ENDINGS = (
    (re.compile(r".{2,}[eiutdv]r(?:ais|ait|ions|iez|aient)$"), "cond", "3s"),
    (re.compile(r".{2,}(?:[ei]r|[dtv]r)ai$"), "fut", "1s"),
    (re.compile(r".{2,}(?:[ei]r|[dtv]r)ont$"), "fut", "3p"),
    (re.compile(r".{3,}(?:[ei]r|[dtv]r)ons$"), "fut", "1p"),
    (re.compile(r".{3,}(?:[ei]r|[dtv]r)ez$"), "fut", "2p"),
    (re.compile(r".{2,}(?:[ei]r|[dt]r|vr)a$"), "fut", "3s"),
)
_NO_VERBS = listed("""
    extra opera camera contra infra supra vrai front affront environs enfers giron sierra tiara ultra intra chez
    nez assez rez errons pourquoi agora terra sera- data cobra zebra
""")


def _again(word: str) -> tuple[Form, ...]:
    """« Repassera », « reessaiera »: doing again is doing."""
    for prefix in ("re", "r"):
        if word.startswith(prefix) and (found := forms().get(word.removeprefix(prefix))):
            return tuple(form for form in found if form.tense != "inf" or len(word) > 6)
    return ()


def _once(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)


@cache
def _single() -> dict[str, tuple[Form, ...]]:
    """Forms by their letters, doubled ones written once, as they are mistyped most: « rapelle », « apeler »."""
    table: dict[str, tuple[Form, ...]] = {}
    for word, found in forms().items():
        if len(word) > 5:
            table[_once(word)] = table.get(_once(word), ()) + found
    return table


def read(word: str) -> tuple[Form, ...]:
    """What a word may be as a verb; nothing when it can be none."""
    known = forms().get(word)
    if known is None and len(word) > 5:
        known = _single().get(_once(word))
    if known is not None:
        return known
    if len(word) < 5 or word in _NO_VERBS:
        return ()
    if again := _again(word):
        return again
    for ending, tense, person in _ENDINGS:
        if ending.match(word):
            return (Form(_guess(word), tense, person),)
    return ()


_NO_INFINITIVES = listed("""
    avenir plaisir loisir hiver cher fer ordre membre chiffre cadre titre semestre trimestre
""")
_IMPERATIVES = {"soyez": "etre", "ayez": "avoir", "sachez": "savoir", "veuillez": "vouloir"}


def _guess(word: str) -> str:
    """The infinitive that a future of an unknown verb belongs to."""
    return re.sub(r"(?<=[iet]r)(?:ai|as|a|ons|ez|ont|ais|ait|ions|iez|aient)$|(?<=[dv]r)(?:a\w*|o\w+|ez)$", "", word)


def infinitive(word: str) -> str:
    """The verb whose infinitive this is (known, or by its ending), or nothing."""
    for form in forms().get(word, ()):
        if form.tense == "inf":
            return form.lemma
    if found := next((form.lemma for form in _again(word) if form.tense == "inf"), ""):
        return found
    unlike = word.endswith(("ier", "aire", "oire", "oir")) or word in _NO_INFINITIVES
    return word if len(word) > 4 and word.endswith(("er", "ir", "dre", "ire", "ttre")) and not unlike else ""


def participle(word: str) -> str:
    """The verb whose past participle this is, or nothing. Without accents "livre" may be one."""
    for form in forms().get(word, ()):
        if form.tense == "pp":
            return form.lemma
    if found := next((form.lemma for form in _again(word) if form.tense == "pp"), ""):
        return found
    if len(word) > 5 and re.search(r"[^aeiou](?:e|ee|es|ees|i|ie|is|ies|u|ue|us|ues)$", word):
        return re.sub(r"(?:ees|ee|es|e)$", "er", word) if re.search(r"e+s?$", word) else ""
    return ""
