"""Opening database and keystore: made once, kept together, refused in words, never overwritten."""

import asyncio
import logging
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.hardened import connect, restrict
from bot.store.location import Location, parse_url
from bot.store.migrations import Migration, all_migrations, migrate
from bot.store.refused import StartupRefused
from bot.store.sqlite import SqliteStore
from bot.store.sqlite import migrate as migrate_url
from tests.contract.scene import DAWN, HER, OTHER, Scene, send
from tests.unit.store.conftest import Pair


async def lived_in(pair: Pair) -> None:
    """A pair with one person in it, closed."""
    store = await pair.open()
    await Scene(store).meet()
    await store.close()


async def refusal(pair: Pair) -> str:
    """The sentence of a refused opening, which must have changed nothing."""
    before = {path: path.read_bytes() for path in pair.folder.iterdir() if path.is_file()}
    with pytest.raises(StartupRefused) as caught:
        await pair.open()
    after = {path: path.read_bytes() for path in pair.folder.iterdir() if path.is_file()}
    kept = {path: data for path, data in after.items() if path in before}
    assert kept == before
    assert all(len(path.read_bytes()) == 0 for path in after.keys() - before.keys())
    return str(caught.value)


async def test_both_are_made_when_both_are_new(pair: Pair):
    """The keystore is for its owner's eyes only."""
    await lived_in(pair)
    assert pair.keystore.stat().st_mode & 0o777 == 0o600
    assert (await (await pair.open()).load(HER)).person is not None


async def test_a_missing_keystore_beside_data_is_refused(pair: Pair):
    """A new one would open nothing."""
    await lived_in(pair)
    pair.keystore.rename(pair.folder / "elsewhere")
    assert "is missing" in await refusal(pair)
    assert not pair.keystore.exists()


async def test_a_missing_database_beside_keys_of_people_is_refused(pair: Pair):
    """The wrong folder must not begin a second life."""
    await lived_in(pair)
    pair.database.rename(pair.folder / "elsewhere")
    assert "belongs to one with people in it" in await refusal(pair)
    assert not pair.database.exists()


async def test_a_crash_between_the_two_files_is_not_in_the_way(pair: Pair):
    """An empty keystore without a database is simply used."""
    await (await pair.open()).close()
    for path in pair.folder.glob("waymark.db*"):
        path.unlink()
    assert (await pair.open()).reconciled.keyless == 0


async def test_a_keystore_of_another_database_is_refused(pair: Pair, tmp_path: Path):
    """The ids of the two do not match."""
    await lived_in(pair)
    (tmp_path / "other").mkdir()
    other = Pair(tmp_path / "other", ids=iter(["db-2", *map(str, range(9))]).__next__)
    await lived_in(other)
    other.keystore.replace(pair.keystore)
    assert "belongs to another database" in await refusal(pair)


@pytest.mark.parametrize("damage", [b"", b"not a database at all " * 400])
async def test_an_unreadable_keystore_is_refused(pair: Pair, damage: bytes):
    """Emptied or overwritten."""
    await lived_in(pair)
    pair.keystore.write_bytes(damage)
    assert "keystore" in await refusal(pair)


async def test_a_newer_keystore_is_refused(pair: Pair):
    """Its form is read before anything else."""
    await lived_in(pair)
    pair.edit(pair.keystore, "UPDATE meta SET value = '9' WHERE name = 'form'")
    assert "has form 9" in await refusal(pair)


async def test_a_file_that_is_no_database_is_refused(pair: Pair):
    """Whatever it is, it stays as it is."""
    await lived_in(pair)
    pair.database.write_bytes(b"holiday pictures" * 1000)
    assert "is damaged, or is not a database" in await refusal(pair)


async def test_a_damaged_database_is_refused(pair: Pair):
    """A page in the middle was overwritten."""
    await lived_in(pair)
    data = bytearray(pair.database.read_bytes())
    data[4096 * 3 : 4096 * 4] = b"\xff" * 4096
    pair.database.write_bytes(data)
    assert "is damaged" in await refusal(pair)


async def test_a_database_cut_short_is_refused(pair: Pair):
    """Half a copy is no copy."""
    await lived_in(pair)
    pair.database.write_bytes(pair.database.read_bytes()[: 4096 * 9])
    assert "is damaged" in await refusal(pair)


async def test_a_newer_database_is_refused(pair: Pair):
    """An old program must not write into it."""
    await lived_in(pair)
    pair.edit(pair.database, "INSERT INTO schema VALUES (9999, 'future', 'x')")
    assert "newer version of Waymark" in await refusal(pair)


async def test_a_database_of_another_build_is_refused(pair: Pair):
    """A migration that was changed after it had been applied is noticed."""
    await lived_in(pair)
    pair.edit(pair.database, "UPDATE schema SET checksum = 'other'")
    assert "another build" in await refusal(pair)


async def test_somebody_elses_database_is_refused(pair: Pair):
    """A SQLite file with other tables."""
    pair.edit(pair.database, "CREATE TABLE recipes (name TEXT)")
    text = await refusal(pair)
    assert "is missing" in text or "not one of Waymark's" in text


async def test_a_second_opening_is_refused_in_words(pair: Pair):
    """In this process, too."""
    await pair.open()
    with pytest.raises(StartupRefused, match="in use by another Waymark process"):
        await pair.open()


async def test_a_second_process_is_refused_in_words(pair: Pair):
    """Whatever it would do to the file."""
    await pair.open()
    code = (
        "import asyncio, sys; from bot.store.sqlite import SqliteStore\n"
        "asyncio.run(SqliteStore.open(sys.argv[1], sys.argv[2], ids=lambda: 'x'))"
    )
    result = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", code, pair.url, str(pair.keystore)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert result.returncode == 1
    assert "in use by another Waymark process" in result.stderr


async def test_one_file_for_both_is_refused(pair: Pair):
    """Keys must not lie in the data they protect."""
    with pytest.raises(StartupRefused, match="the same file"):
        await SqliteStore.open(pair.url, pair.database, ids=pair.ids)


async def test_a_missing_folder_is_refused(pair: Pair):
    """It is not made in silence."""
    with pytest.raises(StartupRefused, match="does not exist"):
        await SqliteStore.open("sqlite:////nowhere/at/all.db", pair.keystore, ids=pair.ids)


async def test_data_without_a_key_is_an_alarm_and_the_rest_goes_on(
    pair: Pair, caplog: pytest.LogCaptureFixture
):
    """Counted without ids; she herself can begin anew."""
    store = await pair.open()
    scene = Scene(store)
    former = await scene.meet()
    await scene.meet(OTHER)
    await scene.say(send("a"), "line")
    await scene.commit(timers=())
    await store.close()
    pair.edit(pair.keystore, f"DELETE FROM wrap WHERE person = '{former}'")
    with caplog.at_level(logging.ERROR, "bot.store"):
        store = await pair.open()
    assert "1 people cannot be read" in caplog.text
    assert former not in caplog.text
    assert (await store.health(DAWN)).keyless == 1
    assert (await store.load(OTHER)).person is not None
    assert (await store.load(HER)).person is None
    scene = Scene(store, count=50)
    assert await scene.claim() == ()
    assert await scene.meet() != former


async def test_a_key_a_crash_left_without_data_is_swept(pair: Pair):
    """It was durable before the commit that never came."""
    await lived_in(pair)
    pair.edit(pair.keystore, "INSERT INTO wrap SELECT 'orphan', 1, key, batch, 0 FROM wrap "
              "ORDER BY batch DESC LIMIT 1")  # fmt: skip
    store = await pair.open()
    assert store.reconciled == (1, 0, 0)
    await store.close()
    assert ("orphan",) not in pair.read(pair.keystore, "SELECT person FROM wrap")


async def test_keys_no_crash_explains_are_kept(pair: Pair, caplog: pytest.LogCaptureFixture):
    """An older database beside a newer keystore must not cost anybody her key."""
    await lived_in(pair)
    older = pair.database.read_bytes()
    store = await pair.open()
    for n in range(3):
        await Scene(store, count=10 * n + 10).meet(HER.__class__("survivor", 50 + n))
    await store.close()
    newer = pair.database.read_bytes()
    pair.database.write_bytes(older)
    store = await pair.open()
    assert (store.reconciled.stray, store.reconciled.keyless) == (2, 0)
    assert "Keys without data: 2" in caplog.text
    await store.close()
    pair.database.write_bytes(newer)
    assert (await pair.open()).reconciled.keyless == 1


def test_urls_that_work():
    """Three slashes are relative, four absolute."""
    assert parse_url("sqlite:///waymark.db") == Location(Path("waymark.db"))
    assert parse_url("sqlite:////var/a%20b.db?journal=wal") == Location(Path("/var/a b.db"), "wal")


@pytest.mark.parametrize(
    "url",
    [
        "", "waymark.db", "sqlite://", "sqlite:///", "sqlite://host/x.db", "mysql://u:secret@h/d",
        "sqlite:///x.db?journal=off", "sqlite:///x.db?mode=ro", "postgresql://u:secret@h/d",
        "postgres://u:secret@h/d",
    ],
)  # fmt: skip
def test_urls_that_do_not_work_are_refused_without_repeating_them(url: str):
    """A password may be in there."""
    with pytest.raises(StartupRefused) as caught:
        parse_url(url)
    assert "secret" not in str(caught.value)
    assert "sqlite:///" in str(caught.value) or "?journal" in str(caught.value)


def test_postgresql_is_refused_in_one_sentence_that_names_what_works():
    """Until the contract tests pass on it."""
    with pytest.raises(StartupRefused) as caught:
        parse_url("postgresql://host/db")
    assert str(caught.value) == (
        "PostgreSQL is not supported yet, so DATABASE_URL must name a SQLite file. Use "
        "sqlite:///waymark.db (a path beside the program) or sqlite:////var/lib/waymark/waymark.db."
    )


async def test_migrate_says_what_it_applied(pair: Pair):
    """And nothing the second time."""
    names = tuple(f"{one.version:04}_{one.name}" for one in all_migrations())
    assert names[0] == "0001_first"
    assert await migrate_url(pair.url, pair.keystore, ids=pair.ids) == names
    assert await migrate_url(pair.url, pair.keystore, ids=pair.ids) == ()


def test_a_migration_that_fails_leaves_the_old_state():
    """All files in one transaction."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db, all_migrations(), database_id="x")
    before = list(db.iterdump())
    bad = Migration(
        9000, "bad", "CREATE TABLE extra (n INTEGER);\nCREATE TABLE person (n INTEGER);"
    )
    with pytest.raises(StartupRefused, match="as it was before"):
        migrate(db, (*all_migrations(), bad), database_id="x")
    assert list(db.iterdump()) == before
    db.close()


@pytest.mark.parametrize(
    "statement",
    [
        "ATTACH 'x.db' AS other",
        "PRAGMA journal_mode=OFF",
        "PRAGMA secure_delete=OFF",
        "DROP TABLE one",
        "CREATE TABLE two (n INTEGER)",
        "VACUUM INTO 'copy.db'",
        "SELECT load_extension('x')",
        "SELECT hex(randomblob(4))",
        "CREATE TRIGGER t AFTER INSERT ON one BEGIN SELECT 1; END",
        "UPDATE sqlite_master SET sql = ''",
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION SELECT n + 1 FROM r) SELECT * FROM r LIMIT 3",
    ],
)
def test_the_authorizer_lets_only_plain_reading_and_writing_through(tmp_path: Path, statement: str):
    """Even a hole in our SQL could not copy or drop anything."""
    db = connect(tmp_path / "x.db")
    db.execute("CREATE TABLE one (n INTEGER)")
    restrict(db)
    with pytest.raises(sqlite3.DatabaseError):
        db.execute(statement)
    db.execute("INSERT INTO one VALUES (1)")
    db.execute("UPDATE one SET n = 2")
    assert db.execute("SELECT count(*), max(n) FROM one").fetchone() == (1, 2)
    db.close()


@pytest.mark.parametrize(
    ("journal", "got"), [("auto", "wal"), ("wal", "wal"), ("delete", "truncate")]
)
async def test_the_journal_is_the_one_asked_for_and_logged(
    pair: Pair, caplog: pytest.LogCaptureFixture, journal: str, got: str
):
    """Auto is WAL, as there is a single connection."""
    pair.journal = journal
    with caplog.at_level(logging.INFO, "bot.store"):
        assert (await pair.open()).journal == got
    assert f"journal mode {got}" in caplog.text
