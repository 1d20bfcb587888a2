"""The words hearing listens for, ready made: built once for a set of flows and its catalogues."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from bot.core.events import AlwaysOn
from bot.core.ids import ChoiceId, Language, StepId
from bot.flowdef.model import DangerRule

from .fold import fold, has_words

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
    "settings": "more",
}
"""Bot commands that are always-on words; Telegram allows only Latin letters in them."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What typed words are compared with.

    ``label`` gives the words of one button (step, choice id or ``"next"``) in one language.
    """

    languages: tuple[Language, ...]
    label: Callable[[StepId, ChoiceId, Language], str]
    always_on: Mapping[str, AlwaysOn] = field(default_factory=dict)
    negations: Mapping[Language, frozenset[str]] = field(default_factory=dict)
    danger: tuple[DangerRule, ...] = ()

    def word(self, text: str) -> AlwaysOn | None:
        """The always-on word that the whole of ``text`` is, in any language. Never by near miss."""
        if text.startswith("/"):
            command = text[1:].partition("@")[0].strip().casefold()
            return COMMANDS.get(command)
        return self.always_on.get(fold(text))

    def has_negation(self, folded: str, language: Language) -> bool:
        """Whether a word of refusal stands in the text: such a text never agrees to anything."""
        words = folded.split()
        known = self.negations.get(language, frozenset()) | self.negations.get(
            Language("en"), frozenset()
        )
        return any(word in known for word in words)

    def in_danger(self, text: str) -> str | None:
        """The id of the first danger rule that fires, in any language, or None."""
        folded = fold(text)
        for rule in self.danger:
            remaining = folded
            for excuse in rule.not_when:
                remaining = f" {remaining} ".replace(f" {fold(excuse)} ", "  ")
            if any(has_words(remaining, fold(phrase)) for phrase in rule.phrases):
                return rule.id
        return None


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
