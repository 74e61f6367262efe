"""The signed token in a reply address: `desk+t123.3f9c…@example.org` leads to case 123 and cannot be made up.

The signature is the first 80 bits of HMAC-SHA256 under a key derived from the desk's secret key.
"""

import hashlib
import hmac
import re

from django.conf import settings

_TOKEN = re.compile(r"\+t(\d{1,18})\.([0-9a-f]{20})@", re.IGNORECASE)


def _signature(case_id: int) -> str:
    key = hashlib.sha256(b"tenir reply address " + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, str(case_id).encode(), "sha256").hexdigest()[:20]


def reply_address(desk_address: str, case_id: int) -> str:
    """The desk's address with the token of a case in it (plus addressing, RFC 5233)."""
    local, _, domain = desk_address.partition("@")
    return f"{local}+t{case_id}.{_signature(case_id)}@{domain}"


def case_of_token(address: str) -> int | None:
    """The case id of an address that carries a genuine token, else None."""
    found = _TOKEN.search(address)
    if found and hmac.compare_digest(found[2].lower(), _signature(int(found[1]))):
        return int(found[1])
    return None
