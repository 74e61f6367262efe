"""`tenir work`: the process that does what is due; the loop itself is `tenir.outbox.worker`."""

import argparse

from tenir.install import lifeline
from tenir.install.tongue import say


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tenir work",
        description=say(
            "Start only the process that works: mailboxes, sending, what is due.",
            "Démarrer seulement le processus de travail : boîtes, envois, échéances.",
        ),
    )
    lifeline.add_option(parser)
    options = parser.parse_args(arguments)
    lifeline.hold(options.lifeline)

    from tenir.install.migrate import refuse_when_behind

    if (refusal := refuse_when_behind()) is not None:
        return refusal
    from tenir.outbox import worker

    worker.run()
    return 0
