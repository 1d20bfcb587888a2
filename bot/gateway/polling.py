"""One bot's getUpdates loop. It confirms to Telegram only what is committed, by asking from the
first update that is not; so a stop and a crash are the same. It reads and applies no update.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from .api import Accepted, Api, Declined, read_answer
from .contact import Contact, StartRefused
from .inbound import ALLOWED_UPDATES
from .pieces import BrokenAnswer, Piece, read_batch, unreadable
from .transport import AnswerLost, NotSent

log = logging.getLogger("waymark.gateway")

Submit = Callable[[Piece], "asyncio.Future[None]"]

MOST_UPDATES = 100
BROKEN_TRIES = 2
"""So often the same broken answer is asked for again before its updates are fetched singly."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds."""

    long_poll: float = 30.0
    same_again: float = 0.6
    """Between two requests with the same offset: within 0.5 s Telegram answers with one update."""
    together: float = 0.1
    """How long a batch is waited for as a whole before the committed part is confirmed alone."""
    first: float = 0.5
    longest: float = 60.0
    conflict: float = 2.0
    conflict_for: float = 90.0


class Poller:
    """Polls for one bot. ``submit`` gives a future that is done when the update is committed.

    ``chance`` gives numbers in [0, 1) for jitter.
    """

    def __init__(
        self,
        api: Api,
        submit: Submit,
        contact: Contact,
        *,
        chance: Callable[[], float],
        pauses: Pauses = Pauses(),
    ) -> None:
        self._api = api
        self._submit = submit
        self._contact = contact
        self._chance = chance
        self._pauses = pauses
        self._offset: int | None = None
        self._known: dict[int | bytes, asyncio.Future[None]] = {}
        self._asked: tuple[int | None, float] | None = None
        self._trouble = 0
        self._broken = 0
        self._started = False

    async def run(self) -> None:
        """Poll until cancelled. Raises StartRefused when another program keeps the updates."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while True:
            await self._pace(loop)
            try:
                status, payload = await self._fetch()
                answer = self._read(status, payload)
            except (NotSent, AnswerLost):
                self._contact.lost("network")
                await self._back_off()
            except BrokenAnswer:
                self._broken += 1
                if self._broken <= 2 * BROKEN_TRIES:  # its neighbours wait meanwhile
                    await asyncio.sleep(self._pauses.first)
                else:
                    await self._back_off()
            else:
                if isinstance(answer, Declined):
                    await self._declined(answer, loop.time() - begun)
                else:
                    self._trouble = self._broken = 0
                    self._started = True
                    self._contact.made()
                    await self._settle(answer)

    # -- asking

    async def _pace(self, loop: asyncio.AbstractEventLoop) -> None:
        """Ask for the same offset again only after a while."""
        if self._asked is not None and self._asked[0] == self._offset:
            wait = self._asked[1] + self._pauses.same_again - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
        self._asked = (self._offset, loop.time())

    async def _fetch(self) -> tuple[int, bytes]:
        single = self._broken >= BROKEN_TRIES
        parameters: dict[str, object] = {
            "timeout": int(self._pauses.long_poll),
            "limit": 1 if single else MOST_UPDATES,
            "allowed_updates": ALLOWED_UPDATES,
        }
        if self._offset is not None:
            parameters["offset"] = self._offset
        return await self._api.post("getUpdates", parameters, self._pauses.long_poll + 10)

    def _read(self, status: int, payload: bytes) -> tuple[Piece, ...] | Declined:
        if status != HTTPStatus.OK:
            answer = read_answer(status, payload)
            if isinstance(answer, Accepted):
                msg = "A batch came with the wrong status."
                raise BrokenAnswer(msg)
            return answer
        try:
            return read_batch(payload)
        except BrokenAnswer:
            # Asked for singly and still broken: if it says which update it is, bury that one.
            if self._broken >= 2 * BROKEN_TRIES and (piece := unreadable(payload)):
                return (piece,)
            raise

    # -- confirming

    async def _settle(self, pieces: tuple[Piece, ...]) -> None:
        """Submit a batch, wait until it is committed, move the offset past its committed head."""
        if not pieces:
            self._known.clear()
            return
        futures = [self._future(piece) for piece in pieces]
        await asyncio.wait(futures, timeout=self._pauses.together)
        if not futures[0].done():
            await asyncio.wait(futures[:1], timeout=self._pauses.same_again)
        for piece, future in zip(pieces, futures, strict=True):
            if not future.done():
                break
            if piece.id is not None:
                self._offset = piece.id + 1
                self._known.pop(piece.key, None)

    def _future(self, piece: Piece) -> "asyncio.Future[None]":
        """The same update may come again while it, or one before it, is under way."""
        future = self._known.get(piece.key)
        if future is None:
            if len(self._known) > 2 * MOST_UPDATES:
                self._forget()
            future = self._known[piece.key] = self._submit(piece)
        return future

    def _forget(self) -> None:
        self._known = {key: known for key, known in self._known.items() if not known.done()}

    # -- trouble

    async def _declined(self, answer: Declined, running_for: float) -> None:
        match answer.code:
            case HTTPStatus.CONFLICT:
                await self._conflict(running_for)
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:
                if not self._started:
                    raise StartRefused(self._contact.refused_token())
                self._contact.lost("token")
                await self._back_off()
            case HTTPStatus.TOO_MANY_REQUESTS:
                self._contact.lost("flood")
                await asyncio.sleep(max(1.0, answer.retry_after))
            case _:
                self._contact.lost("refused")
                await self._back_off()

    async def _conflict(self, running_for: float) -> None:
        """Another poller, or a webhook. Put right at the start; waited out later."""
        self._contact.lost("conflict")
        if self._started:
            await self._back_off()
            return
        if running_for > self._pauses.conflict_for:
            raise StartRefused(self._contact.somebody_else())
        try:
            await self._api.call("deleteWebhook", {"drop_pending_updates": False})
        except (NotSent, AnswerLost):
            log.warning("%s: the webhook could not be removed yet.", self._contact.name)
        await asyncio.sleep(self._pauses.conflict)

    async def _back_off(self) -> None:
        pause = min(self._pauses.longest, self._pauses.first * 2.0 ** min(self._trouble, 10))
        self._trouble += 1
        await asyncio.sleep(pause * (0.5 + self._chance() / 2))
