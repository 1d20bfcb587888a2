"""Parameters of one call as Telegram takes them: JSON, form fields or a query string, in which
numbers, flags and structures may all be text.
"""

from __future__ import annotations

import json
import re
from typing import Any, Self
from urllib.parse import parse_qsl

from .errors import bad_request
from .model import JsonObject

_DISPOSITION = re.compile(r'; (name|filename)="([^"]*)"')


def parsed(body: bytes, content_type: str, query: bytes) -> JsonObject:
    """The parameters of a request. Raises ApiError 400 when the body cannot be read."""
    values: JsonObject = dict(parse_qsl(query.decode("utf-8", "replace"))) if query else {}
    if not body:
        return values
    if content_type.startswith("application/json"):
        try:
            given = json.loads(body)
        except (ValueError, RecursionError):
            msg = "can't parse JSON object"
            raise bad_request(msg) from None
        if not isinstance(given, dict):
            msg = "can't parse JSON object"
            raise bad_request(msg)
        return {**values, **given} if values else given
    if content_type.startswith("application/x-www-form-urlencoded"):
        values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        return values
    if content_type.startswith("multipart/form-data"):
        values.update(_parts(body, content_type))
        return values
    msg = "the sandbox takes JSON, form fields and uploads"
    raise bad_request(msg)


class Upload(str):
    """An uploaded file: to a reader of the journal its name and size, beside that its bytes."""

    __slots__ = ("data",)
    data: bytes

    def __new__(cls, name: str, data: bytes) -> Self:
        """``name`` as the bot gave it."""
        made = super().__new__(cls, f"{name}, {len(data)} bytes")
        made.data = data
        return made


def _parts(body: bytes, content_type: str) -> JsonObject:
    boundary = content_type.partition("boundary=")[2].strip('" ')
    if not boundary:
        msg = "can't parse multipart form data"
        raise bad_request(msg)
    found: JsonObject = {}
    for part in body.split(b"--" + boundary.encode("latin-1"))[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        data = data.removesuffix(b"\r\n")
        said = dict(_DISPOSITION.findall(head.decode("utf-8", "replace")))
        name = said.get("name", "")
        found[name] = (
            Upload(said["filename"], data)
            if "filename" in said
            else data.decode("utf-8", "replace")
        )
    return found


class Parameters:
    """Typed reading of one call's parameters; every reader raises ApiError 400."""

    __slots__ = ("values",)

    def __init__(self, values: JsonObject) -> None:
        self.values = values

    def text(self, name: str) -> str:
        """A string, '' if absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def upload(self, name: str) -> bytes | None:
        """The bytes of an uploaded file; None if absent."""
        value = self.values.get(name)
        return value.data if isinstance(value, Upload) else None

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number, brought into its bounds as Telegram does."""
        try:
            value = int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default
        return min(high, max(low, value))

    def flag(self, name: str) -> bool:
        """A truth value: true, 1 and yes are true."""
        value = self.values.get(name)
        if isinstance(value, str):
            return value.strip().lower() in {"true", "1", "yes"}
        return bool(value)

    def structure(self, name: str, words: str) -> Any:  # noqa: ANN401 - JSON has no narrower type
        """A list or object, given as such or as JSON text; None if absent."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            msg = f"can't parse {words} JSON object"
            raise bad_request(msg) from None

    def chat_id(self) -> int:
        """The chat; user names of public chats are unknown to the sandbox."""
        value = self.values.get("chat_id")
        if value is None or value == "":
            msg = "chat_id is empty"
            raise bad_request(msg)
        try:
            return int(value)
        except (TypeError, ValueError):
            msg = "chat not found"
            raise bad_request(msg) from None

    def message_id(self) -> int:
        """The message."""
        value = self.values.get("message_id")
        if value is None or value == "":
            msg = "message identifier is not specified"
            raise bad_request(msg)
        try:
            number = int(value)
        except (TypeError, ValueError):
            number = 0
        if number <= 0:
            msg = "message identifier is not specified"
            raise bad_request(msg)
        return number

    def message_ids(self, most: int) -> list[int]:
        """1 to `most` message ids."""
        given = self.structure("message_ids", "message_ids")
        if not given:
            msg = "message identifiers are not specified"
            raise bad_request(msg)
        if not isinstance(given, list):
            msg = "expected an Array of message identifiers"
            raise bad_request(msg)
        if len(given) > most:
            msg = "too many message identifiers specified"
            raise bad_request(msg)
        try:
            ids = [int(value) for value in given]
        except (TypeError, ValueError):
            msg = "message identifier must be a Number"
            raise bad_request(msg) from None
        if any(value <= 0 for value in ids):
            msg = "invalid message identifier specified"
            raise bad_request(msg)
        return ids
