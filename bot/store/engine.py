"""Group commit: everything that waits is done in one hop to the database's thread, inside one SQL
transaction, and nobody is answered before that transaction is durable.

It decides when a transaction begins, ends, and is repeated, and what a failure means: a job's own
Conflict or Duplicate stays its own; trouble of the file is Unavailable for the whole batch. It must
not know what the jobs do. This is the one file that uses aiosqlite's private ``_execute``: its
public methods cost one hop a statement, and cannot hold a transaction together when a caller is
cancelled.
"""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import aiosqlite

from .files import Files
from .protocol import Unavailable
from .refused import StartupRefused
from .transaction import Transaction

log = logging.getLogger(__name__)
T = TypeVar("T")

BATCH: Final = 256
"""The most jobs in one transaction: a bound on how long the first of them waits."""
_FILE_TROUBLE: Final = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PROTOCOL,
    }
)
_KEEPS_CONNECTION: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY})
UNAVAILABLE: Final = "The database or keystore cannot be used now. Nothing was written."
SILENT: Final = "The store cannot work now: %s."
UNFINISHED: Final = "An erasure is not finished yet: %s."
CLOSED: Final = "The store is closed. Nothing was written."


# No repr: a debug log of a job would show what is in it.
@dataclass(slots=True, eq=False, repr=False)
class _Job:
    work: Callable[[Transaction], Any]
    writes: bool
    future: asyncio.Future[Any]
    after: Callable[[Any], None] | None
    abandoned: Callable[[Any], None] | None


@dataclass(slots=True, eq=False, repr=False)
class _Raised:
    error: Exception


class _SpoiledError(Exception):
    """A job failed after it had written: the shared transaction cannot be kept."""


class Engine:
    """The queue of jobs and the one connection behind it."""

    def __init__(self, open_files: Callable[[], Files], *, ids: Callable[[], str]) -> None:
        self._open_files = open_files
        self._ids = ids
        self._jobs: deque[_Job] = deque()
        self._batch: list[_Job] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._broken = False
        self._connection: aiosqlite.Connection | None = None
        self._pump: asyncio.Task[None] | None = None
        self._files: Files | None = None
        self._tx: Transaction | None = None
        self.failed: Callable[[], None] = lambda: None
        """Called on the loop after trouble of the file: what memory says may not be true."""

    # -------------------------------------------------------------------------- loop's side

    async def start(self) -> Files:
        """Open the files and begin to work. Raises StartupRefused."""
        files = await self._connect()
        self._pump = asyncio.create_task(self._run(), name="store")
        return files

    async def do(
        self,
        work: Callable[[Transaction], T],
        *,
        writes: bool = True,
        after: Callable[[T], None] | None = None,
        abandoned: Callable[[T], None] | None = None,
    ) -> T:
        """Run ``work`` in a transaction and return its value once that is durable.

        ``after`` gets the value first, in the order of the transactions. ``abandoned`` gets it
        instead when the caller was cancelled meanwhile. Work may run twice; it must only touch its
        transaction. Raises what ``work`` raises, or Unavailable.
        """
        if self._closing or self._pump is None:
            raise Unavailable(CLOSED)
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.append(_Job(work, writes, future, after, abandoned))
        self._wake.set()
        return await future

    def post(self, work: Callable[[Transaction], object]) -> None:
        """Run ``work`` some time soon; nobody waits for it. Does nothing when closing."""
        if self._closing or self._pump is None:
            return
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        future.add_done_callback(_heard)
        self._jobs.append(_Job(work, writes=True, future=future, after=None, abandoned=None))
        self._wake.set()

    async def close(self) -> None:
        """Finish what waits, then close. A second call does nothing."""
        if self._closing:
            return
        self._closing = True
        self._wake.set()
        if self._pump is not None:
            await self._pump
        await self._disconnect()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._jobs:
                await self._round()
            if self._closing:
                return

    async def _round(self) -> None:
        """One batch, from the queue to its answers."""
        batch: list[_Job] = []
        while self._jobs and len(batch) < BATCH:
            job = self._jobs.popleft()
            if not job.future.cancelled():
                batch.append(job)
        if not batch:
            return
        try:
            if self._broken:
                await self._reconnect()
            assert self._connection is not None  # noqa: S101 - start() was awaited
            # Nothing but a bound method goes into aiosqlite, which logs its arguments at DEBUG.
            self._batch = batch
            outcomes = await _hop(self._connection, self._work)
        except Exception as trouble:  # noqa: BLE001 - whatever happened, the waiting must hear of it
            log.error(SILENT, _name(trouble))  # noqa: TRY400 - a traceback would show values
            self.failed()
            for job in batch:
                _fail(job, Unavailable(UNAVAILABLE))
            return
        for job, outcome in zip(batch, outcomes, strict=True):
            _answer(job, outcome)

    async def _connect(self) -> Files:
        # Not opened by aiosqlite's own thread, which does not end cleanly when that fails.
        files = await asyncio.to_thread(self._open_files)
        self._connection = await aiosqlite.Connection(lambda: files.db, iter_chunk_size=64)
        self._files, self._broken = files, False
        self._tx = Transaction(files.db, files.keystore, ids=self._ids)
        return files

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error, ValueError):
                await _hop(connection, self._close_keystore)
            with suppress(sqlite3.Error, ValueError):
                await connection.close()

    async def _reconnect(self) -> None:
        await self._disconnect()
        await self._connect()

    # ---------------------------------------------------------------------- thread's side

    def _close_keystore(self) -> None:
        if self._files is not None:
            self._files.keystore.close()

    def _work(self) -> list[Any]:
        """Run the batch. Returns one value or _Raised a job; raises when the file is in trouble."""
        jobs, self._batch = self._batch, []
        assert self._tx is not None  # noqa: S101 - start() was awaited
        tx = self._tx
        tx.erased = False
        try:
            if not any(job.writes for job in jobs):
                return [_attempt(job, tx) for job in jobs]
            try:
                return self._together(jobs, tx)
            except _SpoiledError:
                self._undo(tx)
                return self._apart(jobs, tx)
        except Exception as trouble:
            self._broken = not _keeps_connection(trouble)
            self._undo(tx)
            raise

    def _together(self, jobs: list[_Job], tx: Transaction) -> list[Any]:
        """The usual way: no savepoints. Jobs check before they write, so a Conflict leaves no
        trace.
        """
        tx.db.execute("BEGIN IMMEDIATE")
        outcomes: list[Any] = []
        for job in jobs:
            before = tx.db.total_changes
            outcome = _attempt(job, tx)
            if type(outcome) is _Raised and tx.db.total_changes != before:
                raise _SpoiledError
            outcomes.append(outcome)
        self._finish(tx)
        return outcomes

    def _apart(self, jobs: list[_Job], tx: Transaction) -> list[Any]:
        """After a job failed half-way: the same jobs, each in a savepoint of its own."""
        tx.db.execute("BEGIN IMMEDIATE")
        outcomes: list[Any] = []
        for job in jobs:
            mark, erased = tx.keystore.pending(), tx.erased
            tx.db.execute("SAVEPOINT job")
            outcome = _attempt(job, tx)
            if type(outcome) is _Raised:
                tx.db.execute("ROLLBACK TO job")
                tx.keystore.rewind(mark)
                tx.erased = erased
            tx.db.execute("RELEASE job")
            outcomes.append(outcome)
        self._finish(tx)
        return outcomes

    def _finish(self, tx: Transaction) -> None:
        tx.keystore.flush()
        tx.db.execute("COMMIT")
        try:
            tx.keystore.finish()
            if tx.erased:
                tx.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as trouble:
            # The data is committed. A key that should be gone is marked, and swept when the files
            # are opened again, which happens before the next batch.
            log.error(UNFINISHED, _name(trouble))  # noqa: TRY400 - a traceback would show values
            self._broken = True

    def _undo(self, tx: Transaction) -> None:
        try:
            if tx.db.in_transaction:
                tx.db.execute("ROLLBACK")
        except sqlite3.Error:
            self._broken = True
        tx.keystore.abandon(certain=not self._broken)
        tx.dulls.clear()
        tx.erased = False


async def _hop(connection: aiosqlite.Connection, function: Callable[[], T]) -> T:
    """Run ``function`` on the connection's thread. The one use of aiosqlite's private method."""
    done: T = await connection._execute(function)  # type: ignore[no-untyped-call]  # noqa: SLF001 - the pinned adapter, watched by a test
    return done


def _attempt(job: _Job, tx: Transaction) -> Any:  # noqa: ANN401 - a job's own value
    try:
        return job.work(tx)
    except Exception as error:
        if _is_file_trouble(error):
            raise
        return _Raised(error)


def _is_file_trouble(error: Exception) -> bool:
    if not isinstance(error, sqlite3.Error):
        return False
    code = getattr(error, "sqlite_errorcode", None)
    # Without a code it is Python's own: a closed connection, for example.
    return (
        not isinstance(error, sqlite3.IntegrityError)
        if code is None
        else code & 0xFF in _FILE_TROUBLE
    )


def _keeps_connection(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _KEEPS_CONNECTION


def _name(trouble: Exception) -> str:
    if isinstance(trouble, StartupRefused):
        return str(trouble)
    return str(getattr(trouble, "sqlite_errorname", type(trouble).__name__))


def _fail(job: _Job, error: Exception) -> None:
    if not job.future.done():
        job.future.set_exception(error)


def _heard(future: asyncio.Future[object]) -> None:
    if not future.cancelled():
        future.exception()


def _answer(job: _Job, outcome: Any) -> None:  # noqa: ANN401 - a job's own value
    if type(outcome) is _Raised:
        _fail(job, outcome.error)
        return
    if job.after is not None:
        try:
            job.after(outcome)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others must get their answers
            _fail(job, error)
            return
    if not job.future.done():
        job.future.set_result(outcome)
    elif job.abandoned is not None:
        job.abandoned(outcome)
