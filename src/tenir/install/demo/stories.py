"""The demonstration desk: an invented company, invented people, and what they wrote to one another.

*Val-de-Lune* collects bins and publishes a small newspaper. Each story is told in steps; times are days before the
demonstration is made, and the hour of that day in the desk's time zone.
"""

from tenir.install.demo.telling import (
    Step,
    Story,
    answers_for_it,
    called,
    came,
    cut,
    ended,
    noted,
    partly,
    promised,
    replied,
    solved,
    taken,
)

BIN = Story(
    "laurent",
    "Bacs",
    "Deuxième bac, sans couvercle",
    (
        Step(
            "opening-call",
            28,
            "09:10",
            "bruno",
            "Demande un deuxième bac vert pour la haie de l’été. Bac promis "
            "sous 48 heures. Emplacement : au bout de l’allée, à gauche du portail.",
        ),
        promised(
            28,
            "09:12",
            "bruno",
            "Livrer un deuxième bac vert, avec son couvercle",
            hours=48,
            parts=("le bac vert", "son couvercle"),
        ),
        called(
            27,
            "17:20",
            "bruno",
            "Le bac est arrivé hier, merci, très vite. Mais il n’a pas de couvercle. Plus de "
            "couvercles en stock : on remplacera le bac entier après la prochaine collecte. Aucune date donnée.",
        ),
        partly(27, "17:24", "bruno", "son couvercle"),
        called(
            23,
            "10:05",
            "chloe",
            "Trois jours, personne n’est venu. Elle garde le bac sans couvercle et s’en sert "
            "en attendant, avec une planche et une pierre.",
        ),
        cut(0.2, "08:40", "amina", "La ligne a été coupée avant la réponse."),
        cut(0.19, "08:52", "amina", "De nouveau coupée, après le menu."),
        called(
            0.17,
            "09:02",
            "amina",
            "Elle a tapé 0. « Je vous rappelle pour la sixième fois. » Très calme, très "
            "lasse. Elle demande un couvercle, et qu’on la rappelle.",
        ),
        taken(0.17, "09:08", "amina"),
        answers_for_it(0.17, "09:10", "amina"),
        noted(
            0.16,
            "09:15",
            "amina",
            "Le dépôt de Lyon a reçu 40 couvercles ce matin. J’en ai fait mettre un de côté à son nom.",
        ),
    ),
    channel="phone",
    wish="Un couvercle, et que l’on me rappelle.",
    tags=("couvercle",),
)

STORIES = (
    BIN,
    Story(
        "okafor",
        "Journal",
        "Journal livré chez le voisin",
        (
            came(
                4,
                "07:55",
                "Bonjour,\n\nC’est le troisième matin que la Gazette arrive chez mon voisin du 14 au lieu "
                "du 12. Il est charmant, mais il la lit avant moi.\n\nSamuel Okafor",
            ),
            taken(4, "08:20", "amina"),
            replied(
                4,
                "08:31",
                "amina",
                "Bonjour Monsieur Okafor,\n\nMerci de me l’avoir dit avec autant de bonne "
                "humeur. J’ai parlé à la porteuse de votre rue : les deux boîtes se ressemblent, elle a noté la "
                "vôtre. Je vous écris vendredi pour savoir si c’est rentré dans l’ordre.",
            ),
            came(
                0.3,
                "08:50",
                "Bonjour Amina,\n\nMerci, c’est la première fois que l’on me rappelle comme promis. "
                "Le journal est là, bien sec, dans la bonne boîte.",
            ),
        ),
        tags=("distribution",),
    ),
    Story(
        "petit",
        "Journal",
        "Changer de formule, budget serré",
        (
            came(
                1,
                "18:12",
                "Bonjour,\n\nJe tiens à la Gazette mais ce trimestre je dois faire attention. Auriez-vous "
                "une formule plus légère, ou une pause de deux mois ?\n\nClaire Petit",
            ),
        ),
        wish="Une formule plus légère, ou une pause de deux mois.",
    ),
    Story(
        "whitfield",
        "Journal",
        "Weekend edition in English",
        (
            came(
                1,
                "16:40",
                "Dear all,\n\nI subscribe to the weekend edition. Could I also get the English edition? "
                "I can’t find it on the website.\n\nKind regards,\nJoan Whitfield",
            ),
        ),
    ),
    Story(
        "bertin",
        "Bacs",
        "Je préfère que l’on m’écrive",
        (
            came(
                5,
                "10:02",
                "Bonjour,\n\nOn m’a laissé un message vocal que je n’ai pas pu suivre. Pouvez-vous "
                "m’écrire ? C’est au sujet de la collecte décalée du 11 novembre.\n\nM. Bertin",
            ),
            taken(5, "10:30", "chloe"),
            replied(
                5,
                "10:41",
                "chloe",
                "Bonjour Monsieur Bertin,\n\nBien sûr, nous vous écrirons toujours. La "
                "collecte du mercredi 11 novembre est passée au jeudi 12, à la même heure. Est-ce que cela vous "
                "convient ?",
            ),
        ),
    ),
    Story(
        "nguyen",
        "Bacs",
        "Bac cassé par le camion",
        (
            came(
                0.4,
                "07:31",
                "Bonjour,\n\nLe camion a cassé la roue de mon bac ce matin, j’ai tout vu de la fenêtre. "
                "Le chauffeur s’est excusé, il était gentil, mais le bac ne roule plus.\n\nLinh Nguyen",
            ),
        ),
        channel="form",
        wish="Une roue, ou un autre bac avant jeudi.",
    ),
    Story(
        "haddad",
        "Bacs",
        "Collecte oubliée rue des Tilleuls",
        (
            came(
                0.6,
                "19:05",
                "Bonsoir, toute la rue des Tilleuls a été oubliée aujourd’hui. Les sacs commencent à "
                "sentir et il fera chaud demain. Que fait-on ?",
            ),
            came(0.3, "08:15", "Bonjour, personne n’est encore passé ce matin. Merci de me dire au moins quand."),
        ),
        tags=("oubli",),
    ),
    Story(
        "morel",
        "Journal",
        "Mots croisés de samedi",
        (
            came(
                2,
                "11:20",
                "La grille de samedi est celle de la semaine dernière ! Je l’avais finie. Ce n’est pas "
                "grave, mais mon mari dit que je triche.",
            ),
            taken(2, "11:45", "bruno"),
            replied(
                2,
                "11:52",
                "bruno",
                "Chère Madame Morel,\n\nVotre mari a tort et vous avez raison : c’est notre "
                "erreur, la rédaction publie la bonne grille dans l’édition de demain. Je vous la joins dès "
                "maintenant.",
            ),
            came(1.8, "14:02", "Vous m’avez fait rire. Merci Bruno, à samedi."),
            ended(1.8, "14:10", "bruno", "happy"),
        ),
    ),
    Story(
        "obrien",
        "Bacs",
        "Moving in December: which day is my collection?",
        (
            came(
                3,
                "12:14",
                "Hi,\n\nWe move to 8 impasse du Four on 4 December. Which day do you collect there and do "
                "I need to tell you anything else?\n\nThanks,\nDeclan",
            ),
            taken(3, "13:00", "chloe"),
            replied(
                3,
                "13:12",
                "chloe",
                "Dear Mr O’Brien,\n\nWelcome in advance! Impasse du Four is collected on "
                "Mondays, from 6:30. I have moved your subscription to the new address from 4 December; your bins "
                "can stay where they are.",
            ),
            solved(2.6, "20:31"),
        ),
    ),
    Story(
        "roussel",
        "Bacs",
        "Facturé deux fois en octobre",
        (
            came(
                6,
                "09:44",
                "Bonjour,\n\nJe vois deux prélèvements de 18,40 € les 3 et 5 octobre. Merci de me "
                "rembourser l’un des deux.\n\nA. Roussel",
            ),
            taken(6, "10:15", "bruno"),
            noted(
                6,
                "10:20",
                "bruno",
                "Vu avec la comptabilité : double envoi du fichier du 3. @Denise, une "
                "quinzaine de personnes sont concernées.",
            ),
            replied(
                6,
                "10:34",
                "bruno",
                "Bonjour Monsieur Roussel,\n\nVous avez raison, et c’est de notre fait. Le "
                "remboursement de 18,40 € part cette semaine.",
            ),
            came(0.5, "08:02", "Bonjour, la semaine est passée et je ne vois rien. Pouvez-vous vérifier ?"),
        ),
        wish="Le remboursement de 18,40 €.",
        tags=("facture",),
    ),
    Story(
        "garnier",
        "Journal",
        "Les lettres sont trop petites",
        (
            came(
                8,
                "15:10",
                "Bonjour, depuis le nouveau format je n’arrive plus à lire les petites annonces. Y a-t-il "
                "une édition en gros caractères ? Merci de votre patience, je tape lentement.",
            ),
            taken(8, "15:40", "amina"),
            replied(
                8,
                "15:58",
                "amina",
                "Chère Madame Garnier,\n\nPrenez tout votre temps. Oui : l’édition en gros "
                "caractères existe, sans supplément. Je vous l’envoie dès lundi, et je glisse les petites "
                "annonces agrandies dans la première.",
            ),
            came(5, "10:22", "Je lis tout ! Merci mille fois."),
            ended(5, "10:30", "amina", "happy"),
        ),
    ),
    Story(
        "diallo",
        "Bacs",
        "Un bac plus petit ?",
        (
            came(
                0.9,
                "17:48",
                "Bonjour, je vis seule maintenant et le grand bac est trop lourd pour moi. Peut-on "
                "l’échanger contre un petit ?",
            ),
            taken(0.8, "18:02", "chloe"),
        ),
        wish="Un bac de 80 litres.",
    ),
    Story(
        "fischer",
        "Journal",
        "Copies for our reading circle",
        (
            came(
                7,
                "09:15",
                "Hello,\n\nOur reading circle would like six copies of Thursday’s literary supplement. "
                "Is that possible, and at what price?\n\nUlrike Fischer",
            ),
            taken(7, "09:50", "chloe"),
            replied(
                7,
                "10:05",
                "chloe",
                "Dear Ms Fischer,\n\nWith pleasure: six copies are set aside for you at the "
                "newsroom, at no cost. You can pick them up from Friday noon.",
            ),
            came(4, "18:30", "Picked up this morning. The people at the desk were lovely."),
            ended(4, "18:40", "chloe", "happy"),
        ),
    ),
    Story(
        "lemoine",
        "Journal",
        "Résiliation",
        (
            came(
                9, "21:03", "Je souhaite arrêter mon abonnement à la fin du mois. Ne cherchez pas à me retenir, merci."
            ),
            taken(8.6, "08:20", "bruno"),
            replied(
                8.6,
                "08:28",
                "bruno",
                "Bonjour Monsieur Lemoine,\n\nC’est fait : votre abonnement s’arrête le 30 "
                "novembre, sans rien d’autre à faire. Merci de nous avoir lus.",
            ),
            ended(8.6, "08:30", "bruno", "solved"),
            solved(8.5, "09:12"),
        ),
    ),
    Story(
        "santos",
        "Bacs",
        "Verre mélangé, bac refusé",
        (
            came(
                10,
                "12:20",
                "Bonjour, mon bac a été laissé plein avec une étiquette rouge. Il y avait une bouteille, "
                "une seule, mise par un passant. Je trouve cela dur.",
            ),
            taken(10, "13:00", "amina"),
            replied(
                10,
                "13:15",
                "amina",
                "Bonjour Madame Santos,\n\nJe comprends : une bouteille d’un passant, ce "
                "n’est pas vous. Je demande un second passage vendredi. La règle, elle, ne dépend pas de moi.",
            ),
            came(8, "09:40", "Le second passage n’a pas eu lieu, on m’a dit que ce n’était pas possible."),
            ended(
                7,
                "16:00",
                "amina",
                "could_not",
                "Le règlement de la commune interdit un second passage. J’ai dit "
                "à Mme Santos comment saisir la mairie, et transmis le cas à Denise.",
            ),
        ),
        wish="Un second passage.",
    ),
    Story(
        "perrin",
        "Journal",
        "Merci à la personne du téléphone",
        (
            came(
                3,
                "14:45",
                "Mesdames, Messieurs,\n\nJ’ai été reçue au téléphone avec tant de gentillesse que je tiens "
                "à l’écrire. On ne le dit jamais assez.\n\nOdile Perrin",
            ),
            taken(3, "15:00", "denise"),
            replied(
                3,
                "15:06",
                "denise",
                "Chère Madame,\n\nVotre lettre a fait le tour du plateau, et Chloé la garde près de son écran. Merci.",
            ),
            ended(3, "15:07", "denise", "happy"),
        ),
        channel="letter",
        tags=("merci",),
    ),
    Story(
        "kelly",
        "Bacs",
        "Bank holiday collection",
        (
            came(
                1.2,
                "08:58",
                "Good morning,\n\nIs there a collection on 25 December? If not, when?\n\nMaeve Kelly",
            ),
            taken(1.2, "09:10", "amina"),
            replied(
                1.2,
                "09:21",
                "amina",
                "Good morning Ms Kelly,\n\nNot on the 25th: the lorry comes on Saturday 26 December, at the same hour. "
                "The calendar for next year reaches your letterbox from 10 December.",
            ),
            came(0.25, "08:58", "Lovely, thank you Amina. One more thing: does the same go for New Year’s Day?"),
        ),
    ),
    Story(
        "bianchi",
        "Bacs",
        "Accès au local à poubelles",
        (
            came(
                2,
                "09:30",
                "Bonjour, la serrure du local a été changée. Vos équipes auront-elles la nouvelle clé pour mardi ?",
            ),
            taken(2, "10:10", "bruno"),
            replied(
                2,
                "10:22",
                "bruno",
                "Bonjour Monsieur Bianchi,\n\nMerci de nous prévenir. Le chef d’équipe passe "
                "lundi à 14 h prendre la clé chez vous ; sinon, dites-moi une autre heure.",
            ),
        ),
    ),
    Story(
        "okafor",
        "Journal",
        "Supplément manquant dimanche",
        (
            came(12, "10:30", "Bonjour, pas de supplément dimanche. Ce n’est pas très grave."),
            taken(12, "10:52", "chloe"),
            replied(
                12, "11:00", "chloe", "Bonjour Monsieur Okafor,\n\nIl part aujourd’hui par la poste, avec nos excuses."
            ),
            ended(11, "09:00", "chloe", "solved"),
        ),
    ),
    Story(
        "petit",
        "Bacs",
        "Calendrier 2027",
        (
            came(
                1.5,
                "12:05",
                "Bonjour, quand le calendrier de collecte 2027 sera-t-il distribué ? J’organise mes semaines avec.",
            ),
            taken(1.4, "13:30", "amina"),
            replied(
                1.4,
                "13:41",
                "amina",
                "Bonjour Madame Petit,\n\nIl arrive dans les boîtes à partir du 10 décembre. "
                "Je vous joins dès maintenant les dates de votre rue pour janvier.",
            ),
            promised(1.4, "13:42", "amina", "Distribuer le calendrier 2027", hours=24 * 18),
        ),
    ),
)
