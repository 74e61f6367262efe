"""The small markup in which replies are written, as HTML and as plain text.

Paragraphs (blank line between), line breaks, **bold**, *italic*, lists ("- ", "1. "), web addresses, and images that
travel with the letter (`![what it shows](cid:name)`). Everything else is text: no other tag can come out.
"""

import html
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

_BULLET = re.compile(r" {0,3}[-*•][ \t]+(?P<item>\S.*)")
_NUMBER = re.compile(r" {0,3}(?P<number>\d{1,3})[.)][ \t]+(?P<item>\S.*)")
_SPAN = re.compile(
    r"!\[(?P<alt>[^\]\n]{0,200})\]\(cid:(?P<cid>[A-Za-z0-9._@+-]{1,120})\)"
    r"|(?P<link>https?://[^\s<>\"]{1,2000})"
    r"|(?<![\w*])\*\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*\*(?![\w*])"
    r"|(?<![\w*])\*(?P<italic>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
)
#: Signs that end a sentence around an address rather than belonging to it.
_AFTER_LINK = ".,;:!?»’'\"*_"


@dataclass(frozen=True)
class _Block:
    """A paragraph (no mark), or a list (`ul`, or the first number of an `ol`)."""

    lines: list[str]
    mark: str = ""


def to_html(source: str, *, images: Collection[str] = ()) -> str:
    """HTML without any attribute but `href`, `start`, `src` and `alt`; `images` are the names that may be shown."""
    return "\n".join(_html_block(block, images) for block in _blocks(source))


def to_text(source: str, *, images: Collection[str] = ()) -> str:
    """The same words for those who read plain text: *bold*, _italic_."""
    return "\n\n".join(_text_block(block, images) for block in _blocks(source))


def clean(source: str) -> str:
    """Any text with its line ends as \\n and without control or half characters."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    whole = lines.encode("utf-8", "replace").decode()
    return "".join(c if c in "\n\t" or not ("\x00" <= c < " " or "\x7f" <= c < "\xa0") else " " for c in whole)


def _blocks(source: str) -> list[_Block]:
    blocks: list[_Block] = []
    for piece in re.split(r"\n[ \t]*(?:\n[ \t]*)+", clean(source).strip("\n")):
        blocks += _piece(piece)
    return blocks


def _piece(piece: str) -> list[_Block]:
    """What stands between blank lines: runs of lines of the same kind."""
    blocks: list[_Block] = []
    for line in piece.split("\n"):
        if not line.strip(" \t"):
            continue
        if bullet := _BULLET.fullmatch(line):
            kind, text, mark = "ul", bullet["item"], "ul"
        elif number := _NUMBER.fullmatch(line):
            kind, text, mark = "ol", number["item"], number["number"]
        else:
            kind, text, mark = "", line.rstrip(" \t"), ""
        last = blocks[-1] if blocks else None
        if last is not None and _kind(last) == kind:
            last.lines.append(text)
        else:
            blocks.append(_Block([text], mark))
    return blocks


def _kind(block: _Block) -> str:
    return "ol" if block.mark.isdecimal() else block.mark


def _html_block(block: _Block, images: Collection[str]) -> str:
    lines = [_spans(line, images, _html_span, html.escape) for line in block.lines]
    kind = _kind(block)
    if not kind:
        return "<p>" + "<br>\n".join(lines) + "</p>"
    start = f' start="{int(block.mark)}"' if kind == "ol" and int(block.mark) != 1 else ""
    return f"<{kind}{start}>\n" + "".join(f"<li>{line}</li>\n" for line in lines) + f"</{kind}>"


def _text_block(block: _Block, images: Collection[str]) -> str:
    lines = [_spans(line, images, _text_span, str) for line in block.lines]
    kind = _kind(block)
    if kind == "ul":
        lines = [f"- {line}" for line in lines]
    elif kind == "ol":
        lines = [f"{number}. {line}" for number, line in enumerate(lines, int(block.mark))]
    return "\n".join(lines)


_Write = Callable[[str, str, str], str]


def _spans(line: str, images: Collection[str], write: _Write, plain: Callable[[str], str]) -> str:
    """The line with each span written by `write(kind, inner, name)` and everything else by `plain`."""
    out, at = [], 0
    for found in _SPAN.finditer(line):
        out.append(plain(line[at : found.start()]))
        at = found.end()
        kind = str(found.lastgroup)
        if kind == "cid":
            known = found["cid"] in images
            out.append(write("image", found["alt"], found["cid"]) if known else plain(found[0]))
        elif kind == "link":
            link = _without_end(found["link"])
            out.append(write("link", link, "") + plain(found["link"][len(link) :]))
        else:
            out.append(write(kind, _spans(found[kind], images, write, plain), ""))
    out.append(plain(line[at:]))
    return "".join(out)


def _without_end(link: str) -> str:
    while link[-1] in _AFTER_LINK or (link[-1] == ")" and link.count(")") > link.count("(")):
        link = link[:-1]
    return link


def _html_span(kind: str, inner: str, name: str) -> str:
    if kind == "image":
        return f'<img src="cid:{html.escape(name)}" alt="{html.escape(inner)}">'
    if kind == "link":
        return f'<a href="{html.escape(inner)}">{html.escape(inner)}</a>'
    tag = "strong" if kind == "bold" else "em"
    return f"<{tag}>{inner}</{tag}>"


def _text_span(kind: str, inner: str, _: str) -> str:
    shown = {"image": f"[{inner}]", "bold": f"*{inner}*", "italic": f"_{inner}_"}
    return shown.get(kind, inner)
