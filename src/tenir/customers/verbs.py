"""The only writers of customers.

`by` is an agent with the right, the desk itself, or the customer, who may correct their own details. The functions
that are not verbs (`find_or_add`, `mark_bounced`, `mark_answering`) work inside the transaction of whoever calls.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import IntegrityError, transaction

from tenir.customers import errors, events, merging
from tenir.customers.addresses import address_key, is_address
from tenir.customers.models import Consent, Customer, Merge, Note, Reach
from tenir.customers.names import name_key
from tenir.customers.phone import read_phone
from tenir.ledger.events import Doer
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent
from tenir.people.names import one_line
from tenir.people.rights import NotAllowed, may, require
from tenir.statements import Prepared, insert
from tenir.text.storing import storable

PREFERENCES: dict[str, list[str] | None] = {
    "prefers_channel": Customer.Channel.values,
    "prefers_hours": None,
    "prefers_pace": Customer.Pace.values,
    "prefers_format": Customer.Format.values,
    "prefers_news": Customer.News.values,
}
"""What a customer may ask for, and the values offered; None is a line in their own words."""
LANGUAGES = {"language": (2, 3), "product_language": (2, 3), "country": (2, 2)}
"""Language of contact, language of the product and country (A30), with the shortest and longest code."""


def _allow(by: Doer, right: str, customer: Customer) -> None:
    """An agent needs the right; a customer may touch only their own record."""
    if isinstance(by, Customer):
        if by.pk != customer.pk:
            raise NotAllowed(right)
        return
    require(by, right)


def _lock(customer: Customer) -> None:
    """Reads the record again, locked. Raises `MergedAway` when it lives on in another."""
    customer.refresh_from_db(from_queryset=Customer.objects.select_for_update())
    if customer.merged_into_id is not None:
        raise errors.MergedAway(customer.merged_into_id)


# --- Found or added ------------------------------------------------------------------------------------------


def living(customer: Customer) -> Customer:
    """The record in which this one lives on: itself, or the last of the merges that took it in."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def find_or_add(address: str, *, name: str = "", language: str = "", at: datetime, by: Doer | None = None) -> Customer:
    """Whoever writes from this e-mail address; somebody new is added, in the caller's transaction or one of its own.

    One indexed query for a known address. The same new address in two processes at once is one customer: the
    database's own uniqueness decides, and the one who came second takes what the first has written.
    `by` is who adds them; by default the sender, by having written. Several addresses in one transaction are to be
    given in alphabetical order, or two processes could each wait for the other.
    """
    key = address_key(address)
    known = _by_email(key)
    if known is None:
        try:
            with transaction.atomic():
                return _add_sender(key, address, name=name, language=language, at=at, by=by)
        except IntegrityError:
            known = _by_email(key)
            if known is None:
                raise
    if name and not known.name:
        _learn_name(known, name, at=at, by=by)
    return known


def _by_email(key: str) -> Customer | None:
    return next((living(customer) for customer in _OF_ADDRESS(key=key)), None)


_OF_ADDRESS = Prepared(
    lambda key: Customer.objects.filter(reaches__kind=Reach.Kind.EMAIL, reaches__value=key)[:1], key=str
)


def _add_sender(key: str, address: str, *, name: str, language: str, at: datetime, by: Doer | None) -> Customer:
    said = _sender_name(name, key)
    customer = insert(Customer(name=said, name_key=name_key(said), language=language[:3], created_at=at))
    shown = one_line(address, longest=254).strip("<> ") or key
    insert(Reach(customer=customer, kind=Reach.Kind.EMAIL, value=key, shown=shown, created_at=at))
    record(events.CustomerAdded(customer=customer.pk), by=by or customer, at=at)
    return customer


def _sender_name(name: str, key: str) -> str:
    """The name that a sender gives, unless it is their address once more."""
    said = one_line(name, longest=160).strip("\"'")
    return "" if address_key(said) == key else said


def _learn_name(customer: Customer, name: str, *, at: datetime, by: Doer | None) -> None:
    """Somebody known without a name signs with one for the first time."""
    said = _sender_name(name, "")
    if said and Customer.objects.filter(pk=customer.pk, name="").exists():
        customer.name = said
        customer.save(update_fields=["name"])
        record(events.CustomerRenamed(customer=customer.pk), by=by or customer, at=at)


def add_unreachable(*, name: str = "", language: str = "", at: datetime) -> Customer:
    """Somebody who wrote without saying how to answer (a mail without a readable From); in the caller's transaction."""
    customer = Customer.objects.create(name=_sender_name(name, ""), language=language[:3], created_at=at)
    record(events.CustomerAdded(customer=customer.pk), by=customer, at=at)
    return customer


@verb
def add_customer(*, name: str, by: Doer, at: datetime, language: str = "") -> Customer:
    """A customer who calls or comes in person; their ways to be reached are added next. Raises `NothingGiven`."""
    require(by, "change_customers")
    name = one_line(name, longest=160)
    if not name:
        raise errors.NothingGiven
    customer = Customer.objects.create(name=name, language=language[:3], created_at=at)
    record(events.CustomerAdded(customer=customer.pk), by=by, at=at)
    return customer


# --- Ways to reach ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Written:
    """A way to reach somebody, normalised."""

    kind: str
    value: str
    shown: str
    extension: str = ""


def read_reach(kind: str, text: str, *, region: str = "FR") -> _Written:
    """What is stored for `text`. Raises `NotAnAddress`, `NotAPhone` (with what is missing) or `NothingGiven`."""
    if kind == Reach.Kind.EMAIL:
        address = text.strip()
        if not is_address(address):
            raise errors.NotAnAddress
        return _Written(kind, address_key(address), address)
    if kind == Reach.Kind.PHONE:
        reading = read_phone(text, region)
        if reading.e164 is None:
            raise errors.NotAPhone(reading)
        return _Written(kind, reading.e164, reading.shown, reading.extension)
    handle = one_line(text, longest=254)
    if not handle:
        raise errors.NothingGiven
    return _Written(Reach.Kind.HANDLE, handle.lower(), handle)


def _allow_reach(by: Doer, customer: Customer, kind: str) -> None:
    """A customer does not type an e-mail address: letters from it would become theirs, whoever it belongs to."""
    _allow(by, "change_customers", customer)
    if isinstance(by, Customer) and kind != Reach.Kind.PHONE:
        raise errors.NotTheirs


def _taken(written: _Written, customer: Customer) -> errors.AddressOfAnother | errors.AlreadyTheirs:
    other = Reach.objects.filter(kind="email", value=written.value).exclude(customer=customer).first()
    if written.kind == Reach.Kind.EMAIL and other:
        return errors.AddressOfAnother(living(other.customer).pk)
    return errors.AlreadyTheirs()


@verb
def add_reach(customer: Customer, *, kind: str, text: str, by: Doer, at: datetime, region: str = "FR") -> Reach:
    """Another way to reach a customer. Who else has the same number: `access.sharing(reach)`.

    Raises `NotAnAddress`, `NotAPhone`, `AddressOfAnother`, `AlreadyTheirs`, `NotTheirs`.
    """
    _allow_reach(by, customer, kind)
    written = read_reach(kind, text, region=region)
    _lock(customer)
    return _add_reach(customer, written, by=by, at=at)


def _add_reach(customer: Customer, written: _Written, *, by: Doer, at: datetime) -> Reach:
    reach = Reach(customer=customer, created_at=at, **written.__dict__)
    _save_reach(reach, written)
    record(events.ReachAdded(customer=customer.pk, reach=reach.pk, kind=reach.kind), by=by, at=at)
    return reach


def _save_reach(reach: Reach, written: _Written) -> None:
    try:
        with transaction.atomic():
            reach.save()
    except IntegrityError:
        raise _taken(written, reach.customer) from None


@verb
def correct_reach(reach: Reach, *, text: str, by: Doer, at: datetime, region: str = "FR") -> None:
    """Replaces a mistyped number or address by the right one. Raises what `add_reach` raises."""
    _allow_reach(by, reach.customer, reach.kind)
    written = read_reach(reach.kind, text, region=region)
    _lock(reach.customer)
    _correct_reach(reach, written, by=by, at=at)


def _correct_reach(reach: Reach, written: _Written, *, by: Doer, at: datetime) -> None:
    reach.refresh_from_db()
    if (reach.value, reach.extension, reach.shown) == (written.value, written.extension, written.shown):
        return
    reach.value, reach.shown, reach.extension = written.value, written.shown, written.extension
    reach.bounced_at = None
    _save_reach(reach, written)
    record(events.ReachCorrected(customer=reach.customer_id, reach=reach.pk, kind=reach.kind), by=by, at=at)


@verb
def remove_reach(reach: Reach, *, by: Doer, at: datetime) -> None:
    """Forgets a way to reach a customer: the row is gone, the ledger knows only that there was one."""
    _allow_reach(by, reach.customer, reach.kind)
    customer, pk = reach.customer_id, reach.pk
    if reach.delete()[0]:
        record(events.ReachRemoved(customer=customer, reach=pk, kind=reach.kind), by=by, at=at)


def mark_bounced(address: str, *, by: Doer, at: datetime) -> Reach | None:
    """Letters to this address come back for good; inside the caller's transaction. None for an address of nobody."""
    reach = Reach.objects.filter(kind=Reach.Kind.EMAIL, value=address_key(address)).first()
    if reach and reach.bounced_at is None:
        reach.bounced_at = at
        reach.save(update_fields=["bounced_at"])
        record(events.ReachBounced(customer=reach.customer_id, reach=reach.pk), by=by, at=at)
    return reach


def mark_answering(address: str, *, by: Doer, at: datetime) -> None:
    """An address that bounced works again (a letter came from it); inside the caller's transaction."""
    bounced = Reach.objects.filter(kind=Reach.Kind.EMAIL, value=address_key(address), bounced_at__isnull=False)
    reach = bounced.first()
    if reach:
        reach.bounced_at = None
        reach.save(update_fields=["bounced_at"])
        record(events.ReachAnswersAgain(customer=reach.customer_id, reach=reach.pk), by=by, at=at)


# --- Who they are and what they prefer -------------------------------------------------------------------------


@verb
def rename(customer: Customer, *, name: str, by: Doer, at: datetime) -> None:
    """Corrects the customer's name; empty is allowed (nobody has to give one)."""
    _allow(by, "change_customers", customer)
    _lock(customer)
    _rename(customer, name, by=by, at=at)


def _rename(customer: Customer, name: str, *, by: Doer, at: datetime) -> None:
    name = one_line(name, longest=160)
    if name != customer.name:
        customer.name = name
        customer.save(update_fields=["name"])
        record(events.CustomerRenamed(customer=customer.pk), by=by, at=at)


@verb
def set_language(customer: Customer, *, choices: Mapping[str, str], by: Doer, at: datetime) -> None:
    """Sets any of `language` (of contact), `product_language` (ISO 639) and `country` (ISO 3166).

    Raises `NotAChoice`.
    """
    _allow(by, "change_customers", customer)
    _lock(customer)
    _set_language(customer, choices, by=by, at=at)


def _set_language(customer: Customer, choices: Mapping[str, str], *, by: Doer, at: datetime) -> None:
    wanted = {}
    for field, text in choices.items():
        shortest, longest = LANGUAGES.get(field, (1, 0))
        code = text.strip()
        if code and not (code.isascii() and code.isalpha() and shortest <= len(code) <= longest):
            raise errors.NotAChoice(field)
        wanted[field] = code.upper() if field == "country" else code.lower()
    if changed := _change(customer, wanted):
        record(events.CustomerLanguageSet(customer=customer.pk, fields=changed), by=by, at=at)


def _change(customer: Customer, wanted: Mapping[str, str]) -> list[str]:
    """Writes what differs; returns the names of the fields that changed."""
    changed = [field for field, value in wanted.items() if getattr(customer, field) != value]
    for field in changed:
        setattr(customer, field, wanted[field])
    if changed:
        customer.save(update_fields=changed)
    return changed


@verb
def set_preferences(customer: Customer, *, choices: Mapping[str, str], by: Doer, at: datetime) -> None:
    """Sets any of `prefers_channel`, `prefers_hours`, `prefers_pace`, `prefers_format`, `prefers_news`; "" is
    no preference.

    It keeps what the person asks for, never why (no health in a file). Raises `NotAChoice`.
    """
    _allow(by, "change_customers", customer)
    _lock(customer)
    _set_preferences(customer, choices, by=by, at=at)


def _set_preferences(customer: Customer, choices: Mapping[str, str], *, by: Doer, at: datetime) -> None:
    wanted = {}
    for field, value in choices.items():
        offered = PREFERENCES.get(field, [])
        if offered is not None and value not in offered:
            raise errors.NotAChoice(field)
        wanted[field] = one_line(value, longest=120)
    if changed := _change(customer, wanted):
        record(events.PreferencesSet(customer=customer.pk, fields=changed), by=by, at=at)


@verb
def set_postal_address(customer: Customer, *, text: str, by: Doer, at: datetime) -> None:
    """Where letters on paper go; lines as written."""
    _allow(by, "change_customers", customer)
    _lock(customer)
    _set_postal_address(customer, text, by=by, at=at)


def _set_postal_address(customer: Customer, text: str, *, by: Doer, at: datetime) -> None:
    lines = (one_line(line, longest=160) for line in text.splitlines()[:10])
    if _change(customer, {"postal_address": "\n".join(line for line in lines if line)}):
        record(events.PostalAddressSet(customer=customer.pk), by=by, at=at)


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a customer corrects on their page; None leaves a thing as it is.

    `phones` is the whole list as they want it: what is new is added, what is missing is forgotten.
    """

    name: str | None = None
    postal_address: str | None = None
    language: str | None = None
    phones: tuple[str, ...] | None = None
    prefers_channel: str | None = None
    prefers_hours: str | None = None
    prefers_pace: str | None = None
    prefers_format: str | None = None
    prefers_news: str | None = None


@verb
def correct_details(customer: Customer, *, details: Details, by: Doer, at: datetime, region: str = "FR") -> None:
    """All the corrections of one page at once, or none. Raises what the single verbs raise."""
    _allow(by, "change_customers", customer)
    _lock(customer)
    if details.name is not None:
        _rename(customer, details.name, by=by, at=at)
    if details.postal_address is not None:
        _set_postal_address(customer, details.postal_address, by=by, at=at)
    if details.language is not None:
        _set_language(customer, {"language": details.language}, by=by, at=at)
    preferences = {f.name: getattr(details, f.name) for f in fields(details) if f.name in PREFERENCES}
    given = {field: value for field, value in preferences.items() if value is not None}
    _set_preferences(customer, given, by=by, at=at)
    if details.phones is not None:
        written = [read_reach(Reach.Kind.PHONE, text, region=region) for text in details.phones if text.strip()]
        _set_phones(customer, written, by=by, at=at)


def _set_phones(customer: Customer, wanted: list[_Written], *, by: Doer, at: datetime) -> None:
    kept = {(written.value, written.extension) for written in wanted}
    for reach in customer.reaches.filter(kind=Reach.Kind.PHONE):
        if (reach.value, reach.extension) in kept:
            kept.discard((reach.value, reach.extension))
            continue
        pk = reach.pk
        reach.delete()
        record(events.ReachRemoved(customer=customer.pk, reach=pk, kind=reach.kind), by=by, at=at)
    for written in wanted:
        if (written.value, written.extension) in kept:
            kept.discard((written.value, written.extension))
            _add_reach(customer, written, by=by, at=at)


# --- Notes and consent -------------------------------------------------------------------------------------------


@verb
def add_note(customer: Customer, *, text: str, by: Doer, at: datetime) -> Note:
    """A dated fact, written so that the person may read it. What `words.check` finds is advice and blocks nothing.

    Raises `NothingGiven`.
    """
    require(by, "note_customers")
    _lock(customer)
    text = storable(text).strip()[:4000]
    if not text:
        raise errors.NothingGiven
    author = by if isinstance(by, Agent) else None
    note = Note.objects.create(customer=customer, text=text, by=author, at=at)
    record(events.NoteAdded(customer=customer.pk, note=note.pk), by=by, at=at)
    return note


@verb
def strike_note(note: Note, *, by: Doer, at: datetime) -> None:
    """Strikes a note: its words are erased (they did not belong there), the date stays."""
    own = isinstance(by, Agent) and note.by_id == by.pk and may(by, "note_customers")
    if not own:
        require(by, "strike_notes")
    if Note.objects.filter(pk=note.pk, struck_at=None).update(struck_at=at, text="") == 1:
        note.struck_at, note.text = at, ""
        record(events.NoteStruck(customer=note.customer_id, note=note.pk), by=by, at=at)


@verb
def give_consent(customer: Customer, *, purpose: str, how: str, by: Doer, at: datetime) -> Consent:
    """What the customer agreed to, and how they said so ("on the phone", "box ticked on the form").

    Raises `NothingGiven` without a purpose.
    """
    _allow(by, "record_consent", customer)
    _lock(customer)
    purpose = one_line(purpose, longest=120)
    if not purpose:
        raise errors.NothingGiven
    consent = Consent.objects.create(customer=customer, purpose=purpose, how=one_line(how, longest=240), given_at=at)
    record(events.ConsentGiven(customer=customer.pk, consent=consent.pk), by=by, at=at)
    return consent


@verb
def withdraw_consent(consent: Consent, *, by: Doer, at: datetime) -> None:
    """The customer no longer agrees; saying it twice changes nothing."""
    _allow(by, "record_consent", consent.customer)
    if Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=at) == 1:
        consent.withdrawn_at = at
        record(events.ConsentWithdrawn(customer=consent.customer_id, consent=consent.pk), by=by, at=at)


# --- Two records of one person -----------------------------------------------------------------------------------

FILLED = ("name", "postal_address", *LANGUAGES, *PREFERENCES)
"""What the kept record takes from the other where it knows nothing itself."""


def _lock_both(one: Customer, other: Customer) -> None:
    """Locks two records, always in the same order, so that two people merging the same pair cannot block each other."""
    for customer in sorted((one, other), key=lambda customer: customer.pk):
        _lock(customer)


@verb
def merge(kept: Customer, *, gone: Customer, by: Doer, at: datetime) -> Merge:
    """Makes two records of one person one: everything of `gone` belongs to `kept`, whose empty fields are filled.

    What has been moved is written down row by row, for `undo_merge`. Raises `SamePerson`, `MergedAway`.
    """
    require(by, "merge_customers")
    if kept.pk == gone.pk:
        raise errors.SamePerson
    _lock_both(kept, gone)
    moved: dict[str, list[int]] = {}
    for move in merging.registry.values():
        ids = merging.rows_to_move(move, gone=gone.pk, kept=kept.pk)
        if ids:
            merging.point(move, ids, now_at=gone.pk, to=kept.pk)
            moved[move.name] = ids
    filled = _change(kept, {f: getattr(gone, f) for f in FILLED if getattr(gone, f) and not getattr(kept, f)})
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    done = Merge.objects.create(kept=kept, gone=gone, moved=moved, filled=filled, by_id=by.pk, at=at)
    record(events.CustomersMerged(customer=kept.pk, gone=gone.pk, merge=done.pk), by=by, at=at)
    return done


@verb
def undo_merge(merge: Merge, *, by: Doer, at: datetime) -> None:
    """Takes a merge apart: exactly the rows that it moved go back, what came since stays with the kept record.

    Raises `AlreadyUndone`; `MergedOn` when the kept record was merged into another since.
    """
    require(by, "merge_customers")
    merge.refresh_from_db(from_queryset=Merge.objects.select_for_update())
    if merge.undone_at is not None:
        raise errors.AlreadyUndone
    kept, gone = merge.kept, merge.gone
    try:
        _lock(kept)
    except errors.MergedAway:
        raise errors.MergedOn from None
    gone.refresh_from_db(from_queryset=Customer.objects.select_for_update())
    for name, ids in merge.moved.items():
        merging.point(merging.registry[name], ids, now_at=kept.pk, to=gone.pk)
    _change(kept, {field: "" for field in merge.filled if getattr(kept, field) == getattr(gone, field)})
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    record(events.CustomersParted(customer=kept.pk, gone=gone.pk, merge=merge.pk), by=by, at=at)
