"""What happens to a customer's record. Ids and field names only, never a name, an address or a word of theirs."""

from django.utils.translation import gettext as _

from tenir.ledger.events import Fact, register


@register("customer_added")
class CustomerAdded(Fact):
    def sentence(self) -> str:
        return _("was added as a customer")


@register("customer_renamed")
class CustomerRenamed(Fact):
    def sentence(self) -> str:
        return _("corrected the customer's name")


@register("reach_added")
class ReachAdded(Fact):
    reach: int
    kind: str

    def sentence(self) -> str:
        said = {
            "email": _("added an e-mail address"),
            "phone": _("added a telephone number"),
        }
        return said.get(self.kind, _("added a way to reach the customer"))


@register("reach_corrected")
class ReachCorrected(Fact):
    reach: int
    kind: str

    def sentence(self) -> str:
        said = {
            "email": _("corrected an e-mail address"),
            "phone": _("corrected a telephone number"),
        }
        return said.get(self.kind, _("corrected a way to reach the customer"))


@register("reach_removed")
class ReachRemoved(Fact):
    reach: int
    kind: str

    def sentence(self) -> str:
        said = {
            "email": _("removed an e-mail address"),
            "phone": _("removed a telephone number"),
        }
        return said.get(self.kind, _("removed a way to reach the customer"))


@register("reach_bounced")
class ReachBounced(Fact):
    reach: int

    def sentence(self) -> str:
        return _("learnt that letters to an address come back")


@register("reach_answers_again")
class ReachAnswersAgain(Fact):
    reach: int

    def sentence(self) -> str:
        return _("learnt that an address works again")


@register("customer_language_set")
class CustomerLanguageSet(Fact):
    """Language of contact, language of the product and country are three things."""

    fields: list[str]

    def sentence(self) -> str:
        return _("noted the customer's language or country")


@register("preferences_set")
class PreferencesSet(Fact):
    fields: list[str]

    def sentence(self) -> str:
        return _("noted how the customer prefers to be served")


@register("postal_address_set")
class PostalAddressSet(Fact):
    def sentence(self) -> str:
        return _("corrected the postal address")


@register("note_added")
class NoteAdded(Fact):
    note: int

    def sentence(self) -> str:
        return _("added a note")


@register("note_struck")
class NoteStruck(Fact):
    note: int

    def sentence(self) -> str:
        return _("struck a note")


@register("consent_given")
class ConsentGiven(Fact):
    consent: int

    def sentence(self) -> str:
        return _("wrote down an agreement")


@register("consent_withdrawn")
class ConsentWithdrawn(Fact):
    consent: int

    def sentence(self) -> str:
        return _("wrote down that an agreement was withdrawn")


@register("customers_merged")
class CustomersMerged(Fact):
    """`customer` is the kept one, `gone` the one that was merged into it."""

    merge: int
    gone: int

    def sentence(self) -> str:
        return _("merged two records of one person")


@register("customers_parted")
class CustomersParted(Fact):
    merge: int
    gone: int

    def sentence(self) -> str:
        return _("undid the merge of two records")


@register("subscription_added")
class SubscriptionAdded(Fact):
    subscription: int

    def sentence(self) -> str:
        return _("added a subscription")


@register("subscription_changed")
class SubscriptionChanged(Fact):
    subscription: int
    fields: list[str]

    def sentence(self) -> str:
        return _("brought a subscription up to date")


@register("subscriptions_imported")
class SubscriptionsImported(Fact):
    added: int
    changed: int
    unchanged: int
    refused: int

    def sentence(self) -> str:
        return _("imported subscriptions")
