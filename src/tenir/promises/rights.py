"""The rights over promises, declared to `tenir.people.rights`, where `may` answers."""

from django.utils.translation import gettext_lazy as _

from tenir.people.rights import LEADERS, declare

declare("keep_policies", LEADERS, _("write and retire the standing promises of the desk"))
declare("keep_calendars", LEADERS, _("say when the desk is open: hours, closures, public holidays"))
declare("note_absence", LEADERS, _("say that somebody is away and who stands in for them"), over_oneself=True)
