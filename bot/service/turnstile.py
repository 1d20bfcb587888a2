"""One at a time for each case: politeness between her events and the desk's.

The compare-and-swap in the store is the law. But a survivor who types without pause can win every
race, and then the words of a staff member would never be committed; so whoever is about to change a
case waits for the one who is at it. Nothing is stored here, and nothing depends on it for truth.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from bot.core.ids import CaseId


class Turnstile:
    """Locks by case. A lock lives as long as somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[CaseId, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def alone(self, case: CaseId | None) -> AsyncIterator[None]:
        """Be the only one at this case; without a case, nobody is kept waiting."""
        if case is None:
            yield
            return
        lock = self._locks.get(case)
        if lock is None:
            lock = self._locks[case] = asyncio.Lock()
        async with lock:
            yield
