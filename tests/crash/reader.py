"""Reads what a dead bot left on its disk, with code of its own: a copy of the files, opened by
plain sqlite3, and the chat lookup worked out from the keystore. It shares nothing with `bot.store`.
"""

import hmac
import re
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

DATABASE = "waymark.db"
KEYSTORE = "waymark.keys"
LOG = "bot.log"
_LEFT_BEHIND = ("", "-wal", "-journal")


@dataclass(frozen=True, slots=True)
class Row:
    """One outbox row, as far as it is in the clear. Times are microseconds since 1970."""

    id: int
    person: str | None
    kind: str
    call: str
    state: str
    not_before: int | None
    ref: str | None
    message_id: int | None
    unknown: int
    quiet_until: int


@dataclass(frozen=True, slots=True)
class WordRow:
    """One relayed message, without its words. ``source`` is the message id in the writer's chat."""

    id: str
    person: str
    side: str
    source: int
    ref: str
    state: str
    at: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is committed. ``people`` maps (door, chat id) to a person's id, ``seen`` a cause to when
    it was applied, ``created`` a person's id to when she became known: after an erasure, anew.
    """

    sound: str
    seen: Mapping[str, int]
    created: Mapping[str, int]
    versions: Mapping[str, int]
    people: Mapping[tuple[str, int], str]
    outbox: tuple[Row, ...]
    words: tuple[WordRow, ...]
    dead_letters: int
    keyless: int

    def under_way(self, now: int) -> int:
        """Rows that are on their way or could go at once, at that moment (microseconds)."""
        return sum(row.state == "sending" or due(row, now) for row in self.outbox)


def due(row: Row, now: int) -> bool:
    """Whether a row could have been sent before ``now``."""
    waits = row.state in ("waiting", "held")
    return waits and (row.not_before or 0) <= now and row.quiet_until <= now


def copy_files(folder: Path, to: Path) -> None:
    """The database with any journal beside it, and the keystore, as the kill left them."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir()
    for name in (DATABASE, KEYSTORE):
        for ending in _LEFT_BEHIND:
            if (folder / (name + ending)).exists():
                shutil.copyfile(folder / (name + ending), to / (name + ending))


def read(folder: Path, chats: Iterable[tuple[str, int]]) -> Snapshot:
    """Everything the judge needs from one copy; SQLite recovers it as it would for the bot."""
    with closing(sqlite3.connect(folder / KEYSTORE)) as keys:
        (index_key,) = keys.execute("SELECT lookup FROM epoch ORDER BY id DESC LIMIT 1").fetchone()
        wrapped = {person for (person,) in keys.execute("SELECT person FROM wrap")}
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        by_lookup = dict(db.execute("SELECT lookup, id FROM person WHERE lookup IS NOT NULL"))
        people = {
            (door, chat): by_lookup[hashed]
            for door, chat in chats
            if (hashed := _lookup(index_key, door, chat)) in by_lookup
        }
        created = dict(db.execute("SELECT id, created FROM person"))
        return Snapshot(
            sound=str(db.execute("PRAGMA integrity_check").fetchone()[0]),
            seen=dict(db.execute("SELECT cause, at FROM seen")),
            created=created,
            versions=dict(db.execute("SELECT person, version FROM session")),
            people=people,
            outbox=tuple(Row(*row) for row in db.execute(_OUTBOX)),
            words=tuple(
                WordRow(*row)
                for row in db.execute("SELECT id, person, side, source, ref, state, at FROM word")
            ),
            dead_letters=db.execute("SELECT count(*) FROM dead_letter").fetchone()[0],
            keyless=len(created.keys() - wrapped),
        )


_OUTBOX = """
SELECT o.id, o.person, o.kind, o.call, o.state, o.not_before, o.ref, o.message_id, o.unknown,
       coalesce(p.quiet_until, 0)
FROM outbox o LEFT JOIN person p ON p.id = o.person ORDER BY o.id"""


def _lookup(index_key: bytes, door: str, chat: int) -> bytes:
    return hmac.digest(index_key, f"{door}|{chat}".encode(), "sha256")[:16]


class Leaks:
    """Looks for what must never be on disk in the clear. ``found`` maps a file to what it held."""

    def __init__(self, words: Iterable[str], numbers: Iterable[int]) -> None:
        needles = {word.encode(): word for word in words}
        for number in numbers:
            needles[str(number).encode()] = "a chat id"
            if number > 0:
                needles[number.to_bytes(8, "big").lstrip(b"\0")] = "a chat id, in binary"
        self._needles = needles
        self._pattern = re.compile(b"|".join(map(re.escape, needles)))
        self.found: dict[str, str] = {}
        self.searched = 0

    def search(self, folder: Path) -> None:
        """Every file of one folder."""
        for path in folder.iterdir():
            content = path.read_bytes()
            self.searched += len(content)
            if hit := self._pattern.search(content):
                self.found.setdefault(path.name, self._needles[hit[0]])
