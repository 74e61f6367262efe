"""The customer's side, in scenes: a page opened and a form filled in, a case with its link."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tenir.cases.links import customer_token
from tenir.cases.models import Case, Message
from tenir.cases.tests import scenes
from tenir.outbox.models import Task
from tenir.people.models import Agent
from tenir.people.tests.scenes import amina

STORY = "Mon bac vert est arrivé hier, sans son couvercle."


def hidden(response: Any, name: str) -> list[str]:
    """The values that the page holds under this name."""
    found = re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', response.content.decode())
    return [value.replace("&amp;", "&") for value in found]


def fill_in(browser: Client, **given: Any) -> dict[str, Any]:
    """Opens the form and fills it in, as somebody would."""
    page = hidden(browser.get("/contact/"), "page")[0]
    return {"page": page, "text": STORY, "email": "emile@example.org", "website": "", **given}


def photo(
    name: str = "bac.png", content: bytes = b"\x89PNG\r\n\x1a\n bac", kind: str = "image/png"
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def case_of_emile(**changes: Any) -> Case:
    return scenes.bin_without_lid(**changes)


def answered(case: Case, text: str = "Nous apportons le couvercle demain.", *, by: Agent | None = None) -> Message:
    """A reply that has left."""
    return scenes.delivered(case, by or amina(), at=scenes.minutes(30), text=text)


def page_of(case: Case) -> str:
    """The address of the customer's page."""
    return f"/c/{customer_token(case)}/"


def planned(kind: str) -> list[Task]:
    return list(Task.objects.filter(kind=kind))
