"""From an update's JSON to what arrived: strict about every type, silent about everything that is
not a person writing to us alone. It keeps no name, username or phone, trusts nothing, and builds no
objects of the Bot API library (they cost more than the rest of the way together).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from bot.core.events import (
    Arrived,
    Began,
    Blocked,
    Edited,
    Pressed,
    SentMedia,
    Typed,
    Unblocked,
    What,
)
from bot.core.ids import Cause, Door
from bot.core.message import Entity, EntityKind, utf16_length

from .pieces import LARGEST_ID

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
LONGEST_TEXT = 4096
LONGEST_DATA = 64
MOST_ENTITIES = 100

MEDIA = (
    "photo", "voice", "sticker", "video", "video_note", "audio", "document", "animation",
    "contact", "location", "venue", "poll", "dice", "story", "game", "paid_media", "checklist",
)  # fmt: skip
"""Fields of a message that are something a person sent, other than words."""

SERVICE = (
    "pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "users_shared",
    "chat_shared", "chat_background_set", "connected_website", "successful_payment",
    "refunded_payment", "proximity_alert_triggered", "web_app_data", "passport_data",
)  # fmt: skip
"""Fields of a message that Telegram writes about the chat itself."""


class Unparsable(Exception):
    """The update has no usable update_id, so it cannot be told from another one."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Not for us. ``reason`` is a fixed word, counted without any id."""

    reason: str


class _Malformed(Exception):
    """A field is missing or has a type it may not have."""


Json = Mapping[str, Any]


def to_event(door: Door, raw: object, seed: str) -> Arrived | Ignored:
    """What one update means, or why it means nothing to us.

    ``seed`` is at least 16 random URL-safe characters. Raises Unparsable, and nothing else.
    """
    if not isinstance(raw, dict):
        msg = "The update is not a JSON object."
        raise Unparsable(msg)
    update_id = raw.get("update_id")
    if type(update_id) is not int or not 0 <= update_id <= LARGEST_ID:
        msg = "The update has no usable update_id."
        raise Unparsable(msg)
    cause = Cause(f"update:{door}:{update_id}")
    try:
        for kind, read in _READERS.items():
            if kind in raw:
                heard = read(_object(raw[kind]))
                if isinstance(heard, Ignored):
                    return heard
                chat_id, language, what = heard
                return Arrived(cause, door, chat_id, seed, what, language)
    except _Malformed:
        return Ignored("malformed")
    return Ignored("other_kind")


# ---------------------------------------------------------------- one function a kind of update

_Heard = tuple[int, str, What] | Ignored


def _message(message: Json) -> _Heard:
    person = _person(message, message)
    if isinstance(person, Ignored):
        return person
    message_id = _id(message.get("message_id"))
    if "text" in message:
        text = _text(message["text"])
        if _START.match(text):
            return *person, Began(message_id)
        return *person, Typed(text, message_id, _entities(message.get("entities"), text))
    for kind in MEDIA:
        if kind in message:
            return *person, SentMedia(kind, message_id)
    if any(kind in message for kind in SERVICE):
        return Ignored("service")
    return *person, SentMedia("other", message_id)


def _edited(message: Json) -> _Heard:
    person = _person(message, message)
    if isinstance(person, Ignored):
        return person
    message_id = _id(message.get("message_id"))
    if "text" not in message:
        return Ignored("edited_media")
    text = _text(message["text"])
    return *person, Edited(text, message_id, _entities(message.get("entities"), text))


def _pressed(query: Json) -> _Heard:
    if "message" not in query:
        return Ignored("inline")
    message = _object(query["message"])
    person = _person(query, message)
    if isinstance(person, Ignored):
        return person
    query_id = query.get("id")
    if not isinstance(query_id, str) or not _QUERY_ID.fullmatch(query_id):
        raise _Malformed
    number = message.get("message_id")
    message_id = number if type(number) is int and 0 < number <= LARGEST_ID else None
    return *person, Pressed(_data(query.get("data")), query_id, message_id)


def _membership(change: Json) -> _Heard:
    person = _person(change, change)
    if isinstance(person, Ignored):
        return person
    match _object(change.get("new_chat_member")).get("status"):
        case "kicked":
            return *person, Blocked()
        case "member":
            return *person, Unblocked()
        case _:
            return Ignored("membership")


_READERS = {
    "message": _message,
    "callback_query": _pressed,
    "edited_message": _edited,
    "my_chat_member": _membership,
}


# ---------------------------------------------------------------- one function a kind of field


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise _Malformed
    return value


def _id(value: object) -> int:
    if type(value) is not int or not 0 < value <= LARGEST_ID:
        raise _Malformed
    return value


def _person(sent: Json, placed: Json) -> tuple[int, str] | Ignored:
    """Chat id and app language of a person who is alone with us in a private chat."""
    chat = _object(placed.get("chat"))
    if chat.get("type") != "private":
        return Ignored("not_private")
    sender = _object(sent.get("from"))
    if sender.get("is_bot") is not False:
        return Ignored("bot")
    chat_id = _id(chat.get("id"))
    if _id(sender.get("id")) != chat_id:
        return Ignored("stranger")
    language = sender.get("language_code")
    if isinstance(language, str) and _LANGUAGE.fullmatch(language):
        return chat_id, language
    return chat_id, ""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Malformed
    if not value.isascii():
        value = _LONE_SURROGATE.sub("\ufffd", value)
    return value[:LONGEST_TEXT]


def _data(value: object) -> str:
    """Callback data as it came; what Telegram cannot have sent becomes empty, which is stale."""
    if not isinstance(value, str) or _LONE_SURROGATE.search(value):
        return ""
    return value if len(value.encode()) <= LONGEST_DATA else ""


def _entities(value: object, text: str) -> tuple[Entity, ...]:
    """The formatting we keep. Entities never decide anything, so a bad one is left out."""
    if not isinstance(value, list) or not value:
        return ()
    end = utf16_length(text)
    kept = (_entity(entry, end) for entry in value[:MOST_ENTITIES])
    return tuple(entity for entity in kept if entity is not None)


def _entity(entry: object, end: int) -> Entity | None:
    if not isinstance(entry, dict):
        return None
    kind, offset, length = entry.get("type"), entry.get("offset"), entry.get("length")
    if not isinstance(kind, str) or kind not in _KINDS:
        return None
    if type(offset) is not int or type(length) is not int:
        return None
    if not 0 <= offset < offset + length <= end:
        return None
    if kind != "text_link":
        return Entity(_KINDS[kind], offset, length)
    url = entry.get("url")
    if isinstance(url, str) and _HTTPS.fullmatch(url):
        return Entity("text_link", offset, length, url)
    return None


_KINDS: dict[str, EntityKind] = {kind: kind for kind in get_args(EntityKind)}
_START = re.compile(r"/start(?:@[A-Za-z0-9_]{1,64})?(?:\s|\Z)", re.IGNORECASE)
_QUERY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_HTTPS = re.compile(r"https://[\x21-\x7e]{1,2000}")
