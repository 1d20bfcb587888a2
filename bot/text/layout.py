"""Texts put together and kept inside Telegram's limit, their entities moved along. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.message import Button, Content, utf16_length

LONGEST = 4096
"""Telegram's limit for one message, in UTF-16 code units."""

ROOM = 3500
"""What the body of a screen may take, so that a line above and the marks below find room."""


def joined(first: Content, second: Content, between: str = "\n\n") -> Content:
    """Two texts in one message, a blank line between them."""
    shift = utf16_length(first.text + between)
    moved = tuple(replace(entity, offset=entity.offset + shift) for entity in second.entities)
    return Content(first.text + between + second.text, first.entities + moved, second.rows)


def paired(rows: Sequence[tuple[Button, ...]], short: Sequence[bool]) -> list[tuple[Button, ...]]:
    """Rows of one button each; short ones that follow each other share a row by twos."""
    found: list[tuple[Button, ...]] = []
    waits = False
    for row, is_short in zip(rows, short, strict=True):
        if is_short and waits:
            found[-1] += row
            waits = False
        else:
            found.append(row)
            waits = is_short
    return found


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
