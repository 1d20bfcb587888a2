"""Every word a person sees, by id path and language.

Decides which languages are spoken (only those in which every ``translated: required`` text is
there), what stands in for a missing translation (English), and how values enter. Does not know
screens, people or the order of steps.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.core.ids import Language, StepId
from bot.core.message import Content
from bot.flowdef.model import CompareDef, DangerRule, Library, Resource, Source, StepDef, Text

from . import dates, kept, markup
from .catalog import ENGLISH, Catalogues, Translations
from .direction import isolated

Values = Mapping[str, str | int]
NO_VALUES: Values = {}
SPELLED: Final = re.compile(r"hearing\.country_([a-z]{2})")
"""Phrases that hold what people type for a country, by its two letters."""

AlwaysOnWord = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Spoken:
    """One text in one language: its forms, and which form a count takes (None: it has only one).

    ``still`` is the whole text when it takes no value: most buttons and lines, rendered once.
    """

    forms: tuple[markup.Template, ...]
    translations: Translations | None
    plural: bool
    names: frozenset[str]
    still: Content | None

    def form(self, values: Values) -> markup.Template:
        if not self.plural:
            return self.forms[0]
        count = values.get("count", 1)
        number = count if isinstance(count, int) else 1
        if self.translations is None:
            return self.forms[0 if number == 1 else 1]
        return self.forms[min(self.translations.plural(number), len(self.forms) - 1)]


class Words:
    """The words of one Library in all its languages. Shared; keeps what it has parsed."""

    def __init__(self, library: Library, catalogues: Catalogues) -> None:
        self._library = library
        self._catalogues = catalogues
        self._spoken: dict[tuple[str, Language], _Spoken] = {}
        self.refused: Mapping[Language, tuple[str, ...]] = {
            language: lacking
            for language, translations in catalogues.by_language.items()
            if (lacking := tuple(text.ctx for text in lacking_in(library, translations)))
        }
        self.languages: tuple[Language, ...] = tuple(
            language for language in catalogues.languages if language not in self.refused
        )
        self.resources: tuple[Resource, ...] = library.resources

    def has(self, ctx: str) -> bool:
        """Whether there is such a text."""
        return ctx in self._library.texts

    def plain(self, ctx: str, language: Language, values: Values = NO_VALUES) -> str:
        """A text without formatting, for buttons, notifications and values of other texts.

        ``count`` among the values picks the plural form. Raises KeyError for an unknown ``ctx`` and
        for a missing value: both are bugs.
        """
        spoken = self._of(ctx, language)
        if spoken.still is not None:
            return spoken.still.text
        return spoken.form(values).plain(_as_text(values, language))

    def rich(self, ctx: str, language: Language, values: Values = NO_VALUES) -> Content:
        """A text with its entities and without buttons. Raises KeyError as ``plain`` does."""
        spoken = self._of(ctx, language)
        if spoken.still is not None:
            return spoken.still
        return spoken.form(values).rich(_as_text(values, language))

    def names(self, ctx: str, language: Language) -> frozenset[str]:
        """The placeholders a text asks for, in all its forms."""
        return self._of(ctx, language).names

    def answer(self, name: str, given: str | Iterable[str], language: Language) -> str:
        """What she answered under a saved name, in words: labels of choices, or her own text."""
        steps = self._library.saved.get(name, ())
        if isinstance(given, str) and steps and steps[0].kind == "ask":
            shown = kept.shown(steps[0].answer, given, language)
            buttons = [each for each in steps[0].choices if each.value == given]
            return (
                self.plain(buttons[0].text.ctx, language) if shown == given and buttons else shown
            )
        given = (given,) if isinstance(given, str) else tuple(given)
        return dates.list_of([self._label(steps, value, language) for value in given], language)

    def _label(self, steps: tuple[StepDef, ...], value: str, language: Language) -> str:
        for step in steps:
            for choice in step.choices:
                if step.kind != "ask" and value in (choice.value, choice.id):
                    return self.plain(choice.text.ctx, language)
        return value

    def names_its_way(self, step: StepId) -> bool:
        """Whether a page says which way it is about: those of ways that share their headings."""
        found = self._library.steps.get(step)
        flow = self._library.flow(found.flow) if found is not None else None
        if found is None or flow is None or not flow.parallel or flow.title is None:
            return False
        return found.say is not None and found.say.source.startswith("*")

    def explained(self, step: StepId) -> bool:
        """Whether there is more to say about a step than its screen does."""
        return self.has(f"{step}.help") or bool(self.sources(step))

    def sources(self, step: StepId, part: str = "") -> tuple[Source, ...]:
        """Where the facts of a step come from, each once; ``part``: only that row of a comparison,
        besides what the step itself names.
        """
        found = self._library.steps.get(step)
        if found is None:
            return ()
        rows = found.compare.rows if found.compare is not None else ()
        rows = tuple(row for row in rows if part in ("", row.id))
        cited = (*found.sources, *(s for row in rows for cell in row.cells for s in cell.sources))
        known = self._library.sources
        return tuple(known[each] for each in dict.fromkeys(cited) if each in known)

    def comparison(self, step: StepId) -> CompareDef | None:
        """What a step compares, with its lines."""
        found = self._library.steps.get(step)
        return found.compare if found is not None else None

    def always_on(self, language: Language) -> tuple[AlwaysOnWord, ...]:
        """Each always-on word: its id, its button label, and what else people type for it."""
        return tuple(
            (
                word.id,
                self.plain(word.text.ctx, language),
                _split(self.plain(word.also.ctx, language)) if word.also is not None else (),
            )
            for word in self._library.words
        )

    def spellings(self, language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Countries by their letters, with what people type for them beside their names."""
        found = []
        for text in self._library.phrases:
            country = SPELLED.fullmatch(text.ctx)
            if country is not None:
                found.append((country[1].upper(), _split(self.plain(text.ctx, language))))
        return tuple(found)

    def danger(self, language: Language) -> tuple[DangerRule, ...]:
        """The danger rules written for a language."""
        return tuple(rule for rule in self._library.danger if rule.language == language)

    def native_name(self, language: Language) -> str:
        """What a language calls itself."""
        return dates.native_name(language)

    def _of(self, ctx: str, language: Language) -> _Spoken:
        found = self._spoken.get((ctx, language))
        if found is None:
            text = self._library.texts.get(ctx)
            if text is None:
                msg = f"There is no text `{ctx}` in the flows; the code asks for one nobody wrote."
                raise KeyError(msg)
            found = self._spoken[ctx, language] = self._speak(text, language)
        return found

    def _speak(self, text: Text, language: Language) -> _Spoken:
        translations = self._catalogues.by_language.get(language)
        forms = translations.of(text.ctx, text.msgid) if translations is not None else None
        if forms is None:
            translations = None
            forms = (text.one, text.source) if text.one else (text.source,)
        templates = tuple(markup.parse(form) for form in forms)
        names = frozenset().union(*(template.names for template in templates))
        plural = bool(text.one)
        still = None if plural or names else templates[0].rich({})
        return _Spoken(templates, translations, plural, names, still)


def lacking_in(library: Library, translations: Translations) -> Iterable[Text]:
    """The ``translated: required`` texts a language does not have, or has only as fuzzy."""
    for text in library.texts.values():
        if text.required and translations.of(text.ctx, text.msgid) is None:
            yield text


def _as_text(values: Values, language: Language) -> Mapping[str, str]:
    return {
        name: isolated(value, language) if isinstance(value, str) else dates.number(value, language)
        for name, value in values.items()
    }


def _split(listed: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in listed.split("|") if word.strip())


__all__ = ["ENGLISH", "NO_VALUES", "AlwaysOnWord", "Values", "Words", "lacking_in"]
