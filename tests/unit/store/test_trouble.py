"""Trouble of the file, of a job, of the power: all or nothing, and the connection stays usable."""

import asyncio
import inspect
import logging
import sqlite3
import subprocess
import sys
from pathlib import Path

import aiosqlite
import pytest

from bot.core.delivery import Sent
from bot.core.ids import CaseId, Cause, Ref
from bot.store.protocol import Commit, Conflict, Doom, Timer, Unavailable, Word
from tests.contract.scene import DAWN, HER, OTHER, STAFF, Scene, case_of, edit, send, tidy
from tests.unit.store.conftest import Pair


class Failing(sqlite3.Connection):
    """Raises at the nth statement after it was armed; then works again."""

    left: int | None = None
    code = sqlite3.SQLITE_IOERR

    def execute(self, sql, *rest):
        if Failing.left is not None:
            Failing.left -= 1
            if Failing.left < 0:
                Failing.left = None
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = Failing.code
                error.sqlite_errorname = "SQLITE_TEST"
                raise error
        return super().execute(sql, *rest)


async def rich(scene: Scene, *, erase: bool) -> None:
    """A commit that writes nearly every table."""
    person = (await scene.store.load(HER)).person
    assert person is not None
    staff = (await scene.store.load(STAFF)).person
    assert staff is not None
    await scene.commit(
        cause=Cause("update:survivor:9000"),
        state={"at": "next"},
        case=case_of(person),
        outbox=(
            scene.out(edit("s"), to=person),
            scene.out(tidy(), "tidy", person),
            scene.out(send("d"), "desk", staff),
        ),
        incoming=(41,),
        dooms=(Doom(person, everything=True),),
        timers=(Timer(person, "silence", DAWN),),
        words=(Word("w", CaseId("case-1"), "staff", 3, Ref("c"), "held", DAWN, "hi"),),
        cancel=(person,),
        erase=erase,
    )


@pytest.mark.parametrize("erase", [False, True])
@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_ERROR])
async def test_a_commit_that_fails_at_any_statement_wrote_nothing(
    pair: Pair, code: int, erase: bool
):
    """Statement by statement until it passes; afterwards the same commit succeeds."""
    store = await pair.open(Failing)
    scene = Scene(store)
    await scene.meet()
    await store.ensure(STAFF, DAWN)
    await scene.say(send("old"), "line")
    Failing.code = code
    failed = 0
    for nth in range(200):
        version = (await store.load(HER)).version
        assert await store.unseen(Cause("update:survivor:9000"))
        Failing.left = nth
        try:
            await rich(scene, erase=erase)
        except (Unavailable, sqlite3.OperationalError):
            failed += 1
            Failing.left = None
            assert (await store.load(HER)).version == version
            assert await store.find_case(CaseId("case-1")) is None
            continue
        break
    Failing.left = None
    # An error of the statement, not of the file, is tried once more alone, and then passes.
    assert failed > (2 if code == sqlite3.SQLITE_ERROR else 15)
    assert not await store.unseen(Cause("update:survivor:9000"))
    await store.close()
    again = await pair.open()
    assert again.reconciled.keyless == 0
    assert ((await again.load(HER)).person is None) is erase


async def test_trouble_in_one_batch_reaches_all_who_wait_in_it(pair: Pair):
    """Everybody is told, and everybody can try again."""
    store = await pair.open(Failing)
    scene = Scene(store)
    changes = [
        Commit(scene.cause(), DAWN, None, HER.__class__("survivor", n), state={}) for n in range(9)
    ]
    Failing.code, Failing.left = sqlite3.SQLITE_FULL, 12
    results = await asyncio.gather(*map(store.commit, changes), return_exceptions=True)
    assert {type(result) for result in results} == {Unavailable}
    assert await asyncio.gather(*map(store.commit, changes)) == [()] * 9
    await store.close()
    assert (await pair.open()).reconciled == (0, 0, 0)


FULL_DISK = """
import asyncio, itertools, resource, sys
from datetime import UTC, datetime
from bot.core.ids import Cause
from bot.store.protocol import Address, Commit, Unavailable
from bot.store.sqlite import SqliteStore
NOW = datetime(2026, 3, 1, tzinfo=UTC)
stores = []
async def main():
    ids = map("p{}".format, itertools.count()).__next__
    store = await SqliteStore.open(sys.argv[1], sys.argv[2], ids=ids)
    stores.append(store)
    async def one(n):
        cause, chat = Cause(f"update:survivor:{n}"), Address("survivor", n)
        change = Commit(cause, NOW, None, chat, state={"x": "y" * 2000})
        await store.commit(change)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
    good = tries = 0
    while tries < 3:  # opening the files again empties the log, which makes room at first
        try:
            await one(good)
        except Unavailable:
            tries += 1
        else:
            good, tries = good + 1, 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await one(good)
    assert (await store.health(NOW)).writable
    for n in range(good + 1):
        assert (await store.load(Address("survivor", n))).state == {"x": "y" * 2000}
    await store.close()
    print("recovered", good)
async def guarded():
    try:
        await main()
    finally:
        await stores[0].close()
asyncio.run(guarded())
"""


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_a_full_disk_refuses_commits_and_recovers_when_there_is_space(pair: Pair, journal: str):
    """What was confirmed stays; nothing else was written; no restart is needed."""
    pair.journal = journal
    result = subprocess.run(
        [sys.executable, "-c", FULL_DISK, pair.url, str(pair.keystore)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "recovered" in result.stdout, result.stderr[-2000:]
    people, keys = pair.everybody()
    assert len(people) > 10
    assert people == keys


async def test_a_conflict_in_a_batch_costs_the_others_nothing(pair: Pair):
    """Jobs check before they write, so nothing has to be repeated."""
    store = await pair.open()
    scene = Scene(store)
    person = await scene.meet()
    await scene.meet(OTHER)
    stale = Commit(scene.cause(), DAWN, person, HER, version=7, state={})
    results = await asyncio.gather(
        store.commit(stale), scene.commit(OTHER, state={"n": 2}), return_exceptions=True
    )
    assert isinstance(results[0], Conflict)
    assert (await store.load(OTHER)).state == {"n": 2}


async def test_the_private_method_of_aiosqlite_is_as_we_know_it():
    """It queues a call for the connection's thread. Another version may need another adapter."""
    signature = inspect.signature(aiosqlite.Connection._execute)  # noqa: SLF001 - this is what is watched
    assert str(signature) == "(self, fn, *args, **kwargs)"
    assert inspect.iscoroutinefunction(aiosqlite.Connection._execute)  # noqa: SLF001 - this is what is watched
    async with aiosqlite.connect(":memory:") as db:
        assert await db._execute(lambda: 41 + 1) == 42  # noqa: SLF001 - this is what is watched


async def test_nothing_of_a_person_is_logged_at_debug(pair: Pair, caplog: pytest.LogCaptureFixture):
    """Aiosqlite logs what it is given: it must be given nothing that speaks."""
    with caplog.at_level(logging.DEBUG):
        store = await pair.open()
        scene = Scene(store)
        await scene.meet(state={"at": "canary-state"})
        (row,) = await scene.say(send("s", "canary-words"))
        await store.settle(row, Sent(1), DAWN)
        await store.close()
    assert "executing" in caplog.text
    assert "canary" not in caplog.text
    assert str(HER.chat_id) not in caplog.text


@pytest.mark.parametrize("journal", ["wal", "delete"])
async def test_an_erasure_leaves_no_sealed_copy_in_any_file(pair: Pair, journal: str):
    """Not in pages, not in the log, not in a journal; her wrapped key as little."""
    pair.journal = journal
    store = await pair.open()
    scene = Scene(store)
    person = await scene.meet(state={"at": "x" * 300})
    await scene.meet(OTHER)
    await scene.say(send("s", "y" * 300), "line")
    for n in range(30):
        await scene.commit(state={"at": f"{n}" * 200})
    sealed: set[bytes] = set()
    await store.close()
    for table, column in (("person", "chat"), ("session", "state"), ("outbox", "payload")):
        name = "id" if table == "person" else "person"
        rows = pair.read(pair.database, f"SELECT {column} FROM {table} WHERE {name} = '{person}'")
        sealed.update(bytes(row[0])[:40] for row in rows)
    key = pair.read(pair.keystore, f"SELECT key FROM wrap WHERE person = '{person}'")[0][0]
    sealed.add(bytes(key)[:40])  # type: ignore[call-overload] - a blob comes back
    assert len(sealed) == 4
    assert found(pair.folder, sealed) == sealed
    store = await pair.open()
    scene = Scene(store, count=100)
    await scene.commit(state={"at": "last"})
    await scene.commit(cancel=(person,), outbox=(scene.out(tidy(), "tidy", person),), erase=True)
    assert found(pair.folder, sealed | {person.encode()}) == set()
    assert (await store.load(OTHER)).person is not None


def found(folder: Path, needles: set[bytes]) -> set[bytes]:
    """Which of these bytes are in any file of the folder."""
    files = [path.read_bytes() for path in folder.iterdir()]
    assert len(files) >= 2
    return {needle for needle in needles if any(needle in data for data in files)}
