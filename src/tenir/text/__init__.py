"""French and English as text: which language it is, its words and stems, folding for search, excerpts.

Pure functions without state: the same text always gives the same answer. Every position that they give is one of the
text as it was written, so that what was found can be highlighted in it.
"""

from tenir.text.excerpts import Excerpt, excerpt
from tenir.text.folding import fold, fold_with_offsets
from tenir.text.language import Language, detect
from tenir.text.words import Word, stem, stems, words

__all__ = ["Excerpt", "Language", "Word", "detect", "excerpt", "fold", "fold_with_offsets", "stem", "stems", "words"]
