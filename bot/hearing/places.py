"""Typed words as a country: by its name in any language of the guide, or by what leads have listed.

A slip of a letter or two still finds it, where only one country is near. Words that could be two
countries are asked about, never guessed; words that are none are kept as she wrote them.
"""

from functools import cache
from typing import Final

from babel import Locale
from rapidfuzz.distance import OSA

from bot.core.events import Chose, Heard, Unfit, Wrote, WroteTooMuch
from bot.core.fold import fold
from bot.core.ids import Language
from bot.core.rules import Step

from .vocabulary import Spelling, Vocabulary

LONGEST: Final = 100
LETTERS: Final = 2
"""A country is kept by so many."""

ONE_SLIP: Final = 5
TWO_SLIPS: Final = 8
"""From so many letters on, one or two of them may be wrong."""

NEAREST: Final = 40
"""No name of a country is longer by far; longer words are near to none."""

Names = dict[str, frozenset[str]]


def read_place(text: str, words: Vocabulary) -> Heard:
    """A country by its two letters; anything else as she wrote it."""
    if len(text) > LONGEST:
        return WroteTooMuch()
    found = countries(text, words)
    if len(found) > 1:
        return Unfit("place")
    return Wrote(next(iter(found), text))


def chosen_country(text: str, step: Step, words: Vocabulary) -> Heard | None:
    """The button of the step that sets the country she typed, on screens that have such buttons."""
    buttons = {each.argument: each.id for each in step.choices if each.verb == "country"}
    found = countries(text, words) if buttons else frozenset()
    if len(found) != 1 or not found <= buttons.keys():
        return None
    return Chose(buttons[next(iter(found))])


def countries(text: str, words: Vocabulary) -> frozenset[str]:
    """Every country that words may mean: one, none, or several to ask about."""
    folded = fold(text)
    names = _names(words.languages, words.spellings)
    return names.get(folded) or _near(folded, names)


def _near(folded: str, names: Names) -> frozenset[str]:
    slips = (len(folded) >= ONE_SLIP) + (len(folded) >= TWO_SLIPS)
    if not slips or len(folded) > NEAREST:
        return frozenset()
    near = (
        codes
        for name, codes in names.items()
        if len(name) >= ONE_SLIP and OSA.distance(folded, name, score_cutoff=slips) <= slips
    )
    return frozenset().union(*near)


@cache
def _names(languages: tuple[Language, ...], spellings: tuple[Spelling, ...]) -> Names:
    """What leads have listed goes before the names that Babel knows."""
    found: dict[str, set[str]] = {}
    for code, spelled in spellings:
        for name in spelled:
            found.setdefault(fold(name), set()).add(code)
    listed = {name: frozenset(codes) for name, codes in found.items()}
    return {**_known(languages), **listed}


def _known(languages: tuple[Language, ...]) -> Names:
    found: Names = {}
    for language in languages:
        for code, name in Locale.parse(language, sep="-").territories.items():
            if len(code) == LETTERS and code.isalpha():
                found.setdefault(fold(name), frozenset({code}))
    return found
