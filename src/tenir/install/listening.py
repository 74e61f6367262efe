"""The address that the desk listens on, taken before anything heavy starts, so that a refusal is said at once."""

import errno
import socket

from tenir.install.settings import Settings
from tenir.install.tongue import say

BACKLOG = 2048


class Taken(Exception):
    """Nobody can listen there; the sentence says why and what to do."""


def listen(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say. Raises `Taken`."""
    host, port = settings.bind, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG, dualstack_ipv6=host == "::")
    except OSError as error:
        raise Taken(_why(error, host, port)) from error


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return say(f"Port {port} on {host} is taken by another program. Choose another with TENIR_PORT.",
                   f"Le port {port} de {host} est pris par un autre programme. "
                   "Choisissez-en un autre avec TENIR_PORT.")  # fmt: skip
    if error.errno == errno.EACCES:
        return say(f"Port {port} needs more rights than this user has. Choose one above 1023 with TENIR_PORT.",
                   f"Le port {port} demande plus de droits que n'en a cet utilisateur. "
                   "Choisissez-en un au-dessus de 1023 avec TENIR_PORT.")  # fmt: skip
    return say(f"It is not possible to listen on {host} port {port}: {error.strerror}. See TENIR_BIND, TENIR_PORT.",
               f"Impossible d'écouter sur {host} port {port} : {error.strerror}. "
               "Voyez TENIR_BIND et TENIR_PORT.")  # fmt: skip
