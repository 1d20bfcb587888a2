"""One way to open a SQLite file: locked to this process, and as deaf as it can be made.

After GlobaLeaks: deleted content is overwritten, nothing in the schema is trusted, temporary data
stays in memory, and an authorizer lets through plain reading and writing only, so that even a hole
in our SQL could not attach, copy, or drop anything. It knows no table.
"""

import sqlite3
from pathlib import Path
from typing import Final

LOCK_SECONDS: Final = 1.0
CACHE_KIB: Final = 65_536
STATEMENTS: Final = 256

_FUNCTIONS: Final = frozenset({"coalesce", "count", "length", "max", "min", "substr"})
_ALLOWED: Final = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_UPDATE,
        sqlite3.SQLITE_DELETE,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_SAVEPOINT,
    }
)


def connect(
    path: Path, *, factory: type[sqlite3.Connection] = sqlite3.Connection
) -> sqlite3.Connection:
    """An open, hardened connection in autocommit mode. Locks the file at its first statement."""
    db = sqlite3.connect(
        path,
        timeout=LOCK_SECONDS,
        isolation_level=None,
        check_same_thread=False,  # opened on one thread, used on another, never on both
        cached_statements=STATEMENTS,
        factory=factory,
    )
    for pragma in (
        "locking_mode=EXCLUSIVE",
        "secure_delete=ON",
        "trusted_schema=OFF",
        "temp_store=MEMORY",
        "foreign_keys=ON",
        "cell_size_check=ON",
        f"cache_size=-{CACHE_KIB}",
    ):
        db.execute(f"PRAGMA {pragma}")
    if hasattr(db, "setconfig"):  # Python >= 3.12
        for name, on in (
            ("SQLITE_DBCONFIG_DQS_DML", False),
            ("SQLITE_DBCONFIG_DQS_DDL", False),
            ("SQLITE_DBCONFIG_ENABLE_TRIGGER", False),
            ("SQLITE_DBCONFIG_ENABLE_VIEW", False),
            ("SQLITE_DBCONFIG_DEFENSIVE", True),
        ):
            db.setconfig(getattr(sqlite3, name), on)
    return db


def restrict(db: sqlite3.Connection) -> None:
    """From here on only plain reading, writing and transactions. Called after migrations."""
    db.set_authorizer(_authorize)


def _authorize(
    action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None
) -> int:
    if action in _ALLOWED:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and second in _FUNCTIONS:
        return sqlite3.SQLITE_OK
    # An erasure ends by emptying the write-ahead log; nothing else needs a pragma.
    if action == sqlite3.SQLITE_PRAGMA and (first, second) == ("wal_checkpoint", "TRUNCATE"):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
