"""A process beside the desk: signs people in and commits events when told to. Speaks lines on its standard streams.

`sign-in N` answers with N cookies of N agents; `event` commits one event that every agent may see and answers with
the monotonic instant just after the commit.
"""

import sys
import time
from datetime import UTC, datetime


def main() -> None:
    import django

    django.setup()
    for line in sys.stdin:
        word, _, number = line.strip().partition(" ")
        print(sign_in(int(number)) if word == "sign-in" else happen(), flush=True)


def sign_in(count: int) -> str:
    from django.conf import settings
    from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from tenir.people.models import Agent

    cookies = []
    for number in range(count):
        agent = Agent(email=f"agent{number}@desk.example", given_name=f"Agent {number}", joined_at=datetime.now(UTC))
        agent.set_unusable_password()
        agent.save()
        session = SessionStore()
        session[SESSION_KEY] = str(agent.pk)
        session["_auth_user_backend"] = "tenir.web.signin.keeping.ByPassword"
        session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return " ".join(cookies)


def happen() -> str:
    from django.db import transaction

    from tenir.ledger.models import Event

    with transaction.atomic():
        Event.objects.create(name="customer_changed", at=datetime.now(UTC), actor_kind="system", customer_id=1, data={})
    return str(time.monotonic())


if __name__ == "__main__":
    main()
