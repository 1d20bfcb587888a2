"""Cutting what Telegram sent into updates, so that one that cannot be read does not take its
neighbours with it. It looks at JSON's outer shape only and knows no field but ``update_id``.
"""

import json
import re
from dataclasses import dataclass, field

LARGEST_ID = 2**52
"""Ids of users and chats need up to 52 bits."""


class BrokenAnswer(Exception):
    """The batch as a whole cannot be cut into updates: it is cut short, or not a batch."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One update. ``body`` is its JSON, or None when it cannot be read.

    ``id`` is None when there is no usable update_id. ``raw`` holds the bytes of an unreadable one.
    """

    id: int | None
    body: object = field(repr=False)
    raw: bytes = field(default=b"", repr=False)

    @property
    def key(self) -> int | bytes:
        """What tells this piece from others while it is under way."""
        return self.raw if self.id is None else self.id

    def as_bytes(self) -> bytes:
        """The update as JSON bytes, for a dead letter."""
        return self.raw or _spelled(self.body)


def read_batch(payload: bytes) -> tuple[Piece, ...]:
    """The updates of a getUpdates answer, in Telegram's order. Raises BrokenAnswer."""
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        return tuple(read_update(part) for part in _cut(payload))
    match answer:
        case {"ok": True, "result": [*updates]}:
            return tuple(_piece(update) for update in updates)
        case _:
            msg = "The answer is not a batch of updates."
            raise BrokenAnswer(msg)


def read_update(payload: bytes) -> Piece:
    """One update as it came, for example to the webhook. Never raises."""
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        found = _UPDATE_ID.search(payload)
        return Piece(int(found[1]) if found else None, None, payload)
    return _piece(body)


def _piece(body: object) -> Piece:
    update_id = body.get("update_id") if isinstance(body, dict) else None
    if type(update_id) is int and 0 <= update_id <= LARGEST_ID:
        return Piece(update_id, body)
    return Piece(None, None, _spelled(body))


def _spelled(body: object) -> bytes:
    try:
        return json.dumps(body).encode()
    except (ValueError, RecursionError):
        return b""  # it could just be read, but is too deep to be written


# A quote inside a string is escaped, so this finds a real key; Telegram writes it first.
_UPDATE_ID = re.compile(rb'(?<!\\)"update_id"\s*:\s*(\d{1,15})(?=\s*[,}])')
_RESULT = re.compile(rb'(?<!\\)"result"\s*:\s*\[')
_MARK = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\Z)|[\[\]{}]', re.DOTALL)


def _cut(payload: bytes) -> list[bytes]:
    """The elements of the ``result`` list, without recursion and without reading them."""
    opening = _RESULT.search(payload)
    if opening is None:
        msg = "The answer holds no list of updates."
        raise BrokenAnswer(msg)
    parts: list[bytes] = []
    depth = start = 0
    for mark in _MARK.finditer(payload, opening.end()):
        match mark[0]:
            case b"{" | b"[":
                if depth == 0:
                    start = mark.start()
                depth += 1
            case b"}" | b"]":
                depth -= 1
                if depth < 0:
                    return parts
                if depth == 0:
                    parts.append(payload[start : mark.end()])
            case _:
                pass  # a string, whatever brackets it holds
    msg = "The answer ends in the middle of an update."
    raise BrokenAnswer(msg)


def unreadable(payload: bytes) -> Piece | None:
    """A broken answer as one update, if it says at least which update it holds."""
    found = _UPDATE_ID.search(payload)
    return Piece(int(found[1]), None, payload) if found else None
