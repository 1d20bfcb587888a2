"""Texts put together and kept inside Telegram's limit, their entities moved along. Pure."""

from dataclasses import replace

from bot.core.message import Content, utf16_length

LONGEST = 4096
"""Telegram's limit for one message, in UTF-16 code units."""

ROOM = 3500
"""What the body of a screen may take, so that a line above and the marks below find room."""


def joined(first: Content, second: Content) -> Content:
    """Two texts in one message, a blank line between them."""
    between = "\n\n"
    shift = utf16_length(first.text + between)
    moved = tuple(replace(entity, offset=entity.offset + shift) for entity in second.entities)
    return Content(first.text + between + second.text, first.entities + moved, second.rows)


def shortened(content: Content) -> Content:
    """Cut at Telegram's limit. Flows stay below it; only what people typed can be long."""
    if utf16_length(content.text) <= LONGEST:
        return content
    kept = cut(content.text, LONGEST)
    limit = utf16_length(kept)
    entities = tuple(e for e in content.entities if e.offset + e.length <= limit)
    return Content(kept, entities, content.rows)


def cut(text: str, length: int) -> str:
    """At most ``length`` UTF-16 units of ``text``; where it was cut, the last is an ellipsis."""
    if utf16_length(text) <= length:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: (length - 1) * 2]
    return units.decode("utf-16-le", "ignore") + "…"
