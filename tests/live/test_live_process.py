"""The live route of a real desk: two thousand who only listen, a restart, a database that goes away."""

import time

import psycopg
import pytest

from tests.live.crowd import arrivals, crowd, resident, writer
from tests.live.listening import Listener
from tests.running_desk import Desk, running, wait_for

IDLE = 2000
MOST_PER_CLIENT = 50 * 1024


def address_of(desk: Desk) -> tuple[str, int]:
    return ("127.0.0.1", int(desk.environ["TENIR_PORT"]))


@pytest.mark.slow
def test_two_thousand_who_only_listen(desk_environ: dict[str, str]) -> None:
    with running(desk_environ) as desk, writer(desk_environ) as beside:
        cookies = beside.sign_in(40)
        web = wait_for(lambda: desk.pid("web"))
        assert web is not None
        with crowd(address_of(desk), cookies, 50):
            pass
        before = resident(web)
        with crowd(address_of(desk), cookies, IDLE) as browsers:
            beside.happens()
            assert len(arrivals(browsers, name="customer_changed")) == IDLE
            time.sleep(1)
            each = (resident(web) - before) / IDLE
            print(f"\n{IDLE} browsers listen to one process: {each / 1024:.1f} KiB each")
            assert each < MOST_PER_CLIENT
            assert desk.status("/account/login/") == 200
        assert "Traceback" not in desk.log


def test_a_stop_ends_the_streams_cleanly_and_all_resume_after_it(desk_environ: dict[str, str]) -> None:
    with running(desk_environ) as desk, writer(desk_environ) as beside:
        cookies = beside.sign_in(2)
        with crowd(address_of(desk), cookies, 40) as browsers:
            beside.happens()
            assert len(arrivals(browsers, name="customer_changed")) == 40
            places = [browser.last_event_id for browser in browsers]
            began = time.monotonic()
            desk.process.terminate()
            for browser in browsers:
                browser.take(seconds=20)
            took = time.monotonic() - began
            assert all(browser.ended and not browser.reset for browser in browsers)
        assert desk.process.wait(20) == 0
        assert took < 5
        assert "Traceback" not in desk.log
        beside.happens()
    with running(desk_environ) as again:
        for cookie, place in zip(cookies * 20, places, strict=True):
            with Listener(address_of(again), cookie, last_event_id=place) as browser:
                assert [one.name for one in browser.take(count=1)] == ["customer_changed"]


def test_the_database_goes_away_and_comes_back(desk_environ: dict[str, str], postgres: str) -> None:
    environ = desk_environ | {"TENIR_DATABASE": postgres}
    name = postgres.rpartition("/")[2].partition("?")[0]
    with running(environ) as desk, psycopg.connect(_maintenance(postgres), autocommit=True) as owner:
        with writer(environ) as beside:
            (cookie,) = beside.sign_in(1)
        with Listener(address_of(desk), cookie).begun() as stays:
            owner.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            stays.take(until=lambda: stays.retry == 5000, seconds=15)
            assert stays.retry == 5000
            assert not stays.ended
            with Listener(address_of(desk), cookie) as newcomer:
                newcomer.take(seconds=10)
                assert (newcomer.status, newcomer.retry, newcomer.ended) == (200, 5000, True)
            owner.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
            with writer(environ) as beside:
                beside.happens()
            assert [one.name for one in stays.take(count=1, seconds=20)] == ["customer_changed"]
            assert stays.retry < 5000


def _maintenance(address: str) -> str:
    head, _, rest = address.rpartition("/")
    _, mark, options = rest.partition("?")
    return f"{head}/postgres{mark}{options}"
