"""Opening database and keystore together. It decides whether the two belong together and may be
used, and says in words why not; nothing is created beside something that exists, nothing is
overwritten.
"""

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.core.ids import PersonId

from .hardened import connect, restrict
from .keystore import Keystore, Reconciled
from .location import Journal, Location
from .migrations import Migration, all_migrations, is_new, migrate
from .refused import StartupRefused

log = logging.getLogger(__name__)

OLDEST: Final = (3, 37, 0)
"""STRICT tables; RETURNING came before."""
QUICK_CHECK_BYTES: Final = 64 * 1024 * 1024
"""Up to this size the whole file is checked at every start."""


@dataclass(slots=True)
class Files:
    """An open pair, and what opening it showed."""

    db: sqlite3.Connection
    keystore: Keystore
    journal: str
    migrated: tuple[str, ...]
    reconciled: Reconciled

    def close(self) -> None:
        """Close both; the keystore first, so that no key outlives its use."""
        self.keystore.close()
        self.db.close()


def open_files(
    location: Location,
    keystore_path: Path,
    *,
    ids: Callable[[], str],
    factory: type[sqlite3.Connection] = sqlite3.Connection,
    known: tuple[Migration, ...] | None = None,
) -> Files:
    """Open or, when both are new, create. Raises StartupRefused."""
    _check_surroundings(location.path, keystore_path)
    if not _filled(location.path) and Keystore.exists(keystore_path):
        _refuse_orphaned(location.path, keystore_path)
    db = _open_database(location.path, factory)
    keystore: Keystore | None = None
    try:
        new = is_new(db)
        if new and not Keystore.exists(keystore_path):
            keystore = Keystore.create(keystore_path, ids())
        elif Keystore.exists(keystore_path):
            keystore = Keystore.open(keystore_path)
        else:
            msg = (
                f"The keystore {keystore_path} is missing, and the database {location.path} is not "
                "empty: without its keys nothing in it can be read. Put the keystore back from its "
                "backup, or point WAYMARK_KEYSTORE at it. A new one was not made, as it would open "
                "nothing."
            )
            raise StartupRefused(msg)  # noqa: TRY301 - the files must be closed again
        journal = _set_journal(db, location.journal)
        migrated = migrate(
            db, all_migrations() if known is None else known, database_id=keystore.database_id
        )
        _check_pair(db, keystore, location.path, keystore_path)
        people = [PersonId(person) for (person,) in db.execute("SELECT id FROM person")]
        reconciled = keystore.reconcile(people)
        restrict(db)
    except BaseException:
        if keystore is not None:
            keystore.close()
        db.close()
        raise
    _report(reconciled, journal, migrated)
    return Files(db, keystore, journal, migrated, reconciled)


def _filled(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _check_surroundings(path: Path, keystore_path: Path) -> None:
    if sqlite3.sqlite_version_info < OLDEST:
        msg = (
            f"Python is linked to SQLite {sqlite3.sqlite_version}, and Waymark needs 3.37 or newer."
            " Use a newer Python or a newer system."
        )
        raise StartupRefused(msg)
    if not _searches():
        msg = (
            "Python is linked to an SQLite without full-text search (FTS5), by which questions find"
            " their page. Use a newer Python or a newer system."
        )
        raise StartupRefused(msg)
    for one in (path, keystore_path):
        if not one.parent.is_dir():
            msg = f"The folder {one.parent} does not exist. Create it, or correct the setting."
            raise StartupRefused(msg)
        if one.is_dir():
            msg = f"{one} is a folder, and a file is needed. Correct the setting."
            raise StartupRefused(msg)
    if path.resolve() == keystore_path.resolve():
        msg = (
            "DATABASE_URL and WAYMARK_KEYSTORE name the same file. Keys must not lie in the data "
            "they protect: give the keystore a path of its own."
        )
        raise StartupRefused(msg)


def _refuse_orphaned(path: Path, keystore_path: Path) -> None:
    keystore = Keystore.open(keystore_path)
    empty = keystore.is_empty()
    keystore.close()
    if not empty:
        msg = (
            f"The database {path} is missing or empty, and the keystore {keystore_path} belongs to "
            "one with people in it. Restore the database from its backup; or, to begin anew, move "
            "the keystore away."
        )
        raise StartupRefused(msg)


def _searches() -> bool:
    """Whether this SQLite has full-text search, which most have, but not all."""
    with closing(sqlite3.connect(":memory:")) as db:
        try:
            db.execute("CREATE VIRTUAL TABLE page USING fts5(words)")
        except sqlite3.OperationalError:
            return False
    return True


def _open_database(path: Path, factory: type[sqlite3.Connection]) -> sqlite3.Connection:
    try:
        # Its rows are sealed, but how many there are is nobody's business; -wal follows its mode.
        path.touch(mode=0o600)
        db = connect(path, factory=factory)
    except OSError as trouble:
        raise StartupRefused(_unopened(path, sqlite3.OperationalError(str(trouble)))) from None
    except sqlite3.Error as trouble:
        raise StartupRefused(_unopened(path, trouble)) from None
    try:
        db.execute("BEGIN EXCLUSIVE")  # takes the lock, which EXCLUSIVE locking mode then keeps
        db.execute("COMMIT")
        if _filled(path) and path.stat().st_size <= QUICK_CHECK_BYTES:
            verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if verdict != "ok":
                raise StartupRefused(_damaged(path))  # noqa: TRY301 - as above
    except sqlite3.Error as trouble:
        db.close()
        raise StartupRefused(_unopened(path, trouble)) from None
    except BaseException:
        db.close()
        raise
    return db


def _unopened(path: Path, trouble: sqlite3.Error) -> str:
    code = getattr(trouble, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return (
            f"The database {path} is in use by another Waymark process. Only one may use it at a "
            "time: stop the other one first, or give this one a DATABASE_URL of its own."
        )
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return _damaged(path)
    return (
        f"The database {path} cannot be opened ({getattr(trouble, 'sqlite_errorname', 'error')}). "
        "Check that this user may read and write the file and its folder, and that the disk has "
        "free space. Nothing was changed."
    )


def _damaged(path: Path) -> str:
    return (
        f"The database {path} is damaged, or is not a database. Restore database and keystore from "
        "the newest backup, and keep the damaged file for whoever looks into it. Nothing was "
        "changed."
    )


def _set_journal(db: sqlite3.Connection, wanted: Journal) -> str:
    # One connection, locked to this process: SQLite's WAL-reset bug (before 3.51.3) needs two.
    # "delete" is set as TRUNCATE, because in exclusive locking mode DELETE would leave the last
    # transaction's old pages in the journal file, erased ones too.
    mode = "TRUNCATE" if wanted == "delete" else "WAL"
    (got,) = db.execute(f"PRAGMA journal_mode={mode}").fetchone()
    db.execute("PRAGMA synchronous=FULL")
    return str(got)


def _check_pair(
    db: sqlite3.Connection, keystore: Keystore, path: Path, keystore_path: Path
) -> None:
    row = db.execute("SELECT value FROM meta WHERE name = 'database'").fetchone()
    if row is None or row[0] != keystore.database_id:
        msg = (
            f"The keystore {keystore_path} belongs to another database than {path}. Point "
            "WAYMARK_KEYSTORE and DATABASE_URL at a pair that was made together. Nothing was "
            "changed."
        )
        raise StartupRefused(msg)


def _report(reconciled: Reconciled, journal: str, migrated: tuple[str, ...]) -> None:
    log.info("Database open: SQLite %s, journal mode %s.", sqlite3.sqlite_version, journal)
    if migrated:
        log.info("Database migrated: %s.", ", ".join(migrated))
    if reconciled.swept:
        log.info("Keys without data swept: %d.", reconciled.swept)
    if reconciled.keyless:
        log.error(
            "Data without a key: %d people cannot be read. The keystore may be older than the "
            "database: put the newest one back. Everybody else is served.",
            reconciled.keyless,
        )
    if reconciled.stray:
        log.error(
            "Keys without data: %d, and no crash explains them. The database may be older than the "
            "keystore. The keys were kept.",
            reconciled.stray,
        )
