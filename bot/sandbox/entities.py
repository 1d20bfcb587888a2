"""Text as Telegram takes it: cleaned, trimmed, at most 4096 UTF-16 units, with entities whose
offsets fall between characters, and with links, commands and the like found by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .errors import bad_request
from .model import JsonObject

MAX_TEXT = 4096
_MAX_BYTES = 1 << 15
_FAR = 1_000_000

# Telegram turns control characters into blanks and removes these (td, clean_input_string).
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_BLANKED = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_UNCLEAN = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e\u0333\u033f\u030a]")

_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<mention>(?<![\w/@])@[A-Za-z]\w{3,31})"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w+)?(?![\w/]))"
    r"|(?P<hashtag>(?<!\w)#(?=\w*[^\W\d])\w+)"
)
_PLAIN_TYPES = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
    ]
)


def units(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts. Raises ApiError for half a surrogate pair."""
    if text.isascii():
        return len(text)
    try:
        return len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        msg = "strings must be encoded in UTF-8"
        raise bad_request(msg) from None


def found(text: str) -> list[JsonObject]:
    """The entities that Telegram finds by itself in what people and bots write."""
    if not any(mark in text for mark in "/@#"):
        return []
    is_ascii = text.isascii()
    entities = []
    for match in _FOUND.finditer(text):
        start, end = match.span()
        if not is_ascii:
            start, end = loose_units(text[:start]), loose_units(text[:end])
        entities.append({"offset": start, "length": end - start, "type": match.lastgroup})
    return entities


def accepted(text: str, entities: object) -> tuple[str, list[JsonObject]]:
    """What the server keeps of a bot's text and entities.

    Raises ApiError 400 in Telegram's words: empty, too long, not UTF-8, entities that do not fit.
    """
    if not text:
        msg = "message text is empty"
        raise bad_request(msg)
    length = units(text)
    if length > _MAX_BYTES or (not text.isascii() and len(text.encode()) > _MAX_BYTES):
        msg = "text is too long"
        raise bad_request(msg)
    given = _given(text, length, entities) if entities else []
    if _UNCLEAN.search(text):
        text, given = _cleaned(text, given)
    text, given = _trimmed(text, given)
    if units(text) > MAX_TEXT:
        msg = "message is too long"
        raise bad_request(msg)
    given.extend(e for e in found(text) if not _overlaps(e, given))
    given.sort(key=lambda e: (e["offset"], -e["length"]))
    return text, given


def loose_units(text: str) -> int:
    """As `units`, half surrogate pairs included."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _given(text: str, length: int, entities: object) -> list[JsonObject]:
    if not isinstance(entities, list):
        return []  # Telegram ignores what is not a list
    kept = []
    for raw in entities:
        entity = _entity(raw)
        if entity is None or not entity["length"]:
            continue
        offset, end = entity["offset"], entity["offset"] + entity["length"]
        if offset >= length:
            msg = f"entity begins after the end of the text at UTF-16 offset {offset}"
            raise bad_request(msg)
        if end > length:
            msg = (
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text at "
                f"UTF-16 offset {end}"
            )
            raise bad_request(msg)
        kept.append(entity)
    if kept and not text.isascii():
        _refuse_inside_a_character(text, kept)
    return kept


def _entity(raw: object) -> JsonObject | None:
    prefix = "can't parse MessageEntity"
    if not isinstance(raw, dict):
        msg = f"{prefix}: expected an Object"
        raise bad_request(msg)
    numbers = {}
    for name in ("offset", "length"):
        try:
            numbers[name] = int(raw[name])
        except KeyError:
            msg = f'{prefix}: Can\'t find field "{name}"'
            raise bad_request(msg) from None
        except (TypeError, ValueError):
            msg = f'{prefix}: Field "{name}" must be of type Number'
            raise bad_request(msg) from None
        if not 0 <= numbers[name] <= _FAR:
            msg = f"receive an entity with incorrect {name} {numbers[name]}"
            raise bad_request(msg)
    kind = raw.get("type")
    entity: JsonObject = {**numbers, "type": kind}
    match kind:
        case "text_link":
            url = str(raw.get("url", ""))
            if not re.match(r"(https?|tg|mailto|tel)://?\S+", url) and "." not in url:
                msg = f"entity URL '{url}' is invalid: Wrong HTTP URL"
                raise bad_request(msg)
            entity["url"] = url
        case "pre":
            if raw.get("language"):
                entity["language"] = str(raw["language"])
        case "text_mention" | "custom_emoji" | "date_time":
            entity.update({k: v for k, v in raw.items() if k not in entity})
        case str() if kind in _PLAIN_TYPES:
            pass
        case None:
            msg = f'{prefix}: Can\'t find field "type"'
            raise bad_request(msg)
        case _:
            return None  # unknown kinds are dropped without a word
    return entity


def _refuse_inside_a_character(text: str, entities: Sequence[JsonObject]) -> None:
    starts = set()
    at = 0
    for character in text:
        starts.add(at)
        at += 2 if ord(character) > 0xFFFF else 1
    starts.add(at)
    for entity in entities:
        offset, end = entity["offset"], entity["offset"] + entity["length"]
        if offset not in starts:
            msg = f"entity begins in a middle of a UTF-16 symbol at byte offset {offset}"
            raise bad_request(msg)
        if end not in starts:
            msg = (
                f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol "
                f"at byte offset {end}"
            )
            raise bad_request(msg)


def _cleaned(text: str, entities: list[JsonObject]) -> tuple[str, list[JsonObject]]:
    removed = [units(text[: match.start()]) for match in _REMOVED.finditer(text)]
    text = _BLANKED.sub(" ", _REMOVED.sub("", text))
    kept = []
    for entity in entities:
        offset, end = entity["offset"], entity["offset"] + entity["length"]
        start = offset - sum(at < offset for at in removed)
        stop = end - sum(at < end for at in removed)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return text, kept


def _trimmed(text: str, entities: list[JsonObject]) -> tuple[str, list[JsonObject]]:
    bare = text.rstrip(" \n")
    head = len(bare) - len(bare.lstrip(" \n"))
    if not bare[head:]:
        msg = "text must be non-empty"
        raise bad_request(msg)
    if head == 0 and len(bare) == len(text):
        return text, entities
    bare = bare[head:]
    end = units(bare)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - head)
        stop = min(end, entity["offset"] + entity["length"] - head)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return bare, kept


def _overlaps(entity: JsonObject, others: Sequence[JsonObject]) -> bool:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    return any(
        start < other["offset"] + other["length"] and other["offset"] < end
        for other in others
        if other["type"] in {"code", "pre", "text_link", "text_mention", entity["type"]}
    )
