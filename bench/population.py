"""The stored people: a database filled once through the store's own methods, and read back after
the bot has stopped, to see that it holds exactly what the crowd has counted.
"""

import asyncio
import secrets
import shutil
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.core.ids import Cause, Language, Ref, StepId, Token
from bot.core.session import Screen, Session, to_json
from bot.core.turn import DELETE_AFTER
from bot.service.publishing import publish, read_input
from bot.store.protocol import NEWCOMER, Address, Commit, Timer
from bot.store.sqlite import SqliteStore

from .process import ROOT

FIRST_ID = 5_000_000_000
BATCH = 256
HERE = StepId("bench.here")
HOME = "US-NY"
DOOR = "  start: start.notice\n"
BENCH_DOOR = "  start: bench.door\n"


class Population:
    """One database with its keystore and flows, in ``folder``."""

    def __init__(self, folder: Path, stored: int) -> None:
        self.folder = folder
        self.stored = stored
        self.url = f"sqlite:///{folder / 'people.db'}"
        self.keystore = folder / "people.keys"
        self.flows = folder / "flows"
        self.expected: dict[int, int] = {}
        """Accepted events by person, starts included, since the database was filled."""

    def at(self, offset: int, people: int) -> int:
        """The first id of ``people`` neighbours somewhere among the stored."""
        return FIRST_ID + offset % max(1, self.stored - people + 1)

    def count(self, first: int, people: int, actions: Mapping[int, int], starts: int) -> None:
        """Remember what the crowd has finished."""
        for person in range(first, first + people):
            happened = starts + actions.get(person, 0)
            self.expected[person] = self.expected.get(person, 0) + happened

    def fill(self) -> None:
        """Write the flows and make the people."""
        self.folder.mkdir(parents=True)
        write_flows(self.flows)
        asyncio.run(self._fill())

    async def _fill(self) -> None:
        store = await SqliteStore.open(self.url, self.keystore, ids=_draw)
        try:
            now = datetime.now(UTC)
            files = read_input(self.flows, ROOT / "locales")
            edition, issues = await publish(store, files, HOME, now)
            if edition is None:
                raise ValueError("\n".join(map(str, issues)))
            structure = edition.rules.structure
            for first in range(0, self.stored, BATCH):
                numbers = range(first, min(first + BATCH, self.stored))
                await asyncio.gather(
                    *(store.commit(_newcomer(number, structure, now)) for number in numbers)
                )
        finally:
            await store.close()

    def differences(self) -> tuple[str, ...]:
        """What the database holds otherwise than the crowd has counted. Reset for the next run."""
        found = [*asyncio.run(self._sessions()), *self._rows()]
        return tuple(found)

    async def _sessions(self) -> list[str]:
        wrong: list[str] = []
        store = await SqliteStore.open(self.url, self.keystore, ids=_draw)
        try:
            for person, expected in sorted(self.expected.items()):
                loaded = await store.load(Address("survivor", person))
                held = int(loaded.state["presses"]) if loaded.state else -1
                if held != expected:
                    wrong.append(f"person {person}: {expected} accepted, {held} in the session")
        finally:
            await store.close()
        return wrong

    def _rows(self) -> list[str]:
        """The marks of applied updates, and what was left unsent."""
        wrong: list[str] = []
        db = sqlite3.connect(self.folder / "people.db")
        try:
            (seen,) = db.execute(
                "SELECT count(*) FROM seen WHERE cause LIKE 'update:survivor:%'"
            ).fetchone()
            (left,) = db.execute(
                "SELECT count(*) FROM outbox WHERE state NOT IN ('sent')"
            ).fetchone()
        finally:
            db.close()
        expected = sum(self.expected.values())
        if seen != expected:
            wrong.append(f"{expected} updates accepted, {seen} marked as applied")
        if left:
            wrong.append(f"{left} rows of the outbox were not sent")
        return wrong


def write_flows(folder: Path) -> None:
    """The project's own flows, with the bench's beside them and a door that leads to it."""
    shutil.copytree(ROOT / "flows", folder)
    shutil.copy(ROOT / "bench" / "flows" / "bench.yaml", folder / "bench.yaml")
    always = folder / "always.yaml"
    text = always.read_text("utf-8")
    if DOOR not in text:
        msg = "flows/always.yaml has no door `start: start.notice`; bench/population.py expects it."
        raise ValueError(msg)
    always.write_text(text.replace(DOOR, BENCH_DOOR), "utf-8")


def _draw() -> str:
    return secrets.token_urlsafe(16)


def _newcomer(number: int, structure: str, now: datetime) -> Commit:
    """Somebody who came once, read, and left her screen open; her timer is due in two days."""
    seed = f"seeded {number}"
    ref = Ref(f"seeded-{number}")
    session = Session(
        structure=structure,
        at=HERE,
        language=Language("en"),
        seed=seed,
        answers={"direction": "north"},
        screen=Screen(ref, Token("seeded00"), now),
    )
    return Commit(
        cause=Cause(f"seed:{number}"),
        now=now,
        person=None,
        address=Address("survivor", FIRST_ID + number),
        state=to_json(session),
        structure=structure,
        incoming=(1,),
        timers=(Timer(NEWCOMER, f"aged:{ref}", now + DELETE_AFTER, ref),),
    )
