"""What was promised, in a real Chromium: on a telephone and on a screen, in both languages, light and dark."""

from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tenir.people.tests.scenes import bruno
from tenir.promises import verbs
from tenir.promises.models import Promise
from tenir.promises.tests.scenes import a_bin, another_date, days, delivered, fresh, hours, part, plain
from tenir.web.public.tests.scenes import page_of
from tenir.web.public.tests.test_public_browser import AXE, RULES, Opener, chromium, tab

__all__ = ["chromium", "tab"]
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def story() -> Promise:
    """A bin that came without its lid, a call that is late, and a lid for Friday; returns what was just delivered."""
    bin_ = delivered(a_bin(), at=hours(20))
    case = bin_.case
    verbs.confirm(bin_, answer=verbs.Answer.PARTLY, by=case.customer, at=hours(21), missing=[part(bin_, "couvercle")])
    plain(case, what="Vous appeler pour convenir du passage", kind="callback")
    rest = Promise.objects.get(follows=bin_)
    another_date(rest, to=days(9), at=hours(22))
    a_bin(
        case, at=hours(23), what="Apporter un sac de tri en attendant", parts=(), deputy=bruno(),
        customer_does="Laissez le bac au bout de l’allée après le ramassage habituel.",
    )  # fmt: skip
    return delivered(a_bin(case, what="Livrer un second bac et son couvercle"), at=hours(40))


def check_access(page: Page) -> None:
    width = page.evaluate("window.innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_pages_are_fit_for_everybody(tab: Opener, language: str, theme: Any, width: int) -> None:
    with time_machine.travel(days(2.1), tick=True):
        asked = story()
        page = tab(page_of(asked.case), language=language, theme=theme, width=width)
        expect(page.locator(".promise-ask")).to_have_count(1)
        check_access(page)
        page.locator(".promise-but > summary").click()
        check_access(page)
        page.goto(f"{page_of(asked.case)}promises/{asked.pk}/?answer=partly&lang={language}")
        expect(page.locator(".promise-missing")).to_be_visible()
        check_access(page)


def test_what_is_missing_is_said_on_a_telephone_without_a_script(tab: Opener) -> None:
    with time_machine.travel(days(2.1), tick=True):
        asked = story()
        page = tab(f"{page_of(asked.case)}promises/{asked.pk}/?answer=partly", width=360, java_script_enabled=False)
        page.locator(".promise-missing .choice", has_text="couvercle").click()
        page.get_by_role("button", name="Dire ce qui manque").click()
        expect(page.locator("#said")).to_contain_text("Ce qui manque est promis de nouveau")
    assert fresh(asked).state == "partly_kept"
