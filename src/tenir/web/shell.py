"""What stands around every page of the desk: the rail with its counts, one's presence, search, live news."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from tenir.cases import lists
from tenir.people import verbs as people
from tenir.people.access import organisation_name
from tenir.people.models import Agent, Presence
from tenir.people.rights import may
from tenir.web.desk import DeskRequest, back, change

Row = dict[str, Any]
PRESENCES = (("here", "check"), ("busy", "lock"), ("pause", "cup"), ("away", "door"))


def around(request: HttpRequest) -> Row:
    """Context processor: `nav`, `palette_url` and `live_url` for whoever is signed in, made only if a page shows it."""
    agent = getattr(request, "user", None)
    shared: Row = {"organisation": SimpleLazyObject(organisation_name), "demo": settings.DEMO}
    if not isinstance(agent, Agent):
        return shared
    return shared | {
        "nav": SimpleLazyObject(lambda: nav(agent, request.get_full_path())),
        "palette_url": reverse("palette"),
        "live_url": "/live?after=" + getattr(request, "read_from", ""),
    }


def nav(agent: Agent, path: str) -> Row:
    """The rail: one's lists, one's teams, the rest of the desk."""
    shown = lists.rail(agent)
    counts = shown.counts
    mine = [
        _link(_("My cases"), "inbox", _list("mine"), path, count=counts["mine"], key="g m"),
        _link(_("To take"), "waiting", _list("waiting"), path, count=counts["waiting"], key="g t"),
        _link(_("All cases"), "layers", _list("all"), path, key="g a"),
        _link(_("Mentions"), "chat", _list("mentions"), path, count=counts["mentions"], key="g e"),
    ]
    groups = [{"title": "", "links": mine}]
    if own := [_link(name, "people", _list(f"team-{pk}"), path) for pk, name in shown.teams]:
        groups.append({"title": _("Teams"), "links": own})
    if views := [_link(name, "list", _list(f"view-{pk}"), path) for pk, name in shown.views]:
        groups.append({"title": _("Saved lists"), "links": views})
    groups.append({"title": _("The desk"), "links": _desk(agent, path)})
    return {"home": reverse("cases"), "groups": groups, "me": _me(agent, shown.presence)}


def _list(which: str) -> str:
    return reverse("cases") + f"?list={which}"


def _link(label: str, icon: str, url: str, path: str, *, count: str = "", key: str = "") -> Row:
    current = path == url or (path.startswith(url) and "?" not in url)
    return {"label": label, "icon": icon, "url": url, "count": count, "key": key, "current": current}


def _desk(agent: Agent, path: str) -> list[Row]:
    pages = [
        (_("Radar"), "tenir", "radar", "g r", True),
        (_("Figures"), "numbers", "figures", "", True),
        (_("Customers"), "person", "customers", "g c", True),
        (_("Shared causes"), "split", "causes", "", may(agent, "keep_causes")),
        (_("Reviews"), "eye", "reviews", "g l", may(agent, "review_cases")),
        (_("To change"), "note", "improvements", "", not may(agent, "review_cases")),
        (_("Letters without a case"), "mail", "letters", "", may(agent, "see_mail_without_case")),
        (_("People"), "people", "people", "g p", True),
        (_("Settings"), "settings", "settings", "g s", may(agent, "manage_mailboxes")),
    ]
    return [_link(label, icon, reverse(name), path, key=key) for label, icon, name, key, allowed in pages if allowed]


def presence_words(state: str) -> str:
    """What an agent is doing now."""
    return {"here": _("here"), "busy": _("busy"), "pause": _("taking a pause"), "away": _("away")}[state]


def _me(agent: Agent, state: str) -> Row:
    return {
        "name": agent.given_name,
        "state_words": presence_words(state),
        "settings_url": reverse("me"),
        "presence_url": reverse("presence"),
        "sign_out_url": reverse("account_logout"),
        "presences": [
            {"value": value, "label": presence_words(value), "icon": icon, "current": value == state}
            for value, icon in PRESENCES
        ],
    }


@change
def presence(request: DeskRequest) -> HttpResponse:
    """Says what one is doing now; nothing of it is kept."""
    state = request.POST.get("state", "")
    if state in Presence.State.values:
        people.set_presence(request.user, state=Presence.State(state), by=request.user)
    return back(request)


def home(request: HttpRequest) -> HttpResponse:
    """Where each comes in: the desk, the sign-in, or the first run of an empty desk."""
    from django.shortcuts import redirect

    if not Agent.objects.exists():
        return redirect("first-run")
    return redirect("cases" if request.user.is_authenticated else "account_login")
