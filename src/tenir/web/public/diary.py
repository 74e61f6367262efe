"""A promise as an entry for a diary: an iCalendar file (RFC 5545) with one day.

The whole day, and the hour in words: "by 17:00" is no appointment at 17:00. No link to the customer's page is in it,
because diaries are shared.
"""

from datetime import UTC
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenir.clock import local
from tenir.people.access import organisation_name
from tenir.people.names import one_line
from tenir.promises.models import Promise

LONGEST = 200


def diary_entry(promise: Promise) -> bytes:
    """The file. A new date is the same entry with a higher number, which replaces the old one in the diary."""
    import icalendar  # only here: it takes a while to load

    due = local(promise.due_at)
    said = {"what": one_line(promise.what, longest=LONGEST), "time": date_format(due, "G:i")}
    event = icalendar.Event()
    event.add("uid", f"promise-{promise.pk}@{urlsplit(settings.BASE_URL).hostname or 'tenir'}")
    event.add("dtstamp", promise.made_at.astimezone(UTC))
    event.add("sequence", promise.renegotiated)
    event.add("dtstart", due.date())
    event.add("summary", _("%(what)s (by %(time)s)") % said)
    event.add("description", "\n\n".join(filter(None, [organisation_name(), promise.customer_does])))
    event.add("transp", "TRANSPARENT")
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Tenir//promises//")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
