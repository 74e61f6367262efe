"""Pages of mails by keyset: where one is, is the last row seen, so that nothing is counted or skipped over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from tenir.channels.email.models import Mail


@dataclass(frozen=True)
class Found:
    """One page, newest first, and the addresses' queries of its neighbours (None: there is none)."""

    rows: list[Mail]
    newer: dict[str, str] | None
    older: dict[str, str] | None


@dataclass(frozen=True)
class Place:
    """Before or after one row; at the newest end when there is none."""

    at: datetime | None = None
    pk: int = 0
    newer: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Place":
        """What the address says; anything odd is the newest end."""
        for name in ("before", "after"):
            moment, _comma, number = query.get(name, "").partition(",")
            try:
                at = parse_datetime(moment)
            except ValueError:
                at = None
            if at is not None and at.tzinfo is not None and number.isdecimal() and len(number) < 18:
                return cls(at, int(number), name == "after")
        return cls()

    def of(self, mails: "QuerySet[Mail]", size: int) -> Found:
        """The page of these mails that is here."""
        if self.at is not None:
            mails = mails.filter(self._beyond(self.at))
        order = ("received_at", "pk") if self.newer else ("-received_at", "-pk")
        got = list(mails.order_by(*order)[: size + 1])
        more, rows = len(got) > size, got[:size]
        if self.newer:
            rows.reverse()
        has_newer = more if self.newer else self.at is not None
        has_older = True if self.newer else more
        return Found(
            rows,
            {"after": _mark(rows[0])} if rows and has_newer else None,
            {"before": _mark(rows[-1])} if rows and has_older else None,
        )

    def _beyond(self, at: datetime) -> Q:
        if self.newer:
            return Q(received_at__gte=at) & (Q(received_at__gt=at) | Q(pk__gt=self.pk))
        return Q(received_at__lte=at) & (Q(received_at__lt=at) | Q(pk__lt=self.pk))


def _mark(mail: Mail) -> str:
    return f"{mail.received_at.isoformat()},{mail.pk}"
