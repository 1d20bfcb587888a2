"""A pair of files in a folder of its own, and a way to open it."""

import itertools
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.store.sqlite import SqliteStore


@dataclass
class Pair:
    folder: Path
    journal: str = "auto"
    opened: list[SqliteStore] = field(default_factory=list)
    ids: Callable[[], str] = field(
        default_factory=lambda: map("person-{}".format, itertools.count(1)).__next__
    )

    @property
    def database(self) -> Path:
        return self.folder / "waymark.db"

    @property
    def keystore(self) -> Path:
        return self.folder / "waymark.keys"

    @property
    def url(self) -> str:
        extra = "" if self.journal == "auto" else f"?journal={self.journal}"
        return f"sqlite:///{self.database}{extra}"

    async def open(self, factory: type[sqlite3.Connection] = sqlite3.Connection) -> SqliteStore:
        store = await SqliteStore.open(self.url, self.keystore, ids=self.ids, factory=factory)
        self.opened.append(store)
        return store

    def edit(self, path: Path, *statements: str) -> None:
        """Change a file behind the program's back, while it is closed."""
        db = sqlite3.connect(path)
        for statement in statements:
            db.execute(statement)
        db.commit()
        db.close()

    def read(self, path: Path, query: str) -> list[tuple[object, ...]]:
        db = sqlite3.connect(path)
        rows = db.execute(query).fetchall()
        db.close()
        return rows

    def everybody(self) -> tuple[set[object], set[object]]:
        """Who is in the database, and who has a key."""
        people = self.read(self.database, "SELECT id FROM person")
        keys = self.read(self.keystore, "SELECT person FROM wrap WHERE person <> 'system'")
        return {row[0] for row in people}, {row[0] for row in keys}


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    """Closed again after the test, whatever it left open."""
    made = Pair(tmp_path)
    yield made
    for store in made.opened:
        await store.close()
