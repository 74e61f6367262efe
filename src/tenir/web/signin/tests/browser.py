"""A real Chromium before a real server with its own database, for the screens of the desk."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
CHROMIUM = os.environ.get("TENIR_TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
expect.set_options(timeout=20_000)  # several test processes share a core
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """One browser for a module. Playwright's loop runs in the thread of the tests, where Django would refuse the
    database otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            yield browser
            browser.close()


@pytest.fixture
def desk(live_server: Any, settings: Any) -> str:
    """The address of a desk that serves real pages from the test's database."""
    settings.BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def page(chromium: Browser, desk: str) -> Iterator[Page]:
    """A page on which any error of a script, and anything that the policy refuses, fails the test."""
    context = chromium.new_context(
        base_url=desk, viewport={"width": 1280, "height": 900}, reduced_motion="reduce", locale="en"
    )
    context.route(re.compile(r"/live$"), lambda route: route.abort())
    context.set_default_timeout(30_000)
    shown = context.new_page()
    wrong: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    shown.on("console", heard)
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    yield shown
    context.close()
    assert wrong == []


def check_for_everybody(page: Page) -> None:
    """Nothing that axe knows to be wrong, and nothing wider than a telephone."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, iframes: false})", RULES)
    told = [
        f"{page.url} {v['id']}: {n['html'][:140]} {n['failureSummary'][:200]}"
        for v in found["violations"]
        for n in v["nodes"]
    ]
    assert not told, "\n".join(told)
    size = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url
    if size:
        page.set_viewport_size(size)
