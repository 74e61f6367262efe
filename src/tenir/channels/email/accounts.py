"""A mailbox's row as the wires want it: where to connect, as whom, and with what."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from tenir import clock
from tenir.channels.email.models import Mailbox
from tenir.channels.email.secrets import seal, unseal
from tenir.channels.email.wires import oauth
from tenir.channels.email.wires.accounts import OAuth, Password, Security
from tenir.channels.email.wires.imap import Account
from tenir.channels.email.wires.smtp import SmtpAccount


def reading(mailbox: Mailbox) -> Account:
    """How the mailbox is read. Raises `ValueError` naming what is missing, `SecretsUnreadable`."""
    way = mailbox.incoming
    auth = _auth(mailbox, way, "imap_password")
    if auth is None:
        raise ValueError("password")
    folders = tuple(mailbox.folders or ["INBOX"])
    return Account(**_server(way, port=993), user=way.get("user") or mailbox.address, auth=auth, folders=folders)


def sending(mailbox: Mailbox) -> SmtpAccount:
    """How letters leave. A server without a sign-in (a relay that knows this machine) has neither user nor password."""
    way = mailbox.outgoing
    auth = _auth(mailbox, way, "smtp_password")
    user = (way.get("user") or mailbox.address) if auth else None
    return SmtpAccount(**_server(way, port=465), user=user, auth=auth)


def _auth(mailbox: Mailbox, way: dict[str, Any], secret: str) -> Password | OAuth | None:
    if way.get("sign_in") == "oauth":
        return OAuth(keeper(mailbox))
    if way.get("sign_in") == "none":
        return None
    kept = unseal(mailbox.secrets).get(secret, "")
    return Password(kept) if kept else None


def _server(way: dict[str, Any], *, port: int) -> dict[str, Any]:
    if not way.get("host"):
        raise ValueError("host")
    return {
        "host": way["host"],
        "port": int(way.get("port") or port),
        "security": Security(way.get("security") or Security.TLS),
        "ca_file": Path(way["ca_file"]) if way.get("ca_file") else None,
        "timeout": float(way.get("timeout") or 30),
    }


# --- OAuth 2 -----------------------------------------------------------------------------------------------------


def client(mailbox: Mailbox, *, redirect_uri: str = "") -> oauth.Client:
    """The desk as it is registered with the mailbox's provider."""
    way = mailbox.incoming.get("oauth", {})
    return oauth.Client(
        _provider(way),
        client_id=way.get("client_id", ""),
        client_secret=unseal(mailbox.secrets).get("oauth_client_secret", ""),
        redirect_uri=redirect_uri,
        acts_alone=bool(way.get("acts_alone")),
    )


def _provider(way: dict[str, Any]) -> oauth.Provider:
    if way.get("provider") == "google":
        return oauth.google()
    if way.get("provider") == "microsoft":
        return oauth.microsoft(way.get("tenant") or "common")
    return oauth.Provider(
        "own",
        way.get("authorize_url", ""),
        way.get("token_url", ""),
        way.get("device_url", ""),
        scopes=tuple(way.get("scopes", ())),
    )


def keeper(mailbox: Mailbox) -> oauth.TokenKeeper:
    """The mailbox's tokens, kept encrypted in its row; two processes never spend the same refresh token."""

    def load() -> oauth.Tokens | None:
        kept = unseal(Mailbox.objects.values_list("secrets", flat=True).get(pk=mailbox.pk))
        if "oauth_expires_at" not in kept:
            return None
        expires_at = datetime.fromisoformat(kept["oauth_expires_at"])
        return oauth.Tokens(kept.get("oauth_access", ""), expires_at, kept.get("oauth_refresh", ""))

    return oauth.TokenKeeper(
        client(mailbox),
        load=load,
        save=lambda tokens: keep_tokens(mailbox, tokens),
        now=clock.now,
        lock=lambda: _held(mailbox),
    )


def keep_tokens(mailbox: Mailbox, tokens: oauth.Tokens) -> None:
    """Stores new tokens beside the mailbox's other secrets."""
    with transaction.atomic():
        row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        kept = unseal(row.secrets) | {
            "oauth_access": tokens.access_token,
            "oauth_refresh": tokens.refresh_token,
            "oauth_expires_at": tokens.expires_at.isoformat(),
        }
        Mailbox.objects.filter(pk=mailbox.pk).update(secrets=seal(kept))


@contextmanager
def _held(mailbox: Mailbox) -> Iterator[None]:
    """One process of this machine at a time renews a mailbox's tokens. A lock on a file, not on the row: the database
    must not wait for a service on the other side of the network."""
    with Path(settings.DATA_DIR, f"mailbox-{mailbox.pk}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
