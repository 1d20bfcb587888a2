"""Which lines to call stand on the system screens, and in what order.

Decides by where she is, opening hours and the danger that was typed. Fewer lines are easier to use
for somebody who is afraid, so both lists are short.
"""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import chain
from typing import Final

from bot.core.ids import Language
from bot.core.rules import Answers
from bot.core.session import Session
from bot.flowdef.model import Resource

from . import dates, lines
from .where import Where, told, where
from .words import Values, Words

MOST: Final = 9
"""Lines on the screen of numbers: the first ones of the leads' list."""

MOST_IN_DANGER: Final = 6
FEWEST_IN_DANGER: Final = 3
"""With fewer that fit the danger, lines for anything are added."""

FITTING: Final[Mapping[str, tuple[str, ...]]] = {
    "suicide": ("emergency", "suicide"),
    "danger_now": ("emergency", "domestic", "sexual"),
    "child": ("emergency", "child"),
    "plan": ("emergency", "suicide"),
}
"""Kinds of lines for each danger rule; a rule that is not named here gets those for anything."""

FOR_ANYTHING: Final = ("emergency", "any")
WHEN_BUSY: Final = "suicide"
MOST_WHEN_BUSY: Final = 2


def chosen(
    resources: tuple[Resource, ...], at: Where, today: date, rule: str = ""
) -> tuple[Resource, ...]:
    """The lines for a place: always-open ones first, else in the leads' order.

    After words of danger a crisis line stays although nobody has looked at it in time: it is the
    one that answers.
    """
    here = [each for each in resources if at.has(each)]
    near = [each for each in here if lines.is_current(each, today)]
    if not rule:
        return tuple(sorted(near[:MOST], key=_open_first))
    wanted = FITTING.get(rule, FOR_ANYTHING)
    kept = [each for each in here if each in near or wanted[1] in each.kinds]
    kept.sort(key=_open_first)
    fitting = _of_kinds(kept, wanted)
    others = [each for each in _of_kinds(kept, FOR_ANYTHING) if each not in fitting]
    most = max(FEWEST_IN_DANGER, min(len(fitting), MOST_IN_DANGER))
    return tuple(chain(fitting, others))[:most]


def _open_first(resource: Resource) -> tuple[bool, bool]:
    return lines.EMERGENCY not in resource.kinds, not resource.always_open


def _of_kinds(resources: list[Resource], kinds: tuple[str, ...]) -> list[Resource]:
    """Those of the first kind first: the emergency line stands on top."""
    first = [r for r in resources if kinds[0] in r.kinds]
    return first + [r for r in resources if r not in first and not set(kinds).isdisjoint(r.kinds)]


def shown(
    name: str, session: Session, words: Words, home: str, now: datetime, rule: str = ""
) -> str:
    """``numbers``, or ``numbers_of``: whose they are. ``rule``: the danger they answer."""
    language = session.language
    at = where(session.where, words.resources, home)
    if name == "numbers_of":
        return told(at, words, language)
    found = chosen(words.resources, at, now.date(), rule)
    return "\n\n".join(lines.short(each, words, language, now) for each in found)


def both(session: Session, words: Words, home: str, now: datetime, rule: str) -> Values:
    """The numbers that answer a danger, and whose they are."""
    names = ("numbers", "numbers_of")
    return {name: shown(name, session, words, home, now, rule) for name in names}


def busy(words: Words, home: str, language: Language, now: datetime) -> Values:
    """The values of the fixed screen: the home country, and the two lines that matter most."""
    nobody: Answers = {}
    at = where(nobody, words.resources, home)
    found = chosen(words.resources, at, now.date(), WHEN_BUSY)[:MOST_WHEN_BUSY]
    listed = "\n".join(lines.short(each, words, language, now) for each in found)
    return {"country": dates.country(at.country, language), "numbers": listed}
