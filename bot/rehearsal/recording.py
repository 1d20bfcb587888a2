"""A played conversation as a scenario, and scenarios as the text of a ``*.tests.yaml`` file.

What she sees is noted where it changes, by step id; what is stored, at the end. The text reads like
one that somebody wrote, and plays the same way again.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from bot.core.ids import StepId
from bot.flowdef.fields import SURPRISES
from bot.flowdef.model import Place

from .acting import span_of
from .answers import Answer, named
from .comparing import stored
from .person import Person
from .scenario import (
    LANGUAGE,
    NONE,
    Act,
    AtTheDesk,
    Desk,
    Gone,
    Line,
    Marks,
    Says,
    Scenario,
    Sees,
    She,
    Stored,
    Taps,
    Waits,
    Wording,
)

HERE: Final = Place("", 1, 1)
PLAIN: Final = re.compile(r"[A-Za-z]([A-Za-z0-9_./ -]*[A-Za-z0-9])?")
HEADER: Final = (
    "# Recorded with `python -m bot simulate`. Replace words that somebody really said.\n"
)


@dataclass(slots=True)
class Recorder:
    """Collects what happens, one scenario after the other."""

    done: list[Scenario] = field(default_factory=list)
    current: Scenario | None = None
    seen: StepId | None = None

    def begins(
        self,
        person: Person,
        start: StepId | None,
        answers: dict[str, Answer],
        consents: tuple[str, ...],
    ) -> None:
        """A conversation begins, with the first screen already shown."""
        self.current = Scenario(
            name="",
            place=HERE,
            languages=(person.language,),
            lines=(),
            start=start,
            answers={name: _named(person, name, given) for name, given in answers.items()},
            consents=consents,
        )
        self.seen = None
        self._sees(person)

    def did(self, act: Act, person: Person) -> None:
        """Something happened."""
        if self.current is not None:
            self.current = replace(self.current, lines=(*self.current.lines, act))
            self._sees(person)

    def _sees(self, person: Person) -> None:
        step = person.seen.step if person.seen is not None else None
        if step is not None and step != self.seen and self.current is not None:
            lines = (*self.current.lines, Sees(HERE, step))
            self.current = replace(self.current, lines=lines)
        self.seen = step

    def ends(self, person: Person) -> None:
        """The conversation is over: what is stored now is what must be stored."""
        scenario = self.current
        if scenario is None or not any(isinstance(line, Act) for line in scenario.lines):
            return
        kept = {
            name: tuple(_named(person, name, values))
            for name, values in stored(person).items()
            if name != LANGUAGE
        }
        self.done.append(
            replace(
                scenario,
                name=f"Recorded conversation {len(self.done) + 1}",
                lines=(*scenario.lines, Stored(HERE, kept)),
                ends=None if person.session.away else person.session.place,
            )
        )
        self.current = None


def _named(person: Person, name: str, given: Answer) -> Answer:
    """An answer by choice ids."""
    library = person.edition.library
    if isinstance(given, str):
        return named(library, name, given)
    return tuple(named(library, name, value) for value in given)


# ---------------------------------------------------------------- as text


def as_yaml(scenarios: Iterable[Scenario]) -> str:
    """The text of a file with these scenarios."""
    lines = [line for scenario in scenarios for line in _scenario(scenario)]
    return HEADER + "tests:\n" + "".join(f"  {line}\n" for line in lines)


def _scenario(scenario: Scenario) -> Iterator[str]:
    yield f"- name: {_text(scenario.name)}"
    if scenario.languages:
        yield f"  language: {_several(scenario.languages)}"
    if scenario.start is not None:
        yield f"  start: {_text(scenario.start)}"
    given = {
        name: (value,) if isinstance(value, str) else value
        for name, value in scenario.answers.items()
    }
    if scenario.consents:
        given["consent"] = scenario.consents
    if given:
        yield f"  with: {_pairs(given)}"
    if scenario.lines:
        yield "  do:"
    for line in scenario.lines:
        yield f"    - {_line(line)}"
    if scenario.ends is not None:
        yield f"  ends: {_text(scenario.ends)}"


def _line(line: Line) -> str:  # noqa: PLR0911 - one table, a line a verb
    match line:
        case Taps(_, names):
            return f"taps: {_several(names)}"
        case Marks(_, names):
            return f"marks: {_several(names)}"
        case Says(button=button) if button:
            return f"says: {{button: {_text(button)}}}"
        case Says(words=words):
            return f"says: {_wording(words)}"
        case Waits(_, span):
            return f"waits: {span_of(span)}"
        case She(_, does):
            return f"she: {does}"
        case Desk(words=words) if words:
            return f"desk: {{writes: {_text(words)}}}"
        case Desk(does=does):
            return f"desk: {does}"
        case AtTheDesk(_, words):
            return f"desk: {{reads: {_wording(words)}}}"
        case Sees():
            return f"sees: {_sees(line)}"
        case Stored(_, values):
            return f"stored: {_pairs(dict(values)) if values else NONE}"
        case Gone():
            return "gone: yes"
        case _ as unreachable:
            assert_never(unreachable)


def _sees(sees: Sees) -> str:
    parts = {
        "step": _text(sees.step) if sees.step is not None else "",
        "text": _wordings(sees.text),
        "not": _wordings(sees.absent),
        "button": _several(sees.buttons) if sees.buttons else "",
        "no_button": _several(sees.missing) if sees.missing else "",
        "line": _wordings(sees.line),
        "pictures": "" if sees.pictures is None else str(sees.pictures),
    }
    written = {key: part for key, part in parts.items() if part}
    if list(written) == ["step"]:
        return written["step"]
    return "{" + ", ".join(f"{key}: {part}" for key, part in written.items()) + "}"


def _wordings(wordings: tuple[Wording, ...]) -> str:
    if len(wordings) == 1:
        return _wording(wordings[0])
    return _several(tuple(wording.every for wording in wordings)) if wordings else ""


def _wording(wording: Wording) -> str:
    if not wording.by_language:
        return _text(wording.every)
    pairs = (f"{language}: {_text(words)}" for language, words in wording.by_language.items())
    return "{" + ", ".join(pairs) + "}"


def _pairs(values: dict[str, tuple[str, ...]]) -> str:
    return "{" + ", ".join(f"{name}: {_several(given)}" for name, given in values.items()) + "}"


def _several(values: tuple[str, ...]) -> str:
    if not values:
        return NONE
    if len(values) == 1:
        return _text(values[0])
    return "[" + ", ".join(map(_text, values)) + "]"


def _text(value: str) -> str:
    """Bare where it cannot be misread, else in quotes."""
    if PLAIN.fullmatch(value) and value.lower() not in SURPRISES:
        return value
    return json.dumps(value, ensure_ascii=False)
