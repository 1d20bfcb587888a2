"""Every statement has a name, a reason and a user; and none of the hot ones scans a table."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import queries as module
from bot.store.migrations import all_migrations
from bot.store.queries import queries, read

CODE = Path(module.__file__).parent
USE = re.compile(r'tx\.(?:run|one|all)\(\s*"([a-z_]+)"')
QUOTED = re.compile(r'"([a-z]+_[a-z_]+)"')


def sources() -> str:
    """The Python of the package."""
    return "\n".join(path.read_text() for path in CODE.glob("*.py"))


def test_every_named_query_is_used():
    """A statement nobody runs is a statement nobody tests."""
    assert len(queries()) > 60
    assert set(queries()) - set(QUOTED.findall(sources())) - {"numbers", "doomed"} == set()


def test_every_used_name_exists():
    """A typing mistake would show only when that line runs."""
    used = set(USE.findall(sources()))
    assert len(used) > 60
    assert used - set(queries()) == set()


def test_every_query_is_valid_sql():
    """Against the tables as migrated."""
    db = migrated()
    for name, sql in queries().items():
        parameters = dict.fromkeys(re.findall(r":(\w+)", sql))
        assert db.execute(f"EXPLAIN {sql}", parameters).fetchone(), name
    db.close()


@pytest.mark.parametrize(
    "text",
    [
        "-- name: a\nSELECT 1",
        "-- name: a\n-- why",
        "-- name: a\n-- x\nSELECT 1\n-- name: a\n-- x\nSELECT 1",
    ],
)
def test_a_query_needs_a_reason_and_one_place(text: str):
    """The reader of a name should not have to guess."""
    with pytest.raises(ValueError, match="needs a line"):
        read(text, "file.sql")


HOT = (
    "person_by_lookup", "person_load", "person_for_commit", "person_reach", "session_save",
    "seen_find", "outbox_add", "outbox_flying", "outbox_sent", "outbox_next", "outbox_claim",
    "outbox_end", "outbox_row", "message_find", "message_number", "doomed", "timers_due",
    "cancel_waiting", "cancel_in_flight", "words_of", "consents_of", "case_find",
    "erase_outbox", "erase_outbox_move", "erase_messages_move", "erase_copies", "erase_audit",
    "tidy_waits", "message_between", "message_second", "remainder_busy",
)  # fmt: skip
OVER_OPEN_ROWS = ("outbox_due", "outbox_stale", "outbox_overdue", "outbox_when", "outbox_untold")


@pytest.mark.parametrize("name", HOT)
def test_a_hot_query_searches_and_never_scans(name: str):
    """With 100,000 people and a million sent rows, a scan would stop everybody."""
    assert [line for line in plan(name) if line.startswith("SCAN") and "CONSTANT" not in line] == []


@pytest.mark.parametrize("name", OVER_OPEN_ROWS)
def test_looking_for_due_rows_reads_open_rows_only(name: str):
    """Through the partial indexes, which hold nothing that is finished."""
    lines = list(plan(name))
    assert lines
    scans = [line for line in lines if line.startswith("SCAN")]
    assert all("outbox_due" in line or "outbox_chat" in line for line in scans), lines


def plan(name: str) -> Iterator[str]:
    """How SQLite means to run a query."""
    db = migrated()
    sql = queries()[name]
    parameters = dict.fromkeys(re.findall(r":(\w+)", sql))
    for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", parameters):
        yield row[3]
    db.close()


def migrated() -> sqlite3.Connection:
    """The tables, empty."""
    db = sqlite3.connect(":memory:")
    for one in all_migrations():
        db.executescript(one.sql)
    return db
