"""A comparison that she asked for as pictures: drawn in a thread, and what goes into her chat.

Knows what happens when a picture cannot be made: its words go alone, and she is told once.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.core.ids import Language, StepId
from bot.core.message import Content, Photo
from bot.core.session import Session
from bot.picture.page import Line, NotDrawn, Page
from bot.text.direction import is_right_to_left
from bot.text.pictured import Pictured, not_pictured, pictured
from bot.text.words import Words

log: Final = logging.getLogger("waymark.service")

Paint = Callable[[Page], bytes]
"""Makes a PNG of a page. Raises NotDrawn. Called in a thread."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line for her chat, perhaps with a picture above its words."""

    content: Content
    photo: Photo | None = None


async def told(step: StepId, session: Session, words: Words, paint: Paint) -> tuple[Told, ...]:
    """The lines that answer her, in order."""
    found = pictured(step, session, words)
    if not found:
        return (Told(not_pictured(session, words)),)
    pages = tuple(_page(each, session.language) for each in found)
    pictures = await asyncio.to_thread(lambda: tuple(_painted(page, paint) for page in pages))
    lines: list[Told] = []
    failed = False
    for each, png in zip(found, pictures, strict=True):
        if png is not None:
            lines.append(Told(each.caption, Photo(png, each.instead)))
        elif not failed:
            failed = True
            lines.append(Told(each.instead))
        elif each.after is None:
            lines.append(Told(each.caption))
        if each.after is not None:
            lines.append(Told(each.after))
    return tuple(lines)


def _page(each: Pictured, language: Language) -> Page:
    return Page(
        language,
        is_right_to_left(language),
        each.title,
        each.part,
        each.need.heading,
        tuple(Line(*row) for row in each.need.rows),
    )


def _painted(page: Page, paint: Paint) -> bytes | None:
    try:
        return paint(page)
    except NotDrawn as error:
        log.error("%s", error)  # noqa: TRY400 - its message names no word of the page
        return None
