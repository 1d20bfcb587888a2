"""Whether the figures on a page stand in what its sources are noted to support.

A figure is looked for in one sentence of ``supports:``, with a word that stands next to it on the
page (its unit, or what is counted) and a year, or the note that the page had none: a number alone
proves nothing. Two ids that were mixed up are found like this; whether a sentence is true, only a
person can find.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.flowdef.model import Issue, Library, Place, Text

FIGURE: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
COUNTED_PAGE: Final = re.compile(r"(?i)\bstep [0-9]+ of [0-9]+\b")
WORD: Final = re.compile(r"[$€£]|[^\W\d_]+")
PAUSE: Final = re.compile(r"[.!?:]+(?=\s|$)|\n+")
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
YEAR: Final = re.compile(r"\b(?:19|20)[0-9]{2}s?\b|\bundated\b")
ALIKE: Final = 5
"""So many letters make two words the same: month, months; convicted, convictions."""

NEAR: Final = 2
"""So many words before a figure, and after it, can be what it counts."""

PASSED_OVER: Final = frozenset({
    "a", "about", "an", "and", "as", "at", "by", "can", "did", "do", "for", "from", "has", "have",
    "if", "in", "is", "it", "not", "of", "on", "only", "or", "out", "over", "that", "the", "they",
    "this", "to", "up", "was", "were", "where", "who", "will", "with", "you", "your",
})  # fmt: skip
"""Words that say nothing about a figure."""


def unsupported_figure(library: Library) -> Iterator[Issue]:
    """A figure on a page stands, with its unit and a year, in what a source it names supports."""
    for text, place, step, cited in _told(library):
        if not cited:
            continue
        known = [library.sources[each] for each in cited if each in library.sources]
        sentences = [s for source in known for s in SENTENCE.split(source.supports) if s]
        for figure, near in figures_of(text.source):
            if not any(_holds(sentence, figure, near) for sentence in sentences):
                named = " or ".join(f"`{each}`" for each in cited)
                beside = f" with `{near[-1]}`" if near else ""
                what = f"`{figure}`{beside} and a year is not in what {named} supports."
                todo = "Correct the figure, or cite the source in whose `supports` it stands."
                yield Issue(place, "unsupported_figure", step, what, todo)


def figures_of(said: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every figure of a text with the words beside it; the number of a page is none.

    ``up to $12,000 for burial`` gives ``("12,000", ("$", "burial"))``.
    """
    for sentence in PAUSE.split(COUNTED_PAGE.sub("", said)):
        for found in FIGURE.finditer(sentence):
            before = _telling(sentence[: found.start()])[-NEAR:]
            after = _telling(sentence[found.end() :])[:NEAR]
            yield found[0], (*before, *after)


def _telling(words: str) -> tuple[str, ...]:
    found = (word.lower() for word in WORD.findall(words))
    return tuple(word for word in found if word not in PASSED_OVER)


def _holds(sentence: str, figure: str, near: tuple[str, ...]) -> bool:
    """Whether a sentence has the figure, one of the words beside it, and says of when it is."""
    plain = figure.replace(",", "")
    if plain not in (each.replace(",", "") for each in FIGURE.findall(sentence)):
        return False
    if YEAR.fullmatch(plain):
        return True
    words = {word[:ALIKE] for word in _telling(sentence)}
    said = any(word[:ALIKE] in words for word in near)
    return (said or not near) and YEAR.search(sentence) is not None


def _told(library: Library) -> Iterator[tuple[Text, Place, str, tuple[str, ...]]]:
    """Each text that can state a fact, with its step and the sources it names."""
    for step in library.steps.values():
        for text in (step.say, step.help):
            if text is not None:
                yield text, text.place, step.id, step.sources
        for row in step.compare.rows if step.compare is not None else ():
            for cell in row.cells:
                yield cell.text, cell.text.place, step.id, cell.sources
