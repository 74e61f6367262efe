"""Rows of cases, ready for a template: strings and links, no query inside.

Their fields are those that the components of the screens ask for (`web/templates/tenir/components/`).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenir import clock
from tenir.cases import times
from tenir.cases.lists import Listed
from tenir.cases.loading import Loaded
from tenir.cases.models import Attachment, Case, Message, Participant
from tenir.cases.reference import spoken
from tenir.cases.words import channel_name, ending_name, link_reason, state_name, trouble_words
from tenir.ledger.events import read_fact
from tenir.ledger.models import Event
from tenir.people.models import Agent

Chip = tuple[str, str]


# --- Lists -------------------------------------------------------------------------------------------------------


@dataclass
class Row:
    """One case in a list."""

    id: str
    url: str
    name: str
    when: str
    when_iso: str
    subject: str
    words: str
    chips: list[Chip]
    is_new: bool
    language: str
    pick: str
    pick_label: str
    new_words: str
    current: bool = False
    has_files: bool = False


def case_rows(cases: Iterable[Listed], *, viewer: Agent, at: datetime, current: str = "", query: str = "") -> list[Row]:
    """The rows of a list; `query` is added to their links so that the case page shows the same list beside it."""
    base = reverse("cases")
    said = {"somebody": _("somebody"), "choose": _("Choose the case of %(name)s"), "new": _("waits for an answer")}
    return [_row(case, base, said, viewer=viewer, at=at, current=current, query=query) for case in cases]


def _row(
    case: Listed, base: str, said: dict[str, str], *, viewer: Agent, at: datetime, current: str, query: str
) -> Row:
    reference = spoken(case.reference)
    name = case.customer_name or said["somebody"]
    waits = case.unanswered_since is not None and case.state != Case.State.ENDED
    return Row(
        id=f"row-{reference}",
        url=f"{base}{reference}/{query}",
        name=name,
        when=times.short(case.moved_at, at=at),
        when_iso=case.moved_at.isoformat(),
        subject=case.subject,
        words=case.last_words,
        chips=_row_chips(case, viewer=viewer, at=at),
        is_new=waits,
        language=case.language.upper() if case.language and case.language != viewer.language else "",
        pick=reference,
        pick_label=said["choose"] % {"name": name},
        new_words=said["new"],
        current=reference == current,
    )


def _row_chips(case: Listed, *, viewer: Agent, at: datetime) -> list[Chip]:
    chips: list[Chip] = []
    if case.state == Case.State.ENDED:
        chips.append((state_name(case.state), "quiet"))
    elif case.snoozed_until is not None:
        chips.append((_("set aside until %(date)s") % {"date": times.short(case.snoozed_until, at=at)}, "quiet"))
    elif case.state == Case.State.WAITING_FOR_CUSTOMER:
        chips.append((state_name(case.state), "quiet"))
    if case.owner_name is not None and case.owner_id != viewer.pk:
        chips.append((case.owner_name, ""))
    if case.unanswered_since is not None and at - case.unanswered_since > timedelta(days=1):
        chips.append((_("unanswered for %(time)s") % {"time": days_and_hours(at - case.unanswered_since)}, "risk"))
    return chips


def days_and_hours(span: timedelta) -> str:
    """A span in words: "3 days", "5 hours"."""
    if span.days:
        return ngettext("%(n)s day", "%(n)s days", span.days) % {"n": span.days}
    hours = max(1, span.seconds // 3600)
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}


# --- The case ----------------------------------------------------------------------------------------------------


@dataclass
class Notice:
    """A sentence above the case, and what can be done about it. `kind` is a colour, `icon` a drawing."""

    words: str
    kind: str = ""
    icon: str = "info"
    action: dict[str, str] | None = None


@dataclass
class Heading:
    """The head of a case's page."""

    reference: str
    subject: str
    state: str
    ended: bool
    chips: list[Chip]
    wish: str
    given: str
    owner_id: int | None
    category_id: int | None
    may_take: bool
    may_release: bool
    may_give: bool
    notices: list[Notice] = field(default_factory=list)
    viewers: list[dict[str, object]] = field(default_factory=list)
    offer: dict[str, object] | None = None


def heading(loaded: Loaded, *, viewer: Agent, at: datetime) -> Heading:
    """The head of a case's page: what it is called, whose it is, what can be done with it now."""
    case = loaded.case
    leads = viewer.role != "agent"
    mine = case.owner_id == viewer.pk
    ended = case.state == Case.State.ENDED
    return Heading(
        reference=str(case),
        subject=case.subject,
        state=case.state,
        ended=ended,
        chips=_case_chips(loaded, viewer=viewer, at=at),
        wish=case.remedy_sought,
        given=case.remedy_given,
        owner_id=case.owner_id,
        category_id=case.category_id,
        may_take=case.owner_id is None and not ended,
        may_release=case.owner_id is not None and not ended and (mine or leads),
        may_give=leads,
        notices=_notices(loaded, viewer=viewer, at=at),
        viewers=[{"name": row.words, "writing": bool(row.more)} for row in loaded.beside.get("here", [])],
        offer=_offer(loaded, viewer=viewer),
    )


def _case_chips(loaded: Loaded, *, viewer: Agent, at: datetime) -> list[Chip]:
    case = loaded.case
    chips: list[Chip] = [(state_name(case.state), "quiet")]
    if case.owner is not None:
        mine = case.owner_id == viewer.pk
        chips.append((_("mine") if mine else _("owner: %(name)s") % {"name": case.owner.given_name}, "accent"))
    if case.team is not None:
        chips.append((case.team.name, ""))
    if case.category is not None:
        chips.append((case.category.name, ""))
    if case.snoozed_until is not None:
        chips.append((_("set aside until %(date)s") % {"date": times.full(case.snoozed_until)}, "quiet"))
    return chips


def _notices(loaded: Loaded, *, viewer: Agent, at: datetime) -> list[Notice]:
    case, notices = loaded.case, []
    if loaded.ending is not None and case.state == Case.State.ENDED:
        notices.append(_ending_notice(loaded, at=at))
    if loaded.rearranged is not None:
        what = _("Another case was merged into this one.")
        if loaded.rearranged.kind == "split":
            what = _("Part of this case was made a case of its own.")
        undo = {"label": _("Undo"), "url": reverse("rearrangement-undo", args=[loaded.rearranged.pk]), "method": "post"}
        if at - loaded.rearranged.at < timedelta(days=7):
            notices.append(Notice(what, "", loaded.rearranged.kind, undo))
    return notices


def _ending_notice(loaded: Loaded, *, at: datetime) -> Notice:
    ending = loaded.ending
    assert ending is not None  # noqa: S101  (the caller looked)
    who = ending.by.given_name if ending.by else loaded.case.customer.name or _("the customer")
    words = _("Ended by %(name)s, %(when)s: %(ending)s.") % {
        "name": who,
        "when": times.long(ending.at, at=at),
        "ending": ending_name(ending.kind),
    }
    if ending.because:
        words = f"{words} {ending.because}"
    confirmed = {True: _("The customer confirmed it."), False: "", None: _("The customer has not confirmed it.")}
    icon = {"happy": "smile", "solved": "check", "could_not": "info", "withdrawn": "undo"}[ending.kind]
    return Notice(f"{words} {confirmed[ending.confirmed]}".strip(), "kept" if ending.confirmed else "", icon)


def _offer(loaded: Loaded, *, viewer: Agent) -> dict[str, object] | None:
    offer = loaded.offer
    if offer is None:
        return None
    return {
        "pk": offer.pk,
        "giver": offer.giver.given_name,
        "taker": offer.taker.given_name,
        "story": offer.story,
        "to_me": offer.taker_id == viewer.pk,
        "mine": offer.giver_id == viewer.pk or viewer.role != "agent",
    }


@dataclass(frozen=True)
class Figure:
    """One figure of the strip; `broken` for what the desk did to the person."""

    figure: str
    words: str
    broken: bool = False


def shoes(case: Case, *, at: datetime) -> list[Figure]:
    """In their shoes: what this case has been for the customer (A8, C1, C24). Facts about the desk, not the person."""
    waited = at - case.first_request_at
    days = (clock.local(at).date() - clock.local(case.first_request_at).date()).days
    figures = [Figure(days_and_hours(timedelta(days=days) if days else waited), _("since the first request"))]
    count = case.contacts
    figures.append(Figure(str(count), ngettext("contact", "contacts", count), broken=count > 2))
    for count, words in (
        (case.cut_lines, ngettext("call cut off", "calls cut off", case.cut_lines)),
        (case.handovers, ngettext("hand-over", "hand-overs", case.handovers)),
        (case.reopenings, ngettext("time reopened", "times reopened", case.reopenings)),
    ):
        if count:
            figures.append(Figure(str(count), words, broken=words != _("hand-over")))
    return figures


# --- The timeline ------------------------------------------------------------------------------------------------


@dataclass
class FileTile:
    """A file of a message."""

    name: str
    size: str
    url: str
    icon: str
    thumb: str = ""
    value: str = ""
    remove_url: str = ""


@dataclass
class MessageItem:
    """One message in the timeline."""

    pk: int
    id: str
    kind: str
    author: str
    how: str
    when: str
    when_iso: str
    is_new: bool
    text: str
    is_fact: bool = False
    html: str = ""
    to: str = ""
    quoted: list[tuple[str, str]] = field(default_factory=list)
    files: list[FileTile] = field(default_factory=list)
    state: dict[str, str] | None = None
    hold: dict[str, object] | None = None
    warnings: list[str] = field(default_factory=list)
    mail: dict[str, object] | None = None
    actions: list[dict[str, str]] = field(default_factory=list)


@dataclass
class FactItem:
    """One fact in the timeline."""

    id: str
    icon: str
    words: str
    when: str
    when_iso: str
    broken: bool = False
    is_fact: bool = True
    pk: None = None


def timeline(loaded: Loaded, *, viewer: Agent, at: datetime) -> list[MessageItem | FactItem]:
    """Everything said and everything that happened, in order."""
    items: list[tuple[datetime, int, MessageItem | FactItem]] = [
        (message.at, 1, _message(message, loaded, viewer=viewer, at=at)) for message in loaded.messages
    ]
    facts = ((event.at, 0, _fact(event, loaded, at=at)) for event in loaded.facts)
    items += [(moment, order, fact) for moment, order, fact in facts if fact is not None]
    items.sort(key=lambda item: item[0])
    return [item for _at, _order, item in items]


_ICONS = {
    "case_taken": "check",
    "case_given": "hand-over",
    "case_released": "waiting",
    "team_changed": "people",
    "handover_offered": "hand-over",
    "handover_answered": "hand-over",
    "case_snoozed": "clock",
    "case_woken": "clock",
    "case_ended": "flag",
    "case_reopened": "reopen",
    "ending_answered": "smile",
    "case_rearranged": "merge",
    "message_bounced": "alert",
    "message_failed": "alert",
    "reply_withdrawn": "undo",
    "letter_sent": "mail",
    "letter_bounced": "alert",
    "participant_changed": "person",
    "callback_asked": "phone",
}


def _fact(event: Event, loaded: Loaded, *, at: datetime) -> FactItem | None:
    fact = read_fact(event.name, case=event.case_id, customer=event.customer_id, data=event.data)
    if fact is None:
        return None
    who = loaded.names.get((event.actor_kind, event.actor_id or 0)) or _("The desk")
    return FactItem(
        id=f"fact-{event.pk}",
        icon=_ICONS.get(event.name, "info"),
        words=f"{who} {fact.sentence()}.",
        when=times.long(event.at, at=at),
        when_iso=event.at.isoformat(),
        broken=event.name in ("message_bounced", "message_failed"),
    )


def _message(message: Message, loaded: Loaded, *, viewer: Agent, at: datetime) -> MessageItem:
    ours = message.kind in (Message.Kind.REPLY, Message.Kind.NOTE)
    kind = {"reply": "us", "note": "note", "call": "call"}.get(message.kind, "person")
    moment = message.said_at if message.kind == Message.Kind.CALL and message.said_at else message.at
    return MessageItem(
        pk=message.pk,
        id=f"message-{message.pk}",
        kind=kind,
        author=_author(message, loaded),
        how=_how(message),
        when=times.long(moment, at=at),
        when_iso=moment.isoformat(),
        is_new=not ours and message.pk > loaded.seen_up_to,
        text=message.text or _("(no words)"),
        to=_to(message),
        quoted=[(fold_name(kind), text) for kind, text in message.folded],
        files=[file_tile(file) for file in loaded.files.get(message.pk, []) if not file.inline],
        state=_delivery(message, at=at),
        hold=_hold(message, viewer=viewer, at=at),
        warnings=_warnings(message),
        mail=_mail(message),
        actions=_actions(message),
    )


def _author(message: Message, loaded: Loaded) -> str:
    if message.kind == Message.Kind.CALL and message.facts.get("direction") == "in":
        return loaded.case.customer.name or _("somebody")
    if message.agent is not None:
        return message.agent.given_name
    return message.author_name or loaded.case.customer.name or _("somebody")


def _how(message: Message) -> str:
    if message.kind == Message.Kind.NOTE:
        return _("internal note")
    if message.kind == Message.Kind.CALL:
        noted = {"name": message.agent.given_name if message.agent else message.author_name}
        if message.facts.get("cut"):
            return _("call that was cut off, noted by %(name)s") % noted
        if message.facts.get("direction") == "out":
            return _("called the customer")
        return _("by telephone, noted by %(name)s") % noted
    return channel_name(message.channel)


def _to(message: Message) -> str:
    if message.kind != Message.Kind.REPLY:
        return ""
    everybody = [*message.recipients.get("to", []), *message.recipients.get("cc", [])]
    return _("to %(addresses)s") % {"addresses": ", ".join(everybody)}


def fold_name(kind: str) -> str:
    """What a fold of a mail holds."""
    return {
        "history": _("Quoted text"),
        "signature": _("Signature"),
        "disclaimer": _("Legal notice"),
        "forwarded": _("Forwarded message"),
    }.get(kind, _("Quoted text"))


def file_tile(file: Attachment) -> FileTile:
    """A file with its size in words; a raster image with its small picture."""
    url = reverse("attachment", args=[file.pk, re.sub(r"[\s/\\?#%]+", "-", file.name) or "file"])
    image = file.content_type in ("image/png", "image/jpeg", "image/gif", "image/webp")
    return FileTile(
        name=file.name,
        size=times.size(file.size),
        url=url,
        icon="image" if image else "file",
        thumb=f"{url}?inline" if image else "",
    )


def _delivery(message: Message, *, at: datetime) -> dict[str, str] | None:
    if message.kind != Message.Kind.REPLY:
        return None
    if message.bounced_at is not None:
        words = _("did not arrive: %(reason)s") % {"reason": message.bounce_reason[:300]}
        return {"words": words, "kind": "broken", "icon": "alert"}
    leaves = message.leaves_at and times.full(message.leaves_at)
    told = {
        Message.Delivery.SCHEDULED: (_("leaves on %(date)s") % {"date": leaves}, "accent", "clock"),
        Message.Delivery.LEAVING: (_("on its way"), "quiet", "send"),
        Message.Delivery.SENT: (_("sent; the server says “%(answer)s”") % {"answer": message.server_answer[:200]},
                                "quiet", "check"),
        Message.Delivery.FAILED: (_("not sent: %(answer)s") % {"answer": message.server_answer[:300]},
                                  "broken", "alert"),
        Message.Delivery.WITHDRAWN: (_("taken back before it left"), "quiet", "undo"),
    }  # fmt: skip
    words, kind, icon = told.get(Message.Delivery(message.delivery), ("", "", ""))
    if message.bounce_reason and words:
        words = _("%(sent)s; delayed: %(reason)s") % {"sent": words, "reason": message.bounce_reason[:200]}
    return {"words": words, "kind": kind, "icon": icon} if words else None


def _hold(message: Message, *, viewer: Agent, at: datetime) -> dict[str, object] | None:
    undecided = message.delivery in (Message.Delivery.HELD, Message.Delivery.SCHEDULED)
    may = message.agent_id == viewer.pk or viewer.role != "agent"
    if not undecided or not may or message.leaves_at is None:
        return None
    leaves = clock.local(message.leaves_at).strftime("%H:%M:%S")
    sentence = _("Leaves at %(time)s: time to count to ten.") % {"time": leaves}
    if message.delivery == Message.Delivery.SCHEDULED:
        sentence = _("Leaves on %(date)s, unless the customer writes first.") % {"date": times.full(message.leaves_at)}
    left = max(0, int((message.leaves_at - at).total_seconds()))
    return {"sentence": sentence, "undo_url": reverse("reply-undo", args=[message.pk]), "seconds": left}


def _warnings(message: Message) -> list[str]:
    said = []
    for method, result in message.facts.get("authentication", []):
        words = _("The sender’s address is not proved: %(method)s says “%(result)s”. Take care before you trust it.")
        said.append(words % {"method": method.upper(), "result": result})
    if message.participant is not None and message.participant.unexpected:
        said.append(_("This person was not in the case before."))
    said += [trouble_words(code) for code, _detail in message.facts.get("troubles", [])]
    return list(dict.fromkeys(said))


def _mail(message: Message) -> dict[str, object] | None:
    if not getattr(message, "has_html", False):
        return None
    url = reverse("message-html", args=[message.pk])
    lines = message.text.count("\n")
    return {
        "url": url,
        "images_url": f"{url}?images=1",
        "has_images": bool(message.facts.get("remote_images")),
        "size": "short" if lines < 8 else "tall" if lines > 40 else "",
    }


def _actions(message: Message) -> list[dict[str, str]]:
    if not message.raw_sha256:
        return []
    url = reverse("message-raw", args=[message.pk])
    return [{"label": _("The letter as it came"), "icon": "download", "url": url}]


# --- Beside the case ---------------------------------------------------------------------------------------------


@dataclass
class Aside:
    """What stands beside the case: steps, tags, people, links, the person's other cases."""

    steps: list[dict[str, object]]
    tags: list[str]
    participants: list[dict[str, object]]
    links: list[dict[str, str]]
    others: list[dict[str, str]]


def aside(loaded: Loaded, *, at: datetime) -> Aside:
    """The rows beside a case."""
    rows = loaded.beside.get
    base = reverse("cases")
    return Aside(
        steps=[{"pk": row.id, "text": row.words, "done": row.at is not None} for row in rows("step", [])],
        tags=sorted(row.words for row in rows("tag", [])),
        participants=[
            {"name": str(one), "address": one.address, "unexpected": one.unexpected} for one in loaded.participants
        ],
        links=[
            {"url": f"{base}{spoken(row.more)}/", "subject": row.state, "because": link_reason(row.words)}
            for row in rows("link", [])
        ],
        others=[
            {
                "url": f"{base}{spoken(row.more)}/",
                "reference": spoken(row.more),
                "subject": row.words,
                "note": f"{state_name(row.state)}, {times.short(row.at or at, at=at)}",
            }
            for row in rows("other", [])
        ],
    )


@dataclass(frozen=True)
class ToWhom:
    """Who a reply goes to unless its author says otherwise."""

    to: list[dict[str, object]]
    cc: list[dict[str, object]]
    known: list[str]


def recipients(loaded: Loaded, *, addresses: Iterable[str]) -> ToWhom:
    """The person whose words are answered, with everybody who is in the conversation in copy (reply to all).

    `addresses` are the customer's own. Who wrote last among the customer and the expected participants is answered;
    a stranger who wrote into the case is answered only when an agent says so.
    """
    own = list(addresses)
    people = {one.address: one for one in loaded.participants}
    last = next((m for m in reversed(loaded.messages) if m.kind == Message.Kind.INBOUND), None)
    answered = own[:1]
    author = people.get(last.participant.address) if last is not None and last.participant is not None else None
    if author is not None and not author.unexpected:
        answered = [author.address]
    elif last is not None and last.facts.get("from") in own:
        answered = [last.facts["from"]]
    named = {address.lower() for m in loaded.messages[-3:] for address in _copied(m)}
    copied = [one for one in loaded.participants if _in_copy(one, named) and one.address not in answered]
    to = [_recipient(address, people, loaded) for address in answered]
    cc = [_recipient(one.address, people, loaded) for one in copied]
    if answered and own and answered[0] not in own:
        cc.insert(0, _recipient(own[0], people, loaded))
    return ToWhom(to=to, cc=cc, known=[*own, *people])


def _copied(message: Message) -> list[str]:
    if message.kind == Message.Kind.REPLY:
        return [*message.recipients.get("cc", [])]
    return [*message.facts.get("to", []), *message.facts.get("cc", [])]


def _in_copy(one: Participant, named: set[str]) -> bool:
    return one.invited or (not one.unexpected and one.address in named)


def _recipient(address: str, people: dict[str, Participant], loaded: Loaded) -> dict[str, object]:
    one = people.get(address)
    name = str(one) if one else loaded.case.customer.name
    return {"name": name or address, "address": address, "outside": bool(one and one.unexpected)}


def hold_words() -> str:
    """What happens to a reply once it is sent."""
    return _("Leaves %(n)s seconds later: time to count to ten, and to take it back.") % {"n": settings.HOLD_SECONDS}
