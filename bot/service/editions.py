"""Editions: the published sets of flows in memory, and which of them a session stands in.

A session is pinned to the *structure* it began with; words always come from the newest edition, and
from an older one only for a step that the newest no longer has.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bot.core.buttons import FOUND
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
from bot.text.titles import title
from bot.text.words import Words

from .questions import questions

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
    withdrawn: dict[str, StepId] = field(default_factory=dict)
    """By structure: the step to which whoever stands in it is taken at her next touch."""

    @property
    def rules(self) -> Rules:
        """The newest rules, which also know where people of withdrawn versions go."""
        return Moving(self.newest.rules, self.withdrawn) if self.withdrawn else self.newest.rules

    def rules_for(self, session: Session) -> Rules:
        """The structure a session is pinned to; the newest when that is gone or lets her go."""
        structure = session.structure
        older = self.older.get(structure)
        if older is None or structure == self.newest.rules.structure:
            return self.rules
        moved = self.rules.moved(structure, session.at) is not None
        return self.rules if moved else older.rules

    def replace(self, newest: Edition) -> None:
        """Serve another edition. Whoever stands in the one before keeps its structure."""
        before = self.newest
        self.newest = newest
        self.older.pop(newest.rules.structure, None)
        if before.rules.structure != newest.rules.structure:
            self.older[before.rules.structure] = before

    def crossed(self, before: Session, after: Session) -> Session:
        """The session in the newest structure, once she has gone over to another flow.

        Inside a flow nothing changes under her feet. A flow that is included, or a step that is
        only visited, leads back, so it is no crossing.
        """
        rules = self.newest.rules
        over = after.frames or after.visits or after.structure == rules.structure
        if over or after.at == before.at or _flow(after.at) == _flow(before.at):
            return after
        step = rules.step(after.at)
        if after.structure not in self.older or step is None or step.id != after.at:
            return after
        return dataclasses.replace(
            after,
            structure=rules.structure,
            over=tuple(each for each in after.over if rules.step(each) is not None),
            trail=tuple(each for each in after.trail if rules.step(each.at) is not None),
        )

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


class Moving:
    """Rules that also know where people of withdrawn versions go. Else exactly the rules given."""

    def __init__(self, rules: Rules, withdrawn: Mapping[str, StepId]) -> None:
        self._rules = rules
        self._withdrawn = withdrawn
        self.structure, self.start, self.rescue = rules.structure, rules.start, rules.rescue
        self.door, self.step, self.topics = rules.door, rules.step, rules.topics
        self.saving, self.onward, self.rests = rules.saving, rules.onward, rules.rests

    def moved(self, structure: str, at: StepId) -> StepId | None:
        """The rescue step of a withdrawn version; else where the flows send her."""
        rescue = self._withdrawn.get(structure) if structure != self.structure else None
        return rescue if rescue is not None else self._rules.moved(structure, at)


def _flow(step: StepId) -> str:
    return step.partition(".")[0]


def build(
    files: Mapping[str, bytes], home: str, *, checked: bool
) -> tuple[Edition | None, tuple[Issue, ...]]:
    """An edition from a whole published input, or None with what is wrong with it.

    ``checked``: these files passed all checks when they were published, so they are only read.
    """
    library, issues = load_files(under(files, FLOWS))
    catalogues = Catalogues.load_files(_by_language(under(files, LOCALES)))
    if not checked and not _has_errors(issues):
        issues = (*issues, *check_flows(library), *check_words(library, catalogues))
    if _has_errors(issues):
        return None, issues
    words = Words(library, catalogues)
    screens = Screens(words, home)
    rules = compile_library(library)
    return Edition(library, rules, words, screens, vocabulary(words, screens, library)), issues


def _has_errors(issues: tuple[Issue, ...]) -> bool:
    return any(issue.severity == "error" for issue in issues)


def under(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    """The files of one folder of a published input, named from there."""
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


def _listed(words: Words, language: Language) -> tuple[str, ...]:
    """What people type for "About this page"."""
    if not words.has("hearing.about"):
        return ()
    return tuple(part.strip() for part in words.plain("hearing.about", language).split("|"))


def vocabulary(words: Words, screens: Screens, library: Library) -> Vocabulary:
    """What hearing listens for, in every language that is spoken."""

    def label(step: StepId, choice: ChoiceId, language: Language) -> str:
        if choice == FOUND:
            return title(step, words, language)
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
                ("about", words.plain("always.button_about", language), _listed(words, language)),
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
        spellings=tuple(each for language in words.languages for each in words.spellings(language)),
        home=screens.home.partition("-")[0],
        danger=tuple(rule for language in words.languages for rule in words.danger(language)),
        questions=questions(words, library),
    )
