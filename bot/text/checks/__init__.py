"""Everything that is checked about words and their translations: one function a rule, two lists.

A rule about one wording takes a Form and a Context and yields Faults; a rule about languages takes
the Library and the Catalogues and yields Issues. The function's name is the rule's id.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from bot.core.ids import Language
from bot.flowdef.model import Issue, Library, Place, Role, Text
from bot.text.catalog import ENGLISH, CatalogueReader, Catalogues, Translations
from bot.text.extract import said_by, said_in
from bot.text.markup import MARKED

from .forms import (
    NO_FACTS,
    UNMARKED,
    Context,
    Facts,
    Fault,
    Form,
    context_of,
    facts_of,
    form_of,
    wordings,
)
from .languages import (
    broken_catalogue,
    missing_danger_rules,
    missing_translation,
    obsolete_translation,
    uneven_ways,
    unfinished_language,
    unknown_language,
)
from .wording import (
    broken_line,
    broken_markup,
    charged_start,
    different_placeholders,
    label_too_long,
    long_sentence,
    missing_source,
    never_said,
    reading_grade,
    shadowed_word,
    text_too_long,
    unknown_placeholder,
    words_not_last,
)

FormCheck = Callable[[Form, Context], Iterator[Fault]]
LanguageCheck = Callable[[Library, Catalogues], Iterator[Issue]]

FORM_CHECKS: tuple[FormCheck, ...] = (
    unknown_placeholder,
    different_placeholders,
    broken_markup,
    text_too_long,
    label_too_long,
    charged_start,
    never_said,
    words_not_last,
    broken_line,
    shadowed_word,
    reading_grade,
    long_sentence,
    missing_source,
)
LANGUAGE_CHECKS: tuple[LanguageCheck, ...] = (
    broken_catalogue,
    missing_translation,
    unfinished_language,
    obsolete_translation,
    missing_danger_rules,
    unknown_language,
    uneven_ways,
)

OF_BODIES = (broken_line, reading_grade, long_sentence)
OF_LABELS = (label_too_long, shadowed_word)
OF_PHRASES = (words_not_last,)
OF_SCREENS = (charged_start, missing_source)
"""Rules that some roles are not asked, because they have nothing to say about them."""

_NOT_ASKED: Mapping[Role, tuple[FormCheck, ...]] = {
    "body": (*OF_LABELS, *OF_PHRASES),
    "label": (*OF_BODIES, *OF_PHRASES, *OF_SCREENS),
    "phrase": (*OF_BODIES, *OF_LABELS, missing_source),
    "name": (*OF_BODIES, *OF_LABELS, *OF_PHRASES, *OF_SCREENS),
    "synonyms": (*OF_BODIES, *OF_LABELS, *OF_PHRASES, *OF_SCREENS, never_said),
    "cell": (*OF_BODIES, *OF_LABELS, *OF_PHRASES, charged_start),
}
OF_ENGLISH = (unknown_placeholder, reading_grade, missing_source)
OF_OTHERS = (different_placeholders, long_sentence)
OF_MARKED = (unknown_placeholder, different_placeholders, broken_markup, words_not_last)
"""Rules that only words with marks, here or in the English, can break."""


def _asked(role: Role, *, english: bool, marked: bool) -> tuple[FormCheck, ...]:
    left = {*_NOT_ASKED[role], *(OF_OTHERS if english else OF_ENGLISH)}
    if not marked:
        left |= set(OF_MARKED)
    return tuple(each for each in FORM_CHECKS if each not in left)


ASKED: Mapping[tuple[Role, bool, bool], tuple[FormCheck, ...]] = {
    (role, english, marked): _asked(role, english=english, marked=marked)
    for role in get_args(Role)
    for english in (True, False)
    for marked in (True, False)
}
"""By role, whether it is English, and whether there are marks: the rules to ask."""

_Found = tuple[tuple[str, Language, Fault], ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found about one text, while it, its place and its translations are the same."""

    text: Text
    facts: Facts
    found: _Found


class WordChecker:
    """Checks words again and again, at the price of the texts that have changed in between."""

    def __init__(self) -> None:
        self._context: Context | None = None
        self._translations: tuple[Translations, ...] = ()
        self._known: dict[str, _Known] = {}
        self._catalogues = CatalogueReader()
        self._template: tuple[bytes, object] = (b"", None)

    def check(self, library: Library, catalogues: Catalogues) -> tuple[Issue, ...]:
        """Every Issue of every rule, by place."""
        issues = {issue for each in LANGUAGE_CHECKS for issue in each(library, catalogues)}
        issues |= set(self._of_texts(library, catalogues))
        return tuple(sorted(issues, key=lambda issue: (issue.place, issue.rule, issue.what)))

    def check_folder(self, library: Library, locales: Path) -> tuple[Issue, ...]:
        """``check`` with a folder's catalogues, and whether its ``messages.pot`` is current."""
        found = self.check(library, self._catalogues.load(locales))
        path = locales / "messages.pot"
        data = path.read_bytes() if path.exists() else b""
        if data != self._template[0]:
            self._template = data, said_in(data)
        if data and self._template[1] == said_by(library):
            return found
        what = "The list of English texts is not current."
        todo = "Run `python -m bot extract`, then `python -m bot update`."
        at = Place(f"{locales.name}/messages.pot", 1, 1)
        return (*found, Issue(at, "stale_template", "messages.pot", what, todo, "warning"))

    def _of_texts(self, library: Library, catalogues: Catalogues) -> Iterator[Issue]:
        context = context_of(library, catalogues)
        translations = tuple(catalogues.by_language.values())
        same = len(translations) == len(self._translations) and all(
            one is other for one, other in zip(translations, self._translations, strict=True)
        )
        if context != self._context or not same:
            self._context, self._translations, self._known = context, translations, {}
        before, self._known = self._known, {}
        facts = facts_of(library)
        for ctx, text in library.texts.items():
            about = facts.get(ctx, NO_FACTS)
            known = before.get(ctx)
            if known is None or known.facts != about or not _same_words(known.text, text):
                known = _Known(text, about, tuple(_faults(text, about, context, catalogues)))
            self._known[ctx] = known
            for rule, language, fault in known.found:
                yield Issue(_place(text, language, catalogues), rule, ctx, *fault)


def _same_words(one: Text, other: Text) -> bool:
    if one is other:
        return True
    return (one.source, one.one, one.role) == (other.source, other.one, other.role)


def _faults(
    text: Text, facts: Facts, context: Context, catalogues: Catalogues
) -> Iterator[tuple[str, Language, Fault]]:
    english_marked = MARKED.search(text.source) is not None
    for language, words in wordings(catalogues, text):
        form = form_of(text, language, words, facts)
        marked = english_marked or form.template is not UNMARKED
        for each in ASKED[text.role, language == ENGLISH, marked]:
            for fault in each(form, context):
                yield each.__name__, language, fault


def _place(text: Text, language: Language, catalogues: Catalogues) -> Place:
    if language == ENGLISH:
        return text.place
    return catalogues.by_language[language].entries[text.ctx].place


def check(library: Library, catalogues: Catalogues) -> tuple[Issue, ...]:
    """Every Issue of every rule, by place."""
    return WordChecker().check(library, catalogues)


def check_folder(library: Library, locales: Path) -> tuple[Issue, ...]:
    """As ``WordChecker.check_folder``, once."""
    return WordChecker().check_folder(library, locales)
