"""The icons, drawn for Tenir on a 20 by 20 grid with round 1.6 strokes; colour and size come from the style sheet.

They stand in the page itself, so that none appears late and an error page needs nothing else.
"""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_STROKES = {
    "alert": "M10 3.2 17.6 16.4H2.4ZM10 8.2v3.6M10 14v.1",
    "arrow-left": "M16.5 10h-13M8.5 5l-5 5 5 5",
    "arrow-right": "M3.5 10h13M11.5 5l5 5-5 5",
    "bold": "M6 4h4.6a3 3 0 0 1 0 6H6ZM6 10h5.4a3 3 0 0 1 0 6H6Z",
    "book": (
        "M10 5.2C8.4 4 6.2 3.6 3.5 3.8v11.6c2.7-.2 4.9.2 6.5 1.4 1.6-1.2 3.8-1.6 6.5-1.4V3.8"
        "c-2.7-.2-4.9.2-6.5 1.4ZM10 5.2v11.6"
    ),
    "calendar": "M3.5 5.5h13v11h-13ZM3.5 9h13M7 3.5v3.4M13 3.5v3.4",
    "chat": "M3.5 4.5h13v9H9.2l-3.7 3v-3h-2Z",
    "check": "M4 10.6l4 4 8-9",
    "chevron-down": "M5.5 8l4.5 4.5L14.5 8",
    "chevron-right": "M8 5.5l4.5 4.5L8 14.5",
    "clock": "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM10 6.4V10l2.6 1.8",
    "copy": "M7.2 7.2h9.3v9.3H7.2ZM12.8 7.2V3.5H3.5v9.3h3.7",
    "cup": (
        "M4 6.5h10v5.6A4.4 4.4 0 0 1 9.6 16.5H8.4A4.4 4.4 0 0 1 4 12.1ZM14 8h1a2 2 0 0 1 0 4h-1.1"
        "M7.5 2.6v1.6M10.5 2.6v1.6"
    ),
    "door": "M11.5 3.5h-7v13h7M8.5 10h8M13.6 7.1l2.9 2.9-2.9 2.9",
    "download": "M10 3.5v9M6 9l4 4 4-4M3.5 16.5h13",
    "eye": (
        "M2.4 10C4.2 6.7 6.8 5 10 5s5.8 1.7 7.6 5c-1.8 3.3-4.4 5-7.6 5s-5.8-1.7-7.6-5Z"
        "M10 7.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4Z"
    ),
    "file": "M5 3h6.5L15 6.6V17H5ZM11.3 3v3.8H15",
    "flag": "M5 17V3.6M5 4.2c3.4-1.5 5.8 1.5 10 0v7c-4.2 1.5-6.6-1.5-10 0",
    "form": "M4.5 3h11v14h-11ZM7.3 7h5.4M7.3 10h5.4M7.3 13h3",
    "globe": (
        "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM3.2 10h13.6"
        "M10 3c2.2 2 3.2 4.3 3.2 7s-1 5-3.2 7c-2.2-2-3.2-4.3-3.2-7s1-5 3.2-7Z"
    ),
    "hand-over": (
        "M6.2 4a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4Z"
        "M2.5 15.5c.2-2.8 1.4-4.2 3.7-4.2s3.5 1.4 3.7 4.2M11.5 8h6M15 5.5 17.5 8 15 10.5"
    ),
    "heart": "M10 16.4 4.3 10.8A3.6 3.6 0 0 1 9.3 5.6l.7.7.7-.7a3.6 3.6 0 0 1 5 5.2Z",
    "help": "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM7.9 8.2A2.1 2.1 0 1 1 10 10.4v1M10 13.8v.1",
    "image": "M3.5 4.5h13v11h-13ZM3.5 13l3.8-3.6 3.4 3 2-1.8 3.8 3.3M12.6 7.6v.1",
    "inbox": "M3 11.5 5.2 4.5h9.6L17 11.5v4H3ZM3 11.5h4l1.2 2h3.6l1.2-2h4",
    "info": "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM10 9.4v4M10 6.6v.1",
    "italic": "M8.5 4H14M6 16h5.5M11.6 4 8.4 16",
    "keyboard": "M2.5 5.5h15v9.5h-15ZM5.5 8.5v.1M8.5 8.5v.1M11.5 8.5v.1M14.5 8.5v.1M6.5 12h7",
    "layers": "M10 3.2 17 7l-7 3.8L3 7ZM3.4 10.4 10 14l6.6-3.6M3.4 13.4 10 17l6.6-3.6",
    "link": (
        "M8.4 11.6a3 3 0 0 0 4.3 0l2.9-2.9a3 3 0 0 0-4.3-4.3L10.2 5.5"
        "M11.6 8.4a3 3 0 0 0-4.3 0l-2.9 2.9a3 3 0 0 0 4.3 4.3l1.1-1.1"
    ),
    "list": "M7.5 5h9M7.5 10h9M7.5 15h9M3.7 5v.1M3.7 10v.1M3.7 15v.1",
    "lock": "M5 9h10v7.5H5ZM7 9V6.6a3 3 0 0 1 6 0V9",
    "mail": "M3 5h14v10.5H3ZM3.2 5.6 10 11l6.8-5.4",
    "merge": "M4.5 3.5v2.8c0 2.6 5.5 3 5.5 6v4.2M15.5 3.5v2.8c0 2.6-5.5 3-5.5 6M7 13.6l3 3 3-3",
    "more": (
        "M4.5 9.5a.5.5 0 1 1 0 1 .5.5 0 0 1 0-1ZM10 9.5a.5.5 0 1 1 0 1 .5.5 0 0 1 0-1Z"
        "M15.5 9.5a.5.5 0 1 1 0 1 .5.5 0 0 1 0-1Z"
    ),
    "note": "M4 16l.7-3.4 8.4-8.4a1.7 1.7 0 0 1 2.6 2.6l-8.4 8.4ZM11.6 5.8l2.6 2.6",
    "numbers": ("M8 5h8.5M8 10h8.5M8 15h8.5M3 4.2 4.2 3.6v3M3 9h1.8L3 11.4h1.9M3 13.6h1.9l-1 1.2a.9.9 0 1 1-1 1.3"),
    "offline": "M3 3l14 14M6 7.6A3.8 3.8 0 0 0 6.4 15h7.2M9 5.3a4.2 4.2 0 0 1 5.2 3.3 3.2 3.2 0 0 1 2 5",
    "palette": "M4 6.5h12M4 13.5h12M7.5 4.5v4M12.5 11.5v4",
    "paperclip": (
        "M15.8 9.4 10 15.2a3.6 3.6 0 0 1-5.1-5.1l6-6a2.4 2.4 0 0 1 3.4 3.4l-5.9 5.9a1.2 1.2 0 0 1-1.7-1.7l5.2-5.2"
    ),
    "people": (
        "M7.5 4.2a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2ZM2.5 16c.3-2.8 2-4.2 5-4.2s4.7 1.4 5 4.2"
        "M12.6 4.7a2.4 2.4 0 0 1 0 4.4M14.3 12c1.9.4 3 1.7 3.2 4"
    ),
    "person": "M10 3.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM4 16.5c.4-3.2 2.4-4.8 6-4.8s5.6 1.6 6 4.8",
    "phone": (
        "M4 4.3c0-.5.4-.9.9-.9h2l1.3 3.3-1.5 1.2a9 9 0 0 0 4.4 4.4l1.2-1.5 3.3 1.3v2c0 .5-.4.9-.9.9"
        "C8.9 15 4 10.1 4 4.3Z"
    ),
    "phone-cut": (
        "M4 4.3c0-.5.4-.9.9-.9h2l1.3 3.3-1.5 1.2a9 9 0 0 0 4.4 4.4"
        "l1.2-1.5 3.3 1.3v2c0 .5-.4.9-.9.9C8.9 15 4 10.1 4 4.3Z"
        "M12.5 3.5l4 4M16.5 3.5l-4 4"
    ),
    "plus": "M10 4v12M4 10h12",
    "quote": (
        "M4 14c2-.6 3-2 3-4H4V5.5h4.5V10c0 2.7-1.3 4.5-4.5 5M11.5 14c2-.6 3-2 3-4h-3V5.5H16V10c0 2.7-1.3 4.5-4.5 5"
    ),
    "reopen": "M4.2 8.5A6.2 6.2 0 1 1 4 11.6M4 4.5v4.2h4.2",
    "reply": "M8 5 3.5 9.5 8 14M4 9.5h6.5c3.6 0 5.7 1.8 6 5.5",
    "search": "M9 3.8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 9 3.8ZM13 13l3.6 3.6",
    "send": "M3.3 10.2 16.6 3.8 13 16.4l-3.6-4.3ZM9.4 12.1l7.2-8.3",
    "settings": (
        "M3.5 6h6M13.5 6h3M11.5 4a2 2 0 1 1 0 4 2 2 0 0 1 0-4ZM3.5 14h3M10.5 14h6M8.5 12a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z"
    ),
    "smile": (
        "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM6.8 11.6c.7 1.5 1.8 2.2 3.2 2.2s2.5-.7 3.2-2.2M7.6 7.8v.1M12.4 7.8v.1"
    ),
    "split": ("M10 16.5v-4.2c0-2.6-5.5-3-5.5-6V3.5M10 12.3c0-2.6 5.5-3 5.5-6V3.5M2.5 5.5l2-2 2 2M13.5 5.5l2-2 2 2"),
    "tag": "M3.5 3.5H10l6.6 6.6-6.4 6.4L3.5 10ZM6.8 6.8v.1",
    "undo": "M7.5 4.5 3.5 8.5l4 4M4 8.5h7.5a4.2 4.2 0 0 1 0 8.4H8",
    "waiting": (
        "M4 3.5h12M4 16.5h12M5.5 3.5c0 4 4.5 4.5 4.5 6.5s-4.5 2.5-4.5 6.5M14.5 3.5c0 4-4.5 4.5-4.5 6.5s4.5 2.5 4.5 6.5"
    ),
    "x": "M5 5l10 10M15 5 5 15",
}

#: The mark: a hand, cupped, holding something whole.
_MARK = '<path d="M3.2 8.6v1.2a6.8 6.8 0 0 0 13.6 0V8.6"/><circle class="solid" cx="10" cy="7.4" r="3.4"/>'

NAMES = (*_STROKES, "tenir")


@lru_cache(maxsize=512)
def drawing(name: str, label: str = "", size: str = "") -> SafeString:
    """The `<svg>` of an icon. With a label it is an image that says it; without, screen readers pass over it.

    `size` is "" or "small". A name that does not exist raises `KeyError`: a missing icon is a mistake of ours.
    """
    inside = mark_safe(_MARK if name == "tenir" else f'<path d="{_STROKES[name]}"/>')  # noqa: S308 (drawn above)
    classes = f"icon icon-{size}" if size else "icon"
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="{}" viewBox="0 0 20 20" {}>{}</svg>', classes, spoken, inside)
