"""Customers: one field that finds them, and a page of what is known, each part corrected where it stands."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases import lists, search
from tenir.cases import presenters as case_rows
from tenir.cases.access import visible_cases
from tenir.customers import imports, verbs, words
from tenir.customers.access import by_phone, customer_for, known, merge_for, note_for, reach_for
from tenir.customers.models import Consent, Customer, Merge
from tenir.customers.phone import for_browser, read_phone
from tenir.customers.presenters import aside_of, title_of
from tenir.customers.table import Unreadable
from tenir.people.rights import may, require
from tenir.web.desk import DeskRequest, back, change, page

LARGEST_IMPORT = 20 * 1024 * 1024


@page
def customers(request: DeskRequest) -> HttpResponse:
    """Finds people by name, address, number or subscription; without a question, the newest ones."""
    query = request.GET.get("q", "").strip()
    require(request.user, "see_customers")
    if query:
        found = search.find_customers(query, limit=50)
    else:
        found = list(Customer.objects.filter(merged_into=None).order_by("-pk")[:50])
    rows = [{"name": title_of(one), "url": reverse("customer", args=[one.pk]), "pk": one.pk} for one in found]
    context = {"query": query, "rows": rows, "may_import": may(request.user, "import_subscriptions")}
    return render(request, "tenir/customers/list.html", context)


@page
def new_customer(request: DeskRequest) -> HttpResponseBase:
    """Somebody who called or came: a name and one way to reach them."""
    if request.method != "POST":
        return render(request, "tenir/customers/new.html", {"typed": {}})
    return _added(request)


@change
def _added(request: DeskRequest) -> HttpResponse:
    at = clock.now()
    made = verbs.add_customer(name=request.POST.get("name", ""), by=request.user, at=at)
    for kind in ("email", "phone"):
        if text := request.POST.get(kind, "").strip():
            verbs.add_reach(made, kind=kind, text=text, by=request.user, at=at)
    return HttpResponseRedirect(reverse("customer", args=[made.pk]))


@page
def customer(request: DeskRequest, customer: int) -> HttpResponse:
    """What is known of somebody, their cases, and the places to correct it."""
    found = customer_for(request.user, customer)
    if found.pk != customer:
        return HttpResponseRedirect(reverse("customer", args=[found.pk]))
    cases = visible_cases(request.user).filter(customer=found, merged_into=None)
    listed = lists.listed(cases.order_by("-moved_at", "-pk")[:50])
    rows = case_rows.case_rows(listed, viewer=request.user, at=clock.now())
    merge = Merge.objects.filter(kept=found, undone_at=None).order_by("-pk").select_related("gone").first()
    context = {
        "customer": found,
        "person": aside_of(known(found)),
        "cases": rows,
        "merge": merge,
        "choices": _choices(),
        "may_change": may(request.user, "change_customers"),
        "may_merge": may(request.user, "merge_customers"),
    }
    return render(request, "tenir/customers/customer.html", context)


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What a customer may prefer, in the reader's language."""
    nothing = ("", _("nothing said"))
    return {
        "channel": [nothing, ("email", _("e-mail")), ("phone", _("the telephone")), ("letter", _("letters on paper"))],
        "pace": [nothing, ("slow", _("slow speech")), ("writing", _("writing"))],
        "format": [nothing, ("digital", _("digital edition")), ("paper", _("paper"))],
        "news": [("", _("all of them")), ("answers", _("only those that need an answer")), ("none", _("none of them"))],
        "language": [nothing, ("fr", _("French")), ("en", _("English"))],
    }


@change
def details(request: DeskRequest, customer: int) -> HttpResponse:
    """Corrects name, address, language and preferences at once."""
    found = customer_for(request.user, customer)
    given = request.POST.get
    corrected = verbs.Details(
        name=given("name"),
        postal_address=given("postal_address"),
        language=given("language"),
        prefers_channel=given("prefers_channel"),
        prefers_hours=given("prefers_hours"),
        prefers_pace=given("prefers_pace"),
        prefers_format=given("prefers_format"),
        prefers_news=given("prefers_news"),
    )
    verbs.correct_details(found, details=corrected, by=request.user, at=clock.now())
    messages.success(request, _("Kept."))
    return back(request)


@change
def add_reach(request: DeskRequest, customer: int) -> HttpResponse:
    """Adds an address or a number; the kind is read from what was typed."""
    found = customer_for(request.user, customer)
    text = request.POST.get("text", "").strip()
    kind = request.POST.get("kind") or ("email" if "@" in text.strip("@") else "phone")
    verbs.add_reach(found, kind=kind, text=text, by=request.user, at=clock.now())
    return back(request)


@change
def correct_reach(request: DeskRequest, reach: int) -> HttpResponse:
    """Corrects an address or a number."""
    text = request.POST.get("text", "")
    verbs.correct_reach(reach_for(request.user, reach), text=text, by=request.user, at=clock.now())
    return back(request)


@change
def remove_reach(request: DeskRequest, reach: int) -> HttpResponse:
    """Forgets an address or a number."""
    verbs.remove_reach(reach_for(request.user, reach), by=request.user, at=clock.now())
    return back(request)


@page
def check_phone(request: DeskRequest) -> JsonResponse:
    """What the server reads in a number as it is typed, and who has it already."""
    text = request.GET.get("number", "")[:60]
    reading = read_phone(text)
    whole = reading.e164 is not None
    same = [
        {"name": title_of(one), "url": reverse("customer", args=[one.pk])} for one in (by_phone(text) if whole else [])
    ]
    told = for_browser(reading, language=get_language() or "fr")
    return JsonResponse(told | {"word": told["sentence"], "same": same})


@change
def add_note(request: DeskRequest, customer: int) -> HttpResponse:
    """Keeps a dated fact. Words that may not belong there are shown once, with what to write instead."""
    found = customer_for(request.user, customer)
    text = request.POST.get("text", "")
    findings = words.check(text)
    if findings and "anyway" not in request.POST:
        context = {"customer": found, "text": text, "findings": findings, "title": title_of(found)}
        return render(request, "tenir/customers/note_check.html", context)
    verbs.add_note(found, text=text, by=request.user, at=clock.now())
    return HttpResponseRedirect(reverse("customer", args=[found.pk]) + "#notes")


@change
def strike_note(request: DeskRequest, note: int) -> HttpResponse:
    """Erases the words of a note."""
    verbs.strike_note(note_for(request.user, note), by=request.user, at=clock.now())
    return back(request)


@change
def give_consent(request: DeskRequest, customer: int) -> HttpResponse:
    """Notes what the customer agreed to, and how."""
    found = customer_for(request.user, customer)
    purpose, how = request.POST.get("purpose", ""), request.POST.get("how", "")
    verbs.give_consent(found, purpose=purpose, how=how, by=request.user, at=clock.now())
    return back(request)


@change
def withdraw_consent(request: DeskRequest, consent: int) -> HttpResponse:
    """Notes that an agreement was withdrawn."""
    given = Consent.objects.select_related("customer").get(pk=consent)
    customer_for(request.user, given.customer_id)
    verbs.withdraw_consent(given, by=request.user, at=clock.now())
    return back(request)


@change
def merge(request: DeskRequest, customer: int) -> HttpResponse:
    """Makes another record part of this one."""
    number = request.POST.get("gone", "")
    gone = customer_for(request.user, int(number) if number.isdecimal() and len(number) < 18 else 0)
    kept = customer_for(request.user, customer)
    verbs.merge(kept, gone=gone, by=request.user, at=clock.now())
    return HttpResponseRedirect(reverse("customer", args=[kept.pk]))


@change
def undo_merge(request: DeskRequest, merge: int) -> HttpResponse:
    """Makes two records of one again."""
    verbs.undo_merge(merge_for(request.user, merge), by=request.user, at=clock.now())
    return back(request)


@page
def import_subscriptions(request: DeskRequest) -> HttpResponse:
    """Subscriptions from a CSV file: first what it would do, line by line, then doing it."""
    require(request.user, "import_subscriptions")
    upload = request.FILES.get("file")
    context: dict[str, object] = {}
    if request.method == "POST" and isinstance(upload, UploadedFile):
        try:
            context = _imported(request, upload)
        except Unreadable as unreadable:
            messages.error(request, str(unreadable))
    return render(request, "tenir/customers/import.html", context)


def _imported(request: DeskRequest, upload: "UploadedFile[Any]") -> dict[str, object]:
    if (upload.size or 0) > LARGEST_IMPORT:
        messages.error(request, _("This file is larger than 20 MB. Send it in parts."))
        return {}
    content, done = upload.read(), "do" in request.POST
    if done:
        report = imports.import_subscriptions(content, by=request.user, at=clock.now())
    else:
        report = imports.preview(content, by=request.user)
    words = {
        imports.Outcome.ADDED: _("added"),
        imports.Outcome.CHANGED: _("changed"),
        imports.Outcome.UNCHANGED: _("unchanged"),
        imports.Outcome.REFUSED: _("refused"),
    }
    counts = [(words[outcome], count) for outcome, count in report.counts.items()]
    return {
        "report": report,
        "done": done,
        "counts": [*counts, (_("new customers"), report.new_customers)],
        "lines": [(line, words[line.outcome]) for line in report.lines],
    }
