"""What people look at: list, case, search; in process (the application itself) beside the same statements, bare."""

from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any

from bench.browser import Browser
from bench.measure import Measure, replay, side_by_side, statements

TIMES = 60


def run() -> list[Measure]:
    """The measures of everything that is read, on the desk that this process is set on."""
    browser = Browser("agent2@bench.example")
    cases = some_cases(64)
    return [*_pages(browser, cases), *_searches(browser.agent)]


def some_cases(count: int) -> list[str]:
    """References of cases of every age, the same for the same desk."""
    from tenir.cases.models import Case
    from tenir.cases.reference import spoken

    newest = Case.objects.order_by("-pk").values_list("pk", flat=True)[0]
    chosen = Random(7).sample(range(1, newest + 1), count)
    return [
        spoken(row) for row in Case.objects.filter(pk__in=chosen).order_by("pk").values_list("reference", flat=True)
    ]


def _pages(browser: Browser, cases: list[str]) -> Iterator[Measure]:
    lists = {
        "inbox page": "/cases/?list=all",
        "own cases page": "/cases/?list=mine",
        "waiting cases page": "/cases/?list=waiting",
    }
    for name, address in lists.items():
        target = "8 ms CPU" if name == "inbox page" else ""
        yield _page(name, browser, partial(_always, address), shows=b"T-", target=target)
    one = "/cases/{}/".format
    yield _page("case page", browser, lambda turn: one(cases[turn % len(cases)]), shows=b"T-", target="10 ms CPU")
    yield _page("search page, 1 %", browser, lambda _turn: "/search/?q=parapluie", shows=b"T-")
    yield _page("search page, ten cases", browser, lambda _turn: "/search/?q=zibeline", shows=b"T-")


def _always(address: str, _turn: int) -> str:
    return address


def _page(name: str, browser: Browser, address: Callable[[int], str], *, shows: bytes, target: str = "") -> Measure:
    def ours(turn: int) -> None:
        answer = browser.get(address(turn))
        if answer.status != 200 or shows not in answer.body:
            raise SystemExit(f"{name}: {address(turn)} answered {answer.status}, not the page that is measured")

    ours(0)
    with statements() as seen:
        ours(0)
    again = replay(seen)
    spent, bare = side_by_side(ours, again, times=TIMES)
    size = len(browser.get(address(0)).body)
    return Measure(name, spent, bare, target=target, note={"statements": len(seen), "bytes": size})


def _searches(agent: Any) -> Iterator[Measure]:
    from tenir.cases import search

    words = {
        "search, word in 1 %": "parapluie ",
        "search, word in ten cases": "zibeline ",
        "search, beginning of a word": "parapl",
        "search, two common words": "commande colis ",
        "search, a phrase": '"couvercle depuis" ',
    }
    for name, query in words.items():
        found = len(search.find(query, agent=agent).hits)
        with statements() as seen:
            search.find(query, agent=agent)
        again = replay(seen)

        def ours(_turn: int, query: str = query) -> None:
            search.find(query, agent=agent)

        spent, bare = side_by_side(ours, again, times=TIMES)
        target = "25 ms" if "in " in name else ""
        yield Measure(name, spent, bare, target=target, note={"found": found, "statements": len(seen)})


def numbers_are_right(cases: int) -> dict[str, int]:
    """How many cases hold each of the two words, counted from the text itself; stops when the generator lied."""
    from django.db.models import Q

    from tenir.cases.models import Message

    counted = {
        word: Message.objects.filter(Q(text__contains=word)).values("case").distinct().count()
        for word in ("parapluie", "zibeline")
    }
    if counted != {"parapluie": cases // 100, "zibeline": 10}:
        raise SystemExit(f"this desk does not hold what it should: {counted}")
    return counted
