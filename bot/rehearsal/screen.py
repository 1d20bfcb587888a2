"""A drawn screen with its buttons named as an author names them: by choice id, never by label.

A button's name is the id of its choice; ``next`` and ``done`` go on, ``next_part`` shows more of a
list; always-on words have their own ids; under "what you hold" it is ``forget NAME`` and
``change NAME``; a screen near to a question is called by its step. Names come from the callback
data, so they hold in every language.
"""

from dataclasses import dataclass

from bot.core.buttons import decode
from bot.core.ids import StepId
from bot.core.message import Button, Content
from bot.core.rules import Rules, Step
from bot.core.session import Session

from .trace import DONE, NEXT, PART


@dataclass(frozen=True, slots=True)
class Seen:
    """One screen. ``choices`` are those names that are choices of the step."""

    step: StepId
    content: Content
    names: tuple[tuple[str, Button], ...]
    choices: frozenset[str]

    def button(self, name: str) -> Button | None:
        """The first button of that name, from the top, or None."""
        return next((button for named, button in self.names if named == name), None)

    def choice(self, name: str) -> str | None:
        """The choice a button stands for; None for the buttons that every screen may have."""
        return name if name in self.choices else None

    @property
    def buttons(self) -> tuple[str, ...]:
        """The names from top to bottom."""
        return tuple(name for name, _ in self.names)


def seen(content: Content, session: Session, rules: Rules) -> Seen:
    """The screen that was just drawn for where the session is."""
    step = rules.step(session.place)
    namer = _Namer(step, session)
    names = tuple((namer.name(button.data), button) for row in content.rows for button in row)
    at = step.id if step is not None else session.place
    choices = frozenset(choice.id for choice in step.choices) if step is not None else frozenset()
    return Seen(at, content, names, choices)


class _Namer:
    """Names the buttons of one screen, from top to bottom."""

    def __init__(self, step: Step | None, session: Session) -> None:
        self._step = step
        self._answers = sorted(session.answers)
        self._nearest = session.nearest
        self._words = {
            choice.verb: choice.id
            for choice in reversed(step.choices if step is not None else ())
            if not choice.argument
        }
        """Choices that are drawn as always-on words; the first button of such a word is theirs."""

    def name(self, raw: str) -> str:
        data, step = decode(raw), self._step
        if data is None:
            return raw
        if data.word is not None:
            return next((self._words.pop(v) for v in [*self._words] if v == data.word), data.word)
        match data.kind:
            case "n":
                return DONE if step is not None and step.kind == "choose_many" else NEXT
            case "p":
                return PART
            case "f" | "v" if data.index < len(self._answers):
                verb = "forget" if data.kind == "f" else "change"
                return f"{verb} {self._answers[data.index]}"
            case "q" if data.index < len(self._nearest):
                return self._nearest[data.index]
            case "c" | "+" | "-" if step is not None and data.index < len(step.choices):
                return step.choices[data.index].id
            case _:
                return data.kind
