"""Every way out of a step, in words a lead reads: which button, where to, and what happens there.

The pictures and the review document say the same because both ask here. Works on a Library with
errors too: a target that nobody wrote is an Exit without one. What the core does with a button is
not decided here, only told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.core.ids import StepId
from bot.core.rules import StepKind, Verb
from bot.flowdef.checks.ways import unreachable
from bot.flowdef.compile import GOING_ON, MOVING, NEXT, SILENT, following, triggers
from bot.flowdef.model import ALWAYS, ChoiceDef, Library, StepDef, Text
from bot.text import markup

Line = Literal["go", "visit", "silence"]
"""go: to stay there · visit: there and back · silence: when nothing comes for a while."""

Fate = Literal["known", "unknown", "nothing", "returns"]
"""Whether the target exists: it does · nobody wrote it · none was named and nothing follows · the
included flow is over and goes back to where it was included."""

KINDS: Mapping[StepKind, str] = {
    "say": "screen",
    "choose": "choice",
    "choose_many": "marks",
    "ask": "question",
    "consent": "consent",
    "compare": "comparison",
    "resources": "places to call",
    "handoff": "handoff",
    "include": "include",
    "wait": "wait",
    "end": "end",
    "chat": "live chat",
}
"""What each kind of step is called in a picture."""

STAYING: Mapping[Verb, str] = {
    "back": "one screen back",
    "leave": "leaves and clears the chat",
    "person": "asks for a person",
    "numbers": "shows the numbers",
    "language": "language screen",
    "country": "names a country",
    "hold": "shows what is kept",
    "erase": "asks about deleting",
    "stop": "ends the talk or the request",
    "reading": "changes how she reads",
    "typed": "changes what happens to typed words",
    "keep": "this screen stays in the chat",
    "give": "agrees",
    "refuse": "does not agree",
    "send": "sends the request",
    "talk": "opens the live talk",
    "resume": "back to where she was",
    "yes": "does what was suggested",
    "no": "does not do what was suggested",
    "to_desk": "sends her words to the desk",
    "forget": "removes an answer",
    "picture": "sends the comparison as a picture",
}
"""What a button does that leads to no step of a flow."""

ENDS = (".", "!", "?", ":", "]", "”")
"""After these a paragraph needs no sign to part it from the next."""

SPANS = (("day", 86400), ("hour", 3600), ("minute", 60))


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out. ``choice`` is the id of the button, or empty; ``written`` as the author did."""

    label: str
    line: Line
    fate: Fate
    target: StepId | None = None
    written: str = ""
    choice: str = ""


def plain(text: Text | None) -> str:
    """A text without marks, on one line, its placeholders in square brackets."""
    if text is None:
        return ""
    template = markup.parse(text.source)
    shown = template.plain({name: f"[{name}]" for name in template.names})
    parts = [" ".join(part.split()) for part in shown.split("\n\n")]
    ended = (part if part.endswith(ENDS) else f"{part} ·" for part in parts if part)
    return " ".join(ended).removesuffix(" ·")


def span(length: timedelta) -> str:
    """A length of time as a lead would say it: ``24 hours``, ``30 days``."""
    seconds = int(length.total_seconds())
    for name, unit in SPANS:
        if seconds % unit == 0 and (seconds >= 2 * unit or seconds == unit):
            count = seconds // unit
            return f"{count} {name}{'s' if count > 1 else ''}"
    return f"{seconds} seconds"


@dataclass(frozen=True, slots=True)
class Survey:
    """A Library looked through once. ``led_from``: which other flows lead to a step."""

    library: Library
    exits: Mapping[StepId, tuple[Exit, ...]]
    led_from: Mapping[StepId, tuple[str, ...]]
    included: Mapping[str, tuple[StepId, ...]]
    """For each included flow, the steps that include it."""
    lost: frozenset[str]
    """The ids of steps that nothing leads to."""

    def after(self, step: StepDef) -> Exit:
        """Where one comes who skips a step because its ``when`` is false."""
        target = following(self.library, step)
        if target is not None:
            return Exit("otherwise", "go", "known", target)
        return _Reader(self.library, self.included).nowhere(step, "otherwise")


def survey(library: Library) -> Survey:
    """Every way out of every step. Never raises for what an author wrote."""
    included: dict[str, tuple[StepId, ...]] = {}
    for step in library.steps.values():
        if step.include:
            included[step.include] = (*included.get(step.include, ()), step.id)
    reader = _Reader(library, included)
    found = {step.id: tuple(reader.exits(step)) for step in library.steps.values()}
    led: dict[StepId, dict[str, None]] = {}
    for step_id, leaving in found.items():
        step = library.steps[step_id]
        flow = step.flow
        skipped = following(library, step) if step.when is not None else None
        for target in (*(each.target for each in leaving), skipped):
            if target is None:
                continue
            if library.steps[target].flow != flow:
                led.setdefault(target, {})[flow] = None
    lost = frozenset(issue.id for issue in unreachable(library))
    led_from = {step_id: tuple(flows) for step_id, flows in led.items()}
    return Survey(library, found, led_from, included, lost)


def going_on(library: Library, step: StepDef) -> str:
    """The words on the button that goes on, or what happens instead of a press."""
    if step.kind == "ask":
        return "when answered"
    if step.kind == "include":
        return "when it is over"
    usual = "always.button_done" if step.kind == "choose_many" else "always.button_next"
    return plain(step.next or library.texts.get(usual)) or "Go on"


class _Reader:
    """Reads the ways out of one step after the other: going on, then buttons, then silence."""

    def __init__(self, library: Library, included: Mapping[str, tuple[StepId, ...]]) -> None:
        self._library = library
        self._included = included

    def exits(self, step: StepDef) -> Iterator[Exit]:
        aims = dict(triggers(self._library, step))
        if step.include:
            first = self._library.first(step.include)
            yield self._to(first, step.include, "runs this flow", "visit")
        if step.kind in GOING_ON:
            label = going_on(self._library, step)
            yield self._aimed(aims.get(NEXT), step, label)
        for choice in step.choices:
            yield from self._by_choice(step, choice, aims.get(choice.id))
        if step.kind == "wait" or step.then:
            waited = span(step.silence) if step.silence is not None else "a while"
            own = step.kind == "wait"
            label = f"by itself after {waited}" if own else f"no answer for {waited}"
            aim = aims.get(SILENT)
            if step.then and aim is None:
                yield Exit(label, "silence", "unknown", None, step.then)
            else:
                yield self._aimed(aim, step, label, line="silence")

    def _by_choice(self, step: StepDef, choice: ChoiceDef, aim: StepId | None) -> Iterator[Exit]:
        label = plain(choice.text)
        if choice.verb == "picture":
            label += " (sends a picture)"
        if choice.visit:
            target = self._library.resolve(choice.visit, step.flow)
            yield self._to(target, choice.visit, label, "visit", choice.id)
        elif choice.go:
            yield self._to(aim, choice.go, label, "go", choice.id)
        elif choice.verb in MOVING and step.kind not in ("choose_many", "end"):
            yield self._aimed(aim, step, label, choice.id)

    def _to(
        self, target: StepId | None, written: str, label: str, line: Line, choice: str = ""
    ) -> Exit:
        return Exit(label, line, "unknown" if target is None else "known", target, written, choice)

    def _aimed(
        self, aim: StepId | None, step: StepDef, label: str, choice: str = "", line: Line = "go"
    ) -> Exit:
        if aim is None:
            return self.nowhere(step, label, choice, line)
        return Exit(label, line, "known", aim, "", choice)

    def nowhere(self, step: StepDef, label: str, choice: str = "", line: Line = "go") -> Exit:
        """Nothing follows: a target nobody wrote, the end of an included flow, or a mistake."""
        if step.go:
            return Exit(label, line, "unknown", None, step.go, choice)
        fate: Fate = "returns" if step.flow in self._included else "nothing"
        return Exit(label, line, fate, None, "", choice)


def stays(step: StepDef, choice: ChoiceDef) -> str:
    """What a button does that leads to no step; empty for one that leads to a step or is a mark."""
    if choice.go or choice.visit or step.kind == "choose_many":
        return ""
    if choice.verb in MOVING:
        return STAYING.get(choice.verb, "") if step.kind == "end" else ""
    if choice.verb == "language" and choice.argument:
        return f"changes the language to {choice.argument}"
    if choice.verb == "country":
        return f"shows the numbers of {choice.argument}"
    if choice.verb == "erase" and choice.argument:
        return "deletes everything"
    return STAYING.get(choice.verb, choice.verb)


def entrance_note(library: Library, step: StepId) -> tuple[str, ...]:
    """The doors that open a step, in words; empty for most steps."""
    doors = [door.word for door in library.doors if library.resolve(door.target, ALWAYS) == step]
    first = ["Everybody begins here"] if "start" in doors else []
    return (*first, *(f"door: {word}" for word in doors if word != "start"))
