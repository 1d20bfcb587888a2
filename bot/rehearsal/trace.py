"""What a played conversation has exercised: screens, ways out of them, and conditions both ways.

A :class:`Trace` only collects; what *should* have been exercised is asked of the flows in
``coverage.py``.
"""

from dataclasses import dataclass, field
from typing import Any, Final, cast

from bot.core import events
from bot.core.events import Event
from bot.core.ids import ChoiceId, Language, StepId
from bot.core.rules import Answers, Rules, Step
from bot.core.session import Session
from bot.flowdef.compile import NEXT as GOING_ON
from bot.flowdef.compile import landings, triggers
from bot.flowdef.model import Library

NEXT, DONE, WORDS = "next", "done", "words"
"""Ways on that are no choices: the button that goes on, the one under marks, an answer typed."""

PART: Final = "next_part"
"""The button under a list that has more. No way on that a flow owes: how long a list is, varies."""

SILENCE: Final = "silence"
SHOWN, SKIPPED = "when: yes", "when: no"
"""The two ways a step's ``when`` can turn out."""


@dataclass(slots=True)
class Trace:
    """Sets of what happened at least once: screens, and ways taken, each by language."""

    screens: set[tuple[StepId, Language]] = field(default_factory=set)
    ways: set[tuple[StepId, str, Language]] = field(default_factory=set)

    def took(self, step: StepId, way: str, language: Language) -> None:
        """One way out of a step."""
        self.ways.add((step, way, language))

    def after(self, event: Event, before: Session, now: Session, rules: Rules) -> None:
        """Note the way that one event took out of the step she saw before it."""
        place, language = before.place, before.language
        step = rules.step(place)
        self.screens |= {(frame, now.language) for frame in now.frames}
        match event.heard:
            case events.Chose(choice):
                self.took(place, choice, language)
                self._meant(choice, step, before)
            case events.Marked(choice, True):
                self.took(place, choice, language)
            case events.Continued():
                many = step is not None and step.kind == "choose_many"
                self.took(place, DONE if many else NEXT, language)
            case events.Wrote() | events.Asked():
                self.took(place, WORDS, language)
            case events.Fell(at) if now.at != before.at:
                self.took(at, SILENCE, language)
            case _:
                pass

    def _meant(self, choice: ChoiceId, step: Step | None, before: Session) -> None:
        """A yes to "Did you mean …?" also takes the choice that was meant."""
        found = step.choice(choice) if step is not None else None
        pending = before.pending
        if found is None or found.verb != "yes" or pending is None or pending.kind != "suggestion":
            return
        under = before.over[-2] if len(before.over) > 1 else before.at
        self.took(under, pending.value, before.language)


class _Watched:
    """Rules that note which conditions held and which did not. All other questions go through."""

    def __init__(self, rules: Rules, library: Library, trace: Trace) -> None:
        self._rules = rules
        self._library = library
        self._trace = trace

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the rules have
        return getattr(self._rules, name)

    def onward(self, at: StepId, choice: ChoiceId | None, answers: Answers) -> StepId | None:
        """As the rules say; every ``when`` on the way is noted with how it turned out."""
        reached = self._rules.onward(at, choice, answers)
        step = self._library.steps.get(at)
        aims = dict(triggers(self._library, step)) if step is not None else {}
        aim = aims.get(GOING_ON if choice is None else choice)
        language = Language(str(answers.get("language", "")))
        for landing in landings(self._library, aim) if aim is not None else ():
            if landing.step == reached:
                if landing.test is not None:
                    self._trace.took(landing.step, SHOWN, language)
                break
            self._trace.took(landing.step, SKIPPED, language)
        return reached


def watched(rules: Rules, library: Library, trace: Trace) -> Rules:
    """The same rules, telling ``trace`` how each ``when`` turns out. No answer is changed."""
    return cast("Rules", _Watched(rules, library, trace))
