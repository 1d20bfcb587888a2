"""The emulated Telegram's clock: world time in seconds since 1970, which runs with the machine's
clock and can be pushed ahead (41 hours in a test). It decides what "now" is for lifetimes and
limits; real waiting (long polls, faults) stays with asyncio.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class WorldClock:
    """World time. `source` gives seconds since 1970; a test may hand in one that stands still."""

    def __init__(
        self,
        source: Callable[[], float] = time.time,  # noqa: TID251 - the emulator's clock, not the bot's
    ) -> None:
        self._source = source
        self._ahead = 0.0
        self._advanced = asyncio.Event()

    def now(self) -> float:
        """World time in seconds since 1970."""
        return self._source() + self._ahead

    @property
    def ahead(self) -> float:
        """Seconds by which the world runs ahead of its source."""
        return self._ahead

    def advance(self, seconds: float) -> None:
        """Push the world ahead; sleepers whose time has come wake up. Raises ValueError below 0."""
        if seconds < 0:
            msg = f"The world's clock cannot go back ({seconds} s); start a new world instead."
            raise ValueError(msg)
        self._ahead += seconds
        self._advanced.set()
        self._advanced = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Wait until world time has moved on by `seconds`, by itself or by `advance`."""
        due = self.now() + seconds
        while (left := due - self.now()) > 0:
            advanced = self._advanced
            try:
                await asyncio.wait_for(advanced.wait(), timeout=left)
            except TimeoutError:
                continue
