"""Who is served when: each chat's updates one at a time and in order, chats side by side. A chat
with hundreds of waiting updates delays nobody else, a fault of ours costs one update three tries
and never its neighbours, a full disk costs only time. It does not know what an update means.
"""

import asyncio
import logging
from bisect import insort
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Protocol

from bot.core.events import Arrived, Pressed
from bot.core.ids import Door
from bot.store.protocol import Unavailable

from .inbound import Ignored, Unparsable, to_event
from .pieces import Piece, read_update
from .seam import Handler

log = logging.getLogger("waymark.gateway")


class Spinner(Protocol):
    """Stops the waiting mark on a pressed button. Must return at once and never raise."""

    def __call__(self, query_id: str, toast: str | None) -> None:
        """Answer that press, with a short text or none."""


class Watch(Protocol):
    """Is told whether commits succeed; see :class:`bot.gateway.fixed.FixedScreen`."""

    def committed(self) -> None:
        """A commit succeeded."""

    def refused(self, arrived: Arrived) -> None:
        """Nothing could be committed for this update, and it still waits."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. ``tries`` are the pauses between tries, so there is one try more than pauses."""

    tries: tuple[float, ...] = (0.05, 0.25)
    storage: float = 0.25
    longest: float = 2.0


@dataclass(slots=True)
class _Job:
    piece: Piece
    arrived: Arrived
    done: asyncio.Future[None]


@dataclass(slots=True)
class _Line:
    """The waiting updates of one chat; the first one may be under way."""

    jobs: list[_Job] = field(default_factory=list)


class Dispatcher:
    """One per door. ``room`` bounds how many updates may wait before the webhook is refused."""

    def __init__(
        self,
        door: Door,
        handler: Handler,
        *,
        draw_seed: Callable[[], str],
        spinner: Spinner,
        watch: Watch,
        ignored: Counter[str],
        patience: Patience = Patience(),
        room: int = 1000,
    ) -> None:
        self._door: Door = door
        self._handler = handler
        self._draw_seed = draw_seed
        self._spinner = spinner
        self._watch = watch
        self._ignored = ignored
        self._patience = patience
        self._room = room
        self._lines: dict[int, _Line] = {}
        self._under_way: dict[int | bytes, asyncio.Future[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """How many updates are not committed yet."""
        return len(self._under_way)

    def receive(self, payload: bytes) -> asyncio.Future[None] | None:
        """One update from the webhook, or None when there is no room for it now."""
        if len(self._under_way) >= self._room:
            return None
        return self.submit(read_update(payload))

    def submit(self, piece: Piece) -> asyncio.Future[None]:
        """The future is done when the update is committed, or is not for us. It has no error.

        An update that is still under way is not applied a second time: its own future is returned.
        """
        if (known := self._under_way.get(piece.key)) is not None:
            return known
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heard = self._hear(piece)
        if isinstance(heard, Arrived):
            self._under_way[piece.key] = done
            self._queue(_Job(piece, heard, done))
        elif heard is None:
            self._ignored["unparsable"] += 1
            self._under_way[piece.key] = done
            self._start(self._bury(piece, done))
        else:
            self._ignored[heard.reason] += 1
            done.set_result(None)
        return done

    async def stop(self) -> None:
        """End everything that is under way. What was not committed comes again from Telegram."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _hear(self, piece: Piece) -> Arrived | Ignored | None:
        """None: the update cannot be read at all."""
        if piece.body is None:
            return None
        try:
            return to_event(self._door, piece.body, self._draw_seed())
        except Unparsable:
            return None

    def _queue(self, job: _Job) -> None:
        chat_id = job.arrived.chat_id
        line = self._lines.get(chat_id)
        if line is None:
            line = self._lines[chat_id] = _Line([job])
            self._start(self._serve(chat_id, line))
        else:
            # A webhook may bring a press and a message of one person in either order.
            insort(line.jobs, job, lo=1, key=_place)

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, chat_id: int, line: _Line) -> None:
        while line.jobs:
            job = line.jobs[0]
            await self._apply(job)
            line.jobs.pop(0)
            self._finish(job.piece, job.done)
        del self._lines[chat_id]

    def _finish(self, piece: Piece, done: asyncio.Future[None]) -> None:
        del self._under_way[piece.key]
        if not done.done():
            done.set_result(None)

    async def _apply(self, job: _Job) -> None:
        pauses = iter(self._patience.tries)
        wait = self._patience.storage
        toast: str | None = None
        while True:
            try:
                toast = await self._handler.handle(job.arrived)
            except Unavailable:
                self._watch.refused(job.arrived)
                await asyncio.sleep(wait)
                wait = min(wait * 2, self._patience.longest)
            except Exception as error:  # noqa: BLE001 - a fault of ours in any shape
                _report("An update could not be applied", error)
                if (pause := next(pauses, None)) is None:
                    await self._rescue(job)
                    break
                await asyncio.sleep(pause)
            else:
                self._watch.committed()
                break
        if isinstance(job.arrived.what, Pressed):
            self._spinner(job.arrived.what.query_id, toast)

    async def _rescue(self, job: _Job) -> None:
        pauses = iter(self._patience.tries)
        wait = self._patience.storage
        while True:
            try:
                return await self._handler.rescue(job.arrived, job.piece.as_bytes())
            except Unavailable:
                self._watch.refused(job.arrived)
                await asyncio.sleep(wait)
                wait = min(wait * 2, self._patience.longest)
            except Exception as error:  # noqa: BLE001 - a fault of ours in any shape
                _report("A rescue failed", error)
                if (pause := next(pauses, None)) is None:
                    return await self._keep(job.piece)
                await asyncio.sleep(pause)

    async def _bury(self, piece: Piece, done: asyncio.Future[None]) -> None:
        await self._keep(piece)
        self._finish(piece, done)

    async def _keep(self, piece: Piece) -> None:
        """A dead letter, however long it takes: what is not committed is never acknowledged."""
        wait = self._patience.storage
        while True:
            try:
                return await self._handler.bury(self._door, piece.id, piece.as_bytes())
            except Unavailable:
                pass
            except Exception as error:  # noqa: BLE001 - a fault of ours in any shape
                _report("A dead letter could not be kept", error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, self._patience.longest)


def _place(job: _Job) -> int:
    return job.piece.id or 0


def _report(what: str, error: Exception) -> None:
    """The class of an error only: its text may hold a person's words."""
    log.error("%s (%s).", what, type(error).__name__)
