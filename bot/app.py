"""The composition root: builds every object once, starts what runs, and stops it in reverse.

The only place that knows all packages, and the only one with a real clock and real randomness. Each
task is owned here and named; when one dies, the process ends, because a crash and a stop are the
same path and whatever supervises the process starts it again.
"""

import asyncio
import contextlib
import logging
import random
import secrets
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import uvicorn
from starlette.applications import Starlette

from bot.config import Settings
from bot.core.ids import Door, Language
from bot.core.message import Content
from bot.flowdef.model import Issue
from bot.gateway.api import Api
from bot.gateway.bots import Bots, Surface, dress, use_webhook
from bot.gateway.dispatch import Dispatcher
from bot.gateway.fixed import FixedScreen
from bot.gateway.outbound import Outbound
from bot.gateway.pace import Pacer
from bot.gateway.polling import Poller
from bot.gateway.quiet import hush
from bot.gateway.seam import Handler
from bot.gateway.sender import Sender
from bot.service.conversation import Conversation
from bot.service.desk import Desk
from bot.service.doors import Doors
from bot.service.editions import Edition, Editions, build
from bot.service.publishing import editions, publish, read_input
from bot.service.timers import Timers
from bot.service.turnstile import Turnstile
from bot.store.protocol import Address, OutRow, Store, Unavailable
from bot.store.sqlite import SqliteStore
from bot.text.lines import is_overdue
from bot.text.words import ENGLISH
from bot.web.app import Readiness, create_app
from bot.web.webhook import Receive, Webhook

log = logging.getLogger("waymark")

DOORS: tuple[Door, ...] = ("survivor", "staff")
PRUNE_EVERY = 3600.0
REMEMBER_EVERY = 1.0
NOT_READY_AFTER = 20.0
"""Seconds without a successful commit, while updates wait, until readiness ends."""

WARNING = (
    "Waymark is not for real survivors yet: the safety work (key epochs, full erasure, retention, "
    "outside review) is not done."
)


class FlowsRefused(Exception):
    """The flows have errors, so nothing was started. ``issues`` are for the author."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__("\n".join(str(issue) for issue in issues))
        self.issues = tuple(issues)


class PortRefused(Exception):
    """The web server's port cannot be opened. The message says which, and what to do."""


def now() -> datetime:
    """The clock: aware UTC."""
    return datetime.now(UTC)


def draw_seed() -> str:
    """128 random bits, URL-safe: from this, everything an event makes is derived."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True, slots=True)
class Hooks:
    """Where tests may stand between two parts. The defaults put nothing there."""

    clock: Callable[[], datetime] = now
    patience: Callable[[], float] = time.monotonic
    """Seconds, from which it is reckoned how long nothing could be committed."""
    store: Callable[[Store], Store] = lambda store: store
    handler: Callable[[Handler], Handler] = lambda handler: handler
    api: Callable[[Api], Api] = lambda api: api


class Waymark:
    """The running program. Use :func:`opened`; it has built everything before anything starts."""

    def __init__(
        self, settings: Settings, store: Store, served: Editions, bots: Bots, hooks: Hooks
    ) -> None:
        self.settings = settings
        self.store = store
        self.clock = now = hooks.clock
        self.editions = served
        self.bots = bots
        self.ignored: Counter[str] = Counter()
        polls = {door: hooks.api(bots[door].api) for door in DOORS}
        self.outbounds = {
            door: Outbound(polls[door], clock=now, chance=random.random, contact=bots[door].contact)
            for door in DOORS
        }
        turnstile = Turnstile()
        self.desk = Desk(store, served, now, self._push, settings.leads, turnstile)
        self.conversation = Conversation(
            store,
            served,
            now,
            self._push,
            desk_open=self._desk_is_reachable,
            turnstile=turnstile,
        )
        doors = Doors(store, served, self.conversation, self.desk, now, self._push, draw_seed)
        self.doors = doors
        handler = hooks.handler(doors)
        pacing = settings.pacing == "telegram"
        lanes = {door: (self.outbounds[door], Pacer(time.monotonic, on=pacing)) for door in DOORS}
        self.sender = Sender(store, handler, lanes, clock=now)
        self.fixed = FixedScreen(
            _fixed_texts(served.newest, now()),
            ENGLISH,
            send=self.outbounds["survivor"].show,
            clock=hooks.patience,
        )
        self.dispatchers = {
            door: Dispatcher(
                door,
                handler,
                draw_seed=draw_seed,
                spinner=self.outbounds[door].spinner,
                watch=self.fixed,
                ignored=self.ignored,
            )
            for door in DOORS
        }
        self.pollers = {
            door: Poller(
                polls[door], self.dispatchers[door].submit, bots[door].contact, chance=random.random
            )
            for door in DOORS
        }
        self.timers = Timers(store, self.conversation, self.desk, now, draw_seed)

    def _push(self, rows: Sequence[OutRow], queued: int) -> None:
        """Rows claimed by a commit go out at once; the others it queued may be due as well."""
        self.sender.push(rows)
        if len(rows) < queued:
            self.sender.wake()

    def _desk_is_reachable(self) -> bool:
        return bool(self.settings.leads) and not self.bots["staff"].contact.degraded

    async def prepare(self) -> None:
        """What must be true before the first update: tokens good, group known, words shown."""
        await self.bots.check()
        group = self.settings.staff_group
        hear = (group,) if group is not None else sorted(self.settings.leads)
        self.conversation.pinged = tuple(
            [await self.store.ensure(Address("staff", chat), self.clock()) for chat in hear]
        )
        surfaces = profile(self.editions.newest)
        for door in DOORS:
            await dress(self.bots[door], surfaces[door])

    async def run(self, ready: Callable[[str], None]) -> None:
        """Serve until cancelled. ``ready`` is told the address of the web server."""
        await self.prepare()
        doors: dict[str, Receive] = {door: self.dispatchers[door].receive for door in DOORS}
        secret = self.settings.webhook_secret
        webhook = Webhook(doors, secret) if self.settings.public_url else None
        web = create_app(self.readiness, webhook)
        async with _listening(web, self.settings.port) as address, asyncio.TaskGroup() as tasks:
            tasks.create_task(self.sender.run(), name="sender")
            tasks.create_task(self.timers.run(), name="timers")
            tasks.create_task(self._prune(), name="prune")
            tasks.create_task(self._remember(), name="remember")
            if self.settings.public_url:
                await self._use_webhooks()
            else:
                for door in DOORS:
                    tasks.create_task(self.pollers[door].run(), name=f"polling {door}")
            ready(address)

    async def readiness(self) -> Readiness:
        """What ``/health/ready`` says, in figures. One bot without contact does not end it."""
        health = await self.store.health(self.clock())
        failing = self.fixed.failing_for
        bots = {door: self._contact(door) for door in DOORS}
        ready = health.writable and failing < NOT_READY_AFTER
        return Readiness(
            ready,
            {
                "database_writable": health.writable,
                "keystore_open": health.writable,
                "flows_valid": True,
                "no_commit_for_seconds": round(failing, 1),
                "outbox_oldest_seconds": round(health.oldest_waiting, 1),
                "outbox_waiting": health.waiting,
                "outbox_unknown": health.unknown,
                "dead_letters": health.dead_letters,
                "timers_overdue_seconds": round(health.overdue_timers, 1),
                "updates_ignored": dict(self.ignored),
                "lines_overdue": sum(
                    is_overdue(each, self.clock().date())
                    for each in self.editions.newest.library.resources
                ),
                "stranded": self.conversation.stranded,
                "bots": bots,
            },
        )

    def _contact(self, door: Door) -> dict[str, object]:
        contact = self.bots[door].contact
        last = contact.last
        return {
            "last_contact_seconds": round((self.clock() - last).total_seconds(), 1)
            if last
            else None,
            "trouble": contact.trouble,
        }

    async def _use_webhooks(self) -> None:
        for door in DOORS:
            url = f"{self.settings.public_url}/telegram/{door}"
            await use_webhook(self.bots[door], url, self.settings.webhook_secret)

    async def _prune(self) -> None:
        while True:
            await asyncio.sleep(PRUNE_EVERY)
            with contextlib.suppress(Exception):
                await self.store.prune(self.clock())

    async def _remember(self) -> None:
        """Once commits succeed again, record the fixed screens, so that they can be deleted."""
        while True:
            await asyncio.sleep(REMEMBER_EVERY)
            if self.fixed.failing_for == 0:
                for chat_id, message_id in self.fixed.take_shown():
                    with contextlib.suppress(Unavailable):
                        await self.doors.remember(chat_id, message_id)

    async def stop(self) -> None:
        """End what is under way. What is not committed comes again from Telegram."""
        for door in DOORS:
            await self.dispatchers[door].stop()
        await self.sender.stop()
        for door in DOORS:
            await self.outbounds[door].stop()


@contextlib.asynccontextmanager
async def opened(
    settings: Settings, *, drafts: bool = False, hooks: Hooks | None = None
) -> AsyncIterator[Waymark]:
    """Build everything. ``drafts``: serve the flow files as they are, not the published ones.

    Raises StartupRefused (storage, tokens) and FlowsRefused; nothing was overwritten then.
    """
    hush()
    hooks = hooks or Hooks()
    store = await open_store(settings)
    try:
        wrapped = hooks.store(store)
        newest = await newest_edition(settings, store, drafts=drafts, at=hooks.clock())
        served = await editions(store, newest, settings.home)
        tokens: Mapping[Door, str] = {
            "survivor": settings.survivor_token,
            "staff": settings.staff_token,
        }
        async with Bots(tokens, settings.api_url, clock=hooks.clock) as bots:
            waymark = Waymark(settings, wrapped, served, bots, hooks)
            try:
                yield waymark
            finally:
                await waymark.stop()
    finally:
        await store.close()


async def open_store(settings: Settings) -> SqliteStore:
    """The store the settings name. Raises StartupRefused with a paragraph that says what to do."""
    return await SqliteStore.open(settings.database_url, settings.keystore, ids=draw_seed)


async def newest_edition(
    settings: Settings, store: Store, *, drafts: bool, at: datetime
) -> Edition:
    """Drafts, or the newest published edition; a valid first set is published by itself."""
    version = None if drafts else await store.current_version()
    if version is None:
        files = read_input(settings.flows, settings.locales)
        edition, issues = await publish(store, files, settings.home, at)
    else:
        edition, issues = build(version.files, settings.home, checked=True)
    if edition is None:
        raise FlowsRefused(issues)
    return edition


def profile(edition: Edition) -> dict[Door, dict[str, Surface]]:
    """What Telegram shows of the bots, from the catalogues; ``""`` is everybody else's language."""
    surfaces: dict[Door, dict[str, Surface]] = {}
    for door, commands in (
        ("survivor", ("start", "leave", "numbers", "language")),
        ("staff", ("queue", "help")),
    ):
        per_language = {
            ("" if language == ENGLISH else str(language)): _surface(
                edition, door, commands, language
            )
            for language in edition.words.languages
        }
        surfaces["staff" if door == "staff" else "survivor"] = per_language
    return surfaces


def _surface(edition: Edition, door: str, commands: tuple[str, ...], language: Language) -> Surface:
    def text(name: str) -> str:
        return edition.words.plain(f"profile.{door}.{name}", language)

    return Surface(
        tuple((command, text(f"commands.{command}")) for command in commands),
        text("description"),
        text("short_description"),
    )


def _fixed_texts(edition: Edition, at: datetime) -> dict[Language, Content]:
    return {language: edition.screens.busy(language, at) for language in edition.words.languages}


@contextlib.asynccontextmanager
async def _listening(web: Starlette, port: int) -> AsyncIterator[str]:
    """The web server on loopback, inside this event loop. Signals stay ours."""
    listener = _listener(port)
    config = uvicorn.Config(
        web, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=3
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]), name="web")
    while not server.started:
        if task.done():
            task.result()
            msg = "The web server ended before it had started."
            raise RuntimeError(msg)
        await asyncio.sleep(0.01)
    number = listener.getsockname()[1]
    try:
        yield f"http://127.0.0.1:{number}"
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _listener(port: int) -> socket.socket:
    """Opened here, because uvicorn leaves the process where a port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(1024)
    except OSError:
        listener.close()
        msg = f"Port {port} cannot be opened. Another program may use it: set PORT to a free one."
        raise PortRefused(msg) from None
    return listener


class _Server(uvicorn.Server):
    """Uvicorn without its signal handlers: stopping is decided in ``__main__``."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
