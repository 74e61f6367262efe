"""A stranger's files and HTML: shown or handed out so that they can do nothing."""

import html as markup
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

from django.core.signing import BadSignature, TimestampSigner
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from tenir.cases.access import attachment_for, message_for
from tenir.cases.models import Attachment, Message
from tenir.ledger import files
from tenir.web.desk import DeskRequest, page

SAFE_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Raster images can be shown inside the page; everything else (SVG too: it can hold scripts) is only handed out."""

LOCKED = "sandbox; default-src 'none'"


@page
def attachment(request: DeskRequest, attachment: int, name: str) -> FileResponse:
    """Hands a file out, never as a page; a raster image may be shown inside one (`?inline`)."""
    return send_file(attachment_for(request.user, attachment), inline="inline" in request.GET)


def send_file(found: Attachment, *, inline: bool = False) -> FileResponse:
    """The file as a download that a browser neither opens nor guesses at."""
    try:
        content = files.path_of(found.sha256).open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    shown = inline and found.content_type in SAFE_IMAGES
    response = FileResponse(content, content_type=found.content_type if shown else "application/octet-stream")
    way = "inline" if shown else "attachment"
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(found.name, safe='')}"
    response["Content-Security-Policy"] = LOCKED
    response["X-Content-Type-Options"] = "nosniff"
    return response


_signer = TimestampSigner(salt="tenir inline image")
SHOWN_FOR = timedelta(hours=12)


def inline_image(request: HttpRequest, token: str) -> FileResponse:
    """A raster image inside a stranger's letter. Its frame has no origin, so no cookie comes with the request: the
    address itself, signed and short-lived, says that somebody who may see it asked."""
    try:
        pk = _signer.unsign_object(token, max_age=SHOWN_FOR)
    except BadSignature as unknown:
        raise Http404 from unknown
    found = Attachment.objects.filter(pk=pk, content_type__in=SAFE_IMAGES).first()
    if found is None:
        raise Http404
    response = send_file(found, inline=True)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@page
def raw(request: DeskRequest, message: int) -> FileResponse:
    """The mail as it came, to keep or to show a technician."""
    found = message_for(request.user, message)
    if not found.raw_sha256:
        raise Http404
    stand_in = Attachment(name=f"{found.case}-{found.pk}.eml", content_type="message/rfc822", sha256=found.raw_sha256)
    return send_file(stand_in)


@page
def html(request: DeskRequest, message: int) -> HttpResponse:
    """A mail's own formatting, for a sandboxed frame: no script, no form, no request to anywhere but its own images.

    Remote images load only when the person asked (`?images`), for this view alone.
    """
    found = message_for(request.user, message)
    remote = "images" in request.GET
    body = _with_images(found, remote=remote)
    language = found.language or get_language() or "fr"
    document = (
        f'<!doctype html><html lang="{markup.escape(language)}"><head><meta charset="utf-8"><base target="_blank">'
        f'<meta name="referrer" content="no-referrer"><link rel="stylesheet" href="{_style_url()}"></head>'
        f"<body>{body}</body></html>"
    )
    response = HttpResponse(document)
    own = f"{request.scheme}://{request.get_host()}"
    images = f"{own} data: https: http:" if remote else f"{own} data:"
    response["Content-Security-Policy"] = (
        f"sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src {images}; "
        f"style-src {own}/static/; frame-ancestors 'self'"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _style_url() -> str:
    from django.templatetags.static import static

    return static("tenir/mail.css")


def _with_images(message: Message, *, remote: bool) -> str:
    """The sanitised HTML with its inline images, and with the remote ones when they were asked for."""
    shown = message.html
    for content_id, address in _inline_images(message):
        shown = shown.replace(f'data-cid="{markup.escape(content_id)}"', f'src="{address}"')
    return shown.replace("data-remote-src=", "src=") if remote else shown


def _inline_images(message: Message) -> Iterator[tuple[str, str]]:
    for file in message.attachments.exclude(content_id=""):
        if file.content_type in SAFE_IMAGES:
            yield file.content_id, reverse("inline-image", args=[_signer.sign_object(file.pk)])
