"""Names of attached files, made safe to show and to save while a person still recognises them."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)")
_LONGEST = 150
_EXTENSIONS = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/heic": "heic",
    "image/tiff": "tiff", "image/svg+xml": "svg", "image/bmp": "bmp", "application/pdf": "pdf", "text/plain": "txt",
    "text/html": "html", "text/csv": "csv", "text/calendar": "ics", "text/vcard": "vcf", "text/x-vcard": "vcf",
    "application/zip": "zip", "application/msword": "doc", "application/rtf": "rtf", "text/rtf": "rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx", "message/rfc822": "eml",
    "application/vnd.ms-excel": "xls", "audio/mpeg": "mp3", "audio/amr": "amr", "audio/wav": "wav",
    "audio/ogg": "ogg", "audio/mp4": "m4a", "video/mp4": "mp4", "video/quicktime": "mov", "video/3gpp": "3gp",
    "application/ms-tnef": "dat", "application/json": "json", "text/xml": "xml", "application/xml": "xml",
    "application/pgp-encrypted": "asc", "application/pkcs7-mime": "p7m", "message/delivery-status": "txt",
}  # fmt: skip


def safe_name(name: str) -> str:
    """The name without path, controls, direction overrides, characters or words that a file system reserves.

    "" when nothing of it is left.
    """
    name = unicodedata.normalize("NFC", _INVISIBLE.sub("", name[:2_000]))
    name = _without_path(name)
    name = _FORBIDDEN.sub("_", name).strip().rstrip(". ")
    if name.startswith("."):
        name = "_" + name.lstrip(".") if name.lstrip(".") else ""
    if _RESERVED.match(name):
        name = "_" + name
    if len(name) > _LONGEST:
        stem, dot, extension = name.rpartition(".")
        keep = f".{extension}" if dot and len(extension) <= 10 else ""
        name = (stem if keep else name)[: _LONGEST - len(keep)].rstrip() + keep
    while len(name.encode("utf-8", "replace")) > 240:
        stem, dot, extension = name.rpartition(".")
        name = f"{stem[:-10]}.{extension}" if dot and len(stem) > 10 else name[:-10]
    return name


def _without_path(name: str) -> str:
    """The last step of a path; but a slash between two digits is a date, and a person's own."""
    name = re.sub(r"(?<=\d)/(?=\d)", "-", name)
    steps = [step for step in re.split(r"[/\\]", name) if step.strip(" .")]
    return steps[-1] if steps else ""


def name_for(name: str, kind: str, number: int) -> str:
    """The safe name, or one made from the type when the sender gave none."""
    safe = safe_name(name)
    if safe:
        return safe
    family = kind.partition("/")[0]
    stem = {"image": "image", "audio": "audio", "video": "video", "message": "message", "text": "text"}.get(family)
    return f"{stem or 'file'}-{number}.{_EXTENSIONS.get(kind, 'bin')}"
