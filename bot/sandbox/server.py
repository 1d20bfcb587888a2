"""The world as a bare ASGI application: `/bot…` goes by the shortest way to the API, everything
else is Starlette's. Served over HTTP, bots meet `frontdoor` instead, which is faster and can cut
connections; in-process clients meet a cut as the exception itself.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from .api import Answer, Api
from .control import control_app
from .crowd import Crowd
from .webhook import Webhooks
from .world import World

MAX_BODY = 1 << 20


class SandboxApp:
    """ASGI application for one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.webhooks = Webhooks(world)
        self.crowd = Crowd(world)
        self.api = Api(world)
        self._rest: ASGIApp = control_app(world, self.crowd)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http" and scope["path"].startswith("/bot"):
            await self._bot_api(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._rest(scope, receive, send)

    async def _bot_api(self, scope: Scope, receive: Receive, send: Send) -> None:
        content_type = ""
        for name, value in scope["headers"]:
            if name == b"content-type":
                content_type = value.decode("latin-1")
                break
        message = await receive()
        body = message.get("body", b"")
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
            if len(body) > MAX_BODY:
                await _send(send, Answer(413, b'{"ok":false,"error_code":413}'))
                return
        answer = await self.api.answer(scope["path"], body, content_type, scope["query_string"])
        await _send(send, answer)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.crowd.stop()
                await self.webhooks.stop()
                self.world.journal.flush()
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _send(send: Send, answer: Answer) -> None:
    headers = [
        (b"content-type", answer.content_type),
        (b"content-length", b"%d" % len(answer.body)),
    ]
    if answer.retry_after is not None:
        headers.append((b"retry-after", b"%d" % answer.retry_after))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def create_app(world: World) -> SandboxApp:
    """The ASGI application that serves this world: Bot API, control API and page."""
    return SandboxApp(world)
