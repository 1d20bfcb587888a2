"""Which screens a question may find, and their words, taken from the flows for ``bot.hearing``."""

from collections.abc import Iterator
from typing import Final

from bot.core.ids import Language
from bot.core.rules import READABLE
from bot.flowdef.model import Library, StepDef
from bot.hearing.questions import Questions, Spoken
from bot.hearing.ranking import Page
from bot.text.titles import heading
from bot.text.words import Words

CLOSED: Final = ("always", "contact")
"""Flows that no question opens: the system screens, and the way to a person."""


def questions(words: Words, library: Library) -> Questions:
    """The index of all languages that are spoken, made at the first question."""
    return Questions(lambda: [spoken(words, library, each) for each in words.languages])


def findable(library: Library) -> Iterator[StepDef]:
    """The steps somebody wrote questions for, where nothing guards the way to them.

    A ``when`` is a guard: whoever came by a question would stand behind it without having passed.
    """
    for step in library.steps.values():
        open_to_all = step.flow not in CLOSED and step.when is None
        if open_to_all and step.asked is not None and step.kind in READABLE:
            yield step


def spoken(words: Words, library: Library, language: Language) -> Spoken:
    """The screens of one language, and how its words are compared."""
    return Spoken(
        language,
        tuple(_page(step, words, language) for step in findable(library)),
        unheard=library.unheard.get(language, ()),
        faint=library.faint.get(language, ()),
        alike=tuple(tuple(_parts(group, "=")) for group in library.alike.get(language, ())),
        sounds=tuple(_sound(each) for each in library.sounds.get(language, ())),
    )


def _page(step: StepDef, words: Words, language: Language) -> Page:
    title, say = f"{step.flow}.title", f"{step.id}.say"
    unfilled = dict.fromkeys(words.names(say, language), "") if words.has(say) else {}
    return Page(
        step=step.id,
        title=words.plain(title, language) if words.has(title) else "",
        heading=heading(step.id, words, language),
        say=words.plain(say, language, unfilled) if words.has(say) else "",
        asked=tuple(_parts(words.plain(f"{step.id}.asked", language), "|")),
    )


def _sound(written: str) -> tuple[str, str]:
    """The letters before the sign, and those that stand for them: none when they are not heard."""
    letters, _, heard = written.partition("=")
    return letters.strip(), heard.strip()


def _parts(listed: str, between: str) -> Iterator[str]:
    return (part.strip() for part in listed.split(between) if part.strip())
