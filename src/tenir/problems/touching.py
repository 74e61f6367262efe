"""Whether words or parts touch a cause that lasts: told before one promises (A31).

```python
for touch in causes_touching("Livrer un bac et son couvercle", ["bac", "couvercle"]):
    touch.cause, touch.words  # "plus de couvercles en stock", ["couvercle"]
```
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tenir.problems.models import LASTING, Cause
from tenir.text.words import stem, words

LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class Touch:
    """A cause that lasts, and which of its words were met."""

    cause: Cause
    words: list[str]


def causes_touching(text: str = "", parts: Sequence[str] = ()) -> list[Touch]:
    """The lasting causes that concern what is about to be promised, in words or in parts, in French or in English.

    One query. A cause is touched when all the words of one of its entries are there, whatever their ending: "lids"
    meets "lid", "bacs verts" meets "bac vert".
    """
    causes = list(Cause.objects.filter(LASTING).select_related("owner").order_by("-noted_at", "-pk"))
    return [Touch(cause, met) for cause in causes if (met := touched(cause.concerns, text, parts))]


def touched(concerns: Sequence[str], text: str, parts: Sequence[str] = ()) -> list[str]:
    """Which of these entries are met by a text or parts. Pure."""
    there = {language: _stems(" ".join([text, *parts]), language) for language in LANGUAGES}
    return [
        entry
        for entry in concerns
        if any((wanted := _stems(entry, language)) and wanted <= there[language] for language in LANGUAGES)
    ]


def _stems(text: str, language: str) -> set[str]:
    return {stem(word.text, language) for word in words(text)}
