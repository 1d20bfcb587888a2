"""The two doors, timers, a staff member's small state: routing, and every bad end of an update."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.events import Arrived, Blocked, Typed
from bot.core.ids import CaseId, Cause, Language, PersonId, Ref
from bot.core.message import Content, Send
from bot.service import desk_state
from bot.service.desk_state import DeskState
from bot.service.doors import Doors
from bot.service.editions import Editions
from bot.service.timers import Timers
from bot.store.protocol import (
    Address,
    Commit,
    DueTimer,
    Duplicate,
    Loaded,
    OutRow,
    Timer,
    Unavailable,
)
from tests.survivor import shipped

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HERS = Arrived(Cause("update:survivor:1"), "survivor", 42, "seed-of-this-test", Typed("x", 5), "es")
KNOWN = Loaded(PersonId("p1"), Address("survivor", 42), {"language": "es"}, 3)


class Store:
    """Remembers commits; ``fails`` is raised by the next ones."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.commits: list[Commit] = []
        self.fails: Exception | None = None

    async def load(self, address: Address) -> Loaded:
        return replace(self.loaded, address=address)

    async def commit(self, change: Commit) -> tuple[()]:
        if self.fails is not None:
            raise self.fails
        self.commits.append(change)
        return ()


class Heard:
    """Stands for the conversation or the desk: remembers what it was given."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.given: list[Any] = []
        self.fails = fails

    async def handle(self, arrived: Arrived) -> str | None:
        self.given.append(arrived)
        return "toast"

    async def timer(self, due: DueTimer, seed: str) -> None:
        self.given.append(due)
        if self.fails is not None:
            raise self.fails

    lapse = timer


def doors(store: Store, conversation: Heard, desk: Heard) -> Doors:
    """Both doors over these parts."""
    parts: Any = (store, Editions(shipped()), conversation, desk)
    return Doors(*parts, lambda: NOW, lambda *_rows: None, lambda: "seed-drawn")


async def test_each_update_goes_to_its_door() -> None:
    """The role is decided by the bot that was used, never by who used it."""
    hers, desk = Heard(), Heard()
    both = doors(Store(KNOWN), hers, desk)
    staff = replace(HERS, door="staff")
    assert await both.handle(HERS) == "toast"
    assert await both.handle(staff) == "toast"
    assert (hers.given, desk.given) == ([HERS], [staff])


async def test_a_rescue_is_one_commit_with_a_kind_line_and_a_dead_letter() -> None:
    """In her language; with the same cause, so that the update never comes back."""
    store = Store(KNOWN)
    await doors(store, Heard(), Heard()).rescue(HERS, b"raw update")
    (commit,) = store.commits
    assert (commit.cause, commit.person, commit.dead_letter) == (HERS.cause, "p1", b"raw update")
    (line,) = commit.outbox
    assert line.call.content == shipped().words.rich("always.sorry", Language("es"))


async def test_a_rescue_of_somebody_unknown_writes_to_nobody() -> None:
    """Nobody is stored just because something broke."""
    store = Store(Loaded(None, Address("survivor", 42)))
    await doors(store, Heard(), Heard()).rescue(HERS, b"raw update")
    (commit,) = store.commits
    assert (commit.person, commit.outbox, commit.dead_letter) == (None, (), b"raw update")


async def test_a_rescue_that_was_done_before_is_done() -> None:
    """A crash between commit and acknowledgement repeats it; a full disk is passed on."""
    store = Store(KNOWN)
    both = doors(store, Heard(), Heard())
    store.fails = Duplicate()
    await both.rescue(HERS, b"raw update")
    store.fails = Unavailable()
    with pytest.raises(Unavailable):
        await both.rescue(HERS, b"raw update")


@pytest.mark.parametrize(
    ("number", "cause"),
    [(7, "update:staff:7"), (None, "update:staff:unreadable seed-drawn")],
)
async def test_an_unreadable_update_is_buried_under_its_number(
    number: int | None, cause: str
) -> None:
    """Without a number it is given a name of its own, so that two of them are two."""
    store = Store(KNOWN)
    await doors(store, Heard(), Heard()).bury("staff", number, b"{")
    (commit,) = store.commits
    assert (commit.cause, commit.person, commit.dead_letter) == (cause, None, b"{")


def due(number: int, door: str = "survivor") -> DueTimer:
    """A timer that has come due."""
    return DueTimer(number, Timer(PersonId("p1"), f"aged:{number}", NOW), Address(door, 42))


class Waiting:
    """A store with these due timers."""

    def __init__(self, *timers: DueTimer) -> None:
        self.timers = timers
        self.gone = False

    async def due_timers(self, now: datetime, limit: int) -> tuple[DueTimer, ...]:
        if self.gone:
            raise Unavailable
        return self.timers[:limit]


async def test_timers_go_to_their_door_and_a_bad_one_stops_none(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One that fails is left for the next scan; its words are in no log."""
    broken, desk = Heard(RuntimeError("her words")), Heard()
    store: Any = Waiting(due(1), due(2, "staff"), due(3))
    parts: Any = (store, broken, desk, lambda: NOW, lambda: "seed")
    with caplog.at_level(logging.DEBUG):
        assert await Timers(*parts).scan() == 1
    assert [timer.id for timer in broken.given] == [1, 3]
    assert [timer.id for timer in desk.given] == [2]
    assert "RuntimeError" in caplog.text
    assert "her words" not in caplog.text


async def test_timers_wait_quietly_while_storage_is_away() -> None:
    """A full disk ends no loop."""
    store: Any = Waiting(due(1))
    store.gone = True
    parts: Any = (store, Heard(), Heard(), lambda: NOW, lambda: "seed")
    assert await Timers(*parts).scan() == 0


async def test_cancelling_ends_the_scanning() -> None:
    """A stop is a stop."""
    parts: Any = (Waiting(), Heard(), Heard(), lambda: NOW, lambda: "seed")
    task = asyncio.create_task(Timers(*parts).run())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    "state",
    [DeskState(), DeskState(Language("es"), CaseId("c1"), turned_away=True)],
)
def test_a_staff_members_state_survives_storage(state: DeskState) -> None:
    """Written and read again, it is the same; a newcomer's is the default."""
    assert desk_state.read(desk_state.write(state)) == state
    assert desk_state.read(None) == DeskState()
    assert desk_state.read({"current": 5}) == DeskState()


async def test_somebody_who_is_gone_is_told_to_the_conversation_as_a_block() -> None:
    """A 403 while sending is the same to us as Telegram's word that she blocked the bot."""
    hers = Heard()
    row = OutRow(
        9, PersonId("p1"), Address("survivor", 42), "relay", Send(Ref("r"), Content("x")), NOW
    )
    await doors(Store(KNOWN), hers, Heard()).undelivered(row, "cancelled")
    (arrived,) = hers.given
    assert (arrived.what, arrived.chat_id, arrived.cause) == (Blocked(), 42, "gone:9")
