"""Checks about steps that are gone, and the comparison of a version with the one before it."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from bot.core.ids import StepId
from bot.flowdef.fields import did_you_mean
from bot.flowdef.model import Issue, Library, Severity, StepDef

ALIKE = 0.8
"""From this similarity of words on, a new step is taken for a renamed old one in a hint."""


def unknown_heir(library: Library) -> Iterator[Issue]:
    """A removed step is really gone, and its people are sent to one step, which exists."""
    renamed = {_old_name(step): step.id for step in library.steps.values() if step.was}
    for gone in library.removed.values():
        if gone.id in library.steps:
            what = f"`{gone.id}` is listed as removed, and it is still there."
            yield Issue(gone.place, "unknown_heir", gone.id, what, "Delete one of the two.")
        elif gone.id in renamed:
            what = f"`{gone.id}` is listed as removed, and `{renamed[gone.id]}` says it was that."
            yield Issue(gone.place, "unknown_heir", gone.id, what, "Delete one of the two.")
        elif gone.moved_to and library.resolve(gone.moved_to, gone.flow) is None:
            what = f"There is no step or flow `{gone.moved_to}`."
            flow = library.flow(gone.flow)
            near = tuple(each.id.partition(".")[2] for each in flow.steps) if flow else ()
            todo = did_you_mean(gone.moved_to, (*near, *library.steps))
            yield Issue(gone.place, "unknown_heir", gone.id, what, todo)


def removed_without_heir(
    old: Library, new: Library, standing: Mapping[StepId, int]
) -> Iterator[Issue]:
    """Steps of ``old`` that ``new`` lacks and does not speak of: errors where people stand.

    ``standing``: how many people stand in each step. ``place`` is where the step stood in ``old``.
    """
    renamed = {_old_name(step) for step in new.steps.values() if step.was}
    for step_id, step in old.steps.items():
        if step_id in new.steps or step_id in renamed or step_id in new.removed:
            continue
        people = standing.get(step_id, 0)
        what = f"The step is gone, and {_people(people)} in it." if people else "The step is gone."
        todo = f"{_hint(step, old, new)}Write it under `removed:` in {step.flow}.yaml, "
        todo += "with `moved_to:` or `finish: yes`."
        severity: Severity = "error" if people else "warning"
        yield Issue(step.place, "removed_without_heir", step_id, what, todo, severity)


def _people(count: int) -> str:
    return "1 person stands" if count == 1 else f"{count} people stand"


def _old_name(step: StepDef) -> str:
    return step.was if "." in step.was else f"{step.flow}.{step.was}"


def _hint(gone: StepDef, old: Library, new: Library) -> str:
    """Whether a new step of the same flow reads like the one that is gone."""
    said = gone.say.source if gone.say is not None else ""
    for step in new.steps.values():
        if step.flow != gone.flow or step.id in old.steps or step.say is None or not said:
            continue
        if SequenceMatcher(None, said, step.say.source).ratio() >= ALIKE:
            name = gone.id.partition(".")[2]
            return f"Did you rename it to `{step.id}`? Then write `was: {name}` there. Else: "
    return ""
