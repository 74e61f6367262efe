"""Every address of the house, found by walking the URLconf, so that none that is added later can be forgotten."""

import re
from typing import Any

import pytest
from django.test import Client

from tenir.cases.models import Case
from tenir.people.tests.scenes import alix, amina, denise
from tests.security import scenes
from tests.security.scenes import about, addresses, browser, closed_case, forgotten

pytestmark = pytest.mark.django_db
ALL = addresses()

OPEN = (
    "account/",
    "contact/",
    "charter/",
    "changes/",
    "c/<",
    "invitation/",
    "language/",
    "first-run/",
    "styleguide/",
    "demo/",
)
"""What somebody without an account may knock at: sign-in, the customer's side, and what answers 404 on a real desk."""
FIELDS = {"address": "x@client.example", "text": "x", "until": "2099-01-01T09:00", "reference": "x", "other": "x"}
OF_THE_CASE = {"reference", "message", "attachment", "step"}
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"(?:application/json|importmap)\")|<style|\sstyle=|\son[a-z]+=\"|javascript:",
    re.IGNORECASE,
)


@pytest.fixture
def case() -> Case:
    return closed_case()


def test_a_stranger_is_led_to_the_sign_in_or_nowhere(case: Case) -> None:
    given, wrong = about(case), []
    for address in ALL:
        if address.route.startswith(OPEN):
            continue
        for method in ("get", "post"):
            answer = getattr(browser(None), method)(address.filled(given))
            where = answer.headers.get("Location", "")
            led = answer.status_code == 302 and where.startswith(("/account/login/", "/first-run/"))
            if not led and answer.status_code not in (403, 404, 405):
                wrong.append((address.route, method, answer.status_code, where))
    assert wrong == [], "\n".join(map(str, wrong))


def test_whoever_is_outside_the_team_finds_nothing(case: Case) -> None:
    """The same addresses lead somewhere for those inside: at least the many that need no more than these fields."""
    given, wrong, opened = about(case), [], 0
    for address in ALL:
        if OF_THE_CASE.isdisjoint(address.names) or address.route.startswith(("c/", "styleguide")):
            continue
        if address.route.endswith("/beside/"):  # the viewer's own list; of the case it says nothing
            continue
        path = address.filled(given)
        with forgotten():
            found = [browser(amina()).get(path).status_code, browser(amina()).post(path, FIELDS).status_code]
            inside = [browser(denise()).get(path).status_code, browser(denise()).post(path, FIELDS).status_code]
        if 404 not in found or not set(found) <= {404, 405}:
            wrong.append((address.route, found))
        opened += bool(set(inside) - {404, 405})
    assert opened > 20
    assert wrong == [], "\n".join(map(str, wrong))


def test_every_answer_carries_the_policy_and_no_page_has_anything_inline(case: Case) -> None:
    given, people, wrong = about(case), scenes.people(), []
    for address in ALL:
        for who, agent in people.items():
            with forgotten():
                answer = browser(agent).get(address.filled(given))
            wrong += [(address.route, who, fault) for fault in _faults(answer)]
    assert wrong == [], "\n".join(map(str, wrong))


def _faults(answer: Any) -> list[str]:
    """What is wrong with one answer."""
    head, policy = answer.headers, answer.headers.get("Content-Security-Policy", "")
    rules = {
        f"fault {answer.status_code}": answer.status_code < 500,
        f"policy {policy}": "default-src 'none'" in policy and "unsafe" not in policy,
        "nosniff": head.get("X-Content-Type-Options") == "nosniff",
        "frame": head.get("X-Frame-Options") in ("DENY", "SAMEORIGIN"),
        "referrer": head.get("Referrer-Policy") in ("same-origin", "no-referrer", "strict-origin"),
        "opener": head.get("Cross-Origin-Opener-Policy") == "same-origin",
        "cache": "no-store" in head.get("Cache-Control", "") or "private" in head.get("Cache-Control", ""),
    }
    if head.get("Content-Type", "").startswith("text/html"):
        found = INLINE.search(answer.text)
        rules[f"inline {found}"] = found is None
    return [rule for rule, good in rules.items() if not good]


def test_nothing_is_changed_without_the_mark_of_our_own_form(case: Case) -> None:
    """But for the customer's pages, which know no session (docs/decisions/no-proof-against-forged-requests…)."""
    given, wrong = about(case), []
    for address in ALL:
        if address.route.startswith(("styleguide/", "c/<", "contact/")):
            continue
        with forgotten():
            status = browser(alix(), enforce_csrf_checks=True).post(address.filled(given)).status_code
        if status not in (403, 404, 405):
            wrong.append((address.route, status))
    assert wrong == [], "\n".join(map(str, wrong))


def test_odd_numbers_words_and_fields_never_break_a_page(case: Case) -> None:
    """Mass assignment, ids out of range, bytes that are no text: a page or a refusal, never a fault."""
    given = about(case)
    odd: dict[str, Any] = dict.fromkeys(given, 2**63 + 1) | {"name": "%00", "reference": "Ⅷ'--", "key": "%00"}
    fields = {"id": "1", "role": "administrator", "is_active": "", "owner": "1", "case": "x", "customer": "-1"}
    fields |= {
        "next": "//evil.example",
        "kind": "\x00",
        "text": "\x00",
        "until": "9999-99-99",
        "seen": "٣",
        "to": "\x00",
    }
    wrong = []
    for address in ALL:
        if address.route.startswith("styleguide/"):
            continue
        for path in (address.filled(given), address.filled(odd)):
            with forgotten():
                read = browser(alix()).get(path, {"q": "\x00", "list": "\x00'", "after": "x", "p": "-1"}).status_code
            with forgotten():
                answer = browser(alix()).post(path, fields)
            where = answer.headers.get("Location", "/")
            away = where.startswith(("//", "/\\")) or "evil" in where.partition("?")[0]
            if read >= 500 or answer.status_code >= 500 or away:
                wrong.append((path, read, answer.status_code, where))
    assert wrong == [], "\n".join(map(str, wrong))


def test_a_role_cannot_be_taken_by_sending_it() -> None:
    fields = {"role": "administrator", "is_active": "on", "given_name": "Amina", "language": "fr"}
    for address in ALL:
        if address.route.startswith(("me/", "people/", "account/")):
            browser(amina()).post(address.filled({"person": amina().pk}), fields)
    agent = amina()
    agent.refresh_from_db()
    assert agent.role == "agent"


def test_the_walk_found_the_house() -> None:
    routes = {one.route for one in ALL}
    assert {"cases/<str:reference>/replies/", "c/<str:token>/", "settings/mailboxes/", "account/login/"} <= routes
    assert len(routes) > 120


def test_a_file_name_chooses_no_path_and_no_type(case: Case) -> None:
    attachment = case.messages.get(kind="inbound").attachments.get()
    hostile = [
        "page.html",
        "x.svg",
        "../../etc/passwd",
        'a"\r\nSet-Cookie: x=1',
        "a;b.exe",
        "%2e%2e%2f",
        "é\u202egpj.exe",
    ]
    for content_type in ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml; x", "image/png"):
        for name in hostile:
            attachment.name, attachment.content_type = name, content_type
            attachment.save()
            for query in ("", "?inline"):
                answer = browser(denise()).get(f"/attachments/{attachment.pk}/anything.html{query}")
                assert answer.status_code == 200
                shown = query and content_type == "image/png"
                assert answer["Content-Type"] == ("image/png" if shown else "application/octet-stream")
                assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")
                assert "\n" not in answer["Content-Disposition"]
                assert "Set-Cookie" not in answer.headers or "x=1" not in answer["Set-Cookie"]
                assert answer["X-Content-Type-Options"] == "nosniff"
                assert answer["Content-Security-Policy"].startswith("sandbox")
    assert Client().get(f"/attachments/{attachment.pk}/x").status_code == 302
