"""A CSV file of subscriptions, read whatever exported it. Pure functions.

Excel in French writes `;` and cp1252, in English `,`; some tools write tabs and UTF-16. Each line becomes typed
fields or a list of what could not be read, never an exception.
"""

import codecs
import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from tenir.customers.addresses import address_key, is_address
from tenir.customers.models import Subscription
from tenir.customers.phone import read_phone
from tenir.ledger.refusals import Refusal
from tenir.people.names import one_line
from tenir.text.folding import fold

LARGEST = 64 * 1024 * 1024
"""Bytes of a file at most: some 500 000 subscriptions."""

HEADERS: dict[str, tuple[str, ...]] = {
    "number": (
        "number", "numero", "n", "no", "num", "subscription", "subscription number", "subscription no",
        "subscription id", "numero abonnement", "numero d abonnement", "n abonnement", "no abonnement", "abonnement",
        "numero contrat", "numero de contrat", "n contrat", "contrat", "contract", "contract number", "reference",
        "ref", "id", "identifiant",
    ),
    "product": ("product", "produit", "article", "titre", "title", "publication", "service", "offre", "offer"),
    "plan": ("plan", "formule", "forfait", "option", "tarif", "rate", "type"),
    "state": ("state", "status", "etat", "statut", "situation"),
    "since": (
        "since", "start", "start date", "from", "begin", "begins", "debut", "date debut", "date de debut", "depuis",
        "date d effet", "date de souscription", "souscription",
    ),
    "until": (
        "until", "end", "end date", "to", "ends", "expires", "expiry", "expiry date", "fin", "date fin", "date de fin",
        "jusqu a", "jusqu au", "echeance", "date d echeance",
    ),
    "detail": ("detail", "details", "note", "remark", "remarque", "commentaire", "comment", "precision", "precisions"),
    "name": ("name", "full name", "customer", "customer name", "client", "nom", "nom complet", "nom client",
             "nom du client", "nom prenom", "nom et prenom", "prenom nom", "abonne", "titulaire", "last name",
             "surname", "nom de famille"),
    "first_name": ("first name", "given name", "prenom"),
    "email": ("email", "e mail", "mail", "email address", "e mail address", "courriel", "adresse e mail",
              "adresse mail", "adresse email", "adresse electronique", "adresse courriel", "mel"),
    "phone": ("phone", "telephone", "phone number", "tel", "mobile", "portable", "numero de telephone",
              "telephone portable", "telephone mobile", "telephone number", "cell"),
    "language": ("language", "langue", "lang"),
    "country": ("country", "pays", "country code", "code pays"),
    "postal_address": ("address", "postal address", "adresse", "adresse postale", "adresse de livraison"),
}  # fmt: skip
_LITTLE = frozenset({"d", "de", "du", "des", "l", "la", "le", "the", "of", "s"})


def _header_key(title: str) -> str:
    """ "N° d'abonnement", "Numéro abonnement" and "No. de l'abonnement" are the same header."""
    words = [word for word in re.findall(r"[a-z0-9]+", fold(title)) if word not in _LITTLE]
    return " ".join("numero" if word in ("n", "no", "num", "nr") else word for word in words)


_BY_HEADER = {_header_key(header): name for name, headers in HEADERS.items() for header in headers}

STATES: dict[str, Subscription.State] = {
    **dict.fromkeys(
        ("", "active", "actif", "en cours", "current", "valid", "valide", "live", "ok", "oui", "yes", "1", "paid",
         "paye", "running", "ouvert", "open", "a jour"), Subscription.State.ACTIVE,
    ),
    **dict.fromkeys(
        ("suspended", "suspendu", "suspendue", "paused", "pause", "en pause", "on hold", "hold", "bloque", "en attente",
         "impaye"), Subscription.State.SUSPENDED,
    ),
    **dict.fromkeys(
        ("ended", "end", "termine", "terminee", "resilie", "resiliee", "cancelled", "canceled", "closed", "clos",
         "cloture", "expired", "expire", "expiree", "echu", "echue", "arrete", "arretee", "inactive", "inactif",
         "inactive", "fini", "stopped", "0", "no", "non"), Subscription.State.ENDED,
    ),
}  # fmt: skip


class Unreadable(Refusal):
    """The file is not a table of subscriptions; the sentence says what is missing."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def sentence(self) -> str:
        return self.why


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the file, understood.

    A line with `problems` is not imported; what is in `warnings` is left out and the rest imported. Both are
    sentences.
    """

    number_in_file: int
    number: str = ""
    product: str = ""
    plan: str = ""
    state: str = Subscription.State.ACTIVE
    since: date | None = None
    until: date | None = None
    detail: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    phone_shown: str = ""
    language: str = ""
    country: str = ""
    postal_address: str = ""
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """The file as read: how it was read, which columns were recognised and which passed over, and its lines."""

    encoding: str
    delimiter: str
    columns: dict[str, int]
    passed_over: list[str]
    day_first: bool
    rows: list[list[str]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)


def decode(content: bytes) -> tuple[str, str]:
    """The text of the file and its encoding: by its mark, else UTF-8 when it is, else Windows' western one."""
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    for mark, encoding in marks:
        if content.startswith(mark):
            return content.decode(encoding, "replace"), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "cp1252"


def _delimiter(text: str) -> str:
    """The one that gives the header line the most recognised columns."""
    first = text.lstrip("\n\r").split("\n", 1)[0]

    def recognised(mark: str) -> tuple[int, int]:
        header = next(csv.reader([first], delimiter=mark), [])
        return len(_columns(header)[0]), first.count(mark)

    return max(";,\t|", key=recognised)


def _columns(header: list[str]) -> tuple[dict[str, int], list[str]]:
    """Which column holds what, and the headers that nobody knows."""
    columns: dict[str, int] = {}
    passed_over = []
    for index, title in enumerate(header):
        name = _BY_HEADER.get(_header_key(title))
        if name and name not in columns:
            columns[name] = index
        elif title.strip():
            passed_over.append(title.strip()[:60])
    return columns, passed_over


def read_table(content: bytes) -> Table:
    """Reads the file's shape. Raises `Unreadable` when it is too large or has no number or product column."""
    if len(content) > LARGEST:
        raise Unreadable(_("The file is larger than 64 MB: cut it in two."))
    text, encoding = decode(content)
    text = text.replace("\0", "")
    separator = re.match(r"sep=(.)\r?\n", text)
    text = text[separator.end() :] if separator else text
    delimiter = separator[1] if separator else _delimiter(text)
    rows = _rows(text, delimiter)
    columns, passed_over = _columns(rows[0]) if rows else ({}, [])
    for needed, word in (("number", _("number")), ("product", _("product"))):
        if needed not in columns:
            raise Unreadable(_("No column is called “%(word)s”: name it so in the first line.") % {"word": word})
    body = rows[1:]
    return Table(encoding, delimiter, columns, passed_over, _day_first(body, columns), body)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(1_000_000)
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        raise Unreadable(_("This is not a CSV file: a quotation mark is opened and never closed.")) from None


_DATE = re.compile(r"(\d{1,4})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{2,4})(?:[T ]\d.*)?\Z")


def _day_first(rows: list[list[str]], columns: dict[str, int]) -> bool:
    """03/04/2024 is in April, unless the file has a date whose second number can be no month (03/25/2024)."""
    seconds = set()
    for name in ("since", "until"):
        for row in rows if name in columns else ():
            found = _DATE.match(row[columns[name]].strip()) if len(row) > columns[name] else None
            if found and len(found[1]) < 3:
                if int(found[1]) > 12:
                    return True
                seconds.add(int(found[2]))
    return not any(second > 12 for second in seconds)


def read_date(text: str, *, day_first: bool = True) -> date | None:
    """2024-03-31, 31/03/2024, 31.3.24 or, when the file is American, 03/31/2024.

    None for nothing; raises `ValueError` on anything else.
    """
    text = text.strip()
    if not text:
        return None
    found = _DATE.match(text)
    if not found:
        raise ValueError(text)
    first, second, third = (int(part) for part in found.groups())
    if len(found[1]) == 4:
        return date(first, second, third)
    year = third + 2000 if third < 100 else third
    return date(year, second, first) if day_first else date(year, first, second)


def read_line(row: list[str], table: Table, *, number_in_file: int, region: str = "FR") -> Line:
    """One line understood, with what could not be."""
    problems: list[str] = []

    def cell(name: str, longest: int = 120) -> str:
        index = table.columns.get(name)
        return one_line(row[index], longest=longest) if index is not None and index < len(row) else ""

    def day(name: str) -> date | None:
        try:
            return read_date(cell(name), day_first=table.day_first)
        except ValueError:
            problems.append(_("“%(text)s” is not a date.") % {"text": cell(name)[:40]})
            return None

    email, phone, shown, warnings = _ways(cell("email", 254), cell("phone"), region)
    state = STATES.get(" ".join(fold(cell("state")).split()))
    if state is None:
        problems.append(_("“%(text)s” is no known state: active, suspended or ended.") % {"text": cell("state")[:40]})
    problems += [
        _("The %(what)s is missing.") % {"what": word}
        for name, word in (("number", _("number")), ("product", _("product")))
        if not cell(name)
    ]
    return Line(
        number_in_file=number_in_file,
        number=cell("number", 60),
        product=cell("product"),
        plan=cell("plan"),
        state=state or Subscription.State.ACTIVE,
        since=day("since"),
        until=day("until"),
        detail=cell("detail", 240),
        name=" ".join(part for part in (cell("first_name"), cell("name", 160)) if part)[:160],
        email=email,
        phone=phone,
        phone_shown=shown,
        language=_code(cell("language"), longest=3),
        country=_code(cell("country"), longest=2).upper(),
        postal_address=cell("postal_address", 400),
        problems=tuple(problems),
        warnings=warnings,
    )


def _ways(email: str, phone: str, region: str) -> tuple[str, str, str, tuple[str, ...]]:
    """The address, the number and how it is shown; what is unusable is left out with a sentence."""
    warnings = []
    address = address_key(email)
    if address and not is_address(address):
        warnings.append(_("“%(text)s” is not a complete e-mail address.") % {"text": address[:80]})
        address = ""
    reading = read_phone(phone, region)
    if phone and reading.e164 is None:
        warnings.append(_("Telephone “%(text)s”: %(why)s") % {"text": phone[:40], "why": reading.sentence()})
    return address, reading.e164 or "", reading.shown, tuple(warnings)


_LANGUAGES = {"francais": "fr", "french": "fr", "anglais": "en", "english": "en", "france": "fr", "royaume-uni": "gb"}


def _code(text: str, *, longest: int) -> str:
    """A language or country as its code; words that are neither are passed over rather than cut."""
    code = _LANGUAGES.get(fold(text), text.lower())
    return code if 2 <= len(code) <= longest and code.isascii() and code.isalpha() else ""
