"""Telephone numbers that cannot be mistyped without being seen. Pure functions; nothing here touches the database.

`read_phone` reads what somebody typed, complete or not, and always helps: how many digits there are and should be,
what is missing or too many, and how the number is written so that it can be read back aloud in pairs.
+33 6, 0033 6, 06 and +33 (0)6 are one number. A French number of overseas (0692, 0590, 0508 …) is understood as
what it is, though it looks like one of the mainland.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import Any

import phonenumbers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat, PhoneNumberType, shortnumberinfo

FRENCH_OVERSEAS = {
    **dict.fromkeys(("262", "263", "269", "639", "692", "693"), 262),
    **dict.fromkeys(("590", "690", "691"), 590),
    **dict.fromkeys(("594", "694"), 594),
    **dict.fromkeys(("596", "696", "697"), 596),
    "508": 508,
}
"""Dialled from the mainland with ten digits like any other (0692 …), but from abroad with a code of their own."""
OVERSEAS_REGIONS = ("GP", "MQ", "GF", "YT", "RE")
"""Where else ten digits may lead that the mainland does not know (0709 is shared out); narrower plans first."""


class Problem(Enum):
    """What is to be seen to. The last four still give a number, to be confirmed by reading it back."""

    MISSING = "missing"
    TOO_MANY = "too_many"
    NOT_A_NUMBER = "not_a_number"
    UNKNOWN_COUNTRY = "unknown_country"
    NO_TRUNK = "no_trunk"
    SHORT_NUMBER = "short_number"
    FIRST_ZERO = "first_zero"
    UNKNOWN_PREFIX = "unknown_prefix"
    SURCHARGED = "surcharged"
    MISTYPED_LETTER = "mistyped_letter"


@dataclass(frozen=True, kw_only=True)
class PhoneReading:
    """What was understood. `e164` is None as long as no number can be stored.

    `typed` of `expected` is the live count ("8/10"); `expected` is None when the country's numbers vary in length
    or the country is not known yet. `difference` is how many digits are missing or too many.
    """

    e164: str | None = None
    shown: str = ""
    extension: str = ""
    typed: int = 0
    expected: int | None = None
    problem: Problem | None = None
    difference: int = 0
    country: str = ""
    odd: str = ""

    def sentence(self) -> str:
        """What to do next, in the reader's language; empty when all is well. It never says "error"."""
        if self.problem is None:
            return ""
        if self.problem in (Problem.MISSING, Problem.TOO_MANY):
            return self._count_sentence()
        return _sentences()[self.problem] % {"number": self.shown, "odd": self.odd}

    def _count_sentence(self) -> str:
        said = {"typed": self.typed, "expected": self.expected, "n": self.difference}
        if self.problem is Problem.MISSING:
            missing = ngettext(
                "%(typed)s of %(expected)s digits: one is missing.",
                "%(typed)s of %(expected)s digits: %(n)s are missing.",
                self.difference,
            )
            return missing % said
        too_many = ngettext(
            "%(typed)s digits, one more than the %(expected)s expected: which one was typed twice?",
            "%(typed)s digits, %(n)s more than the %(expected)s expected.",
            self.difference,
        )
        return too_many % said


def _sentences() -> dict[Problem, str]:
    return {
        Problem.NOT_A_NUMBER: _("Besides digits there is “%(odd)s”: only the number goes here."),
        Problem.UNKNOWN_COUNTRY: _("Which country? After + comes its code: 33 for France, 44 for Great Britain."),
        Problem.NO_TRUNK: _("French numbers begin with 0. For another country, begin with + and its code."),
        Problem.SHORT_NUMBER: _("This is a short number of a service: nobody can be called back on it."),
        Problem.FIRST_ZERO: _("The first 0 was not there. Is it %(number)s?"),
        Problem.UNKNOWN_PREFIX: _("We know of no number that begins like this. Read it back: %(number)s."),
        Problem.SURCHARGED: _("Calling this number costs extra. Is there another one?"),
        Problem.MISTYPED_LETTER: _("A letter stood among the digits (%(odd)s). Is it %(number)s?"),
    }


# --- What was typed ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Typed:
    digits: str
    international: bool
    extension: str
    odd: str
    replaced: str


_LABEL = re.compile(
    r"^\s*(?:t[ée]l[ée]phone|t[ée]l|phone|mobile|mob|portable|port|fixe|fax|cell|call|n°|sms)\b\.?\s*:?\s*",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"(?:;\s*ext\s*=|\b(?:poste|extension|ext|x)\s*[.:]?|#)\s*(\d{1,8})\s*$", re.IGNORECASE)
_LOOKS_LIKE = str.maketrans({"o": "0", "O": "0", "l": "1", "I": "1", "i": "1", "|": "1"})
_SEPARATORS = frozenset(" .-/()[]_,:·•'’~\t\r\n‐‑‒–—−\u200b\u200e\u200f\u202a\u202c\u2060\ufeff")


def _digits_of(text: str) -> str:
    """The text with the digits of any script as 0-9 and full-width forms made ordinary."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.decimal(c)) if unicodedata.decimal(c, None) is not None else c for c in plain)


def _read_typed(text: str) -> _Typed:
    plain = _LABEL.sub("", _digits_of(text[:200]).strip())
    extension = ""
    if (found := _EXTENSION.search(plain)) and re.search(r"\d", plain[: found.start()]):
        extension, plain = found[1], plain[: found.start()]
    trunk_in_brackets = re.match(r"\s*\(?\s*(?:\+|00)", plain) is not None
    plain = re.sub(r"\(\s*0\s*\)", "", plain) if trunk_in_brackets else plain
    body = "".join(c for c in plain if c not in _SEPARATORS)
    international, body = body.startswith("+"), body.removeprefix("+")
    replaced = "".join(dict.fromkeys(c for c in body if not c.isdecimal()))
    repaired = body.translate(_LOOKS_LIKE)
    if replaced and len(body) - sum(map(str.isdecimal, body)) <= 2 and repaired.isdecimal() and len(body) > 4:
        return _Typed(repaired, international, extension, "", replaced)
    digits = "".join(c for c in body if c.isdecimal())
    strange = re.search(r"[^\W\d_]+|[^\w\s]", "".join(" " if c in _SEPARATORS else c for c in plain.lstrip(" +")))
    return _Typed(digits, international, extension, strange[0] if strange and replaced else replaced, "")


# --- What it means -------------------------------------------------------------------------------------------


def read_phone(text: str, region: str = "FR") -> PhoneReading:
    """Reads a number as typed or pasted, complete or not, seen from `region` (ISO 3166). Never raises."""
    typed = _read_typed(text)
    metadata = PhoneMetadata.metadata_for_region(region, None)
    if typed.odd:
        problem = PhoneReading(typed=len(typed.digits), shown=text.strip()[:40], problem=Problem.NOT_A_NUMBER)
        return _with(problem, typed, odd=typed.odd[:20])
    if typed.international:
        reading = _read_international(typed.digits, region)
    elif metadata and (idd := re.match(metadata.international_prefix or "00", typed.digits)):
        reading = _read_international(typed.digits[idd.end() :], region)
    elif region == "FR":
        reading = _read_french(typed.digits)
    else:
        reading = _read_national(typed.digits, region)
    if typed.replaced and reading.e164 and reading.problem is None:
        reading = _with(reading, typed, problem=Problem.MISTYPED_LETTER, odd=typed.replaced)
    return _with(reading, typed)


def _with(reading: PhoneReading, typed: _Typed, **changes: Any) -> PhoneReading:
    return PhoneReading(**{**reading.__dict__, "extension": typed.extension, **changes})


def _read_french(digits: str) -> PhoneReading:
    """French national writing: ten digits that begin with 0."""
    count = len(digits)
    shown = in_pairs(digits)
    if count == 11 and digits.startswith("33") and digits[2] != "0":
        return _read_international(digits, "FR")
    if not digits.startswith("0") and _is_short(digits, "FR"):
        return PhoneReading(typed=count, expected=10, shown=digits, problem=Problem.SHORT_NUMBER, country="FR")
    if count == 9 and not digits.startswith("0"):
        found = _read_french("0" + digits)
        odd = found.problem or Problem.FIRST_ZERO
        return PhoneReading(**{**found.__dict__, "typed": 9, "problem": odd})
    if count != 10:
        return _miscounted(count, 10, shown=shown, country="FR")
    if not digits.startswith("0"):
        return PhoneReading(typed=10, expected=10, shown=shown, problem=Problem.NO_TRUNK)
    number = _french_number(digits)
    return _judged(number, typed=10, expected=10, region="FR")


def _french_number(digits: str) -> PhoneNumber:
    """The number behind ten French digits: of the mainland, or overseas when the mainland has no such number."""
    code = FRENCH_OVERSEAS.get(digits[1:4])
    if code:
        return PhoneNumber(country_code=code, national_number=int(digits[4 if code == 508 else 1 :]))
    mainland = PhoneNumber(country_code=33, national_number=int(digits))
    if phonenumbers.is_valid_number(mainland):
        return mainland
    candidates = (phonenumbers.parse(digits, region) for region in OVERSEAS_REGIONS)
    return next((n for n in candidates if phonenumbers.is_valid_number(n)), mainland)


def _is_short(digits: str, region: str) -> bool:
    if not 2 <= len(digits) <= 6:
        return False
    number = PhoneNumber(country_code=phonenumbers.country_code_for_region(region), national_number=int(digits))
    return bool(shortnumberinfo.is_valid_short_number_for_region(number, region))


def _read_national(digits: str, region: str) -> PhoneReading:
    """A number written as inside any other country."""
    metadata = PhoneMetadata.metadata_for_region(region, None)
    if metadata is None:
        return PhoneReading(typed=len(digits), shown=digits, problem=Problem.UNKNOWN_COUNTRY)
    trunk = metadata.national_prefix or ""
    with_trunk = bool(trunk) and digits.startswith(trunk)
    code = phonenumbers.country_code_for_region(region)
    extra = len(trunk) if with_trunk else 0
    return _read_significant(code, digits[extra:], written=digits, region=region, extra=extra)


def _read_international(digits: str, region: str) -> PhoneReading:
    """A number with its country code, without the + or the 00."""
    for length in (1, 2, 3):
        code = int(digits[:length] or 0)
        if len(digits) >= length and code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            national = digits[length:]
            main = phonenumbers.region_code_for_country_code(code)
            metadata = PhoneMetadata.metadata_for_region(main, None)
            if metadata and metadata.national_prefix == "0":
                national = national.removeprefix("0")
            if code == 33 and len(national) == 9:
                return _judged(_french_number("0" + national), typed=9, expected=9, region=region)
            return _read_significant(code, national, written=f"+{code}{national}", region=region, extra=0)
    return PhoneReading(typed=len(digits), shown="+" + digits, problem=Problem.UNKNOWN_COUNTRY)


def _read_significant(code: int, national: str, *, written: str, region: str, extra: int) -> PhoneReading:
    """Judges country code and significant digits. `extra` counts the trunk digit that was typed and is not one."""
    main = phonenumbers.region_code_for_country_code(code)
    metadata = PhoneMetadata.metadata_for_region(main, None)
    described = metadata.general_desc if metadata else None
    lengths = sorted(described.possible_length) if described else [len(national)]
    count, shown = len(national), _partly(written, region=region)
    if count not in lengths:
        wanted = next((length for length in lengths if length > count), lengths[-1])
        return _miscounted(count + extra, wanted + extra, shown=shown, country=main)
    number = PhoneNumber(
        country_code=code,
        national_number=int(national),
        italian_leading_zero=True if national.startswith("0") else None,
        number_of_leading_zeros=len(national) - len(national.lstrip("0")) if national.startswith("00") else None,
    )
    if not phonenumbers.is_valid_number(number):
        longer = _completed(code, national, lengths)
        if longer:
            return _miscounted(count + extra, longer + extra, shown=shown, country=main)
    return _judged(number, typed=count + extra, expected=count + extra, region=region)


def _completed(code: int, national: str, lengths: list[int]) -> int | None:
    """The length at which these digits could begin a real number, when the country's numbers vary in length."""
    for length in lengths:
        for filler in "0123456789"[: 10 if length > len(national) else 0]:
            tried = int(national + filler * (length - len(national)))
            number = PhoneNumber(country_code=code, national_number=tried)
            if not national.startswith("0") and phonenumbers.is_valid_number(number):
                return length
    return None


def _miscounted(count: int, expected: int, *, shown: str, country: str) -> PhoneReading:
    problem = Problem.MISSING if count < expected else Problem.TOO_MANY
    return PhoneReading(
        typed=count,
        expected=expected,
        shown=shown,
        problem=problem,
        difference=abs(expected - count),
        country=country,
    )


def _judged(number: PhoneNumber, *, typed: int, expected: int, region: str) -> PhoneReading:
    """A number with the right count of digits: stored, with what is to be said about it."""
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    problem = None
    if not phonenumbers.is_valid_number(number):
        problem = Problem.UNKNOWN_PREFIX
    elif _is_surcharged(number):
        problem = Problem.SURCHARGED
    country = phonenumbers.region_code_for_number(number) or ""
    return PhoneReading(
        e164=e164,
        shown=show_phone(e164, region),
        typed=typed,
        expected=expected,
        problem=problem,
        country=country or phonenumbers.region_code_for_country_code(number.country_code or 0),
    )


def _is_surcharged(number: PhoneNumber) -> bool:
    """Premium rate anywhere; in France 081, 082 and 089 (C. consom. L121-16 forbids them to a desk itself)."""
    if number.country_code == 33:
        return str(number.national_number)[:2] in ("81", "82", "89")
    return phonenumbers.number_type(number) == PhoneNumberType.PREMIUM_RATE


# --- How it is written and read aloud --------------------------------------------------------------------------


def in_pairs(digits: str) -> str:
    """ "0612345" → "06 12 34 5"."""
    return " ".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def _partly(written: str, *, region: str) -> str:
    """An unfinished number, grouped as far as it goes."""
    if written.startswith("+33"):
        return f"+33 {written[3:4]} {in_pairs(written[4:])}".strip()
    formatter, shown = phonenumbers.AsYouTypeFormatter(region), ""
    for character in written:
        shown = formatter.input_digit(character)
    return shown.replace("-", " ").strip()


def show_phone(e164: str, region: str = "FR") -> str:
    """A stored number as people write it: one's own country's without code (French ones in pairs), others with it."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    if region == "FR" and number.country_code == 33:
        return in_pairs("0" + str(number.national_number))
    if phonenumbers.region_code_for_number(number) == region:
        return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    shown = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    head, _space, tail = shown.partition(" ")
    groups = re.findall(r"\d+", tail)
    return " ".join([head, *groups]) if len(groups) > 1 else f"{head} {_pairs_from_the_end(tail)}"


def _pairs_from_the_end(digits: str) -> str:
    """Groups what the library left ungrouped: "411234" → "41 12 34", "1234567" → "123 45 67"."""
    if len(digits) % 2:
        return f"{digits[:3]} {in_pairs(digits[3:])}".strip()
    return in_pairs(digits)


def writings(e164: str, region: str = "FR") -> tuple[str, ...]:
    """The ways in which people write this number, digits only: "+33612345678", "0033612345678", "0612345678"."""
    number = phonenumbers.parse(e164, None)
    national = phonenumbers.national_significant_number(number)
    forms = [e164, "00" + e164[1:]]
    if number.country_code == phonenumbers.country_code_for_region(region):
        metadata = PhoneMetadata.metadata_for_region(region, None)
        forms.append(((metadata.national_prefix or "") if metadata else "") + national)
    return tuple(forms)


_UNITS_FR = [
    "zéro",
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
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
_TENS_FR = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
_DIGITS_EN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def _french_below_hundred(value: int) -> str:
    if value < 20:
        return _UNITS_FR[value]
    tens, unit = divmod(value, 10)
    if tens in (7, 9):
        tens, unit = tens - 1, unit + 10
    if unit == 0:
        return "quatre-vingts" if tens == 8 else _TENS_FR[tens]
    if unit in (1, 11) and tens != 8:
        return f"{_TENS_FR[tens]} et {_UNITS_FR[unit]}"
    return f"{_TENS_FR[tens]}-{_UNITS_FR[unit]}"


def _french_group(group: str) -> str:
    """One group as it is dictated in French: "06" zéro six, "692" six cent quatre-vingt-douze, "7946" in two pairs."""
    if len(group) > 3:
        cut = len(group) - 2 if len(group) % 2 == 0 else 3
        return f"{_french_group(group[:cut])} {_french_group(group[cut:])}"
    if group.startswith("0") or len(group) == 1:
        return " ".join(_UNITS_FR[int(digit)] for digit in group)
    hundreds, rest = divmod(int(group), 100)
    said = [] if not hundreds else ["cent"] if hundreds == 1 else [_UNITS_FR[hundreds], "cent"]
    if hundreds > 1 and rest == 0:
        said[-1] = "cents"
    return " ".join([*said, *([_french_below_hundred(rest)] if rest or not hundreds else [])])


def _english_group(group: str) -> str:
    return " ".join(_DIGITS_EN[int(digit)] for digit in group)


def read_back(e164: str, language: str, region: str = "FR") -> str:
    """The line to read aloud: "zéro six, douze, trente-quatre…" or "zero six, one two, three four…"."""
    say = _french_group if language == "fr" else _english_group
    shown = show_phone(e164, region)
    groups = re.findall(r"\d+", shown)
    said = [say(group) for group in groups]
    if shown.startswith("+"):
        said[0] = "plus " + said[0]
    return ", ".join(said)


def for_browser(reading: PhoneReading, *, language: str, region: str = "FR") -> dict[str, Any]:
    """The reading as the check address answers it, in JSON's types."""
    return {
        "e164": reading.e164,
        "shown": reading.shown,
        "extension": reading.extension,
        "typed": reading.typed,
        "expected": reading.expected,
        "problem": reading.problem.value if reading.problem else None,
        "difference": reading.difference,
        "country": reading.country,
        "sentence": reading.sentence(),
        "read_back": read_back(reading.e164, language, region) if reading.e164 else "",
    }
