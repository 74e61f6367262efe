"""Letters about promises: made, may be late, moved, delivered, and whether it was right. As few as possible.

A reader of the ledger plans them. What happens in one case within a quarter of an hour is one letter, and it says what
is true when it leaves: what was answered, taken back or changed meanwhile is left out, and when nothing is left there
is no letter. Each event goes into one task; a killed worker sends nothing twice (see `send`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import times
from tenir.cases.links import customer_url
from tenir.cases.models import Case, Message
from tenir.channels.email import send
from tenir.customers.models import Customer, Reach
from tenir.ledger.models import Event
from tenir.outbox import verbs as outbox
from tenir.outbox.handlers import handles
from tenir.outbox.models import Task
from tenir.people.names import one_line
from tenir.promises import verbs
from tenir.promises.access import shown_to_customer
from tenir.promises.holders import holder_of
from tenir.promises.kinds import MADE_BY_PEOPLE, Kind
from tenir.promises.models import Promise

KIND = "email.promises"
TOGETHER = timedelta(minutes=15)
"""What happens in a case within this time is one letter; meanwhile a slip can be put right."""
TOO_OLD = timedelta(days=1)
"""What a reader that was down finds later than this is not written about: the page tells it."""
LONGEST_SUBJECT = 120

State = Promise.State
ASKS = ("promise_delivered", "promise_asked_about")
ABOUT = (*ASKS, "promise_made", "promise_warned", "promise_renegotiated")


# --- Planned -------------------------------------------------------------------------------------------------------


def follow(events: Sequence[Event], *, at: datetime) -> None:
    """Plans letters about these events, inside the reader's transaction."""
    for event in events:
        if event.case_id is not None and event.at > at - TOO_OLD and _is_news(event):
            if outbox.join(KIND, case_id=event.case_id, name="events", value=event.pk):
                continue
            due = max(event.at + TOGETHER, at)
            outbox.plan(KIND, key=f"promises:{event.pk}", due_at=due, at=at, case_id=event.case_id, events=[event.pk])


def _is_news(event: Event) -> bool:
    if event.name != "promise_made":
        return event.name in ABOUT
    kinds: Sequence[str] = {"deliveries": (Kind.DELIVERY,), "all": MADE_BY_PEOPLE}.get(settings.PROMISE_LETTERS, ())
    return event.actor_kind == "agent" and event.data["kind"] in kinds


# --- Written -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class News:
    """What is to be said of one promise: `what` is asks, moved, risk or made; `again` for a second question."""

    promise: Promise
    what: str
    again: bool = False


ORDER = ("asks", "moved", "risk", "made")


@handles(KIND)
def write(task: Task) -> None:
    """Writes one letter about what is still worth saying, or none."""
    task.refresh_from_db(fields=["data"])  # more may have joined before it was claimed
    send.note_what_was_said(task, kind="promises")
    case = Case.objects.select_related("customer", "team", "merged_into").get(pk=task.case_id or 0)
    while case.merged_into is not None:
        case = case.merged_into
    events = Event.objects.filter(pk__in=task.data["events"]).order_by("pk")
    news = _news(case, list(events), at=clock.now())
    if not news or not _has_address(case.customer):
        return
    with translation.override(send.language_of(case)):
        send.write_letter(task, case, kind="promises", subject=_subject(news[0]), body=_body(case, news))
    for each in news:
        if each.what == "moved":
            verbs.told_in_a_letter(each.promise, at=clock.now())


def _has_address(customer: Customer) -> bool:
    return Reach.objects.filter(customer=customer, kind=Reach.Kind.EMAIL, bounced_at=None).exists()


def _news(case: Case, events: Sequence[Event], *, at: datetime) -> list[News]:
    """What these events still mean for the customer now, the questions first; one piece of news for a promise."""
    wanted = case.customer.prefers_news
    if wanted == Customer.News.NONE:
        return []
    names: dict[int, set[str]] = {}
    for event in events:
        names.setdefault(event.data["promise"], set()).add(event.name)
    rows = shown_to_customer(case, case.customer).filter(pk__in=names, policy=None)
    rows = rows.select_related("owner", "depends_on", "told_by", "made_in")
    found = [news for row in rows if (news := _about(row, names[row.pk], at=at))]
    if wanted == Customer.News.ANSWERS:
        found = [news for news in found if news.what == "asks"]
    return sorted(found, key=lambda news: (ORDER.index(news.what), news.promise.pk))


def _about(promise: Promise, names: set[str], *, at: datetime) -> News | None:
    if promise.state == State.DELIVERED and names & set(ASKS):
        return News(promise, "asks", again="promise_delivered" not in names)
    if promise.state != State.OPEN or promise.due_at <= at:
        return None
    if "promise_renegotiated" in names and promise.told_by and promise.told_by.way == Promise.Way.LETTER:
        return News(promise, "moved")  # where somebody calls them about it, a letter would be once too often
    if "promise_warned" in names and _waits_in_vain(promise, at=at):
        return News(promise, "risk")
    if "promise_made" in names and not _was_written(promise):
        return News(promise, "made")
    return None


def _waits_in_vain(promise: Promise, *, at: datetime) -> bool:
    """Whether what it waits for is not there in time: only then can we say beforehand why it may be late."""
    first = promise.depends_on
    return first is not None and first.state == State.OPEN and (first.due_at >= promise.due_at or first.due_at <= at)


def _was_written(promise: Promise) -> bool:
    """Whether the customer has it in a reply already, with nothing that they have to do besides."""
    return promise.made_in is not None and promise.made_in.kind == Message.Kind.REPLY and not promise.customer_does


# --- In words ------------------------------------------------------------------------------------------------------


def _subject(news: News) -> str:
    shape = {
        "asks": _("Is it done? %(what)s"),
        "moved": _("A new date: %(what)s"),
        "risk": _("This may be late: %(what)s"),
        "made": _("What we promised you: %(what)s"),
    }[news.what]
    return shape % {"what": one_line(news.promise.what, longest=LONGEST_SUBJECT)}


def _body(case: Case, news: Sequence[News]) -> str:
    name = one_line(case.customer.name, longest=160)
    page = customer_url(case)
    said = [_("Hello %(name)s,") % {"name": name} if name else _("Hello,")]
    said += [_WORDS[each.what](each, page) for each in news]
    said.append(_("Everything that we promised you, and where it stands:\n%(link)s") % {"link": page})
    said.append(_("You can choose on this page, under “Correct my details”, to get fewer of these letters."))
    return "\n\n".join(said)


def _asks(news: News, page: str) -> str:
    promise = news.promise
    here = f"{page}promises/{promise.pk}/"
    shape = _("We did this on %(date)s: %(what)s. Is it right for you?")
    if news.again:
        shape = _("We did this on %(date)s, and have not heard from you: %(what)s. Is it right for you?")
    done = promise.delivered_at or promise.due_at
    links = [
        _("Yes, it’s done:\n%(link)s") % {"link": f"{here}?answer=kept"},
        _("Not yet:\n%(link)s") % {"link": f"{here}?answer=not_yet"},
        _("Yes, but something is missing:\n%(link)s") % {"link": f"{here}?answer=partly"},
    ]
    return "\n\n".join([shape % {"date": times.full(done), "what": _what(promise)}, *links])


def _moved(news: News, page: str) -> str:
    said = {"what": _what(news.promise), "date": times.full(news.promise.due_at)}
    return _("For “%(what)s”, the date becomes %(date)s. We are sorry that it changes.") % said


def _risk(news: News, page: str) -> str:
    first = news.promise.depends_on
    said = {
        "what": _what(news.promise),
        "date": times.full(news.promise.due_at),
        "first": _what(first) if first else "",
    }
    return (
        _(
            "We promised you “%(what)s” for %(date)s, and it may be late: it waits for “%(first)s”. We tell you as"
            " soon as we know the day. We are sorry."
        )
        % said
    )


def _made(news: News, page: str) -> str:
    promise = news.promise
    said = {"what": _what(promise), "date": times.full(promise.due_at)}
    words = [_("We promised you this for %(date)s at the latest: %(what)s.") % said]
    if holder := holder_of(promise, at=clock.now()):
        words.append(_("%(name)s answers for it.") % {"name": holder.shown_name})
    if promise.customer_does:
        words.append("\n\n" + _("Meanwhile, on your side:") + "\n" + promise.customer_does)
    return " ".join(words).replace(" \n\n", "\n\n")


def _what(promise: Promise) -> str:
    return promise.what.strip().rstrip(".")


_WORDS = {"asks": _asks, "moved": _moved, "risk": _risk, "made": _made}
