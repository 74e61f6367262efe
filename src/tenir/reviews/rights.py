"""The rights over reviews, declared to `tenir.people.rights`, where `may` answers."""

from django.utils.translation import gettext_lazy as _

from tenir.people.rights import LEADERS, declare

declare("review_cases", LEADERS, _("see the reviews, end them, and ask for something to change"))
declare("finish_changes", LEADERS, _("say that something was changed as asked"), over_oneself=True)
declare("publish_changes", LEADERS, _("publish what the desk changed, in words that name nobody"))
