"""Authentication-Results (RFC 8601), only of the server that we trust: anybody can write this header."""

from __future__ import annotations

import re

from tenir.channels.email.parse.headers import Headers
from tenir.channels.email.parse.values import AuthResult

_COMMENT = re.compile(r"\([^()]{0,1000}\)")
_RESULT = re.compile(r"\s*([a-z][a-z0-9-]{0,40})\s*(?:/\s*\d+\s*)?=\s*([a-z]{1,20})", re.IGNORECASE)


def results(headers: Headers, trusted: str | None) -> tuple[AuthResult, ...]:
    """Each method and its result, from the topmost header of the trusted server; none without such a server."""
    if not trusted:
        return ()
    wanted = trusted.strip().lower()
    for value in headers.all("authentication-results")[:50]:
        plain = _COMMENT.sub(" ", value[:16_000])
        server, _, rest = plain.partition(";")
        named = server.split()
        if not named or named[0].lower() != wanted:
            continue
        found = (_RESULT.match(piece) for piece in rest.split(";"))
        return tuple(AuthResult(m[1].lower(), m[2].lower()) for m in found if m)
    return ()
