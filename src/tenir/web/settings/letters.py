"""Letters that opened no case: machines, bounces, hurried senders. What they were taken for, and the way back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases.access import visible_cases
from tenir.channels.email import receive
from tenir.channels.email.models import Mail
from tenir.ledger import files
from tenir.people.rights import require
from tenir.web.desk import DeskRequest, change, page
from tenir.web.settings.keyset import Place

Row = dict[str, Any]
PAGE = 50
SHOWN = 200_000
"""Bytes of a raw letter that the page shows; the whole is downloaded."""
RIGHT = "see_mail_without_case"


def outcome_words(mail: Mail) -> tuple[str, str]:
    """What the letter was taken for, and a longer word about it."""
    words = {
        Mail.Outcome.MACHINE.value: (_("a machine"), _("written by a program: it gets no answer")),
        Mail.Outcome.BOUNCE.value: (_("came back"), _("a letter of ours that could not be delivered")),
        Mail.Outcome.SLOWED.value: (_("held back"), _("its sender writes very often: it is read within the hour")),
        Mail.Outcome.MESSAGE.value: (_("in a case"), _("a person made a case of it")),
    }
    return words[mail.outcome]


@page
def letters(request: DeskRequest) -> HttpResponse:
    """The newest first, fifty at a time."""
    require(request.user, RIGHT)
    place = Place.read(request.GET)
    found = place.of(Mail.objects.exclude(outcome=Mail.Outcome.MESSAGE).select_related("mailbox"), PAGE)
    here = reverse("letters")
    context = {
        "rows": [_row(mail) for mail in found.rows],
        "newer_url": f"{here}?{urlencode(found.newer)}" if found.newer else "",
        "older_url": f"{here}?{urlencode(found.older)}" if found.older else "",
    }
    return render(request, "tenir/settings/letters.html", context)


def _row(mail: Mail) -> Row:
    word, longer = outcome_words(mail)
    return {
        "pk": mail.pk,
        "sender": mail.sender or _("without a sender"),
        "subject": mail.subject or _("without a subject"),
        "when": clock.local(mail.received_at),
        "word": word,
        "longer": longer,
        "reason": "" if mail.outcome == Mail.Outcome.SLOWED else mail.reason,
        "mailbox": mail.mailbox.address if mail.mailbox else "",
    }


def _found(request: DeskRequest, mail: int) -> Mail:
    """One such letter; those of cases are read in their case, by whoever may see it."""
    require(request.user, RIGHT)
    return Mail.objects.select_related("mailbox", "message__case").exclude(outcome=Mail.Outcome.MESSAGE).get(pk=mail)


@page
def letter(request: DeskRequest, mail: int) -> HttpResponse:
    """One letter as it came, as text: nothing of it is drawn."""
    found = _found(request, mail)
    try:
        raw = files.content_of(found.sha256)
    except FileNotFoundError:
        raw = b""
    case = found.message.case if found.message else None
    seen = case is not None and visible_cases(request.user).filter(pk=case.pk).exists()
    context = {
        "row": _row(found),
        "raw": raw[:SHOWN].decode("utf-8", "replace"),
        "more": len(raw) > SHOWN,
        "missing": not raw,
        "case": str(case) if seen else "",
    }
    return render(request, "tenir/settings/letter.html", context)


@page
def raw(request: DeskRequest, mail: int) -> HttpResponse:
    """The very bytes, to keep: never shown as a page."""
    found = _found(request, mail)
    try:
        content = files.content_of(found.sha256)
    except FileNotFoundError:
        from django.http import Http404

        raise Http404 from None
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="letter-{found.pk}.eml"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@change
def make_case(request: DeskRequest, mail: int) -> HttpResponse:
    """A person's letter after all: it becomes a message of its case."""
    require(request.user, RIGHT)
    message = receive.rescue(Mail.objects.get(pk=mail), at=clock.now(), by=request.user)
    if visible_cases(request.user).filter(pk=message.case_id).exists():
        return redirect("case", message.case)
    return redirect("letters")
