"""The log: one line an event, for people or for machines, with no secret in it.

Everything goes through the standard library's logging (Django and the other libraries use it), is dressed by
structlog, and is written to standard error, where systemd, a container or a terminal takes it.
"""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from tenir.install.settings import Settings

#: In a path, a long part with a digit, a capital or a sign in it is a token: a customer's link, an invitation, a reset.
_TOKEN = re.compile(r"(?<=/)(?=[^/\s?]*[0-9A-Z:_=.~])[^/\s?'\"]{16,}")
_QUERY = re.compile(r"(?<=/)([^\s?'\"]*)\?[^\s'\"]*")


def mask(text: str) -> str:
    """The text with what could open a door hidden: tokens in paths, and everything after a question mark in them.

    >>> mask("Not Found: /c/AbCdEf0123456789abcdef/reply?next=/x")
    'Not Found: /c/…/reply?…'
    """
    return _TOKEN.sub("…", _QUERY.sub(r"\1?…", text))


def _without_secrets(_logger: Any, _name: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if isinstance(value, str) and "/" in value and key not in ("exception", "logger"):
            event[key] = mask(value)
    return event


#: What Django attaches to its records for its own handlers: whole requests, whose text has addresses in it.
_NOT_WRITTEN = ("request", "status_code", "server_time")


def _only_plain_values(_logger: Any, _name: str, event: EventDict) -> EventDict:
    for key in _NOT_WRITTEN:
        event.pop(key, None)
    return event


class _Named:
    """Puts the name of the process on each line."""

    def __init__(self, process: str) -> None:
        self._process = process

    def __call__(self, _logger: Any, _name: str, event: EventDict) -> EventDict:
        event["process"] = self._process
        return event


def _as_line(_logger: Any, _name: str, event: EventDict) -> str:
    """`2026-11-22 07:12:03 web   info    page  path=/cases  status=200`."""
    head = f"{event.pop('at')} {event.pop('process'):<5} {event.pop('level'):<7} {event.pop('event')}"
    trace = event.pop("exception", None)
    event.pop("logger", None)
    rest = "".join(f"  {key}={value}" for key, value in event.items())
    return head + rest + (f"\n{trace}" if trace else "")


def configure(settings: Settings, *, process: str) -> None:
    """Send every log of this process, dressed, to standard error."""
    as_json = settings.log_format == "json"
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso" if as_json else "%Y-%m-%d %H:%M:%S", utc=as_json, key="at"),
        _Named(process),
        _only_plain_values,
        structlog.processors.format_exc_info,
        _without_secrets,
    ]
    last: Processor = structlog.processors.JSONRenderer(ensure_ascii=False, default=str) if as_json else _as_line
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    # A page that does not exist is an ordinary thing and is in the access log already.
    logging.getLogger("django.request").setLevel("ERROR")
    # At debug, each value that a template does not find is told with all that the page knows: words, links, tokens.
    logging.getLogger("django.template").setLevel("INFO")
    # Anybody can send another name in `Host`; the answer is 400 and the access log has it.
    logging.getLogger("django.security.DisallowedHost").setLevel("CRITICAL")
    logging.getLogger("uvicorn.error").setLevel("WARNING")
    logging.captureWarnings(True)
