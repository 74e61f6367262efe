"""Letters about somebody's own access: a link for a new password, word of a change in case it was not them.

Nothing secret waits in the outbox: the link is made when the letter leaves, and works for one change of password.
"""

import hashlib
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenir import clock
from tenir.channels.email.accounts import sending
from tenir.channels.email.models import Mailbox
from tenir.channels.email.secrets import SecretsUnreadable
from tenir.channels.email.wires import compose as wire
from tenir.channels.email.wires.smtp import Fate, send
from tenir.outbox import verbs as outbox
from tenir.outbox.handlers import GiveUp, Later, handles, next_try
from tenir.outbox.models import Task
from tenir.people.access import organisation_name
from tenir.people.models import Agent

LONGEST = timedelta(hours=2)
"""A link that comes later than this surprises more than it helps: the person asks again."""

NOTICES = {
    "password_reset": gettext_lazy("The password was changed."),
    "password_changed": gettext_lazy("The password was changed."),
    "password_set": gettext_lazy("A password was set."),
    "totp_activated": gettext_lazy("The codes of an application are now asked for at sign-in."),
    "totp_deactivated": gettext_lazy("The codes of an application are no longer asked for at sign-in."),
    "recovery_codes_generated": gettext_lazy("New recovery codes were made; the old ones no longer work."),
    "webauthn_added": gettext_lazy("A passkey was added."),
    "webauthn_removed": gettext_lazy("A passkey was removed."),
}
"""What is told to the person, by allauth's name of the change."""


def plan_account_mail(agent: Agent, *, what: str, at: datetime) -> None:
    """Plans a letter to somebody about their own access: `reset_link` or one of `NOTICES`."""
    with transaction.atomic():
        outbox.plan("email.account", key=f"account:{uuid.uuid4().hex}", due_at=at, at=at, agent=agent.pk, what=what)


def sender_of_the_desk() -> Mailbox | None:
    """The mailbox that writes where no case says which: the desk's first that can send."""
    boxes = Mailbox.objects.filter(is_active=True).order_by("pk")
    return next((box for box in boxes if box.outgoing.get("host")), None)


@handles("email.account")
def write_account_mail(task: Task) -> None:
    """Writes the letter and hands it over; somebody who has left meanwhile gets none."""
    agent = Agent.objects.filter(pk=task.data["agent"], is_active=True).first()
    if agent is None:
        return
    box = sender_of_the_desk()
    if box is None:
        raise GiveUp("no mailbox can send")
    with translation.override(agent.language):
        raw = wire.compose(_letter(task, agent, box))
    try:
        outcome = send(sending(box), "", [agent.email], raw, before_data=lambda: None)
    except (ValueError, SecretsUnreadable) as unusable:
        raise GiveUp(repr(unusable)) from unusable
    if outcome.delivered:
        return
    reply = outcome.recipients[agent.email].reply or outcome.final
    said = f"{reply.code} {reply.text}" if reply else str(outcome.error or "")
    if outcome.those(Fate.PERMANENT) or clock.now() - task.created_at > LONGEST:
        raise GiveUp(said)
    raise Later(said, due_at=clock.now() + next_try(task.attempts))


def _letter(task: Task, agent: Agent, box: Mailbox) -> wire.Letter:
    what = task.data["what"]
    if what == "reset_link":
        subject = _("A new password for %(desk)s") % {"desk": organisation_name()}
        body = _(
            "Somebody asked for a new password for this address. If it was you, choose it here, within three days:\n\n"
            "%(link)s\n\nIf it was not you, forget this letter: nothing has changed."
        ) % {"link": _reset_link(agent)}
    else:
        subject = _("Your sign-in at %(desk)s has changed") % {"desk": organisation_name()}
        body = _(
            "%(what)s\n\nIf it was you, there is nothing to do. If it was not, tell whoever administers the desk "
            "at once, and ask for a new password here:\n\n%(link)s"
        ) % {"what": NOTICES[what], "link": _address("account_reset_password")}
    language: wire.Language = "en" if agent.language == "en" else "fr"
    return wire.Letter(
        sender=wire.Address(box.address, organisation_name()),
        to=[wire.Address(agent.email, agent.given_name)],
        subject=subject,
        date=clock.local(task.created_at),
        message_id=_message_id(task, box),
        body=body,
        language=language,
        automatic=wire.Automatic.GENERATED,
    )


def _message_id(task: Task, box: Mailbox) -> str:
    """The same at every try."""
    mark = hashlib.sha256(f"{settings.SECRET_KEY}{task.key}".encode()).hexdigest()[:32]
    return f"<{mark}@{box.address.rpartition('@')[2]}>"


def _reset_link(agent: Agent) -> str:
    from allauth.account import app_settings
    from allauth.account.utils import user_pk_to_url_str

    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(agent)
    return _address("account_reset_password_from_key", uidb36=user_pk_to_url_str(agent), key=key)


def _address(name: str, **parts: str) -> str:
    return settings.BASE_URL.rstrip("/") + reverse(name, kwargs=parts)
