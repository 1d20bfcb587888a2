"""One bot's queue of updates: ids that start and restart at random, lifetimes, confirmation by
offset, and the one long poll that may wait. The rules are those of tdlib/telegram-bot-api
(Client.cpp, do_get_updates). It knows nothing of HTTP.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from .chance import Chance

MESSAGE_SECONDS = 86_400
CALLBACK_SECONDS = 150
QUIET_WEEK_SECONDS = 7 * 86_400
LONGEST_POLL_SECONDS = 50
FUTURE_SLACK = 10  # an offset further ahead than this is not believed
PAST_SLACK = 200_000
# Left out unless asked for by name, as at Telegram.
ASKED_FOR_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Update:
    """One update as it will be sent: `order` counts within its chat, `expires` is world time."""

    id: int
    kind: str
    chat_id: int
    person_id: int
    order: int
    body: str
    expires: float


@dataclass(slots=True)
class UpdateQueue:
    """`put` adds, `take` hands out and confirms; ids grow by one until they restart."""

    chance: Chance
    pending: deque[Update] = field(default_factory=deque)
    next_id: int = 0
    allowed: frozenset[str] = frozenset()
    last_put: float = 0.0
    restart_when_empty: bool = False
    waiter: asyncio.Future[str | None] | None = None
    asked_offset: int | None = None
    asked_at: float = float("-inf")

    def __post_init__(self) -> None:
        self.restart()

    def restart(self, at: int | None = None) -> None:
        """Go on from another id: `at`, or one drawn at random."""
        self.next_id = self.chance.randint(10_000_000, 900_000_000) if at is None else at
        self.restart_when_empty = False

    def wants(self, kind: str) -> bool:
        """Whether this kind of update is made at all for this bot."""
        return kind in self.allowed if self.allowed else kind not in ASKED_FOR_ONLY

    def take_id(self, now: float) -> int:
        """The id of the next update; after a quiet week, or on request, it starts elsewhere."""
        if not self.pending and (
            self.restart_when_empty or (self.last_put and now - self.last_put > QUIET_WEEK_SECONDS)
        ):
            self.restart()
        self.last_put = now
        update_id = self.next_id
        self.next_id += 1
        return update_id

    def put(self, update: Update) -> None:
        """Queue an update and wake the waiting poll."""
        self.pending.append(update)
        self.wake()

    def wake(self, outcome: str | None = None) -> None:
        """End the waiting poll: `None` to look again, else the words of a 409."""
        waiter, self.waiter = self.waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(outcome)

    def confirm(self, offset: int) -> list[int]:
        """Forget what lies below `offset` (negative: all but the last ones). Returns the ids."""
        gone: list[int] = []
        if offset < 0:
            while len(self.pending) > -offset:
                gone.append(self.pending.popleft().id)
        elif self.next_id - PAST_SLACK <= offset <= self.next_id + FUTURE_SLACK:
            while self.pending and self.pending[0].id < offset:
                gone.append(self.pending.popleft().id)
        return gone

    def drop_expired(self, now: float) -> list[Update]:
        """Remove what nobody fetched in time."""
        if not any(update.expires < now for update in self.pending):
            return []
        late = [update for update in self.pending if update.expires < now]
        self.pending = deque(update for update in self.pending if update.expires >= now)
        return late

    def batch(self, limit: int) -> list[Update]:
        """The first `limit` pending updates."""
        if len(self.pending) <= limit:
            return list(self.pending)
        return [self.pending[index] for index in range(limit)]
