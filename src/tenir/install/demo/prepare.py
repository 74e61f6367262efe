"""Makes the demonstration desk when it is not there yet, and new doors into it.

A process of its own, since the supervisor stays free of Django. It writes the ways in on standard output, as JSON;
everything else goes to the terminal.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tenir.install import cli
from tenir.install.settings import current
from tenir.install.tongue import say, speaks_french

ENTERING = ("amina", "denise", "farid")


def main(smtp_port: int) -> int:
    """Brings the database to this version, fills it when it is empty, points its mailbox at `smtp_port`."""
    if refusal := cli.make_ready("demo"):
        print(refusal, file=sys.stderr)
        return cli.EXIT_CONFIGURATION
    from tenir.install.migrate import migrate

    _forget_half_a_desk()
    migrate()
    _fill(smtp_port)
    json.dump(_ways_in(), sys.stdout)
    return 0


def _forget_half_a_desk() -> None:
    """A making that was interrupted is begun again; what is made whole is never touched."""
    from tenir.web.demo.postbox import FOLDER

    folder = current().data_dir
    if not _filled_file().exists():
        for path in (*folder.glob("tenir.sqlite3*"), folder / "files", folder / FOLDER):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _fill(smtp_port: int) -> None:
    from tenir import clock
    from tenir.channels.email.models import Mailbox
    from tenir.install.demo import build

    if not _filled_file().exists():
        with _hurried():
            build.build(now=clock.now(), smtp_port=smtp_port, progress=_bar, language="fr" if speaks_french() else "en")
        _filled_file().touch()
    box = Mailbox.objects.get(address=build.DESK_ADDRESS)
    if box.outgoing.get("port") != smtp_port:
        build.point(box, smtp_port=smtp_port, at=clock.now())


def _filled_file() -> Path:
    return current().data_dir / "filled"


@contextmanager
def _hurried() -> Iterator[None]:
    """A desk that would be thrown away if it were interrupted need not wait for the disk at every step, only once."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    yield
    connection.close()
    os.sync()


def _bar(steps: Iterable[Any]) -> Iterable[Any]:
    from tqdm import tqdm

    told = list(steps)
    words = say("Telling the stories of Val-de-Lune", "Les histoires de Val-de-Lune se racontent")
    shown: Iterable[Any] = tqdm(told, desc=words, unit="", leave=False, disable=not sys.stderr.isatty())
    return shown


def _ways_in() -> dict[str, Any]:
    from django.conf import settings
    from django.utils import translation

    from tenir.cases.links import customer_token
    from tenir.cases.models import Case
    from tenir.install.demo.stories import BIN
    from tenir.web.demo import doors

    emails = {key: f"{key}@val-de-lune.example" for key in ENTERING}
    made = doors.make(settings.DATA_DIR, list(emails.values()))
    case = Case.objects.select_related("customer").order_by("pk").get(subject=BIN.subject)
    with translation.override("fr" if speaks_french() else "en"):
        page = f"/c/{customer_token(case)}/"
    return {"doors": {key: made[email] for key, email in emails.items()}, "customer_page": page}


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
