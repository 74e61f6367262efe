"""Every failure has a sentence in both languages that says what to do, and shows no more than it should."""

import re
import ssl
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from tenir.channels.email.wires import trouble
from tenir.channels.email.wires.trouble import LASTING, MailError, Trouble, of_connection, of_words, printable

FRENCH = Path(trouble.__file__).parent / "locale/fr/LC_MESSAGES/django.po"


BLANK = re.compile(r"%\(\w+\)s")


def french() -> dict[str, str]:
    with FRENCH.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="fr") if message.id}


def english() -> dict[Trouble, str]:
    with translation.override(None):
        return {kind: str(sentence) for kind, sentence in trouble._SENTENCES.items()}


@pytest.mark.parametrize("kind", list(Trouble))
def test_each_kind_has_a_sentence_in_both_languages_with_the_same_blanks(kind: Trouble) -> None:
    sentence = english()[kind]
    translated = french()[sentence]
    assert translated
    assert set(BLANK.findall(translated)) == set(BLANK.findall(sentence))
    assert not re.search(r"[^\u00a0\u202f][;:!?]", translated), "the space before ; : ! ? does not break"
    told = MailError(kind, host="imap.example.org", folder="Réclamations", said="NO [X] why").sentence()
    assert told.endswith("[NO [X] why]")
    assert "%(" not in told


def test_the_french_has_no_sentence_too_many() -> None:
    assert set(french()) == set(english().values())


def test_what_the_server_said_is_one_short_printable_line() -> None:
    assert printable(b"NO\r\n\x1b[31m red \xff" + b"x" * 9000).startswith("NO [31m red \ufffdx")
    assert len(printable("x" * 9000)) == 300
    assert str(MailError(Trouble.TIMEOUT, host="h")) == "timeout: h"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("[ALERT] Too many simultaneous connections. (Failure)", Trouble.TOO_MANY_CONNECTIONS),
        ("421 4.7.0 Too many concurrent SMTP connections; please try again later.", Trouble.TOO_MANY_CONNECTIONS),
        ("432 4.3.2 Concurrent connections limit exceeded", Trouble.TOO_MANY_CONNECTIONS),
        ("Request is throttled. Suggested Backoff Time: 277435 milliseconds", Trouble.THROTTLED),
        ("454 4.7.0 Too many login attempts, please try again later", Trouble.THROTTLED),
        ("Account exceeded command or bandwidth limits. (Failure)", Trouble.THROTTLED),
        ("NO [UNAVAILABLE] Temporary authentication failure", Trouble.UNAVAILABLE),
        ("530 5.7.0 Must issue a STARTTLS command first", Trouble.ENCRYPTION_REQUIRED),
        ("535 5.7.8 Username and Password not accepted", Trouble.WRONG_PASSWORD),
        ("[AUTHENTICATIONFAILED] Authentication failed.", Trouble.WRONG_PASSWORD),
    ],
)
def test_what_servers_say(said: str, kind: Trouble) -> None:
    assert of_words(said, Trouble.WRONG_PASSWORD) is kind


def test_what_lies_below_the_mail_protocol() -> None:
    assert of_connection(TimeoutError()) is Trouble.TIMEOUT
    assert of_connection(ConnectionResetError()) is Trouble.CONNECTION_LOST
    assert of_connection(ssl.SSLEOFError()) is Trouble.CONNECTION_LOST
    assert of_connection(OSError(113, "No route to host")) is Trouble.UNREACHABLE
    assert of_connection(ValueError()) is None
    assert Trouble.TIMEOUT not in LASTING
