"""HTML bodies: made harmless, shown without anything from elsewhere, and read as lines of text.

The HTML is parsed once by nh3 (html5ever, as browsers do), which gives back well-formed markup. That output, and only
that, is then walked with one linear regular expression, which yields two things: the lines with what the structure
says of them (quotation, signature, forwarded words), and the markup to show. What is to be shown goes through nh3 a
second time with the narrow list, so that a mistake of the walk cannot become a hole.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from urllib.parse import unquote

import nh3

from tenir.channels.email.parse.folding import Lines
from tenir.channels.email.parse.values import Limits

_TAGS = {
    "a", "abbr", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd",
    "del", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike",
    "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr",
    "article", "aside", "header", "footer", "address",
}  # fmt: skip
_SILENT = {
    "script", "style", "title", "noscript", "template", "iframe", "object", "embed", "svg", "math", "textarea",
    "select", "option", "button", "applet", "audio", "video", "canvas", "noframes", "xml", "frameset",
}  # fmt: skip
_SEEN_ATTRIBUTES = {
    "*": {"class", "id", "style", "dir", "lang", "title", "align", "data-marker", "data-smartmail", "hidden", "type"},
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
    "blockquote": {"cite"},
}
_CLASSES = {"mail-bold", "mail-italic", "mail-underline", "mail-strike", "mail-center", "mail-right", "mail-quote"}
_SHOWN_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"data-remote-src", "data-cid", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_READER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_SILENT,
    attributes=_SEEN_ATTRIBUTES,
    link_rel=None,
    url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
)
_SHOWER = nh3.Cleaner(
    tags=_TAGS - {"font"},
    clean_content_tags=_SILENT,
    attributes=_SHOWN_ATTRIBUTES,
    allowed_classes=dict.fromkeys(_TAGS - {"font"}, _CLASSES),
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="noopener noreferrer nofollow",
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="deny",
)
_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [^\s=">/]+="[^"]*")*)>|([^<]+)')
_ATTRIBUTE = re.compile(r' ([^\s=">/]+)="([^"]*)"')
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
_SPACES = re.compile(r"[ \t\n\r\f\v\u00a0]+")
_UNSEEN = re.compile(r"[\u200b\ufeff\u034f\u00ad\u2060]")
_DATA_IMAGE = re.compile(r"data:(image/(?:png|jpe?g|gif|webp|bmp))(?:;[^,;]{0,60}){0,3};base64,", re.IGNORECASE)
_VOID = frozenset(("br", "hr", "img", "wbr", "col"))
_BLOCKS = {
    "p", "div", "li", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "section",
    "article", "aside", "header", "footer", "center", "dl", "dt", "dd", "figure", "figcaption", "caption", "address",
}  # fmt: skip
_SPACED = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "table", "blockquote"))


@dataclass(slots=True)
class Markup:
    """What an HTML body gives: text lines, safe markup, and the images that it carried within itself."""

    lines: Lines
    html: str
    has_remote_images: bool = False
    cids: set[str] = field(default_factory=set)
    images: list[tuple[str, str, bytes]] = field(default_factory=list)  # content id, type, bytes
    marked: set[str] = field(default_factory=set)  # marks found in the structure
    hostile: bool = False  # too deep to be parsed as HTML: only its words were taken


def read(html: str, limits: Limits) -> Markup:
    """Parse, tame and read an HTML body of at most `limits.markup` characters."""
    angles = html.count("<")
    if angles > limits.elements or (angles > limits.markup_depth and _depth(html) > limits.markup_depth):
        return _words_only(html, limits)
    walk = _Walk(limits)
    walk.over(_READER.clean(html))
    shown = _SHOWER.clean("".join(walk.out)).strip()
    return Markup(walk.lines, shown, walk.remote, walk.cids, walk.images, walk.marked)


def _depth(html: str) -> int:
    """The depth that the elements could reach at most: unclosed ones never come back."""
    depth = deepest = 0
    for match in _ANY_TAG.finditer(html):
        name = match[2].lower()
        if name in _VOID or name not in _TAGS:
            continue
        depth = max(depth - 1, 0) if match[1] else depth + (name not in ("p", "li", "td", "tr", "th", "dd", "dt"))
        deepest = max(deepest, depth)
    return deepest


_TAG_OR_COMMENT = re.compile(r"<[^<>]{0,5000}>")


def _words_only(html: str, limits: Limits) -> Markup:
    text = unescape(_TAG_OR_COMMENT.sub("\n", html))
    lines = Lines()
    for line in text.split("\n")[: limits.lines * 4]:
        stripped = _SPACES.sub(" ", line).strip()
        if stripped:
            lines.add(stripped)
    return Markup(lines, "", hostile=True)


@lru_cache(maxsize=2_048)
def _style(style: str) -> tuple[bool, tuple[str, ...], bool, bool]:
    """Of a style attribute: is it hidden, which of our classes it means, a quotation's border, a mere indentation."""
    flat = style.lower().replace(" ", "")
    hidden = "display:none" in flat or "mso-hide:all" in flat or "visibility:hidden" in flat
    classes = []
    if re.search(r"font-weight:(?:bold|[6-9]00)", flat):
        classes.append("mail-bold")
    if "font-style:italic" in flat:
        classes.append("mail-italic")
    if "text-decoration:underline" in flat or "text-decoration-line:underline" in flat:
        classes.append("mail-underline")
    if "line-through" in flat:
        classes.append("mail-strike")
    if "text-align:center" in flat:
        classes.append("mail-center")
    if "text-align:right" in flat:
        classes.append("mail-right")
    border = re.search(r"border-left(?:-width|-style)?:(?!none|0|medium)", flat) is not None
    indent = "border:none" in flat or "border:0" in flat or flat.startswith("margin:000")
    return hidden, tuple(classes), border, indent and not border


_HISTORY = re.compile(
    r"(?:^|\s)(?:yahoo_quoted|protonmail_quote|tutanota_quote|front-blockquote|missive_quote|zmail_extra|OutlookMessageHeader"
    r"|OLK_SRC_BODY_SECTION|mail-editor-reference-message-container|divRplyFwdMsg|x?_?isForwardContent|replyBody|hmmessage_quote"
    r"|ms-outlook-mobile-reference-message|yahoo_quoted_\d{1,20}|ydp[0-9a-f]{1,12}yahoo_quoted|quotedMessage|cx_quote|hey_quote"
    r"|orange_quote|WM_QUOTE|bloop_markdown_quote|edo_quote)(?=\s|$)"
)
_TAIL = ("divRplyFwdMsg", "OutlookMessageHeader", "OLK_SRC_BODY_SECTION")
_ATTRIBUTIONS = re.compile(
    r"(?:^|\s)(?:gmail_attr|moz-cite-prefix|reply-intro|gmail_quote_attribution|protonmail_quote_attribution)(?=\s|$)"
)
_FORWARDED = re.compile(r"(?:^|\s)(?:moz-forward-container|forwardbody\d{1,3}|moz-email-headers-table)(?=\s|$)")
_SIGNATURES = re.compile(
    r"(?:^|\s)(?:gmail_signature|moz-signature|Signature|signature|ms-outlook-mobile-signature|AppleMailSignature"
    r"|composer_signature|ymail_android_signature|ymail_ios_signature|protonmail_signature_block(?:-user|-proton)?"
    r"|k9mail-signature|__SIG_(?:PRE|POST)__|tutanota_signature|mobile-signature|email-signature|mail-signature"
    r"|iosymail_signature|bloop_sign|edo_signature|_MailAutoSig|yahoo_signature|mail_android_signature)(?=\s|$)"
)


class _Walk:
    """One pass over well-formed markup."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.lines = Lines()
        self.out: list[str] = []
        self.current: list[str] = []
        self.depth = 0
        self.mark: str | None = None
        self.tail = False  # from here to the end everything is history
        self.pre = 0
        self.hidden = 0  # depth of the stack at which something hidden began
        self.stack: list[tuple[str, int, str | None, str, str]] = []
        self.lists: list[int | None] = []
        self.remote = False
        self.cids: set[str] = set()
        self.images: list[tuple[str, str, bytes]] = []
        self.marked: set[str] = set()
        self.blank_due = False

    def over(self, html: str) -> None:
        for match in _TOKEN.finditer(html):
            closing, tag, attributes, text = match.groups()
            if text is not None:
                if not self.hidden:
                    self.out.append(text)
                    self._text(text)
            elif closing:
                self._close(tag)
            else:
                self._open(tag, dict(_ATTRIBUTE.findall(attributes)) if attributes else {})
        self._flush()

    # -- lines ---------------------------------------------------------------------------------------------------------

    def _text(self, text: str) -> None:
        if "&" in text:
            text = unescape(text)
        if not text.isascii():
            text = _UNSEEN.sub("", text)
        if self.pre:
            first, *others = text.replace("\r", "").split("\n")
            self.current.append(first)
            for other in others:
                self._flush(keep=True)
                self.current.append(other)
        else:
            self.current.append(_SPACES.sub(" ", text))

    def _flush(self, *, keep: bool = False, tag: str = "") -> None:
        """End the line. `keep`: an empty one counts."""
        line = "".join(self.current)
        self.current.clear()
        line = line.replace("\n", " ").rstrip() if self.pre else _SPACES.sub(" ", line).strip()
        mark = "history" if self.tail and self.mark is None else self.mark
        if line or keep:
            if line and self.blank_due and self.lines.texts and self.lines.texts[-1]:
                self.lines.add("", min(self.depth, self.lines.depths[-1]), mark)
            self.blank_due = False
            if len(self.lines.texts) < self.limits.lines * 4:
                depth = self.depth
                if not self.pre and line.startswith(">") and not depth:
                    bare = line.lstrip("> ")
                    depth, line = line[: len(line) - len(bare)].count(">"), bare
                self.lines.add(line, depth, mark)
        if tag in _SPACED:
            self.blank_due = True

    # -- elements ------------------------------------------------------------------------------------------------------

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        style = attributes.get("style", "")
        hidden, classes, border, indent = _style(unescape(style)) if style else (False, (), False, False)
        if tag not in _VOID:
            if (hidden or "hidden" in attributes) and not self.hidden:
                self.hidden = len(self.stack) + 1
            self.stack.append((tag, self.depth, self.mark, "", ""))
        if self.hidden:
            return
        if tag in _BLOCKS:
            self._flush(tag=tag)
        depth = self.depth
        if tag not in _VOID:
            self._structure(tag, attributes, border=border, indent=indent)
        if tag == "img":
            self._image(attributes)
            return
        self._word_of(tag, attributes)
        quoted = tag == "blockquote" and self.depth > depth
        self._show(tag, attributes, classes + (("mail-quote",) if quoted else ()))

    def _word_of(self, tag: str, attributes: dict[str, str]) -> None:
        """What an element is in plain text: a line end, a ruler, a bullet, a number."""
        if tag == "br":
            self._flush(keep=True)
        elif tag == "hr":
            self._flush()
            self.current.append("________________________________")
            self._flush()
        elif tag in ("td", "th"):
            self.current.append(" ")
        elif tag == "li":
            number = self.lists[-1] if self.lists else None
            if self.lists and number is not None:
                self.lists[-1] = number + 1
            self.current.append("- " if number is None else f"{number}. ")
        elif tag in ("ol", "ul"):
            start = attributes.get("start", "1")
            self.lists.append((int(start) if start.isdecimal() and len(start) < 6 else 1) if tag == "ol" else None)
        elif tag == "pre":
            self.pre += 1

    def _show(self, tag: str, attributes: dict[str, str], classes: tuple[str, ...]) -> None:
        align = attributes.get("align", "").lower()
        if align in ("center", "right"):
            classes = (*classes, f"mail-{align}")
        kept = [f'{name}="{value}"' for name, value in attributes.items() if name in _KEPT]
        if classes:
            kept.append(f'class="{" ".join(dict.fromkeys(classes))}"')
        if tag in ("span", "font"):
            tag = "span" if kept else ""
        if not tag:
            return
        self.out.append(f"<{tag} {' '.join(kept)}>" if kept else f"<{tag}>")
        if tag not in _VOID and self.stack:
            last = self.stack[-1]
            self.stack[-1] = (last[0], last[1], last[2], tag, unescape(attributes.get("href", "")))

    def _structure(self, tag: str, attributes: dict[str, str], *, border: bool, indent: bool) -> None:
        if tag == "blockquote" and not indent:
            self.depth += 1
        elif tag == "div" and border and "padding" in attributes["style"].lower():
            self.depth += 1  # Outlook and several webmails draw the bar of a quotation themselves
        names = " ".join(attributes[a] for a in ("class", "id", "data-marker", "data-smartmail") if a in attributes)
        if not names:
            return
        mark = None
        if _ATTRIBUTIONS.search(names):
            mark = "attribution"
        elif _FORWARDED.search(names):
            mark = "forwarded"
        elif _SIGNATURES.search(names):
            mark = "signature"
        elif names == "__QUOTED_TEXT__" or names == "__HEADERS__" or _HISTORY.search(names):
            mark = "history"
            if any(name in names for name in _TAIL):
                self.tail = True
        if mark and self.mark not in ("history", "forwarded"):
            self._flush()
            self.mark = mark
            self.marked.add(mark)

    def _close(self, tag: str) -> None:
        if not self.stack:
            return
        name, depth, mark, shown, href = self.stack.pop()
        if self.hidden:
            if len(self.stack) < self.hidden:
                self.hidden = 0
            return
        if href and name == "a":
            self._link(href)
        if name in _BLOCKS or depth != self.depth or mark != self.mark:
            self._flush(tag=name)
        if name == "pre":
            self.pre -= 1
        elif name in ("ol", "ul") and self.lists:
            self.lists.pop()
        self.depth, self.mark = depth, mark
        if shown:
            self.out.append(f"</{shown}>")

    def _link(self, href: str) -> None:
        """A link whose words do not say where it goes is followed by the address, as in a plain mail."""
        if not href.startswith(("http://", "https://")) or len(href) > 200 or self.mark or self.tail or self.depth:
            return
        text = "".join(self.current[-8:]).rstrip()  # the link's own words are among the last
        bare = href.split("://", 1)[1].rstrip("/").removeprefix("www.")
        if text and bare.lower() not in text.lower() and bare.split("/")[0].lower() not in text.lower()[-60:]:
            self.current.append(f" <{href}>")

    def _image(self, attributes: dict[str, str]) -> None:
        source = unescape(attributes.pop("src", "")).strip()
        alt = unescape(attributes.get("alt", "")).strip()
        if alt and self.mark != "signature":
            self.current.append(alt if len(alt) < 3 else f"[{alt[:200]}]")
        attributes = {n: v for n, v in attributes.items() if n in _KEPT}
        lowered = source[:8].lower()
        if source.startswith("//"):
            source, lowered = f"https:{source}", "https://"
        if lowered.startswith("cid:"):
            cid = unquote(source[4:])[:400]
            self.cids.add(cid)
            attributes["data-cid"] = escape(cid)
        elif lowered.startswith(("http://", "https://")):
            self.remote = True
            attributes["data-remote-src"] = escape(source)
        else:
            cid = self._carried(source)
            if cid:
                attributes["data-cid"] = cid
            elif not alt:
                return
        self.out.append("<img " + " ".join(f'{name}="{value}"' for name, value in attributes.items()) + ">")

    def _carried(self, source: str) -> str:
        """An image written into the HTML itself becomes a file like any other."""
        match = _DATA_IMAGE.match(source)
        if not match or len(self.images) >= 50:
            return ""
        try:
            data = binascii.a2b_base64(unquote(source[match.end() :]))
        except (binascii.Error, ValueError):
            return ""
        if not data:
            return ""
        cid = f"carried-{len(self.images) + 1}"
        self.images.append((cid, match[1].lower().replace("jpg", "jpeg"), data))
        self.cids.add(cid)
        return cid


_KEPT = frozenset(("href", "dir", "lang", "title", "alt", "width", "height", "colspan", "rowspan", "start"))


def strip_rich(text: str) -> str:
    """text/enriched and text/richtext: their commands go, their words stay."""
    plain = re.sub(r"(?i)<nl>", "\n", text).replace("<<", "\0")
    return re.sub(r"</?[a-zA-Z-]{1,40}>", "", plain).replace("\0", "<")
