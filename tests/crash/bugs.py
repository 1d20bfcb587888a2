"""Four mistakes that have been made in bots like this one, to show that the judge would see them.
Each is put in from outside, into the victim's process only.
"""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.delivery import RetryAt, Unknown
from bot.core.ids import Cause
from bot.gateway.dispatch import Dispatcher, _Line
from bot.store import delivery
from bot.store.protocol import Duplicate

EARLY = "acknowledge-before-commit"
FORGETFUL = "seen-off"
BLIND = "unknown-resent"
SHUFFLED = "order-off"
BUGS = (EARLY, FORGETFUL, BLIND, SHUFFLED)


class _Passes:
    """Hands everything on that a bug does not touch."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class EarlyHandler(_Passes):
    """Says "done" at once and works afterwards, as libraries with a queue of their own do."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: dict[int, asyncio.Task[None]] = {}

    async def handle(self, arrived) -> None:
        task = asyncio.create_task(self._later(self._last.get(arrived.chat_id), arrived))
        self._tasks.add(task)
        self._last[arrived.chat_id] = task
        task.add_done_callback(self._tasks.discard)

    async def _later(self, before: asyncio.Task[None] | None, arrived) -> None:
        if before is not None:
            await asyncio.wait((before,))
        await asyncio.sleep(0.1)
        await self._inner.handle(arrived)


class ForgetfulStore(_Passes):
    """Applies a cause again when it comes again."""

    async def commit(self, change):
        try:
            return await self._inner.commit(change)
        except Duplicate:
            again = Cause(f"again:{random.getrandbits(64)}")
            return await self._inner.commit(replace(change, cause=again))


class BlindStore(_Passes):
    """Takes a lost answer for a refusal that may be repeated without harm."""

    async def settle(self, row, result, now):
        if isinstance(result, Unknown):
            result = RetryAt(now + timedelta(seconds=0.05))
        return await self._inner.settle(row, result, now)


def _resend_what_was_left() -> None:
    """At start too: whatever was in flight goes out again, unmarked."""

    def lost(tx, number, _stored, _now) -> str:
        tx.run("outbox_wait", id=number, lost=0)
        return "waiting"

    delivery._lost = lost  # noqa: SLF001 - a bug is put where no hook reaches


def _shuffle_chats() -> None:
    """Every update of a chat at once, each after a moment of its own."""

    async def serve_alone(self, job) -> None:
        await asyncio.sleep(random.uniform(0, 0.08))
        line = _Line([job])
        self._lines[id(line)] = line
        await self._serve(id(line), line)

    def queue(self, job) -> None:
        self._start(serve_alone(self, job))

    Dispatcher._queue = queue  # noqa: SLF001 - a bug is put where no hook reaches


def plant(bug: str) -> tuple[type | None, type | None]:
    """Put a bug in. Returns wrappers for the store and the handler, where it needs them."""
    match bug:
        case "":
            return None, None
        case "acknowledge-before-commit":
            return None, EarlyHandler
        case "seen-off":
            return ForgetfulStore, None
        case "unknown-resent":
            _resend_what_was_left()
            return BlindStore, None
        case "order-off":
            _shuffle_chats()
            return None, None
        case _:
            msg = f"There is no bug {bug!r}; there are {', '.join(BUGS)}."
            raise ValueError(msg)
