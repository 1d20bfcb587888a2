"""A small HTTP/1.1 client for one origin: keep-alive connections, one call at a time on each,
parsed by httptools (the parser of Node, and of uvicorn). General clients cost more CPU a call than
all the rest of Waymark's work. It decides only whether a failed call may have left this machine.
"""

import asyncio
import contextlib
import socket
import ssl
from collections import deque
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast
from urllib.parse import urlsplit

import httptools

from .transport import BIGGEST_ANSWER, CONNECT_WITHIN, JSON, AnswerLost, NotSent, Transport

IDLE_SECONDS = 25.0
"""A connection unused for longer is not trusted: the other side may be closing it this moment."""

MOST_HEADS = 256


Answer = tuple[int, bytes]
"""Status and payload."""


class Connection(asyncio.Protocol):
    """One connection. ``ask`` may be called again only after its last answer was complete."""

    def __init__(self) -> None:
        self.idle_since = 0.0
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._parts: list[bytes] = []
        self._size = 0

    @property
    def usable(self) -> bool:
        """Whether another call can be written."""
        transport = self._transport
        return transport is not None and self._answer is None and not transport.is_closing()

    def ask(self, request: bytes, loop: asyncio.AbstractEventLoop) -> asyncio.Future[Answer]:
        """Write one request; the future gets status and payload, or AnswerLost."""
        assert self._transport is not None  # noqa: S101 - the pool hands out usable ones only
        self._answer = answer = loop.create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._parts.clear()
        self._size = 0
        self._transport.write(request)
        return answer

    def close(self) -> None:
        """Drop the connection at once, with whatever was under way on it."""
        if self._transport is not None:
            self._transport.abort()

    def _fail(self, sentence: str) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(AnswerLost(sentence))
        self.close()

    # -- what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected, TLS included."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not a subclass

    def data_received(self, data: bytes) -> None:
        """Bytes of an answer. Bytes that nobody asked for end the connection."""
        if self._parser is None or self._answer is None:
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail("The Bot API's answer is not HTTP.")
        except httptools.HttpParserUpgrade:
            self._fail("The Bot API's answer changes the protocol.")

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """The other side, or the network, has ended it."""
        self._transport = None
        self._fail("The connection to the Bot API ended before its answer was complete.")

    # -- what httptools calls

    def on_body(self, part: bytes) -> None:
        """A part of the payload."""
        self._size += len(part)
        if self._size > BIGGEST_ANSWER:
            self._fail("The Bot API's answer is larger than any it should give.")
        else:
            self._parts.append(part)

    def on_message_complete(self) -> None:
        """The whole answer is here."""
        parser, answer = self._parser, self._answer
        if parser is None or answer is None:
            return
        status = parser.get_status_code()
        if status < HTTPStatus.OK:
            return  # informational: the answer itself follows
        self._answer = None
        if not parser.should_keep_alive():
            self.close()
        if not answer.done():
            answer.set_result((status, b"".join(self._parts)))
        self._parts.clear()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where to connect to. ``secure`` None means plain HTTP (a sandbox on this machine)."""

    host: str
    port: int
    secure: ssl.SSLContext | None

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.secure else 80
        return host if self.port == usual else f"{host}:{self.port}"


def origin_of(url: str) -> Origin:
    """The origin of an http or https URL; certificates are always checked."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return Origin(parts.hostname or "", parts.port or 443, ssl.create_default_context())
    return Origin(parts.hostname or "", parts.port or 80, None)


class LeanTransport(Transport):
    """Keep-alive pool to one origin, at most ``connections`` at a time.

    Calls beyond that wait for a free connection; after ``CONNECT_WITHIN`` seconds they are NotSent.
    """

    def __init__(self, api_url: str, *, connections: int = 256) -> None:
        self._origin = origin_of(api_url)
        self._idle: deque[Connection] = deque()
        self._busy: set[Connection] = set()
        self._free = asyncio.Semaphore(connections)
        self._heads: dict[str, bytes] = {}
        self._closed = False

    async def initialize(self) -> None:
        """Connections are made when they are needed."""
        self._closed = False

    async def shutdown(self) -> None:
        """Close every connection; calls under way end as AnswerLost, later ones as NotSent."""
        self._closed = True
        for connection in (*self._idle, *self._busy):
            connection.close()
        self._idle.clear()

    async def exchange(
        self, url: str, body: bytes, within: float, kind: str = JSON
    ) -> tuple[int, bytes]:
        """As in :class:`Transport`."""
        if self._closed:
            msg = "The connections to the Bot API are closed."
            raise NotSent(msg)
        loop = asyncio.get_running_loop()
        if self._free.locked():
            await self._wait_for_a_place()
        else:
            await self._free.acquire()
        connection: Connection | None = None
        timer: asyncio.TimerHandle | None = None
        try:
            connection = self._reuse(loop.time()) or await self._connect(loop)
            self._busy.add(connection)
            answer = connection.ask(self._head(url, kind, len(body)) + body, loop)
            timer = loop.call_later(within, _too_late, answer)
            return await answer
        finally:
            if timer is not None:
                timer.cancel()
            if connection is not None:
                self._put_back(connection, loop.time())
            self._free.release()

    async def _wait_for_a_place(self) -> None:
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                await self._free.acquire()
        except TimeoutError:
            msg = "All connections to the Bot API are in use."
            raise NotSent(msg) from None

    def _reuse(self, now: float) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.usable and now - connection.idle_since < IDLE_SECONDS:
                return connection
            connection.close()
        return None

    def _put_back(self, connection: Connection, now: float) -> None:
        self._busy.discard(connection)
        if connection.usable:
            connection.idle_since = now
            self._idle.append(connection)
        else:
            connection.close()

    async def _connect(self, loop: asyncio.AbstractEventLoop) -> Connection:
        """A new connection; every address of the name gets a share of the time.

        So one address family that leads nowhere does not stand for the whole service.
        """
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                found = await loop.getaddrinfo(
                    self._origin.host, self._origin.port, type=socket.SOCK_STREAM
                )
                addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
                for place, address in enumerate(addresses):
                    share = CONNECT_WITHIN / (len(addresses) - place + 1)
                    with contextlib.suppress(OSError, TimeoutError):
                        async with asyncio.timeout(share):
                            return await self._connect_to(loop, address)
        except (OSError, TimeoutError):
            pass
        msg = "No connection to the Bot API could be made."
        raise NotSent(msg)

    async def _connect_to(self, loop: asyncio.AbstractEventLoop, address: str) -> Connection:
        secure = self._origin.secure
        _, connection = await loop.create_connection(
            Connection,
            address,
            self._origin.port,
            ssl=secure,
            server_hostname=self._origin.host if secure else None,
        )
        return connection

    def _head(self, url: str, kind: str, length: int) -> bytes:
        head = self._heads.get(url) if kind == JSON else None
        if head is None:
            target = urlsplit(url).path
            if not target.isascii() or not target.isprintable() or " " in target:
                msg = "The Bot API's address or the token holds characters no URL may hold."
                raise NotSent(msg)
            if len(self._heads) >= MOST_HEADS:
                self._heads.clear()
            head = (
                f"POST {target} HTTP/1.1\r\nHost: {self._origin.authority}\r\n"
                f"Accept: {JSON}\r\nContent-Type: {kind}\r\nContent-Length: "
            ).encode()
            if kind == JSON:
                self._heads[url] = head
        return b"%b%d\r\n\r\n" % (head, length)


def _too_late(answer: asyncio.Future[Answer]) -> None:
    if not answer.done():
        answer.set_exception(AnswerLost("The Bot API did not answer in time."))
