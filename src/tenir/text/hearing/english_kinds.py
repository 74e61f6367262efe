"""What sort of promise an English verb and its words make."""

from __future__ import annotations

from tenir.text.hearing import english_words as lexicon


def kind(verb: str, words: list[str]) -> str:
    """What sort of promise: by its verb, or by the thing that is named when the verb says little."""
    text = " ".join(words)
    if "get back to" in text or "in touch" in text or "let you know" in text or "keep you" in text:
        return "reply"
    if "call back" in text or "call you" in text or "ring you" in text:
        return "callback"
    found = lexicon.VERB_KINDS.get(verb, "")
    named = next((kind for word in words for one in (word, word.rstrip("s")) if (kind := lexicon.NOUNS.get(one))), "")
    if found and not (verb in ("arrive", "send", "issue", "chase", "look", "check") and named in ("payment", "repair")):
        return found
    return named or found or "generic"
