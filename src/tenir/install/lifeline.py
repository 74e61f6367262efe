"""No orphan: a process started by `tenir serve` ends when its parent does, however the parent ended.

The parent holds the writing end of a pipe and never writes; the kernel closes it even on SIGKILL, and the child reads
the end of the file.
"""

import argparse
import os
import signal
import threading
import time

GRACE_SECONDS = 10


def add_option(parser: argparse.ArgumentParser) -> None:
    """The option by which the parent hands the pipe down; of no use to a person, hence hidden."""
    parser.add_argument("--lifeline", type=int, help=argparse.SUPPRESS)


def hold(descriptor: int | None) -> None:
    """Stop this process, cleanly and then surely, when the other end of the pipe is gone."""
    if descriptor is not None:
        threading.Thread(target=_watch, args=(descriptor,), name="lifeline", daemon=True).start()


def _watch(descriptor: int) -> None:
    while os.read(descriptor, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
