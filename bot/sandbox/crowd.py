"""Many people at once, in closed loop: each acts again only when the bot has finished with what
they did before. It measures how long that took, and keeps the list of finished actions, so that a
judge can compare it with what the bot stored.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from .chance import Chance, seeded
from .errors import PersonCannot
from .model import Message
from .world import Accepted, World

Mode = Literal["press", "type"]
FIRST_ID = 5_000_000_000


@dataclass(frozen=True, slots=True)
class CrowdPlan:
    """What the people do. They stop after exactly `actions` in all, or `seconds`, whichever comes
    first; actions under way at the end of `seconds` are listed but not measured.

    `press`: done when the press was answered (answerCallbackQuery) and a screen was edited or sent.
    `type`: done when something new was sent and the typed message was deleted.
    `labels`: press only buttons whose label is among them (all are pressed if empty).
    `patience`: seconds after which an unanswered action counts as stalled and the person goes on.
    `start`: whether each person says /start first; otherwise they must know the bot already.
    """

    bot: str = "survivor"
    people: int = 32
    mode: Mode = "press"
    actions: int = 0
    seconds: float = 0.0
    labels: tuple[str, ...] = ()
    words: tuple[str, ...] = ("these are typed words",)
    language: str = "en"
    first_id: int = FIRST_ID
    start: bool = True
    patience: float = 15.0
    seed: int = 0


@dataclass(slots=True)
class _Member:
    id: int
    chance: Chance
    doing: str = ""  # "", "start", "press", "type"
    since: float = 0.0
    query_id: str = ""
    answered: bool = False
    shown: bool = False
    typed_id: int = 0
    count: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """One finished action; `seconds` from the person's touch to the last accepted call."""

    person: int
    n: int
    kind: str
    detail: str
    seconds: float
    at: float


@dataclass(slots=True)
class Tally:
    """What has happened so far."""

    started: int = 0
    issued: int = 0
    stalled: int = 0
    stuck: list[str] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    begun_at: float = 0.0
    ended_at: float = 0.0
    cpu_begun: float = 0.0
    cpu_ended: float = 0.0


class Crowd:
    """Starts, watches and stops one crowd at a time."""

    def __init__(self, world: World, monotonic: Callable[[], float] = time.perf_counter) -> None:
        self._world = world
        self._monotonic = monotonic
        self._plan = CrowdPlan()
        self._members: dict[int, _Member] = {}
        self._tally = Tally()
        self._running = False
        self._bot_id = 0
        self._task: asyncio.Task[None] | None = None
        self._finished = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    # ------------------------------------------------------------------ start and stop

    def start(self, plan: CrowdPlan) -> None:
        """Let the people in. Raises PersonCannot while another crowd is at work."""
        if self._running:
            msg = "A crowd is at work already; stop it first."
            raise PersonCannot(msg)
        if not plan.actions and not plan.seconds:
            msg = "Give the crowd a number of actions or of seconds."
            raise PersonCannot(msg)
        self._plan = plan
        self._bot_id = self._world.bot(plan.bot).id
        self._loop = asyncio.get_running_loop()
        self._members = {}
        for index in range(plan.people):
            person_id = plan.first_id + index
            if person_id not in self._world.persons:
                self._world.people.add(f"P{index}", plan.language, person_id)
            self._members[person_id] = _Member(person_id, seeded("crowd", plan.seed, index))
        self._finished = asyncio.Event()
        self._tally = Tally()
        self._running = True
        self._world.listeners.append(self._heard)
        self._task = self._loop.create_task(self._run())

    async def stop(self) -> None:
        """End now; the tally stays readable."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def wait(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109 - a long poll
        """Wait for the end; False if it has not come within `timeout` s."""
        try:
            await asyncio.wait_for(self._finished.wait(), timeout)
        except TimeoutError:
            return False
        return True

    def status(self, *, with_actions: bool = False) -> dict[str, Any]:
        """Figures so far: actions, rate, percentiles in ms, calls by method, this process's CPU."""
        tally = self._tally
        end = tally.ended_at or self._monotonic()
        elapsed = end - tally.begun_at if tally.begun_at else 0.0
        measured = sorted(action.seconds for action in tally.actions if action.at <= elapsed)
        cpu = (tally.cpu_ended or _cpu()) - tally.cpu_begun if tally.begun_at else 0.0
        figures: dict[str, Any] = {
            "running": self._running,
            "people": self._plan.people,
            "mode": self._plan.mode,
            "ready": tally.started,
            "actions": len(tally.actions),
            "measured": len(measured),
            "stalled": tally.stalled,
            "stuck": tally.stuck[:10],
            "elapsed": round(elapsed, 4),
            "actions_per_second": round(len(measured) / elapsed, 2) if elapsed else 0.0,
            "p50_ms": _percentile(measured, 50),
            "p95_ms": _percentile(measured, 95),
            "p99_ms": _percentile(measured, 99),
            "calls": dict(tally.calls),
            "sandbox_cpu_seconds": round(cpu, 4),
        }
        if with_actions:
            figures["list"] = [asdict(action) for action in tally.actions]
        return figures

    # ------------------------------------------------------------------ the run

    async def _run(self) -> None:
        plan, tally = self._plan, self._tally
        try:
            if plan.start:
                for member in self._members.values():
                    self._begin(member, "start")
                    self._world.people.start(member.id, plan.bot)
                await self._all_started()
            else:
                tally.started = len(self._members)
            tally.begun_at, tally.cpu_begun = self._monotonic(), _cpu()
            tally.calls.clear()
            for member in self._members.values():
                self._act(member)
            while not self._is_over():
                await asyncio.sleep(0.01)
                self._nudge()
            tally.ended_at, tally.cpu_ended = self._monotonic(), _cpu()
            await self._last_ones()
        finally:
            self._running = False
            if not tally.ended_at:
                tally.ended_at, tally.cpu_ended = self._monotonic(), _cpu()
            self._world.listeners.remove(self._heard)
            self._finished.set()

    async def _all_started(self) -> None:
        tally, due = self._tally, self._monotonic() + max(30.0, 2 * self._plan.patience)
        while tally.started < len(self._members):
            if self._monotonic() > due:
                msg = f"Only {tally.started} of {len(self._members)} people got a first screen."
                tally.stuck.append(msg)
                return
            await asyncio.sleep(0.02)

    def _is_enough(self) -> bool:
        """Whether nobody shall begin anything new."""
        plan, tally = self._plan, self._tally
        if plan.actions and tally.issued >= plan.actions:
            return True
        return bool(plan.seconds) and self._monotonic() - tally.begun_at >= plan.seconds

    def _is_over(self) -> bool:
        """Whether the measured time has ended: time is up, or the last action is done."""
        if not self._is_enough():
            return False
        return not self._plan.actions or not any(m.doing for m in self._members.values())

    async def _last_ones(self) -> None:
        """What was begun in time is still counted, so that the list holds all the bot has done."""
        due = self._monotonic() + self._plan.patience
        while any(m.doing for m in self._members.values()) and self._monotonic() < due:  # noqa: ASYNC110 - the end is in sight
            await asyncio.sleep(0.01)
        self._tally.stalled += sum(bool(m.doing) for m in self._members.values())

    def _begin(self, member: _Member, doing: str) -> None:
        if doing != "start":
            self._tally.issued += 1
        member.doing, member.since = doing, self._monotonic()
        member.answered = member.shown = False
        member.typed_id, member.query_id = 0, ""

    def _act(self, member: _Member) -> None:
        if not self._running or self._is_enough():
            member.doing = ""
            return
        try:
            if self._plan.mode == "press":
                self._press(member)
            else:
                self._type(member)
        except PersonCannot as cannot:
            member.doing = "stuck"
            member.since = self._monotonic()
            if len(self._tally.stuck) < 100:
                self._tally.stuck.append(str(cannot))

    def _press(self, member: _Member) -> None:
        screen = self._screen(member)
        buttons = [
            button
            for row in (screen.buttons if screen else [])
            for button in row
            if "callback_data" in button
            and (not self._plan.labels or button["text"] in self._plan.labels)
        ]
        if screen is None or not buttons:
            msg = f"Person {member.id} sees no button to press."
            raise PersonCannot(msg)
        button = buttons[int(member.chance.random() * len(buttons))]
        self._begin(member, "press")
        member.detail = button["callback_data"]
        member.query_id = self._world.people.press(
            member.id, self._plan.bot, screen.id, data=member.detail, forged=True
        )

    def _type(self, member: _Member) -> None:
        words = self._plan.words[member.count % len(self._plan.words)]
        self._begin(member, "type")
        member.detail = words
        message = self._world.people.send_text(member.id, self._plan.bot, words)
        member.typed_id = message.id

    def _screen(self, member: _Member) -> Message | None:
        chat = self._world.private[self._bot_id, member.id]
        for message in reversed(chat.messages.values()):
            if message.buttons and not message.deleted_by:
                return message
        return None

    # ------------------------------------------------------------------ what the bot did

    def _heard(self, event: Accepted) -> None:
        if event.bot.id != self._bot_id:
            return
        self._tally.calls[event.method] += 1
        member = self._members.get(event.chat_id)
        if member is None:
            return
        match member.doing:
            case "start" if event.method == "sendMessage":
                member.doing = ""
                self._tally.started += 1
            case "press":
                if event.query_id is not None and event.query_id == member.query_id:
                    member.answered = True
                elif event.method in {"editMessageText", "sendMessage"}:
                    member.shown = True
                self._finish(member, done=member.answered and member.shown)
            case "type":
                if event.method == "sendMessage":
                    member.shown = True
                elif event.method.startswith("delete") and member.typed_id in event.message_ids:
                    member.answered = True
                self._finish(member, done=member.answered and member.shown)
            case _:
                pass

    def _finish(self, member: _Member, *, done: bool) -> None:
        if not done or self._loop is None:
            return
        now = self._monotonic()
        member.count += 1
        self._tally.actions.append(
            Action(
                member.id,
                member.count,
                member.doing,
                member.detail,
                now - member.since,
                now - self._tally.begun_at,
            )
        )
        member.doing = ""
        self._loop.call_soon(self._act, member)

    def _nudge(self) -> None:
        """People who waited longer than their patience act again."""
        now = self._monotonic()
        for member in self._members.values():
            if member.doing and now - member.since > self._plan.patience:
                self._tally.stalled += 1
                self._act(member)


def _percentile(values: list[float], percent: int) -> float:
    """In milliseconds; `values` sorted, in seconds."""
    if not values:
        return 0.0
    index = min(len(values) - 1, len(values) * percent // 100)
    return round(values[index] * 1000, 3)


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
