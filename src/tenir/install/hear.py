"""`tenir hear`: which sentences Tenir takes for promises, so that anybody can judge it on their own replies."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tenir.install.tongue import say

if TYPE_CHECKING:
    from tenir.text.hearing import Finding


def main(arguments: list[str]) -> int:
    from tenir.text.hearing import hear

    options = _options(arguments)
    zone: ZoneInfo = options.zone
    at = options.at or datetime.now(UTC)
    at = at.replace(tzinfo=zone) if at.tzinfo is None else at

    def told(language: str, sentence: str) -> Mapping[str, object]:
        findings = hear(sentence, language=language, at=at, zone=zone)
        return _told(findings)

    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        print(json.dumps(_line(line, told), ensure_ascii=False), flush=sys.stdout.isatty())
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tenir hear",
        description=say(
            "Read lines “language<TAB>sentence” (fr or en) on standard input and print for each, as JSON, whether the"
            " desk promises something, in which words, and by when. Nothing is stored.",
            "Lire des lignes « langue<TAB>phrase » (fr ou en) sur l'entrée standard et imprimer pour chacune, en JSON,"
            " si le service promet quelque chose, en quels mots et pour quand. Rien n'est gardé.",
        ),
    )
    parser.add_argument("--at", type=datetime.fromisoformat, metavar="2026-11-23T10:00",
                        help=say("when it is said (now)", "quand cela est dit (maintenant)"))  # fmt: skip
    parser.add_argument(
        "--zone", type=_zone, default="Europe/Paris", help=say("time zone of the desk", "fuseau du service")
    )
    return parser.parse_args(arguments)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise argparse.ArgumentTypeError(say(f"no such time zone: {name}", f"fuseau inconnu : {name}")) from error


def _line(line: str, told: Callable[[str, str], Mapping[str, object]]) -> Mapping[str, object]:
    language, tab, sentence = line.partition("\t")
    language = language.strip().removeprefix("\ufeff").lower().partition("-")[0]
    if not tab or language not in ("fr", "en"):
        return {"error": say("not “fr<TAB>sentence” or “en<TAB>sentence”",
                             "ni « fr<TAB>phrase » ni « en<TAB>phrase »"), "line": line[:200]}  # fmt: skip
    return told(language, sentence)


def _told(findings: "list[Finding]") -> Mapping[str, object]:
    """The first firm promise that has a date, else the first that has one, else the first; the others behind it."""
    if not findings:
        return {"promise": False, "words": "", "due": None, "asks_for_date": False}
    chosen = max(findings, key=lambda one: (one.due is not None, one.due is not None and one.firm))
    first = {
        "promise": True,
        "words": chosen.words,
        "due": chosen.due.isoformat() if chosen.due else None,
        "asks_for_date": chosen.asks_for_date,
        "kind": chosen.kind,
        "what": chosen.what,
        "counted": chosen.counted,
        "by_calendar": chosen.by_calendar,
        "date_words": chosen.date_words,
    }
    others = [
        {"words": one.words, "due": one.due.isoformat() if one.due else None} for one in findings if one is not chosen
    ]
    return {**first, "others": others} if others else first
