"""A world with one of everything in a team that is closed to Amina, and every address of the house that leads to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tenir.cases.links import customer_token
from tenir.cases.models import Attachment, Case, Message, Step
from tenir.channels.email.models import Mail, Mailbox
from tenir.channels.email.receive import Desk, receive
from tenir.channels.email.tests.test_receive import letter
from tenir.ledger import files
from tenir.people.models import Agent
from tenir.people.tests.scenes import MONDAY, alix, amina, denise, outsider, team

HTML = "<p>Bonjour <b>tous</b></p>"


@dataclass(frozen=True)
class Address:
    """One route: its pattern, the names of what is filled in, and the view behind it."""

    route: str
    names: tuple[str, ...]
    view: Any = field(compare=False, repr=False)

    def filled(self, given: dict[str, object]) -> str:
        text = self.route
        for name in self.names:
            for kind in ("int:", "str:", "slug:", "uuid:", "path:", ""):
                text = text.replace(f"<{kind}{name}>", str(given.get(name, 1)))
        return "/" + text


def addresses() -> list[Address]:
    """Every route of the desk, however deep it is included; regular expressions of others are left out by name."""
    return sorted(_walk(get_resolver().url_patterns, ""), key=lambda one: one.route)


def _walk(patterns: list[Any], before: str) -> Iterator[Address]:
    for one in patterns:
        here = before + str(one.pattern).lstrip("^").rstrip("$")
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, here)
        elif isinstance(one, URLPattern) and "(?P" not in here:
            yield Address(here, tuple(one.pattern.converters), one.callback)


def closed_case() -> Case:
    """A case of a private team, with a letter, its formatting and a file: nothing for Amina."""
    box, _new = Mailbox.objects.get_or_create(name="Desk", address="bonjour@desk.example")
    message = receive(letter(), at=MONDAY, desk=Desk.at(box)).message
    assert message is not None
    Message.objects.filter(pk=message.pk).update(html=HTML)
    content = b"<script>alert(1)</script>"
    Attachment.objects.create(
        message=message, name="page.html", content_type="text/html", size=len(content), sha256=files.keep(content)
    )
    Step.objects.create(case=message.case, text="chercher")
    Case.objects.filter(pk=message.case_id).update(team=team("Fermée", denise(), is_private=True))
    return Case.objects.get(pk=message.case_id)


def about(case: Case) -> dict[str, object]:
    """What fills the addresses in, so that each leads to this case and what belongs to it."""
    message = case.messages.get(kind="inbound")
    attachment = message.attachments.get()
    return {
        "reference": str(case),
        "message": message.pk,
        "attachment": attachment.pk,
        "step": case.steps.get().pk,
        "name": "page.html",
        "customer": case.customer_id,
        "reach": case.customer.reaches.get().pk,
        "mail": Mail.objects.get(message=message).pk,
        "person": amina().pk,
        "token": customer_token(case),
        "pk": attachment.pk,
        "code": 404,
        "receipt": "none",
        "provider_id": "oidc",
        "uidb36": "1",
        "key": "none",
    }


class Browser(Client):
    """A fault of the desk is an answer like another; files are let go of at once."""

    def request(self, **given: Any) -> Any:
        answer: Any = super().request(**given)
        if answer.streaming:
            list(answer.streaming_content)  # the test client closes it at its end
        return answer


def browser(agent: Agent | None, **options: Any) -> Client:
    client = Browser(raise_request_exception=False, **options)
    if agent is not None:
        client.force_login(agent)
    return client


def people() -> dict[str, Agent | None]:
    return {"agent": amina(), "supervisor": denise(), "administrator": alix(), "stranger": None, "gone": outsider()}


@contextmanager
def forgotten() -> Iterator[None]:
    """What happens inside is undone at the end, so that the next address finds the same world."""
    block = transaction.atomic()
    vars(block)["_from_testcase"] = True  # as the test's own block: verbs may be durable inside
    with block:
        yield
        transaction.set_rollback(True)
