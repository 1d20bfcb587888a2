"""A store and a handler in memory, small enough to be seen through, for the gateway's tests."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.core.delivery import Delivery, Gone, RetryAt, Sent, Unknown
from bot.core.events import Arrived, Began, Pressed, Typed
from bot.core.ids import Door, PersonId, Ref
from bot.core.message import POLICY, Button, Call, Class, Content, Edit, Send
from bot.gateway.sender import Sender
from bot.store.protocol import Address, OutRow, OutState, Settled, Unavailable

BUTTONS = tuple((Button(f"Choice {n}", f"1:abcdefgh:{n}"),) for n in range(4))


def screen(text: str) -> Content:
    """A screen with four buttons."""
    return Content(text, rows=BUTTONS)


FINISHED = ("sent", "unknown", "expired", "cancelled", "refused")


@dataclass
class Queued:
    """One row of the outbox."""

    row: OutRow
    state: OutState = "waiting"
    not_before: datetime | None = None
    unknown: int = 0


class FakeStore:
    """An outbox in memory: order per chat, one in flight per chat, outcomes by class."""

    def __init__(self) -> None:
        self.rows: dict[int, Queued] = {}
        self.by_chat: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.settled: list[tuple[int, Delivery]] = []
        self.message_ids: dict[tuple[int, Ref], int] = {}
        self.down = False
        self.left_behind: tuple[OutRow, ...] = ()
        self.lapsed: list[OutRow] = []
        self.untold: list[tuple[OutRow, OutState]] = []
        self.claims = 0

    def add(
        self,
        chat_id: int,
        call: Call,
        kind: Class = "screen",
        *,
        door: Door = "survivor",
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        **known: object,
    ) -> OutRow:
        """Queue a row."""
        number = len(self.rows) + 1
        now = datetime.now(UTC)
        row = OutRow(
            number,
            PersonId(f"p{chat_id}"),
            Address(door, chat_id),
            kind,
            call,
            now,
            not_after,
            **known,
        )
        self.rows[number] = Queued(row, not_before=not_before)
        self.by_chat[door, chat_id].append(number)
        return row

    def state(self, row: OutRow) -> OutState:
        return self.rows[row.id].state

    def _next(self, key: tuple[str, int], now: datetime) -> OutRow | None:
        queue = self.by_chat[key]
        while queue and self.rows[queue[0]].state in FINISHED:
            queue.pop(0)
        for number in queue:
            queued = self.rows[number]
            if queued.state == "sending":
                return None
            if queued.state != "waiting":
                continue
            if queued.not_before and queued.not_before > now:
                return None
            if queued.row.not_after and queued.row.not_after < now:
                queued.state = "expired"
                self.lapsed.append(queued.row)
                continue
            queued.state = "sending"
            return queued.row
        return None

    async def claim(self, now: datetime, limit: int) -> tuple[OutRow, ...]:
        self._check()
        self.claims += 1
        found = []
        for key in list(self.by_chat):
            if len(found) < limit and (row := self._next(key, now)):
                found.append(row)
        return tuple(found)

    def claim_now(self, row: OutRow) -> tuple[OutRow, ...]:
        """What a commit returns: the row, if its chat is idle."""
        found = self._next((row.address.door, row.address.chat_id), datetime.now(UTC))
        return (found,) if found else ()

    async def settle(self, row: OutRow, result: Delivery, now: datetime) -> Settled:
        await asyncio.sleep(0)
        self._check()
        queued = self.rows[row.id]
        assert queued.state == "sending", "only a claimed row is settled"
        self.settled.append((row.id, result))
        match result:
            case Sent(message_id):
                queued.state = "sent"
                if message_id and isinstance(row.call, Send | Edit):
                    self.message_ids[row.address.chat_id, row.call.ref] = message_id
            case RetryAt(at):
                queued.state, queued.not_before = "waiting", at
            case Unknown():
                repeat = isinstance(row.call, Edit) or POLICY[row.kind].on_unknown == "repeat"
                once = POLICY[row.kind].on_unknown == "once" and not queued.unknown
                queued.unknown += 1
                queued.state = "waiting" if repeat or once else "unknown"
            case Gone():
                queued.state = "cancelled"
            case _:
                queued.state = "refused"
        if row.kind == "relay" and queued.state in ("unknown", "refused"):
            self.untold.append((row, queued.state))
        return Settled(queued.state, self._next((row.address.door, row.address.chat_id), now))

    async def recover(self, now: datetime) -> None:
        self._check()
        self.untold += [(row, "unknown") for row in self.left_behind]

    async def undelivered(self, now: datetime) -> tuple[tuple[OutRow, OutState], ...]:
        self.untold += [(row, "expired") for row in self.lapsed]
        self.lapsed = []
        found, self.untold = tuple(self.untold), []
        return found

    async def next_due(self) -> datetime | None:
        due = [q.not_before or q.row.created_at for q in self.rows.values() if q.state == "waiting"]
        return min(due, default=None)

    def _check(self) -> None:
        if self.down:
            raise Unavailable


@dataclass
class FakeHandler:
    """Commits in memory; counts every commit by its cause, and keeps order for the judge."""

    store: FakeStore = field(default_factory=FakeStore)
    sender: Sender | None = None
    applied: list[Arrived] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    buried: list[tuple[Door, int | None, bytes]] = field(default_factory=list)
    rescued: list[Arrived] = field(default_factory=list)
    told: list[tuple[OutRow, OutState]] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)
    takes: float = 0.0
    down: bool = False
    gate: asyncio.Event | None = None
    broken_for: set[str] = field(default_factory=set)
    toast: str | None = None

    async def handle(self, arrived: Arrived) -> str | None:
        self.tries[arrived.cause] += 1
        if self.down:
            raise Unavailable
        if self.gate is not None:
            await self.gate.wait()
        await asyncio.sleep(self.takes)
        if isinstance(arrived.what, Typed) and arrived.what.text in self.broken_for:
            msg = f"cannot handle {arrived.what.text}"
            raise RuntimeError(msg)
        self.seen[arrived.cause] += 1
        if self.seen[arrived.cause] > 1:
            return None
        self.applied.append(arrived)
        self._answer(arrived)
        return self.toast

    def _answer(self, arrived: Arrived) -> None:
        if self.sender is None:
            return
        chat, door, ref = arrived.chat_id, arrived.door, Ref("screen")
        match arrived.what:
            case Began():
                row = self.store.add(chat, Send(ref, screen("Here you are.")), door=door)
            case Pressed(message_id=message_id):
                text = f"You pressed {len(self.applied)} times."
                row = self.store.add(
                    chat, Edit(ref, screen(text)), door=door, message_id=message_id
                )
            case Typed(text=text):
                row = self.store.add(chat, Send(ref, screen(f"{text} back")), door=door)
            case _:
                return
        self.sender.push(self.store.claim_now(row))

    async def rescue(self, arrived: Arrived, raw: bytes) -> None:
        self.rescued.append(arrived)

    async def bury(self, door: Door, update_id: int | None, raw: bytes) -> None:
        if self.down:
            raise Unavailable
        self.buried.append((door, update_id, raw))

    async def undelivered(self, row: OutRow, state: OutState) -> None:
        self.told.append((row, state))


class Moment:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def seconds(self) -> float:
        """The same clock as monotonic seconds."""
        return self.now.timestamp()
