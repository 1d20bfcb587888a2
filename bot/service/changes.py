"""The difference between two versions as a lead reads it: steps, words, choices, numbers, rules.

Pure. It speaks of ids and the first words of texts; what a change means for people who stand in the
old version is for ``bot.flowdef.checks.gone``.
"""

from collections.abc import Iterator
from itertools import chain

from bot.core.ids import StepId
from bot.flowdef.compile import following
from bot.flowdef.model import ChoiceDef, Library, Resource, StepDef, Text

QUOTED = 60
"""So many characters of a text are shown."""

MOST_LINES = 200


def difference(old: Library, new: Library) -> tuple[str, ...]:
    """One line a change, flow by flow; empty when nothing a person meets has changed."""
    lines = tuple(chain(_flows(old, new), _steps(old, new), _words(old, new), _others(old, new)))
    if len(lines) <= MOST_LINES:
        return lines
    return (*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} more changes.")


def _flows(old: Library, new: Library) -> Iterator[str]:
    before, after = ({flow.id for flow in library.flows} for library in (old, new))
    yield from (f"flow {flow}: new" for flow in sorted(after - before))
    yield from (f"flow {flow}: gone" for flow in sorted(before - after))


def _steps(old: Library, new: Library) -> Iterator[str]:
    renamed = {_former(step): step for step in new.steps.values() if step.was}
    for step_id, step in new.steps.items():
        if step_id not in old.steps and step not in renamed.values():
            yield f"{step_id}: new step{_quoted(step.say)}"
    for step_id, was in old.steps.items():
        heir = renamed.get(step_id)
        now = new.steps.get(step_id) or heir
        if heir is not None:
            yield f"{step_id}: now called {heir.id}"
        if now is not None:
            yield from _step(old, was, new, now)
            continue
        gone = new.removed.get(step_id)
        where = ""
        if gone is not None:
            where = (
                f"; its people go to {gone.moved_to}" if gone.moved_to else "; they finish there"
            )
        yield f"{step_id}: gone{where}"


def _former(step: StepDef) -> StepId:
    return StepId(step.was if "." in step.was else f"{step.flow}.{step.was}")


def _step(old: Library, was: StepDef, new: Library, now: StepDef) -> Iterator[str]:
    if was.kind != now.kind:
        yield f"{now.id}: was {was.kind}, is {now.kind}"
    leads = following(old, was), following(new, now)
    if leads[0] != leads[1] and was.kind not in ("choose", "consent", "handoff"):
        yield f"{now.id}: is followed by {leads[1] or 'nothing'}, was by {leads[0] or 'nothing'}"
    conditions = tuple(each.when.source if each.when else "" for each in (was, now))
    if conditions[0] != conditions[1]:
        said = f"when {conditions[1]}" if conditions[1] else "always"
        yield f"{now.id}: is shown {said}"
    before, after = ({each.id: each for each in step.choices} for step in (was, now))
    for name in after.keys() - before.keys():
        yield f"{now.id}: new button {name}{_quoted(after[name].text)}"
    for name in before.keys() - after.keys():
        yield f"{now.id}: button {name} is gone"
    for name in before.keys() & after.keys():
        if _aim(before[name]) != _aim(after[name]):
            yield f"{now.id}: button {name} now does {_aim(after[name])}"
    if was.sources != now.sources:
        yield f"{now.id}: sources are {', '.join(now.sources) or 'none'}"


def _aim(choice: ChoiceDef) -> str:
    if choice.visit:
        return f"visit {choice.visit}"
    said = f"{choice.verb} {choice.argument}".strip()
    return f"{said} {choice.go}".strip()


def _words(old: Library, new: Library) -> Iterator[str]:
    for ctx, text in new.texts.items():
        was = old.texts.get(ctx)
        if was is not None and was.msgid != text.msgid:
            yield f"{ctx}:{_quoted(was)} is now{_quoted(text)}"


def _others(old: Library, new: Library) -> Iterator[str]:
    before, after = ({each.id: each for each in library.resources} for library in (old, new))
    for name in sorted(after.keys() - before.keys()):
        yield f"resources.{name}: new"
    for name in sorted(before.keys() - after.keys()):
        yield f"resources.{name}: gone"
    for name in sorted(before.keys() & after.keys()):
        if _reached(before[name]) != _reached(after[name]):
            yield f"resources.{name}: now {', '.join(_reached(after[name])) or 'without a number'}"
    rules = tuple(
        {(each.language, each.id): (each.phrases, each.not_when) for each in library.danger}
        for library in (old, new)
    )
    for language, name in sorted(rules[0].keys() | rules[1].keys()):
        if rules[0].get((language, name)) != rules[1].get((language, name)):
            yield f"danger.{language}.{name}: changed"


def _reached(resource: Resource) -> tuple[str, ...]:
    """Every number and address of a line."""
    texting = " ".join((resource.sms, *resource.write.values())).strip()
    ways = (resource.phone, texting, *resource.whatsapp.values(), resource.chat, resource.tty)
    return tuple(filter(None, (*ways, resource.video, resource.email, resource.web)))


def _quoted(text: Text | None) -> str:
    if text is None:
        return ""
    line = " ".join(text.source.split())
    return f" “{line if len(line) <= QUOTED else line[: QUOTED - 1] + '…'}”"
