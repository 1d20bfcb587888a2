"""Whether the figures on a page stand in what its sources are noted to support.

A figure is looked for in one sentence of ``supports:``, with the word that follows it on the page
(its unit) and a year, or the note that the page had none: a number alone proves nothing. Two ids
that were mixed up are found like this; whether a sentence is true, only a person can find.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.flowdef.model import Issue, Library, Place, Text

FIGURE: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
COUNTED_PAGE: Final = re.compile(r"(?i)\bstep [0-9]+ of [0-9]+\b")
WORD: Final = re.compile(r"[^\W\d_]{2,}")
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
YEAR: Final = re.compile(r"\b(?:19|20)[0-9]{2}\b|\bundated\b")
ALIKE: Final = 5
"""So many letters make two words the same: month, months; convicted, convictions."""

PASSED_OVER: Final = frozenset(
    {"of", "in", "to", "out", "or", "and", "the", "from", "at", "by", "for"}
)
"""Words between a figure and its unit."""


def unsupported_figure(library: Library) -> Iterator[Issue]:
    """A figure on a page stands, with its unit and a year, in what a source it names supports."""
    for text, place, step, cited in _told(library):
        if not cited:
            continue
        known = [library.sources[each] for each in cited if each in library.sources]
        sentences = [s for source in known for s in SENTENCE.split(source.supports) if s]
        for figure, unit in figures_of(text.source):
            if not any(_holds(sentence, figure, unit) for sentence in sentences):
                named = " or ".join(f"`{each}`" for each in cited)
                what = f"`{figure}`, with `{unit}` and a year, is not in what {named} supports."
                todo = "Correct the figure, or cite the source in whose `supports` it stands."
                yield Issue(place, "unsupported_figure", step, what, todo)


def figures_of(said: str) -> Iterator[tuple[str, str]]:
    """Every figure of a text with the word it belongs to; the number of a page is none."""
    said = COUNTED_PAGE.sub("", said)
    for found in FIGURE.finditer(said):
        words = WORD.findall(said, found.end())
        unit = next((w for w in words if w.lower() not in PASSED_OVER), "")
        yield found[0], unit


def _holds(sentence: str, figure: str, unit: str) -> bool:
    """Whether a sentence has the figure, a word like the unit, and says of when it is."""
    plain = figure.replace(",", "")
    if plain not in (each.replace(",", "") for each in FIGURE.findall(sentence)):
        return False
    a_year = YEAR.fullmatch(plain) is not None
    alike = unit.lower()[:ALIKE]
    said = any(word.lower().startswith(alike) for word in WORD.findall(sentence))
    return (said or a_year) and YEAR.search(sentence) is not None


def _told(library: Library) -> Iterator[tuple[Text, Place, str, tuple[str, ...]]]:
    """Each text that can state a fact, with its step and the sources it names."""
    for step in library.steps.values():
        for text in (step.say, step.help):
            if text is not None:
                yield text, text.place, step.id, step.sources
        for row in step.compare.rows if step.compare is not None else ():
            for cell in row.cells:
                yield cell.text, cell.text.place, step.id, cell.sources
