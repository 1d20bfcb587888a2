"""A whole gateway against the emulated Telegram over HTTP, with store and handler in memory."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest

from bot.core.ids import Door
from bot.gateway.bots import Bots
from bot.gateway.dispatch import Dispatcher, Patience
from bot.gateway.outbound import Outbound
from bot.gateway.pace import Pacer
from bot.gateway.polling import Pauses, Poller
from bot.gateway.sender import Sender
from bot.sandbox import World, create_world
from bot.sandbox.serving import listening
from tests.unit.gateway.fakes import FakeHandler, FakeStore

TOKENS: dict[Door, str] = {"survivor": "1000:aaaa", "staff": "2000:bbbb"}
QUICK = Pauses(long_poll=5, together=0.05, first=0.02, conflict=0.05)
IMPATIENT = Patience(tries=(0.01, 0.01), storage=0.02, longest=0.05)


def half() -> float:
    """Chance, without chance."""
    return 0.5


def utc() -> datetime:
    """The real time."""
    return datetime.now(UTC)


async def eventually(condition: Callable[[], object], within: float = 5.0) -> None:
    """Wait for something that must become true."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - conditions of any kind, mostly of a journal
            await asyncio.sleep(0.005)


class Rig:
    """One bot's gateway. `start` and `stop` may be repeated: a stop is a crash without mercy."""

    def __init__(self, url: str, world: World, *, paced: bool = False) -> None:
        self.url = url
        self.world = world
        self.paced = paced
        self.store = FakeStore()
        self.handler = FakeHandler(self.store)
        self.ignored: Counter[str] = Counter()
        self.refused: list[int] = []
        self.pauses = QUICK
        self.tasks: list[asyncio.Task[None]] = []
        self._stack = AsyncExitStack()

    def committed(self) -> None:
        """As the watch of the dispatcher."""

    def refusal(self, arrived: object) -> None:
        """As the watch of the dispatcher."""
        self.refused.append(arrived.chat_id)

    async def start(self, door: Door = "survivor", *, polling: bool = True) -> None:
        """Build everything and run it."""
        self.bots = await self._stack.enter_async_context(Bots(TOKENS, self.url, clock=utc))
        opened = self.bots[door]
        self.contact = opened.contact
        self.outbound = Outbound(opened.api, clock=utc, chance=half)
        pacer = Pacer(time.monotonic, on=self.paced)
        self.sender = Sender(self.store, self.handler, {door: (self.outbound, pacer)}, clock=utc)
        self.handler.sender = self.sender
        seeds = (f"seed-{number:016}" for number in itertools.count())
        self.dispatcher = Dispatcher(
            door,
            self.handler,
            draw_seed=lambda: next(seeds),
            spinner=self.outbound.spinner,
            watch=_Watch(self),
            ignored=self.ignored,
            patience=IMPATIENT,
        )
        self.poller = Poller(
            opened.api, self.dispatcher.submit, opened.contact, chance=half, pauses=self.pauses
        )
        self.tasks = [asyncio.create_task(self.sender.run())]
        if polling:
            self.tasks.append(asyncio.create_task(self.poller.run()))

    @property
    def polling(self) -> "asyncio.Task[None]":
        """The poller's task."""
        return self.tasks[1]

    async def stop(self) -> None:
        """Cut everything off."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.dispatcher.stop()
        await self.outbound.stop()
        await self.sender.stop()
        await self._stack.aclose()


class _Watch:
    def __init__(self, rig: Rig) -> None:
        self.committed = rig.committed
        self.refused = rig.refusal


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """An emulated Telegram with both bots. Nothing unknown may have been asked of it."""
    made = create_world(seed=1, pacing=False)
    made.add_bot(TOKENS["survivor"], "survivor")
    made.add_bot(TOKENS["staff"], "staff")
    yield made
    assert made.journal.errors == ()


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    """Where it listens."""
    async with listening(world) as address:
        yield address


@pytest.fixture
async def rig(url: str, world: World) -> AsyncIterator[Rig]:
    """A running gateway of the survivor bot."""
    made = Rig(url, world)
    await made.start()
    yield made
    await made.stop()
