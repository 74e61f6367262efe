"""A process beside the desk that has loaded everything once and forks what the test asks for, one word a line:

`work` a worker, exactly the body of `tenir work`; `write N` an agent who answers letters through the verbs until the
desk has N replies; `begin JSON` the mailbox and the people, answering with a session's cookie; `report FILE` what
the database holds. Answers with a process id, a cookie or `done`. Whatever it forked dies with it.
"""

import ctypes
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable


def main() -> None:
    import django

    django.setup()
    from tests.crash import report

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    jobs: dict[str, Callable[[str], object]] = {"work": _work, "write": _write, "report": report.write}
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "begin":
            print(_begin(rest), flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            _child(jobs[word], rest)
        if word == "report":
            _ended(pid)
        print("done" if word == "report" else pid, flush=True)


def _child(job: Callable[[str], object], rest: str) -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.close(0)
    os.dup2(2, 1)
    try:
        job(rest)
    finally:
        os._exit(0)


def _ended(pid: int) -> None:
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        return


def _work(_rest: str) -> None:
    from tenir.outbox import worker

    random.seed()
    worker.run()


def _begin(given: str) -> str:
    """The first people and the mailbox; closes its connection, which no fork may share."""
    from django.conf import settings
    from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection

    from tenir.channels.email.models import Mailbox
    from tenir.channels.email.secrets import seal
    from tenir.people.tests.scenes import amina, bruno

    told = json.loads(given)
    Mailbox.objects.create(
        name="Desk", address=told["address"], incoming=told["incoming"], outgoing=told["outgoing"],
        plus_addressing=True, secrets=seal({"imap_password": told["password"]}),
    )  # fmt: skip
    bruno()
    session = SessionStore()
    session[SESSION_KEY] = str(amina().pk)
    session["_auth_user_backend"] = "tenir.web.signin.keeping.ByPassword"
    session[HASH_SESSION_KEY] = amina().get_session_auth_hash()
    session.save()
    connection.close()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _write(most: str) -> None:
    """Bruno answers whoever waits longest, until the desk has so many replies."""
    from tenir.cases.models import Message

    while Message.objects.filter(kind=Message.Kind.REPLY).count() < int(most):
        _answer_one()
        time.sleep(0.05)


def _answer_one() -> None:
    from django.db import DatabaseError

    from tenir import clock
    from tenir.cases import verbs
    from tenir.cases.errors import SomethingNew
    from tenir.cases.models import Case
    from tenir.people.models import Agent

    waits = Case.objects.exclude(unanswered_since=None).exclude(last_inbound_id=None)
    for case in waits.order_by("unanswered_since")[:1]:
        address = case.customer.reaches.filter(kind="email").values_list("value", flat=True).first()
        others = list(case.participants.values_list("address", flat=True))
        to = [a for a in (address, *others) if a and "@" in a][:1] or ["nobody@clients.example"]
        try:
            verbs.reply(
                case, by=Agent.objects.get(given_name="Bruno"), at=clock.now(),
                text=f"Bonjour, réponse {random.getrandbits(48):012x}.", recipients={"to": to},
                seen_id=case.last_inbound_id,
            )  # fmt: skip
        except (SomethingNew, DatabaseError):
            continue


if __name__ == "__main__":
    main()
