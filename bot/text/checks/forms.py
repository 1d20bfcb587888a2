"""Every wording that can be shown, read once, and what the rules about wordings need to know.

A :class:`Form` is one text in one language. Its markup is read when it is made, so that a dozen
rules share one reading; and what a rule finds depends on the form and the :class:`Context` alone,
so that it can be remembered while neither changes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.core.fold import fold
from bot.core.ids import Language, StepId
from bot.flowdef.model import BUILT_INS, Library, Severity, StepDef, Text
from bot.text import markup
from bot.text.catalog import ENGLISH, Catalogues
from bot.text.numbers import MOST

SEPARATOR: Final = 2
"""Characters between two marked answers."""

BUILT_IN_LENGTHS: Final[Mapping[str, int]] = {
    "suggestion": 64, "until": 30, "waited": 20, "hours": 60, "when": 40, "alias": 30, "desk": 30,
    "count": 6, "age": 20, "queue": 40, "urgency": 20, "language": 30, "limit": 30,
    "page": 2, "pages": 2, "numbers_of": 300,
}  # fmt: skip
"""The longest that the program fills in. What is not named is cut by the program itself."""

AROUND_NUMBERS: Final = 80
"""The words around the numbers of one line: "Text", the word to send, and others."""

KEPT_LENGTHS: Final = {"date": 30, "number": 12, "phone": 20, "place": 100, "times": 80}


class Facts(NamedTuple):
    """What is known of the place a text stands in; equal for equal places."""

    kind: str = ""
    waived: tuple[str, ...] = ()
    verb: str = ""
    cited: bool = False
    parallel: bool = False


class Fault(NamedTuple):
    """What is wrong with a wording, and what to do."""

    what: str
    todo: str
    severity: Severity = "error"


class Form(NamedTuple):
    """One wording of a text in one language. ``bare``: as shown, with nothing for its values.

    A named tuple, because a big library has hundreds of thousands.
    """

    text: Text
    language: Language
    words: str
    facts: Facts
    template: markup.Template
    names: frozenset[str]
    bare: str
    folded: str
    """``bare`` as it is compared: small letters, no marks."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules about wordings look up. Equal contexts find equal faults."""

    saved: frozenset[str]
    charged: Mapping[str, tuple[str, ...]]
    never: Mapping[str, tuple[str, ...]]
    everywhere: Mapping[str, str]
    """Folded spellings of always-on words, and the word each means."""
    lengths: Mapping[tuple[Language, str], int]
    """How long the value of a saved name can get in a language."""


def facts_of(library: Library) -> dict[str, Facts]:
    """By id path: what stands around a text."""
    parallel = {flow.id for flow in library.flows if flow.parallel}
    found: dict[str, Facts] = {}
    for step in library.steps.values():
        waived = tuple(sorted(step.waived))
        cited, beside = bool(step.sources), step.flow in parallel
        about = Facts(step.kind, waived, "", cited, beside)
        for text in (step.say, step.next, step.help, step.asked):
            if text is not None:
                found[text.ctx] = about
        for choice in step.choices:
            found[choice.text.ctx] = Facts(step.kind, waived, choice.verb, cited, beside)
        for row in step.compare.rows if step.compare is not None else ():
            for cell in row.cells:
                found[cell.text.ctx] = Facts("compare", waived, "", bool(cell.sources), beside)
    return found


NO_FACTS: Final = Facts()
NO_NAMES: Final[frozenset[str]] = frozenset()
UNMARKED: Final = markup.Template(())
"""Stands in for the template of words without marks, which no rule looks at."""


def form_of(text: Text, language: Language, words: str, facts: Facts) -> Form:
    """One wording, its markup read."""
    if not markup.MARKED.search(words):
        return Form(text, language, words, facts, UNMARKED, NO_NAMES, words, fold(words))
    template = markup.parse(words)
    names = template.names if "{" in words else NO_NAMES
    bare = template.plain(dict.fromkeys(names, ""))
    return Form(text, language, words, facts, template, names, bare, fold(bare))


def context_of(library: Library, catalogues: Catalogues) -> Context:
    """What the rules look up, gathered once for a check."""
    return Context(
        saved=frozenset(library.saved),
        charged=_folded(library.charged),
        never=_folded(library.never),
        everywhere=_everywhere(library, catalogues),
        lengths=_lengths(library, catalogues),
    )


def _folded(listed: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {
        language: tuple(f" {fold(word)} " for word in words) for language, words in listed.items()
    }


def wordings(catalogues: Catalogues, text: Text) -> Iterator[tuple[Language, str]]:
    """Every wording of a text that can be shown, English first."""
    for words in filter(None, (text.one, text.source)):
        yield ENGLISH, words
    for language, translations in catalogues.by_language.items():
        for words in translations.of(text.ctx, text.msgid) or ():
            yield language, words


def _everywhere(library: Library, catalogues: Catalogues) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in library.words:
        for text in (word.text, word.also):
            if text is None:
                continue
            for _, words in wordings(catalogues, text):
                for spelling in words.split("|"):
                    found.setdefault(fold(spelling), word.id)
    return found


def _lengths(library: Library, catalogues: Catalogues) -> dict[tuple[Language, str], int]:
    """For every saved name and language: the longest value that can be kept."""
    found: dict[tuple[Language, str], int] = {}
    for name, steps in library.saved.items():
        for language in catalogues.languages:
            found[language, name] = max(_longest(step, language, catalogues) for step in steps)
    for language in catalogues.languages:
        for name in BUILT_INS:
            found[language, name] = BUILT_IN_LENGTHS.get(name, 0)
        for name in ("limit", "page", "pages"):
            found[language, name] = BUILT_IN_LENGTHS[name]
        titles = (flow.title for flow in library.flows if flow.title is not None)
        found[language, "looked"] = sum(
            len(_said(title, language, catalogues)) + SEPARATOR for title in titles
        )
        found[language, "numbers"] = _numbers(library, language, catalogues)
    return found


def _longest(step: StepDef, language: Language, catalogues: Catalogues) -> int:
    if step.kind == "ask":
        return KEPT_LENGTHS.get(step.answer, step.max_length)
    lengths = sorted(
        (len(_said(choice.text, language, catalogues)) for choice in step.choices), reverse=True
    )
    if step.kind != "choose_many":
        return max(lengths, default=0)
    return sum(length + SEPARATOR for length in lengths[: step.at_most])


def _numbers(library: Library, language: Language, catalogues: Catalogues) -> int:
    lengths = []
    for each in library.resources:
        texts = (each.name, each.hours, each.note, each.caution)
        said = sum(len(_said(text, language, catalogues)) for text in texts if text is not None)
        reached = sum(len(way) for way in (each.phone, each.sms, each.tty, each.video))
        lengths.append(said + reached + AROUND_NUMBERS)
    return sum(sorted(lengths, reverse=True)[:MOST])


def _said(text: Text, language: Language, catalogues: Catalogues) -> str:
    translations = catalogues.by_language.get(language)
    forms = translations.of(text.ctx, text.msgid) if translations is not None else None
    return forms[0] if forms else text.source


def step_of(text: Text) -> StepId:
    """The step whose words a screen's text are."""
    return StepId(text.ctx.removesuffix(".say"))
