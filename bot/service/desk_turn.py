"""One event of a staff member, while it is worked out: what she is told, and what changes with it.

A :class:`DeskTurn` becomes one commit. It knows how staff are spoken to (in their language, copies
protected, a case only by its alias); it decides nothing about cases.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.core.buttons import ref_from
from bot.core.case import Case
from bot.core.events import Arrived, SentMedia, Typed, Unblocked
from bot.core.ids import CaseId, Cause, PersonId
from bot.core.message import Button, Content, OutMessage, Send
from bot.store.protocol import (
    Audit,
    Commit,
    Conflict,
    Duplicate,
    Loaded,
    Store,
    Timer,
    Word,
)

from . import desk_state
from .conversation import CONFLICTS, Push
from .desk_state import DeskState
from .editions import Edition
from .reach import Reached
from .turnstile import Turnstile

VERSION: Final = "2"
"""First part of the staff bot's callback data: ``2:<case id>:<verb>``."""

Rows = tuple[tuple[Button, ...], ...]


@dataclass(slots=True)
class DeskTurn:
    """What one event of a staff member adds up to. ``about`` is the case its messages belong to."""

    arrived: Arrived
    loaded: Loaded
    state: DeskState
    now: datetime
    edition: Edition
    outbox: list[OutMessage] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    audit: list[Audit] = field(default_factory=list)
    case: Case | None = None
    case_version: int = 0
    forget_words: CaseId | None = None
    about: CaseId | None = None

    @property
    def me(self) -> PersonId:
        """The staff member; she has a row before anything else happens."""
        if self.loaded.person is None:
            msg = "A staff member acted before she was stored; ensure() must come first."
            raise ValueError(msg)
        return self.loaded.person

    @property
    def seed(self) -> str:
        """What ids of this event derive from."""
        return self.arrived.seed

    def change(self, case: Case, version: int) -> None:
        """The case as it becomes, guarded by the version it was read with."""
        self.case, self.case_version, self.about = case, version, case.id

    def lease(self, case: Case) -> None:
        """Wake up when the holder has been silent too long."""
        if case.lease_until is not None:
            self.timers.append(Timer(self.me, f"lease:{case.id}", case.lease_until, case.id))

    def reach(self, reached: Reached) -> None:
        """Queue what goes to her."""
        self.outbox.extend(reached.outbox)
        self.timers.extend(reached.timers)
        self.words.extend(reached.words)

    # ------------------------------------------------------------ what is said to staff

    def alias(self, case: Case) -> str:
        """The only name a case has at the desk."""
        return self.edition.screens.alias(case)

    def plain(self, phrase: str, **values: str | int) -> str:
        """A phrase in the staff member's language."""
        return self.edition.words.plain(phrase, self.state.language, values)

    def reply(self, phrase: str, rows: Rows = (), **values: str | int) -> None:
        """Tell the staff member a phrase."""
        content = self.edition.screens.line(phrase, self.state.language, values)
        self.send(replace(content, rows=rows))

    def send(self, content: Content) -> None:
        """A message to the staff member; it cannot be forwarded."""
        ref = ref_from(self.seed, f"desk {len(self.outbox)}")
        send = Send(ref, content, silent=True, protect=True)
        self.outbox.append(OutMessage(self.me, "desk", send, case=self.about))

    def button(self, phrase: str, case: Case, verb: str) -> Button:
        """A button that asks for something to be done with a case."""
        return Button(self.plain(phrase, alias=self.alias(case)), f"{VERSION}:{case.id}:{verb}")

    def commit(self) -> Commit:
        """Everything together."""
        what = self.arrived.what
        unchanged = self.loaded.state is not None and self.state == desk_state.read(
            self.loaded.state
        )
        incoming = (what.message_id,) if isinstance(what, Typed | SentMedia) else ()
        return Commit(
            cause=self.arrived.cause,
            now=self.now,
            person=self.loaded.person,
            address=self.loaded.address,
            version=self.loaded.version,
            state=None if unchanged else desk_state.write(self.state),
            case=self.case,
            case_version=self.case_version,
            outbox=tuple(self.outbox),
            incoming=incoming,
            incoming_case=self.about,
            timers=tuple(self.timers),
            words=tuple(self.words),
            forget_words=self.forget_words,
            audit=tuple(self.audit),
        )


async def own_turn(
    store: Store, edition: Edition, cause: Cause, staff: PersonId, seed: str, now: datetime
) -> DeskTurn | None:
    """A turn that no update of a staff member began. None: she is gone."""
    loaded = await store.load_person(staff)
    if loaded is None:
        return None
    arrived = Arrived(cause, "staff", loaded.address.chat_id, seed, Unblocked())
    return DeskTurn(arrived, loaded, desk_state.read(loaded.state), now, edition)


async def commit_turn(
    store: Store,
    push: Push,
    turnstile: Turnstile,
    work_out: Callable[[], Awaitable[DeskTurn | None]],
) -> None:
    """Work a turn out and commit it; after a lost race again, then alone at that case.

    Done before is done. Raises RuntimeError when every race is lost, which is a bug.
    """
    contested: CaseId | None = None
    for _ in range(CONFLICTS):
        async with turnstile.alone(contested):
            turn = await work_out()
            if turn is None:
                return
            try:
                commit = turn.commit()
                push(await store.commit(commit), len(commit.outbox))
            except Conflict:
                contested = turn.case.id if turn.case is not None else None
                continue
            except Duplicate:
                return
            return
    msg = "A staff commit lost every race; something writes this case without reading it."
    raise RuntimeError(msg)
