"""Rows of reviews and of changes, ready for a template: strings and links, no query inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import times
from tenir.promises.models import Change
from tenir.reviews.models import Improvement, Review
from tenir.reviews.words import kind_name, outcome_name, reason_name

Chip = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """One review. `what` is the promise that it is about, else the case's subject."""

    pk: int
    url: str
    name: str
    reference: str
    what: str
    reason: str
    when: str
    when_iso: str
    reviewer: str
    chip: Chip | None
    words: str


@dataclass(frozen=True)
class ChangeRow:
    """One thing to change."""

    pk: int
    url: str
    kind: str
    what: str
    owner: str
    when: str
    when_iso: str
    chip: Chip | None


@dataclass(frozen=True)
class Line:
    """One thing that happened to a promise."""

    when: str
    when_iso: str
    what: str
    because: str


def review_row(review: Review, *, at: datetime) -> Row:
    """One review of a list, or the head of its page."""
    when = review.ended_at or review.due_at
    return Row(
        pk=review.pk,
        url=reverse("review", args=[review.pk]),
        name=review.case.customer.name or _("somebody"),
        reference=str(review.case),
        what=review.promise.what if review.promise else review.case.subject,
        reason=reason_name(review.reason),
        when=day(when, at=at),
        when_iso=when.isoformat(),
        reviewer=review.reviewer.given_name if review.reviewer else "",
        chip=_chip(review, at=at),
        words=review.words,
    )


def _chip(review: Review, *, at: datetime) -> Chip | None:
    """A review that is late is nobody's fault towards a customer: it is never red."""
    if review.outcome:
        return outcome_name(review.outcome), "kept" if review.outcome == Review.Outcome.PUT_RIGHT else "quiet"
    return (_("overdue"), "risk") if review.due_at <= at else None


def improvement_row(improvement: Improvement, *, at: datetime) -> ChangeRow:
    """One change of a list, or the head of its page."""
    when = improvement.done_at or improvement.due_at
    return ChangeRow(
        pk=improvement.pk,
        url=reverse("improvement", args=[improvement.pk]),
        kind=kind_name(improvement.kind),
        what=improvement.what,
        owner=improvement.owner.given_name,
        when=day(when, at=at),
        when_iso=when.isoformat(),
        chip=_change_chip(improvement, at=at),
    )


def _change_chip(improvement: Improvement, *, at: datetime) -> Chip | None:
    if improvement.published_at:
        return _("published"), "accent"
    if improvement.done_at:
        return _("change made"), "kept"
    return (_("overdue"), "risk") if improvement.due_at <= at else None


def day(moment: datetime, *, at: datetime) -> str:
    """The whole date and time, with its year when it is another one."""
    here = clock.local(moment)
    return times.full(moment) if here.year == clock.local(at).year else date_format(here, "l j F Y, G:i")


def lines(changes: Sequence[Change], *, at: datetime) -> list[Line]:
    """What became of a promise, in order, in the words of whoever changed it."""
    return [Line(day(one.at, at=at), one.at.isoformat(), _said(one, at=at), one.because) for one in changes]


def _said(change: Change, *, at: datetime) -> str:
    if change.what == Change.What.RENEGOTIATED and change.due_after:
        return _("Another date: %(date)s") % {"date": day(change.due_after, at=at)}
    return {
        "delivered": _("We said that it was done"),
        "kept": _("The customer said yes"),
        "partly_kept": _("The customer said that something is missing"),
        "not_yet": _("The customer said: not yet"),
        "renegotiated": _("Another date"),
        "broken": _("We said that it cannot be kept"),
        "withdrawn": _("We took it back"),
        "unconfirmed": _("Left unconfirmed"),
    }.get(change.what, change.what)
