"""The store on SQLite: :class:`~bot.store.protocol.Store`, method by method. It decides what each
call runs, and what memory may remember of it; how rows look is in the modules beside it.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self

from bot.core.case import Case, CaseState
from bot.core.delivery import Delivery
from bot.core.ids import CaseId, Cause, PersonId, StepId

from . import commits, delivery, desk, people, published, upkeep
from .cache import Cache
from .commits import Applied
from .engine import Engine
from .files import Files, open_files
from .keystore import Reconciled
from .location import Location, parse_url
from .people import Entry
from .protocol import (
    Address,
    Commit,
    Conflict,
    ConsentRecord,
    DueTimer,
    Health,
    Loaded,
    OutRow,
    OutState,
    Release,
    Settled,
    Unavailable,
    Version,
    Word,
)
from .transaction import Transaction


class SqliteStore:
    """An open database with its keystore. Build it with :meth:`open`; one process at a time."""

    def __init__(self, engine: Engine, files: Files) -> None:
        self._engine = engine
        self._cache = Cache()
        self._engine.failed = self._cache.clear
        self.journal = files.journal
        self.migrated = files.migrated
        self.reconciled: Reconciled = files.reconciled

    @classmethod
    async def open(
        cls,
        url: str | Location,
        keystore: str | Path,
        *,
        ids: Callable[[], str],
        factory: type[sqlite3.Connection] = sqlite3.Connection,
    ) -> Self:
        """Open, or create when database and keystore are both new; then migrate.

        ``ids`` draws ids for people: random, at least 128 bits. Raises StartupRefused in words.
        Must be closed: the connection's thread keeps the process alive until then.
        """
        location = parse_url(url) if isinstance(url, str) else url
        engine = Engine(
            partial(open_files, location, Path(keystore), ids=ids, factory=factory), ids=ids
        )
        return cls(engine, await engine.start())

    async def close(self) -> None:
        """Finish what waits and close the files. A second call does nothing."""
        await self._engine.close()

    # --------------------------------------------------------------------------------- people

    async def load(self, address: Address) -> Loaded:
        """The person at that address; never creates one."""
        entry = self._cache.get(address)
        if entry is None:
            entry = await self._engine.do(
                lambda tx: people.load(tx, address), writes=False, after=self._cache.put
            )
        return entry.loaded()

    async def load_person(self, person: PersonId) -> Loaded | None:
        """The person with that id, or None when she has been erased."""
        entry = await self._engine.do(lambda tx: people.load_person(tx, person), writes=False)
        return None if entry is None else entry.loaded()

    async def ensure(self, address: Address, now: datetime) -> PersonId:
        """The person at that address, made when new."""
        entry = self._cache.get(address)
        if entry is not None and entry.person is not None:
            return entry.person
        return await self._engine.do(lambda tx: people.ensure(tx, address, now))

    # --------------------------------------------------------------------------------- writes

    async def commit(self, change: Commit) -> tuple[OutRow, ...]:
        """Apply one event, durably. Raises Conflict, Duplicate, Unavailable; then nothing
        changed.
        """
        try:
            applied: Applied = await self._engine.do(
                lambda tx: commits.apply(tx, change),
                after=partial(self._remember, change),
                abandoned=lambda applied: self._release(applied.rows),
            )
        except Conflict:
            self._cache.drop(change.address)
            raise
        return applied.rows

    def _remember(self, change: Commit, applied: Applied) -> None:
        """In the order of the transactions, before anybody hears of this one."""
        if change.case is not None:
            self._cache.drop_person(change.case.person)
        if applied.entry is None or change.case is not None:
            if change.erase or change.state is not None or change.case is not None:
                self._cache.drop(change.address)
            return
        former = self._cache.get(change.address)
        if former is None:
            if change.version == 0 and change.person is None:
                self._cache.put(applied.entry)
            return
        entry = applied.entry
        self._cache.put(
            Entry(
                entry.address,
                entry.person,
                entry.state,
                entry.version,
                former.case,
                former.case_version,
            )
        )

    async def settle(self, row: OutRow, result: Delivery, now: datetime) -> Settled:
        """Write what Telegram answered; returns the chat's next row, claimed."""
        return await self._engine.do(
            lambda tx: delivery.settle(tx, row, result, now),
            abandoned=lambda done: self._release((done.following,) if done.following else ()),
        )

    async def claim(self, now: datetime, limit: int) -> tuple[OutRow, ...]:
        """Oldest due row of each chat that has none in flight, by urgency."""
        return await self._engine.do(
            lambda tx: delivery.claim(tx, now, limit), abandoned=self._release
        )

    def _release(self, rows: tuple[OutRow, ...]) -> None:
        """Claimed rows whose reader was cancelled must not wait for their lease."""
        if rows:
            self._engine.post(lambda tx: delivery.release(tx, rows))

    async def recover(self, now: datetime) -> None:
        """Once at start: what a dead process left in flight is settled as Unknown."""
        await self._engine.do(lambda tx: delivery.recover(tx, now))

    async def undelivered(self, now: datetime) -> tuple[tuple[OutRow, OutState], ...]:
        """Relay rows that did not surely arrive and that no commit has reported yet."""
        return await self._engine.do(lambda tx: delivery.undelivered(tx, now))

    # ---------------------------------------------------------------------------------- reads

    async def next_due(self) -> datetime | None:
        """When the sender should look again, if nothing wakes it before."""
        return await self._engine.do(delivery.next_due, writes=False)

    async def due_timers(self, now: datetime, limit: int) -> tuple[DueTimer, ...]:
        """Timers whose time has come; they stay until a commit with their cause."""
        return await self._engine.do(lambda tx: desk.due_timers(tx, now, limit))

    async def find_case(self, case: CaseId) -> tuple[Case, int] | None:
        """A case and its version, or None when it is gone."""
        return await self._engine.do(lambda tx: desk.find_case(tx, case), writes=False)

    async def cases(self, states: Sequence[CaseState]) -> tuple[Case, ...]:
        """All cases in those states, oldest first."""
        wanted = tuple(states)
        return await self._engine.do(lambda tx: desk.cases(tx, wanted), writes=False)

    async def words(self, case: CaseId) -> tuple[Word, ...]:
        """The relayed words of a case that are still kept, oldest first."""
        return await self._engine.do(lambda tx: desk.words(tx, case), writes=False)

    async def consents(self, person: PersonId) -> tuple[ConsentRecord, ...]:
        """Every consent record of a person, oldest first."""
        return await self._engine.do(lambda tx: desk.consents(tx, person), writes=False)

    async def unseen(self, cause: Cause) -> bool:
        """True when that cause has not been applied."""

        def look(tx: Transaction) -> bool:
            row = tx.one("seen_find", cause=cause)
            return not (row and row[0])

        return await self._engine.do(look, writes=False)

    # ------------------------------------------------------------------------------- published

    async def publish(self, version: Version, release: Release | None = None) -> None:
        """Make a version the current one, and record it."""
        await self._engine.do(lambda tx: published.publish(tx, version, release))

    async def withdraw(self, version: str, step: StepId, release: Release) -> None:
        """Take whoever stands in a version to another step, at her next touch."""
        await self._engine.do(lambda tx: published.withdraw(tx, version, step, release))

    async def releases(self) -> tuple[Release, ...]:
        """Everything that was done with versions, the newest first."""
        return await self._engine.do(published.releases, writes=False)

    async def versions(self) -> tuple[Version, ...]:
        """Every version that is kept, the newest first."""
        return await self._engine.do(published.kept, writes=False)

    async def standing(self) -> Mapping[str, Mapping[StepId, int]]:
        """How many people stand in which step, by structure."""
        return await self._engine.do(published.standing, writes=False)

    async def current_version(self) -> Version | None:
        """The newest published version, with its files."""
        return await self._engine.do(published.current, writes=False)

    async def versions_in_use(self) -> tuple[Version, ...]:
        """The current version, and every other one somebody is pinned to."""
        return await self._engine.do(published.in_use, writes=False)

    # ------------------------------------------------------------------------------- housekeeping

    async def prune(self, now: datetime) -> int:
        """Remove what has served, slice by slice. Returns rows removed."""
        step = await self._engine.do(lambda tx: upkeep.prune_rest(tx, now))
        removed = step.removed
        cause: str | int | None = ""
        while cause is not None:
            step = await self._engine.do(partial(upkeep.prune_seen, now=now, after=str(cause)))
            removed, cause = removed + step.removed, step.after
        row: str | int | None = 0
        while row is not None:
            step = await self._engine.do(partial(upkeep.prune_outbox, now=now, after=int(row)))
            removed, row = removed + step.removed, step.after
        return removed

    async def health(self, now: datetime) -> Health:
        """Figures for readiness. Never raises."""
        keyless = self.reconciled.keyless
        try:
            return await self._engine.do(lambda tx: upkeep.health(tx, now, keyless))
        except (Unavailable, sqlite3.Error):
            return Health(
                writable=False,
                oldest_waiting=0.0,
                waiting=0,
                unknown=0,
                dead_letters=0,
                overdue_timers=0.0,
                keyless=keyless,
            )


async def migrate(url: str, keystore: str | Path, *, ids: Callable[[], str]) -> tuple[str, ...]:
    """Bring a database to this program's form (making it when new) and return what was applied."""
    store = await SqliteStore.open(url, keystore, ids=ids)
    await store.close()
    return store.migrated
