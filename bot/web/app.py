"""The bot's web server: webhook and health. It renders no page, sets no cookie, and knows nothing
but what it is given.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .webhook import LARGEST_BODY, Webhook

SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, slots=True)
class Readiness:
    """What ``/health/ready`` says. ``figures`` is JSON without any text or id of a person."""

    ready: bool
    figures: Mapping[str, object]


def create_app(
    ready: Callable[[], Awaitable[Readiness]], webhook: Webhook | None = None
) -> Starlette:
    """The ASGI application. Without ``webhook`` there is no ``/telegram`` at all."""

    async def live(_request: Request) -> Response:
        return JSONResponse({"live": True})

    async def readiness(_request: Request) -> Response:
        found = await ready()
        status = HTTPStatus.OK if found.ready else HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse({"ready": found.ready, **found.figures}, status)

    routes = [Route("/health/live", live), Route("/health/ready", readiness)]
    if webhook is not None:
        routes.append(
            Route("/telegram/{door}", webhook.take, methods=["POST"], max_body_size=LARGEST_BODY)
        )
    return Starlette(routes=routes, middleware=[Middleware(_SecurityHeaders)])


class _SecurityHeaders:
    """Adds the same headers to every answer, errors too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
