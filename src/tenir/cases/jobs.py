"""What the worker does for cases by itself: waking those whose date has come, keeping customers findable, tidying."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from tenir.cases import search
from tenir.cases.models import Case
from tenir.cases.verbs import wake
from tenir.customers.models import Customer
from tenir.ledger import files
from tenir.ledger.models import Event
from tenir.ledger.readers import read_on
from tenir.outbox.handlers import repeat

log = logging.getLogger("tenir.cases")


@repeat(every=timedelta(seconds=5))
def wake_cases(at: datetime) -> None:
    """Brings back the cases whose date has come."""
    for case in Case.objects.filter(snoozed_until__lte=at).order_by("snoozed_until", "id")[:200]:
        try:
            wake(case, why="date", at=at)
        except Exception:  # one that cannot be woken does not keep the others asleep
            log.exception("a case was not woken", extra={"case": case.reference})


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


@repeat(every=timedelta(hours=6))
def sweep_files(at: datetime) -> None:
    """Removes files that were half written when their writer was killed, a day ago or more."""
    files.sweep(older_than=time.time() - timedelta(days=1).total_seconds())
