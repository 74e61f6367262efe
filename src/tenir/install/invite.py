"""`tenir invite EMAIL --name NAME [--role ROLE] [--language fr|en]`.

Prints the one-time link of an invitation.
"""

import argparse
import sys

import django
from django.apps import apps
from django.utils import translation

from tenir.install.tongue import say, speaks_french


def _arguments(argv: list[str]) -> argparse.Namespace:
    french = "Invite une personne et affiche son lien, valable une fois pendant 7 jours."
    parser = argparse.ArgumentParser(
        prog="tenir invite",
        description=say("Invites somebody and prints their link, good once within 7 days.", french),
    )
    parser.add_argument("email", help=say("their e-mail address", "son adresse électronique"))
    parser.add_argument("--name", required=True, help=say("their given name", "son prénom"))
    parser.add_argument("--role", choices=["agent", "supervisor", "administrator"], default="agent")
    parser.add_argument("--language", choices=["fr", "en"], default="fr" if speaks_french() else "en")
    return parser.parse_args(argv)


def main(argv: list[str]) -> int:
    """Invites, or sends a new link to somebody who has not come yet; 1 with a sentence when it is refused."""
    asked = _arguments(argv)
    if not apps.ready:
        django.setup()
    from tenir.ledger.refusals import Refusal

    with translation.override("fr" if speaks_french() else "en"):
        try:
            sys.stdout.write(_link(asked) + "\n")
        except Refusal as refusal:
            sys.stderr.write(f"{refusal.sentence()}\n")
            return 1
    return 0


def _link(asked: argparse.Namespace) -> str:
    from django.conf import settings

    from tenir import clock
    from tenir.ledger.events import SYSTEM
    from tenir.people import verbs
    from tenir.people.models import Agent, Role

    waiting = Agent.objects.filter(email__iexact=asked.email.strip(), joined_at=None).first()
    if waiting:
        _invitation, token = verbs.invite_again(waiting, by=SYSTEM, at=clock.now())
    else:
        _invitation, token = verbs.invite(
            email=asked.email,
            given_name=asked.name,
            role=Role(asked.role),
            language=asked.language,
            by=SYSTEM,
            at=clock.now(),
        )
    return f"{settings.BASE_URL}/invitation/{token}/"
