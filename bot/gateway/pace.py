"""Telegram's flood limits as we keep them: when the next call to a chat may go out. It counts every
call, edits and deletes too, and knows nothing of what is sent. Times are monotonic seconds.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

MOST_CHATS = 10_000


@dataclass(frozen=True, slots=True)
class Limit:
    """``burst`` calls at once, refilled at ``rate`` a second."""

    rate: float
    burst: float


PRIVATE = Limit(rate=1.0, burst=3.0)
GROUP = Limit(rate=20 / 60, burst=5.0)
OVERALL = Limit(rate=30.0, burst=20.0)
"""Telegram publishes 1 a second in a chat, 20 a minute in a group, 30 a second over all."""


class _Bucket:
    __slots__ = ("_at", "_level", "_limit")

    def __init__(self, limit: Limit, now: float) -> None:
        self._limit = limit
        self._level = limit.burst
        self._at = now

    def wait(self, now: float) -> float:
        """Seconds until a call fits; 0 when one fits now."""
        gained = (now - self._at) * self._limit.rate
        self._level = min(self._limit.burst, self._level + gained)
        self._at = now
        return max(0.0, (1 - self._level) / self._limit.rate)

    def take(self, now: float) -> None:
        """Count one call. The level may fall below nothing, and is then paid back."""
        self.wait(now)
        self._level -= 1

    @property
    def full(self) -> bool:
        """Whether forgetting this bucket changes nothing."""
        return self._level >= self._limit.burst


class Pacer:
    """The limits of one bot. With ``on=False`` nothing ever waits (load tests)."""

    def __init__(self, clock: Callable[[], float], *, on: bool = True) -> None:
        self.on = on
        self._clock = clock
        self._overall = _Bucket(OVERALL, clock())
        self._chats: dict[int, _Bucket] = {}

    def overall_wait(self) -> float:
        """Seconds until any call may go out."""
        return self._overall.wait(self._clock()) if self.on else 0.0

    def chat_wait(self, chat_id: int) -> float:
        """Seconds until a call to this chat may go out, as far as the chat is concerned."""
        return self._chat(chat_id).wait(self._clock()) if self.on else 0.0

    def take(self, chat_id: int | None) -> None:
        """Count one call; with a chat, one new message in it.

        Edits and deletes count for the bot alone: Telegram's one a second is about new messages,
        and a press must be answered at once.
        """
        if self.on:
            now = self._clock()
            self._overall.take(now)
            if chat_id is not None:
                self._chat(chat_id).take(now)

    async def turn(self) -> None:
        """Wait until one more edit or delete may go out, and count it."""
        while (wait := self.overall_wait()) > 0:  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(wait)
        self.take(None)

    def _chat(self, chat_id: int) -> _Bucket:
        bucket = self._chats.get(chat_id)
        if bucket is None:
            now = self._clock()
            if len(self._chats) >= MOST_CHATS:
                self._forget(now)
            limit = GROUP if chat_id < 0 else PRIVATE
            bucket = self._chats[chat_id] = _Bucket(limit, now)
        return bucket

    def _forget(self, now: float) -> None:
        for chat_id, bucket in list(self._chats.items()):
            bucket.wait(now)
            if bucket.full:
                del self._chats[chat_id]
