"""A stage for end-to-end tests: the real program and an emulated Telegram in one event loop, joined
by real HTTP on loopback, under one clock that a test can push ahead. It decides nothing about what
should be seen; the tests do.
"""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.app import Hooks, Waymark, opened
from bot.config import Settings
from bot.sandbox import World, WorldClock, create_world
from bot.sandbox.model import Person
from bot.sandbox.serving import listening
from tests.e2e.phones import Phone, deadline

PROJECT = Path(__file__).parents[2]
SURVIVOR_TOKEN = "1000:survivor-door-zq81"
STAFF_TOKEN = "2000:staff-door-kx27"
MONDAY_MORNING = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""When every play begins: 10 in the morning in New York, inside "morning", on a working day."""

FIRST_ID = 48_151_623_421
"""Ids of people are long and odd, so that one in a file or a log is no accident."""


@dataclass(slots=True)
class Somebody:
    """A person of the play, and the way to their phones."""

    stage: "Stage"
    person: Person

    @property
    def id(self) -> int:
        return self.person.id

    def at(self, bot: str) -> Phone:
        """Their phone, with the chat of that bot open."""
        return Phone(self.stage, self.person, bot)

    @property
    def notifications(self) -> tuple[dict[str, Any], ...]:
        """Everything their locked phone has shown, oldest first."""
        return self.stage.world.people.notifications(self.person)


@dataclass(slots=True)
class Stage:
    """One world and the program that serves it. ``app`` is None while it is stopped."""

    world: World
    url: str
    folder: Path
    env: dict[str, str] = field(default_factory=dict)
    hooks: Hooks | None = None
    app: Waymark | None = None
    address: str = ""
    """Of the program's own web server."""
    _stack: contextlib.AsyncExitStack | None = None
    _task: "asyncio.Task[None] | None" = None
    _next_id: int = FIRST_ID

    # ------------------------------------------------------------ people

    def person(self, name: str, language: str | None = "en", person_id: int = 0) -> Somebody:
        """Somebody new, with a phone in that language."""
        self._next_id += 7_919
        chosen = person_id or self._next_id
        return Somebody(self, self.world.people.add(name, language, chosen))

    def now(self) -> datetime:
        """The one clock of the play."""
        return datetime.fromtimestamp(self.world.clock.now(), UTC)

    # ------------------------------------------------------------ the program

    def settings(self, **more: str) -> Settings:
        """The settings the program is started with."""
        return Settings.from_env({**self.env, **more})

    async def open(self, hooks: Hooks | None = None, **more: str) -> Waymark:
        """Start the program, and wait until it listens."""
        hooks = hooks or self.hooks or Hooks(clock=self.now)
        stack = contextlib.AsyncExitStack()
        self.app = await stack.enter_async_context(opened(self.settings(**more), hooks=hooks))
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self.app.run(ready.set_result))
        self._stack = stack
        await asyncio.wait((ready, self._task), return_when="FIRST_COMPLETED", timeout=20)
        if self._task.done():
            self._task.result()
        self.address = ready.result()
        return self.app

    async def close(self) -> None:
        """Stop the program as a signal does. It must not have died before."""
        if self._task is None or self._stack is None:
            return
        died = self._task.done()
        self._task.cancel()
        results = await asyncio.gather(self._task, return_exceptions=True)
        await self._stack.aclose()
        self.app = self._task = self._stack = None
        if died:
            msg = "The program ended by itself."
            raise AssertionError(msg) from results[0]

    @property
    def running(self) -> Waymark:
        """The program, which runs."""
        assert self.app is not None, "the program is not running"
        assert self._task is not None
        if self._task.done():
            self._task.result()
        return self.app

    # ------------------------------------------------------------ waiting

    async def calm(self, timeout: float = 8.0) -> None:  # noqa: ASYNC109 - bounds the wait
        """Wait until everything people did is applied, and everything that is due is sent."""
        due = deadline(timeout)
        while not await self._is_calm():
            if time.monotonic() > due:
                msg = f"The program did not come to rest within {timeout} s: {self._unrest()}"
                raise AssertionError(msg)
            await asyncio.sleep(0.002)

    async def _is_calm(self) -> bool:
        app = self.running
        if any(bot.queue.pending for bot in self.world.bots.values() if not bot.revoked):
            return False
        if any(d.waiting for d in app.dispatchers.values()) or app.sender.in_hand:
            return False
        next_due = await app.store.next_due()
        return (next_due is None or next_due > self.now()) and app.sender.in_hand == 0

    def _unrest(self) -> str:
        app = self.running
        pending = {b.name: len(b.queue.pending) for b in self.world.bots.values()}
        waiting = {door: d.waiting for door, d in app.dispatchers.items()}
        return f"updates {pending}, under way {waiting}, rows in hand {app.sender.in_hand}"

    async def eventually(
        self,
        condition: Callable[[], Any],
        timeout: float = 8.0,  # noqa: ASYNC109 - bounds the wait
    ) -> Any:
        """Wait for something that is not only visible in a chat."""
        due = deadline(timeout)
        while not (found := condition()):
            assert time.monotonic() < due, f"not within {timeout} s"
            await asyncio.sleep(0.005)
        return found

    async def pass_time(
        self, *, hours: float = 0.0, minutes: float = 0.0, seconds: float = 0.0
    ) -> None:
        """Let time pass for everybody at once, and everything that has come due happen."""
        self.world.clock.advance(hours * 3600 + minutes * 60 + seconds)
        app = self.running
        while await app.timers.scan():
            pass
        app.sender.wake()
        await self.calm()

    # ------------------------------------------------------------ what was written down

    def calls(self, method: str, bot: str = "", chat: int | None = None) -> list[dict[str, Any]]:
        """The program's calls of one method that took effect, oldest first."""
        return [
            entry
            for entry in self.world.journal.entries("call")
            if entry["method"] == method
            and entry["accepted"]
            and (not bot or entry["bot"] == bot)
            and (chat is None or entry["chat"] == chat)
        ]

    def files(self) -> Iterator[Path]:
        """Every file the program has made."""
        return (path for path in sorted(self.folder.rglob("*")) if path.is_file())

    def found_in_files(self, *secrets: str) -> list[str]:
        """Which of these stand in clear in which file: "name: secret"."""
        return [
            f"{path.name}: {secret}"
            for path in self.files()
            for secret in secrets
            if secret.encode() in path.read_bytes()
            or secret.encode("utf-16-le") in path.read_bytes()
        ]


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def staged(folder: Path, *, seed: int = 5, **env: str) -> AsyncIterator[Stage]:
    """A world with both bots and nobody in it; the program is not started yet."""
    began = time.monotonic()
    base = MONDAY_MORNING.timestamp()
    clock = WorldClock(lambda: base + time.monotonic() - began)
    world = create_world(seed=seed, clock=clock, pacing=False, strict_polls=False)
    world.add_bot(SURVIVOR_TOKEN, "survivor")
    world.add_bot(STAFF_TOKEN, "staff")
    async with listening(world) as url:
        stage = Stage(world, url, folder)
        stage.env = {
            "WAYMARK_SURVIVOR_TOKEN": SURVIVOR_TOKEN,
            "WAYMARK_STAFF_TOKEN": STAFF_TOKEN,
            "WAYMARK_API_URL": url,
            "DATABASE_URL": f"sqlite:///{folder}/waymark.db",
            "WAYMARK_KEYSTORE": f"{folder}/waymark.keys",
            "WAYMARK_FLOWS": str(PROJECT / "flows"),
            "WAYMARK_LOCALES": str(PROJECT / "locales"),
            "WAYMARK_PACING": "none",
            "PORT": "0",
            **env,
        }
        try:
            yield stage
        finally:
            await stage.close()
    assert world.journal.errors == (), "the program asked for something Telegram does not know"
    everybody = [str(person.id) for person in world.persons.values() if person.id > 10**6]
    leaked = stage.found_in_files(*everybody, SURVIVOR_TOKEN, STAFF_TOKEN)
    assert leaked == [], "chat ids or tokens lie in clear in the program's files"
