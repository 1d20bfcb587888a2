"""How a message of ours is spelled for the Bot API, and the two calls on messages that exist: write
over one, and clear a chat. Text and entities only, link previews always off.
"""

import struct
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from zlib import compress, crc32

from bot.core.message import Content
from bot.store.protocol import Known, OutRow

from .api import Accepted, Api, Declined

DELETABLE = timedelta(hours=48)
"""Age from which Telegram refuses to delete; it refuses the whole call for one such message."""

BATCH = 100

Turn = Callable[[], Awaitable[None]]
"""Waits until another edit or delete may go out; see :class:`bot.gateway.pace.Pacer`."""

_NO_PREVIEW = {"is_disabled": True}

NO_TEXT = "no text in the message"
"""What Telegram answers when the text of a picture is to be edited."""


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))


def empty_png(side: int) -> bytes:
    """A square of one plain grey."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    lines = (b"\0" + b"\xdd" * side) * side
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", compress(lines)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


EMPTY = empty_png(160)
"""What is left of a picture that is too old to be deleted."""


async def at_once() -> None:
    """The turn of somebody who need not wait."""


def spell_message(chat_id: int, content: Content) -> dict[str, Any]:
    """What sendMessage and editMessageText have in common. Without rows the buttons go."""
    parameters: dict[str, Any] = {
        "chat_id": chat_id,
        "text": content.text,
        "link_preview_options": _NO_PREVIEW,
    }
    if content.entities:
        parameters["entities"] = [
            {"type": entity.kind, "offset": entity.offset, "length": entity.length}
            | ({"url": entity.url} if entity.kind == "text_link" else {})
            for entity in content.entities
        ]
    if content.rows:
        parameters["reply_markup"] = {
            "inline_keyboard": [
                [{"text": button.label, "callback_data": button.data} for button in row]
                for row in content.rows
            ]
        }
    return parameters


def spell_caption(chat_id: int, content: Content) -> dict[str, Any]:
    """As ``spell_message``, for the words under a picture."""
    parameters = spell_message(chat_id, content)
    del parameters["link_preview_options"]
    parameters["caption"] = parameters.pop("text")
    if "entities" in parameters:
        parameters["caption_entities"] = parameters.pop("entities")
    return parameters


async def overwrite(
    api: Api, chat_id: int, message_id: int, content: Content
) -> Accepted | Declined:
    """Edit one message of ours, whatever its age."""
    parameters = spell_message(chat_id, content)
    parameters["message_id"] = message_id
    return await api.call("editMessageText", parameters)


class _Halt(Exception):
    """An answer that ends the clearing for now; the row is repeated from its start."""

    def __init__(self, answer: Declined) -> None:
        super().__init__()
        self.answer = answer


async def tidy(api: Api, row: OutRow, dull: Content, now: datetime, turn: Turn) -> Declined | None:
    """Delete what can be deleted, write ``dull`` over what is ours and too old for that.

    What is already gone counts as done. Returns None, or the first answer that is not about a
    single message (too many requests, blocked). Repeating is harmless.
    """
    clearing = _Clearing(api, row.address.chat_id, dull, turn)
    young = [known for known in row.doomed if now - known.at < DELETABLE]
    try:
        for start in range(0, len(young), BATCH):
            await clearing.delete(young[start : start + BATCH])
        for known in row.doomed:
            if known.ours and now - known.at >= DELETABLE:
                await clearing.cover(known)
    except _Halt as halt:
        return halt.answer
    return None


class _Clearing:
    """One clearing of one chat: counts its calls, so that all after the first wait their turn."""

    def __init__(self, api: Api, chat_id: int, dull: Content, turn: Turn) -> None:
        self._api = api
        self._chat_id = chat_id
        self._dull = dull
        self._turn = turn
        self._called = False

    async def delete(self, batch: Sequence[Known]) -> None:
        """Delete up to 100, one by one if Telegram refuses them together."""
        numbers = [known.message_id for known in batch]
        if await self._call("deleteMessages", {"message_ids": numbers}):
            return
        for known in batch:
            gone = await self._call("deleteMessage", {"message_id": known.message_id})
            if not gone and known.ours:
                await self.cover(known)

    async def cover(self, known: Known) -> None:
        """Write over one message of ours. One that is gone, or already dull, is a success."""
        parameters = spell_message(self._chat_id, self._dull)
        at = {"message_id": known.message_id}
        await self._next_turn()
        answer = await self._api.call("editMessageText", parameters | at)
        if isinstance(answer, Declined) and NO_TEXT in answer.words.lower():
            await self._cover_picture(at)
        else:
            self._done(answer)

    async def _cover_picture(self, at: dict[str, Any]) -> None:
        """A picture of ours has no text to write over: an empty one takes its place."""
        media = {"type": "photo", "media": "attach://page", "caption": self._dull.text}
        parameters = {"chat_id": self._chat_id, "media": media} | at
        await self._next_turn()
        self._done(await self._api.upload("editMessageMedia", parameters, "page", EMPTY))

    async def _call(self, method: str, parameters: dict[str, Any]) -> bool:
        await self._next_turn()
        return self._done(await self._api.call(method, {"chat_id": self._chat_id} | parameters))

    async def _next_turn(self) -> None:
        if self._called:
            await self._turn()
        self._called = True

    def _done(self, answer: Accepted | Declined) -> bool:
        """False: Telegram refused because of a message. Any other refusal halts the clearing."""
        if isinstance(answer, Accepted):
            return True
        if answer.code != HTTPStatus.BAD_REQUEST or "chat not found" in answer.words.lower():
            raise _Halt(answer)
        return False
