"""One bot's Bot API as plain values: post a method, get what was accepted or why it was declined.
The hot path uses this instead of python-telegram-bot's objects, which cost more than the work
itself. It decides nothing about what to do next.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from .transport import ANSWER_WITHIN, Transport, lost

_spell = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Accepted:
    """Telegram did it. ``result`` is its JSON, untrusted in shape."""

    result: object = field(repr=False)


@dataclass(frozen=True, slots=True)
class Declined:
    """Telegram did not do it. ``words`` is its description, for matching only."""

    code: int
    words: str = field(default="", repr=False)
    retry_after: float = 0.0
    migrate_to: int | None = field(default=None, repr=False)


class Api:
    """Calls of one bot. ``base`` is the URL with the token, so an Api has no telling repr."""

    __slots__ = ("_base", "_transport")

    def __init__(self, base: str, transport: Transport) -> None:
        self._base = base + "/"
        self._transport = transport

    async def post(
        self, method: str, parameters: Mapping[str, object], within: float = ANSWER_WITHIN
    ) -> tuple[int, bytes]:
        """The bare status and payload. Raises NotSent or AnswerLost."""
        body = _spell(parameters).encode()
        return await self._transport.exchange(self._base + method, body, within)

    async def upload(
        self, method: str, parameters: Mapping[str, object], field_name: str, png: bytes
    ) -> Accepted | Declined:
        """Post with one picture beside the parameters. Raises NotSent or AnswerLost."""
        body, kind = spell_upload(parameters, field_name, png)
        status, payload = await self._transport.exchange(
            self._base + method, body, ANSWER_WITHIN, kind
        )
        return read_answer(status, payload)

    async def call(
        self, method: str, parameters: Mapping[str, object], within: float = ANSWER_WITHIN
    ) -> Accepted | Declined:
        """Post and read the answer. Raises NotSent or AnswerLost."""
        status, payload = await self.post(method, parameters, within)
        return read_answer(status, payload)


def spell_upload(
    parameters: Mapping[str, object], field_name: str, png: bytes
) -> tuple[bytes, str]:
    """A multipart body and its content type. The file is called ``page.png``, whatever it shows."""
    boundary = "page" + hashlib.sha256(png).hexdigest()[:32]
    parts = [
        b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
        % (
            boundary.encode(),
            name.encode(),
            (value if isinstance(value, str) else _spell(value)).encode("utf-8", "replace"),
        )
        for name, value in parameters.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field_name}"; '
        'filename="page.png"\r\nContent-Type: image/png\r\n\r\n'
    )
    tail = f"\r\n--{boundary}--\r\n"
    body = b"".join((*parts, head.encode(), png, tail.encode()))
    return body, f"multipart/form-data; boundary={boundary}"


def read_answer(status: int, payload: bytes) -> Accepted | Declined:
    """What an answer says. Raises AnswerLost when it is not the Bot API that speaks.

    A proxy's HTML page with status 403 must not be taken for a person who has blocked us.
    """
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise lost(status)
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        raise lost(status) from None
    match answer:
        case {"ok": True, "result": result}:
            return Accepted(result)
        case {"ok": False, "error_code": int(code)}:
            if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise lost(code)
            return _declined(code, answer)
        case _:
            raise lost(status)


def _declined(code: int, answer: Mapping[str, object]) -> Declined:
    words = answer.get("description")
    parameters = answer.get("parameters")
    if not isinstance(parameters, dict):
        parameters = {}
    retry_after = parameters.get("retry_after")
    migrate_to = parameters.get("migrate_to_chat_id")
    return Declined(
        code,
        words if isinstance(words, str) else "",
        float(retry_after) if isinstance(retry_after, int | float) else 0.0,
        migrate_to if isinstance(migrate_to, int) else None,
    )
