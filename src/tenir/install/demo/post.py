"""The demonstration's mail server: real SMTP on loopback, for letters in both directions.

What is for the desk takes the ordinary road of a letter that comes in; all the rest goes into the invented customers'
mailboxes. The server says 250 only once a letter is stored, and hands nothing on to any other machine.
"""

import argparse
import asyncio
import logging
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tenir.install import cli, lifeline

log = logging.getLogger("tenir.demo")
NOBODY = "nobody@"
MEBIBYTE = 1024 * 1024


def main(arguments: list[str]) -> int:
    """Serves on the socket that was handed down, until asked to stop."""
    parser = argparse.ArgumentParser(prog="tenir.install.demo.post")
    lifeline.add_option(parser)
    parser.add_argument("--listen", type=int, required=True)
    options = parser.parse_args(arguments)
    lifeline.hold(options.lifeline)
    if refusal := cli.make_ready("post"):
        print(refusal, file=sys.stderr)
        return cli.EXIT_CONFIGURATION
    with socket.socket(fileno=options.listen) as listener:
        asyncio.run(serve(listener))
    return 0


async def serve(listener: socket.socket) -> None:
    """Takes letters until SIGTERM or SIGINT; those that are being stored are finished first."""
    from aiosmtpd.smtp import SMTP
    from django.conf import settings

    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    listener.setblocking(False)
    # One thread: a database connection belongs to its thread, and letters are stored in the order they came.
    with ThreadPoolExecutor(1, thread_name_prefix="post") as storing:
        post = Post(storing)
        most = settings.MAX_MAIL_MB * MEBIBYTE
        server = await loop.create_server(
            lambda: SMTP(post, hostname="post.val-de-lune.example", data_size_limit=most, enable_SMTPUTF8=True),
            sock=listener,
        )
        async with server:
            await stop.wait()


class Post:
    """What the server does with a letter; the methods' names are the server's (aiosmtpd)."""

    def __init__(self, storing: ThreadPoolExecutor) -> None:
        self._storing = storing

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        from tenir.web.demo.postbox import Postbox

        try:
            Postbox(address)
        except ValueError:
            return "553 5.1.3 This is not an address"
        if address.lower().startswith(NOBODY):
            return "550 5.1.1 Nobody has this address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._storing, store, envelope.content, list(envelope.rcpt_tos))
        except Exception:
            log.exception("a letter could not be stored")
            return "451 4.3.0 The letter could not be stored; try again later"
        return "250 2.0.0 Stored"


def store(raw: bytes, recipients: list[str]) -> None:
    """Puts one letter where its recipients are. Raises `OSError` or `DatabaseError`; stored twice is stored once for
    the desk, which knows its letters by what is in them."""
    from tenir import clock
    from tenir.channels.email.models import Mailbox
    from tenir.channels.email.receive import Desk, receive
    from tenir.web.demo.postbox import Postbox

    boxes = {address: box for box in Mailbox.objects.all() for address in (box.address, *box.aliases)}
    for recipient in recipients:
        address = recipient.strip().lower()
        box = boxes.get(address) or boxes.get(_without_mark(address))
        if box is not None:
            receive(b"Delivered-To: " + address.encode() + b"\r\n" + raw, at=clock.now(), desk=Desk.at(box))
        else:
            Postbox(address).deliver(raw)


def _without_mark(address: str) -> str:
    """`bonjour+mark@…` is delivered to `bonjour@…`, as mail servers do."""
    local, _at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
