"""HTTP/1.1 for the Bot API, without ASGI in between: the first request of a connection decides
whether it stays here (`/bot…`) or goes to the web server's own protocol. Most calls are answered
before the reading callback returns, which makes the emulator about three times as fast; benchmarks
of bots need that. It also holds the knife for connections that are to be cut.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import cast
from urllib.parse import unquote

import httptools

from .api import Answer, Api
from .errors import ConnectionCut

MAX_BODY = 1 << 20
_PHRASES = {
    200: b"OK",
    400: b"Bad Request",
    401: b"Unauthorized",
    403: b"Forbidden",
    404: b"Not Found",
    409: b"Conflict",
    413: b"Payload Too Large",
    429: b"Too Many Requests",
    502: b"Bad Gateway",
}


class FrontDoor(asyncio.Protocol):
    """Looks at the first bytes of a connection and hands it to whom it belongs; `bots` is the set
    of the connections that stay here, so that whoever stops the server can end them.
    """

    def __init__(
        self,
        api: Api,
        web: Callable[[], asyncio.Protocol],
        bots: set[asyncio.Transport],
    ) -> None:
        self._api = api
        self._web = web
        self._bots = bots
        self._transport: asyncio.Transport | None = None
        self._first = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Decide as soon as the path has begun."""
        transport = self._transport
        if transport is None:
            return
        self._first += data
        _, blank, path = self._first.partition(b" ")
        if not blank or len(path) < 4:
            if len(self._first) > 64:
                transport.abort()
            return
        if path.startswith(b"/bot"):
            keeper: asyncio.Protocol = _BotApiConnection(self._api, self._bots)
        else:
            keeper = self._web()
        transport.set_protocol(keeper)
        keeper.connection_made(transport)
        keeper.data_received(self._first)


class _BotApiConnection(asyncio.Protocol):
    """One keep-alive connection of a bot; requests that arrive early wait their turn."""

    def __init__(self, api: Api, bots: set[asyncio.Transport]) -> None:
        self._api = api
        self._bots = bots
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[tuple[bytes, bytes, str, bool]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()

    # ------------------------------------------------------------------ asyncio's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._bots.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._transport is not None:
            self._bots.discard(self._transport)
        self._transport = None
        if self._task is not None:
            self._task.cancel()  # nobody listens any more: a long poll ends with its client

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            if self._transport is not None:
                self._transport.abort()
            return
        if self._task is None:
            self._next()

    # ------------------------------------------------------------------ httptools' callbacks

    def on_message_begin(self) -> None:
        self._url = b""
        self._body = b""
        self._content_type = ""

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        lower = name.lower()
        if lower == b"content-type":
            self._content_type = value.decode("latin-1")
        elif lower == b"expect" and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        if len(self._body) + len(body) <= MAX_BODY:
            self._body += body
        elif self._transport is not None:
            self._write(Answer(413, b'{"ok":false,"error_code":413}'), keep=False)

    def on_message_complete(self) -> None:
        keep = self._parser.should_keep_alive()
        self._waiting.append((self._url, self._body, self._content_type, keep))

    # ------------------------------------------------------------------ answering

    def _next(self) -> None:
        while self._waiting and self._transport is not None:
            url, body, content_type, keep = self._waiting.popleft()
            parsed = httptools.parse_url(url)
            path = unquote(parsed.path.decode("latin-1"))
            try:
                answer = self._api.begin(path, body, content_type, parsed.query or b"")
            except ConnectionCut:
                self._transport.abort()
                return
            if isinstance(answer, Answer):
                self._write(answer, keep=keep)
            else:
                self._task = self._loop.create_task(self._finish(answer, keep=keep))
                return

    async def _finish(self, coming: Awaitable[Answer], *, keep: bool) -> None:
        try:
            answer = await coming
        except ConnectionCut:
            if self._transport is not None:
                self._transport.abort()
            return
        finally:
            self._task = None
        self._write(answer, keep=keep)
        self._next()

    def _write(self, answer: Answer, *, keep: bool) -> None:
        if self._transport is None:
            return
        head = b"HTTP/1.1 %d %b\r\ncontent-type: %b\r\ncontent-length: %d\r\n" % (
            answer.status,
            _PHRASES.get(answer.status, b"Answer"),
            answer.content_type,
            len(answer.body),
        )
        if answer.retry_after is not None:
            head += b"retry-after: %d\r\n" % answer.retry_after
        head += b"\r\n" if keep else b"connection: close\r\n\r\n"
        self._transport.write(head + answer.body)
        if not keep:
            self._transport.close()
