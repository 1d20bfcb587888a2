"""Runs a campaign: the emulated Telegram and its people in this process, the bot in another,
killed and started again until enough is enough; then quiet, and a last look at the disk. It decides
when to kill and keeps the times; what that means for anybody is the judge's business.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.sandbox import FaultPlan, create_world
from bot.sandbox.journal import Entry
from bot.sandbox.serving import listening
from bot.sandbox.world import World

from .players import CANARY, Cast, gather_cast
from .points import EXTRA, POINTS
from .reader import DATABASE, KEYSTORE, LOG, Leaks, Snapshot, copy_files, read

SURVIVOR = "7001:SurvivorTokenThatMustNeverBeOnDisk"
STAFF = "7002:StaffTokenThatMustNeverBeOnDiskEither"
HOME = Path(__file__).resolve().parents[2]
UNARMED = "nowhere"
FAULTS = "faults.txt"
"""Beside the bot's folder: what the handler raised, for whoever reads a red campaign."""

SPRINGS_WITHIN = 3.0
"""A point that has not come along by then is given up, and the kill falls at random."""

QUIET_SECONDS = 3.0
"""Longer than any wait the emulator asks for; after so long without a call nothing is under way."""

DRAIN_SECONDS = 60.0
START_SECONDS = 30.0
_CALL = {
    "drop_before": 0.015,
    "accept_then_drop": 0.02,
    "truncated": 0.01,
    "server_error": 0.01,
    "too_many_requests": 0.003,
    "delay": 0.04,
}
_METHODS = ("sendMessage", "editMessageText", "deleteMessages", "answerCallbackQuery", "getUpdates")
RATES: dict[str, Any] = {
    **{kind: dict.fromkeys(_METHODS, rate) for kind, rate in _CALL.items()},
    "duplicate": 0.05,
    "unparsable": 0.02,
}


@dataclass(frozen=True, slots=True)
class Options:
    """One campaign. ``minutes`` bounds it, whatever ``kills`` says."""

    kills: int = 40
    seed: int = 1
    bug: str = ""
    minutes: float = 30.0
    talkers: int = 6
    wanderers: int = 6
    staff: int = 2


@dataclass(frozen=True, slots=True)
class Death:
    """One kill. ``mono`` is on the journal's monotonic clock; ``under_way`` counts what it cut off:
    updates not confirmed, and outbox rows in flight or due.
    """

    mono: float
    point: str
    under_way: int


@dataclass(slots=True)
class Evidence:
    """What the judge gets: the journal, the disk after the last stop, and when it was killed."""

    journal: tuple[Entry, ...]
    disk: Snapshot
    at: int
    deaths: tuple[Death, ...]
    leaks: Leaks
    survivors: tuple[int, ...]
    staff: tuple[int, ...]
    pending: int
    ended_by_itself: int
    handler_faults: str
    """Tracebacks of tries that failed and were repeated."""
    seconds: float
    starts: tuple[float, ...]
    actions: dict[str, int]
    drained: bool


class Victim:
    """The nursery's process, and the life in it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def live(self, plan: dict[str, Any]) -> None:
        """Start one life."""
        self._order({"do": "live", "plan": plan})
        await self._news("born", START_SECONDS)

    async def ready(self) -> dict[str, Any]:
        """Wait until it serves, or is dead already."""
        return await self._news(("ready", "died"), START_SECONDS)

    async def death(self, within: float) -> dict[str, Any] | None:
        """Wait for its end; None when it still lives."""
        try:
            return await self._news("died", within)
        except TimeoutError:
            return None

    def kill(self) -> None:
        """SIGKILL, now."""
        self._order({"do": "kill"})

    def _order(self, order: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")

    async def _news(self, names: str | tuple[str, ...], within: float) -> dict[str, Any]:
        names = (names,) if isinstance(names, str) else names
        assert self._process.stdout is not None
        async with asyncio.timeout(within):
            while True:
                line = await self._process.stdout.readline()
                if not line:
                    msg = "The victim's process has ended; its words are above."
                    raise RuntimeError(msg)
                news: dict[str, Any] = json.loads(line)
                if any(name in news for name in names):
                    return news


@asynccontextmanager
async def nursery() -> AsyncIterator[Victim]:
    """The process that imports the bot once and forks its lives."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.crash.victim"),
        cwd=HOME,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Victim(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()


@dataclass(slots=True)
class Campaign:
    """The state of one run."""

    options: Options
    folder: Path
    world: World
    cast: Cast
    url: str
    victim: Victim
    leaks: Leaks
    deaths: list[Death] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    ended_by_itself: int = 0

    @property
    def disk(self) -> Path:
        """The bot's folder: database, keystore, log, and nothing else."""
        return self.folder / "bot"

    @property
    def _chats(self) -> list[tuple[str, int]]:
        survivors = (*self.cast.talkers, *self.cast.wanderers)
        staff = [("staff", player.person.id) for player in self.cast.staff]
        return [("survivor", player.person.id) for player in survivors] + staff

    async def start(self, point: str = UNARMED, after: int = 0) -> dict[str, Any]:
        """One more life on the same files."""
        begun = time.monotonic()
        settings = {
            "WAYMARK_SURVIVOR_TOKEN": SURVIVOR,
            "WAYMARK_STAFF_TOKEN": STAFF,
            "WAYMARK_API_URL": self.url,
            "DATABASE_URL": f"sqlite:///{self.disk / DATABASE}",
            "WAYMARK_KEYSTORE": str(self.disk / KEYSTORE),
            "WAYMARK_LEADS": ",".join(str(player.person.id) for player in self.cast.staff),
            "WAYMARK_STAFF_GROUP": str(self.cast.group),
            "WAYMARK_PACING": "none",
            "PORT": "0",
        }
        plan = {
            "point": point,
            "after": after,
            "settings": settings,
            "bug": self.options.bug,
            "log": str(self.disk / LOG),
            "faults": str(self.folder / FAULTS),
        }
        await self.victim.live(plan)
        news = await self.victim.ready()
        if "ready" in news:
            self.starts.append(news["ready"] - begun)
        return news

    async def kill_again_and_again(self) -> None:
        """The campaign proper. Starts at once again after each kill."""
        chance = random.Random(self.options.seed)
        ends = time.monotonic() + self.options.minutes * 60
        while len(self.deaths) < self.options.kills and time.monotonic() < ends:
            point = UNARMED
            if chance.random() < 0.8:
                point = POINTS[len(self.deaths) % len(POINTS)]
            after = chance.randint(1, 4) if point == POINTS[0] else chance.randint(1, 30)
            if chance.random() < 0.1:
                point, after = EXTRA[0], 1
            patience = chance.uniform(0.1, 1.5) if point == UNARMED else SPRINGS_WITHIN
            news = await self.start(point, after)
            if "died" not in news:
                news = await self.victim.death(patience) or await self._struck()
            self._note(news)

    async def _struck(self) -> dict[str, Any]:
        self.victim.kill()
        died = await self.victim.death(START_SECONDS)
        assert died is not None
        return died

    def _note(self, news: dict[str, Any]) -> None:
        if news["died"] != -9:
            self.ended_by_itself += 1
        snapshot = self._look(self.folder / "copy")
        under_way = snapshot.under_way(now()) + self._pending()
        self.deaths.append(Death(news["mono"], news["point"] or "at random", under_way))

    def _look(self, to: Path) -> Snapshot:
        copy_files(self.disk, to)
        self.leaks.search(to)
        return read(to, self._chats)

    def _pending(self) -> int:
        return sum(len(bot.queue.pending) for bot in self.world.bots.values())

    async def calm(self) -> bool:
        """No faults, no new actions: wait until nothing moves. True when that came about."""
        self.world.faults = FaultPlan()
        news = await self.start()
        if "died" in news:
            return False
        ends = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < ends:
            await asyncio.sleep(0.25)
            called = max(entry["mono"] for entry in self.world.journal.entries("call"))
            still = time.monotonic() - max(called, self.starts[-1])
            if not self._pending() and still > QUIET_SECONDS:
                return True
        return False

    async def run(self) -> Evidence:
        """Set the scene, kill, calm down, stop, read."""
        begun = time.monotonic()
        self.disk.mkdir()
        await self.start()
        await self.cast.set_up()
        self.world.faults = FaultPlan(
            self.options.seed, rates=RATES, delay_seconds=(0.05, 0.3), retry_after=(1, 2)
        )
        playing = asyncio.create_task(self.cast.play())
        await asyncio.sleep(0.5)
        self._note(await self._struck())
        await self.kill_again_and_again()
        self.cast.going = False
        await playing
        drained = await self.calm()
        if drained:
            await self._struck()
        disk = self._look(self.folder / "copy")
        self.leaks.search(self.disk)
        faults = self.folder / FAULTS
        return Evidence(
            journal=tuple(self.world.journal.entries()),
            disk=disk,
            at=now(),
            deaths=tuple(self.deaths),
            leaks=self.leaks,
            survivors=tuple(p.person.id for p in (*self.cast.talkers, *self.cast.wanderers)),
            staff=tuple(p.person.id for p in self.cast.staff),
            pending=self._pending(),
            ended_by_itself=self.ended_by_itself,
            handler_faults=faults.read_text() if faults.exists() else "",
            seconds=time.monotonic() - begun,
            starts=tuple(self.starts),
            actions=dict(self.cast.actions),
            drained=drained,
        )


def now() -> int:
    """Microseconds since 1970, as the database has them."""
    return time.time_ns() // 1000


async def campaign(options: Options, folder: Path) -> Evidence:
    """Run one campaign in an empty folder."""
    journal = folder / "journal.jsonl"
    world = create_world(seed=options.seed, pacing=False, journal_path=journal)
    world.add_bot(SURVIVOR, "survivor")
    world.add_bot(STAFF, "staff")
    cast = gather_cast(world, options.seed, options.talkers, options.wanderers, options.staff)
    people = (*cast.talkers, *cast.wanderers, *cast.staff)
    secrets = [CANARY, *(token.partition(":")[2] for token in (SURVIVOR, STAFF))]
    leaks = Leaks(secrets, [*(player.person.id for player in people), cast.group])
    try:
        async with listening(world) as url, nursery() as victim:
            return await Campaign(options, folder, world, cast, url, victim, leaks).run()
    finally:
        world.close()
