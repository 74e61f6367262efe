"""The only writers of causes and ties. Each verb is one transaction: it locks, checks, writes and records."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tenir.cases.models import Case
from tenir.ledger.verbs import record, verb
from tenir.people.models import Agent
from tenir.people.rights import require
from tenir.problems import errors
from tenir.problems.access import open_cases, promises_behind
from tenir.problems.events import CaseTied, CauseChanged, CauseFixed, CauseNoted
from tenir.problems.models import Cause, Tie
from tenir.promises.verbs.together import NewDate, renegotiate_all, tell_all
from tenir.text.storing import storable

MOST_WORDS = 30


@verb
def note(
    *,
    french: str,
    english: str,
    concerns: Sequence[str],
    owner: Agent | None,
    by: Agent,
    at: datetime,
    expected_at: datetime | None = None,
    cases: Sequence[Case] = (),
) -> Cause:
    """Notes a cause in both languages, with what it concerns and who answers for it, and ties these cases to it.

    Raises `NotAllowed`, `CauseWordsMissing`, `ConcernsMissing`, `CauseOwnerMissing`.
    """
    require(by, "keep_causes")
    cause = Cause(noted_at=at)
    _describe(cause, french=french, english=english, concerns=concerns, owner=owner, expected_at=expected_at)
    record(CauseNoted(cause=cause.pk, owner=cause.owner_id), by=by, at=at)
    for case in cases:
        _tie(cause, case, by=by, at=at)
    return cause


@verb
def correct(
    cause: Cause,
    *,
    french: str,
    english: str,
    concerns: Sequence[str],
    owner: Agent | None,
    expected_at: datetime | None,
    by: Agent,
    at: datetime,
) -> Cause:
    """Other words, another owner, another date. Raises as `note`, and `FixedAlready`."""
    require(by, "keep_causes")
    fresh = _lock(cause)
    _describe(fresh, french=french, english=english, concerns=concerns, owner=owner, expected_at=expected_at)
    record(CauseChanged(cause=fresh.pk), by=by, at=at)
    return fresh


def _describe(
    cause: Cause,
    *,
    french: str,
    english: str,
    concerns: Sequence[str],
    owner: Agent | None,
    expected_at: datetime | None,
) -> None:
    cause.french, cause.english = storable(french).strip()[:160], storable(english).strip()[:160]
    if not cause.french or not cause.english:
        raise errors.CauseWordsMissing
    entries = (storable(entry).strip()[:80] for entry in concerns)
    cause.concerns = list(dict.fromkeys(entry for entry in entries if entry))[:MOST_WORDS]
    if not cause.concerns:
        raise errors.ConcernsMissing
    if owner is None or not owner.is_active:
        raise errors.CauseOwnerMissing
    cause.owner, cause.expected_at = owner, expected_at
    cause.save()


def _lock(cause: Cause) -> Cause:
    fresh = Cause.objects.select_for_update(of=("self",)).select_related("owner").get(pk=cause.pk)
    if fresh.fixed_at is not None:
        raise errors.FixedAlready
    return fresh


@verb
def tie(cause: Cause, *, case: Case, by: Agent, at: datetime) -> None:
    """Says that a case has this cause; twice is once. Raises `NotAllowed`, `FixedAlready`."""
    require(by, "keep_causes")
    _tie(_lock(cause), case, by=by, at=at)


def _tie(cause: Cause, case: Case, *, by: Agent, at: datetime) -> None:
    _row, new = Tie.objects.get_or_create(cause=cause, case=case, defaults={"by": by, "at": at})
    if new:
        record(CaseTied(case=case.pk, customer=case.customer_id, cause=cause.pk, added=True), by=by, at=at)


@verb
def untie(cause: Cause, *, case: Case, by: Agent, at: datetime) -> None:
    """It was another cause after all. Raises `NotAllowed`."""
    require(by, "keep_causes")
    if Tie.objects.filter(cause=cause, case=case).delete()[0]:
        record(CaseTied(case=case.pk, customer=case.customer_id, cause=cause.pk, added=False), by=by, at=at)


@verb
def fix(cause: Cause, *, dates: Sequence[NewDate], tell: Mapping[str, str], by: Agent, at: datetime) -> Cause:
    """The cause is over, in one move: every open promise behind it gets its date, and telling every customer is put on
    the list of whoever answers for their case, with these words (`tell`, by "fr" and "en"). All of it, or nothing.

    Raises `NotAllowed`, `FixedAlready`, `TellingMissing`, `DatesMissing`, and what `renegotiate` raises.
    """
    fresh = _lock(cause)
    require(by, "fix_causes", whose=fresh.owner)
    words = {language: storable(tell.get(language, "")).strip()[:1000] for language in ("fr", "en")}
    if not all(words.values()):
        raise errors.TellingMissing
    cases = open_cases(fresh)
    list(Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk").select_for_update(no_key=True))
    if {each.promise.pk for each in dates} != {promise.pk for promise in promises_behind(fresh)}:
        raise errors.DatesMissing
    renegotiate_all(dates, because=fresh.french, by=by, at=at)
    tell_all(cases, words=words, by=by, at=at)
    fresh.fixed_at, fresh.how = at, words["fr"]
    fresh.save(update_fields=["fixed_at", "how"])
    record(CauseFixed(cause=fresh.pk, cases=len(cases), promises=len(dates)), by=by, at=at)
    return fresh
