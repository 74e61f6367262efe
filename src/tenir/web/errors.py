"""What is shown when something went wrong: in plain words, in both languages, asking nothing of what may be broken."""

import errno
import sys

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FULL = ("disk is full", "No space left", "Disk quota")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be understood; what is too large has a page of its own."""
    large = isinstance(exception, RequestDataTooBig | TooManyFilesSent)
    return _page(413) if large else _page(404, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """A form without its mark, or without the right."""
    return _page(403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(404)


def failure(request: HttpRequest) -> HttpResponse:
    """A fault of ours, or of what the desk stands on: 507 when the disk is full, 503 when the database is away or
    cannot be written. Nothing was changed then, and trying again may be enough."""
    trouble = sys.exc_info()[1]
    if _no_room(trouble):
        return _page(503, status=507)
    read_only = isinstance(trouble, InternalError) and "read-only" in str(trouble)  # as PostgreSQL says it
    if read_only or isinstance(trouble, OperationalError | InterfaceError):
        response = _page(503)
        response["Retry-After"] = "30"
        return response
    return _page(500)


def _no_room(trouble: BaseException | None) -> bool:
    if isinstance(trouble, OSError):
        return trouble.errno in NO_ROOM
    return isinstance(trouble, OperationalError) and any(words in str(trouble) for words in FULL)


def _page(code: int, *, status: int | None = None) -> HttpResponse:
    """Rendered without the request: who asks and what they are shown may be what is broken."""
    return HttpResponse(render_to_string(f"tenir/errors/{code}.html"), status=status or code)
