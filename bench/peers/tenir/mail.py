"""Takes in a folder of raw mails, one at a time, as the mailbox process does; then counts what they became.

python -m bench.peers.tenir.mail FOLDER MAILS
"""

import argparse
import json
import time
from datetime import UTC, datetime
from pathlib import Path

from bench import desk


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.peers.tenir.mail", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("mails", type=Path)
    parser.add_argument("--database", default="sqlite")
    options = parser.parse_args()
    # The common mails come from few senders at once, whom the desk would slow down.
    desk.set_up(options.folder, options.database, TENIR_INBOUND_RATE="100000")
    from tenir.cases.models import Case
    from tenir.channels.email.models import Mail, Mailbox
    from tenir.channels.email.receive import Desk, receive

    raws = [path.read_bytes() for path in sorted(options.mails.glob("*.eml"))]
    at_desk, before, known = Desk.at(Mailbox.objects.get()), Case.objects.count(), Mail.objects.count()
    began = time.perf_counter()
    for raw in raws:
        receive(raw, at=datetime.now(UTC), desk=at_desk)
    seconds = time.perf_counter() - began
    made = Mail.objects.order_by("pk")[known:]
    print(
        json.dumps({
            "messages": len(raws),
            "new": Case.objects.count() - before,
            "threaded": sum(mail.outcome == "message" for mail in made) - (Case.objects.count() - before),
            "otherwise": sum(mail.outcome != "message" for mail in made),
            "seconds": round(seconds, 2),
            "per_s": round(len(raws) / seconds, 2),
        })
    )  # fmt: skip


if __name__ == "__main__":
    main()
