"""What the worker does for cases by itself: waking those whose date has come, and keeping customers findable."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tenir.cases import search
from tenir.cases.models import Case
from tenir.cases.verbs import wake
from tenir.customers.models import Customer
from tenir.ledger.models import Event
from tenir.ledger.readers import read_on
from tenir.outbox.handlers import repeat


@repeat(every=timedelta(seconds=5))
def wake_cases(at: datetime) -> None:
    """Brings back the cases whose date has come."""
    for case in Case.objects.filter(snoozed_until__lte=at).order_by("snoozed_until")[:200]:
        wake(case, why="date", at=at)


@repeat(every=timedelta(seconds=2))
def find_customers_again(at: datetime) -> None:
    """Enters customers who changed into the search index, from the ledger."""
    while read_on("search-customers", _index_changed, limit=500) == 500:
        pass


def _index_changed(events: Sequence[Event]) -> None:
    changed = {event.customer_id for event in events if event.customer_id and not event.case_id}
    opened = {event.customer_id for event in events if event.customer_id and event.name == "case_opened"}
    for customer in Customer.objects.filter(pk__in=changed | opened).prefetch_related("reaches", "subscriptions"):
        search.index_customer(customer)
