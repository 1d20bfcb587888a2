"""A meeting is never offered next to danger, whatever she marks and however she moves about."""

from collections.abc import Iterator
from itertools import combinations

from bot.core.ids import ChoiceId, StepId
from bot.core.session import Session, Stood
from bot.flowdef.compile import landings, triggers
from tests.properties.houses import VALUES
from tests.standards.guide import LIBRARY, step
from tests.standards.walk import newcomer, press, presses, walk

ASK, HOW = StepId("meeting.ask"), StepId("meeting.how")
DANGEROUS = frozenset(
    {"domestic", "sexual", "stalking", "trafficking", "danger", "child", "death"},
)
"""Marks after any of which no meeting is offered; nor is one after no mark, or "not to say"."""

UNSAID = "unsaid"


def marks() -> tuple[str, ...]:
    """What can be marked together, as the flow has it."""
    found = tuple(choice.id for choice in step(ASK).choices if not choice.alone)
    assert set(found) > DANGEROUS
    return found


def closing() -> Iterator[tuple[ChoiceId, ...]]:
    """Every set of marks after which a meeting may not be shown."""
    yield ()
    yield (ChoiceId(UNSAID),)
    for size in range(1, len(marks()) + 1):
        for chosen in combinations(marks(), size):
            if DANGEROUS & set(chosen):
                yield tuple(map(ChoiceId, chosen))


def forbids(session: Session) -> bool:
    """Whether what she has marked closes the meeting."""
    marked = set(session.answers.get("harm", ()))
    return not marked or UNSAID in marked or bool(DANGEROUS & marked)


def everything(session: Session) -> Iterator[str]:
    """Each button of the screen and each word that works everywhere."""
    token = session.screen.token if session.screen is not None else "none"
    yield from presses(session)
    yield from (f"1:{token}:{value}" for value in VALUES if value not in ("n", "wb"))


def test_no_set_of_marks_with_danger_in_it_leads_to_a_meeting():
    """From each step of the flow, with each such set marked, no press shows how to ask for one."""
    steps = [each.id for each in LIBRARY.by_name["meeting"].steps if each.id != HOW]
    assert ASK in steps
    sets = list(closing())
    assert len(sets) == 2 + 2**9 - 2**2
    for marked in sets:
        for at in steps:
            session = newcomer(at=at, answers={"harm": marked} if marked else {})
            for data in presses(session):
                reached = press(session, data)
                shown = reached.place == HOW and forbids(reached)
                assert not shown, f"{data[-2:]} at {at} with {marked}"


def test_no_way_back_leads_to_a_meeting_after_the_marks_have_changed():
    """Back, what you hold, forgetting and marking anew: her newest marks count, not her place."""
    few = {"crime", "domestic", UNSAID}
    places = [index for index, choice in enumerate(step(ASK).choices) if choice.id in few]

    def moves(session: Session) -> Iterator[str]:
        token = session.screen.token if session.screen is not None else "none"
        if session.place == ASK:
            yield from (f"1:{token}:{kind}{index}" for index in places for kind in "+-")
            yield from (f"1:{token}:{value}" for value in ("n", "wb", "wh"))
        elif session.place == StepId("always.hold"):
            names = sorted(session.answers)
            harm = names.index("harm") if "harm" in names else None
            yield from (f"1:{token}:{kind}{harm}" for kind in "fv" if harm is not None)
            yield from presses(session)
        else:
            yield from presses(session)
            yield f"1:{token}:wh"

    def key(session: Session) -> object:
        before = tuple(stood.at for stood in session.trail[-2:])
        return session.at, session.over, session.answers.get("harm"), before, bool(session.visits)

    def near(session: Session) -> Iterator[str]:
        inside = session.at.startswith("meeting.") and len(session.over) <= 1
        return moves(session) if inside else iter(())

    start = newcomer(at=ASK)
    trail = (Stood(ASK), Stood(HOW))
    came_back = newcomer(at=ASK, trail=trail, answers={"harm": (ChoiceId("crime"),)})
    found = walk([start, came_back], key, near)
    assert len(found) > 100
    wrong = [
        key(session) for session in found.values() if session.place == HOW and forbids(session)
    ]
    assert wrong == []


def test_no_other_flow_leads_to_a_meeting_as_a_next_step():
    """No button, step or visit outside the flow does; inside, each way there asks for the marks."""
    rows = [
        (each.id, row)
        for each in LIBRARY.steps.values()
        for _, target in triggers(LIBRARY, each)
        for row in landings(LIBRARY, target)
        if row.step == HOW
    ]
    assert ASK in {leading for leading, _ in rows}
    assert {leading.partition(".")[0] for leading, _ in rows} == {"meeting"}
    for leading, row in rows:
        assert row.test is not None, f"{leading} leads there whatever she marked"
        for marked in closing():
            assert not row.test({"harm": marked, "language": "en"}), f"{leading} with {marked}"
    visited = {
        LIBRARY.resolve(choice.visit, each.flow)
        for each in LIBRARY.steps.values()
        for choice in each.choices
        if choice.visit
    }
    doors = {LIBRARY.door(door.word) for door in LIBRARY.doors}
    assert HOW not in visited | doors


def test_nobody_is_led_into_the_flow_past_its_question():
    """Other flows lead to the question only, so that it is always asked anew."""
    entered = {
        LIBRARY.resolve(target, each.flow)
        for each in LIBRARY.steps.values()
        if each.flow != "meeting"
        for choice in each.choices
        for target in (choice.go, choice.visit)
        if target
    }
    inside = {target for target in entered if target is not None and target.startswith("meeting.")}
    assert inside == {ASK}
    assert step(HOW).asked is None, "a typed question leads past the question that must be asked"
