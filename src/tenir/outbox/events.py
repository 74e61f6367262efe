"""What can happen to the desk's own work, for administrators."""

from django.utils.translation import gettext as _

from tenir.ledger.events import Fact, register


@register("task_died")
class TaskDied(Fact):
    """Work was given up after its last try: it is listed with its reason until a person decides."""

    task: int
    kind: str

    def sentence(self) -> str:
        return _("gave up some work after its last try")


@register("task_revived")
class TaskRevived(Fact):
    task: int
    kind: str

    def sentence(self) -> str:
        return _("tried again some work that had been given up")


@register("clock_set_back")
class ClockSetBack(Fact):
    """The clock of this machine went back by about so many seconds (0: while no worker ran), and so many waiting
    tasks were moved with it."""

    seconds: int
    tasks: int

    def sentence(self) -> str:
        return _("noticed that the clock of the server was set back, and moved what was waiting with it")
