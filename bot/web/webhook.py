"""Where Telegram delivers updates when there is a public address: checks the secret, takes the
bytes, and answers 200 only when the update is committed. It reads no update and logs no body.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

LARGEST_BODY = 1024 * 1024
"""Bytes; counted as they come, so a larger body is refused before it is here."""

BODY_WITHIN = 10.0
"""Seconds for the whole body to arrive."""

COMMIT_WITHIN = 25.0
"""Seconds to wait for the commit. Telegram waits 60; it brings the update again after a 503."""

RETRY_AFTER = "5"
"""Seconds that Telegram is asked to wait before it tries again; it honours this."""

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of the header

Receive = Callable[[bytes], Awaitable[None] | None]
"""Takes one update. What it returns is done when the update is committed; None: no room now."""


class Webhook:
    """The endpoint for all doors: ``POST /telegram/{door}``."""

    def __init__(self, doors: Mapping[str, Receive], secret: str) -> None:
        if not secret:
            msg = (
                "WAYMARK_WEBHOOK_SECRET is missing. Without it anybody could pretend to be "
                "Telegram. Set it to 32 or more random letters and digits."
            )
            raise ValueError(msg)
        self._doors = doors
        self._secret = secret.encode()

    async def take(self, request: Request) -> Response:
        """Take one update. The status says everything; there is never a body."""
        receive = self._doors.get(request.path_params["door"])
        if receive is None:
            return _status(HTTPStatus.NOT_FOUND)
        if (refusal := self._refusal(request)) is not None:
            return _status(refusal)
        try:
            async with asyncio.timeout(BODY_WITHIN):
                body = await request.body()
        except TimeoutError:
            return _status(HTTPStatus.REQUEST_TIMEOUT)
        except ClientDisconnect:
            return _status(HTTPStatus.BAD_REQUEST)
        return _status(await _committed(receive(body)))

    def _refusal(self, request: Request) -> HTTPStatus | None:
        given = request.headers.get(SECRET_HEADER)
        if given is None:
            return HTTPStatus.UNAUTHORIZED
        if not hmac.compare_digest(given.encode(), self._secret):
            return HTTPStatus.FORBIDDEN
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        return None


async def _committed(under_way: Awaitable[None] | None) -> HTTPStatus:
    if under_way is None:
        return HTTPStatus.SERVICE_UNAVAILABLE
    # When Telegram hangs up or time runs out, the update stays under way; it comes again and
    # meets its own commit.
    waiting = asyncio.ensure_future(under_way)
    done, _ = await asyncio.wait((waiting,), timeout=COMMIT_WITHIN)
    if not done or waiting.cancelled() or waiting.exception() is not None:
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.OK


def _status(status: HTTPStatus) -> Response:
    headers = {}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = RETRY_AFTER
    if status is HTTPStatus.REQUEST_TIMEOUT:
        headers["Connection"] = "close"
    return Response(status_code=status, headers=headers)
