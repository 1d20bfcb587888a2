"""What the gateway asks of the rest of Waymark: somebody who commits what arrived.

The gateway knows Telegram, order and retries; it does not know what an event means, and it never
writes to the store except to settle what it sent.
"""

from typing import Protocol

from bot.core.events import Arrived
from bot.core.ids import Door
from bot.store.protocol import OutRow, OutState


class Handler(Protocol):
    """Turns arrived updates into commits. Every method returns only after its commit is durable.

    Each raises :class:`~bot.store.protocol.Unavailable` when nothing can be committed now; the
    gateway then waits and asks again, and acknowledges nothing meanwhile.
    """

    async def handle(self, arrived: Arrived) -> str | None:
        """Apply one update. Returns a short text for the pressed button's toast, or None.

        An update that was applied before is a success. Any exception but Unavailable is a fault of
        ours and counts as a try.
        """

    async def rescue(self, arrived: Arrived, raw: bytes) -> None:
        """After the last try: commit a safe way on for her, and ``raw`` as a sealed dead letter."""

    async def bury(self, door: Door, update_id: int | None, raw: bytes) -> None:
        """Commit a dead letter for an update that cannot be read at all."""

    async def undelivered(self, row: OutRow, state: OutState) -> None:
        """A call did not arrive, or nobody knows: staff words, or a person who is gone."""
