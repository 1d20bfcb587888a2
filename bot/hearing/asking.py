"""Words that are no button and no answer, as a question: which screens answer it.

Where a question is asked for, the nearest screens are the answer; anywhere else, one that surely
answers is only suggested. What comes out are ids of screens, never what she typed.
"""

from typing import Final

from bot.core.buttons import FOUND
from bot.core.events import Asked, Heard, NotUnderstood, Wondered, WroteTooMuch
from bot.core.ids import StepId
from bot.core.rules import READABLE, Rules, Step
from bot.core.session import Session
from bot.core.turn import OVERLAYS

from .vocabulary import Vocabulary

FEWEST_WORDS: Final = 3
"""Fewer are no question where none was asked for."""

LONGEST: Final = 500
"""Characters. What is longer is no question where none was asked for."""


def asked(text: str, step: Step, session: Session, rules: Rules, words: Vocabulary) -> Heard:
    """Her question, where one was asked for."""
    question = text.strip()
    if not question:
        return NotUnderstood()
    if len(question) > step.max_length:
        return WroteTooMuch()
    found = words.questions.find(question, session.language)
    named: dict[str, StepId] = {}
    for page in found.nearest:
        if rules.step(page) is not None:
            named.setdefault(words.label(page, FOUND, session.language), page)
    nearest = tuple(named.values())
    return Asked(nearest, sure=found.sure and nearest[:1] == found.nearest[:1])


def wondered(text: str, step: Step, session: Session, rules: Rules, words: Vocabulary) -> Heard:
    """A question where none was asked for, if a screen other than this one surely answers it.

    Only where she reads: never over a system screen, a consent or a request. And only with a
    question mark: whoever tells what was done to her is not asked "Did you mean …?".
    """
    reads = step.kind in READABLE and not step.id.startswith(OVERLAYS)
    asks = "?" in text and len(text.split()) >= FEWEST_WORDS and len(text) <= LONGEST
    if not reads or not asks:
        return NotUnderstood()
    found = words.questions.find(text, session.language)
    page = found.nearest[0] if found.sure else step.id
    return NotUnderstood() if page == step.id or rules.step(page) is None else Wondered(page)
