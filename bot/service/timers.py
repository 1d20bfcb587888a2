"""Timers: promises that have come due become events. Rows are scanned; nothing is kept in memory.

A timer that fails is tried again at the next scan; one bad timer never holds up the others.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.store.protocol import DueTimer, Store, Unavailable

from .conversation import Conversation
from .desk import Desk

SCAN_EVERY: Final = 1.0
"""Seconds between scans."""

AT_ONCE: Final = 200
_log = logging.getLogger(__name__)


class Timers:
    """Scans for due timers and hands each to the door it belongs to."""

    def __init__(
        self,
        store: Store,
        conversation: Conversation,
        desk: Desk,
        clock: Callable[[], datetime],
        seed: Callable[[], str],
    ) -> None:
        self._store = store
        self._conversation = conversation
        self._desk = desk
        self._clock = clock
        self._seed = seed

    async def run(self) -> None:
        """Scan until cancelled."""
        while True:
            await self.scan()
            await asyncio.sleep(SCAN_EVERY)

    async def scan(self) -> int:
        """Handle what is due now. Returns how many timers were handled."""
        try:
            due = await self._store.due_timers(self._clock(), AT_ONCE)
        except Unavailable:
            return 0
        done = 0
        for timer in due:
            done += await self._handle(timer)
        return done

    async def _handle(self, due: DueTimer) -> int:
        try:
            if due.address.door == "staff":
                await self._desk.lapse(due, self._seed())
            else:
                await self._conversation.timer(due, self._seed())
        except Unavailable:
            return 0
        except Exception as error:  # noqa: BLE001 - one bad timer must not stop the promises to others
            _log.error(
                "timer failed: %s %s", due.timer.name.partition(":")[0], type(error).__name__
            )
            return 0
        return 1
