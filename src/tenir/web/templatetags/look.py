"""The small components that are tags rather than includes. Each docstring says how it is written in a template.

The larger ones are templates under `tenir/components/`, each opening with a comment that lists its parameters;
`/styleguide/` shows all of them.
"""

import json
import re
from functools import lru_cache, partial
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect
from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tenir.ledger.events import registry
from tenir.web.templatetags.icons import drawing

register = template.Library()

_TITLES = re.compile(r"^(m|mm|mme|mlle|mr|mrs|ms|dr|pr|prof|me|maître|monsieur|madame)\.?$", re.IGNORECASE)
_PERSONAL = {
    "theme": ("auto", "light", "dark"),
    "text_size": ("normal", "large", "larger"),
    "digits": ("normal", "spaced"),
    "font": ("system", "readable"),
}


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """`{% icon "reply" %}` beside a word; `{% icon "mail" label %}` when it stands alone; `size="small"` in text."""
    return drawing(name, str(label), size)


@register.simple_tag
def chip(words: Any, kind: str = "quiet", mark: str = "", href: str = "") -> SafeString:
    """`{% chip "promise late" "broken" %}`: kind is quiet, accent, kept, risk, broken or outline; `mark` an icon.

    Broken is for what is broken towards a customer, and for nothing else. The words carry the meaning, not the colour.
    """
    drawn = drawing(mark) if mark else ""
    if href:
        return format_html('<a class="chip {}" href="{}">{}{}</a>', kind, href, drawn, words)
    return format_html('<span class="chip {}">{}{}</span>', kind, drawn, words)


@register.simple_tag
def avatar(name: str, kind: str = "", size: str = "") -> SafeString:
    """`{% avatar "Mme Laurent" %}`: initials. kind is "" (outside), "us" or "team"; size "", "small" or "large".

    It repeats the name that stands beside it, so that screen readers pass over it.
    """
    classes = " ".join(part for part in ("avatar", kind, size) if part)
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, initials(name))


def initials(name: str) -> str:
    """One or two capitals for a name: titles are passed over, an address gives its first letter, nothing gives “?”."""
    parts = [part for part in re.split(r"[\s\-_]+", name.split("@")[0]) if part and not _TITLES.match(part)]
    letters = [next((c for c in part if c.isalnum()), "") for part in parts]
    letters = [c.upper() for c in letters if c]
    if not letters:
        return "?"
    return letters[0] + letters[-1] if len(letters) > 1 else letters[0]


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """`{% kbd "g i" %}`: the keys to press one after the other. Screen readers hear them from `?`, not here."""
    return format_html_join(" ", '<kbd aria-hidden="true">{}</kbd>', ((key,) for key in keys.split()))


@register.simple_tag(takes_context=True)
def personal(context: template.Context) -> SafeString:
    """`<html {% personal %}>`: theme, text size, digits and font of the person who reads (A5).

    Taken from `look` in the context when a view gives one (style guide, preview of the settings), else from the
    person signed in; a customer's page follows their own system.
    """
    chosen = context.get("look") or getattr(context.get("request"), "user", None)
    values = []
    for name, allowed in _PERSONAL.items():
        value = chosen.get(name) if isinstance(chosen, dict) else getattr(chosen, name, None)
        values.append((name.replace("_", "-"), value if value in allowed else allowed[0]))
    return format_html_join(" ", 'data-{}="{}"', values)


@register.simple_tag
def live_names() -> str:
    """`data-live-names="{% live_names %}"`: a browser hears only the events whose names it asks for."""
    return " ".join(sorted(registry))


@register.simple_block_tag
def card(content: str, title: str = "", identity: str = "") -> SafeString:
    """`{% card title=_("Preferences") %}…{% endcard %}`."""
    head = format_html("<h2>{}</h2>", title) if title else ""
    named = format_html(' id="{}"', identity) if identity else ""
    return format_html('<section class="card"{}>{}{}</section>', named, head, content)


@register.simple_block_tag
def folded(content: str, label: str = "", identity: str = "") -> SafeString:
    """`{% folded label=_("Quoted history") %}…{% endfolded %}`: folded away, never deleted."""
    named = format_html(' id="{}"', identity) if identity else ""
    return format_html(
        '<details class="folded"{}><summary>{}{}</summary>{}</details>',
        named, drawing("chevron-right", size="small"), label, content,
    )  # fmt: skip


@register.simple_block_tag
def menu(content: str, identity: str = "", label: str = "") -> SafeString:
    """`{% menu identity="case-more" label=_("More actions") %}` items `{% endmenu %}`.

    It is opened by `<button popovertarget="case-more" aria-haspopup="true">`; items are `class="menu-item"`.
    """
    return format_html(
        '<div class="menu" popover id="{}" role="group" aria-label="{}" data-menu>{}</div>', identity, label, content
    )


@register.inclusion_tag("tenir/components/dialog_head.html")
def dialog_head(title: str, identity: str) -> dict[str, str]:
    """The first line of a `<dialog class="dialog" id="X" aria-labelledby="X-title">`: its title and its way out."""
    return {"title": title, "id": identity}


@register.inclusion_tag("tenir/components/field.html")
def field(bound: BoundField, optional: str = "", rows: int = 0) -> dict[str, Any]:
    """`{% field form.subject %}`: label above, help, what is wrong and what to do; what was typed is kept.

    `optional` is the word beside the label; `rows` the height of a text area.
    """
    widget = bound.field.widget
    notes = [f"{bound.auto_id}-{part}" for part, there in (("help", bound.help_text), ("error", bound.errors)) if there]
    extra: dict[str, Any] = {"aria-describedby": " ".join(notes)} if notes else {}
    if bound.errors:
        extra["aria-invalid"] = "true"
    if rows:
        extra["rows"] = rows
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=extra),
        "optional": optional,
        "is_box": isinstance(widget, CheckboxInput),
        "is_group": isinstance(widget, RadioSelect),
    }


@register.filter
def undo_url(message: object) -> str:
    """`{{ message|undo_url }}`: where what a message tells of is undone; a view gives it the tag `undo:<address>`."""
    tags = str(getattr(message, "extra_tags", "") or "")
    return tags.removeprefix("undo:") if tags.startswith("undo:") else ""


@register.simple_tag
def list_row(row: Any) -> SafeString:
    """`{% list_row row %}`: one case in a list. Written here and not as a template: a page has fifty of them.

    row (a dataclass or a dict): id (unique, stable), url, name, when, when_iso, subject, words, chips: [(words, kind)],
    is_new, new_words (said to screen readers), current, language (when it differs), has_files, pick (value posted by
    the bulk actions; empty: no box), pick_label.
    """
    get = row.get if isinstance(row, dict) else partial(getattr, row)
    text = {name: escape(get(name, "")) for name in _ROW}
    classes, current, dot, new = "row", "", "", ""
    if get("is_new", False):
        classes, dot = "row is-new", '<span class="row-dot" aria-hidden="true"></span>'
        new = f'<span class="unseen"> ({text["new_words"]})</span>'
    if get("current", False):
        current = ' aria-current="true"'
    box = (
        f'<label class="row-pick"><input type="checkbox" name="case" value="{text["pick"]}" data-select '
        f'aria-label="{text["pick_label"]}"></label>'
        if get("pick", "")
        else ""
    )
    files = drawing("paperclip", size="small") if get("has_files", False) else ""
    language = f"<span>{text['language']}</span>" if get("language", "") else ""
    chips = "".join(f'<span class="chip {escape(kind)}">{escape(words)}</span>' for words, kind in get("chips", ()))
    return mark_safe(  # noqa: S308 (every value is escaped above)
        f'<li class="{classes}" id="{text["id"]}"{current}>{box}{dot}'
        f'<a class="row-link" href="{text["url"]}">{text["name"]}{new}</a>'
        f'<span class="row-when">{files}{language}<time datetime="{text["when_iso"]}">{text["when"]}</time></span>'
        f'<span class="row-subject">{text["subject"]}</span><span class="row-words">{text["words"]}</span>'
        f'<span class="row-chips">{chips}</span></li>\n'
    )


_ROW = ("id", "url", "name", "when", "when_iso", "subject", "words", "new_words", "language", "pick", "pick_label")


@register.simple_tag(takes_context=True)
def fixed(context: template.Context, name: str) -> SafeString:
    """`{% fixed "tenir/components/keys.html" %}`: an include that depends on nothing but the language, drawn once."""
    return _fixed(name, get_language() or "", str(context.get("palette_url", "")))


@lru_cache(maxsize=64)
def _fixed(name: str, language: str, palette_url: str) -> SafeString:
    return mark_safe(render_to_string(name, {"palette_url": palette_url}))  # noqa: S308 (a template of ours)


@register.simple_tag(takes_context=True)
def rail(context: template.Context) -> SafeString:
    """`{% rail %}`: the rail around every page, drawn again only when what it shows has changed."""
    drawn = _rail(json.dumps({**context["nav"]}, sort_keys=True, default=str), get_language() or "")
    return mark_safe(drawn.replace(_PROOF, str(context["csrf_token"])))  # noqa: S308 (a template of ours)


_PROOF = "a-proof-of-this-request"
"""Stands for the CSRF token in what is kept between requests; each page gets its own in its place."""


@lru_cache(maxsize=512)
def _rail(nav: str, language: str) -> str:
    return render_to_string("tenir/components/nav.html", {"nav": json.loads(nav), "csrf_token": _PROOF})
