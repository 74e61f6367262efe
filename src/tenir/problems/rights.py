"""The rights over shared causes, declared to `tenir.people.rights`, where `may` answers."""

from django.utils.translation import gettext_lazy as _

from tenir.people.rights import EVERYBODY, LEADERS, declare

declare("keep_causes", EVERYBODY, _("note a cause behind several cases, and tie cases to it"))
declare(
    "fix_causes", LEADERS, _("say that a cause is fixed, and give every promise behind it its date"), over_oneself=True
)
