"""What a screen is called where it is not shown: on the button that opens it from a question."""

from typing import Final

from bot.core.buttons import encode
from bot.core.ids import Language, StepId, Token
from bot.core.message import Button
from bot.core.rules import Step
from bot.core.session import Session

from .words import Words

LONGEST: Final = 64
"""Characters of a button."""

LEAD: Final = "always.question_near"
"""What stands above the nearest screens."""


def heading(step: StepId, words: Words, language: Language) -> str:
    """The bold first line of a screen; empty when it has none."""
    context = f"{step}.say"
    if not words.has(context):
        return ""
    content = words.rich(context, language, dict.fromkeys(words.names(context, language), ""))
    first = content.text.partition("\n")[0]
    bold = (entity for entity in content.entities if entity.kind == "bold" and not entity.offset)
    return first if any(entity.length >= len(first) for entity in bold) else ""


def title(step: StepId, words: Words, language: Language) -> str:
    """``How long it takes (The court)``; the heading alone where both are too long for a button.

    The flow's title when it has no heading, and nothing for a screen that is not there.
    """
    named = f"{step.partition('.')[0]}.title"
    flow = words.plain(named, language) if words.has(named) else ""
    own = heading(step, words, language)
    if not flow or not own or flow == own:
        return own or flow
    both = words.plain("always.button_found", language, {"flow": flow, "page": own})
    return both if len(both) <= LONGEST else own


def nearest(
    step: Step, session: Session, words: Words, token: Token
) -> tuple[tuple[Button, ...], ...]:
    """The buttons of the screens that came nearest to her question, where it is asked."""
    if step.answer != "question":
        return ()
    named = (title(page, words, session.language) for page in session.nearest)
    return tuple((Button(name, encode(token, f"q{n}")),) for n, name in enumerate(named) if name)
