"""What a mail server said of a letter, noted on this machine's disk the instant it was said.

A database takes milliseconds to commit; a worker that is killed meanwhile would forget that the letter has arrived and
send it again. A note in a file outlives the process. It is no more than that: the database is what counts, and where
the disk refuses the note (or another machine takes the letter up) the letter may go twice, as one Message-ID.
"""

import hashlib
import json
import logging
from pathlib import Path

from django.conf import settings

log = logging.getLogger("tenir.sending")

Answers = dict[str, tuple[bool, str]]
"""By recipient: whether the server took the letter, and its words."""


def note(message_id: str, answers: Answers) -> None:
    """Notes the last words of a server about a letter, beside those noted before."""
    path = _path(message_id)
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(noted(message_id) | answers))
        draft.replace(path)
    except OSError:
        log.warning("the answer of a mail server cannot be noted", exc_info=True)


def noted(message_id: str) -> Answers:
    """What was noted about a letter and perhaps not stored yet; nothing when that cannot be read."""
    try:
        read = json.loads(_path(message_id).read_text())
        return {recipient: (bool(taken), str(words)) for recipient, (taken, words) in read.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError):
        log.warning("the noted answer of a mail server cannot be read", exc_info=True)
        return {}


def forget(message_id: str) -> None:
    """The answers are stored: the note is not needed any more."""
    try:
        _path(message_id).unlink(missing_ok=True)
    except OSError:
        log.warning("the noted answer of a mail server cannot be removed", exc_info=True)


def _path(message_id: str) -> Path:
    return Path(settings.DATA_DIR) / "answers" / hashlib.sha256(message_id.encode()).hexdigest()[:32]
