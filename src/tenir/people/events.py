"""What happens to the people who answer. Ids only, never names: the ledger outlives an erasure.

Presence and display leave no event at all: a history of presence would be surveillance, and a history of text
sizes and fonts would say something about somebody's sight or reading.
"""

from django.utils.translation import gettext as _

from tenir.ledger.events import Fact, register


@register("agent_invited")
class AgentInvited(Fact):
    agent: int
    role: str

    def sentence(self) -> str:
        return _("invited somebody to join the desk")


@register("invitation_accepted")
class InvitationAccepted(Fact):
    agent: int

    def sentence(self) -> str:
        return _("joined the desk")


@register("role_changed")
class RoleChanged(Fact):
    agent: int
    role: str
    before: str

    def sentence(self) -> str:
        said = {
            "agent": _("made a colleague agent"),
            "supervisor": _("made a colleague supervisor"),
            "administrator": _("made a colleague administrator"),
        }
        return said.get(self.role, _("changed the role of a colleague"))


@register("agent_deactivated")
class AgentDeactivated(Fact):
    agent: int

    def sentence(self) -> str:
        return _("ended the access of a colleague")


@register("agent_reactivated")
class AgentReactivated(Fact):
    agent: int

    def sentence(self) -> str:
        return _("gave a colleague their access back")


@register("agent_renamed")
class AgentRenamed(Fact):
    agent: int

    def sentence(self) -> str:
        return _("corrected a given name")


@register("public_name_chosen")
class PublicNameChosen(Fact):
    agent: int

    def sentence(self) -> str:
        return _("chose their public name")


@register("public_name_cleared")
class PublicNameCleared(Fact):
    agent: int

    def sentence(self) -> str:
        return _("removed a public name")


@register("signature_set")
class SignatureSet(Fact):
    agent: int

    def sentence(self) -> str:
        return _("changed their signature")


@register("skills_set")
class SkillsSet(Fact):
    agent: int
    skills: list[int]

    def sentence(self) -> str:
        return _("noted what a colleague can do")


@register("languages_set")
class LanguagesSet(Fact):
    agent: int
    languages: list[str]

    def sentence(self) -> str:
        return _("noted the languages in which a colleague answers")


@register("identity_read")
class IdentityRead(Fact):
    """`reading` is the row that holds the reason."""

    agent: int
    reading: int

    def sentence(self) -> str:
        return _("read the legal identity of a colleague")


@register("identity_set")
class IdentitySet(Fact):
    agent: int

    def sentence(self) -> str:
        return _("wrote the legal identity of a colleague")


@register("team_created")
class TeamCreated(Fact):
    team: int

    def sentence(self) -> str:
        return _("created a team")


@register("team_renamed")
class TeamRenamed(Fact):
    team: int

    def sentence(self) -> str:
        return _("renamed a team")


@register("team_made_private")
class TeamMadePrivate(Fact):
    team: int

    def sentence(self) -> str:
        return _("made a team private")


@register("team_opened")
class TeamOpened(Fact):
    team: int

    def sentence(self) -> str:
        return _("opened a private team to all colleagues")


@register("team_signature_set")
class TeamSignatureSet(Fact):
    team: int

    def sentence(self) -> str:
        return _("changed the signature of a team")


@register("members_added")
class MembersAdded(Fact):
    team: int
    agents: list[int]

    def sentence(self) -> str:
        return _("added members to a team")


@register("members_removed")
class MembersRemoved(Fact):
    team: int
    agents: list[int]

    def sentence(self) -> str:
        return _("removed members from a team")


@register("organisation_set")
class OrganisationSet(Fact):
    languages: list[str]

    def sentence(self) -> str:
        return _("changed the organisation’s name or languages")
