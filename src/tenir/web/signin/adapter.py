"""How allauth behaves here: nobody signs up, letters leave through the outbox, the second factor is kept encrypted."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenir import clock
from tenir.channels.email.account_mail import NOTICES, plan_account_mail
from tenir.channels.email.secrets import seal, unseal
from tenir.people.access import organisation_name
from tenir.people.models import Agent

PASSWORD_RESET = "account/email/password_reset_key"  # noqa: S105 (allauth's name of a letter)


class Door(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in with an address and a password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("Your access has ended. Ask whoever administers this desk."),
        "email_password_mismatch": gettext_lazy("This address and this password do not go together. Check both."),
        "incorrect_code": gettext_lazy(
            "This code is not the right one. It changes every thirty seconds: take the new one."
        ),
        "incorrect_password": gettext_lazy("This is not your password."),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait five minutes, or ask for a new password."),
        "rate_limited": gettext_lazy("Too many attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are invited."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Plans the letter; of all that allauth would write only a new password's link is ever asked for here."""
        user = context.get("user")
        if template_prefix == PASSWORD_RESET and isinstance(user, Agent):
            plan_account_mail(user, what="reset_link", at=clock.now())

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tells the person what was changed about their own access, in case it was not them."""
        what = template_prefix.rpartition("/")[2]
        if isinstance(user, Agent) and what in NOTICES:
            plan_account_mail(user, what=what, at=clock.now())


class OpenIdDoor(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in through the organisation's identity provider: only for those who are here already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: people are invited."""
        return False


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Codes and passkeys."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": Door.error_messages["incorrect_code"]}

    def encrypt(self, text: str) -> str:
        """A copy of the database alone gives nobody's second factor."""
        return seal({"second_factor": text})

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` was given. Raises `SecretsUnreadable`."""
        return unseal(encrypted_text)["second_factor"]

    def get_totp_issuer(self) -> str:
        """The name in the person's authenticator application."""
        return organisation_name()

    def _get_site_name(self) -> str:
        return organisation_name()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 (allauth's name)
        """The name offered for a new passkey."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey %(number)s") % {"number": number}
