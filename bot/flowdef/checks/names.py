"""Checks about names: what conditions speak of exists, and nothing hides what works everywhere."""

import re
from collections.abc import Iterator

from bot.core.answers import LOOKED
from bot.flowdef.conditions import NotACondition, comparisons, parse
from bot.flowdef.fields import did_you_mean
from bot.flowdef.model import (
    ALWAYS,
    ALWAYS_ON,
    BUILT_INS,
    DOORS,
    Condition,
    Issue,
    Library,
    Place,
    StepDef,
)

COUNTRY_CODE = re.compile(r"[A-Z]{2}")
"""The form in which the answer to ``as: place`` keeps a country."""

MOST_CHOICES = 12
LANGUAGE = "language"


def unknown_condition(library: Library) -> Iterator[Issue]:
    """A ``when`` can be read, and its names and values exist."""
    for step in library.steps.values():
        if step.when is not None:
            yield from _condition(library, step, step.when)


def _condition(library: Library, step: StepDef, when: Condition) -> Iterator[Issue]:
    rule = "unknown_condition"
    try:
        compared = tuple(comparisons(parse(when.source)))
    except NotACondition as problem:
        what = f"The condition cannot be read: {problem}"
        todo = "Write for example `needs is answered` or `safety in needs`."
        yield Issue(when.place, rule, step.id, what, todo)
        return
    for name, values in compared:
        if name != LANGUAGE and name not in library.saved:
            what = f"Nothing is saved as `{name}`."
            todo = did_you_mean(name, (*library.saved, LANGUAGE))
            yield Issue(when.place, rule, step.id, what, todo)
        elif values and name != LANGUAGE:
            yield from _values(library, step, when, name, values)


def _values(
    library: Library, step: StepDef, when: Condition, name: str, values: tuple[str, ...]
) -> Iterator[Issue]:
    asking = library.saved[name]
    typed = [each for each in asking if each.kind == "ask"]
    countries = all(COUNTRY_CODE.fullmatch(value) for value in values)
    if typed and countries and all(each.answer == "place" for each in typed):
        return
    if typed:
        what = f"`{name}` is free text and cannot be compared."
        todo = f"Write `{name} is answered`."
        yield Issue(when.place, "unknown_condition", step.id, what, todo)
        return
    known = tuple(choice.saved for each in asking for choice in each.choices)
    for value in values:
        if value not in known:
            what = f"`{value}` is no answer to `{name}`."
            todo = did_you_mean(value, known)
            yield Issue(when.place, "unknown_condition", step.id, what, todo)


def unknown_name(library: Library) -> Iterator[Issue]:
    """``do: forget`` names something that is saved."""
    for step in library.steps.values():
        for choice in step.choices:
            known = {*library.saved, LOOKED}
            if choice.verb == "forget" and choice.argument not in known:
                what = f"Nothing is saved as `{choice.argument}`."
                todo = did_you_mean(choice.argument, known)
                yield Issue(choice.place, "unknown_name", step.id, what, todo)


def renamed_twice(library: Library) -> Iterator[Issue]:
    """An old id in ``was`` is free, and only one step claims it."""
    claimed: dict[str, StepDef] = {}
    for step in library.steps.values():
        if not step.was:
            continue
        old = step.was if "." in step.was else f"{step.flow}.{step.was}"
        if any(old == known for known in library.steps):
            what = f"`was: {step.was}` names a step that still exists."
            todo = "Delete the old step, or this `was`."
            yield Issue(step.place, "renamed_twice", step.id, what, todo)
        elif old in claimed:
            what = f"`{claimed[old].id}` also says `was: {step.was}`."
            todo = "Keep it in the step that took its place."
            yield Issue(step.place, "renamed_twice", step.id, what, todo)
        claimed.setdefault(old, step)


def shadowed_id(library: Library) -> Iterator[Issue]:
    """A choice is named like an always-on word only when it does the same."""
    for step in library.steps.values():
        for choice in step.choices:
            if step.flow != ALWAYS and choice.id in ALWAYS_ON and choice.verb != choice.id:
                what = f"The choice `{choice.id}` has the name of a word that works everywhere."
                todo = f"Choose another id, or write `do: {choice.id}`."
                yield Issue(choice.place, "shadowed_id", step.id, what, todo)


def save_shadows_built_in(library: Library) -> Iterator[Issue]:
    """A saved name is not one of the placeholders that the program fills in."""
    for name, steps in library.saved.items():
        if name in BUILT_INS:
            what = f"The placeholder {{{name}}} is filled in by the program."
            todo = "Save the answer under another name."
            yield Issue(steps[0].place, "save_shadows_built_in", steps[0].id, what, todo)


def missing_door(library: Library) -> Iterator[Issue]:
    """Every system screen has a step."""
    there = {door.word for door in library.doors}
    for word in DOORS:
        if word not in there:
            what = f"The door `{word}` is missing."
            todo = "Write under `doors:` which step it opens."
            yield Issue(_always(library), "missing_door", f"{ALWAYS}.doors", what, todo)


def missing_always_on(library: Library) -> Iterator[Issue]:
    """Every always-on word has words, once."""
    there = [word.id for word in library.words]
    for word in ALWAYS_ON:
        if word not in there:
            what = f"The always-on word `{word}` is missing."
            todo = f"Write `- {{id: {word}, text: …}}` under `words:`."
            yield Issue(_always(library), "missing_always_on", f"{ALWAYS}.words", what, todo)


def _always(library: Library) -> Place:
    flow = library.flow(ALWAYS)
    return flow.place if flow is not None else Place("flows/always.yaml", 1, 1)


def too_many_choices(library: Library) -> Iterator[Issue]:
    """A screen of buttons stays short enough to read on a phone."""
    for step in library.steps.values():
        if len(step.choices) > MOST_CHOICES:
            what = f"There are {len(step.choices)} choices; at most {MOST_CHOICES} fit a screen."
            todo = "Split the step in two."
            yield Issue(step.place, "too_many_choices", step.id, what, todo)
