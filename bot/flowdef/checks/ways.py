"""Checks about where steps lead: targets exist, everything is reached, and nobody gets stuck."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from bot.core.ids import StepId
from bot.core.rules import Verb
from bot.flowdef.compile import GOING_ON, MOVING, following, landings, onward_of, triggers
from bot.flowdef.conditions import NotACondition, parse
from bot.flowdef.fields import did_you_mean
from bot.flowdef.model import ALWAYS, ChoiceDef, Issue, Library, Place, StepDef

STAYING: tuple[Verb, ...] = (
    "go",
    "visit",
    "language",
    "country",
    "reading",
    "typed",
    "keep",
    "back",
    "forget",
    "picture",
)
"""Verbs that do not by themselves lead out of a circle of steps."""

NON_LEADING: tuple[Verb, ...] = ("language", "country", "reading", "typed", "keep", "forget")


def unknown_target(library: Library) -> Iterator[Issue]:
    """A target names a step or a flow that exists."""
    known = (*(flow.id for flow in library.flows), *library.steps)
    for door in library.doors:
        if library.door(door.word) is None:
            yield _unknown(f"{ALWAYS}.doors.{door.word}", door.target, door.place, known)
    for step in library.steps.values():
        for target, place in _targets(step):
            if library.resolve(target, step.flow) is None:
                own = (each.id.partition(".")[2] for each in _same_flow(library, step))
                yield _unknown(step.id, target, place, (*own, *known))
        if step.include and library.first(step.include) is None:
            flows = tuple(flow.id for flow in library.flows)
            yield _unknown(step.id, step.include, step.place, flows)
        elif step.include == step.flow:
            what = "The flow includes itself."
            yield Issue(step.place, "unknown_target", step.id, what, "Use `go:` instead.")


def _same_flow(library: Library, step: StepDef) -> tuple[StepDef, ...]:
    flow = library.flow(step.flow)
    return flow.steps if flow is not None else ()


def _targets(step: StepDef) -> Iterator[tuple[str, Place]]:
    yield from ((target, step.place) for target in (step.go, step.then) if target)
    for choice in step.choices:
        yield from ((target, choice.place) for target in (choice.go, choice.visit) if target)


def _unknown(author_id: str, target: str, place: Place, known: tuple[str, ...]) -> Issue:
    what = f"There is no step or flow `{target}`."
    return Issue(place, "unknown_target", author_id, what, did_you_mean(target, known))


def edges(library: Library) -> Mapping[StepId, frozenset[StepId]]:
    """Where each step can lead, with every ``when`` taken both ways. Unreadable ones lead on.

    Several checks of one library ask, so the last answer is kept.
    """
    if _kept.library is not library:
        _kept.library, _kept.edges = library, _edges(library)
    return _kept.edges


class _Kept:
    """The library that was looked at last, and its edges."""

    library: Library | None = None
    edges: Mapping[StepId, frozenset[StepId]] = {}


_kept = _Kept()


def _edges(library: Library) -> Mapping[StepId, frozenset[StepId]]:
    readable = _readable(library)
    found: dict[StepId, frozenset[StepId]] = {}
    for step in library.steps.values():
        aims = {target for _, target in triggers(library, step)}
        landed = (
            aims if not readable else {row.step for aim in aims for row in landings(library, aim)}
        )
        visits = {library.resolve(choice.visit, step.flow) for choice in step.choices}
        included = library.first(step.include)
        found[step.id] = frozenset(
            each for each in (*landed, *visits, included) if each is not None
        )
    return found


def _readable(library: Library) -> bool:
    try:
        for step in library.steps.values():
            if step.when is not None:
                parse(step.when.source)
    except NotACondition:
        return False
    return True


def _reached(
    starts: set[StepId],
    graph: Mapping[StepId, frozenset[StepId]],
    closed: AbstractSet[StepId] = frozenset(),
) -> set[StepId]:
    """``starts`` and wherever they lead, but never to or through ``closed``."""
    reached, waiting = starts | closed, list(starts - closed)
    while waiting:
        for each in graph[waiting.pop()] - reached:
            reached.add(each)
            waiting.append(each)
    return reached - closed if closed else reached


def unreachable(library: Library) -> Iterator[Issue]:
    """Every step can be reached from a door."""
    opened = (library.door(door.word) for door in library.doors)
    starts = {each for each in opened if each is not None}
    reached = _reached(starts, edges(library))
    for step in library.steps.values():
        if starts and step.id not in reached:
            what = "No way leads to this step."
            todo = "Lead a choice or a step to it with `go:`, or delete it."
            yield Issue(step.place, "unreachable", step.id, what, todo)


def _included(library: Library) -> frozenset[str]:
    return frozenset(step.include for step in library.steps.values() if step.include)


def conditional_entrance(library: Library) -> Iterator[Issue]:
    """Where one enters without being led (a door, a visit, an included flow) stands no ``when``."""
    for author_id, place, entered in _entrances(library):
        step = library.steps.get(entered) if entered is not None else None
        if step is not None and step.when is not None:
            what = f"`{step.id}` has a `when`, which is not asked when it is entered from here."
            todo = "Name a step without `when`."
            yield Issue(place, "conditional_entrance", author_id, what, todo)


def _entrances(library: Library) -> Iterator[tuple[str, Place, StepId | None]]:
    for door in library.doors:
        yield f"{ALWAYS}.doors.{door.word}", door.place, library.door(door.word)
    for step in library.steps.values():
        if step.include:
            yield step.id, step.place, library.first(step.include)
        for choice in step.choices:
            if choice.visit:
                yield step.id, choice.place, library.resolve(choice.visit, step.flow)


def dead_end(library: Library) -> Iterator[Issue]:
    """From every step something leads on, unless it says ``end: yes``."""
    included = _included(library)
    readable = _readable(library)
    for step in library.steps.values():
        if step.flow == ALWAYS:
            continue
        if step.flow not in included:
            yield from _falls_off(library, step)
            if readable:
                yield from _skips_off(library, step)
        if step.kind in ("choose", "consent", "handoff") and all(
            choice.verb in NON_LEADING and not choice.go for choice in step.choices
        ):
            what = "No choice leads anywhere."
            yield Issue(step.place, "dead_end", step.id, what, "Give one of them a `go:`.")


def _falls_off(library: Library, step: StepDef) -> Iterator[Issue]:
    todo = "Write `go:` with the step that follows, or make an `end: yes` step."
    if following(library, step) is not None or step.go or step.kind == "end":
        return
    if step.kind in GOING_ON:
        what = "This is the last step of the flow, and nothing follows."
        yield Issue(step.place, "dead_end", step.id, what, todo)
        return
    for choice in step.choices:
        if not choice.go and choice.verb in MOVING:
            what = f"The choice `{choice.id}` leads on, but this is the last step of the flow."
            yield Issue(choice.place, "dead_end", step.id, what, todo)


def _skips_off(library: Library, step: StepDef) -> Iterator[Issue]:
    if step.when is None:
        return
    rows = tuple(landings(library, step.id))
    if rows and rows[-1].test is not None:
        what = f"When `{step.when.source}` is not true, this step is skipped and nothing follows."
        todo = "Put a step without `when` after it."
        yield Issue(step.when.place, "dead_end", step.id, what, todo)


def loop_without_way_out(library: Library) -> Iterator[Issue]:
    """From every step an end, a return or a way to people can be reached."""
    graph = edges(library)
    included = _included(library)
    out = {step.id for step in library.steps.values() if _is_way_out(library, step, included)}
    backwards: dict[StepId, set[StepId]] = {step: set() for step in graph}
    for step_id, targets in graph.items():
        for target in targets:
            backwards[target].add(step_id)
    escaping = _reached(out, {step: frozenset(before) for step, before in backwards.items()})
    reported: set[StepId] = set()
    for step in library.steps.values():
        if step.id in escaping or step.id in reported or step.flow == ALWAYS:
            continue
        circle = _reached({step.id}, graph)
        reported |= circle
        if any(step.id in graph[each] for each in circle):
            what = "From here one goes round for ever: no end can be reached."
            todo = "Lead one of these steps out with `go:`, or make an `end: yes` step."
            yield Issue(step.place, "loop_without_way_out", step.id, what, todo)


def _is_way_out(library: Library, step: StepDef, included: frozenset[str]) -> bool:
    if step.kind == "end" or step.flow == ALWAYS:
        return True
    if any(_leaves(library, step, choice) for choice in step.choices):
        return True
    return step.flow in included and following(library, step) is None


def _leaves(library: Library, step: StepDef, choice: ChoiceDef) -> bool:
    return choice.verb not in STAYING and onward_of(library, step, choice) is None


def no_way_to_people(library: Library) -> Iterator[Issue]:
    """The word *person*, which works everywhere, leads to a step that hands over to people."""
    start = library.door("person")
    if start is None:
        return
    reached = _reached({start}, edges(library))
    if not any(library.steps[each].kind == "handoff" for each in reached):
        door = next(door for door in library.doors if door.word == "person")
        what = "From here no step hands over to people."
        todo = "Lead to a step with `handoff:`; *talk with a person* is promised on every screen."
        yield Issue(door.place, "no_way_to_people", f"{ALWAYS}.doors.person", what, todo)


def refusal_blocks(library: Library) -> Iterator[Issue]:
    """Whoever refuses a consent still reaches all ways, without being asked the same again.

    The refusal may end the conversation only where agreeing leads to no ways either.
    """
    hub = library.door("ways")
    graph = edges(library)
    asking: dict[str, set[StepId]] = {}
    for step in library.steps.values():
        if step.kind == "consent":
            asking.setdefault(step.consent, set()).add(step.id)
    consents = (library.steps[each] for steps in asking.values() for each in steps)
    for step in consents if hub is not None else ():
        again = asking[step.consent]
        for choice, aim in _led(library, step, "refuse"):
            refused = _reached({aim}, graph, again)
            if hub in refused:
                continue
            agreed = (_reached({each}, graph, again) for _, each in _led(library, step, "give"))
            ends = any(library.steps[each].kind == "end" for each in refused)
            if not ends or any(hub in opened for opened in agreed):
                what = "After this refusal the ways on cannot be reached."
                todo = "Lead it with `go:` to a step from which everything can still be read."
                yield Issue(choice.place, "refusal_blocks", step.id, what, todo)


def _led(library: Library, step: StepDef, verb: Verb) -> Iterator[tuple[ChoiceDef, StepId]]:
    """The choices of a step that do ``verb``, and where each leads."""
    for choice in step.choices:
        aim = onward_of(library, step, choice) if choice.verb == verb else None
        if aim is not None:
            yield choice, aim
