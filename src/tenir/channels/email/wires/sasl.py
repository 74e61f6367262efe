"""What a client says to sign in (RFC 4616, RFC 7628, and Google's XOAUTH2), before base64."""


def plain(user: str, password: str) -> bytes:
    """PLAIN, RFC 4616."""
    return f"\0{_clean(user)}\0{password}".encode()


def xoauth2(user: str, token: str) -> bytes:
    """XOAUTH2 as Google and Microsoft take it."""
    return f"user={_clean(user)}\x01auth=Bearer {_clean(token)}\x01\x01".encode()


def oauthbearer(user: str, token: str, *, host: str, port: int) -> bytes:
    """OAUTHBEARER, RFC 7628 section 3.1; "=" and "," in the user name are escaped as RFC 5801 says."""
    name = _clean(user).replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\x01host={host}\x01port={port}\x01auth=Bearer {_clean(token)}\x01\x01".encode()


#: What the client says after the server's JSON about a failure, to hear the refusal itself.
AFTER_FAILURE = {"XOAUTH2": b"", "OAUTHBEARER": b"\x01"}


def _clean(value: str) -> str:
    if any(ord(c) < 32 or ord(c) == 127 for c in value):
        raise ValueError("a user name or token with a control character")
    return value
