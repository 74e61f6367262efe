"""One's own page: how the desk looks, the name that customers see, signatures, skills, and how one signs in."""

import re
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import activate
from django.utils.translation import gettext as _

from tenir import clock
from tenir.people import verbs
from tenir.people.access import identity_readings
from tenir.people.models import Agent
from tenir.people.presenters import reading_rows
from tenir.web.desk import DeskRequest, back, change, page

Row = dict[str, Any]


@page
def me(request: DeskRequest) -> HttpResponse:
    """Everything that is one's own."""
    agent = request.user
    factors = Authenticator.objects.filter(user=agent).exclude(type=Authenticator.Type.RECOVERY_CODES)
    context = {
        "me": agent,
        "looks": _looks(agent),
        "skills": ", ".join(agent.skills.order_by("name").values_list("name", flat=True)),
        "languages": ", ".join(agent.languages.order_by("code").values_list("code", flat=True)),
        "has_codes": factors.filter(type=Authenticator.Type.TOTP).exists(),
        "passkeys": factors.filter(type=Authenticator.Type.WEBAUTHN).count(),
        "sessions": len(UserSession.objects.purge_and_list(agent)),
        "readings": reading_rows(identity_readings(agent, viewer=agent)[:20]),
    }
    return render(request, "tenir/me/me.html", context)


def _looks(agent: Agent) -> list[Row]:
    """The choices of the display, each with the attribute of the page that shows it at once."""
    words = {
        "theme": (_("Colours"), {"auto": _("as my device"), "light": _("light"), "dark": _("dark")}),
        "text_size": (_("Text size"), {"normal": _("ordinary"), "large": _("large"), "larger": _("very large")}),
        "digits": (_("Digits"), {"normal": _("ordinary"), "spaced": _("spaced out, easier to tell apart")}),
        "font": (_("Reading"), {"system": _("ordinary"), "readable": _("more air between letters and words")}),
    }
    return [
        {
            "name": name,
            "label": label,
            "attribute": name.replace("_", "-"),
            "choices": [(value, said[value], getattr(agent, name) == value) for value in verbs.DISPLAY[name]],
        }
        for name, (label, said) in words.items()
    ]


@change
def look(request: DeskRequest) -> HttpResponse:
    """Keeps how the desk looks to oneself, and speaks the chosen language at once."""
    choices = {name: request.POST[name] for name in verbs.DISPLAY if name in request.POST}
    verbs.set_display(request.user, choices=choices, by=request.user)
    activate(request.user.language)
    messages.success(request, _("Kept."))
    return redirect("me")


@change
def name(request: DeskRequest) -> HttpResponse:
    """The given name for colleagues, the public name for customers."""
    agent, at = request.user, clock.now()
    given, public = request.POST.get("given_name", ""), request.POST.get("public_name", "")
    if given.strip() != agent.given_name:
        verbs.rename(agent, given_name=given, by=agent, at=at)
    if public.strip() != agent.public_name:
        verbs.choose_public_name(agent, name=public, by=agent, at=at)
    messages.success(request, _("Kept."))
    return redirect("me")


@change
def signatures(request: DeskRequest) -> HttpResponse:
    """What stands under one's letters."""
    french, english = request.POST.get("french", ""), request.POST.get("english", "")
    verbs.set_signature(request.user, french=french, english=english, by=request.user, at=clock.now())
    messages.success(request, _("Kept."))
    return redirect("me")


def listed(text: str) -> list[str]:
    """The words of a line, parted by commas or semicolons."""
    return [word for part in re.split(r"[,;\n]", text) if (word := part.strip())]


@change
def skills(request: DeskRequest) -> HttpResponse:
    """What one can do and the languages in which one answers."""
    agent, at = request.user, clock.now()
    verbs.set_languages(agent, languages=listed(request.POST.get("languages", "")), by=agent, at=at)
    verbs.set_skills(agent, skills=listed(request.POST.get("skills", "")), by=agent, at=at)
    messages.success(request, _("Kept."))
    return redirect("me")


# --- Where one is signed in --------------------------------------------------------------------------------------


@page
def sessions(request: DeskRequest) -> HttpResponse:
    """Every browser in which one is signed in. When each was last used is not kept: it would tell of somebody's day."""
    UserSession.objects.create_from_request(request)  # this one, if it came in by another door
    rows = [
        {
            "pk": one.pk,
            "browser": browser_of(one.user_agent),
            "ip": one.ip,
            "began": clock.local(one.created_at),
            "current": one.session_key == request.session.session_key,
        }
        for one in sorted(UserSession.objects.purge_and_list(request.user), key=lambda one: one.created_at)
    ]
    return render(request, "usersessions/usersession_list.html", {"rows": rows[::-1]})


_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
_NAMES = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "macOS"}


def browser_of(user_agent: str) -> str:
    """A browser's own long name in two words: "Firefox, Windows"."""
    found = [next((word for word in words if word in user_agent), "") for words in (_BROWSERS, _SYSTEMS)]
    return ", ".join(_NAMES.get(word, word) for word in found if word) or _("another program")


@change
def end_session(request: DeskRequest, session: int) -> HttpResponse:
    """Ends one of one's own sessions, at once."""
    _own(request).get(pk=session).end()
    messages.success(request, _("That session is ended."))
    return back(request)


@change
def end_other_sessions(request: DeskRequest) -> HttpResponse:
    """Ends all of one's sessions but this one."""
    for one in _own(request).exclude(session_key=request.session.session_key or ""):
        one.end()
    messages.success(request, _("The other sessions are ended."))
    return back(request)


def _own(request: DeskRequest) -> "QuerySet[Any]":
    mine: QuerySet[Any] = UserSession.objects.filter(user=request.user)
    return mine
