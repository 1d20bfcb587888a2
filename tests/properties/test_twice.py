"""The same update twice leaves the same rows: seen from the real tables, by the real service."""

import asyncio
import sqlite3
import tempfile
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.events import Arrived, Began, Edited, Pressed, SentMedia, Typed
from bot.core.ids import Cause
from bot.service.conversation import Conversation
from bot.service.editions import Editions
from bot.store.protocol import Address
from bot.store.sqlite import SqliteStore
from tests.survivor import shipped

HER = Address("survivor", 700_000)
NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
TABLES = ("person", "session", "casefile", "message", "outbox", "seen", "timer", "consent", "word")

touches = st.one_of(
    st.sampled_from(["go on", "done", "person", "leave now", "stop", "numbers", "1", "2", "hello"]),
    st.text(max_size=12),
)
whats = st.one_of(
    touches.map(lambda text: ("type", text)),
    st.sampled_from(["c0", "c1", "n", "+0", "-0", "wb", "wl", "we", "o"]).map(
        lambda v: ("press", v)
    ),
    st.just(("begin", "")),
    st.just(("send", "photo")),
    touches.map(lambda text: ("edit", text)),
)


def rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that a person's event writes, sealed as it lies there."""
    with sqlite3.connect(database) as db:
        found = {
            table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES
        }
    db.close()
    return found


async def twice(steps: list[tuple[str, str]], folder: Path) -> None:
    """Apply the steps, the last one twice, and compare what lies on the disk."""
    for again in (False, True):
        numbers = count()
        store = await SqliteStore.open(
            f"sqlite:///{folder / f'{again}.db'}",
            folder / f"{again}.keys",
            ids=lambda numbers=numbers: f"id-{next(numbers):020d}",
        )
        conversation = Conversation(store, Editions(shipped()), lambda: NOW, lambda *_: None)
        token = "x"
        for number, (kind, value) in enumerate([("begin", ""), *steps]):
            loaded = await store.load(HER)
            if loaded.state is not None and loaded.state["screen"]:
                token = loaded.state["screen"][1]
            arrived = _arrived(number, kind, value, token)
            await conversation.handle(arrived)
            if again:
                await conversation.handle(arrived)
        await store.close()


def _arrived(number: int, kind: str, value: str, token: str) -> Arrived:
    what = {
        "begin": Began(number + 1),
        "type": Typed(value, number + 1),
        "press": Pressed(f"1:{token}:{value}", "q", None),
        "send": SentMedia(value, number + 1),
        "edit": Edited(value, number),
    }[kind]
    return Arrived(
        Cause(f"update:survivor:{number}"), "survivor", 700_000, f"seed{number:012d}", what
    )


def shape(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Rows without sealed bytes, whose nonces differ in every run."""
    return {
        table: [tuple(len(v) if isinstance(v, bytes) else v for v in row) for row in lines]
        for table, lines in found.items()
    }


@settings(max_examples=25)
@given(st.lists(whats, min_size=1, max_size=6))
def test_the_same_update_twice_leaves_the_same_rows(steps: list[tuple[str, str]]):
    """Whatever she did, an update that comes again changes nothing at all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asyncio.run(twice(steps, folder))
        once, again = (shape(rows(folder / f"{which}.db")) for which in (False, True))
    assert once["seen"], "something was applied"
    assert once == again
