"""The words of a comparison that is sent as pictures: those on each picture, and the same again for
ears. Pure; it knows nothing of how a picture is made or sent.
"""

from dataclasses import dataclass
from typing import Final

from bot.core.ids import StepId
from bot.core.message import Content, utf16_length
from bot.core.session import Session

from . import pages
from .layout import joined, shortened
from .pages import Need
from .words import Words

LONGEST_CAPTION: Final = 1024
"""Telegram's limit for the words under a picture, in UTF-16 code units."""


@dataclass(frozen=True, slots=True)
class Pictured:
    """One picture: its title, which of several it is (or empty), and its need.

    ``caption`` goes under it. ``after``: the words in a message of their own, when they are too
    long for a caption. ``instead``: what goes alone when there is no picture.
    """

    title: str
    part: str
    need: Need
    caption: Content
    after: Content | None
    instead: Content


def pictured(step: StepId, session: Session, words: Words) -> tuple[Pictured, ...]:
    """One picture for each need that is compared for her; none when nothing is any more."""
    needs = pages.compared(step, session, words)
    return tuple(
        _pictured(need, (place, len(needs)), session, words)
        for place, need in enumerate(needs, start=1)
    )


def not_pictured(session: Session, words: Words) -> Content:
    """That no picture could be made."""
    return words.rich("always.picture_failed", session.language)


def _pictured(need: Need, place: tuple[int, int], session: Session, words: Words) -> Pictured:
    language = session.language
    title = words.plain("always.picture_title", language)
    page, count = place
    values = {"page": page, "pages": count}
    part = words.plain("always.page_of", language, values) if count > 1 else ""
    # The lead keeps charged words out of what a locked phone shows.
    spoken = shortened(joined(words.rich("always.picture_words", language), need.words))
    failed = not_pictured(session, words)
    if utf16_length(spoken.text) <= LONGEST_CAPTION:
        return Pictured(title, part, need, spoken, None, shortened(joined(failed, spoken)))
    short = Content(" · ".join(each for each in (title, part) if each))
    return Pictured(title, part, need, short, spoken, failed)
