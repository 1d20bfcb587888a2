"""What one job may touch: named queries, the sealer, the keystore, fresh numbers and ids. It lives
on the database's thread and inside one SQL transaction; when that begins and ends is the engine's.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

from bot.core.ids import PersonId

from .keystore import Keystore
from .queries import queries
from .seal import Sealer

Value = str | int | bytes | None


class Transaction:
    """The open pair of files, as jobs see it."""

    def __init__(
        self, db: sqlite3.Connection, keystore: Keystore, *, ids: Callable[[], str]
    ) -> None:
        self.db = db
        self.keystore = keystore
        self.sealer = Sealer(keystore)
        self.ids = ids
        self.erased = False
        """Set by a job that erased somebody: the log must be emptied after the commit."""
        self.dulls: dict[PersonId, bytes] = {}
        """The dull content each chat was last given, so that it is written only when it changes."""
        self._sql = queries()
        self._numbers: dict[str, int] = dict(self.all("numbers"))

    def run(self, query: str, /, **values: Value) -> sqlite3.Cursor:
        """Run the query of that name."""
        return self.db.execute(self._sql[query], values)

    def one(self, query: str, /, **values: Value) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        row: tuple[Any, ...] | None = self.db.execute(self._sql[query], values).fetchone()
        return row

    def all(self, query: str, /, **values: Value) -> list[Any]:
        """All rows of a query, as tuples."""
        return self.db.execute(self._sql[query], values).fetchall()

    def number(self, table: str) -> int:
        """The next id of a table, known before the row is written because its seal needs it.

        Never given twice, as this is the only writer, and the last row of a table stays.
        """
        number = self._numbers[table] = self._numbers.get(table, 0) + 1
        return number
