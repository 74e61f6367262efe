"""Causes for the tests: no lids in stock."""

from typing import Any

from tenir.people.tests.scenes import MONDAY, amina, denise
from tenir.problems import verbs
from tenir.problems.models import Cause

TELL = {"fr": "Les couvercles sont de nouveau en stock.", "en": "The lids are back in stock."}


def no_lids(**changes: Any) -> Cause:
    """Denise notes it; Amina answers for it."""
    given: dict[str, Any] = {
        "french": "Plus de couvercles en stock",
        "english": "No lids in stock",
        "concerns": ["couvercle", "lid"],
        "owner": amina(),
        "by": denise(),
        "at": MONDAY,
    }
    return verbs.note(**(given | changes))
