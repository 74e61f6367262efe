"""`tenir serve` as a person meets it: ready soon, one Ctrl-C, nothing left behind, faults said in words."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest

from tests.postgres_cluster import new_database
from tests.running_desk import Desk, running, wait_for


def serve(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tenir", "serve"], env=environ, capture_output=True, text=True, timeout=30
    )


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def desk(desk_environ: dict[str, str]) -> Iterator[Desk]:
    limits = {"TENIR_MAX_REQUEST_MB": "1", "TENIR_SLOW_BODY_SECONDS": "1"}
    with running(desk_environ | limits) as desk:
        yield desk


@pytest.mark.crash
def test_one_interrupt_stops_everything_cleanly(desk: Desk) -> None:
    pids = [wait_for(lambda: desk.pid("web")), wait_for(lambda: desk.pid("work"))]
    assert desk.status("/account/login/") == 200
    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(15) == 0
    assert not any(alive(pid) for pid in pids if pid)
    assert "Traceback" not in desk.log
    assert "error" not in desk.log.lower()


@pytest.mark.crash
def test_a_killed_process_comes_back_and_no_visitor_is_refused(desk: Desk) -> None:
    for name in ("web", "work"):
        dead = desk.kill(name)
        # The very next request waits for the new process instead of being refused.
        assert desk.status("/account/login/") == 200
        assert wait_for(lambda name=name: desk.pid(name)) != dead  # type: ignore[misc]
    assert desk.log.count("ended (SIGKILL)") == 2


@pytest.mark.crash
def test_nothing_outlives_a_supervisor_that_was_killed(desk: Desk) -> None:
    pids = [wait_for(lambda: desk.pid("web")), wait_for(lambda: desk.pid("work"))]
    desk.process.kill()
    wait_for(lambda: not any(alive(pid) for pid in pids if pid), 20)


@pytest.mark.crash
def test_a_second_desk_on_the_same_folder_or_port_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    same_folder = serve(desk.environ)
    assert same_folder.returncode == 78
    assert "Another “tenir serve” already runs on" in same_folder.stderr
    same_port = serve(desk.environ | {"TENIR_DATA_DIR": str(tmp_path / "other")})
    assert same_port.returncode == 78
    assert f"Port {desk.environ['TENIR_PORT']} on 127.0.0.1 is taken by another program." in same_port.stderr


def test_what_cannot_start_says_why_and_ends(desk_environ: dict[str, str]) -> None:
    bad_setting = serve(desk_environ | {"TENIR_WEB_THREADS": "none"})
    assert (bad_setting.returncode, "TENIR_WEB_THREADS" in bad_setting.stderr) == (78, True)
    no_disk = serve(desk_environ | {"TENIR_DATA_DIR": "/proc/tenir"})
    assert (no_disk.returncode, "/proc/tenir cannot be used" in no_disk.stderr) == (78, True)
    french = serve(desk_environ | {"TENIR_DATA_DIR": "/proc/tenir", "LANG": "fr_FR.UTF-8"})
    assert "Le dossier de données /proc/tenir est inutilisable" in french.stderr
    assert "Traceback" not in bad_setting.stderr + no_disk.stderr + french.stderr


def post(desk: Desk, headers: dict[str, str], body: bytes = b"") -> tuple[int, str]:
    """The status and the text that a browser gets for what it sends."""
    with closing(http.client.HTTPConnection("127.0.0.1", int(desk.environ["TENIR_PORT"]), timeout=20)) as browser:
        browser.putrequest("POST", "/account/login/")
        for name, value in headers.items():
            browser.putheader(name, value)
        browser.endheaders()
        browser.send(body)
        answer = browser.getresponse()
        return answer.status, answer.read().decode()


@pytest.mark.crash
def test_too_large_too_slow_and_half_sent_bodies(desk: Desk) -> None:
    announced = post(desk, {"Content-Length": "3000000", "Accept-Language": "fr-FR,fr;q=0.9"})
    assert announced == (413, "C'est trop gros pour être envoyé d'un coup\u00a0: 1\u00a0Mo au plus.")

    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    unannounced = post(desk, {"Transfer-Encoding": "chunked", "Accept-Language": "en"}, chunk * 17)
    assert unannounced == (413, "This is too large to be sent at once: at most 1\u00a0MB.")

    began = time.monotonic()
    silent, _text = post(desk, {"Content-Length": "100"}, b"x" * 50)
    assert (silent, time.monotonic() - began < 5) == (408, True)

    with closing(socket.create_connection(("127.0.0.1", int(desk.environ["TENIR_PORT"])))) as half:
        half.sendall(b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nemail=a")
    # Whoever left in the middle reached no page: nothing with a status is in the log for them.
    wait_for(lambda: "status=None" in desk.log, 10)
    assert "Traceback" not in desk.log


@pytest.mark.crash
def test_slow_senders_hold_no_thread(desk: Desk) -> None:
    held = []
    for _ in range(40):  # five times the threads
        slow = socket.create_connection(("127.0.0.1", int(desk.environ["TENIR_PORT"])))
        slow.sendall(b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")
        held.append(slow)
    began = time.monotonic()
    assert desk.status("/account/login/") == 200
    assert time.monotonic() - began < 1
    for slow in held:
        slow.close()


@pytest.mark.crash
def test_a_connection_whose_headers_do_not_come_is_closed(desk: Desk) -> None:
    with closing(socket.create_connection(("127.0.0.1", int(desk.environ["TENIR_PORT"])), timeout=10)) as mute:
        mute.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        with suppress(ConnectionResetError):
            assert mute.recv(100) == b""


@pytest.mark.crash
def test_the_log_keeps_no_key_that_opens_a_door(desk: Desk) -> None:
    token = "kQ3xV9_pLm2-ZtR8yBnC4w"
    desk.status(f"/c/{token}/reply?token={token}&next=/account/")
    desk.status(f"/account/password/reset/key/1-{token}/")
    wait_for(lambda: "/account/password/reset/key/…/" in desk.log, 10)
    assert "/c/…/reply" in desk.log
    assert token not in desk.log


@pytest.mark.crash
def test_every_answer_has_a_name_of_its_own_and_forged_headers_change_nothing(
    desk_environ: dict[str, str],
) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}

    def ask(desk: Desk) -> str | None:
        port = int(desk.environ["TENIR_PORT"])
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as browser:
            browser.request("GET", "/account/login/", headers=forged)
            return browser.getresponse().getheader("x-request-id")

    with running(desk_environ) as desk:
        first, second = ask(desk), ask(desk)
        assert first
        assert second
        assert first != second
        wait_for(lambda: f"request_id={second}" in desk.log)
        assert "client=203.0.113.9" not in desk.log
    with running(desk_environ | {"TENIR_TRUSTED_PROXIES": "127.0.0.0/8"}) as desk:
        ask(desk)
        wait_for(lambda: "client=203.0.113.9" in desk.log)


@pytest.mark.crash
def test_behind_tls_cookies_never_travel_without_it(desk_environ: dict[str, str]) -> None:
    public = {"TENIR_BASE_URL": "https://desk.example", "TENIR_TRUSTED_PROXIES": "127.0.0.1"}
    headers = {"Host": "desk.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    with running(desk_environ | public) as desk:
        port = int(desk.environ["TENIR_PORT"])
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as browser:
            browser.request("GET", "/account/login/", headers=headers)
            answer = browser.getresponse()
            answer.read()
            browser.request("GET", "/account/login/", headers=headers | {"Host": "evil.example"})
            forged = browser.getresponse()
            forged.read()
    cookie = answer.getheader("set-cookie") or ""
    assert cookie.startswith("__Host-csrf=")
    assert "; Secure" in cookie
    assert (answer.getheader("strict-transport-security") or "").startswith("max-age=31536000")
    assert forged.status == 400


@pytest.mark.crash
def test_a_pool_of_connections_serves_pages(desk_environ: dict[str, str], postgres: str) -> None:
    own = new_database(postgres, f"pool_{desk_environ['TENIR_PORT']}")
    with running(desk_environ | {"TENIR_DATABASE": own, "TENIR_DATABASE_POOL": "2"}) as desk:
        assert {desk.status("/account/login/") for _ in range(20)} == {200}
        with psycopg.connect(own, autocommit=True) as other:
            question = "select count(*) from pg_stat_activity where datname = current_database() and pid <> %s"
            held = other.execute(question, [other.info.backend_pid]).fetchone()
    assert held is not None
    assert 1 <= held[0] <= 4  # at most two for each of the two processes
    assert "Traceback" not in desk.log


@pytest.mark.crash
def test_the_log_can_be_read_by_machines(desk_environ: dict[str, str]) -> None:
    import json

    with running(desk_environ | {"TENIR_LOG_FORMAT": "json"}) as desk:
        desk.status("/account/login/")
        wait_for(lambda: '"event": "page"' in desk.log)
        desk.kill("web")
        wait_for(lambda: "SIGKILL" in desk.log)
        lines = [json.loads(line) for line in desk.log.splitlines() if line.startswith("{")]
    fall = next(line for line in lines if "SIGKILL" in line["event"])
    assert (fall["process"], fall["level"]) == ("serve", "warning")
    page = next(line for line in lines if line["event"] == "page")
    assert (page["process"], page["path"], page["status"]) == ("web", "/account/login/", 200)


@pytest.mark.crash
def test_systemd_is_told_when_the_desk_is_ready(desk_environ: dict[str, str], tmp_path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(30)
        with running(desk_environ | {"NOTIFY_SOCKET": str(tmp_path / "notify")}):
            assert systemd.recv(100) == b"READY=1"
        assert systemd.recv(100) == b"STOPPING=1"


@pytest.mark.crash
def test_the_desk_waits_for_a_database_that_is_away(desk_environ: dict[str, str]) -> None:
    environ = desk_environ | {"TENIR_DATABASE": "postgresql://tenir@127.0.0.1:9/desk"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tenir", "serve"], env=environ, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        assert process.stderr is not None
        os.set_blocking(process.stderr.fileno(), False)
        said = b""

        def tried_twice() -> bool:
            nonlocal said
            assert process.stderr is not None
            said += process.stderr.read() or b""
            return said.count(b"The database does not answer") >= 2

        wait_for(tried_twice)
        assert process.poll() is None
        assert b"Traceback" not in said
    finally:
        process.terminate()
        process.communicate()
    assert process.returncode == 0
