"""The keys, in a SQLite file of their own: one data key a person, wrapped by the epoch key; the key
of the chat lookup; and the id of the database they belong to.

It decides the order of durability: :meth:`Keystore.flush` makes new keys durable *before* the data
commit, :meth:`Keystore.finish` destroys keys *after* it. What a crash leaves between the two is
told apart by ``batch`` (new keys of the last flush) and ``leaving`` (keys about to be destroyed),
and swept by :meth:`Keystore.reconcile`. It knows nothing of the tables of the database. Not
thread-safe.
"""

import logging
import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.ids import PersonId

from .hardened import connect
from .refused import StartupRefused
from .seal import SYSTEM, KeyMissing, SealBroken

log = logging.getLogger(__name__)

FORM: Final = 1
_KEY: Final = 32
_NONCE: Final = 12
_TABLES: Final = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE epoch (id INTEGER PRIMARY KEY, key BLOB NOT NULL, lookup BLOB NOT NULL) STRICT",
    """CREATE TABLE wrap (
        person TEXT PRIMARY KEY, epoch INTEGER NOT NULL REFERENCES epoch (id), key BLOB NOT NULL,
        batch INTEGER NOT NULL, leaving INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID""",
    "CREATE INDEX wrap_batch ON wrap (batch)",
    "CREATE INDEX wrap_leaving ON wrap (leaving) WHERE leaving = 1",
)


class Reconciled(NamedTuple):
    """What comparing keys and data showed, in people. ``swept`` keys had no data and were
    destroyed; ``keyless`` is data nobody can open; ``stray`` keys have no data and no explanation.
    """

    swept: int
    keyless: int
    stray: int


class Keystore:
    """An open keystore. Build it with :meth:`create` or :meth:`open`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        stored = dict(db.execute("SELECT name, value FROM meta"))
        self.database_id: str = stored["database"]
        self._epochs: dict[int, bytes] = {}
        self.epoch = 0
        self.index_key = b""
        for number, key, index_key in db.execute("SELECT id, key, lookup FROM epoch ORDER BY id"):
            self._epochs[number], self.epoch, self.index_key = key, number, index_key
        self._batch: int = db.execute("SELECT coalesce(max(batch), 0) FROM wrap").fetchone()[0]
        self._fresh: dict[PersonId, bytes] = {}
        self._going: set[PersonId] = set()
        self._flushed: tuple[PersonId, ...] = ()
        self._leftover: tuple[PersonId, ...] = ()

    # ------------------------------------------------------------------------------ opening

    @staticmethod
    def exists(path: Path) -> bool:
        """Whether there is anything at that path that could be a keystore."""
        return path.exists() and path.stat().st_size > 0

    @classmethod
    def create(cls, path: Path, database_id: str) -> Self:
        """A new keystore with mode 600. Its first keys are drawn here. Raises StartupRefused."""
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            path.chmod(0o600)
            db = connect(path)
        except (OSError, sqlite3.Error) as trouble:
            msg = (
                f"The keystore {path} cannot be created ({type(trouble).__name__}). "
                "Check that its folder exists, is writable and has free space."
            )
            raise StartupRefused(msg) from None
        _harden(db)
        db.execute("BEGIN IMMEDIATE")
        for statement in _TABLES:
            db.execute(statement)
        db.executemany(
            "INSERT INTO meta (name, value) VALUES (?, ?)",
            (("form", str(FORM)), ("database", database_id)),
        )
        db.execute("INSERT INTO epoch (id, key, lookup) VALUES (1, ?, ?)", (_draw(), _draw()))
        db.execute("COMMIT")
        keystore = cls(db)
        keystore.add(SYSTEM)
        keystore.flush()
        keystore.finish()
        return keystore

    @classmethod
    def open(cls, path: Path) -> Self:
        """An existing keystore. Raises StartupRefused in words when it cannot be used."""
        try:
            if path.stat().st_mode & 0o077:
                log.warning("The keystore can be read by other users; run: chmod 600 on its file.")
            db = connect(path)
            _harden(db)
            db.execute("BEGIN IMMEDIATE")
            db.execute("COMMIT")
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
            stored = dict(db.execute("SELECT name, value FROM meta")) if "meta" in tables else {}
            if not stored.keys() >= {"form", "database"}:
                db.close()
                raise StartupRefused(_not_a_keystore(path))
            if int(stored["form"]) != FORM:
                db.close()
                msg = (
                    f"The keystore {path} has form {stored['form']}, and this program reads form "
                    f"{FORM}. Start the newer version of Waymark, or restore the keystore from "
                    "before the upgrade together with its database."
                )
                raise StartupRefused(msg)
            return cls(db)
        except sqlite3.OperationalError as trouble:
            msg = (
                f"The keystore {path} cannot be opened ({trouble.sqlite_errorname}). If another "
                "Waymark process runs, stop it; otherwise check that this user may read and write "
                "the file. Nothing was changed."
            )
            raise StartupRefused(msg) from None
        except OSError as trouble:
            msg = (
                f"The keystore {path} cannot be opened ({type(trouble).__name__}). Check that this "
                "user may read and write the file. Nothing was changed."
            )
            raise StartupRefused(msg) from None
        except (sqlite3.DatabaseError, ValueError, KeyError):
            raise StartupRefused(_not_a_keystore(path)) from None

    def is_empty(self) -> bool:
        """True when it holds no key but the system's own: no person was ever stored with it."""
        row = self._db.execute("SELECT count(*) FROM wrap WHERE person <> ?", (SYSTEM,)).fetchone()
        return bool(row[0] == 0)

    def reconcile(self, people: Iterable[PersonId]) -> Reconciled:
        """Once at open, while nothing is in flight: compare with everybody the database has.

        Sweeps only what a crash explains. Keys of older batches without data look like an older
        database beside a newer keystore, and are left for the operator.
        """
        stored = set(people)
        swept: list[PersonId] = []
        stray = 0
        held = set()
        rows = self._db.execute("SELECT person, batch, leaving FROM wrap").fetchall()
        for person, batch, leaving in rows:
            held.add(person)
            if person in stored or person == SYSTEM:
                continue
            if leaving or batch == self._batch:
                swept.append(person)
            else:
                stray += 1
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("DELETE FROM wrap WHERE person = ?", [(person,) for person in swept])
        self._db.execute("UPDATE wrap SET leaving = 0 WHERE leaving = 1")
        self._db.execute("COMMIT")
        return Reconciled(len(swept), len(stored - held), stray)

    # -------------------------------------------------------------------------------- keys

    def data_key(self, person: PersonId) -> bytes:
        """The data key of a person. Raises KeyMissing, or SealBroken when its wrap was changed."""
        fresh = self._fresh.get(person)
        if fresh is not None:
            return fresh
        row = self._db.execute("SELECT epoch, key FROM wrap WHERE person = ?", (person,)).fetchone()
        if row is None or row[0] not in self._epochs:
            msg = "There is data of a person, and no key for it in the keystore."
            raise KeyMissing(msg)
        epoch, wrapped = row
        try:
            return AESGCM(self._epochs[epoch]).decrypt(
                wrapped[:_NONCE], wrapped[_NONCE:], self._bound(epoch, person)
            )
        except InvalidTag:
            msg = "A wrapped key in the keystore was changed, or belongs to somebody else."
            raise SealBroken(msg) from None

    def add(self, person: PersonId) -> None:
        """Draw a key for a new person. It can be used at once, and is durable after ``flush``."""
        self._fresh[person] = _draw()

    def retire(self, person: PersonId) -> None:
        """Destroy the key of a person once the data commit has succeeded."""
        self._going.add(person)

    # ---------------------------------------------------------------- around the data commit

    def pending(self) -> tuple[frozenset[PersonId], frozenset[PersonId]]:
        """A mark for :meth:`rewind`."""
        return frozenset(self._fresh), frozenset(self._going)

    def rewind(self, mark: tuple[frozenset[PersonId], frozenset[PersonId]]) -> None:
        """Forget what was added or retired after ``mark``, before it was flushed."""
        fresh, going = mark
        self._fresh = {person: key for person, key in self._fresh.items() if person in fresh}
        self._going &= going

    def flush(self) -> None:
        """Before the data commit: new keys are durable, and leaving ones are marked."""
        if not self._fresh and not self._going:
            return
        self._db.execute("BEGIN IMMEDIATE")
        if self._leftover:
            self._db.executemany(
                "DELETE FROM wrap WHERE person = ?", [(p,) for p in self._leftover]
            )
        if self._fresh:
            self._batch += 1
            self._db.executemany(
                "INSERT INTO wrap (person, epoch, key, batch) VALUES (?, ?, ?, ?)",
                [
                    (person, self.epoch, self._wrap(person, key), self._batch)
                    for person, key in self._fresh.items()
                ],
            )
        self._db.executemany(
            "UPDATE wrap SET leaving = 1 WHERE person = ?", [(person,) for person in self._going]
        )
        self._db.execute("COMMIT")
        self._flushed, self._leftover = tuple(self._fresh), ()

    def finish(self) -> None:
        """After the data commit: leaving keys are destroyed."""
        self._fresh.clear()
        self._flushed = ()
        if not self._going:
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("DELETE FROM wrap WHERE leaving = 1")
        self._db.execute("COMMIT")
        self._going.clear()

    def abandon(self, *, certain: bool) -> None:
        """The data commit failed. ``certain`` is False when it may have succeeded after all: then
        nothing is destroyed here, and the files must be opened again, which compares them.

        Keys that cannot be taken back now are taken back by the next flush.
        """
        flushed, marked = self._flushed + self._leftover, bool(self._going)
        self._leftover, self._flushed = flushed, ()
        self._fresh.clear()
        self._going.clear()
        with suppress(sqlite3.Error):
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        if not certain or not (flushed or marked):
            return
        with suppress(sqlite3.Error):
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("DELETE FROM wrap WHERE person = ?", [(p,) for p in flushed])
            self._db.execute("UPDATE wrap SET leaving = 0 WHERE leaving = 1")
            self._db.execute("COMMIT")
            self._leftover = ()
        with suppress(sqlite3.Error):
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file and drop the keys from memory."""
        self._fresh.clear()
        self._epochs.clear()
        self._db.close()

    def _wrap(self, person: PersonId, key: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        cipher = AESGCM(self._epochs[self.epoch])
        return nonce + cipher.encrypt(nonce, key, self._bound(self.epoch, person))

    def _bound(self, epoch: int, person: PersonId) -> bytes:
        return f"wrap|{epoch}|{person}|{self.database_id}".encode()


def _draw() -> bytes:
    return os.urandom(_KEY)


def _harden(db: sqlite3.Connection) -> None:
    # Truncate, not WAL: a destroyed key leaves no copy in a journal.
    db.execute("PRAGMA journal_mode=TRUNCATE")
    db.execute("PRAGMA synchronous=FULL")


def _not_a_keystore(path: Path) -> str:
    return (
        f"{path} is not a Waymark keystore, or it is damaged. Restore the keystore from the backup "
        "that belongs to this database, or point WAYMARK_KEYSTORE at the right file. "
        "Nothing was changed."
    )
