"""Passwords and tokens of mailboxes, at rest: encrypted with a key derived from the desk's secret key.

Fernet (AES-128-CBC with HMAC-SHA256) of `cryptography`; the key is HKDF-SHA256 of `SECRET_KEY`, so a copy of the
database alone opens no mailbox.
"""

import base64
import json
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SecretsUnreadable(Exception):
    """The secrets were written with another secret key: they have to be entered again."""


@lru_cache(maxsize=4)
def _box(secret_key: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"tenir mailbox secrets").derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def seal(secrets: dict[str, str]) -> str:
    """The secrets as they are stored."""
    return _box(settings.SECRET_KEY).encrypt(json.dumps(secrets).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """The secrets again; nothing sealed is no secrets. Raises `SecretsUnreadable`."""
    if not sealed:
        return {}
    try:
        opened: dict[str, str] = json.loads(_box(settings.SECRET_KEY).decrypt(sealed.encode()))
    except (InvalidToken, ValueError) as wrong_key:
        raise SecretsUnreadable from wrong_key
    return opened
