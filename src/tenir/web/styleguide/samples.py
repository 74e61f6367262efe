"""What the style guide shows: invented people and letters, in the language of the page."""

# Invented letters are easier to read unbroken.
# ruff: noqa: E501

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import mark_safe

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Tongue:
    """Chooses between two sentences: `say("bonjour", "hello")`."""

    language: str
    do_not_call_in_templates = True

    def __call__(self, french: str, english: str) -> str:
        return french if self.language == "fr" else english


def nav(say: Tongue, current: str) -> dict[str, Any]:
    pages = [
        ("list", say("Mes dossiers", "My cases"), "inbox", "7", "g m"),
        ("case", say("À prendre", "To take"), "waiting", "3", "g t"),
        ("team", say("Équipe Bacs", "Bins team"), "people", "24", "g e"),
        ("all", say("Tous", "All"), "layers", "", "g a"),
    ]
    more = [
        ("public", say("Clients", "Customers"), "person", "", "g c"),
        ("index", say("Réponses", "Answers"), "book", "", ""),
        ("praise", say("Éloges", "Praise"), "heart", "1", ""),
    ]

    def links(of: list[tuple[str, str, str, str, str]]) -> Rows:
        return [
            {
                "label": label, "url": _page(name), "icon": icon, "count": count, "key": key,
                "current": name == current,
            }
            for name, label, icon, count, key in of
        ]  # fmt: skip

    return {
        "home": _page("index"),
        "groups": [{"title": "", "links": links(pages)}, {"title": say("Le service", "The desk"), "links": links(more)}],
        "me": {
            "name": "Amina",
            "state_words": say("présente", "here"),
            "settings_url": "#", "presence_url": "#", "sign_out_url": "#",
            "presences": [
                {"value": "here", "label": say("Présente", "Here"), "icon": "check", "current": True},
                {"value": "busy", "label": say("Occupée", "Busy"), "icon": "lock"},
                {"value": "pause", "label": say("En répit", "Taking a pause"), "icon": "cup"},
                {"value": "away", "label": say("Absente", "Away"), "icon": "door"},
            ],
        },
    }  # fmt: skip


def _page(name: str) -> str:
    known = name if name in ("index", "list", "case", "public") else "list"
    return reverse(f"styleguide:{known}")


def rows(say: Tongue, *, current: str = "", arrived: int = 0) -> Rows:
    at = reverse("styleguide:case")
    told: list[tuple[str, str, str, str, str, list[tuple[str, str]], bool, str]] = [
        ("laurent", "Mme Laurent", "9:12", say("Deuxième bac, sans couvercle", "Second bin, no lid"),
         say("« Je vous rappelle pour la sixième fois, et je n’ai toujours… »", "“This is the sixth time I call, and I still have…”"),
         [(say("promesse rompue", "promise broken"), "broken")], True, ""),
        ("okafor", "M. Okafor", "8:50", say("Journal livré chez le voisin", "Paper left at the neighbour’s"),
         say("Merci, c’est la première fois que l’on me répond aussi vite.", "Thank you, nobody ever answered me this fast."),
         [(say("à confirmer par lui", "his to confirm"), "accent")], True, ""),
        ("petit", "Claire Petit", say("hier", "yesterday"), say("Changer de formule, budget serré", "Another plan, tight budget"),
         say("Auriez-vous une formule plus légère ?", "Would you have a lighter plan?"),
         [(say("réponse due à 11:30", "answer due at 11:30"), "risk")], False, ""),
        ("whitfield", "J. Whitfield", say("hier", "yesterday"), "Weekend edition in English",
         "Could I also get the English edition?", [], False, "EN" if say.language == "fr" else ""),
        ("bertin", "M. Bertin", say("ven.", "Fri"), say("Préfère qu’on lui écrive", "Would rather be written to"),
         say("Entendu, j’attends votre courrier avec la notice.", "Fine, I am waiting for your letter and the leaflet."),
         [(say("en attente du client", "waiting for the customer"), "quiet")], False, ""),
        ("nguyen", "Thi Nguyen", say("jeu.", "Thu"), say("Facture en double, du 2 novembre", "Invoiced twice, on 2 November"),
         say("Ci-joint les deux factures, merci de regarder.", "Both invoices attached, please have a look."), [], False, ""),
        ("delmas", "Résidence Delmas", say("jeu.", "Thu"), say("Clé du local à bacs", "Key of the bin room"),
         say("La gardienne sera là mardi entre 8 h et 10 h.", "The caretaker will be there on Tuesday from 8 to 10."),
         [(say("réveillé mardi", "wakes on Tuesday"), "quiet")], False, ""),
    ]  # fmt: skip
    new = say("nouveau", "new")
    found = [
        {
            "id": f"row-{key}", "url": at, "name": name, "when": when, "when_iso": "2026-11-22T09:12", "subject": subject,
            "words": words, "chips": chips, "is_new": is_new, "language": language, "current": key == current,
            "has_files": key == "nguyen", "pick": key, "new_words": new,
            "pick_label": say(f"Choisir le dossier de {name}", f"Choose the case of {name}"),
        }
        for key, name, when, subject, words, chips, is_new, language in told
    ]  # fmt: skip
    late = [
        {
            **found[5],
            "id": f"row-arrived-{n}",
            "name": f"Arrivée {n}",
            "pick": f"arrived-{n}",
            "is_new": True,
            "when": "9:20",
        }
        for n in range(arrived, 0, -1)
    ]
    return late + found


def case_list(say: Tongue, *, current: str = "", arrived: int = 0) -> dict[str, Any]:
    return {
        "title": say("Mes dossiers", "My cases"),
        "heading": "h2" if current else "h1",
        "key": "mine",
        "url": reverse("styleguide:rows"),
        "search_url": "" if current else reverse("styleguide:list"),
        "tabs": [
            {"label": say("En cours", "In hand"), "url": "#", "current": True, "count": "7"},
            {"label": say("En sommeil", "Snoozed"), "url": "#", "count": "2"},
            {"label": say("Terminés", "Ended"), "url": "#"},
        ],
        "rows": rows(say, current=current, arrived=arrived),
        "older_url": "#older",
        "bulk_url": "#",
        "bulk": [
            {"label": say("Mettre en sommeil", "Snooze"), "icon": "clock", "what": "snooze"},
            {"label": say("Étiqueter", "Tag"), "icon": "tag", "what": "tag"},
            {"label": say("Terminer…", "End…"), "icon": "flag", "dialog": "ending-dialog"},
        ],
    }


def facts_of_shoes(say: Tongue) -> Rows:
    return [
        {
            "figure": say("28 jours", "28 days"),
            "words": say("depuis la première demande", "since the first request"),
        },
        {"figure": "6", "words": say("prises de contact", "contacts"), "broken": True},
        {"figure": "2", "words": say("appels coupés", "calls cut off"), "broken": True},
        {"figure": "0", "words": say("fois que nous avons appelé", "times that we called")},
        {"figure": "1", "words": say("promesse rompue", "promise broken"), "broken": True},
    ]


def timeline(say: Tongue) -> Rows:
    """Messages and facts in order; a fact has "is_fact"."""
    laurent = {"kind": "person", "author": "Mme Laurent", "when_iso": "2026-10-26T17:20"}
    return [
        {
            **laurent, "id": "m1", "kind": "call", "how": say("par téléphone", "by telephone"), "when": say("26 oct., 17:20", "26 Oct, 17:20"),
            "text": say("Le bac est arrivé, merci, très vite. Mais il n’a pas de couvercle.",
                        "The bin has come, thank you, very fast. But it has no lid."),
        },
        {"is_fact": True, "id": "f1", "icon": "hand-over", "words": say("Bruno a passé le dossier à Amina, qui l’a accepté.", "Bruno handed the case to Amina, who accepted it."),
         "when": say("3 nov., 10:02", "3 Nov, 10:02"), "when_iso": "2026-11-03T10:02"},
        {"is_fact": True, "id": "f2", "icon": "phone-cut", "words": say("Appel coupé avant la réponse : la ligne, pas la cliente.", "Call cut before the answer: the line, not the customer."),
         "when": say("14 nov., 9:02", "14 Nov, 9:02"), "when_iso": "2026-11-14T09:02", "broken": True},
        {
            **laurent, "id": "m2", "how": say("par courriel", "by e-mail"), "when": "8:41", "is_new": True,
            "text": say("Bonjour,\n\nJe vous rappelle pour la sixième fois, et je n’ai toujours pas de couvercle. Il n’y avait pas de vent la semaine dernière, heureusement.\n\nVous pouvez me joindre au 06 12 34 56 78, plutôt après 17 h.\n\nH. Laurent",
                        "Hello,\n\nThis is the sixth time I call, and I still have no lid. Luckily there was no wind last week.\n\nYou can reach me on 06 12 34 56 78, after 5 pm if possible.\n\nH. Laurent"),
            "quoted": [(say("Texte cité, 3 messages", "Quoted text, 3 messages"), say("Le 3 nov. à 11:20, Bruno a écrit :\n> Bonjour Madame, nous remplaçons le bac mardi.", "On 3 Nov at 11:20, Bruno wrote:\n> Dear Mrs Laurent, we will replace the bin on Tuesday."))],
            "files": [
                {"name": say("le bac sans couvercle.jpg", "the bin without its lid.jpg"), "size": say("1,2 Mo", "1.2 MB"), "url": "#", "icon": "image"},
                {"name": say("bon de livraison.pdf", "delivery note.pdf"), "size": say("86 ko", "86 kB"), "url": "#", "icon": "file"},
            ],
            "mail": {"url": reverse("styleguide:mail"), "images_url": reverse("styleguide:mail") + "?images=1", "has_images": True, "size": "short"},
            "actions": [
                {"label": say("Citer", "Quote"), "icon": "quote", "url": "#"},
                {"label": say("Séparer en un autre dossier", "Split into another case"), "icon": "split", "url": "#"},
                {"label": say("Le courriel tel que reçu", "The mail as received"), "icon": "download", "url": "#"},
            ],
        },
        {
            "id": "m3", "kind": "note", "author": "Amina", "how": say("note interne", "internal note"), "when": "9:15", "when_iso": "2026-11-22T09:15",
            "html": mark_safe(say(  # noqa: S308 (written here)
                "Le dépôt de Lyon a reçu 40 couvercles ce matin. J’en ai fait mettre <strong>un de côté à son nom</strong>. @Bruno, tu peux le prendre mardi ?",
                "The Lyon depot got 40 lids this morning. I had <strong>one put aside in her name</strong>. @Bruno, could you take it on Tuesday?")),
        },
        {
            "id": "m4", "kind": "us", "author": "Amina", "how": say("par courriel", "by e-mail"), "when": "9:16", "when_iso": "2026-11-22T09:16",
            "to": say("à Mme Laurent", "to Mme Laurent"),
            "text": say("Bonjour Madame Laurent,\n\nVous avez raison, et je suis désolée de ces quatre semaines. Le couvercle est trouvé : nous vous l’apportons demain avant midi, et je vous appelle ensuite.",
                        "Dear Mrs Laurent,\n\nYou are right, and I am sorry for these four weeks. The lid is found: we bring it to you tomorrow before noon, and I will call you afterwards."),
            "hold": {"sentence": say("Partira à 9:16:40, le temps de compter jusqu’à dix.", "Leaves at 9:16:40, time to count to ten."), "undo_url": reverse("styleguide:composer"), "seconds": 600},
        },
    ]  # fmt: skip


def composer(say: Tongue, *, kind: str = "reply", notice: str = "") -> dict[str, Any]:
    common = {
        "draft_url": reverse("styleguide:draft"), "upload_url": reverse("styleguide:upload"), "seen": "2",
        "max_bytes": 2_000_000,
    }  # fmt: skip
    return {
        "kind": kind,
        "notice": notice,
        "reply": {
            **common,
            "action": reverse("styleguide:composer"),
            "to": [{"name": "Mme Laurent", "address": "h.laurent@exemple.test"}],
            "cc": [{"name": "", "address": "gardien@delmas.test", "outside": True}],
            "known": ["h.laurent@exemple.test", "fils.laurent@exemple.test"],
            "placeholder": say("Bonjour Madame Laurent,", "Dear Mrs Laurent,"),
            "hold_words": say("Partira dix secondes après l’envoi : le temps de compter jusqu’à dix.", "Leaves ten seconds after you send it: time to count to ten."),
            "schedules": [(say("Ce soir, 18:00", "Tonight, 18:00"), "2026-11-22T18:00"), (say("Demain, 8:30", "Tomorrow, 8:30"), "2026-11-23T08:30")],
        },
        "note": {
            **common,
            "action": reverse("styleguide:composer"),
            "draft_url": reverse("styleguide:draft") + "?kind=note",
            "mention_url": reverse("styleguide:mentions"),
            "placeholder": say("Ce que l’équipe doit savoir : des faits, datés.", "What the team should know: facts, with dates."),
        },
    }  # fmt: skip


def ending(say: Tongue) -> dict[str, Any]:
    return {
        "action": "#",
        "reasons": [
            say("pas en notre pouvoir", "not in our power"), say("plus en stock", "out of stock"),
            say("il manquait une information", "information was missing"), say("pas le temps", "no time"),
        ],
    }  # fmt: skip


def palette_groups(say: Tongue, asked: str) -> Rows:
    at = reverse("styleguide:case")
    groups: Rows = [
        {"label": say("Dossiers", "Cases"), "items": [
            {"label": f"{row['name']} · {row['subject']}", "url": at, "icon": "mail", "note": row["when"]} for row in rows(say)
        ]},
        {"label": say("Faire", "Do"), "items": [
            {"label": say("Prendre un répit", "Take a pause"), "url": "#", "icon": "cup", "note": "", "method": "post"},
            {"label": say("Nouveau dossier", "New case"), "url": at, "icon": "plus", "note": ""},
            {"label": say("Mes réglages", "My settings"), "url": at, "icon": "settings", "note": ""},
        ]},
    ]  # fmt: skip
    wanted = asked.casefold()
    kept = [{**g, "items": [i for i in g["items"] if wanted in i["label"].casefold()]} for g in groups]
    return [group for group in kept if group["items"]]


def colleagues(say: Tongue, begun: str) -> Rows:
    people = [
        {"id": 2, "name": "Bruno", "words": say("présent", "here")},
        {"id": 3, "name": "Chloé", "words": say("en répit", "taking a pause")},
        {"id": 4, "name": "Denise", "words": ""},
    ]
    return [person for person in people if str(person["name"]).casefold().startswith(begun.casefold())]


def steps(say: Tongue) -> Rows:
    return [
        {"title": say("Vous nous avez écrit", "You wrote to us"), "words": say("samedi 26 octobre, par téléphone", "Saturday 26 October, by telephone"), "kind": "kept"},
        {"title": say("Amina s’en occupe", "Amina takes care of it"), "words": say("jusqu’au bout", "to the end"), "kind": "kept"},
        {"title": say("Le couvercle est apporté", "The lid is brought"), "words": say("lundi 23 novembre avant midi", "Monday 23 November before noon"), "kind": "now", "chip": (say("à confirmer", "to be confirmed"), "accent")},
        {"title": say("Vous dites si c’est bon", "You say whether it is right"), "words": say("nous ne fermons rien sans vous", "nothing is closed without you"), "kind": ""},
    ]  # fmt: skip


def talk(say: Tongue) -> Rows:
    return [
        {"mine": True, "author": say("Vous", "You"), "when": say("8:41", "8:41"), "when_iso": "2026-11-22T08:41",
         "text": say("Je vous rappelle pour la sixième fois, et je n’ai toujours pas de couvercle.", "This is the sixth time I call, and I still have no lid.")},
        {"author": "Amina", "when": "9:16", "when_iso": "2026-11-22T09:16",
         "text": say("Vous avez raison, et je suis désolée de ces quatre semaines. Le couvercle est trouvé : nous vous l’apportons demain avant midi.", "You are right, and I am sorry for these four weeks. The lid is found: we bring it to you tomorrow before noon.")},
    ]  # fmt: skip
