"""Subscriptions from a CSV file, as the accounts department exports it.

`preview` tells line by line what an import would do and writes nothing; `import_subscriptions` does it. A
subscription is known by its number, so the same file twice changes nothing the second time, and an import that was
interrupted is simply begun again: every five hundred lines are one transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from django.db import IntegrityError
from django.utils.translation import gettext as _

from tenir.customers import events
from tenir.customers.models import Customer, Reach, Subscription
from tenir.customers.names import name_key
from tenir.customers.table import Line, Table, read_line, read_table
from tenir.customers.verbs import living
from tenir.ledger.events import Doer
from tenir.ledger.verbs import record, verb
from tenir.people.rights import require

CHUNK = 500
TOLD = 1000
"""Lines told one by one when nothing is wrong with them; refused ones and warnings are all told."""
FIELDS = ("product", "plan", "state", "since", "until", "detail")
Progress = Callable[[int, int], None]


class Outcome(Enum):
    """What became of a line, or would."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class LineReport:
    """One line of the report; `sentences` say why it is refused, or what of it was left out."""

    number_in_file: int
    number: str
    outcome: Outcome
    new_customer: bool
    sentences: tuple[str, ...]


@dataclass
class Report:
    """What the import did, or would do."""

    encoding: str
    delimiter: str
    columns: list[str]
    passed_over: list[str]
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    new_customers: int = 0
    lines: list[LineReport] = field(default_factory=list)

    def tell(self, line: LineReport) -> None:
        """Counts the line, and keeps it when somebody should see it."""
        self.counts[line.outcome] += 1
        self.new_customers += line.new_customer
        if line.sentences or len(self.lines) < TOLD:
            self.lines.append(line)


@dataclass
class _Held:
    """A subscription as it is now; `customer` is negative for somebody whom a preview only imagines."""

    customer: int
    values: dict[str, object]
    pk: int = 0


class _Known:
    """What is already there, for the lines at hand: asked for once a chunk, and learnt from the lines before."""

    def __init__(self) -> None:
        self.subscriptions: dict[str, _Held] = {}
        self.emails: dict[str, int] = {}
        self.phones: dict[str, dict[int, str]] = {}
        self.imagined = 0

    def look_up(self, lines: Sequence[Line]) -> None:
        """Four queries, whatever the number of lines."""
        numbers = [line.number for line in lines if line.number not in self.subscriptions]
        for row in Subscription.objects.filter(number__in=numbers).select_related("customer__merged_into"):
            held = {name: getattr(row, name) for name in FIELDS}
            self.subscriptions[row.number] = _Held(living(row.customer).pk, held, row.pk)
        reaches = Reach.objects.select_related("customer__merged_into").order_by("pk")
        for reach in reaches.filter(kind="email", value__in=[line.email for line in lines if line.email]):
            self.emails.setdefault(reach.value, living(reach.customer).pk)
        for reach in reaches.filter(kind="phone", value__in=[line.phone for line in lines if line.phone]):
            customer = living(reach.customer)
            self.phones.setdefault(reach.value, {}).setdefault(customer.pk, customer.name_key)

    def learn(self, line: Line, customer: int, pk: int = 0) -> None:
        """After this line the next ones find what it brought."""
        self.subscriptions[line.number] = _Held(customer, {name: getattr(line, name) for name in FIELDS}, pk)
        if line.email:
            self.emails.setdefault(line.email, customer)
        if line.phone:
            self.phones.setdefault(line.phone, {}).setdefault(customer, name_key(line.name))

    def imagine(self) -> int:
        """The id of a customer whom the import would add."""
        self.imagined -= 1
        return self.imagined


class _NotClear(Exception):
    """Whose line it is cannot be told; the message says why."""


def _whose(line: Line, known: _Known) -> int | None:
    """The customer of this line: by subscription number, then address, then telephone and name. None for a new one."""
    held = known.subscriptions.get(line.number)
    by_email = known.emails.get(line.email) if line.email else None
    if held and by_email is not None and by_email != held.customer:
        raise _NotClear(_("This number belongs to one customer and this address to another."))
    if held:
        return held.customer
    if by_email is not None:
        return by_email
    if line.phone in known.phones:
        return _of_household(known.phones[line.phone], name_key(line.name))
    if not (line.name or line.email or line.phone):
        raise _NotClear(_("Nobody is named: a name, an address or a telephone number is needed."))
    return None


def _of_household(people: dict[int, str], name: str) -> int | None:
    """Of those who share a telephone, the one with this name; without a name, the only one there is."""
    fitting = [pk for pk, key in people.items() if key == name or not name or not key]
    exact = [pk for pk in fitting if people[pk] == name]
    if len(exact or fitting) > 1:
        raise _NotClear(_("Several customers share this telephone number: add an e-mail address."))
    return next(iter(exact or fitting), None)


def _outcome(line: Line, known: _Known) -> Outcome:
    held = known.subscriptions.get(line.number)
    if held is None:
        return Outcome.ADDED
    return Outcome.CHANGED if _changes(line, held) else Outcome.UNCHANGED


def _changes(line: Line, held: _Held) -> list[str]:
    return [name for name in FIELDS if getattr(line, name) != held.values[name]]


Settle = Callable[[Line, int | None, _Known], int]
"""Makes (or imagines) what the line says of this customer (None: a new one) and returns the customer's id."""


def _report(line: Line, known: _Known, settle: Settle) -> LineReport:
    """Decides on one line and settles it."""
    if line.problems:
        return LineReport(line.number_in_file, line.number, Outcome.REFUSED, False, line.problems)
    try:
        customer = _whose(line, known)
    except _NotClear as unclear:
        return LineReport(line.number_in_file, line.number, Outcome.REFUSED, False, (str(unclear),))
    outcome = _outcome(line, known)
    settle(line, customer, known)
    return LineReport(line.number_in_file, line.number, outcome, customer is None, line.warnings)


def _imagine(line: Line, customer: int | None, known: _Known) -> int:
    whose = known.imagine() if customer is None else customer
    known.learn(line, whose)
    return whose


def _chunks(table: Table, region: str) -> Iterator[list[Line]]:
    for start in range(0, len(table), CHUNK):
        rows = table.rows[start : start + CHUNK]
        # The header is the first line of the file.
        yield [
            read_line(row, table, number_in_file=start + index, region=region)
            for index, row in enumerate(rows, start=2)
        ]


def _begin(table: Table) -> Report:
    columns = sorted(table.columns, key=lambda name: table.columns[name])
    return Report(table.encoding, table.delimiter, columns, table.passed_over)


def preview(content: bytes, *, by: Doer, region: str = "FR", progress: Progress = lambda done, total: None) -> Report:
    """What an import of this file would do, line by line; writes nothing. Raises `Unreadable`, `NotAllowed`."""
    require(by, "import_subscriptions")
    table, known = read_table(content), _Known()
    report, done = _begin(table), 0
    for lines in _chunks(table, region):
        known.look_up(lines)
        for line in lines:
            report.tell(_report(line, known, _imagine))
        done += len(lines)
        progress(done, len(table))
    return report


def import_subscriptions(
    content: bytes,
    *,
    by: Doer,
    at: datetime,
    region: str = "FR",
    progress: Progress = lambda done, total: None,
) -> Report:
    """Imports the file; lines that are refused are told and the others imported. Raises `Unreadable`, `NotAllowed`."""
    require(by, "import_subscriptions")
    table = read_table(content)
    report, done = _begin(table), 0
    for lines in _chunks(table, region):
        for line in _import_patiently(lines, by=by, at=at):
            report.tell(line)
        done += len(lines)
        progress(done, len(table))
    _conclude(report, by=by, at=at)
    return report


def _import_patiently(lines: list[Line], *, by: Doer, at: datetime) -> list[LineReport]:
    """Once more when somebody else wrote one of these numbers or addresses at the same instant: it is then known."""
    try:
        return _import_chunk(lines, by=by, at=at)
    except IntegrityError:
        return _import_chunk(lines, by=by, at=at)


@verb
def _import_chunk(lines: list[Line], *, by: Doer, at: datetime) -> list[LineReport]:
    known = _Known()
    known.look_up(lines)

    def write(line: Line, customer: int | None, known: _Known) -> int:
        whose = _add_customer(line, by=by, at=at) if customer is None else customer
        for reach in _add_ways(line, whose, known, at=at):
            if customer is not None:
                fact = events.ReachAdded(customer=whose, reach=reach.pk, kind=reach.kind)
                record(fact, by=by, at=at)
        _write_subscription(line, whose, known, by=by, at=at)
        return whose

    return [_report(line, known, write) for line in lines]


def _add_customer(line: Line, *, by: Doer, at: datetime) -> int:
    customer = Customer.objects.create(
        name=line.name,
        language=line.language,
        country=line.country,
        postal_address=line.postal_address,
        created_at=at,
    )
    record(events.CustomerAdded(customer=customer.pk), by=by, at=at)
    return customer.pk


def _add_ways(line: Line, customer: int, known: _Known, *, at: datetime) -> list[Reach]:
    """The address and number of the line, where nobody (address) or not this customer (number) has them yet."""
    wanted = []
    if line.email and line.email not in known.emails:
        wanted.append((Reach.Kind.EMAIL, line.email, line.email))
    if line.phone and customer not in known.phones.get(line.phone, {}):
        wanted.append((Reach.Kind.PHONE, line.phone, line.phone_shown))
    return [
        Reach.objects.create(customer_id=customer, kind=kind, value=value, shown=shown, created_at=at)
        for kind, value, shown in wanted
    ]


def _write_subscription(line: Line, customer: int, known: _Known, *, by: Doer, at: datetime) -> None:
    held = known.subscriptions.get(line.number)
    values = {name: getattr(line, name) for name in FIELDS}
    if held is None:
        row = Subscription.objects.create(customer_id=customer, number=line.number, **values)
        record(events.SubscriptionAdded(customer=customer, subscription=row.pk), by=by, at=at)
        known.learn(line, customer, row.pk)
        return
    changed = _changes(line, held)
    if changed:
        Subscription.objects.filter(pk=held.pk).update(**values)
        fact = events.SubscriptionChanged(customer=customer, subscription=held.pk, fields=changed)
        record(fact, by=by, at=at)
    known.learn(line, customer, held.pk)


@verb
def _conclude(report: Report, *, by: Doer, at: datetime) -> None:
    counts = {outcome.value: count for outcome, count in report.counts.items()}
    record(events.SubscriptionsImported(**counts), by=by, at=at)
