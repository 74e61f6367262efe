"""Rows about a customer, ready for a template: strings and links, no query inside."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tenir.customers.access import Known, Likeness
from tenir.customers.models import Consent, Customer, Note, Reach, Subscription
from tenir.customers.phone import read_back


@dataclass(frozen=True)
class AsideRow:
    """One line about a person. `kind` names it for styles and tests; `hint` is read on demand (the read-back line)."""

    kind: str
    label: str
    text: str
    link: str = ""
    hint: str = ""
    warning: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class Aside:
    """Who the person is, beside their case: what to know before saying hello."""

    title: str
    rows: list[AsideRow]
    subscriptions: list[AsideRow]
    notes: list[AsideRow]
    consents: list[AsideRow] = field(default_factory=list)
    duplicates: list[AsideRow] = field(default_factory=list)


def title_of(customer: Customer, reaches: Iterable[Reach] = ()) -> str:
    """The name, else a way to reach them, else the record's number: never an empty line."""
    return customer.name or next((reach.shown for reach in reaches), "") or str(customer)


def reach_row(reach: Reach) -> AsideRow:
    """One address, number or handle with its link; a number with its line to read aloud."""
    labels = {"email": _("e-mail"), "phone": _("telephone"), "handle": _("handle")}
    text, link, hint = reach.shown, "", ""
    if reach.kind == Reach.Kind.EMAIL:
        link = f"mailto:{reach.value}"
    elif reach.kind == Reach.Kind.PHONE:
        link = f"tel:{reach.value}" + (f";ext={reach.extension}" if reach.extension else "")
        hint = read_back(reach.value, (get_language() or "fr")[:2])
        if reach.extension:
            text = _("%(number)s, extension %(extension)s") % {"number": text, "extension": reach.extension}
    warning = _("letters come back from here") if reach.bounced_at else ""
    return AsideRow(reach.kind, labels.get(reach.kind, reach.kind), text, link, hint, warning, reach.pk)


def preference_rows(customer: Customer) -> list[AsideRow]:
    """What the person asked for, in words; nothing for what they did not ask."""
    words = {
        "email": _("prefers e-mail"),
        "phone": _("prefers the telephone"),
        "letter": _("prefers letters on paper"),
        "slow": _("prefers slow speech"),
        "writing": _("prefers writing"),
        "digital": _("prefers the digital edition"),
        "paper": _("prefers paper"),
        "answers": _("wants letters about promises only when an answer is needed"),
        "none": _("wants no letters about promises"),
    }
    chosen = (customer.prefers_channel, customer.prefers_pace, customer.prefers_format, customer.prefers_news)
    rows = [AsideRow("preference", _("preference"), words[value]) for value in chosen if value in words]
    if customer.prefers_hours:
        rows.append(AsideRow("hours", _("best reached"), customer.prefers_hours))
    return rows


def language_rows(customer: Customer) -> list[AsideRow]:
    """Language of contact, language of the product and country: three things that often differ."""
    rows = [
        ("language", _("writes in"), language_word(customer.language)),
        ("product_language", _("product in"), language_word(customer.product_language)),
        ("country", _("country"), customer.country),
    ]
    return [AsideRow(kind, label, text) for kind, label, text in rows if text]


def language_word(code: str) -> str:
    """The language's name in the reader's language for French and English, else its code."""
    return {"fr": _("French"), "en": _("English")}.get(code, code)


def _day(day: date) -> str:
    """ "1 March 2024", « 1er mars 2024 »."""
    written = date_format(day, "j F Y")
    return written.replace("1 ", "1er ", 1) if day.day == 1 and (get_language() or "fr")[:2] == "fr" else written


def subscription_row(subscription: Subscription) -> AsideRow:
    """One subscription in a line: "Le Matin, week-end · active since 1 March 2024"."""
    states = {"active": _("active"), "suspended": _("suspended"), "ended": _("ended")}
    what = ", ".join(part for part in (subscription.product, subscription.plan) if part)
    when = [states.get(subscription.state, subscription.state)]
    if subscription.since:
        when.append(_("since %(day)s") % {"day": _day(subscription.since)})
    if subscription.until:
        when.append(_("until %(day)s") % {"day": _day(subscription.until)})
    parts = [what, " ".join(when), subscription.detail]
    return AsideRow("subscription", subscription.number, " · ".join(part for part in parts if part), pk=subscription.pk)


def note_row(note: Note) -> AsideRow:
    """A dated fact with its author's given name."""
    author = note.by.given_name if note.by else _("the desk itself")
    return AsideRow("note", f"{_day(note.at.date())}, {author}", note.text, pk=note.pk)


def consent_row(consent: Consent) -> AsideRow:
    """What was agreed to, when and how, and when it was withdrawn."""
    when = _("agreed on %(day)s") % {"day": _day(consent.given_at.date())}
    withdrawn = ""
    if consent.withdrawn_at:
        withdrawn = _("withdrawn on %(day)s") % {"day": _day(consent.withdrawn_at.date())}
    parts = (when, consent.how, withdrawn)
    return AsideRow("consent", consent.purpose, " · ".join(part for part in parts if part), pk=consent.pk)


def likeness_row(likeness: Likeness) -> AsideRow:
    """Another record that may be the same person, with the reason."""
    return AsideRow("duplicate", title_of(likeness.customer), "; ".join(likeness.reasons), pk=likeness.customer.pk)


def aside_of(known: Known) -> Aside:
    """Everything about the person, for the aside of a case and for their own page."""
    customer = known.customer
    rows = [reach_row(reach) for reach in known.reaches] + preference_rows(customer) + language_rows(customer)
    if customer.postal_address:
        rows.append(AsideRow("postal_address", _("postal address"), customer.postal_address))
    return Aside(
        title=title_of(customer, known.reaches),
        rows=rows,
        subscriptions=[subscription_row(row) for row in known.subscriptions],
        notes=[note_row(row) for row in known.notes],
        consents=[consent_row(row) for row in known.consents],
        duplicates=[likeness_row(row) for row in known.likenesses],
    )
