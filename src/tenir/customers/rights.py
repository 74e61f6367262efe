"""The rights over customers, declared to `tenir.people.rights`, where `may` answers."""

from django.utils.translation import gettext_lazy as _

from tenir.people.rights import EVERYBODY, LEADERS, declare

declare("see_customers", EVERYBODY, _("see customers: ways to reach them, preferences, subscriptions, notes"))
declare(
    "change_customers",
    EVERYBODY,
    _("correct a customer's name, ways to reach them, language and preferences"),
)
declare("note_customers", EVERYBODY, _("add a dated fact to a customer, and strike one's own"))
declare("strike_notes", LEADERS, _("strike a note that somebody else wrote"))
declare("record_consent", EVERYBODY, _("write down that a customer agreed to something, or no longer does"))
declare("merge_customers", EVERYBODY, _("merge two records of one person, and undo it"))
declare("import_subscriptions", LEADERS, _("import subscriptions from a file"))
