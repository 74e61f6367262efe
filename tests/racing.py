"""Several threads that do something at the same instant, each with a database connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Runs `work(number)` in so many threads that start together; returns what each returned, or the exception that it
    raised."""
    gate = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(number: int) -> None:
        gate.wait()
        try:
            results[number] = work(number)
        except Exception as failure:  # noqa: BLE001  (whatever it was, the test looks at it)
            results[number] = failure
        finally:
            connection.close()

    runners = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return results
