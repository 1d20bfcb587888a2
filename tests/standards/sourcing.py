"""Whether a page has to do with the sources it names.

Three questions a machine can answer: do page and source share telling words, does the page name
somebody else's publication, do its figures stand there. Whether a sentence is true, only a person
can find.
"""

import math
import re
from collections import Counter
from functools import cache

from bot.flowdef.checks import figures
from bot.flowdef.checks.figures import SENTENCE, figures_of
from tests.standards.guide import LIBRARY, said

SHARED = 2
"""So many words a page has in common with each source it names, at least."""

TELLING = 3.0
"""And so much they weigh together: a word that stands in all sources weighs nothing, one that
stands in a single source of fifty weighs 3.9."""

ALIKE = 5
"""Letters by which two words are the same."""

PASSED_OVER = frozenset(
    re.findall(
        r"\w+",
        """about after also been being could does from have here into just like many more most much
        only other over page said same says seen should some such than that their them then there
        these they this those undated very were what when where which will with would your""",
    )
)
"""Words that say nothing about what a text is on."""

NAME = 4
"""Words a name has, at least, to be taken for a publisher: *New York State* is a place."""


def telling(text: str) -> frozenset[str]:
    """The words of a text that say something, by their first letters."""
    found = (word.lower() for word in re.findall(r"[^\W\d_]{4,}", text))
    return frozenset(word[:ALIKE] for word in found if word not in PASSED_OVER)


@cache
def pages() -> dict[str, tuple[str, tuple[str, ...]]]:
    """By path: the words of each page or line with sources, and their ids.

    A line of the comparison is read with its need and the title of its way, as it is shown.
    """
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for step in LIBRARY.steps.values():
        if step.sources and step.say is not None:
            help_ = step.help.source if step.help is not None else ""
            found[step.id] = (f"{step.say.source}\n{help_}", step.sources)
        for row in step.compare.rows if step.compare is not None else ():
            need = said(f"needs.what.choices.{row.id}", "en")
            for cell in row.cells:
                if cell.sources:
                    way = said(f"{cell.way}.title", "en")
                    found[cell.text.ctx] = (f"{need}. {way}. {cell.text.source}", cell.sources)
    return found


CITED = tuple(sorted({name for _, names in pages().values() for name in names}))


@cache
def supported() -> dict[str, frozenset[str]]:
    """By source: the telling words of what it supports."""
    return {name: telling(LIBRARY.sources[name].supports) for name in CITED}


@cache
def weights() -> dict[str, float]:
    """By word: how much it tells, from in how many of the cited sources it stands."""
    spread = Counter(word for words in supported().values() for word in words)
    return {word: math.log(len(CITED) / count) for word, count in spread.items()}


@cache
def fits(page: str, source: str) -> bool:
    """Whether a page and a source have enough in common, and nobody else's work is named."""
    shared = telling(pages()[page][0]) & supported()[source]
    return len(shared) >= SHARED and sum(weights()[word] for word in shared) >= TELLING


@cache
def named(page: str) -> tuple[frozenset[str], ...]:
    """For each publisher or author that a page names: the sources that are theirs."""
    words = pages()[page][0]
    owners: dict[str, set[str]] = {}
    for name in CITED:
        source = LIBRARY.sources[name]
        for owner in {source.author, source.publisher} - {""}:
            if len(owner.split()) >= NAME and owner.casefold() in words.casefold():
                owners.setdefault(owner, set()).add(name)
    return tuple(map(frozenset, owners.values()))


@cache
def holding(page: str) -> tuple[frozenset[str], ...]:
    """For each figure of a page: the sources that support it."""
    sentences = {name: SENTENCE.split(LIBRARY.sources[name].supports) for name in CITED}
    stated = pages()[page][0].partition(". ")[2] if ".rows." in page else pages()[page][0]
    return tuple(
        frozenset(
            name
            for name in CITED
            if any(figures._holds(each, figure, near) for each in sentences[name])  # noqa: SLF001 - the rule of check itself, asked for one source
        )
        for figure, near in figures_of(stated)
    )


def stands(page: str, names: tuple[str, ...]) -> bool:
    """Whether a page could name these sources: words, publishers and figures agree."""
    cited = set(names)
    return (
        all(fits(page, name) for name in names)
        and all(cited & owners for owners in named(page))
        and all(cited & sources for sources in holding(page))
    )
