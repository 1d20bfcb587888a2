"""Which lines to call are shown, in what order, and how one of them reads.

Decides by region, opening hours and the danger that was typed; knows no person and no screen. Fewer
lines are easier to use for somebody who is afraid, so both lists are short.
"""

from collections.abc import Mapping
from itertools import chain
from typing import Final

from bot.core.ids import Language
from bot.flowdef.model import Resource

from .words import Words

MOST: Final = 9
"""Lines on the screen of numbers."""

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


def chosen(resources: tuple[Resource, ...], home: str, rule: str = "") -> tuple[Resource, ...]:
    """The lines for a home region (``US-NY``), always-open ones first, else in the leads' order."""
    near = [r for r in resources if home == r.region or home.startswith(r.region + "-")]
    near.sort(key=lambda resource: not resource.always_open)
    if not rule:
        return tuple(near[:MOST])
    fitting = _of_kinds(near, FITTING.get(rule, FOR_ANYTHING))
    others = [r for r in _of_kinds(near, FOR_ANYTHING) if r not in fitting]
    wanted = max(FEWEST_IN_DANGER, min(len(fitting), MOST_IN_DANGER))
    return tuple(chain(fitting, others))[:wanted]


def _of_kinds(resources: list[Resource], kinds: tuple[str, ...]) -> list[Resource]:
    """Those of the first kind first: the emergency line stands on top."""
    first = [r for r in resources if kinds[0] in r.kinds]
    return first + [r for r in resources if r not in first and not set(kinds).isdisjoint(r.kinds)]


def line(resource: Resource, words: Words, language: Language) -> str:
    """One line: name, how to reach it, when, and what is good to know before."""
    hours = words.plain("always.number_always_open", language) if resource.always_open else ""
    if resource.hours is not None:
        hours = words.plain(resource.hours.ctx, language)
    reach = " · ".join(part for part in (resource.phone, resource.sms, hours) if part)
    shown = f"{words.plain(resource.name.ctx, language)}: {reach}"
    note = words.plain(resource.note.ctx, language) if resource.note is not None else ""
    return f"{shown}. {note}" if note else shown
