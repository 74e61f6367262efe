"""text/calendar, only as far as a person needs it: what, when, where, from whom.

Not a calendar library: dates stay in the zone that they name, recurrence is left to the attached file.
"""

from __future__ import annotations

import re

from tenir.channels.email.parse.values import Event

_UNFOLD = re.compile(r"\r?\n[ \t]")
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:\d\d)?(Z?))?")
_ESCAPED = re.compile(r"\\([nN,;\\])")
_MOST_EVENTS = 5
_MOST_LINES = 5_000


def events(text: str) -> tuple[Event, ...]:
    """The first appointments of an iCalendar text."""
    method, found = "", []
    fields: dict[str, tuple[str, str]] | None = None
    inner = 0  # depth of components within the event: an alarm has a summary of its own
    for line in _UNFOLD.sub("", text).splitlines()[:_MOST_LINES]:
        name, parameters, value = _split(line)
        if name == "METHOD":
            method = value.strip().lower()[:40]
        elif name == "BEGIN":
            if fields is not None:
                inner += 1
            elif value.strip().upper() in ("VEVENT", "VTODO"):
                fields = {}
        elif name == "END" and fields is not None:
            if inner:
                inner -= 1
                continue
            found.append(_event(fields, method))
            fields = None
            if len(found) >= _MOST_EVENTS:
                break
        elif fields is not None and not inner:
            fields.setdefault(name, (parameters, value))
    return tuple(found)


def _split(line: str) -> tuple[str, str, str]:
    """NAME;PARAMETERS:value; a colon within quotes belongs to the parameters."""
    quoted = False
    for position, char in enumerate(line[:1_000]):
        if char == '"':
            quoted = not quoted
        elif char == ":" and not quoted:
            name, _, parameters = line[:position].partition(";")
            return name.strip().upper(), parameters, line[position + 1 :]
    return "", "", ""


def _event(fields: dict[str, tuple[str, str]], method: str) -> Event:
    organiser = fields.get("ORGANIZER", ("", ""))
    named = re.search(r'CN="?([^";]{1,200})', organiser[0], re.IGNORECASE)
    address = re.sub(r"(?i)^mailto:", "", organiser[1].strip())[:320]
    return Event(
        summary=_plain(fields.get("SUMMARY", ("", ""))[1])[:500],
        when=_when(fields),
        where=_plain(fields.get("LOCATION", ("", ""))[1])[:500],
        organiser=f"{named[1]} <{address}>" if named else address,
        method=method,
    )


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value).strip()


def _when(fields: dict[str, tuple[str, str]]) -> str:
    start, zone = _moment(*fields.get("DTSTART", ("", "")))
    end, _ = _moment(*fields.get("DTEND", fields.get("DUE", ("", ""))))
    if end.startswith(start[:10]) and len(end) > 10:
        end = end[11:]
    if len(start) == 10 and end == start:
        end = ""
    text = f"{start} – {end}" if start and end else start or end
    return f"{text} ({zone})" if zone and text else text


def _moment(parameters: str, value: str) -> tuple[str, str]:
    match = _DATE.match(value.strip())
    if not match:
        return "", ""
    text = f"{match[1]}-{match[2]}-{match[3]}"
    zone = re.search(r'TZID="?([^";:]{1,80})', parameters, re.IGNORECASE)
    if match[4]:
        text += f" {match[4]}:{match[5]}"
    return text, "UTC" if match[6] else zone[1] if zone else ""


def as_text(event: Event) -> str:
    """What, when, where, each on its line, without labels: it reads the same in every language."""
    return "\n".join(part for part in (event.summary, event.when, event.where, event.organiser) if part)
