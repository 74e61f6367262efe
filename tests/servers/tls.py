"""Certificates for the test servers, made on the spot: a good one, and each of the bad ones."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import trustme


class Certificate(StrEnum):
    """Which certificate a server shows."""

    GOOD = "good"
    EXPIRED = "expired"
    OTHER_NAME = "other-name"
    UNKNOWN_AUTHORITY = "unknown-authority"


@dataclass(frozen=True)
class Certificates:
    """Files of one throw-away authority: `ca_file` is what a client trusts."""

    folder: Path
    ca_file: Path

    def files(self, which: Certificate) -> tuple[Path, Path]:
        """The certificate chain and the private key, both PEM."""
        return self.folder / f"{which}.pem", self.folder / f"{which}.key"


def certificates(folder: Path) -> Certificates:
    """Make (or find again) the authority and the four certificates under `folder`/tls."""
    home = folder / "tls"
    made = Certificates(home, home / "ca.pem")
    if made.ca_file.exists():
        return made
    home.mkdir(parents=True, exist_ok=True)
    authority, stranger = trustme.CA(), trustme.CA()
    here = ("localhost", "127.0.0.1", "::1")
    past = datetime.now(UTC) - timedelta(days=30)
    leaves = {
        Certificate.GOOD: authority.issue_cert(*here),
        Certificate.EXPIRED: authority.issue_cert(*here, not_before=past - timedelta(days=30), not_after=past),
        Certificate.OTHER_NAME: authority.issue_cert("elsewhere.example"),
        Certificate.UNKNOWN_AUTHORITY: stranger.issue_cert(*here),
    }
    for which, leaf in leaves.items():
        chain, key = made.files(which)
        chain.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        key.write_bytes(leaf.private_key_pem.bytes())
    authority.cert_pem.write_to_path(str(made.ca_file))
    return made
