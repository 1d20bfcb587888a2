"""Everything that is checked about words and their translations: one function a rule, two lists.

A rule about one wording takes a Form and a Context and yields Faults; a rule about languages takes
the Library and the Catalogues and yields Issues. The function's name is the rule's id.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from bot.core.ids import Language
from bot.flowdef.model import Issue, Library, Place, Text
from bot.text.catalog import ENGLISH, CatalogueReader, Catalogues
from bot.text.extract import stale

from .forms import (
    NO_FACTS,
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

_Key = tuple[Text, Language, str, Facts]
_Found = tuple[tuple[str, Fault], ...]


class WordChecker:
    """Checks words again and again, at the price of the wordings that have changed in between."""

    def __init__(self) -> None:
        self._context: Context | None = None
        self._found: dict[_Key, _Found] = {}
        self._catalogues = CatalogueReader()

    def check(self, library: Library, catalogues: Catalogues) -> tuple[Issue, ...]:
        """Every Issue of every rule, by place."""
        issues = {issue for each in LANGUAGE_CHECKS for issue in each(library, catalogues)}
        issues |= set(self._of_forms(library, catalogues))
        return tuple(sorted(issues, key=lambda issue: (issue.place, issue.rule, issue.what)))

    def check_folder(self, library: Library, locales: Path) -> tuple[Issue, ...]:
        """``check`` with a folder's catalogues, and whether its ``messages.pot`` is current."""
        found = self.check(library, self._catalogues.load(locales))
        if not stale(library, locales):
            return found
        what = "The list of English texts is not current."
        todo = "Run `python -m bot extract`, then `python -m bot update`."
        at = Place(f"{locales.name}/messages.pot", 1, 1)
        return (*found, Issue(at, "stale_template", "messages.pot", what, todo, "warning"))

    def _of_forms(self, library: Library, catalogues: Catalogues) -> Iterator[Issue]:
        context = context_of(library, catalogues)
        if context != self._context:
            self._context, self._found = context, {}
        before, self._found = self._found, {}
        facts = facts_of(library)
        for text in library.texts.values():
            about = facts.get(text.ctx, NO_FACTS)
            for language, words in wordings(library, catalogues, text):
                key = (text, language, words, about)
                found = before.get(key)
                if found is None:
                    found = _faults(form_of(text, language, words, about), context)
                self._found[key] = found
                if found:
                    place = _place(text, language, catalogues)
                    for rule, fault in found:
                        yield Issue(place, rule, text.ctx, *fault)


def _faults(form: Form, context: Context) -> _Found:
    return tuple((each.__name__, fault) for each in FORM_CHECKS for fault in each(form, context))


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
