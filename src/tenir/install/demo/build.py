"""Makes the demonstration desk by the same verbs that people use, in the order of its invented time."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from zoneinfo import ZoneInfo

from django.conf import settings

from tenir.cases import verbs as cases
from tenir.cases.loading import load
from tenir.cases.models import Case
from tenir.cases.presenters import recipients
from tenir.channels.email import verbs as mail
from tenir.channels.email.models import Mailbox
from tenir.channels.email.receive import Desk, receive
from tenir.channels.email.send import raw_of
from tenir.channels.email.tokens import message_id
from tenir.customers import verbs as customers
from tenir.customers.models import Customer, Reach, Subscription
from tenir.install.demo.crowd import PEOPLE, SHORT, WAITING
from tenir.install.demo.stories import STORIES
from tenir.install.demo.telling import Person, Step, Story
from tenir.ledger.events import SYSTEM
from tenir.outbox import verbs as outbox
from tenir.people import verbs as people
from tenir.people.models import Agent, Presence, Role, Team
from tenir.promises import dates
from tenir.promises import verbs as promises
from tenir.promises.kinds import Kind
from tenir.promises.models import Promise
from tenir.web.demo.postbox import Postbox

DESK_ADDRESS = "bonjour@val-de-lune.example"
"""Where the invented customers write to; `.example` reaches nobody in the real world (RFC 2606)."""
STAFF = (
    ("farid", "Farid", Role.ADMINISTRATOR, ""),
    ("denise", "Denise", Role.SUPERVISOR, ""),
    ("amina", "Amina", Role.AGENT, ""),
    ("bruno", "Bruno", Role.AGENT, "fr"),
    ("chloe", "Chloé", Role.AGENT, "en"),
)
"""Key, given name, role and language; without one, that of whoever plays the demonstration."""
TEAMS = ("Bacs", "Journal")
SIGNATURE = {"fr": "{name}\nVal-de-Lune, service clients", "en": "{name}\nVal-de-Lune, customer service"}


@dataclass
class Stage:
    """Everybody and everything that the stories need, by key."""

    now: datetime
    agents: dict[str, Agent] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=lambda: {person.key: person for person in PEOPLE})
    cases: dict[int, Case] = field(default_factory=dict)
    mailbox: Mailbox | None = None

    def when(self, step: Step) -> datetime:
        """The instant of a step: so many days ago, at its hour where the desk is; without an hour, exactly."""
        moment = self.now - timedelta(days=step.days)
        if not step.hour:
            return moment
        zone = ZoneInfo(settings.TIME_ZONE)
        return datetime.combine(moment.astimezone(zone).date(), time.fromisoformat(step.hour), zone)

    def instants(self, story: Story) -> list[datetime]:
        """When each step happened: in their order, whatever the hour at which the demonstration is made."""
        moments = [self.when(step) for step in story.steps]
        latest = self.now - timedelta(minutes=2)
        for number in reversed(range(len(moments))):
            moments[number] = min(moments[number], latest)
            latest = moments[number] - timedelta(minutes=1)
        return moments


Act = tuple[datetime, Story, Step]


def build(
    *,
    now: datetime,
    smtp_port: int,
    language: str = "fr",
    progress: Callable[[Iterable[Act]], Iterable[Act]] = iter,
) -> Stage:
    """Fills an empty desk with the demonstration; letters leave through the mail server on `smtp_port`.

    `language` is the one that those whom the doors let in read.
    """
    stage = Stage(now)
    began = now - timedelta(days=40)
    people.set_organisation(name="Val-de-Lune", languages=["fr", "en"], by=SYSTEM, at=began)
    _staff(stage, language=language, at=began)
    _mailbox(stage, smtp_port=smtp_port, at=began)
    for person in PEOPLE:
        _customer(person, at=began)
    told = sorted(_everything(stage), key=lambda act: act[0])
    for at, story, step in progress(told):
        _play(stage, story, step, at=at)
    return stage


def point(box: Mailbox, *, smtp_port: int, at: datetime) -> None:
    """Letters leave through the mail server on this port from now on."""
    mail.save_mailbox(box, outgoing={**box.outgoing, "port": smtp_port}, secrets={}, by=SYSTEM, at=at)


def _staff(stage: Stage, *, language: str, at: datetime) -> None:
    for key, name, role, own in STAFF:
        address = f"{key}@val-de-lune.example"
        _, token = people.invite(email=address, given_name=name, role=role, language=own or language, by=SYSTEM, at=at)
        agent = people.accept_invitation(token, password=None, at=at)
        stage.agents[key] = agent
        people.set_signature(
            agent,
            french=SIGNATURE["fr"].format(name=name),
            english=SIGNATURE["en"].format(name=name),
            by=agent,
            at=at,
        )
        people.set_languages(agent, languages=["fr", "en"] if key != "bruno" else ["fr"], by=SYSTEM, at=at)
        people.set_presence(agent, state=Presence.State.HERE, by=agent)
    for name in TEAMS:
        team = people.create_team(name=name, by=SYSTEM, at=at)
        people.add_members(team, agents=stage.agents.values(), by=SYSTEM, at=at)
        stage.teams[name] = team


def _mailbox(stage: Stage, *, smtp_port: int, at: datetime) -> None:
    stage.mailbox = mail.save_mailbox(
        Mailbox(),
        name="Val-de-Lune",
        address=DESK_ADDRESS,
        outgoing={"host": "127.0.0.1", "port": smtp_port, "security": "plain"},
        plus_addressing=True,
        secrets={},
        by=SYSTEM,
        at=at,
    )


def _customer(person: Person, *, at: datetime) -> None:
    customer = customers.find_or_add(person.email, name=person.name, language=person.language, at=at)
    if person.phone:
        customers.add_reach(customer, kind="phone", text=person.phone, by=SYSTEM, at=at)
    wishes = {
        "prefers_channel": person.prefers_channel,
        "prefers_hours": person.prefers_hours,
        "prefers_pace": person.prefers_pace,
    }
    if any(wishes.values()):
        customers.set_preferences(customer, choices={k: v for k, v in wishes.items() if v}, by=SYSTEM, at=at)
    if person.subscription:
        number, product, plan, state = person.subscription
        since = (at - timedelta(days=900)).date()
        Subscription.objects.create(
            customer=customer, number=number, product=product, plan=plan, state=state, since=since
        )


def _everything(stage: Stage) -> Iterator[Act]:
    """Every step of every story with its instant."""
    stories = [*STORIES, *map(_short, SHORT), *map(_waiting, WAITING)]
    for story in stories:
        for at, step in zip(stage.instants(story), story.steps, strict=True):
            yield at, story, step


def _short(told: tuple[str, str, str, str, int, str, str]) -> Story:
    person, team, subject, words, days, who, ending = told
    because = "Ce n’est pas en notre pouvoir." if ending == "could_not" else ""
    steps = (
        Step("in", days, "09:12", text=words),
        Step("reply", days, "09:47", who, "Bonjour,\n\nMerci de nous l’avoir écrit. C’est fait, et je reste là si "
             "quelque chose manque." if PEOPLE_LANGUAGE[person] == "fr" else "Hello,\n\nThank you for writing. It is "
             "done, and I am here if anything is missing."),
        Step(f"end:{ending}", days - 1, "10:05", who, because),
    )  # fmt: skip
    return Story(person, team, subject, steps)


PEOPLE_LANGUAGE = {person.key: person.language for person in PEOPLE}


def _waiting(told: tuple[str, str, str, str, float]) -> Story:
    person, team, subject, words, days = told
    return Story(person, team, subject, (Step("in", days, "", text=words),))


# --- The steps ---------------------------------------------------------------------------------------------------


def _play(stage: Stage, story: Story, step: Step, *, at: datetime) -> None:
    kind, _, detail = step.kind.partition(":")
    key = id(story)
    if key not in stage.cases:
        stage.cases[key] = _open(stage, story, step, at=at)
        _describe(stage, story, stage.cases[key], at=at)
    elif kind == "in":
        _write(stage, story, step.text, at=at)
    else:
        case = Case.objects.get(pk=stage.cases[key].pk)
        _STEPS[kind](case, stage.agents.get(step.who), step.text, detail, at)


def _open(stage: Stage, story: Story, step: Step, *, at: datetime) -> Case:
    """The first words, by the way that they came."""
    if step.kind == "opening-call":
        return _call_opens(stage, story, step, at=at)
    if story.channel == "email":
        return _write(stage, story, step.text, at=at)
    person, customer = stage.people[story.person], _customer_of(stage, story)
    incoming = cases.Incoming(
        channel=Case.Channel(story.channel),
        key=f"demo:{story.subject}",
        customer=customer,
        sender_name=person.name,
        sender_address=person.email,
        subject=story.subject,
        text=step.text,
        language=person.language,
        desk_address=DESK_ADDRESS,
    )
    return cases.receive_message(incoming, at=at).case


def _customer_of(stage: Stage, story: Story) -> Customer:
    return Customer.objects.get(reaches__kind=Reach.Kind.EMAIL, reaches__value=stage.people[story.person].email)


def _write(stage: Stage, story: Story, text: str, *, at: datetime) -> Case:
    """The customer writes a real mail, which is read as every mail is."""
    person = stage.people[story.person]
    letter = EmailMessage()
    letter["From"] = formataddr((person.name, person.email))
    letter["To"] = DESK_ADDRESS
    letter["Date"] = format_datetime(at)
    mark = hashlib.sha256(f"{story.subject} {at}".encode()).hexdigest()[:24]
    letter["Message-ID"] = f"<{mark}@{person.email.partition('@')[2]}>"
    known = stage.cases.get(id(story))
    letter["Subject"] = f"Re: {story.subject}" if known else story.subject
    if known and (answered := known.messages.exclude(message_id="").order_by("-pk").first()):
        letter["In-Reply-To"] = answered.message_id
    letter.set_content(text)
    row = receive(letter.as_bytes(), at=at, desk=Desk.at(stage.mailbox))
    if row.message is None:
        raise RuntimeError(f"the demonstration's own letter was not taken for a person's: {row.reason}")
    Postbox(person.email).keep_sent(letter.as_bytes())
    return row.message.case


def _call_opens(stage: Stage, story: Story, step: Step, *, at: datetime) -> Case:
    """Somebody calls; the case is the agent's who answered, until they leave it to the others."""
    agent = stage.agents[step.who]
    case = cases.open_case(
        customer=_customer_of(stage, story),
        channel=Case.Channel.PHONE,
        subject=story.subject,
        text=step.text,
        by=agent,
        at=at,
    )
    return cases.release(case, by=agent, at=at)


def _describe(stage: Stage, story: Story, case: Case, *, at: datetime) -> None:
    denise = stage.agents["denise"]
    cases.move_to_team(case, team=stage.teams[story.team], by=denise, at=at)
    if story.wish:
        cases.describe(case, by=denise, at=at, remedy_sought=story.wish)
    for name in story.tags:
        cases.tag(case, name=name, by=denise, at=at)


def _reply(case: Case, agent: Agent, text: str, detail: str, at: datetime) -> None:
    """A reply of the past has left already: its task is withdrawn, and the letter is put where it arrived."""
    own = list(case.customer.reaches.filter(kind=Reach.Kind.EMAIL).values_list("value", flat=True))
    whom = recipients(load(case, viewer=agent, at=at), addresses=own)
    message = cases.reply(
        case,
        by=agent,
        at=at,
        text=text,
        recipients={"to": [str(one["address"]) for one in whom.to], "cc": [str(one["address"]) for one in whom.cc]},
        seen_id=case.last_inbound_id,
    )
    outbox.withdraw(f"reply:{message.pk}", at=at)
    box = Mailbox.objects.get(address=DESK_ADDRESS)
    left = cases.leave(message, message_id=message_id(box.address, message.case), at=at)
    if left is not None:
        raw = raw_of(left, box)
        for address in own[:1]:
            Postbox(address).deliver_read(raw)
        cases.sent(left, answer="250 2.0.0 Stored", at=at + timedelta(seconds=11))


def _note(case: Case, agent: Agent, text: str, detail: str, at: datetime) -> None:
    named = [a for a in Agent.objects.all() if f"@{a.given_name}" in text]
    cases.write_note(case, by=agent, at=at, text=text, mentions=named)


def _call(case: Case, agent: Agent, text: str, detail: str, at: datetime) -> None:
    cases.log_call(case, by=agent, at=at, said_at=at, direction="in", text=text, cut=False)


def _cut(case: Case, agent: Agent, text: str, detail: str, at: datetime) -> None:
    cases.log_call(case, by=agent, at=at, said_at=at, direction="in", text=text, cut=True)


def _take(case: Case, agent: Agent, text: str, detail: str, at: datetime) -> None:
    cases.take(case, by=agent, at=at)


def _end(case: Case, agent: Agent, text: str, detail: str, at: datetime) -> None:
    cases.end(case, kind=detail, by=agent, at=at, because=text)


def _solved(case: Case, agent: Agent, text: str, detail: str, at: datetime) -> None:
    cases.say_solved(case, by=case.customer, at=at)


def _promise(case: Case, agent: Agent, text: str, detail: str, at: datetime) -> None:
    hours, _, parts = detail.partition(":")
    due = dates.by_the_clock(at, timedelta(hours=int(hours)))
    kind, told = Kind.DELIVERY, parts.split(";") if parts else ()
    promises.promise(case, what=text, due=due, kind=kind, parts=told, by=agent, at=at)


def _partly(case: Case, agent: Agent, text: str, detail: str, at: datetime) -> None:
    promise = case.promises.get(state=Promise.State.OPEN)
    promise = promises.deliver(promise, seen=promise.revision, by=agent, at=at)
    missing = [part.pk for part in promise.parts.filter(text=text)]
    promises.confirm(promise, answer=promises.Answer.PARTLY, missing=missing, by=agent, at=at)


def _answer_for(case: Case, agent: Agent, text: str, detail: str, at: datetime) -> None:
    for promise in case.promises.filter(state=Promise.State.OPEN):
        promises.give(promise, seen=promise.revision, to=agent, by=agent, at=at)


_STEPS: dict[str, Callable[..., None]] = {
    "reply": _reply,
    "note": _note,
    "call": _call,
    "cut": _cut,
    "take": _take,
    "end": _end,
    "solved": _solved,
    "promise": _promise,
    "partly": _partly,
    "answer_for": _answer_for,
}
