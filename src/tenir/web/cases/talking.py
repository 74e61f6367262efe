"""What the desk says in a case: replies, notes, noted calls, and the draft that keeps every word meanwhile."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tenir import clock
from tenir.cases import verbs
from tenir.cases.access import case_for, message_for
from tenir.cases.models import Case, Draft, Message
from tenir.ledger import files
from tenir.ledger.refusals import Refusal
from tenir.people.access import colleagues
from tenir.people.models import Agent
from tenir.web.cases.moments import read_moment
from tenir.web.cases.rows import draft_tile
from tenir.web.desk import DeskRequest, back, change, page
from tenir.web.promises.hearing import promised

KINDS = {"reply": Message.Kind.REPLY, "note": Message.Kind.NOTE}


def _case_page(case: Case) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("case", args=[case]) + "#end")


@change
def reply(request: DeskRequest, reference: str) -> HttpResponse:
    """Writes a reply, held ten seconds or scheduled. A refusal loses nothing: the words are in the draft."""
    case = case_for(request.user, reference)
    at = clock.now()
    draft = _keep_draft(request, case, Message.Kind.REPLY, at=at)
    try:
        verbs.reply(
            case,
            by=request.user,
            at=at,
            text=draft.text,
            recipients=draft.recipients,
            seen_id=draft.seen_id,
            files=_files(draft),
            leaves_at=_scheduled(request, at=at),
            then_wait=request.POST.get("then") != "open",
            promised=promised(request.POST, at=at),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _case_page(case)


def _scheduled(request: DeskRequest, *, at: datetime) -> datetime | None:
    text = request.POST.get("leaves_at", "")
    return read_moment(text, at=at) if text else None


@change
def undo_reply(request: DeskRequest, message: int) -> HttpResponse:
    """Takes a reply back before it leaves; its words are in the draft again."""
    found = message_for(request.user, message)
    verbs.undo_reply(found, by=request.user, at=clock.now())
    return _case_page(found.case)


@change
def note(request: DeskRequest, reference: str) -> HttpResponse:
    """Writes an internal note; @name tells that colleague."""
    case = case_for(request.user, reference)
    at = clock.now()
    draft = _keep_draft(request, case, Message.Kind.NOTE, at=at)
    try:
        named = _mentioned(request, draft.text)
        verbs.write_note(case, by=request.user, at=at, text=draft.text, mentions=named, files=_files(draft))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _case_page(case)


def _mentioned(request: DeskRequest, text: str) -> list[Agent]:
    """The colleagues whose names follow an @ in the text, longest name first so that "Anne-Lise" is not "Anne"."""
    named = []
    for colleague in sorted(colleagues(request.user), key=lambda c: -len(c.given_name)):
        if re.search(rf"@{re.escape(colleague.given_name)}(?!\w)", text, re.IGNORECASE):
            named.append(colleague)
            text = re.sub(rf"@{re.escape(colleague.given_name)}(?!\w)", "", text, flags=re.IGNORECASE)
    return named


@change
def call(request: DeskRequest, reference: str) -> HttpResponse:
    """Notes a telephone call that was had, or that was cut."""
    case = case_for(request.user, reference)
    at = clock.now()
    text = request.POST.get("text", "").strip()
    cut = "cut" in request.POST
    direction = "out" if request.POST.get("direction") == "out" else "in"
    verbs.log_call(case, by=request.user, at=at, said_at=at, direction=direction, text=text, cut=cut)
    return _case_page(case)


# --- Drafts ------------------------------------------------------------------------------------------------------


@change
def draft(request: DeskRequest, reference: str) -> HttpResponse:
    """Saves what is being written, as it is typed; answers with when it was saved."""
    case = case_for(request.user, reference)
    at = clock.now()
    saved = _keep_draft(request, case, KINDS.get(request.POST.get("kind", ""), Message.Kind.REPLY), at=at)
    return JsonResponse({"saved_at": saved.saved_at.isoformat()})


def _keep_draft(request: DeskRequest, case: Case, kind: str, *, at: datetime) -> Draft:
    seen = request.POST.get("seen", "")
    recipients = None
    if "to" in request.POST:
        recipients = {"to": _addresses(request, "to"), "cc": _addresses(request, "cc")}
    return verbs.save_draft(
        case,
        by=request.user,
        kind=kind,
        text=request.POST.get("text", ""),
        at=at,
        recipients=recipients,
        seen_id=int(seen) if seen.isdecimal() and len(seen) < 18 else None,
    )


def _addresses(request: DeskRequest, name: str) -> list[str]:
    """Addresses of a field, several in one or several fields, each once."""
    typed = re.split(r"[,;\s]+", " ".join(request.POST.getlist(name)))
    return list(dict.fromkeys(address.strip("<>") for address in typed if address.strip("<>")))[:50]


@change
def discard_draft(request: DeskRequest, reference: str) -> HttpResponse:
    """Throws the draft away."""
    case = case_for(request.user, reference)
    verbs.discard_draft(case, by=request.user, kind=KINDS.get(request.POST.get("kind", ""), Message.Kind.REPLY))
    return back(request)


@page
@require_POST
def add_file(request: DeskRequest, reference: str) -> HttpResponse:
    """Keeps a dropped, pasted or chosen file with the draft; answers with its tile, or says why not (422)."""
    case = case_for(request.user, reference)
    kind = KINDS.get(request.POST.get("kind", ""), Message.Kind.REPLY)
    upload = request.FILES.get("file")
    if upload is None:
        return HttpResponse(_("No file came. Choose it again."), status=422, content_type="text/plain; charset=utf-8")
    if (upload.size or 0) > settings.MAX_ATTACHMENT_MB * 1024 * 1024:
        words = _("Larger than %(size)s MB: send it another way, or in parts.") % {"size": settings.MAX_ATTACHMENT_MB}
        return HttpResponse(words, status=422, content_type="text/plain; charset=utf-8")
    content_type = upload.content_type or "application/octet-stream"
    row = [upload.name or "file", content_type, upload.size, files.keep(upload.read())]
    _change_files(request, case, kind, add=[row])
    return render(request, "tenir/components/attachment.html", {"file": draft_tile(case, row)})


@change
def remove_file(request: DeskRequest, reference: str) -> HttpResponse:
    """Takes a file out of the draft."""
    case = case_for(request.user, reference)
    kind = KINDS.get(request.POST.get("kind", ""), Message.Kind.REPLY)
    _change_files(request, case, kind, remove=request.POST.get("sha256", ""))
    return HttpResponse(status=204)


def _change_files(
    request: DeskRequest, case: Case, kind: str, *, add: Sequence[Sequence[object]] = (), remove: str = ""
) -> None:
    existing = case.drafts.filter(agent=request.user, kind=kind).first()
    text = request.POST.get("text", existing.text if existing else "")
    kept = [row for row in (existing.attachments if existing else []) if row[3] != remove]
    verbs.save_draft(case, by=request.user, kind=kind, text=text, at=clock.now(), attachments=[*kept, *add])


def _files(draft: Draft) -> list[verbs.KeptFile]:
    return [
        verbs.KeptFile(name=name, content_type=content_type, size=size, sha256=sha256)
        for name, content_type, size, sha256 in draft.attachments
    ]
