"""Pages of the invented customers' mailbox, and the one-time doors."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tenir import clock
from tenir.cases.times import long, short, size
from tenir.customers.models import Reach
from tenir.people.models import Agent
from tenir.web.demo import doors, postbox
from tenir.web.demo.postbox import Letter, Postbox
from tenir.web.demo.writing import File, NotSent, compose, desk_mailbox, send
from tenir.web.public.page import TONGUES, public

Row = dict[str, Any]


def demonstration(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the demonstration; on a real desk there is none."""

    @wraps(view)
    def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return seen


@demonstration
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Signs in whom the door was made for, once."""
    email = doors.go_through(settings.DATA_DIR, token)
    agent = Agent.objects.filter(email=email, is_active=True).first() if email else None
    if agent is None:
        return show(request, "door_closed", {}, status=410)
    login(request, agent, backend="tenir.web.signin.keeping.ByPassword")
    return HttpResponseRedirect(reverse("home"))


@demonstration
@public
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who has a mailbox here; writing to the desk as somebody new."""
    if request.method == "POST":
        address = request.POST.get("address", "").strip().lower()
        if (box := _box(address)) is not None:
            return HttpResponseRedirect(reverse("demo-writing", args=[box.address]))
    return show(request, "people", {"people": _people(), "typed": request.POST.get("address", "")})


def _people() -> list[Row]:
    names = {
        reach.value: reach.customer.name
        for reach in Reach.objects.filter(kind=Reach.Kind.EMAIL).select_related("customer")
    }
    everybody = dict.fromkeys([*names, *postbox.addresses()])
    rows = [
        {
            "name": names.get(address) or address,
            "address": address,
            "url": reverse("demo-letters", args=[address]),
            "unread": Postbox(address).unread(),
        }
        for address in everybody
        if _box(address) is not None
    ]
    return sorted(rows, key=lambda row: (-row["unread"], row["name"].lower()))


def _box(address: str) -> Postbox | None:
    try:
        return Postbox(address)
    except ValueError:
        return None


def _owned(address: str) -> Postbox:
    box = _box(address)
    if box is None:
        raise Http404
    return box


def _name(box: Postbox) -> str:
    reach = Reach.objects.filter(kind=Reach.Kind.EMAIL, value=box.address).select_related("customer").first()
    return reach.customer.name if reach else ""


@demonstration
@public
def letters(request: HttpRequest, address: str) -> HttpResponse:
    """The letters of one person, newest first; the list renews itself."""
    box = _owned(address)
    rows = [_row(box, letter) for letter in box.letters()[:200]]
    context = {"name": _name(box) or box.address, "address": box.address, "letters": rows}
    return show(request, "_letters" if request.headers.get("HX-Request") else "letters", context)


def _row(box: Postbox, letter: Letter) -> Row:
    mail = letter.mail
    who = mail.sender.name or mail.sender.address if mail.sender else "?"
    return {
        "url": reverse("demo-letter", args=[box.address, letter.key]),
        "who": _("to the desk") if letter.own else who,
        "own": letter.own,
        "unread": letter.unread,
        "subject": mail.subject or _("(no subject)"),
        "words": " ".join(mail.new_text.split())[:160],
        "when": short(letter.at, at=clock.now()),
        "files": len(mail.attachments),
    }


@demonstration
@public
def letter(request: HttpRequest, address: str, key: str) -> HttpResponse:
    """One letter, and the answer to it."""
    box = _owned(address)
    found = box.letter(key)
    if found is None:
        raise Http404
    context = _page(box, found)
    if request.method == "POST":
        answered = found.mail.reply_to or ((found.mail.sender,) if found.mail.sender else ())
        to = _desk() if found.own or not answered else answered[0].address
        context["problem"] = _send(request, box, to=to, found=found)
        if not context["problem"]:
            return HttpResponseRedirect(reverse("demo-letters", args=[box.address]))
        context["typed"] = request.POST.get("text", "")
    return show(request, "letter", context)


def _page(box: Postbox, found: Letter) -> Row:
    mail = found.mail
    return {
        "name": _name(box) or box.address,
        "address": box.address,
        "row": _row(box, found),
        "when": long(found.at, at=clock.now()),
        "to": ", ".join(one.address for one in mail.to),
        "text": mail.new_text,
        "folded": [fold.text for fold in mail.folded],
        "files": [
            {
                "name": one.name,
                "size": size(one.size),
                "url": reverse("demo-file", args=[box.address, found.key, number]),
            }
            for number, one in enumerate(mail.attachments)
        ],
    }


@demonstration
@public
def write(request: HttpRequest, address: str) -> HttpResponse:
    """A new letter to the desk."""
    box = _owned(address)
    context: Row = {"name": _name(box) or box.address, "address": box.address, "to": _desk()}
    if request.method == "POST":
        context["problem"] = _send(request, box, to=_desk(), found=None)
        if not context["problem"]:
            return HttpResponseRedirect(reverse("demo-letters", args=[box.address]))
        context |= {"typed": request.POST.get("text", ""), "subject": request.POST.get("subject", "")}
    return show(request, "writing", context)


def _desk() -> str:
    box = desk_mailbox()
    return box.address if box else ""


def _send(request: HttpRequest, box: Postbox, *, to: str, found: Letter | None) -> str:
    """Sends what was written; what is wrong in words, or nothing."""
    text = request.POST.get("text", "").strip()
    if not text:
        return _("There is nothing written yet.")
    files = [File(file.name or "file", file.read()) for file in request.FILES.getlist("files")]
    subject = " ".join(request.POST.get("subject", "").split())[:200]
    letter = compose(
        sender=(_name(box), box.address),
        to=to,
        subject=subject,
        text=text,
        at=clock.now(),
        answers=found.mail if found else None,
        files=files,
    )
    try:
        send(letter, sender=box.address, to=to)
    except NotSent as refused:
        return _("The letter did not leave: %(reason)s") % {"reason": refused}
    return ""


@demonstration
@public
def file(request: HttpRequest, address: str, key: str, number: int) -> HttpResponse:
    """A file of a letter, handed out and never shown."""
    found = _owned(address).letter(key)
    if found is None or number >= len(found.mail.attachments):
        raise Http404
    one = found.mail.attachments[number]
    response = HttpResponse(one.content, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(one.name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def show(request: HttpRequest, template: str, context: Row, *, status: int = 200) -> HttpResponse:
    """Renders a page of the demonstration in the frame of the customers' pages."""
    other = "en" if translation.get_language() == "fr" else "fr"
    frame = {
        "home_url": reverse("demo-mailbox"),
        "other_language": {"url": f"{request.path}?lang={other}", "label": TONGUES[other], "code": other},
    }
    return render(request, f"tenir/demo/{template}.html", frame | context, status=status)
