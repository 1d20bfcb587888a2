"""Both doors as the gateway sees them: one place that takes every update, and every bad end of one.

It routes; it decides only what happens when something could not be applied: a kind screen for her
and a sealed dead letter for us, in one commit.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.buttons import ref_from
from bot.core.events import Arrived, Blocked
from bot.core.ids import Cause, Door
from bot.core.message import Class, OutMessage, Send
from bot.hearing.listen import known_language
from bot.store.protocol import Address, Commit, Duplicate, OutRow, OutState, Store
from bot.text.words import ENGLISH

from . import desk_state
from .conversation import Conversation, Push
from .desk import Desk
from .editions import Editions


@dataclass(slots=True)
class Doors:
    """Implements ``bot.gateway.seam.Handler``. ``seed`` draws randomness for our own events."""

    store: Store
    editions: Editions
    conversation: Conversation
    desk: Desk
    clock: Callable[[], datetime]
    push: Push
    seed: Callable[[], str]

    async def handle(self, arrived: Arrived) -> str | None:
        """Apply one update at the door it came through."""
        if arrived.door == "staff":
            return await self.desk.handle(arrived)
        return await self.conversation.handle(arrived)

    async def rescue(self, arrived: Arrived, raw: bytes) -> None:
        """Three tries failed: say so kindly, keep what came for us to look at, and go on."""
        address = Address(arrived.door, arrived.chat_id)
        loaded = await self.store.load(address)
        words = self.editions.newest.words
        known = str(loaded.state.get("language", "")) if loaded.state else arrived.language
        language = known_language(known, words.languages) or ENGLISH
        phrase = "always.sorry" if arrived.door == "survivor" else "desk.sorry"
        send = Send(ref_from(arrived.seed, "rescue"), words.rich(phrase, language))
        outbox: tuple[OutMessage, ...] = ()
        if loaded.person is not None:
            kind: Class = "line" if arrived.door == "survivor" else "desk"
            outbox = (OutMessage(loaded.person, kind, send),)
        await self._commit(arrived.cause, address, raw, outbox, known=loaded.person is not None)

    async def bury(self, door: Door, update_id: int | None, raw: bytes) -> None:
        """An update nobody can read is sealed and put aside; its neighbours go on."""
        name = str(update_id) if update_id is not None else f"unreadable {self.seed()}"
        await self._commit(Cause(f"update:{door}:{name}"), Address(door, 0), raw, (), known=False)

    async def remember(self, chat_id: int, message_id: int) -> None:
        """A message went out while nothing could be stored: leaving must find it later."""
        address = Address("survivor", chat_id)
        loaded = await self.store.load(address)
        if loaded.person is not None:
            cause = Cause(f"fixed:{self.seed()}")
            await self.store.commit(
                Commit(cause, self.clock(), loaded.person, address, incoming=(message_id,))
            )

    async def undelivered(self, row: OutRow, state: OutState) -> None:
        """A call did not arrive: the person is gone, or staff words expired or may be lost."""
        if state == "cancelled" and row.address.door == "survivor":
            cause = Cause(f"gone:{row.id}")
            gone = Arrived(cause, "survivor", row.address.chat_id, self.seed(), Blocked())
            await self.conversation.handle(gone)
        elif row.kind == "relay":
            await self.desk.undelivered(row, state, self.seed())

    async def _commit(
        self,
        cause: Cause,
        address: Address,
        raw: bytes,
        outbox: tuple[OutMessage, ...],
        *,
        known: bool,
    ) -> None:
        loaded = await self.store.load(address) if known else None
        commit = Commit(
            cause=cause,
            now=self.clock(),
            person=loaded.person if loaded is not None else None,
            address=address,
            outbox=outbox,
            dead_letter=raw,
        )
        if loaded is not None and address.door == "staff":
            # A lost "Write to …" must not send the next words to whom she wrote before.
            state = replace(desk_state.read(loaded.state), current=None)
            commit = replace(commit, version=loaded.version, state=desk_state.write(state))
        try:
            self.push(await self.store.commit(commit), len(commit.outbox))
        except Duplicate:
            return
