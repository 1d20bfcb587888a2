"""Every place one can reach in the shipped flows, found by pressing every button from the start.

A place is a step with the system screen over it, or a screen with how her request stands. For each
one session that stands there is kept.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache

from bot.core import case as cases
from bot.core.advance import advance, begin
from bot.core.buttons import derive
from bot.core.events import Arrived, Event, Pressed, Started, Typed
from bot.core.ids import Cause, Language, StepId
from bot.core.session import Session
from bot.core.turn import known
from bot.hearing.listen import hear
from tests.survivor import NOON, STAFF, shipped

Place = tuple[str, str]


def places_of(session: Session) -> tuple[Place, Place]:
    """The step with the screen over it; that screen with how the request stands."""
    case = session.case
    state = "none" if case is None else case.state + ("+" if case.talking else "")
    stands = f"{state}, away" if session.away else state
    return (session.at, session.place), (session.place, stands)


def after(session: Session, what: object, seed: str) -> Session:
    """The session after one update."""
    edition = shipped()
    arrived = Arrived(Cause("update:survivor:1"), "survivor", 1, seed, what)
    event = hear(arrived, session, edition.rules, edition.vocabulary)
    return advance(edition.rules, session, event, NOON).session


VALUES = ("n", "wb", "f0", "v0", "wl", "wp", "wn", "wm", "ws", "wh", "we", "wg", "wi")


def presses(session: Session) -> Iterator[str]:
    """The data of every button that this place can have."""
    screen, step = session.screen, shipped().rules.step(session.place)
    if screen is None or step is None:
        return
    for index in range(len(step.choices)):
        for kind in "+-" if step.kind == "choose_many" else "c":
            yield f"1:{screen.token}:{kind}{index}"
    for value in VALUES if not session.over else VALUES[:5]:
        yield f"1:{screen.token}:{value}"


def _moves(session: Session, seed: str) -> Iterator[Session]:
    for data in presses(session):
        pressed = after(session, Pressed(data, "q", None), seed)
        yield pressed
        if "+" in data and pressed.screen is not None:
            yield after(pressed, Pressed(f"1:{pressed.screen.token}:n", "q", None), seed + "n")
    for text in ("my own words", "I want to die", "send this to staff", "stop"):
        yield after(session, Typed(text, 5), seed)
    case = session.case
    if case is not None and case.state == "waiting":
        yield replace(session, case=replace(cases.claim(case, STAFF, NOON), news=True, held=1))
    if case is not None and case.state == "claimed":
        yield replace(session, case=replace(cases.release(case, STAFF), news=True))
        yield replace(session, case=replace(cases.close(case, "helped"), news=True))


@cache
def reachable() -> dict[Place, Session]:
    """One session for every reachable place. Takes some seconds; worked out once."""
    rules = shipped().rules
    new = begin(rules, "seed of everybody", Language("en"))
    first = advance(rules, new, Event(Started(), "seed"), NOON - timedelta(minutes=1)).session
    lost = after(replace(first, structure="gone", at=StepId("gone.away")), Typed("hello", 5), "s")
    found: dict[Place, Session] = {}
    walked: set[tuple[StepId, StepId, bool, bool, StepId | None]] = set()
    # She has marked something already: pages that are only for whoever did are reached as well.
    marked = replace(first, answers={"needs": ("heard",)})
    queue = deque([marked, first, lost])
    while queue:
        session = queue.popleft()
        seed = derive(session.seed, f"{len(found)} {session.place}")
        for reached in _moves(session, seed):
            new_places = [place for place in places_of(reached) if place not in found]
            found.update(dict.fromkeys(new_places, reached))
            # A step that is only visited leads back, and not on: it is walked both ways. Whoever is
            # away has nothing to press there. What she has answered may lead elsewhere from here.
            follows = rules.onward(reached.at, None, known(reached))
            way = (reached.at, reached.place, bool(reached.visits), reached.away, follows)
            if new_places or way not in walked:
                walked.add(way)
                queue.append(reached)
    return found
