"""Who is signed in, read at every page: the session and the agent, each by a query that is composed once."""

from datetime import datetime
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from tenir.people.models import Agent
from tenir.statements import Prepared

_SESSION = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), key=str, now=datetime
)
_AGENT = Prepared(lambda key: Agent.objects.filter(pk=key), key=int)


class SessionStore(db.SessionStore):
    """Django's sessions in the database."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION(key=self.session_key or "", now=timezone.now())
        if not found:
            self._session_key = None
            return None
        return found[0]


class _ByKey:
    """Finds the agent of a session; the rest is the other class's."""

    def get_user(self, user_id: Any) -> Agent | None:
        found = _AGENT(key=int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None  # type: ignore[attr-defined]


class ByPassword(_ByKey, ModelBackend):
    """Django's own way to sign in."""


class ByAccount(_ByKey, AuthenticationBackend):  # type: ignore[misc]
    """allauth's ways to sign in."""
