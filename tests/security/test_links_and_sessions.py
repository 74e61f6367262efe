"""Links, redirects, sign-in, sessions, search, and what the ledger keeps."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenir.cases import verbs as cases
from tenir.cases.links import customer_token
from tenir.cases.tests import scenes as desk
from tenir.ledger.models import Event
from tenir.people.tests.scenes import amina
from tests.running_desk import running
from tests.security.scenes import browser

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tenir"
PASSWORD = "correct horse battery staple"
EVIL = ["https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example", "\thttps://evil.example",
        "javascript:alert(1)", "http://testserver@evil.example/"]  # fmt: skip


@pytest.mark.django_db
def test_the_link_of_one_customer_opens_nothing_of_another() -> None:
    mine = desk.bin_without_lid()
    other = desk.bin_without_lid(who=desk.customer("Zoé Petit"), text="Le secret de Zoé")
    cases.write_note(mine, by=amina(), at=desk.minutes(1), text="note interne")
    token = customer_token(mine)
    page = Client().get(f"/c/{token}/")
    assert page.status_code == 200
    assert "Le secret de Zoé" not in page.text
    assert "note interne" not in page.text
    file = desk.other_writes(other, "x@example.org", at=desk.minutes(2), files=[desk.photo()]).attachments.get()
    assert Client().get(f"/c/{token}/files/{file.pk}/").status_code == 404
    head, _, tail = token.rpartition(".")
    forged = [token[:-1] + ("A" if token[-1] != "A" else "B"), head + "." + "A" * len(tail), token + "x", "x", "a.b.c"]
    forged += [customer_token(other).split(".")[0] + "." + ".".join(token.split(".")[1:])]
    for one in forged:
        answer = Client().get(f"/c/{one}/")
        assert (answer.status_code, "bac vert" in answer.text) == (404, False)


@pytest.mark.django_db
def test_no_redirect_leaves_the_desk() -> None:
    agent = amina()
    agent.set_password(PASSWORD)
    agent.save()
    for evil in EVIL:
        cache.clear()
        signed = Client().post(
            f"/account/login/?next={evil}", {"login": agent.email, "password": PASSWORD, "next": evil}
        )
        changed = browser(agent).post("/presence/", {"state": "here", "next": evil}, headers={"referer": evil})
        tongue = Client().post("/language/", {"language": "en", "next": evil}, headers={"referer": evil})
        for answer in (signed, changed, tongue):
            where = answer.headers.get("Location", "/")
            assert "evil" not in where or where.startswith("/account/"), (evil, where)
            assert not where.startswith(("//", "/\\", "http", "javascript")), where


@pytest.mark.django_db
def test_signing_in_gives_a_new_session_and_signing_out_ends_it() -> None:
    agent = amina()
    agent.set_password(PASSWORD)
    agent.save()
    client = Client()
    client.get("/account/login/")
    client.cookies["tenir_session"] = "fixedbyastranger0000000000000000"
    client.post("/account/login/", {"login": agent.email, "password": PASSWORD})
    cookie = client.cookies["tenir_session"]
    assert cookie.value != "fixedbyastranger0000000000000000"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    stolen = Client()
    stolen.cookies["tenir_session"] = cookie.value
    assert stolen.get("/cases/").status_code == 200
    client.post("/account/logout/")
    assert stolen.get("/cases/").status_code == 302


@pytest.mark.django_db
def test_guessing_a_password_is_slowed_even_when_the_right_one_comes() -> None:
    cache.clear()
    agent = amina()
    agent.set_password(PASSWORD)
    agent.save()
    for number in range(12):
        Client().post("/account/login/", {"login": agent.email, "password": f"wrong {number}"})
    answer = Client().post("/account/login/", {"login": agent.email, "password": PASSWORD})
    cache.clear()
    assert answer.status_code in (200, 429)
    assert "tenir_session" not in answer.cookies


SIGNS = [
    '"', "'", "*", "%", "_", "\\", "(", ")", "NEAR", "AND", "OR", "NOT", ":", "-", "^", "{", "}", "&", "|", "!", "<->",
    ":*", "bac", "\x00", "--", ";", "é", "«", "»", "06 12", "T-",
]  # fmt: skip
SCRIPT = "<script>alert(1)</script>"
QUERIES = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(SIGNS), max_size=12,
    ).map(" ".join),
)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_any_words_in_the_search_give_an_answer(query: str) -> None:
    from tenir.cases.search import find

    find(query, agent=amina())


@pytest.mark.django_db
def test_signs_of_the_query_languages_give_pages() -> None:
    desk.bin_without_lid()
    client = browser(amina())
    for query in (
        '"',
        "bac*",
        "bac NEAR(",
        "%",
        "a' OR 1=1 --",
        "bac & !",
        "\x00",
        "x" * 5000,
        "<script>alert(1)</script>",
    ):
        for page in ("/search/", "/palette/", "/cases/", "/customers/"):
            answer = client.get(page, {"q": query})
            assert answer.status_code == 200, (page, query)
            assert "<script>alert" not in answer.text


@pytest.mark.django_db
def test_the_ledger_keeps_no_words_addresses_or_keys() -> None:
    case = desk.bin_without_lid()
    desk.delivered(case, amina(), at=desk.minutes(3))
    cases.write_note(case, by=amina(), at=desk.minutes(5), text="une note très secrète")
    kept = str(list(Event.objects.values_list("data", flat=True)))
    for secret in ("couvercle", "apportons", "secrète", "example.org", customer_token(case)[:12], "Durand"):
        assert secret not in kept


def test_no_secret_is_in_the_log_nor_in_the_list_of_settings(desk_environ: dict[str, str]) -> None:
    import urllib.error
    import urllib.parse
    import urllib.request

    key = "k3y-of-the-desk-which-nobody-may-see-0123456789"
    environ = desk_environ | {
        "TENIR_SECRET_KEY": key,
        "TENIR_LOG_LEVEL": "debug",
        "TENIR_OIDC_CLIENT_SECRET": "oidc-s3cret",
    }
    token, session = "Zm9vYmFy.c2VjcmV0dG9rZW4.Q0FTRQ", "s3ss10nidentifier00000000000000000"
    with running(environ) as house:
        invited = subprocess.run(
            [sys.executable, "-m", "tenir", "invite", "farid@desk.example", "--name", "Farid"],
            env=environ, capture_output=True, text=True,
        )  # fmt: skip
        links = re.findall(r"/invitation/([^/\s]+)/", invited.stdout)
        secret = "c" * 32
        form = urllib.parse.urlencode({"login": "a@b.example", "password": PASSWORD, "csrfmiddlewaretoken": secret})
        cookies = {"Cookie": f"tenir_csrf={secret}; tenir_session={session}"}
        for path, body in (
            (f"/c/{token}/", None),
            ("/account/login/", form),
            *((f"/invitation/{k}/", None) for k in links),
        ):
            request = urllib.request.Request(house.url + path, body.encode() if body else None, cookies)
            try:
                urllib.request.urlopen(request, timeout=30).close()
            except urllib.error.HTTPError as error:
                error.close()
        listed = subprocess.run(
            [sys.executable, "-m", "tenir", "settings"], env=environ, capture_output=True, text=True
        )
        log = house.log
    assert links, invited.stdout + invited.stderr
    assert "/invitation/…" in log
    for known in (key, "oidc-s3cret", PASSWORD, token, session, *links):
        assert [line for line in log.splitlines() if known in line] == []
        assert known not in listed.stdout + listed.stderr
    assert "TENIR_SECRET_KEY" in listed.stdout


def test_nothing_is_unpickled_evaluated_or_run_through_a_shell() -> None:
    forbidden = re.compile(r"\bimport (pickle|marshal|shelve|yaml)\b|\beval\(|\bexec\(|shell=True|os\.system")
    found = [
        f"{path.relative_to(SOURCE)}: {line.strip()}"
        for path in SOURCE.rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if forbidden.search(line) and "tests" not in path.parts
    ]
    assert found == []
