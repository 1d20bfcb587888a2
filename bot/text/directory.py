"""The list of places to call or write to, as she has asked for it, a few on a page.

Decides which lines fit: by where she is, what happened, and how she wants to reach them. Emergency
lines always stand first. When nothing else fits, that is said, and lines for anything follow.
"""

from collections.abc import Collection
from datetime import datetime

from bot.core.ids import Language
from bot.core.message import Content
from bot.core.rules import Answers, Listing
from bot.core.session import Session
from bot.flowdef.model import Resource

from . import lines
from .hours import standing
from .layout import joined
from .where import Where, told, where
from .words import Words

ANY = "any"
NOW, MINE = "open_now", "my_language"
"""What must hold beside the ways of reaching a line."""


def parts(
    listing: Listing, session: Session, words: Words, home: str, now: datetime
) -> tuple[Content, ...]:
    """Every page, each under whose lines these are; empty when there is no line at all."""
    language = session.language
    at = where(session.answers, words.resources, home, listing.region_from or ("",))
    head = Content("")
    if listing.region_from:
        phrase = "always.lines_elsewhere" if at.abroad else ""
        head = Content(told(at, words, language, phrase))
    found, fits = chosen(listing, session, words, at, now)
    if not fits:
        sorry = words.rich("always.nothing_fits", language)
        head = joined(head, sorry) if head.text else sorry
    pages = (found[start : start + listing.most] for start in range(0, len(found), listing.most))
    return tuple(_page(head, page, words, language, now, abroad=at.abroad) for page in pages)


def _page(
    head: Content,
    page: Collection[Resource],
    words: Words,
    language: Language,
    now: datetime,
    *,
    abroad: bool,
) -> Content:
    content = head
    for each in page:
        entry = lines.full(each, words, language, now, abroad=abroad)
        content = joined(content, entry) if content.text else entry
    return content


def chosen(
    listing: Listing, session: Session, words: Words, at: Where, now: datetime
) -> tuple[list[Resource], bool]:
    """The lines in order, and whether one beside the emergency lines fits what she asked for."""
    serves = _of_a_country if at.abroad else at.has
    near = [each for each in words.resources if serves(each) and lines.is_current(each, now.date())]
    kinds = _kinds(listing, session.answers)
    marks = _marks(session.answers, listing.reach_from)
    fitting = [
        each
        for each in near
        if _is_for(each, kinds) and _is_reached(each, marks, session.language, now)
    ]
    urgent = [each for each in near if lines.EMERGENCY in each.kinds]
    fits = any(each not in urgent for each in fitting)
    if not fits:
        fitting = [each for each in near if ANY in each.kinds]
    others = [each for each in fitting if each not in urgent]
    if not at.abroad:
        others.sort(key=lambda each: _order(each, kinds, session.language, now))
    return [*urgent, *others], fits


def _of_a_country(resource: Resource) -> bool:
    return "-" not in resource.region


def _marks(answers: Answers, name: str) -> tuple[str, ...]:
    given = answers.get(name, ())
    return (given,) if isinstance(given, str) else given


def _kinds(listing: Listing, answers: Answers) -> frozenset[str]:
    """The kinds of the step, and those that what she marked stands for; empty: all."""
    stands_for = dict(listing.kinds_for)
    marked = (stands_for.get(mark, (mark,)) for mark in _marks(answers, listing.kinds_from))
    return frozenset((*listing.kinds, *(kind for kinds in marked for kind in kinds)))


def _is_for(resource: Resource, kinds: frozenset[str]) -> bool:
    return not kinds or not kinds.isdisjoint(resource.kinds)


def _is_reached(
    resource: Resource, marks: tuple[str, ...], language: Language, now: datetime
) -> bool:
    """By one of the ways she marked; open now and in her language, where she marked that."""
    stands = standing(resource, now)
    if NOW in marks and (stands is None or not stands.open):
        return False
    if MINE in marks and not _speaks(resource, language):
        return False
    ways = [mark for mark in marks if mark not in (NOW, MINE)]
    return not ways or any(lines.reached_by(resource, way) for way in ways)


def _speaks(resource: Resource, language: Language) -> bool:
    return language in resource.languages or language in resource.press


def _order(
    resource: Resource, kinds: frozenset[str], language: Language, now: datetime
) -> tuple[bool, bool, bool, int]:
    """Open ones first, then those in her language, then the nearest; else as the leads wrote."""
    stands = standing(resource, now)
    shut = stands is None or not stands.open
    broad = not kinds and ANY not in resource.kinds
    return broad, shut, not _speaks(resource, language), -len(resource.region)
