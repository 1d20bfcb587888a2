"""Where the bot can be killed, and the wrappers that stand there. Nothing in `bot` knows of them:
they come in through `bot.app.Hooks`, and through one patched function where no hook reaches (inside
the SQL transaction). It decides when the process ends, never what the bot does.
"""

import os
import signal
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.gateway.api import Accepted
from bot.store import commits
from bot.store.keystore import Keystore
from bot.store.protocol import Unavailable

FETCHED = "after fetch"
COMMITTING = "inside commit"
COMMITTED = "after commit"
SENT = "after send"
TELLING = "before telling"
POINTS = (FETCHED, COMMITTING, COMMITTED, SENT)
"""The four points of the promise: getUpdates answered and nothing applied; inside the transaction;
committed and not confirmed; accepted by the Bot API and not settled."""

EXTRA = (TELLING,)
"""Hit when it comes along: a row is settled as undelivered, and staff have not been told."""

VISIBLE = ("sendMessage", "editMessageText", "deleteMessages", "deleteMessage")


@dataclass(slots=True)
class Trap:
    """Ends this process at the `left`-th passing of `point`; `say` tells the supervisor."""

    point: str
    left: int
    say: Callable[[str], None]
    faults: Path
    """Where a fault of the handler is written down whole; the bot's log names its class only."""

    def passing(self, point: str) -> None:
        """The process is at `point` now; it may not come back from here."""
        if point != self.point:
            return
        self.left -= 1
        if self.left == 0:
            self.say(point)
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(5)  # the signal is on its way; nothing may happen meanwhile


class TrappedApi:
    """An Api that may not live to hand on its answer."""

    def __init__(self, inner, trap: Trap) -> None:
        self._inner = inner
        self._trap = trap

    async def post(self, method: str, parameters: Mapping[str, object], *rest) -> tuple[int, bytes]:
        status, payload = await self._inner.post(method, parameters, *rest)
        if method == "getUpdates" and b'"update_id"' in payload:
            self._trap.passing(FETCHED)
        return status, payload

    async def call(self, method: str, parameters: Mapping[str, object], *rest):
        answer = await self._inner.call(method, parameters, *rest)
        if method in VISIBLE and isinstance(answer, Accepted):
            self._trap.passing(SENT)
        return answer


class TrappedHandler:
    """A Handler after whose commit the process may end, before the update is confirmed."""

    def __init__(self, inner, trap: Trap) -> None:
        self._inner = inner
        self._trap = trap

    async def handle(self, arrived):
        try:
            toast = await self._inner.handle(arrived)
        except Unavailable:
            raise
        except Exception:
            with self._trap.faults.open("a") as file:
                traceback.print_exc(file=file)
            raise
        self._trap.passing(COMMITTED)
        return toast

    async def rescue(self, arrived, raw) -> None:
        await self._inner.rescue(arrived, raw)

    async def bury(self, door, update_id, raw) -> None:
        await self._inner.bury(door, update_id, raw)
        self._trap.passing(COMMITTED)

    async def undelivered(self, row, state) -> None:
        self._trap.passing(TELLING)
        await self._inner.undelivered(row, state)


def spring_inside_commits(trap: Trap) -> None:
    """Two places inside one transaction: rows written, and new keys durable but rows not yet."""
    apply, flush = commits.apply, Keystore.flush

    def applied(tx, change):
        outcome = apply(tx, change)
        trap.passing(COMMITTING)
        return outcome

    def flushed(keystore) -> None:
        flush(keystore)
        trap.passing(COMMITTING)

    commits.apply = applied
    Keystore.flush = flushed
