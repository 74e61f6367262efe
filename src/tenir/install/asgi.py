"""The desk as an ASGI application: `/live` goes to the plain route that tails the ledger, all the rest to Django.

Django runs as WSGI in a pool of threads, because it is two to ten times cheaper than Django as ASGI. `Gate`, in front
of both, reads whole bodies before a thread is taken, so that slow or huge senders never hold one.
"""

import asyncio
import importlib.util
import logging
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import IO, Any

import structlog
from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from tenir.install.settings import Settings, current

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MEBIBYTE = 1024 * 1024
CHUNK = 64 * 1024
#: Chunks of a page that wait for a slow reader before its thread waits too; pages are far smaller.
SEND_QUEUE = 256
#: A reader that takes nothing for so long is gone.
SLOW_READER_SECONDS = 60
#: After its first silence is forgiven, a sender must be at least this fast, in bytes a second.
SLOWEST = 1024

access = logging.getLogger("tenir.access")

django = get_wsgi_application()


class TooLarge(Exception):
    """The body is larger than the desk accepts."""


class TooSlow(Exception):
    """The body does not come."""


class Gone(Exception):
    """The sender left before the end of the body: what came must not be taken for the whole."""


REFUSALS = {
    TooLarge: (413, "This is too large to be sent at once: at most {most} MB.",
               "C'est trop gros pour être envoyé d'un coup : {most} Mo au plus."),
    TooSlow: (408, "What you sent did not arrive in time. Please try again.",
              "Votre envoi n'est pas arrivé à temps. Réessayez, s'il vous plaît."),
    OSError: (507, "The desk has no room left to receive this. Please try again later.",
              "Le service n'a plus de place pour recevoir ceci. Réessayez plus tard, s'il vous plaît."),
}  # fmt: skip


class Gate:
    """Counts, names and bounds each request, then lets it through to the application behind."""

    def __init__(self, app: App, live: App | None, settings: Settings) -> None:
        self._app = app
        self.live = live
        self._most = settings.max_request_mb * MEBIBYTE
        self._silence = settings.slow_body_seconds
        self._streams: set[asyncio.Task[Any] | None] = set()
        self._ending = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan" and self.live is not None:
            await self.live(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})

    def end_streams(self) -> None:
        """Ends the streams of `/live`, which never end by themselves, so that the process can stop at once."""
        self._ending = True
        for task in self._streams:
            if task is not None:
                task.cancel()

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = secrets.token_hex(6)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        answer = _Answer(send, request_id)
        # `X_Forwarded_For` and `X-Forwarded-For` become one name in WSGI: only the second is a real header.
        scope["headers"] = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        began = time.monotonic()
        try:
            if self.live is not None and (scope["path"] == "/live" or scope["path"].startswith("/live/")):
                await self._stream(self.live, scope, receive, answer)
            else:
                await self._page(scope, receive, answer)
        finally:
            _write_access(scope, answer, time.monotonic() - began)

    async def _stream(self, live: App, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        task = asyncio.current_task()
        self._streams.add(task)
        try:
            await live(scope, receive, answer)
        except asyncio.CancelledError:
            if not self._ending:
                raise
            await answer.finish()
        finally:
            self._streams.discard(task)

    async def _page(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            body = await self._whole_body(scope, receive)
        except Gone:
            return
        except (TooLarge, TooSlow, OSError) as refused:
            await self._refuse(refused, scope, answer)
            return
        with body:
            await self._app(scope, _replay(body, receive), answer)

    async def _whole_body(self, scope: Scope, receive: Receive) -> IO[bytes]:
        announced = _content_length(scope)
        if announced > self._most:
            raise TooLarge
        body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=MEBIBYTE)  # noqa: SIM115 (closed by the caller)
        began, size, more = time.monotonic(), 0, True
        try:
            while more:
                patience = min(self._silence, began + self._silence + size / SLOWEST - time.monotonic())
                async with asyncio.timeout(max(patience, 0)):
                    message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                size += len(message.get("body", b""))
                if size > self._most:
                    raise TooLarge
                body.write(message.get("body", b""))
                more = message.get("more_body", False)
            body.seek(0)
        except TimeoutError:
            body.close()
            raise TooSlow from None
        except BaseException:
            body.close()
            raise
        return body

    async def _refuse(self, refused: Exception, scope: Scope, answer: "_Answer") -> None:
        status, english, french = next(words for kind, words in REFUSALS.items() if isinstance(refused, kind))
        sentence = french if _reads_french(scope) else english
        page = sentence.format(most=self._most // MEBIBYTE).encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        await answer({"type": "http.response.start", "status": status, "headers": headers})
        await answer({"type": "http.response.body", "body": page})


class _Answer:
    """The way back: adds the request's name, remembers what the access log tells, cuts a reader that is gone."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status: int | None = None
        self.size = 0
        self.ended = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message.get("headers", []), (b"x-request-id", self._request_id.encode())]
        else:
            self.size += len(message.get("body", b""))
            self.ended = not message.get("more_body", False)
        async with asyncio.timeout(SLOW_READER_SECONDS):
            await self._send(message)

    async def finish(self) -> None:
        """The end of a stream that was stopped from our side."""
        if self.status is None:
            await self({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"1")]})
        if not self.ended:
            await self({"type": "http.response.body", "body": b""})


def _replay(body: IO[bytes], receive: Receive) -> Receive:
    """What the application behind receives: the body that has already come, then whatever comes after it."""
    ended = False

    async def again() -> Message:
        nonlocal ended
        if ended:
            return await receive()
        chunk = body.read(CHUNK)
        ended = len(chunk) < CHUNK
        return {"type": "http.request", "body": chunk, "more_body": not ended}

    return again


def _content_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _reads_french(scope: Scope) -> bool:
    asked: bytes = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    return asked.strip().lower().startswith(b"fr") or (not asked and current().default_language == "fr")


def _write_access(scope: Scope, answer: _Answer, seconds: float) -> None:
    client = scope.get("client")
    access.info(
        "page",
        extra={
            "method": scope["method"],
            "path": scope["path"],
            "status": answer.status,
            "ms": round(seconds * 1000),
            "bytes": answer.size,
            "client": client[0] if client else None,
        },
    )


def _live_route() -> App | None:
    if importlib.util.find_spec("tenir.live") is None or importlib.util.find_spec("tenir.live.asgi") is None:
        return None
    from tenir.live import asgi

    live: App = asgi.app
    return live


def build(settings: Settings) -> Gate:
    """The whole application, for this process's settings."""
    wsgi: Any = django
    pool: Any = WSGIMiddleware(wsgi, workers=settings.web_threads, send_queue_size=SEND_QUEUE)
    return Gate(pool, _live_route(), settings)
