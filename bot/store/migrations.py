"""Bringing a database to the form this program knows: numbered files, each applied once, all in one
transaction, so that a failure leaves the old state. It knows the files, not what is in the tables.
"""

import hashlib
import re
import sqlite3
from importlib.resources import files
from typing import NamedTuple

from .refused import StartupRefused

_NAME = re.compile(r"^(\d{4})_([a-z_]+)\.sql$")
_SCHEMA = """CREATE TABLE schema (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT"""


class Migration(NamedTuple):
    """One file."""

    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """What the schema table remembers of the file."""
        return hashlib.sha256(self.sql.encode()).hexdigest()[:32]


def all_migrations() -> tuple[Migration, ...]:
    """The files beside this module, in order."""
    found = []
    for file in (files(__package__) / "migrations").iterdir():
        match = _NAME.match(file.name)
        if match:
            text = file.read_text(encoding="utf-8")
            found.append(Migration(int(match[1]), match[2], text))
    return tuple(sorted(found))


def is_new(db: sqlite3.Connection) -> bool:
    """True when nothing was ever stored in that file."""
    return bool(db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0)


def migrate(
    db: sqlite3.Connection, known: tuple[Migration, ...], *, database_id: str
) -> tuple[str, ...]:
    """Apply what is missing and return its names. Raises StartupRefused and changes nothing."""
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    fresh = not tables
    if not fresh and "schema" not in tables:
        msg = (
            "The database is a SQLite file, but not one of Waymark's. Point DATABASE_URL at "
            "another file. Nothing was changed."
        )
        raise StartupRefused(msg)
    applied: dict[int, tuple[str, str]] = {}
    if not fresh:
        rows = db.execute("SELECT version, name, checksum FROM schema")
        applied = {version: (name, checksum) for version, name, checksum in rows}
    _compare(applied, known)
    missing = tuple(one for one in known if one.version not in applied)
    if not missing:
        return ()
    db.execute("BEGIN IMMEDIATE")
    try:
        if fresh:
            db.execute(_SCHEMA)
        for one in missing:
            for statement in _statements(one.sql):
                db.execute(statement)
            db.execute(
                "INSERT INTO schema (version, name, checksum) VALUES (?, ?, ?)",
                (one.version, one.name, one.checksum),
            )
        if fresh:
            db.execute("INSERT INTO meta (name, value) VALUES ('database', ?)", (database_id,))
        db.execute("COMMIT")
    except sqlite3.Error as trouble:
        if db.in_transaction:
            db.execute("ROLLBACK")
        msg = (
            f"The database could not be brought to the form this version needs ({trouble}). It is "
            "as it was before. Check free space, or go on with the version that worked."
        )
        raise StartupRefused(msg) from None
    return tuple(f"{one.version:04}_{one.name}" for one in missing)


def _compare(applied: dict[int, tuple[str, str]], known: tuple[Migration, ...]) -> None:
    newest = max((one.version for one in known), default=0)
    if applied and max(applied) > newest:
        msg = (
            f"The database was written by a newer version of Waymark (form {max(applied)}; this "
            f"program knows {newest}). Start the newer version, or restore database and keystore "
            "from before the upgrade. Nothing was changed."
        )
        raise StartupRefused(msg)
    for one in known:
        if one.version in applied and applied[one.version] != (one.name, one.checksum):
            msg = (
                "The database was made by another build of Waymark: its migration "
                f"{one.version:04} differs from the one in this program. Install the released "
                "version that made it. Nothing was changed."
            )
            raise StartupRefused(msg)


def _statements(sql: str) -> list[str]:
    found, piece = [], ""
    for line in sql.splitlines(keepends=True):
        piece += line
        if sqlite3.complete_statement(piece):
            found.append(piece)
            piece = ""
    if any(line.strip() and not line.strip().startswith("--") for line in piece.splitlines()):
        msg = "A migration ends in the middle of a statement."
        raise ValueError(msg)
    return found
