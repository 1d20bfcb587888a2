"""Typed words against the buttons of one step: exactly a button, its number, near to one, or none.

Back undoes most choices; those act at once. What cannot be undone, or agrees to something, is only
ever *suggested*. A text with a negation never comes near to a choice that says yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz

from bot.core.buttons import DONE, FOUND, NEXT, PAGE, ordered
from bot.core.events import (
    Asked,
    Chose,
    Continued,
    Heard,
    Marked,
    NotUnderstood,
    Paged,
    Suggested,
)
from bot.core.fold import fold, fold_label
from bot.core.ids import StepId
from bot.core.rules import ONWARD, PAGED, Choice, Step, Verb
from bot.core.session import Session

from .vocabulary import Vocabulary

AT_ONCE: Final[frozenset[Verb]] = frozenset(
    {
        *("go", "visit", "back", "person", "numbers", "language", "country", "hold", "reading"),
        *("typed", "resume"),
    }
)
"""Verbs that Back, or pressing again, takes back: typed words act on them at once."""

WHEN_EXACT: Final[frozenset[Verb]] = frozenset({"talk", "keep", "leave", "stop", "picture"})
"""Verbs that only exactly the button's words reach; near ones are asked about. *Stop* is among
them although Back does not undo it: to take something back must be as easy as to agree."""

ANSWERS: Final[frozenset[Verb]] = frozenset({"yes", "no", "to_desk"})
"""Verbs that answer a question about typed words: exactly, or not at all."""

NEAR: Final = 86.0
"""Similarity (0-100) from which typed words count as a near miss of a button."""

CLEARLY: Final = 6.0
"""By how much the best near miss must lead the second."""

MINIMUM_NEAR: Final = 4
LONGEST_NEAR: Final = 200
"""Shorter words are near to too much, and no button is as long as the longer ones."""


How = Literal["words", "number", "near"]


@dataclass(frozen=True, slots=True)
class _Button:
    """One button of the step: its folded words, and those before their first comma."""

    words: str
    short: str
    choice: Choice | None
    """None: the button that goes on, or a screen near to a question."""
    page: StepId | None = None

    @property
    def numbered(self) -> bool:
        """Whether its place from the top can be typed."""
        return self.choice is not None or self.page is not None


def meant(
    text: str, step: Step, session: Session, words: Vocabulary, *, exactly: bool = False
) -> Heard:
    """Which button typed words mean, if any. ``exactly``: near misses and numbers do not count."""
    folded = fold(text)
    if not folded:
        return NotUnderstood()
    if step.kind in PAGED and folded == fold_label(words.label(step.id, PAGE, session.language)):
        return Paged(session.page + 1)
    buttons = _buttons(step, session, words)
    found = _by_words(folded, buttons)
    if found is not None:
        return _take(found, step, "words")
    found = None if exactly else _by_number(folded, buttons)
    if found is not None:
        return _take(found, step, "number")
    if exactly:
        return NotUnderstood()
    negated = words.has_negation(folded)
    if negated and step.kind == "choose_many":
        return _unmark(folded, buttons)
    found = _near(folded, buttons)
    if found is None or (negated and (found.choice is None or found.choice.affirmative)):
        return NotUnderstood()
    return _take(found, step, "near")


def _buttons(step: Step, session: Session, words: Vocabulary) -> list[_Button]:
    shown = [(choice.id, choice) for choice in ordered(step, session)]
    labels = [(words.label(step.id, each, session.language), choice) for each, choice in shown]
    near = session.nearest if step.answer == "question" else ()
    pages = [(words.label(page, FOUND, session.language), page) for page in near]
    buttons = [_Button(fold_label(label), "", None, page) for label, page in pages if label]
    buttons += [_Button(fold_label(label), _short(label), choice) for label, choice in labels]
    if step.kind in ONWARD:
        onward = DONE if step.kind == "choose_many" else NEXT
        buttons.append(
            _Button(fold_label(words.label(step.id, onward, session.language)), "", None)
        )
    return buttons


def _short(label: str) -> str:
    """What people type for "Yes, I meant that": the words before the first comma."""
    before, comma, _ = label.partition(",")
    return fold_label(before) if comma else ""


def _by_words(folded: str, buttons: Sequence[_Button]) -> _Button | None:
    for button in buttons:
        if button.words == folded:
            return button
    short = [button for button in buttons if button.short == folded]
    return short[0] if len(short) == 1 else None


def _by_number(folded: str, buttons: Sequence[_Button]) -> _Button | None:
    """A choice by its place from the top, as she sees them."""
    if not (folded.isascii() and folded.isdigit()) or len(folded) > 2:  # noqa: PLR2004 - no screen has 100 choices
        return None
    place = int(folded) - 1
    numbered = [button for button in buttons if button.numbered]
    return numbered[place] if 0 <= place < len(numbered) else None


def _near(folded: str, buttons: Sequence[_Button]) -> _Button | None:
    """The one button that typed words clearly come near to."""
    if not MINIMUM_NEAR <= len(folded) <= LONGEST_NEAR:
        return None
    scores = sorted(
        ((fuzz.ratio(folded, button.words), -place) for place, button in enumerate(buttons)),
        reverse=True,
    )
    if not scores or scores[0][0] < NEAR:
        return None
    if len(scores) > 1 and scores[0][0] - scores[1][0] < CLEARLY:
        return None
    return buttons[-scores[0][1]]


def _take(button: _Button, step: Step, how: How) -> Heard:
    choice = button.choice
    if button.page is not None:
        return Asked((button.page,), sure=True)
    if choice is None:
        return Continued()
    if step.kind == "choose_many":
        return Marked(choice.id, on=True)
    return _chosen(choice, step, how)


def _chosen(choice: Choice, step: Step, how: How) -> Heard:
    near = how == "near"
    if choice.verb in ANSWERS:
        return NotUnderstood() if near else Chose(choice.id)
    delicate = near and step.kind in ("consent", "handoff")
    if choice.verb in AT_ONCE and not delicate:
        return Chose(choice.id)
    only_asks = choice.verb == "erase" and choice.argument != "now"
    if not near and (choice.verb in WHEN_EXACT or only_asks):
        by_chance = how == "number" and choice.verb == "stop"
        return Suggested(choice.id) if by_chance else Chose(choice.id)
    return Suggested(choice.id)


def _unmark(folded: str, buttons: Sequence[_Button]) -> Heard:
    """A negation and a button or number, as in "no 3", unmarks it. Never a flip."""
    rest = " ".join(folded.split()[1:])
    found = _by_words(rest, buttons) or _by_number(rest, buttons)
    if found is None or found.choice is None:
        return NotUnderstood()
    return Marked(found.choice.id, on=False)
