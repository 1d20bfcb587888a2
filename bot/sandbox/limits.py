"""Telegram's flood limits: about one new message a second in a chat with a burst, 20 a minute in a
group, 30 calls a second over all. It decides when a call is too early, in world time. Edits count
towards the overall and the group's limit only: none of their own is published for private chats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from .errors import too_many_requests


@dataclass(frozen=True, slots=True)
class Pace:
    """A bucket of `burst` calls that refills at `rate` a second."""

    rate: float
    burst: float


PRIVATE = Pace(rate=1.0, burst=5.0)
GROUP = Pace(rate=20 / 60, burst=20.0)
OVERALL = Pace(rate=30.0, burst=30.0)


@dataclass(slots=True)
class _Bucket:
    pace: Pace
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until one call fits (0: now)."""
        self.level = min(self.pace.burst, self.level + (now - self.at) * self.pace.rate)
        self.at = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.pace.rate


@dataclass(slots=True)
class FloodLimits:
    """The buckets of one bot. `on = False` leaves only the penalties of injected 429s."""

    on: bool = True
    private: Pace = PRIVATE
    group: Pace = GROUP
    overall: Pace = OVERALL
    _chats: dict[int, _Bucket] = field(default_factory=dict)
    _all: _Bucket | None = None
    _penalties: dict[int, float] = field(default_factory=dict)

    def penalise(self, chat_id: int, until: float) -> None:
        """Refuse everything to this chat before world time `until`."""
        self._penalties[chat_id] = until

    def check(self, chat_id: int, now: float, *, is_new: bool) -> None:
        """Count one call to a chat. Raises ApiError 429 with retry_after if it comes too early."""
        if self._penalties and (until := self._penalties.get(chat_id)) is not None:
            if now < until:
                raise too_many_requests(math.ceil(until - now))
            del self._penalties[chat_id]
        if not self.on:
            return
        is_group = chat_id < 0
        buckets = [self._overall(now)]
        if is_new or is_group:
            buckets.append(self._chat(chat_id, now, self.group if is_group else self.private))
        wait = max(bucket.wait(now) for bucket in buckets)
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        for bucket in buckets:
            bucket.level -= 1

    def _overall(self, now: float) -> _Bucket:
        if self._all is None:
            self._all = _Bucket(self.overall, self.overall.burst, now)
        return self._all

    def _chat(self, chat_id: int, now: float, pace: Pace) -> _Bucket:
        bucket = self._chats.get(chat_id)
        if bucket is None:
            bucket = self._chats[chat_id] = _Bucket(pace, pace.burst, now)
        return bucket
