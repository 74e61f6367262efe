"""Refusals: why a verb will not do something, in a sentence for the person who asked.

A room subclasses these and writes `sentence`, through gettext, so that everybody reads their own language:

```python
class PromiseStillOpen(Refusal):
    def sentence(self) -> str:
        return _("Something is still owed here: keep the promise or agree on another date, then end the case.")
```
"""

from django.utils.translation import gettext as _


class Refusal(Exception):
    """The domain says no; `sentence()` says what is the matter and what to do next."""

    def sentence(self) -> str:
        """What to do next, in the reader's language."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.sentence()


class NotThere(Refusal):
    """Missing, or not for this person: from outside the two look the same (404)."""

    def sentence(self) -> str:
        """Says nothing about whether the thing exists."""
        return _("There is nothing here, or it is not yours to see.")
