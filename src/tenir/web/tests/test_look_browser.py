"""The components in a real Chromium: they can be read by everybody, worked from the keyboard, and lose no word."""

import os
import re
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import axe_core_python
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Page, Route, expect, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
CHROMIUM = os.environ.get("TENIR_TEST_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
#: The live route, and not a page whose query names it.
LIVE = re.compile(r"^http://[^/]+/live$")
PAGES = ("", "list/", "list/?empty=1", "case/", "public/", "error/404/")


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name that the base class has)
        """Requests of a test are not news."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The style guide, served as it is while developing. It reads no table, so that no database is needed."""
    with override_settings(DEBUG=True, ALLOWED_HOSTS=["127.0.0.1"]):
        server = make_server(
            "127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), server_class=Server, handler_class=Quiet
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/styleguide/"
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A page on which any error of a script, and anything that the policy refuses, fails the test."""
    context = chromium.new_context(
        base_url=address, viewport={"width": 1440, "height": 900}, reduced_motion="reduce", locale="en"
    )
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


def go(page: Page, where: str = "", **asked: str) -> None:
    chosen = "&".join(f"{name}={value}" for name, value in {"lang": "en", **asked}.items())
    page.goto(f"{where}{'&' if '?' in where else '?'}{chosen}")


# --- For everybody -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("where", PAGES)
def test_everybody_can_read_it(page: Page, where: str, theme: str, language: str) -> None:
    go(page, where, lang=language, theme=theme)
    if where.startswith("error"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.evaluate(AXE)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, iframes: false})", rules)
    told = [
        f"{v['id']}: {n['html'][:140]} {n['failureSummary'][:200]}" for v in found["violations"] for n in v["nodes"]
    ]
    assert told == []


@pytest.mark.parametrize("opener", ["ending-dialog", "keys-dialog"])
def test_everybody_can_read_the_dialogs(page: Page, opener: str) -> None:
    go(page)
    page.locator(f'.page [data-dialog-open="{opener}"]').click()
    page.evaluate(AXE)
    found = page.evaluate("axe.run('dialog[open]')")
    assert [v["id"] for v in found["violations"]] == []


@pytest.mark.parametrize("size", ["normal", "larger"])
@pytest.mark.parametrize("where", PAGES)
def test_nothing_is_wider_than_a_telephone(page: Page, where: str, size: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, where, lang="fr", size=size, digits="spaced", font="readable")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_large_text_folds_the_columns_rather_than_the_words(page: Page) -> None:
    go(page, "case/")
    expect(page.locator(".columns > .pane")).to_be_visible()
    expect(page.locator("#case-aside")).to_be_visible()
    go(page, "case/", size="larger")
    expect(page.locator(".columns > .pane")).to_be_hidden()


def test_on_a_telephone_the_person_is_one_touch_away(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, "case/")
    expect(page.locator("#case-aside")).to_be_hidden()
    page.locator(".case-bar").get_by_text("Person").click()
    expect(page.locator("#case-aside")).to_be_visible()


def test_on_paper_everything_that_was_said_is_there(page: Page) -> None:
    go(page, "case/")
    page.emulate_media(media="print")
    expect(page.locator(".nav")).to_be_hidden()
    expect(page.locator(".composer")).to_be_hidden()
    expect(page.get_by_text("we will replace the bin on Tuesday")).to_be_visible()


def test_the_mail_frame_can_run_nothing(page: Page) -> None:
    go(page, "case/")
    page.locator(".mail-frame > summary").click()
    frame = page.locator(".mail-frame iframe")
    assert frame.get_attribute("sandbox") == "allow-popups allow-popups-to-escape-sandbox"
    expect(page.frame_locator(".mail-frame iframe").get_by_text("sixième")).to_be_visible()
    page.get_by_role("link", name="Show the pictures").click()
    expect(page.locator("[data-remote-images]")).to_be_hidden()


# --- The keyboard ------------------------------------------------------------------------------------------------


def test_single_keys_act_and_sleep_in_fields(page: Page) -> None:
    go(page, "case/")
    page.keyboard.press("n")
    note = page.get_by_role("textbox", name="Internal note")
    expect(note).to_be_focused()
    page.keyboard.type("red e")
    expect(note).to_have_value("red e")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_role("dialog", name="How did it end?")).to_be_visible()


def test_keys_can_be_switched_off(page: Page) -> None:
    go(page, "case/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_contain_text("Internal note")
    page.get_by_label("Single-letter keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_role("dialog", name="How did it end?")).to_be_hidden()


def test_two_keys_one_after_the_other(page: Page) -> None:
    go(page, "case/")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/list/")


def test_walking_and_choosing_rows(page: Page) -> None:
    go(page, "list/")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Mme Laurent")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="M. Okafor")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-select-count]")).to_have_text("1 case chosen")
    page.locator("#row-bertin [data-select]").click(modifiers=["Shift"])
    expect(page.locator("[data-select-count]")).to_have_text("4 cases chosen")
    page.keyboard.press("Escape")
    expect(page.locator("[data-select-bar]")).to_be_hidden()


def test_the_bulk_form_carries_what_is_chosen(page: Page) -> None:
    go(page, "list/")
    page.locator("#row-petit [data-select]").check()
    page.locator("#row-bertin [data-select]").check()
    sent = page.evaluate("[...new FormData(document.querySelector('[data-select-bar]')).getAll('case')]")
    assert sent == ["petit", "bertin"]


def test_the_palette_from_anywhere(page: Page) -> None:
    go(page, "case/")
    page.keyboard.press("r")
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Search or do")
    expect(palette).to_be_visible()
    page.keyboard.type("okafor")
    expect(palette.get_by_role("option")).to_have_count(1)
    expect(palette.get_by_role("option")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()


def test_a_menu_is_walked_with_the_arrows_and_gives_the_focus_back(page: Page) -> None:
    go(page, "case/")
    more = page.get_by_role("button", name="More actions")
    more.press("Enter")
    expect(page.get_by_role("button", name="Tags")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Merge")).to_be_focused()
    page.keyboard.press("Escape")
    expect(more).to_be_focused()


# --- The telephone number (A3, A4) --------------------------------------------------------------------------------


def phone(page: Page) -> None:
    go(page)
    page.get_by_label("Telephone", exact=True).click()


def test_a_number_is_grouped_and_counted_as_it_is_typed(page: Page) -> None:
    phone(page)
    number = page.get_by_label("Telephone", exact=True)
    page.keyboard.type("06123456")
    expect(number).to_have_value("06 12 34 56")
    field = page.locator("[data-phone]").first
    expect(field.locator("[data-phone-count]")).to_have_text("8/10")
    page.keyboard.type("7")
    expect(field.locator("[data-phone-word]")).to_have_text("One digit is missing.")
    page.keyboard.type("8")
    expect(number).to_have_value("06 12 34 56 78")
    expect(field.locator("[data-phone-read] strong")).to_have_text("06 12 34 56 78")
    expect(field.locator("[data-phone-same]")).to_contain_text("Mme Laurent")


def test_the_eleventh_digit_is_refused_and_told(page: Page) -> None:
    phone(page)
    page.keyboard.type("06123456789")
    expect(page.get_by_label("Telephone", exact=True)).to_have_value("06 12 34 56 78")
    expect(page.locator("[data-phone-word]").first).to_contain_text("the eleventh was not taken")


def test_a_digit_is_corrected_in_the_middle_without_losing_the_place(page: Page) -> None:
    phone(page)
    page.keyboard.type("0612345678")
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Backspace")
    expect(page.get_by_label("Telephone", exact=True)).to_have_value("06 12 35 67 8")
    page.keyboard.type("9")
    expect(page.get_by_label("Telephone", exact=True)).to_have_value("06 12 39 56 78")


def test_a_number_that_nobody_has_is_judged_by_the_server(page: Page) -> None:
    phone(page)
    page.keyboard.type("+44 7")
    page.keyboard.type("000")
    page.keyboard.type("000")
    expect(page.locator("[data-phone-word]").first).to_have_text("No such number exists: read it again.")


NUMBERS = [
    ("06 12 34 56 78", {"kind": "french", "state": "whole", "digits": 10, "shown": "06 12 34 56 78"}),
    ("061234567", {"state": "short", "missing": 1, "shown": "06 12 34 56 7"}),
    ("061234567890", {"state": "long", "extra": 2}),
    ("+33612345678", {"kind": "french", "state": "whole", "shown": "+33 6 12 34 56 78", "read": "06 12 34 56 78"}),
    ("+33 (0)6 12 34 56 78", {"state": "whole", "trunk": True, "read": "06 12 34 56 78"}),
    ("0033612345678", {"kind": "french", "state": "whole", "shown": "00 33 6 12 34 56 78"}),
    ("33612345678", {"kind": "french", "state": "whole", "read": "06 12 34 56 78"}),
    ("06.12.34.56.78", {"state": "whole", "shown": "06 12 34 56 78"}),
    ("612345678", {"kind": "french", "state": "start"}),
    ("+1 514 555 0199", {"kind": "abroad", "shown": "+1 514 555 0199"}),
    ("+32470123456", {"kind": "abroad", "shown": "+32 47 01 23 456", "digits": 11}),
    ("+3521234567890123", {"kind": "abroad", "state": "long", "extra": 1}),
    ("demander Paul", {"kind": "other", "shown": "demander Paul"}),
    ("06 12 34 56 78 le soir", {"kind": "other"}),
    ("", {"kind": "empty", "state": "empty"}),
    ("+", {"kind": "abroad", "shown": "+", "digits": 0}),
    ("0", {"kind": "french", "state": "short", "missing": 9}),
]


@pytest.mark.parametrize(("typed", "expected"), NUMBERS, ids=[typed or "nothing" for typed, _ in NUMBERS])
def test_what_a_number_is(page: Page, typed: str, expected: dict[str, object]) -> None:
    go(page, "error/404/")
    found = page.evaluate("async typed => (await import('/static/tenir/phone_number.js')).analyse(typed)", typed)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "zéro six, douze, soixante et onze, quatre-vingts, quatre-vingt-onze"),
        ("en", "zero six, one two, seven one, eight zero, nine one"),
    ],
)
def test_how_a_number_is_read_back(page: Page, language: str, said: str) -> None:
    go(page, "error/404/")
    script = "async language => (await import('/static/tenir/phone_number.js')).spoken('06 12 71 80 91', language)"
    assert page.evaluate(script, language) == said


# --- Writing ------------------------------------------------------------------------------------------------------


def reply(page: Page) -> None:
    go(page, "case/")
    page.keyboard.press("r")


def test_a_draft_is_saved_as_it_is_typed(page: Page) -> None:
    reply(page)
    with page.expect_request("**/draft/") as sent:
        page.keyboard.type("Dear Mrs Laurent,")
    assert "Dear Mrs Laurent," in (sent.value.post_data or "")
    expect(page.locator("[data-composer-state]")).to_contain_text("Draft saved at")


def test_words_survive_a_desk_that_does_not_answer(page: Page) -> None:
    reply(page)
    page.route("**/draft/", lambda route: route.abort())
    page.keyboard.type("Words that must not be lost")
    expect(page.locator("[data-composer-state]")).to_contain_text("kept on this computer")
    page.unroute("**/draft/")
    with page.expect_response("**/draft/"):
        page.reload()
    expect(page.get_by_role("textbox", name="Your reply")).to_have_value("Words that must not be lost")
    expect(page.locator("[data-composer-state]")).to_contain_text("Draft saved at")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('tenir:kept:'))") == []


def test_a_refused_reply_keeps_its_words(page: Page) -> None:
    reply(page)
    page.keyboard.type("please refuse this")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Something new arrived while you were writing")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your reply")).to_have_value("please refuse this")


def test_formatting_is_written_as_marks_and_can_be_undone(page: Page) -> None:
    reply(page)
    text = page.get_by_role("textbox", name="Your reply")
    page.keyboard.type("tomorrow")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+b")
    expect(text).to_have_value("**tomorrow**")
    page.keyboard.press("Control+b")
    expect(text).to_have_value("tomorrow")
    page.locator("#composer-reply").get_by_role("button", name="List").click()
    expect(text).to_have_value("- tomorrow")
    page.keyboard.press("Control+z")
    expect(text).to_have_value("tomorrow")


def test_recipients_are_chips_and_an_outsider_is_shown_as_such(page: Page) -> None:
    go(page, "case/")
    cc = page.locator('[data-recipients="cc"]')
    cc.locator("[data-recipient-new]").fill("fils.laurent@exemple.test, inconnu@ailleurs.test")
    cc.locator("[data-recipient-new]").press("Enter")
    values = page.evaluate("[...new FormData(document.querySelector('#composer-reply form')).getAll('cc')]")
    assert values == ["gardien@delmas.test", "fils.laurent@exemple.test", "inconnu@ailleurs.test"]
    expect(cc.locator(".recipient").nth(2)).to_contain_text("not in this case before")
    expect(cc.locator(".recipient").nth(1)).not_to_contain_text("not in this case before")
    cc.get_by_role("button", name="Remove gardien@delmas.test").click()
    expect(cc.locator(".recipient")).to_have_count(2)


def test_a_colleague_is_called_by_name(page: Page) -> None:
    go(page, "case/")
    page.keyboard.press("n")
    page.keyboard.type("Could you, @br")
    expect(page.get_by_role("option", name="Bruno")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.keyboard.type("help?")
    expect(page.get_by_role("textbox", name="Internal note")).to_have_value("Could you, @Bruno help?")


def test_files_show_their_progress_their_refusal_and_can_be_taken_off(page: Page) -> None:
    go(page, "case/")
    chooser = page.locator("#composer-reply [data-attach]")
    chosen: list[FilePayload] = [
        {"name": "lid.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 4000},
        {"name": "film.mov", "mimeType": "video/quicktime", "buffer": b"x" * 2_100_000},
    ]
    chooser.set_input_files(chosen)
    files = page.locator("#composer-reply [data-files] [data-file]")
    expect(files.filter(has_text="lid.jpg")).to_contain_text("5 k")
    expect(files.filter(has_text="film.mov")).to_contain_text("Too large")
    for _ in range(2):
        files.first.get_by_role("button").click()
    expect(files).to_have_count(0)


def test_a_pasted_picture_is_attached(page: Page) -> None:
    reply(page)
    page.evaluate("""() => {
        const all = new DataTransfer();
        all.items.add(new File(["x"], "pasted.png", { type: "image/png" }));
        const pasted = { clipboardData: all, bubbles: true, cancelable: true };
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", pasted));
    }""")
    expect(page.locator("#composer-reply [data-file]")).to_contain_text("pasted.png")


def test_the_undo_stands_still_and_goes_when_its_time_is_over(page: Page) -> None:
    go(page, "case/")
    hold = page.locator("[data-hold]")
    before = hold.locator("[data-hold-words]").inner_text()
    page.wait_for_timeout(1100)
    assert hold.locator("[data-hold-words]").inner_text() == before
    copy = "hold => { const one = hold.cloneNode(true); one.dataset.seconds = '0'; hold.replaceWith(one); }"
    hold.evaluate(copy)
    expect(page.locator("[data-hold-words]")).to_have_text("On its way.")
    expect(page.locator("[data-undo]")).to_have_count(0)


# --- Live ---------------------------------------------------------------------------------------------------------

NEWS = (
    'id: 0-7\nevent: message_received\ndata: {"name":"message_received","case":"T-7K4H-W2R","lists":["all","mine"]}\n\n'
)


def arrive(address: str, *, none: bool = False) -> None:
    where = address + ("arrive/?none=1" if none else "arrive/")
    urllib.request.urlopen(urllib.request.Request(where, method="POST"))


@pytest.fixture
def quiet_list(page: Page, address: str) -> Iterator[Page]:
    arrive(address, none=True)
    yield page
    arrive(address, none=True)


def test_new_work_waits_behind_a_pill_while_somebody_is_on_the_list(quiet_list: Page, address: str) -> None:
    page = quiet_list
    page.route(LIVE, lambda route: route.abort())
    go(page, "list/", live="/live")
    page.get_by_role("link", name="M. Bertin").focus()
    place = page.locator("#row-bertin").bounding_box()
    arrive(address)
    arrive(address)
    page.evaluate("""async () => {
        const { refresh } = await import('/static/tenir/live.js');
        await refresh(document.querySelector('[data-live]'));
    }""")
    pill = page.locator("[data-live-pill]")
    expect(pill).to_have_text("2 new")
    expect(page.get_by_role("link", name="M. Bertin")).to_be_focused()
    assert page.locator("#row-bertin").bounding_box() == place
    pill.get_by_role("button").click()
    expect(page.locator(".row").first).to_contain_text("Arrivée 2")
    expect(pill).to_be_hidden()


def test_new_work_appears_by_itself_when_nobody_is_on_the_list(quiet_list: Page, address: str) -> None:
    told: list[str] = []

    def wire(route: Route) -> None:
        """The live route as it writes: one piece of news, of what has just come; then silence."""
        if told:
            route.abort()
            return
        told.append(route.request.url)
        arrive(address)
        route.fulfill(status=200, headers={"Content-Type": "text/event-stream"}, body=f"retry: 60000\n\n{NEWS}")

    quiet_list.route(LIVE, wire)
    go(quiet_list, "list/", live="/live")
    expect(quiet_list.locator(".row").first).to_contain_text("Arrivée 1")


def test_a_desk_that_does_not_answer_is_told_after_a_while(page: Page) -> None:
    page.route(LIVE, lambda route: route.abort())
    page.clock.install()
    go(page, "list/", live="/live")
    expect(page.locator("#offline")).to_be_hidden()
    page.clock.run_for(10_000)
    expect(page.locator("#offline")).to_be_visible()
