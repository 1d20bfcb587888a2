"""Editions: the published sets of flows in memory, and which of them a session stands in.

A session is pinned to the *structure* it began with; words always come from the newest edition, and
from an older one only for a step that the newest no longer has.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bot.core.fold import fold
from bot.core.ids import ChoiceId, Language, StepId
from bot.core.rules import Rules
from bot.core.session import Session
from bot.flowdef.checks import check as check_flows
from bot.flowdef.compile import compile_library
from bot.flowdef.load import load_files
from bot.flowdef.model import Issue, Library
from bot.hearing.vocabulary import Vocabulary, always_on_table
from bot.text.catalog import Catalogues
from bot.text.checks import check as check_words
from bot.text.render import Screens
from bot.text.words import Words

FLOWS, LOCALES = "flows", "locales"
"""The two folders of a published input, as prefixes of its relative file names."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One set of flows and catalogues, ready to serve."""

    library: Library
    rules: Rules
    words: Words
    screens: Screens
    vocabulary: Vocabulary


@dataclass(slots=True)
class Editions:
    """The newest edition, and the older ones that somebody still stands in, by structure."""

    newest: Edition
    older: dict[str, Edition] = field(default_factory=dict)

    def rules_for(self, structure: str) -> Rules:
        """The structure a session is pinned to, or the newest when it is gone."""
        if structure == self.newest.rules.structure:
            return self.newest.rules
        older = self.older.get(structure)
        return older.rules if older is not None else self.newest.rules

    def vocabulary_for(self, session: Session) -> Vocabulary:
        """The words to listen for where she stands."""
        return self._edition_with(session.place, session.structure).vocabulary

    def screens_for(self, session: Session) -> Screens:
        """The renderer that has words for where she stands."""
        return self._edition_with(session.place, session.structure).screens

    def _edition_with(self, step: StepId, structure: str) -> Edition:
        if step in self.newest.library.steps or structure not in self.older:
            return self.newest
        return self.older[structure]


def build(
    files: Mapping[str, bytes], home: str, *, checked: bool
) -> tuple[Edition | None, tuple[Issue, ...]]:
    """An edition from a whole published input, or None with what is wrong with it.

    ``checked``: these files passed all checks when they were published, so they are only read.
    """
    library, issues = load_files(_under(files, FLOWS))
    catalogues = Catalogues.load_files(_by_language(_under(files, LOCALES)))
    if not checked and not _has_errors(issues):
        issues = (*issues, *check_flows(library), *check_words(library, catalogues))
    if _has_errors(issues):
        return None, issues
    words = Words(library, catalogues)
    screens = Screens(words, home)
    rules = compile_library(library)
    return Edition(library, rules, words, screens, vocabulary(words, screens)), issues


def _has_errors(issues: tuple[Issue, ...]) -> bool:
    return any(issue.severity == "error" for issue in issues)


def _under(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    return {
        str(PurePosixPath(name).relative_to(folder)): data
        for name, data in files.items()
        if PurePosixPath(name).parts[:1] == (folder,)
    }


def _by_language(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """``es/LC_MESSAGES/messages.po`` -> ``es``."""
    return {
        PurePosixPath(name).parts[0]: data
        for name, data in files.items()
        if PurePosixPath(name).name == "messages.po"
    }


def vocabulary(words: Words, screens: Screens) -> Vocabulary:
    """What hearing listens for, in every language that is spoken."""

    def label(step: StepId, choice: ChoiceId, language: Language) -> str:
        return screens.label(step, choice, language)

    return Vocabulary(
        languages=words.languages,
        label=label,
        always_on=always_on_table(
            entry
            for language in words.languages
            for entry in (
                *words.always_on(language),
                ("more", words.plain("always.button_more", language), ()),
                ("about", words.plain("always.button_about", language), ()),
            )
        ),
        negations={
            language: frozenset(
                fold(word) for word in words.plain("hearing.negations", language).split("|")
            )
            for language in words.languages
            if words.has("hearing.negations")
        },
        between=frozenset(
            fold(word)
            for language in words.languages
            if words.has("hearing.between")
            for word in words.plain("hearing.between", language).split("|")
        ),
        home=screens.home.partition("-")[0],
        danger=tuple(rule for language in words.languages for rule in words.danger(language)),
    )
