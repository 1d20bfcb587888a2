"""Drains the outbox: many chats side by side, one call at a time in each, within Telegram's limits,
urgent classes first when time is short. It carries rows and outcomes; what a row says, what a class
is owed and what follows from an outcome is decided elsewhere.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from heapq import heappop, heappush

from bot.core.delivery import Delivery, Gone, Refused, RetryAt, Sent
from bot.core.ids import Door
from bot.core.message import POLICY, Send
from bot.store.protocol import OutRow, OutState, Settled, Store, Unavailable

from .outbound import Outbound
from .pace import Pacer
from .seam import Handler

log = logging.getLogger("waymark.gateway")

PARALLEL = 256
"""Rows under way at once, a bot."""

SCAN_SECONDS = 30.0
"""The outbox is looked through at least this often, whatever anybody says."""

SCAN_APART = 0.02
"""Between two looks, however often somebody wakes: on a busy day every commit does."""

BLOCKED_SECONDS = 1.0
"""When something is due but stands behind something else, look again after this."""

FLOOD_CHATS = 3
FLOOD_WITHIN = timedelta(seconds=2)
"""So many chats told to wait within this time means that the whole bot is."""

SHORT_HOLD = 2.0
"""Rows stay in hand for a shorter hold; for a longer one they go back to the store."""

UNDELIVERED: tuple[OutState, ...] = ("unknown", "expired", "refused")
"""States in which staff words have not surely arrived."""

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 2.0
MOST_TELLINGS = 8
STOP_SECONDS = 3.0


class _Lane:
    """One bot's rows in hand: those ready to go by urgency, and how many are on their way."""

    def __init__(self, outbound: Outbound, pacer: Pacer) -> None:
        self.outbound = outbound
        self.pacer = pacer
        self.ready: list[tuple[int, int, OutRow]] = []
        self.busy = 0
        self.parked = 0
        self.held_until: datetime | None = None
        self.alarm: asyncio.TimerHandle | None = None
        self._floods: deque[tuple[datetime, int]] = deque(maxlen=FLOOD_CHATS)

    @property
    def in_hand(self) -> int:
        return len(self.ready) + self.busy + self.parked

    def judge(self, row: OutRow, result: Delivery, now: datetime) -> Delivery:
        """See in repeated waits of single chats a wait for the whole bot, and remember it."""
        if not isinstance(result, RetryAt):
            return result
        if not result.everyone:
            self._floods.append((now, row.address.chat_id))
            recent = {chat for at, chat in self._floods if now - at < FLOOD_WITHIN}
            if len(recent) < FLOOD_CHATS:
                return result
            self._floods.clear()
            result = RetryAt(result.at, everyone=True)
        self.held_until = max(self.held_until or result.at, result.at)
        return result

    def hold_left(self, now: datetime) -> float:
        """Seconds until this bot may send again."""
        if self.held_until is None:
            return 0.0
        left = (self.held_until - now).total_seconds()
        if left <= 0:
            self.held_until = None
        return max(0.0, left)


class Sender:
    """Sends for all bots. ``clock`` gives aware UTC.

    ``push`` takes rows that a commit has already claimed; ``wake`` says that others may be due.
    """

    def __init__(
        self,
        store: Store,
        handler: Handler,
        lanes: Mapping[Door, tuple[Outbound, Pacer]],
        *,
        clock: Callable[[], datetime],
        parallel: int = PARALLEL,
    ) -> None:
        self._store = store
        self._handler = handler
        self._lanes = {door: _Lane(*lane) for door, lane in lanes.items()}
        self._clock = clock
        self._parallel = parallel
        self._room = parallel * len(lanes)
        self._wake = asyncio.Event()
        self._count = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._starved = False

    @property
    def in_hand(self) -> int:
        """Rows claimed and not settled yet."""
        return sum(lane.in_hand for lane in self._lanes.values())

    def push(self, rows: Iterable[OutRow]) -> None:
        """Send these rows, which are claimed already."""
        for row in rows:
            self._count += 1
            entry = (POLICY[row.kind].urgency, self._count, row)
            heappush(self._lanes[row.address.door].ready, entry)
        for lane in self._lanes.values():
            if lane.ready:
                self._flow(lane)

    def wake(self) -> None:
        """Look for due rows now."""
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled. Rows that a dead process left behind are settled first."""
        try:
            await self._while_stored(self._recover)
            while True:
                self._wake.clear()
                wait = await self._while_stored(self._scan)
                await asyncio.sleep(SCAN_APART)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._wake.wait()
        finally:
            self._stopping = True

    async def stop(self) -> None:
        """Let calls under way end, for a moment. What is cut off is Unknown at the next start."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- taking rows in hand

    async def _while_stored(self, work: Callable[[], Awaitable[float]]) -> float:
        """Repeat ``work`` until the store can be reached."""
        wait = FIRST_PAUSE
        while True:
            try:
                return await work()
            except Unavailable:
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_PAUSE)

    async def _recover(self) -> float:
        await self._store.recover(self._clock())
        return 0.0

    async def _scan(self) -> float:
        """Claim what is due and there is room for. Returns seconds until the next look."""
        room = self._room - self.in_hand
        now = self._clock()
        rows = await self._store.claim(now, room) if room > 0 else ()
        self.push(rows)
        for row, state in await self._store.undelivered(now):
            await self._tell(row, state)
        self._starved = len(rows) >= room
        if self._starved:
            return BLOCKED_SECONDS
        due = await self._store.next_due()
        if due is None:
            return SCAN_SECONDS
        wait = (due - self._clock()).total_seconds()
        return min(SCAN_SECONDS, wait) if wait > 0 else BLOCKED_SECONDS

    def _flow(self, lane: _Lane) -> None:
        """Start what may go now, and arrange to come back for the rest."""
        while lane.ready and lane.busy < self._parallel and not self._stopping:
            hold = lane.hold_left(self._clock())
            if hold > SHORT_HOLD:
                self._give_back(lane)
                return
            if (wait := max(hold, lane.pacer.overall_wait())) > 0:
                self._come_back(lane, wait)
                return
            row = heappop(lane.ready)[2]
            new = isinstance(
                row.call, Send
            )  # edits and deletes count for the bot, not for the chat
            if new and (wait := lane.pacer.chat_wait(row.address.chat_id)) > 0:
                self._park(lane, row, wait)
                continue
            lane.pacer.take(row.address.chat_id if new else None)
            self._start(lane, row)

    def _come_back(self, lane: _Lane, wait: float) -> None:
        if lane.alarm is None:
            lane.alarm = asyncio.get_running_loop().call_later(wait, self._resume, lane)

    def _resume(self, lane: _Lane) -> None:
        lane.alarm = None
        self._flow(lane)

    def _park(self, lane: _Lane, row: OutRow, wait: float) -> None:
        lane.parked += 1
        asyncio.get_running_loop().call_later(wait, self._unpark, lane, row)

    def _unpark(self, lane: _Lane, row: OutRow) -> None:
        lane.parked -= 1
        self.push((row,))

    def _give_back(self, lane: _Lane) -> None:
        """A long hold: rows in hand would keep the other bot's rows out."""
        while lane.ready:
            row = heappop(lane.ready)[2]
            self._start(lane, row, RetryAt(lane.held_until or self._clock(), everyone=True))

    # -- carrying one row

    def _start(self, lane: _Lane, row: OutRow, result: Delivery | None = None) -> None:
        lane.busy += 1
        task = asyncio.get_running_loop().create_task(self._carry(lane, row, result))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, lane: _Lane, row: OutRow, result: Delivery | None) -> None:
        """Deliver and settle one row and, where nothing is paced, those that follow it."""
        try:
            while True:
                if result is None:
                    result = await self._deliver(lane, row)
                settled = await self._settle(row, result)
                if not isinstance(result, Sent):
                    await self._after(row, result, settled.state)
                if settled.following is None:
                    return
                row, result = settled.following, None
                if lane.pacer.on or lane.held_until is not None:
                    self.push((row,))
                    return
        finally:
            lane.busy -= 1
            if lane.ready:
                self._flow(lane)
            if self._starved and self.in_hand <= self._room // 2:
                self._wake.set()

    async def _deliver(self, lane: _Lane, row: OutRow) -> Delivery:
        now = self._clock()
        if row.not_after is not None and now > row.not_after and row.kind != "crisis":
            return RetryAt(now)  # it grew stale in hand; the store lets it expire
        try:
            result = await lane.outbound.deliver(row, lane.pacer.turn)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the other rows
            log.error("A row could not be sent (%s).", type(error).__name__)  # noqa: TRY400 - a traceback shows words
            return Refused(0)
        return lane.judge(row, result, now)

    async def _settle(self, row: OutRow, result: Delivery) -> Settled:
        """Write the outcome, however long it takes; the row keeps its place in hand meanwhile."""
        wait = FIRST_PAUSE
        while True:
            try:
                return await self._store.settle(row, result, self._clock())
            except Unavailable:
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_PAUSE)

    async def _after(self, row: OutRow, result: Delivery, state: OutState) -> None:
        if isinstance(result, RetryAt):
            # It is due again at a time that the scan, asleep, does not know.
            wait = (result.at - self._clock()).total_seconds()
            asyncio.get_running_loop().call_later(max(0.0, wait), self._wake.set)
        elif isinstance(result, Gone) or (row.kind == "relay" and state in UNDELIVERED):
            await self._tell(row, state)

    async def _tell(self, row: OutRow, state: OutState) -> None:
        wait = FIRST_PAUSE
        for _ in range(MOST_TELLINGS):
            try:
                return await self._handler.undelivered(row, state)
            except Unavailable:
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_PAUSE)
            except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the outbox
                log.error("An undelivered row could not be told (%s).", type(error).__name__)  # noqa: TRY400 - as above
                return None
        log.error("An undelivered row could not be told: nothing can be stored.")
        return None
