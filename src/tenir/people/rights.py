"""Who may do what: every right by name, and the one function that answers.

A room above declares its own rights here when the application starts, with `declare`, and asks `may` or
`require`. Each right is described in docs/rights.md (a test insists).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenir.ledger.events import SYSTEM
from tenir.ledger.refusals import NotThere
from tenir.people.models import Agent, Role

AGENT, SUPERVISOR, ADMINISTRATOR = Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR
EVERYBODY = frozenset({AGENT, SUPERVISOR, ADMINISTRATOR})
LEADERS = frozenset({SUPERVISOR, ADMINISTRATOR})
ADMINISTRATORS = frozenset({ADMINISTRATOR})
NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Right:
    """One right.

    The roles that have it over anybody, whether each person has it over themself, and its meaning.
    """

    name: str
    roles: frozenset[Role]
    over_oneself: bool
    meaning: Promise


RIGHTS: dict[str, Right] = {}


def declare(name: str, roles: frozenset[Role], meaning: Promise, *, over_oneself: bool = False) -> Right:
    """Enters a right into `RIGHTS`. Raises `ValueError` when two rights have one name."""
    if name in RIGHTS:
        raise ValueError(f"two rights are named {name}")
    RIGHTS[name] = Right(name, roles, over_oneself, meaning)
    return RIGHTS[name]


class NotAllowed(NotThere):
    """The person lacks the right; told apart from a missing object only inside the house (`right`)."""

    def __init__(self, right: str) -> None:
        super().__init__(right)
        self.right = right


def may(doer: object, right: str, *, whose: Agent | None = None) -> bool:
    """Whether `doer` has this right (over `whose`, where it concerns one person). Raises `KeyError` on an
    unknown right.

    The desk itself (`SYSTEM`: a rule, or the command line on the server) may everything. Whoever is not an
    agent who can sign in (an outsider, a customer, somebody who has left) may nothing.
    """
    known = RIGHTS[right]
    if doer is SYSTEM:
        return True
    if not isinstance(doer, Agent) or not doer.is_active:
        return False
    if known.over_oneself and whose is not None and whose.pk == doer.pk:
        return True
    return doer.role in known.roles


def require(doer: object, right: str, *, whose: Agent | None = None) -> None:
    """Raises `NotAllowed` unless `doer` has this right."""
    if not may(doer, right, whose=whose):
        raise NotAllowed(right)


declare("see_people", EVERYBODY, _("see colleagues: given name, shown name, teams, skills, presence"))
declare("see_private_teams", LEADERS, _("see private teams and their cases without being a member"))
declare("invite_people", ADMINISTRATORS, _("invite somebody, and send the link again"))
declare("change_role", ADMINISTRATORS, _("make somebody agent, supervisor or administrator"))
declare("end_access", ADMINISTRATORS, _("end somebody's access, and give it back"))
declare("rename_person", ADMINISTRATORS, _("correct the given name that colleagues see"), over_oneself=True)
declare("choose_public_name", NOBODY, _("choose the name that customers see: one's own only"), over_oneself=True)
declare("clear_public_name", ADMINISTRATORS, _("remove an offensive public name, never impose another"))
declare(
    "set_display",
    NOBODY,
    _("set language, theme, text size, digits and font: one's own only"),
    over_oneself=True,
)
declare("set_signature", NOBODY, _("write the signature of one's letters: one's own only"), over_oneself=True)
declare("set_presence", NOBODY, _("say what one is doing now: one's own only"), over_oneself=True)
declare("manage_teams", LEADERS, _("create and rename teams, choose their members, make them private"))
declare("set_skills", LEADERS, _("note what somebody can do and the languages they answer in"), over_oneself=True)
declare(
    "read_identity",
    ADMINISTRATORS,
    _("read somebody's legal identity, with a reason that is kept"),
    over_oneself=True,
)
declare("set_identity", ADMINISTRATORS, _("write somebody's legal identity"), over_oneself=True)
declare("see_identity_readings", ADMINISTRATORS, _("see who read a legal identity, and why"), over_oneself=True)
declare(
    "manage_desk",
    ADMINISTRATORS,
    _("name the organisation and its languages, keep the categories, try again what could not be delivered"),
)
