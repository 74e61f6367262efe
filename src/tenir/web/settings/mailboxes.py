"""Mailboxes: how each is, and the form that is tried before it is kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from tenir import clock
from tenir.channels.email import verbs
from tenir.channels.email.models import FolderPosition, Mailbox
from tenir.channels.email.wires.trouble import MailError, Trouble
from tenir.people.access import teams
from tenir.people.models import Agent
from tenir.people.rights import require
from tenir.web.desk import DeskRequest, page
from tenir.web.settings.mailbox_form import MailboxForm
from tenir.web.settings.trial import Trial, try_mailbox
from tenir.web.settings.views import show

Row = dict[str, Any]


def trouble_words(box: Mailbox) -> str:
    """What is wrong with a mailbox now, in the reader's language; empty when nothing is."""
    if not box.trouble:
        return ""
    if box.trouble == verbs.STORING:
        said = {"said": box.trouble_detail}
        return _("A mail cannot be stored. It stays in the mailbox and comes again. Check the disk. [%(said)s]") % said
    code = box.trouble.removeprefix(verbs.SENDING)
    if code not in set(Trouble):
        return _("The settings of this mailbox cannot be used. Open it, try it and save it again.")
    way = box.outgoing if box.trouble.startswith(verbs.SENDING) else box.incoming
    host = way.get("host") or ""
    return MailError(Trouble(code), host=host, said=box.trouble_detail).sentence()


@page
def mailboxes(request: DeskRequest) -> HttpResponse:
    """All of them, with what is wrong."""
    require(request.user, "manage_mailboxes")
    rows = [
        {
            "pk": box.pk,
            "name": box.name,
            "address": box.address,
            "team": box.team.name if box.team else "",
            "active": box.is_active,
            "trouble": trouble_words(box),
            "since": clock.local(box.trouble_since) if box.trouble_since else None,
            "read": clock.local(box.read_at) if box.read_at else None,
            "reads": bool(box.incoming.get("host")),
            "sends": bool(box.outgoing.get("host")),
            "unconnected": unconnected(box),
        }
        for box in Mailbox.objects.select_related("team").order_by("address")
    ]
    return show(request, "mailboxes", {"rows": rows})


def unconnected(box: Mailbox) -> bool:
    """Whether a permission (OAuth 2) has still to be given."""
    from tenir.channels.email.secrets import SecretsUnreadable, unseal

    if box.incoming.get("sign_in") != "oauth":
        return False
    try:
        return "oauth_access" not in unseal(box.secrets) and not box.incoming.get("oauth", {}).get("acts_alone")
    except SecretsUnreadable:
        return True


@sensitive_post_parameters()
@page
def new(request: DeskRequest) -> HttpResponse:
    """One more."""
    require(request.user, "manage_mailboxes")
    return form_page(request, Mailbox(), done="mailboxes")


@sensitive_post_parameters()
@page
def edit(request: DeskRequest, mailbox: int) -> HttpResponse:
    """One that is there."""
    require(request.user, "manage_mailboxes")
    return form_page(request, Mailbox.objects.get(pk=mailbox), done="mailboxes")


def form_page(request: DeskRequest, box: Mailbox, *, done: str, template: str = "mailbox") -> HttpResponse:
    """The form: `do` is "try", "save" (which tries first), or "anyway"."""
    known_teams = teams(request.user)
    if request.method != "POST":
        form = MailboxForm(mailbox=box, teams=known_teams)
        return _show(request, template, form)
    form = MailboxForm(request.POST, mailbox=box, teams=known_teams)
    if not form.is_valid():
        return _show(request, template, form, status=422)
    do = request.POST.get("do", "try")
    if form.cleaned_data["sign_in"] == "oauth" and (box.pk is None or unconnected(form.on_trial())):
        return _to_permission(request, form)
    letter_to = request.user if form.cleaned_data["test_letter"] and do != "anyway" else None
    trial = Trial() if do == "anyway" else try_mailbox(form.on_trial(), letter_to=letter_to)
    if do == "anyway" or (do == "save" and trial.good):
        _keep(form, trial, by=request.user)
        messages.success(request, _("The mailbox is kept."))
        return redirect(done)
    return _show(request, template, form, trial=trial, asked_to_save=do == "save")


def _show(
    request: DeskRequest,
    template: str,
    form: MailboxForm,
    *,
    trial: Trial | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    chosen = form.cleaned_data.get("folders") or [] if form.is_bound and hasattr(form, "cleaned_data") else []
    if form.is_bound and hasattr(form, "cleaned_data"):
        form.carry()
    context = {
        "form": form,
        "box": form.mailbox,
        "trial": trial,
        "offered": [(name, name in (chosen or ["INBOX"])) for name in trial.folders] if trial else [],
        "is_new": form.mailbox.read_at is None,
        "has_secret": bool(form.mailbox.secrets),
        "trouble": trouble_words(form.mailbox) if form.mailbox.pk else "",
        "unconnected": unconnected(form.mailbox) if form.mailbox.pk else False,
    }
    return show(request, template, context | more, status=status)


def _keep(form: MailboxForm, trial: Trial, *, by: Agent) -> None:
    """Writes the mailbox; a new one that begins now is told where its folders end before anybody reads it."""
    at, box, fields = clock.now(), form.mailbox, form.fields_of_row()
    begins_now = box.read_at is None and form.cleaned_data.get("begin") != "all" and trial.ends
    if begins_now and fields["is_active"]:
        verbs.save_mailbox(box, secrets=form.secrets(), by=by, at=at, **fields | {"is_active": False})
        _begin(box, trial)
        verbs.save_mailbox(box, secrets={}, by=by, at=at, is_active=True)
    else:
        verbs.save_mailbox(box, secrets=form.secrets(), by=by, at=at, **fields)


def _begin(box: Mailbox, trial: Trial) -> None:
    known = set(FolderPosition.objects.filter(mailbox=box).values_list("folder", flat=True))
    for folder, end in trial.ends.items():
        if folder not in known:
            verbs.note_position(box, folder=folder, position=end)


def _to_permission(request: DeskRequest, form: MailboxForm) -> HttpResponse:
    """A mailbox with OAuth 2 is kept out of use until somebody has given the permission; then it can be tried."""
    fields = form.fields_of_row() | {"is_active": False}
    verbs.save_mailbox(form.mailbox, secrets=form.secrets(), by=request.user, at=clock.now(), **fields)
    return redirect("mailbox-oauth", form.mailbox.pk)
