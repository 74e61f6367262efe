"""Breaks real mails at random and reads them: `python -m tenir.channels.email.parse.fuzz --rounds 100000`.

Stops at the first mail that the reader fails on, loses a word of, or takes too long over, and writes it to a file.
The same seed gives the same mails.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tenir.channels.email.parse import Limits, ParsedMail, as_json, read

_PIECES = (
    b"\r\n\r\n", b"\n", b"\r", b"--", b"=?utf-8?B?", b"?=", b"=?utf-8?Q?=C3", b"--x--\r\n", b"\x00", b"\xff\xfe",
    b"Content-Type: multipart/mixed; boundary=x\r\n", b"Content-Type: message/rfc822\r\n\r\n", b"charset=utf-7",
    b"Content-Type: multipart/alternative; boundary=\"x\"\r\n\r\n--x\r\n", b"charset=utf-16", b"charset=hz",
    b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: quoted-printable\r\n", b"<!--",
    b"charset=iso-2022-jp", b"\xef\xbb\xbf", b"<div>", b"</div>", b"<blockquote type=cite>", b"&#x110000;",
    b"> ", b">>>>", b"Le 5 mars 2024 \xc3\xa0 10:20, X a \xc3\xa9crit :\n", b"-----Message d'origine-----\n",
    b"De : a@b.example\nDate : x\nObjet : y\n", b"-- \n", b"begin 644 x\n", b"\nend\n", b"From ", b"<<<<", b"((((",
    b'"""', b",;:,;:", b"@@@@", b"\xe2\x80\xae", b"filename*0*=UTF-8''%", b"\x78\x9f\x3e\x22", b"LZFu",
    b"multipart/report; report-type=delivery-status", b"Content-Type: message/delivery-status\r\n\r\n",
    b"From: MAILER-DAEMON@x.example\r\n", b"Subject: Undelivered Mail\r\n", b"Content-Type: text/html\r\n\r\n",
    b"BEGIN:VEVENT\r\n", b"\xf0\x9f\x98\x80",
)  # fmt: skip
_LIMITS = Limits()


def seeds() -> list[bytes]:
    """Mails to start from: one of each shape."""
    text = (
        "Bonjour,\r\n\r\nLe couvercle manque.\r\n\r\nLe 5 mars 2024 à 10:20, X <x@y.example> a écrit :\r\n> Bonjour\r\n"
        "\r\n-- \r\nÉmile"
    )
    html = (
        "<div>Le couvercle <b>manque</b></div>"
        "<div class=gmail_quote><blockquote class=gmail_quote>Bonjour</blockquote></div>"
    )
    head = "From: =?utf-8?Q?=C3=89mile?= <e@x.example>\r\nTo: c@y.example\r\nSubject: Bac\r\nMIME-Version: 1.0\r\n"
    one = (
        head + "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n"
        "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--b\r\nContent-Type: text/html;"
        f" charset=utf-8\r\n\r\n{html}\r\n--b--\r\n"
        "--a\r\nContent-Type: application/pdf; name*=utf-8''%C3%A9.pdf\r\nContent-Transfer-Encoding:"
        " base64\r\n\r\nJVBERi0=\r\n--a--\r\n"
    )
    bounce = (
        "From: MAILER-DAEMON@x.example\r\nSubject: Undelivered\r\nContent-Type: multipart/report;"
        " report-type=delivery-status; boundary=r\r\n\r\n"
        "--r\r\n\r\ncould not be delivered\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient:"
        " rfc822; a@b.example\r\nAction: failed\r\n"
        "Status: 5.1.1\r\n--r\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID:"
        " <tenir.1@y.example>\r\n\r\nx\r\n--r--\r\n"
    )
    plain = head + "Content-Type: text/plain; charset=iso-8859-1; format=flowed\r\n\r\n" + text
    rich = head + "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + html
    return [one.encode(), bounce.encode(), plain.encode("latin-1"), rich.encode()]


def mutated(raw: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """The mail with a few things broken."""
    data = bytearray(raw)
    for _ in range(chance.choice((1, 2, 4, 12))):
        at = chance.randrange(len(data) + 1)
        act = chance.randrange(7)
        if act == 0:
            data[at:at] = chance.choice(_PIECES) * chance.choice((1, 1, 3, 300))
        elif act == 1:
            del data[at : at + chance.choice((1, 5, 80, 500))]
        elif act == 2 and at < len(data):
            data[at] = chance.randrange(256)
        elif act == 3:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.choice((1, 8, 64))))
        elif act == 4:
            data[at:at] = data[at : at + chance.choice((20, 200, 2_000))] * chance.choice((1, 4, 30))
        elif act == 5:
            other = chance.choice(others)
            data[at:] = other[chance.randrange(len(other) + 1) :]
        else:
            data = bytearray(bytes(data).replace(b"\r\n", chance.choice((b"\n", b"\r", b"\r\n\r\n", b" "))))
        del data[200_000:]
    return bytes(data)


def complaint(raw: bytes, found: ParsedMail) -> str:
    """What is wrong with the reading of this mail; "" when nothing is."""
    for trouble in found.troubles:
        if trouble.code == "reader_failed":
            return trouble.detail
    kept = Counter(" ".join([found.new_text, *(fold.text for fold in found.folded)]).replace(">", " ").split())
    lost = Counter(found.text.replace(">", " ").split()) - kept
    if lost:
        return f"lost words: {lost.most_common(3)}"
    try:
        json.dumps(as_json(found), ensure_ascii=False).encode()
    except (ValueError, TypeError) as error:
        return f"not JSON: {error}"
    if len(found.text) > 4 * len(raw) + 10_000:
        return "the text is far larger than the mail"
    return ""


def run(rounds: int, seed: int, slowest_allowed: float = 5.0) -> str:
    """Read `rounds` broken mails; the first complaint with the place of the mail, or ""."""
    chance = random.Random(seed)  # noqa: S311 (no secret is made here)
    pool = seeds()
    read(b"Guten Tag, mein Paket ist angekommen und der Deckel fehlt leider noch immer" * 2)  # loads the models
    for number in range(rounds):
        raw = mutated(chance.choice(pool), pool, chance)
        started = time.process_time()
        found = read(raw, own_addresses=("c@y.example",), trusted_authserv="mx.y.example", limits=_LIMITS)
        spent = time.process_time() - started
        wrong = complaint(raw, found) or (f"{spent:.1f} s" if spent > slowest_allowed else "")
        if wrong:
            with tempfile.NamedTemporaryFile(suffix=".eml", delete=False) as file:
                file.write(raw)
            return f"round {number}: {wrong}: {Path(file.name)}"
        if chance.random() < 0.02:
            pool = [*pool[-200:], raw]
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 1 when something was found."""
    parser = argparse.ArgumentParser(description="Read mails that were broken at random.")
    parser.add_argument("--rounds", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    wrong = run(chosen.rounds, chosen.seed)
    sys.stdout.write(f"{wrong or f'{chosen.rounds} mails read, nothing wrong'}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
