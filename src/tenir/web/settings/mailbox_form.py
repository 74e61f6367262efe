"""The form of a mailbox, and how it becomes a mailbox. A secret that was given is never written into a page again.

Between a try and the next the password travels sealed with the desk's key and bound to the server and the user that it
was typed for: sent anywhere else, it is asked for again. So is the one that is kept already, when these change.
"""

from pathlib import Path
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenir.channels.email.models import Mailbox
from tenir.channels.email.secrets import SecretsUnreadable, seal, unseal
from tenir.channels.email.wires.addresses import on_the_wire

SECURITY = [
    ("tls", gettext_lazy("TLS (the usual)")),
    ("starttls", gettext_lazy("STARTTLS")),
    ("plain", gettext_lazy("none (only on this machine)")),
]
SIGN_IN = [
    ("password", gettext_lazy("A user name and a password")),
    ("oauth", gettext_lazy("OAuth 2, as Google and Microsoft require")),
]
SENDER_SIGN_IN = [
    ("same", gettext_lazy("the same user and password as for reading")),
    ("own", gettext_lazy("a user and a password of its own")),
    ("none", gettext_lazy("none: the server knows this machine")),
]
PROVIDERS = [
    ("google", gettext_lazy("Google")),
    ("microsoft", gettext_lazy("Microsoft 365, Outlook")),
    ("own", gettext_lazy("another service")),
]
BEGIN = [
    ("now", gettext_lazy("only what comes from now on")),
    ("all", gettext_lazy("also the letters that are in it already")),
]
AFTER = [
    ("", gettext_lazy("leave it where it is, marked")),
    ("move", gettext_lazy("move it to another folder")),
]
SERVERS = {
    "google": ("imap.gmail.com", 993, "smtp.gmail.com", 465, "tls"),
    "microsoft": ("outlook.office365.com", 993, "smtp.office365.com", 587, "starttls"),
}
"""Where the two great services are; written in when the form leaves the host empty."""


def _text(label: Any, *, longest: int = 254, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, **more)


def _port(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=65535)


def _secret(label: Any) -> forms.CharField:
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, required=False, max_length=2000, widget=widget, strip=False)


class MailboxForm(forms.Form):
    """Everything that a mailbox needs. `mailbox` is the row that is changed, unsaved for a new one."""

    name = _text(gettext_lazy("Name, for colleagues"), longest=80)
    address = forms.EmailField(label=gettext_lazy("The mailbox’s address"), max_length=254)
    aliases = _text(
        gettext_lazy("Its other addresses"), longest=2000,
        help_text=gettext_lazy("Letters to them come here too. Parted by commas."),
    )  # fmt: skip
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    sign_in = forms.ChoiceField(
        label=gettext_lazy("How the desk signs in"), choices=SIGN_IN, widget=forms.RadioSelect, initial="password"
    )

    provider = forms.ChoiceField(
        label=gettext_lazy("Service"), choices=PROVIDERS, widget=forms.RadioSelect, initial="google", required=False
    )
    tenant = _text(gettext_lazy("Your organisation’s identifier at Microsoft (tenant)"))
    client_id = _text(gettext_lazy("Client identifier"))
    client_secret = _secret(gettext_lazy("Client secret"))
    authorize_url = forms.URLField(label=gettext_lazy("Authorisation address"), required=False, assume_scheme="https")
    token_url = forms.URLField(label=gettext_lazy("Token address"), required=False, assume_scheme="https")
    device_url = forms.URLField(label=gettext_lazy("Device code address"), required=False, assume_scheme="https")
    scopes = _text(gettext_lazy("Scopes, parted by spaces"), longest=1000)
    acts_alone = forms.BooleanField(
        label=gettext_lazy("The registration itself opens the mailbox"), required=False,
        help_text=gettext_lazy("Client credentials: no person says yes in a browser."),
    )  # fmt: skip

    imap_host = _text(
        gettext_lazy("Server (IMAP)"), help_text=gettext_lazy("Empty: this mailbox is not read, it only sends.")
    )
    imap_port = _port(gettext_lazy("Port"))
    imap_security = forms.ChoiceField(label=gettext_lazy("Encryption"), choices=SECURITY, initial="tls")
    imap_user = _text(gettext_lazy("User"), help_text=gettext_lazy("Empty: the address."))
    imap_password = _secret(gettext_lazy("Password"))
    folders = _text(
        gettext_lazy("Folders to read"), longest=2000,
        help_text=gettext_lazy("Parted by commas; empty: INBOX. After a try, the server’s own can be ticked."),
    )  # fmt: skip
    after_reading = forms.ChoiceField(
        label=gettext_lazy("After reading a letter"), required=False,
        choices=AFTER,
    )  # fmt: skip
    move_to = _text(gettext_lazy("That folder"), longest=110)
    begin = forms.ChoiceField(label=gettext_lazy("What to read"), choices=BEGIN, initial="now", required=False)

    smtp_host = _text(gettext_lazy("Server (SMTP)"), help_text=gettext_lazy("Empty: this mailbox is only read."))
    smtp_port = _port(gettext_lazy("Port"))
    smtp_security = forms.ChoiceField(label=gettext_lazy("Encryption"), choices=SECURITY, initial="tls")
    smtp_sign_in = forms.ChoiceField(label=gettext_lazy("Sign-in"), choices=SENDER_SIGN_IN, initial="same")
    smtp_user = _text(gettext_lazy("User"))
    smtp_password = _secret(gettext_lazy("Password"))
    test_letter = forms.BooleanField(label=gettext_lazy("Send me a letter to try it"), required=False, initial=True)

    plus_addressing = forms.BooleanField(
        label=gettext_lazy("The server delivers name+anything@ to this mailbox"), required=False,
        help_text=gettext_lazy("Answers then find their case even when a program drops everything else."),
    )  # fmt: skip
    trusted_authserv = _text(
        gettext_lazy("Server whose Authentication-Results are believed"),
        help_text=gettext_lazy("As it names itself in that header. Empty: none is."),
    )
    ca_file = _text(
        gettext_lazy("Certificate file of your own authority"), longest=500,
        help_text=gettext_lazy("A path on this machine (PEM). Empty: the usual authorities."),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)
    carried = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, mailbox: Mailbox, teams: Any = (), **kwargs: Any) -> None:
        kwargs.setdefault("initial", initial_of(mailbox))
        kwargs["auto_id"] = "mailbox_%s"
        super().__init__(*args, **kwargs)
        self.mailbox = mailbox
        self.teams = {str(team.pk): team for team in teams}
        choice = self.fields["team"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  (declared above)
        choice.choices = [("", _("every colleague"))] + [(pk, team.name) for pk, team in self.teams.items()]

    # --- What was typed, made whole ----------------------------------------------------------------------------------

    def clean_address(self) -> str:
        """The address, as mail servers want it."""
        address = str(self.cleaned_data["address"]).strip().lower()
        _check_address(address)
        if Mailbox.objects.filter(address=address).exclude(pk=self.mailbox.pk).exists():
            raise forms.ValidationError(_("The desk has a mailbox with this address already."))
        return address

    def clean_aliases(self) -> list[str]:
        """Each of them an address."""
        aliases = parted(self.cleaned_data["aliases"])
        for alias in aliases:
            _check_address(alias)
        return aliases

    def clean_folders(self) -> list[str]:
        """The ticked ones, else those that were typed."""
        ticked = self.data.getlist("folder") if hasattr(self.data, "getlist") else []
        folders = [name for name in ticked if name.isprintable()] or parted(self.cleaned_data["folders"])
        if any(not name.isprintable() or len(name) > 254 for name in folders):
            raise forms.ValidationError(_("A folder’s name is one line of ordinary characters."))
        return list(dict.fromkeys(folders))

    def clean_ca_file(self) -> str:
        """A file that is there."""
        path = str(self.cleaned_data["ca_file"]).strip()
        if path and not Path(path).is_file():
            raise forms.ValidationError(_("There is no such file on this machine."))
        return path

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        by_oauth = cleaned.get("sign_in") == "oauth"
        imap_host, imap_port, smtp_host, smtp_port, smtp_security = SERVERS.get(
            cleaned.get("provider", "") if by_oauth else "", ("", None, "", None, "")
        )
        if imap_host and not cleaned.get("imap_host") and not cleaned.get("smtp_host"):
            cleaned |= {"imap_host": imap_host, "imap_port": imap_port, "imap_security": "tls"}
            cleaned |= {"smtp_host": smtp_host, "smtp_port": smtp_port, "smtp_security": smtp_security}
        if not cleaned.get("imap_host") and not cleaned.get("smtp_host"):
            self.add_error("imap_host", _("Give a server to read from, one to send through, or both."))
        if cleaned.get("after_reading") == "move" and not cleaned.get("move_to"):
            self.add_error("move_to", _("Name the folder."))
        if by_oauth and not cleaned.get("client_id"):
            self.add_error("client_id", _("The service gives it when you register the desk with it."))
        if not by_oauth:
            self._ask_for_passwords(cleaned)
        return cleaned

    def _ask_for_passwords(self, cleaned: dict[str, Any]) -> None:
        secrets = self.secrets()
        again = _("Type the password: none is known yet, or the server or the user has changed.")
        if cleaned.get("imap_host") and not secrets.get("imap_password"):
            self.add_error("imap_password", again)
        own = cleaned.get("smtp_sign_in") == "own"
        if cleaned.get("smtp_host") and own and not secrets.get("smtp_password"):
            self.add_error("smtp_password", again)

    # --- Ways and secrets --------------------------------------------------------------------------------------------

    def incoming(self) -> dict[str, Any]:
        """How the mailbox is read, as its row keeps it."""
        way = self._way("imap", sign_in=self.cleaned_data["sign_in"])
        if self.cleaned_data["sign_in"] == "oauth":
            names = ("provider", "tenant", "client_id", "authorize_url", "token_url", "device_url", "acts_alone")
            way["oauth"] = {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}
            way["oauth"]["scopes"] = self.cleaned_data["scopes"].split()
        return way

    def outgoing(self) -> dict[str, Any]:
        """How letters leave, as its row keeps it."""
        kind = self.cleaned_data["smtp_sign_in"]
        sign_in = {"own": "password", "none": "none"}.get(kind, self.cleaned_data["sign_in"])
        way = self._way("smtp", sign_in=sign_in) | {"kind": kind}
        if kind == "same":
            way["user"] = self.cleaned_data["imap_user"]
        return way

    def _way(self, which: str, *, sign_in: str) -> dict[str, Any]:
        get = self.cleaned_data.get
        if not get(f"{which}_host"):
            return {"sign_in": sign_in, "ca_file": get("ca_file", "")} if which == "imap" and sign_in == "oauth" else {}
        return {
            "host": get(f"{which}_host"),
            "port": get(f"{which}_port"),
            "security": get(f"{which}_security"),
            "user": get(f"{which}_user") or "",
            "sign_in": sign_in,
            "ca_file": get("ca_file", ""),
        }

    def secrets(self) -> dict[str, str]:
        """The passwords to use: typed now, else carried from the last try, else kept with the row, each only for the
        server and user that it was given for."""
        known = _opened(self.mailbox.secrets)
        carried = _opened(str(self.cleaned_data.get("carried", "")))
        secrets = {}
        for name in ("imap_password", "smtp_password"):
            which = name.partition("_")[0]
            here = self._bound(which)
            typed = self.cleaned_data.get(name) or ""
            if not typed and carried.get(f"{name}_for") == here:
                typed = carried.get(name, "")
            if not typed and bound(initial_of(self.mailbox), which) == here:
                typed = known.get(name, "")
            secrets[name] = typed
        if self.cleaned_data.get("smtp_sign_in") == "same":
            secrets["smtp_password"] = secrets["imap_password"]
        secrets["oauth_client_secret"] = self.cleaned_data.get("client_secret") or carried.get("client_secret", "")
        return {name: secret for name, secret in secrets.items() if secret}

    def _bound(self, which: str) -> str:
        return bound(self.cleaned_data, which)

    def sealed(self) -> str:
        """The secrets as they travel to the next try."""
        secrets = self.secrets()
        told = {"client_secret": secrets.get("oauth_client_secret", "")}
        for name in ("imap_password", "smtp_password"):
            if name in secrets:
                told |= {name: secrets[name], f"{name}_for": self._bound(name.partition("_")[0])}
        return seal(told)

    def carry(self) -> None:
        """Lets the page that is shown next carry the secrets of this one."""
        self.data = {**self.data.dict(), "carried": self.sealed()} if isinstance(self.data, QueryDict) else self.data

    def fields_of_row(self) -> dict[str, Any]:
        """What `save_mailbox` writes, but the secrets."""
        get = self.cleaned_data.get
        return {
            "name": get("name") or get("address"),
            "address": get("address"),
            "aliases": get("aliases"),
            "team": self.teams.get(get("team") or ""),
            "incoming": self.incoming(),
            "outgoing": self.outgoing(),
            "folders": get("folders"),
            "after_reading": f"move:{get('move_to')}" if get("after_reading") == "move" else "",
            "plus_addressing": bool(get("plus_addressing")),
            "trusted_authserv": get("trusted_authserv") or "",
            "is_active": bool(get("is_active")),
        }

    def on_trial(self) -> Mailbox:
        """The mailbox as it would be, not saved."""
        box = Mailbox(pk=self.mailbox.pk, **self.fields_of_row())
        box.secrets = seal(_opened(self.mailbox.secrets) | self.secrets())
        for way in (box.incoming, box.outgoing):
            way["timeout"] = 12  # somebody waits before the screen
        return box


def bound(values: dict[str, Any], which: str) -> str:
    """Which server and user a password is for, in one line."""
    user = values.get(f"{which}_user") or values.get("address") or ""
    return "\n".join(str(part or "").strip().lower() for part in (values.get(f"{which}_host"), user))


def initial_of(mailbox: Mailbox) -> dict[str, Any]:
    """The row as the form shows it, without any secret."""
    if mailbox.pk is None and not mailbox.address:
        return {"is_active": True, "test_letter": True, "begin": "now"}
    oauth = mailbox.incoming.get("oauth", {})
    values: dict[str, Any] = {
        "name": mailbox.name,
        "address": mailbox.address,
        "aliases": ", ".join(mailbox.aliases),
        "team": str(mailbox.team_id or ""),
        "sign_in": mailbox.incoming.get("sign_in") or "password",
        "folders": ", ".join(mailbox.folders),
        "after_reading": "move" if mailbox.after_reading else "",
        "move_to": mailbox.after_reading.removeprefix("move:"),
        "plus_addressing": mailbox.plus_addressing,
        "trusted_authserv": mailbox.trusted_authserv,
        "ca_file": mailbox.incoming.get("ca_file") or mailbox.outgoing.get("ca_file") or "",
        "is_active": mailbox.is_active,
        "smtp_sign_in": mailbox.outgoing.get("kind") or "own",
        **{name: value for name, value in oauth.items() if name != "scopes"},
        "scopes": " ".join(oauth.get("scopes", [])),
    }
    for which, way in (("imap", mailbox.incoming), ("smtp", mailbox.outgoing)):
        for name in ("host", "port", "security", "user"):
            values[f"{which}_{name}"] = way.get(name) or ("tls" if name == "security" else "")
    return values


def parted(text: str) -> list[str]:
    """Names parted by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def _check_address(address: str) -> None:
    try:
        validate_email(address)
        on_the_wire(address)
    except (forms.ValidationError, ValueError):
        raise forms.ValidationError(
            _("“%(address)s” is not a complete e-mail address.") % {"address": address}
        ) from None


def _opened(sealed: str) -> dict[str, str]:
    """Secrets that cannot be opened are no secrets: they are asked for again."""
    try:
        return unseal(sealed)
    except SecretsUnreadable:
        return {}
