"""Checks about steps that show a list or take a typed answer, and about included flows."""

from collections.abc import Iterator
from datetime import date

from bot.flowdef.fields import did_you_mean
from bot.flowdef.model import ChoiceDef, CompareDef, Issue, Library, StepDef


def broken_comparison(library: Library) -> Iterator[Issue]:
    """What is compared was marked somewhere, each mark has a row, and each way is a flow; a
    picture is of a step that compares.
    """
    for step in library.steps.values():
        if step.compare is not None:
            yield from _comparison(library, step, step.compare)
        for choice in step.choices:
            if choice.verb == "picture":
                yield from _pictured(library, step, choice)


def _pictured(library: Library, step: StepDef, choice: ChoiceDef) -> Iterator[Issue]:
    named = library.resolve(choice.argument, step.flow)
    if named is None or library.steps[named].compare is None:
        what = f"`{choice.argument}` is no step that compares, so there is nothing to draw."
        compare = [each.id for each in library.steps.values() if each.compare is not None]
        todo = did_you_mean(choice.argument, compare)
        yield Issue(choice.place, "broken_comparison", step.id, what, todo)


def _comparison(library: Library, step: StepDef, written: CompareDef) -> Iterator[Issue]:
    rule = "broken_comparison"
    marking = [each for each in library.saved.get(written.by, ()) if each.kind == "choose_many"]
    if not marking:
        names = [
            name
            for name, steps in library.saved.items()
            if any(each.kind == "choose_many" for each in steps)
        ]
        what = f"Nothing is marked as `{written.by}`."
        yield Issue(step.place, rule, step.id, what, did_you_mean(written.by, names))
        return
    known = {choice.id: choice for each in marking for choice in each.choices}
    for row in written.rows:
        if row.id not in known:
            what = f"`{row.id}` cannot be marked in `{written.by}`."
            yield Issue(row.place, rule, step.id, what, did_you_mean(row.id, known))
    there = {row.id for row in written.rows}
    for name, choice in known.items():
        if name not in there and not choice.alone:
            what = f"The mark `{name}` has no row."
            todo = "Write one, so that nobody's need is left out."
            yield Issue(step.place, rule, step.id, what, todo)
    for way in written.ways:
        flow = library.flow(way)
        if flow is None or flow.title is None:
            what = f"There is no flow `{way}` with a title."
            flows = tuple(each.id for each in library.flows)
            yield Issue(step.place, rule, step.id, what, did_you_mean(way, flows))


def limits_crossed(library: Library) -> Iterator[Issue]:
    """The lower limit of an answer is not above the upper one."""
    for step in library.steps.values():
        low, high = _limit(step, step.low), _limit(step, step.high)
        if low is not None and high is not None and low > high:
            what = f"Nothing lies between {step.low} and {step.high}."
            yield Issue(step.place, "limits_crossed", step.id, what, "Swap `from` and `to`.")
    for step in library.steps.values():
        if step.kind == "choose_many" and step.at_least > min(step.at_most, len(step.choices)):
            what = f"At least {step.at_least} must be marked, and that many cannot be."
            yield Issue(step.place, "limits_crossed", step.id, what, "Lower `at_least`.")


def _limit(step: StepDef, written: str) -> int | None:
    """A limit to compare; None without one, for today, and for what reading has complained of."""
    try:
        return date.fromisoformat(written).toordinal() if step.answer == "date" else int(written)
    except ValueError:
        return None


def endless_include(library: Library) -> Iterator[Issue]:
    """No flow includes itself through others: one would never come back."""
    includes: dict[str, set[str]] = {flow.id: set() for flow in library.flows}
    for step in library.steps.values():
        if step.include in includes:
            includes[step.flow].add(step.include)
    for step in library.steps.values():
        if step.include and step.include != step.flow and _leads(step.include, step.flow, includes):
            what = f"`{step.include}` includes `{step.flow}` again, and so on for ever."
            yield Issue(step.place, "endless_include", step.id, what, "Use `go:` in one of them.")


def _leads(start: str, wanted: str, includes: dict[str, set[str]]) -> bool:
    reached, waiting = {start}, [start]
    while waiting:
        for each in includes.get(waiting.pop(), set()) - reached:
            reached.add(each)
            waiting.append(each)
    return wanted in reached
