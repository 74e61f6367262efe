"""What the worker does for the installation: it shows that it lives, so that `tenir doctor` can tell."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from tenir.outbox.handlers import repeat

BEAT = timedelta(seconds=15)


def beat_file() -> Path:
    """A file of the data folder whose date is when this machine's worker was last seen to work."""
    return Path(settings.DATA_DIR) / "work.alive"


@repeat(every=BEAT)
def beat(at: datetime) -> None:
    """Touches the file: no row is written, so an idle desk stays idle."""
    beat_file().touch(mode=0o600)
