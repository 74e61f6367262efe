"""Who may do what with the desk's mailboxes."""

from django.utils.translation import gettext_lazy as _

from tenir.people.rights import ADMINISTRATORS, EVERYBODY, declare

declare("manage_mailboxes", ADMINISTRATORS, _("connect mailboxes and change how they are read and sent from"))
declare("see_mail_without_case", EVERYBODY, _("see letters that opened no case, and make cases of them"))
