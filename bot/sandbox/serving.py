"""Runs a world on a loopback port with uvicorn: for the sandbox's own process, for `demo`, and for
tests. The one module here that knows uvicorn.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .frontdoor import FrontDoor
from .server import SandboxApp, create_app
from .world import World


class NotLoopback(ValueError):
    """The sandbox listens on loopback only, because everybody's words in it are readable."""


class _Server(uvicorn.Server):
    """Leaves signals to whoever owns the event loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on loopback (port 0: any free one). Raises NotLoopback, OSError."""
    try:
        is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        msg = f"The sandbox listens on loopback only, not on {host}: use 127.0.0.1."
        raise NotLoopback(msg)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


def _server(app: SandboxApp, bots: set[asyncio.Transport]) -> _Server:
    def front_door(**given: Any) -> FrontDoor:  # noqa: ANN401 - uvicorn's own arguments
        return FrontDoor(app.api, functools.partial(HttpToolsProtocol, **given), bots)

    return _Server(
        uvicorn.Config(
            app,
            http=cast("type[asyncio.Protocol]", front_door),
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=75,
            backlog=1024,
        )
    )


async def serve(
    world: World,
    port: int,
    *,
    host: str = "127.0.0.1",
    ready: Callable[[str], None] = print,
) -> None:
    """Serve until cancelled; `ready` is told the address. Raises NotLoopback, OSError."""
    async with listening(world, port, host=host) as url:
        ready(url)
        await asyncio.Event().wait()


@contextlib.asynccontextmanager
async def listening(world: World, port: int = 0, *, host: str = "127.0.0.1") -> AsyncIterator[str]:
    """Serve a world inside this event loop and yield its address, `http://127.0.0.1:PORT`."""
    listener = listen(host, port)
    world.set_served(served=True)
    app = create_app(world)
    bots: set[asyncio.Transport] = set()
    server = _server(app, bots)
    task = asyncio.get_running_loop().create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            if task.done():
                task.result()
                msg = "The sandbox's server ended before it had started."
                raise RuntimeError(msg)
            await asyncio.sleep(0.005)
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{listener.getsockname()[1]}"
    finally:
        world.set_served(served=False)
        server.should_exit = True
        for transport in tuple(bots):
            transport.abort()
        await asyncio.gather(task, return_exceptions=True)
        listener.close()
