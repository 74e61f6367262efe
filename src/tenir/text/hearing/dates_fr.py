"""French words for moments: what stands where in a folded sentence (no accents, lower case, single spaces).

Numbers in words are turned into figures of the same width first, so that every position stays that of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tenir.text.hearing.moments import Calendar, Clock, Length, Offset, Part, Period, Weekday, WeekOf
from tenir.text.hearing.pieces import HABIT, PAST, VAGUE, Meaning, Pattern, day_first, range_end

_UNITS = [
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
]
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}


def _spelled() -> dict[str, int]:
    found = {word: value for value, word in enumerate(_UNITS, 1) if value > 1}
    found |= {"dix-sept": 17, "dix-huit": 18, "dix-neuf": 19}
    below_twenty = dict(found) | {"un": 1}
    for ten, word in _TENS.items():
        found[word] = ten
        found[word + ("s" if ten == 80 else "-et-un")] = ten if ten == 80 else ten + 1
        limit = 20 if ten in (60, 80) else 10
        for below, value in below_twenty.items():
            if value < limit and (value > 1 or ten == 80):
                found[f"{word}-{below}"] = ten + value
    found["soixante-et-onze"] = 71
    return found


NUMBERS = _spelled()
_SPELLED = "|".join(word.replace("-", "[- ]") for word in sorted(NUMBERS, key=len, reverse=True))
_NUMBER = re.compile(rf"\b(?:{_SPELLED})\b")


def figures(sentence: str) -> str:
    """The sentence with its spelled numbers as figures, padded to the width of the words."""
    return _NUMBER.sub(lambda m: str(NUMBERS[m[0].replace(" ", "-")]).ljust(len(m[0])), sentence)


DAYS = {"lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6}
_SHORT_DAYS = {"lun": 0, "mar": 1, "mer": 2, "jeu": 3, "ven": 4, "sam": 5, "dim": 6}
_MONTHS = {
    "janvier": 1, "janv": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "avril": 4, "avr": 4, "mai": 5, "juin": 6,
    "juillet": 7, "juil": 7, "aout": 8, "septembre": 9, "sept": 9, "octobre": 10, "oct": 10, "novembre": 11,
    "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
_W = r"(?P<w>lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:lun|mar|mer|jeu|ven|sam|dim)(?:\.|(?= +\d)))"
_M = r"(?P<m>janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|%s)"
_M %= r"(?:janv|fevr|fev|avr|juil|sept|oct|nov|dec)(?:\.|\b)"
_M += r"(?![a-z])"
_N = r"(?P<n>\d{1,3}|une?|l'|la|quelques)(?: *(?:a|-|–|/|ou|et|,|,? voire| ) *(?P<n2>\d{1,3}))?"
_UNIT = r"(?P<u>minutes?|mins?|mn|heures?|hrs?|h|jours?|jrs?|j|semaines?|sem|mois|ans?|annees?)\b"
_WORKING = r"(?P<k> +(?:ouvre(?:e?s)?|ouvrables?|travailles?|de travail|calendaires?|francs?|pleins?))?"
_NEXT = r"(?: +(?:prochaine?s?|qui viennent|qui suivent|suivante?s?|a venir|qui vient))?"
_DELAY = r"(?:un delai |delai )?(?:maximum |maximal |max |moyen )?(?:de |d')?"


def _weekday_of(word: str) -> int:
    return DAYS.get(word, _SHORT_DAYS.get(word.rstrip("."), 0))


def _length(m: re.Match[str]) -> Meaning:
    words = m.groupdict()
    if words["n"] == "quelques":
        return VAGUE
    count = range_end(words["n"], words["n2"])
    unit = _unit(words["u"])
    kind = words["k"] or ""
    working = "ouvrables" if "ouvrable" in kind else "working" if re.search("ouvre|travail", kind) else ""
    return Length(count, unit, working)


def _unit(word: str) -> str:
    for start, unit in (("min", "minute"), ("mn", "minute"), ("h", "hour"), ("j", "day"), ("sem", "week"),
                        ("mois", "month"), ("an", "year")):  # fmt: skip
        if word.startswith(start):
            return unit
    return "day"


def _in_words(original: str, m: re.Match[str]) -> bool:
    return not original[m.start("n")].isdigit()


def _duration(m: re.Match[str], original: str) -> Meaning:
    found = _length(m)
    if isinstance(found, Length) and found.unit == "day" and found.count in (8, 15) and not found.working:
        # « Huit jours » is a week, « quinze jours » two: the idiom counts today.
        return Length(found.count - 1, "day") if _in_words(original, m) and not m["n2"] else found
    return found


def _until(m: re.Match[str], original: str) -> Meaning:
    """« D'ici 17 h » is an hour of the day, « d'ici 2 h » and « d'ici 48 h » are lengths."""
    count = range_end(m["n"], m["n2"])
    if _unit(m["u"]) == "hour" and 7 <= count <= 22 and original[m.start("n")].isdigit() and not m["k"]:
        return Clock(int(count))
    return _duration(m, original)


def _half(m: re.Match[str], _: str) -> Meaning:
    if "demi-journee" in m[0].replace(" ", "-"):
        return Length(4, "hour", "working")
    return Length(15 if "quart" in m[0] else 30, "minute")


def _lot(m: re.Match[str], _: str) -> Meaning:
    if m["lot"].startswith("quinz"):
        return Length(14, "day")
    if m["lot"].startswith("huit"):
        return Length(7, "day")
    return Length({"diz": 10, "vin": 20, "tre": 30, "dou": 12}[m["lot"][:3]], "day")


def _explicit(m: re.Match[str], _: str) -> Meaning:
    year = int(m["y"]) if m["y"] else None
    return Calendar(1 if m["d"] == "premier" else int(m["d"]), _MONTHS[m["m"].rstrip(".")], year)


def _numeric(m: re.Match[str], _: str) -> Meaning | None:
    return day_first(m["d"], m["mo"], m["y"])


def _iso(m: re.Match[str], _: str) -> Meaning:
    return Calendar(int(m["d"]), int(m["mo"]), int(m["y"]))


def _month_day(m: re.Match[str], _: str) -> Meaning | None:
    return Calendar(int(m["d"])) if 1 <= int(m["d"]) <= 31 else None


def _week_of(m: re.Match[str], _: str) -> Meaning:
    return WeekOf(Calendar(int(m["d"]), _MONTHS[m["m"].rstrip(".")] if m["m"] else None))


def _weekday(m: re.Match[str], _: str) -> Meaning:
    day, how = _weekday_of(m["w"]), m["how"] or ""
    if "en huit" in how or "en 8" in how:
        return Weekday(day, weeks=1)
    if "en " in how:
        return Weekday(day, weeks=2)
    if "semaine" in how:
        return Weekday(day, "this" if "cette" in how else "next")
    return Weekday(day, "this" if (m["this"] or "").startswith("ce") else "coming")


def _offset(m: re.Match[str], _: str) -> Meaning:
    if m["weeks"]:
        days = 1 if m[0].startswith("demain") else 0
        return Offset(days + (7 if "huit" in m["weeks"] or "8" in m["weeks"] else 14))
    word = m["o"].replace("-", " ")
    if word.startswith("apres"):
        return Offset(2)
    return Offset(1 if word in ("demain", "lendemain") else 0)


_PARTS = {"deb": "start", "mil": "mid", "mi": "mid"}


def _period(m: re.Match[str], _: str) -> Meaning:
    unit = {"sem": "week", "moi": "month", "ann": "year", "tri": "quarter", "wee": "weekend", "we": "weekend"}[
        m["u"][:3]
    ]
    ahead = 1 if m["next"] else 0
    part = (m["part"] or "").strip()
    return Period(unit, ahead, _PARTS.get(part[:3].rstrip("- "), "end"))


def _named_month(m: re.Match[str], _: str) -> Meaning:
    return Period("month", 0, _PARTS.get(m["part"][:3].rstrip("- "), "end"), _MONTHS[m["m"].rstrip(".")])


def _clock(m: re.Match[str], _: str) -> Meaning | None:
    hour, minute = int(m["h"]), int(m["min"] or 0)
    return Clock(hour, minute) if hour <= 24 and minute < 60 else None


_DAY_PARTS = {"mat": "morning", "apr": "afternoon", "soi": "evening", "mid": "noon", "min": "night", "nui": "night",
              "jou": "day", "a-m": "afternoon"}  # fmt: skip


def _part(m: re.Match[str], _: str) -> Meaning:
    name = _DAY_PARTS[m["p"][:3]]
    edge = (m["edge"] or "")[:3]
    if edge == "deb" and name == "afternoon":
        name = "early afternoon"
    elif edge == "deb" and name == "morning":
        name = "early morning"
    this = (m["this"] or "").strip()
    today = this.startswith("ce") or (this == "dans la" and not edge)
    return Part(name, today)


def _always(meaning: Meaning) -> Callable[[re.Match[str], str], Meaning]:
    return lambda _m, _s: meaning


_PART_WORDS = r"(?P<p>matinee|matin\b|apres[- ]?midi|aprem\b|a-m\b|soiree|soir\b|journee|nuit\b)"
_EDGE = r"(?:(?:en |des |a la |au )?(?P<edge>fin|debut|milieu|courant) (?:d'|de (?:la |l')?|du ?))?"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(r"\bil y a (?:deja )?(?:\d+|une?|quelques) +\w+", _always(PAST)),
    Pattern(r"\b(?:avant-)?hier\b(?: (?:matin|soir|apres-midi))?", _always(PAST)),
    Pattern(rf"\b(?:{_W}|la semaine|le mois|l'annee|le trimestre) +(?:dernier|derniere|passee?)\b", _always(PAST)),
    Pattern(
        r"\b(?:du|de) +(?:lundi|mardi|mercredi) +(?:au|a) +\w+di\b|\b(?:tous|toutes|chaque) +(?:les +)?(?:\w+ +)?"
        r"(?:jours?|lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?|dimanches?|semaines?|mois|matins?|annees?)"
        r"\b|\b[67] *j(?:ours)?(?: *(?:/|sur) *)7\b|\b24 *h(?:eures)?(?: *(?:/|sur) *)24\b|\b24/24\b|\b7/7\b|\b24/7\b",
        _always(HABIT),
    ),
    Pattern(
        r"\b(?:sous|dans|d'ici(?: a)?|dici|en|avant) +(?:une? +(?:petite +)?|l'|la +|les +)?"
        r"(?:demi[- ]heures?|quart +d'heure|demi[- ]journee)\b",
        _half,
    ),
    Pattern(
        r"\b(?:sous|dans|d'ici|pour|en)(?: a)? +(?:une? +|la +)?"
        r"(?P<lot>quinzaine|huitaine|dizaine|vingtaine|trentaine|douzaine)(?: +de +jours)?\b",
        _lot,
    ),
    Pattern(
        rf"\b(?:d'ici|dici|avant)(?: a)? +(?:les +|{_DELAY})?(?:maximum +|environ +)?(?:prochaine?s +)?{_N} *"
        rf"(?:prochaine?s? +|petite?s? +)?{_UNIT}{_WORKING}{_NEXT}",
        _until,
    ),
    Pattern(
        rf"\b(?:sous|s/|dans|ds|en)(?: moins de| maximum| environ| au plus| a peine)?"
        rf"(?: +les| +l'espace de| +le| +la limite de)? *{_DELAY}(?:prochaine?s +)?(?:environ +|maximum +)?{_N} *"
        rf"(?:prochaine?s? +|petite?s? +|bonnes? +)?{_UNIT}{_WORKING}{_NEXT}",
        _duration,
    ),
    Pattern(
        rf"\b(?:delais?(?: [a-z]+)?(?: :)?(?: de| d')?|comptez|compter|prend|prendra|prendre) +(?:environ +)?{_N} *"
        rf"{_UNIT}{_WORKING}",
        _always(HABIT),
    ),
    Pattern(
        rf"(?<!pendant )(?<!pour )(?<!une )\b{_N} *{_UNIT}{_WORKING} *(?:maximum|max|au plus(?: tard)?|maxi|chrono)\b",
        _duration,
    ),
    Pattern(r"\b(?P<y>20\d\d)-(?P<mo>\d\d)-(?P<d>\d\d)\b", _iso),
    Pattern(
        r"(?<![\d/.,+-])(?P<d>\d{1,2})(?P<sep>[/.])(?P<mo>\d{1,2})(?:(?P=sep)(?P<y>(?:20)?\d\d))?"
        r"(?![\d/]|[.,]\d| *(?:%|€|e\b|euros?|h\b|eur\b|kg|km|go\b|mo\b|jours?|mois))",
        _numeric,
    ),
    Pattern(
        rf"\bsemaine +du +(?:lundi +)?(?P<d>\d{{1,2}})(?:er)?(?: +{_M})?(?: +au +\d{{1,2}}(?: +[a-z]+)?)?", _week_of
    ),
    Pattern(
        rf"(?:\b{_W} +)?(?:le +)?(?<![\d.,/])\b(?P<d>\d{{1,2}}|premier) *(?:er|eme)? +{_M}(?: +(?P<y>20\d\d)\b)?",
        _explicit,
    ),
    Pattern(
        rf"(?:\b{_W} +(?:le +)?|\ble +|\bau +|\bdu +)(?P<d>\d{{1,2}})(?:er)?\b"
        r"(?! *(?:h\b|h\d|heures?|:|%|€|,\d|/|\.\d|\d|-?e\b|eme|euros?|rue|avenue|premier))",
        _month_day,
    ),
    Pattern(r"\bnoel\b", _always(Calendar(25, 12))),
    Pattern(r"\b(?:le )?(?:jour de l'an|nouvel an)\b", _always(Calendar(1, 1))),
    Pattern(r"\bla saint[- ]sylvestre\b", _always(Calendar(31, 12))),
    Pattern(
        rf"\b(?P<this>ce +|le +|des +)?{_W}(?P<how> +(?:en +huit|en +8|en +quinze|en +15|prochain|qui vient|suivant|"
        r"de (?:la +)?semaine +(?:prochaine|suivante|qui vient|pro\b)|de cette semaine))?\b",
        _weekday,
    ),
    Pattern(
        r"\b(?P<o>aujourd'? ?hui|auj\b|ajd\b|ce jour|apres[- ]demain|demain)"
        r"(?P<weeks> +en +(?:huit|8|quinze|15))?(?: +meme)?\b",
        _offset,
    ),
    Pattern(
        r"(?:\b(?P<part>debut|fin|mi|milieu|courant|tout debut)(?: de(?: la)?|-| de l')? +|\b(?:la|cette|en|dans la) +"
        r"|\bs')?\b(?P<u>semaine) +(?P<next>prochaine|suivante|qui vient|qui suit|d'apres|pro\b)",
        _period,
    ),
    Pattern(
        r"(?:\b(?P<part>debut|fin|mi|milieu|courant|cours)(?: de(?: la| cette)?|-)? *|\b(?:cette|dans la) +)"
        r"\b(?P<u>semaine)\b(?P<next>(?!))?(?! +(?:derniere|passee|prochaine|du|suivante))",
        _period,
    ),
    Pattern(
        r"(?:\b(?P<part>debut|fin|mi|milieu|courant|cours) (?:du +|de +)|\b(?:le|au|du) +)(?P<u>mois) +"
        r"(?P<next>prochain|suivant|qui vient|pro\b)",
        _period,
    ),
    Pattern(
        r"\b(?:(?P<part>debut|fin|mi|milieu|courant|cours)[ -](?:du +|de +|de ce +)?|ce +|dans le +)(?P<u>mois)"
        r"(?:-ci)?\b(?P<next>(?!))?(?! +(?:prochain|dernier|suivant))",
        _period,
    ),
    Pattern(r"\b(?P<part>fin) +(?:d'|de l'|de cette )(?P<u>annee)\b(?P<next> prochaine)?", _period),
    Pattern(r"\b(?:(?P<part>fin|debut|milieu) (?:du +|de +)|ce +)(?P<u>trimestre)\b(?P<next> prochain)?", _period),
    Pattern(r"\b(?P<part>(?!))?(?:ce +|le +|du +)(?P<u>week-?end|we)\b(?P<next> (?:prochain|d'apres))?", _period),
    Pattern(
        rf"\b(?P<part>debut|fin|mi|milieu|courant|cours|en|au mois de|pour|d'ici|avant|d'ici a)"
        rf"(?:[ -]+)(?:le +mois +de +|du mois de +|de +)?{_M}(?! *\d)",
        _named_month,
    ),
    Pattern(r"(?<![\d/.,])\b(?P<h>\d{1,2}) *(?:h|heures?)(?: *(?P<min>\d{2})\b|\b)(?! *(?:ouvre|d'ici|/))", _clock),
    Pattern(r"(?<![\d/.,:])\b(?P<h>\d{1,2}):(?P<min>\d{2})\b(?!:)", _clock),
    Pattern(r"\b(?:entre|de) +(?P<h>\d{1,2})(?P<min>(?!))? *(?=(?:et|a) +\d{1,2} *h)", _clock),
    Pattern(
        rf"(?<!bonne )(?<!belle )(?<!excellente )(?:\b(?P<this>ce|cet|cette|dans la|dans l'|le|en|au|du) *)?"
        rf"\b{_EDGE}{_PART_WORDS}",
        _part,
    ),
    Pattern(r"\b(?P<this>ce +)?(?P<edge>(?!))?(?<!apres-)(?<!apres )(?<!apres)(?P<p>midi|minuit)\b", _part),
    Pattern(r"\b(?:a|des) (?:la premiere heure|l'ouverture)\b", _always(Part("early morning"))),
    Pattern(r"\b(?:la |notre )?(?:fermeture(?! (?:de l|du))|fin de service)\b", _always(Part("day"))),
    Pattern(
        r"\bdans (?:les (?:tout(?:e?s)? )?(?:prochaine?s|meilleurs|plus brefs) (?:jours|heures|semaines|delais|"
        r"minutes|mois)|les (?:jours|semaines|heures) (?:qui viennent|a venir|qui suivent))|\bau plus (?:vite|"
        r"tot)\b|\ble jour meme\b|\b(?:des )?le lendemain\b"
        r"|\b(?:le |aussi )?(?:plus )?(?:rapidement|vite|tot)(?: que)? possible\b|\bdes que possible\b|\brapidement\b"
        r"|\b(?:tres |bien )?(?:prochainement|bientot|vite)\b|\bsous peu\b|\bd'ici (?:la\b(?! +(?:fin|mi|"
        r"semaine|journee|soiree|matinee))|peu\b|quelques \w+)"
        r"|\btout de suite\b|\b(?:immediatement|incessamment|ulterieurement|asap)\b|\bsans (?:tarder|delai|attendre)\b"
        r"|\ba (?:tres )?bref delai\b|\bdans (?:la foulee|l'instant|l'immediat|un instant|un moment|quelques \w+)\b"
        r"|\bdans un (?:premier temps|second temps|avenir proche)\b",
        _always(VAGUE),
    ),
)
