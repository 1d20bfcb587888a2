"""What exists in the sandbox: bots, people, chats and messages, and the JSON that Telegram would
make of them. It holds state and spells it; it decides nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

JsonObject = dict[str, Any]
ChatKind = Literal["private", "group", "supergroup"]


# JSON in ASCII, so that even half a surrogate pair travels.
spell = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


@dataclass(slots=True)
class Person:
    """Somebody with a phone. `notifications` is all that ever appeared on its locked screen."""

    id: int
    first_name: str
    language: str | None
    is_bot: bool = False
    notifications: list[JsonObject] = field(default_factory=list)
    wire: str = ""

    def __post_init__(self) -> None:
        self.spell()

    def spell(self) -> None:
        """Renew the JSON after a change of name or language."""
        user: JsonObject = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.language:
            user["language_code"] = self.language
        self.wire = spell(user)


@dataclass(slots=True)
class Message:
    """One message as it stands now. `extra` is everything beside the text: photo, contact, …

    `picture` holds the bytes of a photo that a bot sent, for the page to show.
    """

    id: int
    sender: Person | None
    bot_id: int | None
    sender_wire: str
    date: int
    text: str | None
    entities: list[JsonObject]
    buttons: list[list[JsonObject]] = field(default_factory=list)
    extra: JsonObject = field(default_factory=dict)
    edit_date: int | None = None
    edits: int = 0
    reply_to: int | None = None
    silent: bool = False
    protected: bool = False
    preview: bool = True
    deleted_by: str | None = None
    deleted_at: float | None = None
    hidden_for: set[int] = field(default_factory=set)
    change: int = 0
    picture: bytes = b""
    _wire: str | None = None

    @property
    def words(self) -> str:
        """The text, or the caption of a photo."""
        return self.text if self.text is not None else str(self.extra.get("caption", ""))

    def changed(self) -> None:
        """Forget the spelled form."""
        self._wire = None

    def wire(self, chat_wire: str) -> str:
        """The message as JSON, as Telegram would put it into an update or a result."""
        if self._wire is None:
            self._wire = self._spell(chat_wire)
        return self._wire

    def _spell(self, chat_wire: str) -> str:
        head = f'{{"message_id":{self.id},"from":{self.sender_wire}'
        parts = [head, f',"chat":{chat_wire},"date":{self.date}']
        if self.edit_date is not None:
            parts.append(f',"edit_date":{self.edit_date}')
        if self.protected:
            parts.append(',"has_protected_content":true')
        if self.text is not None:
            parts.append(f',"text":{spell(self.text)}')
        if self.entities:
            parts.append(f',"entities":{spell(self.entities)}')
        if not self.preview:
            parts.append(',"link_preview_options":{"is_disabled":true}')
        parts.extend(f",{spell(name)}:{spell(value)}" for name, value in self.extra.items())
        if self.buttons:
            parts.append(f',"reply_markup":{{"inline_keyboard":{spell(self.buttons)}}}')
        parts.append("}")
        return "".join(parts)


@dataclass(slots=True)
class Chat:
    """A private chat of one person with one bot, or a group. Message ids grow from 1 in each."""

    id: int
    kind: ChatKind
    title: str
    wire: str
    person: Person | None = None
    bot_id: int | None = None
    members: dict[int, Person] = field(default_factory=dict)
    bots: set[int] = field(default_factory=set)
    administrators: set[int] = field(default_factory=set)
    started: bool = False
    blocked: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    toasts: list[JsonObject] = field(default_factory=list)
    last_id: int = 0
    updates: int = 0
    change: int = 0

    def next_id(self) -> int:
        """The id of the next message."""
        self.last_id += 1
        return self.last_id

    def alive(self, message_id: int) -> Message | None:
        """The message, unless it was deleted or never existed."""
        message = self.messages.get(message_id)
        return None if message is None or message.deleted_by else message
