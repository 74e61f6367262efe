"""What the machine and the network say of themselves: the clock's state, addresses, a certificate's end."""

import ctypes
import ipaddress
import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

_TIME_ERROR = 5
"""What adjtimex(2) returns while nothing sets the clock."""
_TIMEX_BYTES = 208


class CertificateRefused(Exception):
    """A browser would refuse it; the message says why."""


def clock_is_set_by_network() -> bool | None:
    """What the kernel says (adjtimex(2), which anybody may ask); None where it does not say."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "adjtimex"):
        return None
    # struct timex begins with `modes`; zero asks and changes nothing.
    asked = ctypes.create_string_buffer(_TIMEX_BYTES)
    state = libc.adjtimex(asked)
    return None if state < 0 else state != _TIME_ERROR


def parts(url: str) -> tuple[str, int, bool]:
    """Host, port and whether it is https."""
    address = urlsplit(url)
    secure = address.scheme == "https"
    return address.hostname or "", address.port or (443 if secure else 80), secure


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches the address."""
    return ipaddress.ip_address(address).is_loopback


def certificate_until(host: str, port: int, *, timeout: float = 10) -> datetime:
    """When the certificate shown there ends. Raises `CertificateRefused`, or `OSError` when nobody answers."""
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), timeout=timeout) as line,
            context.wrap_socket(line, server_hostname=host) as sealed,
        ):
            shown = sealed.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        raise CertificateRefused(error.verify_message) from error
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
