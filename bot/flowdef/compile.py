"""From a Library to one shared state machine that answers the core's questions.

The only importer of ``transitions``. What its measurements taught (see the tests): one machine for
everybody, no models, no automatic transitions, only our closures as conditions, rows in order with
the unconditional one last, and both of its ways of saying no (``MachineError`` and ``False``) mean
the same. Words never enter: changing a sentence keeps ``structure``, changing a target does not.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from transitions import EventData, Machine, MachineError

from bot.core.ids import ChoiceId, StepId
from bot.core.rules import Answers, Choice, Compare, Step, Verb

from . import conditions
from .model import ALWAYS, ChoiceDef, Library, StepDef

NEXT = ":next"
SILENT = "silent"
EVENT = "on "
"""Before every name given to the machine, which refuses some words, ``state`` for one."""

MOVING: tuple[Verb, ...] = ("go", "give", "refuse", "send", "picture")
"""Verbs that lead on without a ``go:`` of their own."""

GOING_ON = ("say", "ask", "choose_many", "include", "compare", "resources", "wait")
"""Kinds that can be left without choosing."""


@dataclass(frozen=True, slots=True)
class Landing:
    """One row: where a trigger may lead, and the test that must hold; None: always."""

    step: StepId
    test: conditions.Test | None


class Cursor:
    """Stands in for a model; never registered, dies with the call."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def following(library: Library, step: StepDef) -> StepId | None:
    """Where a step leads by itself: its ``go``, else the next in the list; None: the flow ends."""
    if step.kind == "end":
        return None
    if step.go:
        return library.resolve(step.go, step.flow)
    return None if step.flow == ALWAYS else library.after.get(step.id)


def onward_of(library: Library, step: StepDef, choice: ChoiceDef) -> StepId | None:
    """Where a choice leads before any ``when`` is looked at; None: it does not move, or it ends."""
    if choice.go:
        return library.resolve(choice.go, step.flow)
    if choice.verb not in MOVING or step.kind == "choose_many":
        return None
    return following(library, step)


def triggers(library: Library, step: StepDef) -> Iterator[tuple[str, StepId]]:
    """Every way out of a step: the trigger and where it aims."""
    target = following(library, step)
    if step.kind in GOING_ON and target is not None:
        yield NEXT, target
    for choice in step.choices:
        aim = onward_of(library, step, choice)
        if aim is not None:
            yield choice.id, aim
    if step.kind == "wait" and target is not None:
        yield SILENT, target
    if step.then:
        aim = library.resolve(step.then, step.flow)
        if aim is not None:
            yield SILENT, aim


def landings(library: Library, target: StepId) -> Iterator[Landing]:
    """The rows for one aim: it, or what follows while a ``when`` is false, the sure one last."""
    seen: set[StepId] = set()
    at: StepId | None = target
    while at is not None and at not in seen:
        seen.add(at)
        step = library.steps[at]
        if step.when is None:
            yield Landing(at, None)
            return
        yield Landing(at, conditions.closure(conditions.parse(step.when.source)))
        at = following(library, step)


def compile_library(library: Library) -> "Compiled":
    """The rules of a checked library.

    Raises ValueError (a ``when`` that cannot be read) or KeyError (no ``start`` or ``rescue`` door)
    for a library that was not checked.
    """
    logging.getLogger("transitions").setLevel(
        logging.WARNING
    )  # it logs state names: what one reads
    return Compiled(library)


class Compiled:
    """Implements ``bot.core.rules.Rules``. Shared by everybody; holds no person."""

    def __init__(self, library: Library) -> None:
        self._doors = {door.word: library.door(door.word) for door in library.doors}
        self._steps = {step_id: _step(library, step) for step_id, step in library.steps.items()}
        self._saving = {name: found[0].id for name, found in library.saved.items() if found}
        self._renamed = dict(_renamed(library))
        self._moved = dict(_moved(library))
        self._start = self.door("start")
        self._rescue = self.door("rescue")
        self._machine = _machine(library)
        self._rests = {
            step_id: tuple(landings(library, step_id))
            for step_id, step in library.steps.items()
            if step.when is not None
        }
        self._triggers: dict[str, Callable[..., bool]] = {
            name.removeprefix(EVENT): event.trigger for name, event in self._machine.events.items()
        }
        self._structure = structure_of(library)
        self._topics = frozenset(step.flow for step in library.steps.values() if step.sources)

    @property
    def structure(self) -> str:
        """The hash a session is pinned to: 64 hexadecimal digits."""
        return self._structure

    @property
    def start(self) -> StepId:
        """Where everybody begins."""
        return self._start

    @property
    def rescue(self) -> StepId:
        """Where a person goes whose position no longer resolves."""
        return self._rescue

    @property
    def topics(self) -> frozenset[str]:
        """The flows that cite a source."""
        return self._topics

    def door(self, word: str) -> StepId:
        """The step behind a door. Raises KeyError for one the flows lack: a bug, it is checked."""
        found = self._doors.get(word)
        if found is None:
            msg = f"The flows have no door `{word}`; `python -m bot check` says what is missing."
            raise KeyError(msg)
        return found

    def step(self, at: StepId) -> Step | None:
        """The step with that id, or with that id before it was renamed."""
        return self._steps.get(at) or self._steps.get(self._renamed.get(at, at))

    def moved(self, structure: str, at: StepId) -> StepId | None:
        """Where to take a person who stood at a step that was removed; None: it was not."""
        return None if structure == self._structure else self._moved.get(at)

    def saving(self, name: str) -> Step | None:
        """The first step that saves an answer under ``name``, or None."""
        found = self._saving.get(name)
        return self._steps.get(found) if found is not None else None

    def onward(self, at: StepId, choice: ChoiceId | None, answers: Answers) -> StepId | None:
        """Where ``choice`` leads; None: the flow ends here, or that choice leads nowhere."""
        trigger = self._triggers.get(NEXT if choice is None else choice)
        if trigger is None:
            return None
        at = self._renamed.get(at, at)
        cursor = Cursor(at)
        try:
            moved = trigger(cursor, answers=answers)
        except MachineError:
            return None
        except ValueError:  # what the machine says of a step it does not have
            if at in self._steps:
                raise
            return None
        return StepId(cursor.state) if moved else None

    def rests(self, at: StepId, answers: Answers) -> StepId:
        """The first of the rows for that step whose test holds; ``at`` when none does."""
        step = self._renamed.get(at, at)
        rows = self._rests.get(step, ())
        found = next((row.step for row in rows if row.test is None or row.test(answers)), step)
        return at if found == step else found


def _machine(library: Library) -> Machine:
    machine = Machine(
        model=None,
        states=list(library.steps),
        initial=None,
        auto_transitions=False,
        send_event=True,
    )
    for step in library.steps.values():
        for trigger, target in triggers(library, step):
            for landing in landings(library, target):
                guard = None if landing.test is None else _guard(landing.test)
                machine.add_transition(EVENT + trigger, step.id, landing.step, conditions=guard)
    _share_what_is_empty(machine)
    return machine


def _share_what_is_empty(machine: Machine) -> None:
    """One empty list of callbacks for all, which a processor keeps at hand in the largest flows."""
    nothing: list[Any] = []
    for event in machine.events.values():
        for rows in event.transitions.values():
            for row in rows:
                row.prepare = row.before = row.after = nothing
                row.conditions = row.conditions or nothing
    for state in machine.states.values():
        state.on_enter = state.on_exit = nothing


def _guard(test: conditions.Test) -> Callable[..., bool | None]:
    """A closure, never a string: strings are looked up by ``transitions`` and imported."""

    def guard(event: EventData) -> bool:
        return test(event.kwargs["answers"])

    return guard


def _renamed(library: Library) -> Iterator[tuple[StepId, StepId]]:
    for step in library.steps.values():
        if step.was:
            old = step.was if "." in step.was else f"{step.flow}.{step.was}"
            yield StepId(old), step.id


def _moved(library: Library) -> Iterator[tuple[StepId, StepId]]:
    for gone in library.removed.values():
        target = library.resolve(gone.moved_to, gone.flow) if gone.moved_to else None
        if target is not None:
            yield gone.id, target


def _step(library: Library, step: StepDef) -> Step:
    return Step(
        id=step.id,
        kind=step.kind,
        choices=tuple(_choice(library, step, choice) for choice in step.choices),
        save=step.save,
        at_least=step.at_least,
        at_most=step.at_most,
        max_length=step.max_length,
        answer=step.answer,
        low=step.low,
        high=step.high,
        consent=step.consent,
        valid_for=step.valid_for,
        compare=_compare(step),
        listing=step.listing,
        handoff=step.handoff,
        include=library.first(step.include),
        silence=step.silence,
        shuffled=step.shuffled,
        back=step.back,
        keep=step.keep,
    )


def _compare(step: StepDef) -> Compare | None:
    written = step.compare
    if written is None:
        return None
    return Compare(written.by, tuple(row.id for row in written.rows), written.ways)


def _choice(library: Library, step: StepDef, choice: ChoiceDef) -> Choice:
    named = choice.visit or (choice.argument if choice.verb == "picture" else "")
    target = library.resolve(named, step.flow) if named else None
    return Choice(
        id=choice.id,
        verb=choice.verb,
        argument=target or choice.argument,
        value=choice.value,
        hours=choice.hours,
        alone=choice.alone,
        last=choice.last,
        affirmative=not choice.negative,
    )


def structure_of(library: Library) -> str:
    """The hash of ids, kinds, conditions, targets, saved names, verbs, timers; never of words."""
    canonical = {
        "saving": {name: steps[0].id for name, steps in library.saved.items()},
        "doors": {door.word: library.door(door.word) for door in library.doors},
        "steps": {step_id: _shape(library, step) for step_id, step in library.steps.items()},
    }
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _shape(library: Library, step: StepDef) -> dict[str, Any]:
    """One step as JSON: everything that ``Step`` holds or that decides where it leads."""
    when = conditions.canonical(conditions.parse(step.when.source)) if step.when else ""
    handoff, compare, listing = step.handoff, _compare(step), step.listing
    return {
        "kind": step.kind,
        "when": when,
        "to": dict(triggers(library, step)),
        "follows": following(library, step),
        "was": step.was,
        "save": step.save,
        "limits": [step.at_least, step.at_most, step.max_length],
        "answer": [step.answer, step.low, step.high],
        "compare": None if compare is None else [compare.by, compare.rows, compare.ways],
        "listing": None
        if listing is None
        else [
            listing.kinds,
            listing.kinds_from,
            listing.kinds_for,
            listing.region_from,
            listing.reach_from,
            listing.most,
        ],
        "consent": [step.consent, int(step.valid_for.total_seconds())],
        "handoff": None
        if handoff is None
        else [
            handoff.queue,
            list(handoff.share),
            handoff.consent,
            handoff.hours,
            handoff.zone,
            handoff.urgency,
        ],
        "include": library.first(step.include),
        "silence": None if step.silence is None else int(step.silence.total_seconds()),
        "shown": [step.shuffled, step.back, step.keep],
        "choices": [
            {
                "id": choice.id,
                "verb": choice.verb,
                "argument": _choice(library, step, choice).argument,
                "value": choice.value,
                "hours": [[span.start, span.end] for span in choice.hours],
                "marks": [choice.alone, choice.last, choice.negative],
            }
            for choice in step.choices
        ],
    }
