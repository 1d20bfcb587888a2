"""Walks through the shipped flows on the real engine, from chosen sessions, by pressing buttons.

Nothing is rendered: a walk asks where one comes to stand, and is therefore quick enough to try
everything. What a press is worth is in ``tests.properties.houses``.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache

from bot.core.advance import advance, begin
from bot.core.events import Event, Pressed, Started
from bot.core.ids import Language, StepId
from bot.core.session import Session
from tests.properties.houses import after
from tests.survivor import NOON, shipped

AGREEING = ("give", "send")
"""Verbs that say yes to something."""

EVERYWHERE = ("wp", "wn", "wm", "wh", "we", "ws", "wi", "wl")
"""Buttons of words that work at every step."""


def newcomer(**fields: object) -> Session:
    """Somebody who has just pressed Start, or who stands where ``fields`` say."""
    rules = shipped().rules
    new = replace(begin(rules, "seed of a walker", Language("en")), **fields)
    return advance(rules, new, Event(Started(), "seed"), NOON).session


def presses(session: Session, *, agreeing: bool = True) -> Iterator[str]:
    """What she can press on the screen: each choice (marked and unmarked), going on, going back."""
    step, screen = shipped().rules.step(session.place), session.screen
    if step is None or screen is None:
        return
    for index, choice in enumerate(step.choices):
        if agreeing or choice.verb not in AGREEING:
            for kind in "+-" if step.kind == "choose_many" else "c":
                yield f"1:{screen.token}:{kind}{index}"
    yield from (f"1:{screen.token}:{value}" for value in ("n", "wb"))


def press(session: Session, data: str) -> Session:
    """The session after one press."""
    return after(session, Pressed(data, "q", None), f"{session.place} {data[-3:]}")


def walk(
    starts: Iterable[Session],
    key: Callable[[Session], object],
    moves: Callable[[Session], Iterator[str]] = presses,
    most: int = 20_000,
) -> dict[object, Session]:
    """One session for each ``key`` that can be reached; at most so many."""
    found = {key(start): start for start in starts}
    queue = deque(found.values())
    while queue and len(found) < most:
        session = queue.popleft()
        for data in moves(session):
            reached = press(session, data)
            name = key(reached)
            if name not in found:
                found[name] = reached
                queue.append(reached)
    return found


@cache
def without_agreeing() -> frozenset[StepId]:
    """Every screen that somebody reaches who never says yes to any consent."""

    def moves(session: Session) -> Iterator[str]:
        yield from presses(session, agreeing=False)
        yield f"1:{session.screen.token}:wm"

    found = walk([newcomer()], lambda session: (session.place, bool(session.visits)), moves)
    assert len(found) > 50
    assert not any(session.consents for session in found.values())
    return frozenset(session.place for session in found.values())


def taps(start: Session, goal: Callable[[Session], bool], most: int = 4) -> int:
    """The fewest presses from a session to one that is looked for, always-on words included."""
    reached, front = {start.place}, [start]
    for count in range(most + 1):
        if any(goal(session) for session in front):
            return count
        following: list[Session] = []
        for session in front:
            token = session.screen.token if session.screen is not None else "none"
            words = (
                f"1:{token}:{word}" for word in ("wp", "wn", "wm", "wh", "we", "ws", "wi", "wl")
            )
            for data in (*presses(session), *words):
                went = press(session, data)
                if went.place not in reached or goal(went):
                    reached.add(went.place)
                    following.append(went)
        front = following
    return most + 1
