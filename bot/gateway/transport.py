"""How Waymark speaks HTTP to the Bot API: one body a call, and an honest answer to the one question
that matters after a failure, whether the call may have arrived. It knows nothing of methods, chats
or retries, and no URL, token or body ever gets into an exception or a log.
"""

import json
from abc import abstractmethod
from http import HTTPStatus
from typing import Any

from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

ANSWER_WITHIN = 20.0
"""Seconds an ordinary call may take, sending and answer together."""

CONNECT_WITHIN = 10.0
"""Seconds to get a connection: waiting for a free one, DNS, TCP and TLS."""

JSON = "application/json"

BIGGEST_ANSWER = 16 * 1024 * 1024
"""Bytes. A full batch of updates stays far below."""


class NotSent(NetworkError):
    """The call never left: no connection could be had. It may be repeated without any risk."""


class AnswerLost(NetworkError):
    """The call left, but no answer came that says what became of it."""


class Transport(BaseRequest):
    """What python-telegram-bot's ``Bot`` and our own calls share. Subclasses do the HTTP."""

    @property
    def read_timeout(self) -> float:
        """Seconds an ordinary call may take."""
        return ANSWER_WITHIN

    @abstractmethod
    async def exchange(
        self, url: str, body: bytes, within: float, kind: str = JSON
    ) -> tuple[int, bytes]:
        """POST ``body`` of that content type; return status and payload, whatever the status is.

        ``within`` is seconds for the whole exchange once there is a connection. Raises NotSent or
        AnswerLost. Redirects are not followed.
        """

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - ours decides
        connect_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - ours decides
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - ours decides
    ) -> tuple[int, bytes]:
        """One call for python-telegram-bot, whose wrapper turns statuses below 500 into errors."""
        if method != "POST" or (request_data is not None and request_data.contains_files):
            msg = "Through the library's objects only JSON is posted: no downloads, no uploads."
            raise NotSent(msg)
        parameters = request_data.parameters if request_data is not None else {}
        within = read_timeout if isinstance(read_timeout, int | float) else ANSWER_WITHIN
        status, payload = await self.exchange(url, json.dumps(parameters).encode(), float(within))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or not payload.startswith(b"{"):
            raise lost(status)
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As python-telegram-bot's own, but a broken payload is neither logged nor quoted."""
        try:
            parsed = json.loads(payload)
        except (ValueError, RecursionError):
            parsed = None
        if not isinstance(parsed, dict):
            raise lost(HTTPStatus.OK)
        return parsed


def lost(status: int) -> AnswerLost:
    """The error for an answer that does not say what became of the call."""
    return AnswerLost(f"The Bot API answered {status} without an answer that can be read.")
