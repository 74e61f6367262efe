"""Seeded letters and answers of invented people, French and English, of about four hundred characters.

Sentences are put together from a small stock with names, numbers and days in them, so that the vocabulary is that of a
real desk: few frequent words, many rare ones. A sentence knows its words and stems, so a million cases are indexed
without reading their texts again.
"""

from dataclasses import dataclass
from functools import cache
from random import Random

from tenir.text import stem, words

COMMON_WORD, RARE_WORD = "parapluie", "zibeline"

FRENCH = {
    "subject": (
        "Bac non ramassé rue {}", "Facture {} incompréhensible", "Colis {} jamais arrivé", "Panne depuis {}",
        "Abonnement {} à résilier", "Couvercle cassé, dossier {}", "Erreur sur le contrat {}", "Rendez-vous manqué {}",
    ),
    "opening": (
        "Bonjour, je vous écris au sujet de la commande {}, qui devait arriver mardi et que personne n'a vue.",
        "Madame, Monsieur, mon bac de tri n'a plus de couvercle depuis le passage du camion, au numéro {} de la rue.",
        "Voilà trois semaines que j'attends une réponse à mon courrier {}, et je commence à trouver le temps long.",
        "J'ai été prélevée deux fois ce mois-ci pour la facture {}, alors que j'avais réglé la première à temps.",
        "Votre technicien {} devait passer entre huit heures et midi ; j'ai posé une journée de congé pour rien.",
        "La ligne est coupée depuis l'orage, le boîtier clignote en rouge et le numéro {} ne répond jamais.",
    ),
    "detail": (
        "J'ai déjà appelé le service {} à quatre reprises, et chaque fois il a fallu tout raconter depuis le début.",
        "La personne que j'ai eue au téléphone, prénommée {}, a été très aimable mais n'a rien pu faire de son côté.",
        "Je joins la photographie de l'étiquette {} ainsi que la copie du courrier reçu la semaine dernière.",
        "Mon voisin du {} a exactement le même souci depuis la réorganisation des tournées au printemps.",
        "Le montant indiqué sur la page ne correspond pas à celui du contrat {} que j'ai signé en septembre.",
        "Il me semble avoir lu dans vos conditions que le remplacement {} était gratuit les deux premières années.",
        "Je suis âgée et je me déplace difficilement ; l'agence de {} est à quarante minutes en autobus.",
        "L'ancien modèle {} fonctionnait parfaitement, je ne comprends pas pourquoi il a fallu en changer.",
        "Le livreur a laissé un avis au nom de {} dans une boîte qui n'est pas la mienne.",
    ),
    "ask": (
        "Pourriez-vous me dire quand le {} sera livré, et à qui je dois m'adresser si cela n'arrive pas ?",
        "Je souhaite simplement être remboursée de la somme {} et que l'on cesse de me relancer.",
        "Merci de me rappeler au {} en fin de journée, je travaille le matin et je ne peux pas décrocher.",
        "Je vous serais reconnaissante de corriger l'adresse {} une bonne fois pour toutes dans vos fichiers.",
    ),
    "answer": (
        "Bonjour, merci de votre patience : j'ai retrouvé votre demande {} et je m'en occupe personnellement.",
        "Vous avez raison, le passage du {} n'a pas eu lieu et nous vous devons des excuses pour ce contretemps.",
        "J'ai demandé à l'équipe {} de vous apporter la pièce manquante, sans frais et sans rendez-vous à reprendre.",
        "Le remboursement {} est lancé ; il paraîtra sur votre compte sous trois à cinq jours ouvrés.",
        "Si quelque chose n'allait pas avec le {}, répondez simplement à ce courriel : il me revient directement.",
        "J'ai noté au dossier {} que vous préférez être jointe par écrit, et mes collègues le verront aussi.",
    ),
    "again": (
        "Merci pour votre réponse, le camion est bien passé mais le bac {} est toujours sans son couvercle.",
        "C'est parfait, tout est rentré dans l'ordre ce matin grâce à votre collègue {}.",
        "Je n'ai rien reçu à ce jour concernant le {}, pouvez-vous vérifier de votre côté s'il vous plaît ?",
        "Je vous confirme que la somme {} est bien arrivée, et je vous remercie de votre gentillesse.",
        "Après vérification, le numéro {} que vous m'indiquez ne correspond à rien sur le site de suivi.",
    ),
    "special": ("D'ailleurs, on m'a rendu à cette occasion un {} qui n'était pas le mien.",),
}  # fmt: skip
ENGLISH = {
    "subject": (
        "Bin not collected at {}", "Invoice {} makes no sense", "Parcel {} never arrived", "No service since {}",
        "Please end subscription {}", "Broken lid, file {}", "Mistake in contract {}", "Missed appointment {}",
    ),
    "opening": (
        "Good morning, I am writing about order {}, which was due last Tuesday and which nobody here has seen so far.",
        "The lid of my recycling bin went missing after the lorry came round, outside number {} on our street.",
        "I have waited three weeks for an answer to my letter {}, and I must say that my patience is wearing thin.",
        "You have taken the money twice this month for invoice {}, although I had paid the first one in good time.",
        "Your engineer {} was to come between eight and noon; I took a day off work and nobody rang the bell.",
        "The line has been dead since the storm, the box blinks red and the number {} just keeps ringing.",
    ),
    "detail": (
        "I have telephoned {} four times already, and each time I had to tell the whole story from the beginning.",
        "The person I spoke to, called {}, was very kind but said that there was nothing she could do herself.",
        "Please find attached a photograph of label {} and a copy of the letter that came through the post.",
        "My neighbour at {} has had precisely the same trouble ever since the rounds were changed in spring.",
        "The amount shown on the page is not the one in contract {}, which I signed at the end of September.",
        "If I read your conditions rightly, the replacement {} is free of charge for the first two years.",
        "I am elderly and do not get about easily, and the branch in {} is forty minutes away by bus.",
        "The older model {} worked without a fault, and I cannot see why it had to be changed at all.",
    ),
    "ask": (
        "Could you tell me when the {} will be delivered, and whom I should ask if it does not turn up?",
        "All I want is to have the sum of {} paid back and for the reminders to stop coming.",
        "Please ring me on {} late in the afternoon, because I work in the mornings and cannot pick up.",
        "I should be grateful if the address {} could be put right in your records once and for all.",
    ),
    "answer": (
        "Good morning, and thank you for waiting: I have found your request {} and am looking after it myself.",
        "You are right, the visit of {} did not take place, and we owe you an apology for the wasted time.",
        "I have asked the team in {} to bring the missing part to you, free of charge and without an appointment.",
        "The refund {} is on its way; it will show on your account within three to five working days.",
        "Should anything be amiss with the {}, simply answer this letter: it comes straight back to me.",
    ),
    "again": (
        "Thank you for your answer, the lorry did come round but the bin {} is still without its lid.",
        "That is perfect, everything was put right this morning thanks to your colleague {}.",
        "I have received nothing so far about the {}, could you look into it on your side please?",
        "I can confirm that the sum of {} has arrived, and I thank you for your kindness in this matter.",
    ),
    "special": ("By the way, on that occasion I was handed a {} that does not belong to me at all.",),
}  # fmt: skip
STOCK = {"fr": FRENCH, "en": ENGLISH}

GIVEN = [
    "Adèle",
    "Baptiste",
    "Céline",
    "Damien",
    "Élodie",
    "Fabrice",
    "Gaëlle",
    "Hugo",
    "Inès",
    "Jérôme",
    "Karine",
    "Lucas",
    "Maëlle",
    "Nadia",
    "Olivier",
    "Pauline",
    "Quentin",
    "Rachida",
    "Sylvain",
    "Thérèse",
    "Ulysse",
    "Valérie",
    "William",
    "Xavier",
    "Yasmine",
    "Zacharie",
    "Alice",
    "Brian",
    "Carol",
    "Duncan",
    "Eleanor",
    "Fiona",
    "Graham",
    "Harriet",
    "Ian",
    "Jocelyn",
    "Keith",
    "Lorna",
    "Malcolm",
    "Nigel",
    "Olive",
    "Percy",
]
_BEGIN = [
    "Bar",
    "Cham",
    "Del",
    "Fer",
    "Gran",
    "Har",
    "Jol",
    "Lam",
    "Mar",
    "Nor",
    "Pel",
    "Ros",
    "Sau",
    "Tis",
    "Val",
    "Wil",
    "Ber",
    "Cor",
    "Dun",
    "For",
]
_MIDDLE = ["de", "li", "no", "ra", "ti", "vo", "bo", "ca", "me", "na", "po", "sa"]
_END = [
    "bert",
    "chet",
    "doux",
    "gnon",
    "ley",
    "lier",
    "mond",
    "nard",
    "quet",
    "rand",
    "son",
    "teau",
    "vin",
    "win",
    "ward",
]


@dataclass(frozen=True)
class Piece:
    """A sentence, with its folded words and its stems, as the search keeps them."""

    text: str
    words: list[str]
    stems: list[str]


class Writer:
    """Writes letters from one seed: the same seed and the same calls give the same letters."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def surname(self) -> str:
        r = self._random
        return r.choice(_BEGIN) + r.choice(_MIDDLE) + r.choice(_END)

    def name(self) -> str:
        return f"{self._random.choice(GIVEN)} {self.surname()}"

    def piece(self, language: str, what: str, slot: str | None = None) -> Piece:
        """One sentence of that kind, with a name or a number in it."""
        r = self._random
        if slot is None:
            slot = self.surname() if r.random() < 0.3 else str(r.randrange(100, 10_000_000))
        before, after = _halves(r.choice(STOCK[language][what]), language)
        text = before.text + slot + after.text
        return Piece(
            text,
            [*before.words, slot.lower(), *after.words],
            [*before.stems, stem(slot, language), *after.stems],
        )

    def letter(self, language: str, kinds: tuple[str, ...], special: str | None = None) -> Piece:
        """Several sentences; `special` is a word that stands in one more."""
        pieces = [self.piece(language, kind) for kind in kinds]
        if special:
            pieces.insert(1, self.piece(language, "special", special))
        return Piece(
            "\n\n".join(piece.text for piece in pieces),
            [word for piece in pieces for word in piece.words],
            [root for piece in pieces for root in piece.stems],
        )


@cache
def _halves(sentence: str, language: str) -> tuple[Piece, Piece]:
    before, after = sentence.split("{}")
    return _read(before, language), _read(after, language)


def _read(text: str, language: str) -> Piece:
    found = words(text)
    return Piece(text, [word.folded for word in found], [stem(word.text, language) for word in found])


@cache
def words_of(name: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words and stems of something short and often repeated: a name."""
    read = _read(name, language)
    return tuple(read.words), tuple(read.stems)


FIRST = ("opening", "detail", "detail", "ask")
ANSWER = ("answer", "answer", "answer", "answer")
AGAIN = ("again", "detail", "detail", "again")
