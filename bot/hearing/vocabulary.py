"""The words hearing listens for, ready made: built once for a set of flows and its catalogues."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from bot.core.events import AlwaysOn
from bot.core.fold import fold
from bot.core.ids import ChoiceId, Language, StepId
from bot.flowdef.model import DangerRule

from .questions import Questions

COMMANDS: dict[str, AlwaysOn] = {
    "leave": "leave",
    "person": "person",
    "numbers": "numbers",
    "back": "back",
    "language": "language",
    "hold": "hold",
    "erase": "erase",
    "stop": "stop",
    "more": "more",
    "about": "about",
    "settings": "more",
}
"""Bot commands that are always-on words; Telegram allows only Latin letters in them."""


Spelling = tuple[str, tuple[str, ...]]
"""A country by its two letters, and what people type for it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A folded phrase with a space on either side, and its longest word.

    Looking up that word first keeps hearing fast: most messages have none of them.
    """

    words: str
    longest: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """One danger rule, made ready."""

    rule: str
    phrases: tuple[Phrase, ...]
    not_when: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What typed words are compared with.

    ``label`` gives the words of one button (step; choice, ``NEXT`` or ``DONE``) in one language;
    with ``FOUND``, those of the button that opens the step from a question.
    """

    languages: tuple[Language, ...]
    label: Callable[[StepId, ChoiceId, Language], str]
    always_on: Mapping[str, AlwaysOn] = field(default_factory=dict)
    negations: Mapping[Language, frozenset[str]] = field(default_factory=dict)
    danger: tuple[DangerRule, ...] = ()
    between: frozenset[str] = frozenset()
    """Folded words that may stand between hours and days: "from", "to", "of" …"""
    spellings: tuple[Spelling, ...] = ()
    """What people type for a country, beside its names."""
    home: str = "US"
    """The country whose way of writing phone numbers is understood without +."""
    questions: Questions = field(default_factory=Questions, compare=False)
    """Finds the screen that answers a question."""
    _alarms: tuple[Alarm, ...] = field(init=False, repr=False, compare=False)
    _refusals: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        alarms = tuple(
            Alarm(rule.id, _ready(rule.phrases), _ready(rule.not_when)) for rule in self.danger
        )
        object.__setattr__(self, "_alarms", alarms)
        refusals: frozenset[str] = frozenset().union(*self.negations.values())
        object.__setattr__(self, "_refusals", refusals)

    def word(self, text: str) -> AlwaysOn | None:
        """The always-on word that the whole of ``text`` is, in any language. Never by near miss."""
        if text.startswith("/"):
            command = text[1:].partition("@")[0].split(maxsplit=1)
            return COMMANDS.get(command[0].casefold()) if command else None
        return self.always_on.get(fold(text))

    def has_negation(self, folded: str) -> bool:
        """Whether a word of refusal, in any language, stands in the text: it then never agrees."""
        return not self._refusals.isdisjoint(folded.split())

    def in_danger(self, text: str) -> str | None:
        """The id of the first danger rule that fires, in any language, or None."""
        folded = f" {fold(text)} "
        said = frozenset(folded.split())
        for alarm in self._alarms:
            remaining = folded
            for excuse in alarm.not_when:
                if excuse.longest in said:
                    remaining = remaining.replace(excuse.words, "  ")
            if any(p.longest in said and p.words in remaining for p in alarm.phrases):
                return alarm.rule
        return None


def _ready(phrases: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(
        Phrase(f" {folded} ", max(folded.split(), key=len))
        for phrase in phrases
        if (folded := fold(phrase))
    )


def always_on_table(
    words: Iterable[tuple[str, str, tuple[str, ...]]],
) -> dict[str, AlwaysOn]:
    """Folded words -> always-on id, from ``(id, label, synonyms)`` of every language."""
    table: dict[str, AlwaysOn] = {}
    for word_id, label, synonyms in words:
        for spelling in (label, *synonyms):
            if folded := fold(spelling):
                table.setdefault(folded, cast("AlwaysOn", word_id))
    return table
