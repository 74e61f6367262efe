"""One field that finds everything said and everyone known."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import lists, presenters
from tenir.cases import search as searching
from tenir.cases.search import Hit
from tenir.customers.models import Customer
from tenir.customers.presenters import title_of
from tenir.web.desk import DeskRequest, page
from tenir.web.shell import nav


@page
def search(request: DeskRequest) -> HttpResponse:
    """What was found: the case whose reference was typed, people, cases with the match in its context."""
    query = request.GET.get("q", "").strip()
    found = searching.find(query, agent=request.user)
    context = {
        "query": query,
        "exact": found.exact,
        "people": [_person(customer) for customer in found.customers],
        "hits": [_hit(hit, request) for hit in found.hits],
        "nothing": bool(query) and not (found.exact or found.customers or found.hits),
    }
    return render(request, "tenir/search/search.html", context)


def _person(customer: Customer) -> dict[str, Any]:
    return {"name": title_of(customer), "url": reverse("customer", args=[customer.pk])}


def _hit(hit: Hit, request: DeskRequest) -> dict[str, Any]:
    (row,) = presenters.case_rows([lists.listed_of(hit.case)], viewer=request.user, at=clock.now())
    return {"row": row, "excerpt": marked(hit.excerpt)}


def marked(pieces: list[tuple[str, bool]]) -> SafeString:
    """An excerpt with its matches in <mark>."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", text) if hit else text,) for text, hit in pieces)
    )


@page
def palette(request: DeskRequest) -> HttpResponse:
    """The palette's answers: places to go, then people and cases."""
    query = request.GET.get("q", "").strip()
    groups = [{"label": _("Go to"), "items": _places(request, query)}]
    if query:
        found = searching.find(query, agent=request.user, limit=8)
        cases = ([found.exact] if found.exact else []) + [hit.case for hit in found.hits if hit.case != found.exact]
        groups.insert(0, {"label": _("Cases"), "items": [_case_item(case) for case in cases]})
        groups.insert(1, {"label": _("Customers"), "items": [_person_item(c) for c in found.customers]})
        everywhere = {"label": _("Search for “%(query)s”") % {"query": query}, "icon": "search", "note": ""}
        groups.append(
            {"label": _("Search"), "items": [everywhere | {"url": reverse("search") + "?" + urlencode({"q": query})}]}
        )
    return render(request, "tenir/components/palette_results.html", {"groups": [g for g in groups if g["items"]]})


def _places(request: DeskRequest, query: str) -> list[dict[str, Any]]:
    links = [link for group in nav(request.user, "")["groups"] for link in group["links"]]
    links.append({"label": _("New case"), "icon": "plus", "url": reverse("new-case")})
    wanted = query.casefold()
    return [
        {"label": link["label"], "icon": link["icon"], "url": link["url"], "note": ""}
        for link in links
        if wanted in link["label"].casefold()
    ]


def _case_item(case: Any) -> dict[str, Any]:
    return {"label": case.subject, "icon": "mail", "url": reverse("case", args=[case]), "note": str(case)}


def _person_item(customer: Customer) -> dict[str, Any]:
    return {"label": title_of(customer), "icon": "person", "url": reverse("customer", args=[customer.pk]), "note": ""}
