"""What really happened, in order: every update made, handed out and confirmed, every call and its
outcome, every fault. Judges read it instead of believing the bot. It is append-only, kept in memory
and, if a path is given, written as JSON lines. It holds texts, because it holds test data only.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

Entry = dict[str, Any]

_FLUSH_EVERY_SECONDS = 0.5


class Journal:
    """`write` appends; `entries` reads; `on = False` makes both free (for load tests)."""

    def __init__(
        self,
        now: Callable[[], float],
        path: Path | None = None,
        *,
        on: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.on = on
        self._now = now
        self._monotonic = monotonic
        self._entries: list[Entry] = []
        self._file: TextIO | None = (
            path.open("a", encoding="ascii", buffering=1 << 18) if path else None
        )
        self._flushed = monotonic()

    def write(self, event: str, **fields: object) -> None:
        """Append one entry: its number `n`, world time `at`, `mono`, `event`, then `fields`."""
        if not self.on:
            return
        mono = self._monotonic()
        entry = {"n": len(self._entries), "at": self._now(), "mono": mono, "event": event, **fields}
        self._entries.append(entry)
        if self._file is not None:
            self._file.write(json.dumps(entry) + "\n")
            if mono - self._flushed > _FLUSH_EVERY_SECONDS:
                self._file.flush()
                self._flushed = mono

    def error(self, sentence: str, **fields: object) -> None:
        """Something a test should fail on: the bot used what the sandbox does not know."""
        self.write("error", sentence=sentence, **fields)

    def entries(self, event: str | None = None, since: int = 0) -> Iterator[Entry]:
        """The entries from number `since` on, of one kind if `event` is given."""
        for entry in self._entries[since:]:
            if event is None or entry["event"] == event:
                yield entry

    @property
    def errors(self) -> tuple[Entry, ...]:
        """All entries that a test should fail on."""
        return tuple(self.entries("error"))

    def __len__(self) -> int:
        return len(self._entries)

    def flush(self) -> None:
        """Bring the file up to date."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Flush and let go of the file; the memory stays readable."""
        if self._file is not None:
            self._file.close()
            self._file = None
