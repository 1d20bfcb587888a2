"""One flow, or all of them, as plain boxes and arrows: what a picture shows, not where.

Boxes stand in the order of the file, so that a picture changes where its author changed the file.
Knows nothing of coordinates, colours or file formats, and never raises for a Library with errors:
a lead draws while mending.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.core.ids import StepId
from bot.flowdef.model import ALWAYS, ALWAYS_ON, Flow, Library, StepDef

from .exits import KINDS, Exit, Line, Survey, entrance_note, plain, span, stays

Shape = Literal[
    "step",
    "consent",
    "handoff",
    "end",
    "flow",
    "gate",  # a `when`: asked before the step below it
    "elsewhere",  # a step or flow that has a picture of its own
    "returns",  # the included flow is over
    "missing",  # a target that nobody wrote
    "entrance",  # a door, or other flows that lead here
]
SPINE: tuple[Shape, ...] = ("step", "consent", "handoff", "end", "flow", "gate")
"""Shapes that stand in the order of the file; the others belong to one of these."""

MOST_LABELS = 4
"""Labels on one arrow of the overview; more are counted."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box. ``tag`` is its kind in a word; ``beside`` what else a reader of it should know."""

    id: str
    shape: Shape
    name: str
    tag: str = ""
    text: str = ""
    beside: tuple[str, ...] = ()
    reached: bool = True
    marks: tuple[Shape, ...] = ()
    """Of a flow: the signs of what is in it. Beside it says the same in words, in this order."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From box to box. Several buttons that lead to the same place share one arrow."""

    start: str
    end: str
    labels: tuple[str, ...] = ()
    line: Line = "go"


@dataclass(frozen=True, slots=True)
class Graph:
    """One picture. Every arrow begins and ends at a box that is there."""

    id: str
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


class _Drawing:
    """Collects boxes and arrows; arrows between the same two boxes become one."""

    def __init__(self) -> None:
        self._boxes: dict[str, Box] = {}
        self._arrows: dict[tuple[str, str, Line], tuple[str, ...]] = {}

    def box(self, box: Box) -> str:
        self._boxes.setdefault(box.id, box)
        return box.id

    def arrow(self, start: str, end: str, label: str = "", line: Line = "go") -> None:
        labels = self._arrows.get((start, end, line), ())
        if label and label not in labels:
            labels = (*labels, label)
        self._arrows[start, end, line] = labels

    def graph(self, name: str, title: str, most: int | None = None) -> Graph:
        arrows = (
            Arrow(start, end, _counted(labels, most), line)
            for (start, end, line), labels in self._arrows.items()
        )
        return Graph(name, title, tuple(self._boxes.values()), tuple(arrows))


def _counted(labels: tuple[str, ...], most: int | None) -> tuple[str, ...]:
    if most is None or len(labels) <= most:
        return labels
    return (*labels[: most - 1], f"and {len(labels) - most + 1} more")


def flow_graph(seen: Survey, flow: Flow) -> Graph:
    """Every step of a flow, and the steps of other flows that it touches as small boxes."""
    drawing = _Drawing()
    steps = [step for step in flow.steps if seen.library.steps.get(step.id) is step]
    for step in steps:
        if step.when is not None:
            drawing.box(_gate(step, reached=step.id not in seen.lost))
        drawing.box(_step_box(step, reached=step.id not in seen.lost))
    for step in steps:
        _entrance(drawing, seen, step)
        if step.when is not None:
            gate = gate_of(step.id)
            drawing.arrow(gate, step.id, "yes")
            past = seen.after(step)
            drawing.arrow(gate, _end_of(drawing, seen, step, past, gate), past.label)
        for each in seen.exits[step.id]:
            drawing.arrow(
                step.id, _end_of(drawing, seen, step, each, step.id), each.label, each.line
            )
    return drawing.graph(flow.id, plain(flow.title) or flow.id)


def gate_of(step: StepId) -> str:
    """The id of the box that asks a step's ``when``."""
    return f"{step}?"


def _gate(step: StepDef, *, reached: bool) -> Box:
    source = step.when.source if step.when is not None else ""
    return Box(f"{step.id}?", "gate", f"{_local(step.id)}?", "only when", source, reached=reached)


def _step_box(step: StepDef, *, reached: bool) -> Box:
    shape: Shape = "step"
    match step.kind:
        case "consent" | "handoff" | "end":
            shape = step.kind
        case _:
            pass
    return Box(
        id=step.id,
        shape=shape,
        name=_local(step.id),
        tag=KINDS.get(step.kind, step.kind),
        text=plain(step.say),
        beside=tuple(_beside(step)),
        reached=reached,
    )


def _local(step: StepId) -> str:
    return step.partition(".")[2] or step


def _beside(step: StepDef) -> Iterator[str]:
    if step.consent:
        lasts = f"for {span(step.valid_for)}" if step.valid_for else "without a written end"
        yield f"Agrees to: {step.consent}, {lasts}"
    if step.handoff is not None:
        shared = ", ".join(step.handoff.share) or "nothing"
        yield f"To the queue {step.handoff.queue}. Shares: {shared}"
    if step.include:
        yield f"Runs the flow {step.include}, then goes on"
    if step.compare is not None:
        ways = ", ".join(step.compare.ways)
        yield f"Compares {ways} by {step.compare.by}"
    if step.kind == "choose_many" and step.choices:
        yield "Marks: " + " · ".join(plain(choice.text) for choice in step.choices)
    if step.save:
        yield f"Saved as: {step.save}"
    staying = ((plain(choice.text), stays(step, choice)) for choice in step.choices)
    yield from (f"“{label}”: {does}" for label, does in staying if does)
    if step.shuffled:
        yield "The order of the buttons changes from person to person"


def _entrance(drawing: _Drawing, seen: Survey, step: StepDef) -> None:
    names = (
        *entrance_note(seen.library, step.id),
        *(f"from {flow}" for flow in seen.led_from.get(step.id, ())),
    )
    if names:
        box = Box(f"{step.id}<", "entrance", names[0], beside=names[1:])
        drawing.arrow(drawing.box(box), step.id)


def _end_of(drawing: _Drawing, seen: Survey, step: StepDef, each: Exit, start: str) -> str:
    """The box an exit ends at; a small box is made for each arrow, beside its start."""
    beside = _beside_id(start, each)
    if each.target is not None:
        target = seen.library.steps[each.target]
        if target.flow != step.flow:
            return drawing.box(Box(f"{beside}{target.id}", "elsewhere", target.id))
        return gate_of(target.id) if target.when and each.line != "visit" else target.id
    if each.fate == "returns":
        back = ", ".join(seen.included[step.flow])
        return drawing.box(Box(beside, "returns", f"back to {back}"))
    name = f"? {each.written}" if each.written else "? nothing follows"
    return drawing.box(Box(f"{beside}{name}", "missing", name))


def _beside_id(start: str, each: Exit) -> str:
    return f"{start}>" if each.line == "go" else f"{start}>{each.line} "


# ---------------------------------------------------------------------------------------- all flows


def overview_graph(seen: Survey) -> Graph:
    """Every flow as one box, in the order in which a survivor can meet them."""
    drawing = _Drawing()
    library = seen.library
    ordered = in_order_of_reach(seen)
    for flow in ordered:
        drawing.box(_flow_box(seen, flow))
    start = library.door("start")
    if start is not None and library.flow(library.steps[start].flow) is not None:
        drawing.box(Box(":start", "entrance", "Everybody begins here"))
        drawing.arrow(":start", library.steps[start].flow)
    for flow in ordered:
        if flow.id == ALWAYS:
            _words(drawing, library)
        for step in flow.steps:
            leaving = seen.exits.get(step.id, ())
            for each in leaving if step.when is None else (*leaving, seen.after(step)):
                _between_flows(drawing, library, flow, each)
    return drawing.graph("overview", "All flows", MOST_LABELS)


def _between_flows(drawing: _Drawing, library: Library, flow: Flow, each: Exit) -> None:
    if each.target is not None:
        other = library.steps[each.target].flow
        if other != flow.id:
            drawing.arrow(flow.id, other, each.label, each.line)
    elif each.fate != "returns":
        name = f"? {each.written}" if each.written else "? nothing follows"
        box = Box(f"{_beside_id(flow.id, each)}{name}", "missing", name)
        drawing.arrow(flow.id, drawing.box(box), each.label, each.line)


def _words(drawing: _Drawing, library: Library) -> None:
    """Always-on words whose screen stands in another flow."""
    for word in library.words:
        opened = library.door(word.id) if word.id in ALWAYS_ON else None
        if opened is not None and library.steps[opened].flow != ALWAYS:
            drawing.arrow(ALWAYS, library.steps[opened].flow, plain(word.text))


def _flow_box(seen: Survey, flow: Flow) -> Box:
    count = len(flow.steps)
    marks: list[Shape] = []
    beside: list[str] = []
    kinds: tuple[Shape, ...] = ("consent", "handoff")
    for kind in kinds:
        found = [_local(step.id) for step in flow.steps if step.kind == kind]
        if found:
            marks.append(kind)
            beside.append(f"{kind.capitalize()}: {', '.join(found)}")
    beside.append(f"{count} step{'' if count == 1 else 's'}")
    if flow.id == ALWAYS:
        beside.append("Works at every step")
    lost = sum(step.id in seen.lost for step in flow.steps)
    if lost:
        beside.append(f"{lost} unreachable")
    reached = not flow.steps or lost < count
    return Box(
        id=flow.id,
        shape="flow",
        name=flow.id,
        tag="flow",
        text=plain(flow.title),
        beside=tuple(beside),
        reached=reached,
        marks=tuple(marks),
    )


def in_order_of_reach(seen: Survey) -> tuple[Flow, ...]:
    """From the first flow on, as they are met; those that nothing leads to come last."""
    library = seen.library
    start = library.door("start")
    waiting = [library.steps[start].flow] if start is not None else []
    found: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        flow = library.flow(name)
        if name in found or name == ALWAYS or flow is None:
            continue
        found[name] = None
        exits_of = (each for step in flow.steps for each in seen.exits.get(step.id, ()))
        targets = (each.target for each in exits_of if each.target is not None)
        waiting += [library.steps[target].flow for target in targets]
    met = tuple(flow for name in found for flow in library.flows if flow.id == name)
    left = tuple(flow for flow in library.flows if flow.id not in found)
    return met + left
