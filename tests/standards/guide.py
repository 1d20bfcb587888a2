"""What the shipped guide says: its screens and lines, in every language that is spoken.

Words come out as they are shown, with nothing in the place of a value. The tests of this folder ask
here, so that each of them is about its criterion and not about how words are looked up.
"""

import re
from functools import cache
from typing import Final

from bot.core.ids import Language, StepId
from bot.flowdef.model import Flow, Library, StepDef
from tests.survivor import shipped

LIBRARY: Final[Library] = shipped().library
SPOKEN: Final[tuple[Language, ...]] = shipped().words.languages
"""Every language that is offered."""

LANGUAGES: Final = (Language("en"), Language("es"))
"""Those whose words the tests of this folder know; a test may ask more of them than of others."""

WAYS: Final = ("restorative", "court", "support", "civil", "rest")
"""The flows that are parallel, as the choice between them names them."""

NOT_FOR_HER: Final = ("desk.", "profile.staff.", "hearing.")
"""Texts that staff read, or that are only listened for."""


def said(ctx: str, language: str) -> str:
    """A text as it is shown, without values and marks; empty when there is none."""
    words = shipped().words
    if not words.has(ctx):
        return ""
    spoken = Language(language)
    values = dict.fromkeys(words.names(ctx, spoken), "")
    return words.plain(ctx, spoken, values)


def screen(step: str, language: str) -> str:
    """The words of a screen, its buttons not."""
    return said(f"{step}.say", language)


def step(name: str) -> StepDef:
    """A step as written."""
    return LIBRARY.steps[StepId(name)]


def flow(name: str) -> Flow:
    """A flow as written."""
    return LIBRARY.by_name[name]


def pages(name: str) -> tuple[StepDef, ...]:
    """The steps of a flow that show words."""
    return tuple(each for each in flow(name).steps if each.say is not None)


@cache
def told(language: str) -> dict[str, str]:
    """Every text that she can be shown, by its path; what she may type is not among them."""
    return {
        ctx: said(ctx, language)
        for ctx, text in LIBRARY.texts.items()
        if text.role != "synonyms"
        and not ctx.startswith(NOT_FOR_HER)
        and not ctx.endswith(".asked")
    }


def bodies(language: str) -> dict[str, str]:
    """Only the words of screens."""
    return {ctx: words for ctx, words in told(language).items() if ctx.endswith(".say")}


def labels(language: str) -> dict[str, str]:
    """Only the words of buttons."""
    roles = LIBRARY.texts
    return {ctx: words for ctx, words in told(language).items() if roles[ctx].role == "label"}


def body_of(words: str) -> str:
    """A screen without its bold heading: the first line, where a blank line follows and no stop."""
    head, _, rest = words.partition("\n\n")
    return rest if rest and not head.endswith((".", "?", "!", ":")) and "\n" not in head else words


def says(name: str, *wanted: str) -> list[str]:
    """What a screen does not say, one pattern a language: ``court.cannot (es): rapidez``."""
    pairs = zip(LANGUAGES, wanted, strict=True)
    return [
        f"{name} ({language}): {pattern}"
        for language, pattern in pairs
        if not re.search(pattern, screen(name, language), re.IGNORECASE | re.DOTALL)
    ]
