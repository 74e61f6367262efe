"""`make shots`: every main screen of a demonstration desk, photographed in both languages, light and dark, wide and
narrow, into `shots/`. They are made to be looked at; what a picture must show is asserted by the browser tests."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = os.environ.get("TENIR_TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ROOT = Path(__file__).resolve().parents[1]
SIZES = {"wide": (1440, 900), "narrow": (360, 780)}
SCHEMES = ("light", "dark")
START_SECONDS = 180
BIN = "Deuxième bac"
PROMISING = "Bonjour, nous vous apporterons le couvercle demain avant midi. Je me renseigne et je vous réponds."


@dataclass
class Demo:
    """A demonstration that runs, and its ways in as it printed them."""

    language: str
    log: Path
    process: "subprocess.Popen[bytes]"
    addresses: list[str] = field(default_factory=list)

    @property
    def base(self) -> str:
        return self.addresses[0].split("/demo/")[0]


@contextmanager
def demo(language: str) -> Iterator[Demo]:
    """`tenir demo` in a folder of its own, as somebody with this language starts it."""
    with tempfile.TemporaryDirectory(prefix="tenir-shots-") as folder:
        log = Path(folder) / "log"
        data = Path(folder) / "demo"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("TENIR_", "LC_"))}
        environ = clean | {"LANG": f"{language}.UTF-8", "TENIR_DATA_DIR": str(data)}
        with log.open("wb") as out:
            process = subprocess.Popen([sys.executable, "-m", "tenir", "demo"], env=environ, stdout=out, stderr=out)
        running = Demo(language, log, process)
        try:
            running.addresses = _ways_in(running)
            yield running
        finally:
            process.terminate()
            process.wait(30)


def _ways_in(running: Demo) -> list[str]:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and running.process.poll() is None:
        found = re.findall(r"http://\S+", running.log.read_text("utf-8", "replace"))
        if len(found) >= 6:
            return found
        time.sleep(0.2)
    raise SystemExit(f"the demonstration did not start:\n{running.log.read_text('utf-8', 'replace')}")


@dataclass
class Camera:
    """One browser window: a scheme, a size, a person."""

    page: Page
    folder: Path
    base: str
    full: bool = True

    def take(self, name: str, path: str = "") -> None:
        """Goes there and takes the picture; without an address, of what is on the screen now."""
        if path:
            self.page.goto(path if path.startswith("http") else self.base + path, wait_until="load")
        self.page.wait_for_timeout(250)
        self.page.screenshot(path=self.folder / f"{name}.png", full_page=self.full and not name.startswith("over-"))


def photograph(browser: Browser, running: Demo, folder: Path) -> None:
    """All screens of one language."""
    states = {who: _come_in(browser, running, link) for who, link in zip(WHO, running.addresses[:3], strict=True)}
    for scheme in SCHEMES:
        for size, (width, height) in SIZES.items():
            there = folder / f"{running.language[:2]}-{scheme}-{size}"
            there.mkdir(parents=True, exist_ok=True)
            for who, screens in (("", OUTSIDE), ("amina", AGENT), ("farid", ADMINISTRATOR)):
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme=scheme,  # type: ignore[arg-type]
                    locale="fr-FR" if running.language.startswith("fr") else "en-GB",
                    storage_state=states[who] if who else None,
                )
                camera = Camera(context.new_page(), there, running.base)
                for name, path in screens.items():
                    camera.take(name, path.format(customer=running.addresses[5], base=running.base))
                if who == "amina":
                    _case_screens(camera)
                elif not who:
                    _promise_screens(camera, running.addresses[5])
                context.close()


WHO = ("amina", "denise", "farid")
OUTSIDE = {
    "sign-in": "/account/login/",
    "contact": "/contact/",
    "customer-page": "{customer}",
    "demo-mailbox": "/demo/mailbox/",
    "demo-letters": "/demo/mailbox/s.okafor@courriel.example/",
    "demo-writing": "/demo/mailbox/s.okafor@courriel.example/writing/",
    "error-404": "/nothing-here/",
}
AGENT = {
    "list-mine": "/cases/?list=mine",
    "list-to-take": "/cases/?list=waiting",
    "list-all": "/cases/?list=all",
    "new-case": "/cases/new/",
    "radar": "/radar/",
    "search": "/search/?q=couvercle",
    "customers": "/customers/",
    "me": "/me/",
}
ADMINISTRATOR = {
    "people": "/people/",
    "settings": "/settings/",
    "mailboxes": "/settings/mailboxes/",
    "mailbox-new": "/settings/mailboxes/new/",
    "letters": "/letters/",
    "health": "/settings/health/",
}


def _come_in(browser: Browser, running: Demo, link: str) -> Path:
    context = browser.new_context()
    page = context.new_page()
    page.goto(link, wait_until="load")
    state = running.log.with_name(f"{link.rsplit('/', 2)[1]}.json")
    _close(context, state)
    return state


def _close(context: BrowserContext, state: Path) -> None:
    context.storage_state(path=state)
    context.close()


def _case_screens(camera: Camera) -> None:
    """The case of the bin: its page, its answer being written, its customer, and the palette over it."""
    page = camera.page
    page.goto(camera.base + "/cases/?list=mine", wait_until="load")
    href = page.locator("li, tr").filter(has_text=BIN).locator("a[href^='/cases/']").first.get_attribute("href") or ""
    camera.take("case", href)
    page.goto(camera.base + href, wait_until="load")
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    camera.take("over-composer")
    page.locator("#composer-reply textarea").fill(PROMISING)
    page.locator(".heard").first.wait_for()
    camera.take("over-hearing")
    page.goto(camera.base + href.split("?")[0] + "promises/", wait_until="load")
    camera.take("promise-new")
    page.goto(camera.base + href, wait_until="load")
    page.keyboard.press("Control+k")
    page.wait_for_timeout(300)
    page.keyboard.type("laurent", delay=20)
    page.wait_for_timeout(600)
    camera.take("over-palette")
    page.goto(camera.base + href, wait_until="load")
    customer = page.locator("a[href^='/customers/']:not([href='/customers/'])").first.get_attribute("href") or ""
    camera.take("customer", customer)


def _promise_screens(camera: Camera, customer: str) -> None:
    """The question about a promise and the service charter, where the demonstration has them; and their details."""
    page = camera.page
    for name, link in (("customer-promise", "main a[href*='/promises/']:not([download])"), ("charter", "footer a")):
        page.goto(customer, wait_until="load")
        if href := page.locator(link).first.get_attribute("href") if page.locator(link).count() else "":
            camera.take(name, href)
    camera.take("customer-details", customer.rstrip("/") + "/details/")


def main() -> None:
    """Starts a demonstration in each language, and photographs it."""
    parser = argparse.ArgumentParser(prog="python -m tests.shots", description=__doc__)
    parser.add_argument("--into", type=Path, default=ROOT / "shots")
    parser.add_argument("--language", choices=["fr_FR", "en_GB"], action="append")
    asked = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in asked.language or ["fr_FR", "en_GB"]:
            with demo(language) as running:
                photograph(browser, running, asked.into)
        browser.close()
    print(f"{sum(1 for _ in asked.into.rglob('*.png'))} pictures in {asked.into}")


if __name__ == "__main__":
    main()
