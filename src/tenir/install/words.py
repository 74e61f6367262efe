"""The French of Tenir: compiles every catalogue, and checks that each English sentence has good French.

`python -m tenir.install.words` writes a .mo beside each .po; with `--check` it compiles nothing, compares the
sentences of the code and of the templates with the catalogues, and names each one that lacks French, or whose French
lacks its typography, its values or its tags. Needs babel, which only development and building have.
"""

import argparse
import ast
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parents[1]

#: Django's functions, and which of their arguments is what.
SHAPES: dict[str, tuple[str, ...]] = {
    "gettext": ("id",),
    "gettext_lazy": ("id",),
    "gettext_noop": ("id",),
    "ngettext": ("id", "plural"),
    "ngettext_lazy": ("id", "plural"),
    "pgettext": ("context", "id"),
    "pgettext_lazy": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
    "npgettext_lazy": ("context", "id", "plural"),
}


@dataclass(frozen=True)
class Sentence:
    """One English sentence of the product, and where it is said."""

    english: str
    plural: str | None
    context: str | None
    place: str

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.english


@dataclass(frozen=True)
class French:
    """The French of one sentence: one form, or two when it counts."""

    forms: tuple[str, ...]
    plural: str | None
    place: str


# --- Compiling ---------------------------------------------------------------------------------------------------


def catalogues(source: Path = SOURCE) -> list[Path]:
    """Every .po under the source, in a fixed order."""
    return sorted(source.glob("**/locale/*/LC_MESSAGES/*.po"))


def compile_all(source: Path = SOURCE) -> int:
    """Write the .mo of each .po that changed; how many were written."""
    written = 0
    for path in catalogues(source):
        buffer = BytesIO()
        write_mo(buffer, _read(path))
        target = path.with_suffix(".mo")
        if not target.exists() or target.read_bytes() != buffer.getvalue():
            # Renamed into place: a running desk never reads half a catalogue.
            draft = path.with_suffix(f".mo.{os.getpid()}")  # two runs at once do not share it
            draft.write_bytes(buffer.getvalue())
            draft.replace(target)
            written += 1
    return written


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


# --- What the product says ---------------------------------------------------------------------------------------


def sentences(source: Path = SOURCE) -> Iterator[Sentence]:
    """Every sentence that the code and the templates hand to gettext; tests are no part of the product."""
    for path in sorted([*source.glob("**/*.py"), *source.glob("**/*.html"), *source.glob("**/*.txt")]):
        inside = path.relative_to(source).parts
        if "tests" in inside or "migrations" in inside or (path.suffix != ".py" and "templates" not in inside):
            continue
        place = str(path.relative_to(source.parent))
        text = path.read_text("utf-8")
        yield from _of_code(text, place) if path.suffix == ".py" else _of_template(text, place)


def _of_code(text: str, place: str) -> Iterator[Sentence]:
    tree = ast.parse(text)
    names = {
        alias.asname or alias.name: SHAPES[alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in SHAPES
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield _of_call(node, names[node.func.id], f"{place}:{node.lineno}")


def _of_call(call: ast.Call, shape: tuple[str, ...], place: str) -> Sentence:
    said: dict[str, str] = {}
    for part, argument in zip(shape, call.args, strict=False):
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            raise NotWrittenOut(place)
        said[part] = argument.value
    return Sentence(said["id"], said.get("plural"), said.get("context"), place)


_IN_TEMPLATES = dict.fromkeys(["gettext", "_", "ngettext", "pgettext", "npgettext"])


def _of_template(text: str, place: str) -> Iterator[Sentence]:
    import django
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
        django.setup()
    # templatize turns a template into lines that look like Python, blanking all that is not a sentence.
    lines = "\n".join(line.lstrip() for line in templatize(text, origin=place).splitlines())
    for line, name, found, _comments in extract_python(
        BytesIO(lines.encode()), _IN_TEMPLATES, [], {"encoding": "utf-8"}
    ):
        messages = (found,) if isinstance(found, str) else tuple(found)
        shape = SHAPES["gettext" if name == "_" else str(name)]
        said = dict(zip(shape, messages, strict=False))
        if said.get("id"):
            yield Sentence(str(said["id"]), said.get("plural"), said.get("context"), f"{place}:{line}")


class NotWrittenOut(Exception):
    """gettext is called with something else than the sentence itself, which nobody can then find or translate."""


# --- The check ---------------------------------------------------------------------------------------------------


def check(source: Path = SOURCE) -> list[str]:
    """Everything that is wrong with the French, one line each, with its place."""
    problems: list[str] = []
    french = _all_french(source, problems)
    for sentence in _unique(source, problems):
        translated = french.get(sentence.key)
        if translated is None:
            problems.append(f"{sentence.place}: no French for “{sentence.english}”")
        elif sentence.plural is not None and len(translated.forms) < 2:
            problems.append(f"{sentence.place}: no French plural for “{sentence.english}”")
    for (_context, english), translated in french.items():
        problems += _wrong(english, translated)
    return problems


def _unique(source: Path, problems: list[str]) -> list[Sentence]:
    found: dict[tuple[str | None, str], Sentence] = {}
    try:
        for sentence in sentences(source):
            found.setdefault(sentence.key, sentence)
    except NotWrittenOut as fault:
        problems.append(f"{fault}: gettext wants the sentence itself, written out")
    return list(found.values())


def _all_french(source: Path, problems: list[str]) -> dict[tuple[str | None, str], French]:
    known: dict[tuple[str | None, str], French] = {}
    for path in catalogues(source):
        if path.parts[-3] != "fr":
            continue
        for message in _read(path):
            if not message.id:
                continue
            key, translated = _entry(message, f"{path.relative_to(source.parent)}:{message.lineno}")
            if message.fuzzy or not all(translated.forms):
                continue
            if known.setdefault(key, translated).forms != translated.forms:
                problems.append(f"{translated.place}: “{key[1]}” has another French in {known[key].place}")
    return known


def _entry(message: Message, place: str) -> tuple[tuple[str | None, str], French]:
    one, many = (message.id, None) if isinstance(message.id, str) else (message.id[0], message.id[1])
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return (message.context, str(one)), French(tuple(str(form) for form in forms), many, place)


_VALUE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_TAG = re.compile(r"<[^<>]+>")
_NOT_PROSE = re.compile(r"\w+://\S+|\S+@\S+|&\w+;|%%")
_SPACE = "\u00a0\u202f"
#: A sign that wants a non-breaking space before it. Not: two signs together (?!), a sign in brackets, 12:30.
_BARE_SIGN = re.compile(rf"(?<![{_SPACE}!?(…])[!?;»]|(?<![{_SPACE}(]):(?![0-9])")
_BARE_OPENING = re.compile(rf"«(?![{_SPACE}])")


def _wrong(english: str, french: French) -> Iterator[str]:
    for form in french.forms:
        if fault := typography(form):
            yield f"{french.place}: {fault} in “{form}”"
    yield from _different(_VALUE, "values", english, french)
    yield from _different(_TAG, "tags", english, french)


def typography(french: str) -> str | None:
    """What French typography says against these words; None when nothing."""
    prose = _NOT_PROSE.sub("x", _VALUE.sub("x", _TAG.sub("", french.replace("&nbsp;", "\u00a0"))))
    if (bare := _BARE_SIGN.search(prose)) and bare.start() > 0:
        return f"no non-breaking space before “{bare.group()}”"
    if _BARE_OPENING.search(prose):
        return "no non-breaking space after “«”"
    if '"' in prose:
        return "straight quotation marks instead of « »"
    return None


def _different(pattern: re.Pattern[str], what: str, english: str, french: French) -> Iterator[str]:
    # The singular may say "one" instead of the number; the last form must have everything that the English has.
    wanted = Counter(pattern.findall(french.plural or english))
    allowed = wanted | Counter(pattern.findall(english))
    given = [Counter(pattern.findall(form)) for form in french.forms]
    if given[-1] != wanted or any(form - allowed for form in given):
        yield f"{french.place}: other {what} than in “{english}”"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tenir.install.words", description=__doc__)
    parser.add_argument("--check", action="store_true", help="check the French instead of compiling it")
    options = parser.parse_args(arguments)
    if not options.check:
        if written := compile_all():
            print(f"{written} of {len(catalogues())} catalogues written")
        return 0
    problems = check()
    print("\n".join(problems) or "Every sentence has its French.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
