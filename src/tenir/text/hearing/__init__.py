"""Hearing a promise being made in a reply, in French and English: the words, what, and by when.

Pure functions: the same text, instant, zone and calendar always give the same findings. Nothing is learnt, nothing is
asked of the network, and every finding carries the words that made it.
"""

from tenir.text.hearing.hear import Finding, hear
from tenir.text.hearing.moments import MondayToFriday, Workdays

__all__ = ["Finding", "MondayToFriday", "Workdays", "hear"]
