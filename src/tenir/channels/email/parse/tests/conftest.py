"""Work is counted, not timed: a busy machine must not fail a test, nor a fast one hide a quadratic loop."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest


@pytest.fixture
def work() -> Callable[[Callable[[], object]], int]:
    """Runs a function and gives the number of lines of the reader's Python that it executed."""

    def count(act: Callable[[], object]) -> int:
        steps = 0

        def line(frame: FrameType, event: str, argument: Any) -> Any:
            nonlocal steps
            steps += 1
            return line

        before = sys.gettrace()
        sys.settrace(line)
        try:
            act()
        finally:
            sys.settrace(before)
        return steps

    return count
