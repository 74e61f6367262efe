"""The door: whose session this is, whether it still holds, and what its owner may know.

Plain functions on the database, called in a thread of their own: an event loop must never wait for a disk.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from django.conf import settings
from django.contrib.auth import get_user, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from tenir.live import rules

CHUNK = 400


@dataclass(frozen=True)
class Guest:
    """Somebody who may listen: their session, who they are, what they may know."""

    session_key: str
    user: int
    user_hash: str
    viewer: Hashable


def session_key_in(cookie: str) -> str | None:
    """The session's key in a Cookie header; None when there is none."""
    try:
        morsel = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return morsel.value if morsel and morsel.value.isalnum() and len(morsel.value) <= 40 else None


def guest_of(session_key: str) -> Guest | None:
    """Whoever is signed in with this session, checked as for a page (password change included); None for nobody."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    if not user.is_authenticated or not user.is_active:
        return None
    viewer = rules.in_force().viewer_of(user)
    if viewer is None:
        return None
    return Guest(session_key, user.pk, user.get_session_auth_hash(), viewer)


def still_there(guests: Iterable[Guest]) -> dict[str, Guest]:
    """The guests whose session still holds, by session key, with the rights that they have now."""
    by_key = {guest.session_key: guest for guest in guests}
    alive = _alive(list(by_key))
    users = get_user_model().objects.in_bulk({guest.user for guest in by_key.values()})
    viewers = {pk: rules.in_force().viewer_of(user) for pk, user in users.items() if user.is_active}
    hashes = {pk: user.get_session_auth_hash() for pk, user in users.items()}
    found = {}
    for key, guest in by_key.items():
        viewer = viewers.get(guest.user)
        if key in alive and viewer is not None and hashes[guest.user] == guest.user_hash:
            found[key] = Guest(key, guest.user, guest.user_hash, viewer)
    return found


def _alive(keys: list[str]) -> set[str]:
    sessions = Session.objects.filter(expire_date__gt=timezone.now())
    parts = (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
    return {key for part in parts for key in sessions.filter(pk__in=part).values_list("pk", flat=True)}
