"""The organisation, the categories, the work that was given up, and where to look when something is wrong."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import verbs as cases
from tenir.cases.models import Case, Category
from tenir.channels.email.models import Mailbox
from tenir.outbox import verbs as outbox
from tenir.outbox.models import Task
from tenir.people import verbs as people
from tenir.people.access import organisation_name
from tenir.people.models import Agent, Organisation
from tenir.people.rights import may, require
from tenir.web.desk import DeskRequest, back, change, page

Row = dict[str, Any]
LONGEST_LIST = 100


def tabs(agent: Agent, here: str) -> list[Row]:
    """The parts of the settings that this person may open."""
    parts = [
        ("settings", _("Organisation"), "manage_desk"),
        ("mailboxes", _("Mailboxes"), "manage_mailboxes"),
        ("categories", _("Categories"), "manage_desk"),
        ("undelivered", _("Given up"), "manage_desk"),
        ("health", _("Is all well?"), "manage_desk"),
    ]
    return [
        {"label": label, "url": reverse(name), "current": name == here}
        for name, label, right in parts
        if may(agent, right)
    ]


def show(request: DeskRequest, here: str, context: Row, *, status: int = 200) -> HttpResponse:
    """Renders a page of the settings under its tabs."""
    context = context | {"tabs": tabs(request.user, here)}
    return render(request, f"tenir/settings/{here}.html", context, status=status)


# --- The organisation --------------------------------------------------------------------------------------------


@change
def _set_organisation(request: DeskRequest) -> HttpResponse:
    languages = LANGUAGES.get(request.POST.get("languages", ""), [])
    people.set_organisation(name=request.POST.get("name", ""), languages=languages, by=request.user, at=clock.now())
    messages.success(request, _("Kept."))
    return redirect("settings")


@page
def organisation(request: DeskRequest) -> HttpResponseBase:
    """Its name and its languages."""
    require(request.user, "manage_desk")
    if request.method == "POST":
        return _set_organisation(request)
    row = Organisation.objects.first()
    chosen = row.languages if row else ["fr", "en"]
    return show(request, "settings", {"name": organisation_name() if row else "", "chosen": "-".join(chosen)})


LANGUAGES = {"fr": ["fr"], "en": ["en"], "fr-en": ["fr", "en"], "en-fr": ["en", "fr"]}


# --- Categories --------------------------------------------------------------------------------------------------


@change
def _add_category(request: DeskRequest) -> HttpResponse:
    cases.add_category(name=request.POST.get("name", ""), by=request.user, at=clock.now())
    return redirect("categories")


@page
def categories(request: DeskRequest) -> HttpResponseBase:
    """What cases turn out to be about."""
    require(request.user, "manage_desk")
    if request.method == "POST":
        return _add_category(request)
    return show(request, "categories", {"categories": Category.objects.order_by("name")})


@change
def rename_category(request: DeskRequest, category: int) -> HttpResponse:
    """Another name."""
    require(request.user, "manage_desk")
    found = Category.objects.get(pk=category)
    cases.rename_category(found, name=request.POST.get("name", ""), by=request.user, at=clock.now())
    messages.success(request, _("Kept."))
    return redirect("categories")


@change
def remove_category(request: DeskRequest, category: int) -> HttpResponse:
    """One less; its cases stay."""
    require(request.user, "manage_desk")
    cases.remove_category(Category.objects.get(pk=category), by=request.user, at=clock.now())
    return redirect("categories")


# --- What was given up -------------------------------------------------------------------------------------------


def task_words(kind: str) -> str:
    """What a task was to do, in the reader's language."""
    words = {
        "email.send": _("send a reply"),
        "email.acknowledge": _("tell a customer that their message arrived"),
        "email.customer_link": _("send a customer a fresh link"),
        "email.promises": _("write to a customer about what was promised"),
        "email.account": _("write to a colleague about their sign-in"),
        "email.read_slowed": _("read a letter that was held back"),
    }
    return words.get(kind, kind)


@page
def undelivered(request: DeskRequest) -> HttpResponse:
    """What was tried until its last time, with the reason, and the way to try once more."""
    require(request.user, "manage_desk")
    dead = Task.objects.filter(state=Task.State.DEAD).order_by("-ended_at", "-pk")[:LONGEST_LIST]
    references = {case.pk: str(case) for case in Case.objects.filter(pk__in=[task.case_id for task in dead])}
    rows = [
        {
            "pk": task.pk,
            "what": task_words(task.kind),
            "reason": task.reason,
            "attempts": task.attempts,
            "ended": clock.local(task.ended_at) if task.ended_at else None,
            "case": references.get(task.case_id or 0, ""),
        }
        for task in dead
    ]
    return show(request, "undelivered", {"rows": rows})


@change
def retry(request: DeskRequest, task: int) -> HttpResponse:
    """Tries once more, now."""
    require(request.user, "manage_desk")
    if outbox.revive(Task.objects.get(pk=task), at=clock.now(), by=request.user):
        messages.success(request, _("It is being tried again."))
    return back(request)


# --- Is all well? ------------------------------------------------------------------------------------------------


@page
def health(request: DeskRequest) -> HttpResponse:
    """What the desk itself knows to be wrong, and the command that looks at the rest."""
    require(request.user, "manage_desk")
    boxes = Mailbox.objects.filter(is_active=True).order_by("address")
    late = Task.objects.filter(state=Task.State.WAITING, due_at__lt=clock.now() - outbox.LEASE)
    context = {
        "troubled": [box for box in boxes if box.trouble],
        "no_reading": not any(box.incoming.get("host") for box in boxes),
        "no_sending": not any(box.outgoing.get("host") for box in boxes),
        "given_up": Task.objects.filter(state=Task.State.DEAD).exists(),
        "work_stands_still": late.exists(),
    }
    context["all_well"] = not any(context.values())
    return show(request, "health", context)
