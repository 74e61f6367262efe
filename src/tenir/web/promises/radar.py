"""The radar: what do we owe, and what is at risk?"""

import base64
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenir import clock
from tenir.cases.reference import spoken
from tenir.people.access import colleagues
from tenir.people.models import Agent
from tenir.promises import radar as owed
from tenir.promises.kinds import CUSTOMS, Kind, kind_name
from tenir.promises.presenters import full, span, told_what
from tenir.promises.radar import Day, Owed, Scope
from tenir.web.desk import DeskRequest, page

WHEN = ("", "late", "today", "next")
BAR, GAP, HEIGHT, FOOT = 36, 26, 72, 90


@page
def radar(request: DeskRequest) -> HttpResponse:
    """What is owed by whom, of what kind and when; with `rows` in the query, only the rows (live refresh)."""
    at, viewer = clock.now(), request.user
    asked = _asked(request, viewer)
    scope = Scope(owed.owners_of(viewer, asked["who"], at=at), asked["kind"], asked["when"])
    if asked["order"] == "risk":
        found = owed.riskiest(viewer, scope, at=at)
    else:
        places = {name: _place(request.GET.get(name, "")) for name in ("after", "before")}
        found = owed.page(viewer, scope, at=at, **places)
    known = owed.typical(at=at)
    rows = _drawn(found.rows, known=known, at=at)
    if "rows" in request.GET:
        return HttpResponse(rows)
    days = owed.load(scope, at=at)
    context = {
        "rows": rows,
        "asked": asked,
        "times": _times(asked, days),
        "orders": _orders(asked),
        "who": _who(viewer),
        "kinds": [(kind.value, kind_name(kind).capitalize()) for kind in Kind],
        "chart": _chart(days, at=at),
        "rows_url": _url(asked) + "&rows=1" + _same_place(request),
        "newer_url": found.newer and found.rows and f"{_url(asked)}&before={_written(found.rows[0])}",
        "older_url": found.older and found.rows and f"{_url(asked)}&after={_written(found.rows[-1])}",
    }
    return render(request, "tenir/promises/radar.html", context)


def _asked(request: DeskRequest, viewer: Agent) -> dict[str, str]:
    usual = {"who": "all" if owed.sees_all(viewer) else "mine", "kind": "", "when": "", "order": "date"}
    asked = {name: request.GET.get(name, value) for name, value in usual.items()}
    asked["kind"] = asked["kind"] if asked["kind"] in Kind.values else ""
    asked["when"] = asked["when"] if asked["when"] in WHEN else ""
    return asked


def _url(asked: dict[str, str], **changed: str) -> str:
    return reverse("radar") + "?" + urlencode(asked | changed)


def _same_place(request: DeskRequest) -> str:
    here = {name: request.GET[name] for name in ("after", "before") if request.GET.get(name)}
    return "&" + urlencode(here) if here else ""


# --- Rows ----------------------------------------------------------------------------------------------------------


def _drawn(rows: list[Owed], *, known: dict[str, timedelta], at: datetime) -> SafeString:
    """The rows, written here and not as a template: a page has fifty of them."""
    base = reverse("cases")
    return mark_safe("".join(_row(one, known.get(one.kind), base, at=at) for one in rows))  # noqa: S308 (escaped below)


def _row(one: Owed, typical: timedelta | None, base: str, *, at: datetime) -> str:
    """One promise, with why it stands where it stands."""
    chip, kind = _chip(one, typical, at=at)
    said = {
        "what": told_what(one.kind, one.way, one.what),
        "about": f"{one.customer_name or _('somebody')} · {one.subject}",
        "due": full(one.due_at, at=at),
        "who": f"{_holder(one)} · {kind_name(one.kind)}",
        "chip": chip,
        "why": _why(one, typical, at=at),
    }
    text = {name: escape(words) for name, words in said.items()}
    return (
        f'<li class="radar-row" id="radar-{one.pk}">'
        f'<span class="promise-kind {CUSTOMS[one.kind].colour}" aria-hidden="true"></span>'
        f'<div class="radar-what"><a href="{base}{spoken(one.reference)}/">{text["what"]}</a>'
        f'<span class="small">{text["about"]}</span></div>'
        f'<div class="radar-due"><time datetime="{one.due_at.isoformat()}">{text["due"]}</time>'
        f'<span class="small">{text["who"]}</span></div>'
        f'<div class="radar-risk"><span class="chip {kind}">{text["chip"]}</span>'
        f'<span class="tiny">{text["why"]}</span></div></li>\n'
    )


def _holder(one: Owed) -> str:
    if one.owner_name and one.holder != one.owner_name:
        return _("%(deputy)s, for %(owner)s who is away") % {"deputy": one.holder, "owner": one.owner_name}
    return one.holder or _("nobody yet")


def _chip(one: Owed, typical: timedelta | None, *, at: datetime) -> tuple[str, str]:
    left = one.binding_at - at
    if left <= timedelta(0):
        return _("late by %(time)s") % {"time": span(-left)}, "broken"
    at_risk = typical is not None and left < typical and typical <= at - one.counted_from + left
    return _("in %(time)s") % {"time": span(left)}, "risk" if at_risk or left < timedelta(hours=4) else "quiet"


def _why(one: Owed, typical: timedelta | None, *, at: datetime) -> str:
    """The time that is left beside what such promises really take here: the reason of the order by risk."""
    left = one.binding_at - at
    said = {"left": span(abs(left)), "typical": span(typical) if typical else ""}
    if typical is None:
        return _("The usual time is not known yet.")
    if left <= timedelta(0):
        return _("Such promises take %(typical)s here.") % said
    if left < typical:
        return _("%(left)s left; half of such promises take more than %(typical)s here.") % said
    return _("%(left)s left; such promises take %(typical)s here.") % said


def _written(one: Owed) -> str:
    return base64.urlsafe_b64encode(f"{one.due_at.isoformat()}|{one.pk}".encode()).decode().rstrip("=")


def _place(text: str) -> tuple[datetime, int] | None:
    """The place in the order that an address names; None for none, or for anything that is not one."""
    try:
        at, _sep, pk = base64.urlsafe_b64decode(text + "===").decode().partition("|")
        moment = datetime.fromisoformat(at)
        return (moment, int(pk)) if moment.tzinfo and len(pk) < 18 else None
    except ValueError:
        return None


# --- Around the rows -------------------------------------------------------------------------------------------------


def _times(asked: dict[str, str], days: list[Day]) -> list[dict[str, Any]]:
    """By time: late and today with their counts."""
    counts = {"late": days[0].count, "today": days[1].count}
    names = {"": _("Everything"), "late": _("Overdue"), "today": _("Today"), "next": _("Next")}
    return [
        {
            "label": label,
            "url": _url(asked, when=when),
            "count": _count(counts[when]) if counts.get(when) else "",
            "current": when == asked["when"],
        }
        for when, label in names.items()
    ]


def _orders(asked: dict[str, str]) -> list[dict[str, Any]]:
    names = {"date": _("By date"), "risk": _("Most at risk")}
    order = "risk" if asked["order"] == "risk" else "date"
    return [{"label": label, "url": _url(asked, order=key), "current": key == order} for key, label in names.items()]


def _count(number: int) -> str:
    return _("%(n)s or more") % {"n": number} if number >= owed.MOST_COUNTED else str(number)


def _who(viewer: Agent) -> list[tuple[str, str]]:
    """Whose promises can be looked at."""
    choices = [("mine", _("Mine"))]
    if owed.sees_all(viewer):
        choices.insert(0, ("all", _("Everybody’s")))
    choices += [(f"team-{team.pk}", team.name) for team in owed.teams_of(viewer)]
    if owed.sees_all(viewer):
        others = colleagues(viewer).exclude(pk=viewer.pk).values_list("pk", "given_name")
        choices += [(f"agent-{pk}", name) for pk, name in others]
    return choices


def _chart(days: list[Day], *, at: datetime) -> dict[str, Any]:
    """The load of the coming days: its picture, and the same as the lines of a table."""
    most = max((day.count for day in days), default=0) or 1
    bars = [_bar(number, day, most, at=at) for number, day in enumerate(days)]
    total = sum(day.count for day in days)
    words = ngettext("%(n)s promise", "%(n)s promises", total) % {"n": total}
    return {
        "picture": mark_safe("".join(bar for bar, _line in bars)),  # noqa: S308 (every word is escaped in _bar)
        "table": mark_safe("".join(line for _bar, line in bars)),  # noqa: S308 (as above)
        "width": len(bars) * (BAR + GAP),
        "height": FOOT + 24,
        "words": words,
    }


def _bar(number: int, day: Day, most: int, *, at: datetime) -> tuple[str, str]:
    """One day: its bar, and its line of the table."""
    here = clock.local(day.begins) if day.begins else None
    height = max(round(day.count / most * HEIGHT), 2) if day.count else 0
    left = number * (BAR + GAP) + GAP // 2
    label = _("late") if here is None else _("today") if number == 1 else date_format(here, "D j")
    count = f"{day.count}+" if day.count >= owed.MOST_COUNTED else str(day.count or "")
    bar = (
        f'<g class="radar-bar is-{"late" if here is None else "day"}">'
        f'<rect x="{left}" y="{FOOT - height}" width="{BAR}" height="{height}" rx="3"></rect>'
        f'<text class="radar-count" x="{left + BAR // 2}" y="{FOOT - height - 5}">{count}</text>'
        f'<text x="{left + BAR // 2}" y="{FOOT + 18}">{escape(label)}</text></g>'
    )
    full_day = _("Overdue") if here is None else date_format(here, "l j F")
    line = f'<tr><th scope="row">{escape(full_day)}</th><td class="number">{escape(_count(day.count))}</td></tr>'
    return bar, line
