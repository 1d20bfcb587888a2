"""What the rest of Waymark asks of durable storage, whatever database is behind it.

There are two writes for a person's event: :meth:`Store.commit` (one event, one transaction) and
:meth:`Store.settle` (what Telegram answered to one call). Everything else reads, or keeps house.
The contract tests in ``tests/contract`` say what each method promises; a new database passes them
or is not supported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from bot.core.case import Case, CaseState
from bot.core.delivery import Delivery
from bot.core.ids import CaseId, Cause, Door, PersonId, Ref, StepId
from bot.core.message import Call, Class, OutMessage

OutState = Literal[
    "waiting", "held", "sending", "sent", "unknown", "expired", "cancelled", "refused"
]
WordState = Literal["held", "queued", "sent", "unknown", "dropped"]
Side = Literal["survivor", "staff"]


class Conflict(Exception):
    """A version read before was no longer current. Nothing was written; load again and repeat."""


class Duplicate(Exception):
    """This cause has been applied before. Nothing was written; the event is done."""


class Unavailable(Exception):
    """The database or keystore cannot be written now (disk full …). Nothing was written."""


@dataclass(frozen=True, slots=True)
class Address:
    """How a person is reached: through which bot, and in which chat."""

    door: Door
    chat_id: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """One person as stored. ``person`` is None when this chat is not known yet.

    ``state`` is the JSON of her session (or of a staff member's desk), None when she has none.
    ``case`` is her newest case, closed or not, else None.
    """

    person: PersonId | None
    address: Address
    state: Mapping[str, Any] | None = None
    version: int = 0
    case: Case | None = None
    case_version: int = 0


@dataclass(frozen=True, slots=True)
class Doom:
    """Mark recorded messages of ``person`` for deletion. Nothing goes before a Tidy call is sent.

    ``refs`` and ``message_ids`` name some; ``everything`` all but ``spare``; ``case`` limits
    ``everything`` to the copies that belong to one case (for a staff chat).
    """

    person: PersonId
    refs: tuple[Ref, ...] = ()
    message_ids: tuple[int, ...] = ()
    everything: bool = False
    spare: Ref | None = None
    case: CaseId | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """A promise with a due time. One per person and name: setting it again moves it."""

    person: PersonId
    name: str
    due_at: datetime
    token: str = ""
    """Compared by whoever handles it; a late or stale timer is a no-op."""


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer whose time has come. ``id`` is unique for ever, so it can be a cause."""

    id: int
    timer: Timer
    address: Address


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """Append-only: what was asked in which words, and what she answered."""

    purpose: str
    answer: Literal["given", "refused", "withdrawn", "expired"]
    at: datetime
    until: datetime | None
    step: str
    structure: str
    text_hash: str
    language: str


@dataclass(frozen=True, slots=True)
class Word:
    """One relayed message of a live talk, in either direction.

    ``source`` is the message id in the writer's chat, ``ref`` our copy in the reader's chat. Rows
    keep the pair so that edits follow, and hold words that wait for her.
    """

    id: str
    case: CaseId
    side: Side
    source: int
    ref: Ref
    state: WordState
    at: datetime
    text: str
    entities: tuple[tuple[str, int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """Who did what when, without content: ``actor`` is our person id, ``what`` a fixed word."""

    actor: PersonId
    what: str
    at: datetime
    case: CaseId | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """Everything one event changes. Applied in one transaction, or not at all."""

    cause: Cause
    now: datetime
    person: PersonId | None
    """The actor. None: ``address`` is new; the store makes the person and her key first, and
    outbox rows, dooms and timers that are for her name :data:`NEWCOMER`."""
    address: Address
    version: int = 0
    state: Mapping[str, Any] | None = None
    """None: the stored state stays (its version is then not checked)."""
    structure: str = ""
    case: Case | None = None
    case_version: int = 0
    """0 with a ``case``: it is new. Else compare-and-swap."""
    outbox: tuple[OutMessage, ...] = ()
    incoming: tuple[int, ...] = ()
    """Message ids of hers (or of a staff member) to remember, so that they can be deleted."""
    incoming_case: CaseId | None = None
    dooms: tuple[Doom, ...] = ()
    timers: tuple[Timer, ...] = ()
    drop_timers: tuple[str, ...] = ()
    """Names of timers of the actor; a trailing ``*`` is a prefix."""
    consents: tuple[ConsentRecord, ...] = ()
    words: tuple[Word, ...] = ()
    """Inserted, or replaced when the id exists."""
    forget_words: CaseId | None = None
    """Delete the relayed words of a case (it was closed or withdrawn)."""
    cancel: tuple[PersonId, ...] = ()
    """Cancel everything queued for these people before the new rows are added."""
    cancel_case: CaseId | None = None
    """Limits ``cancel`` to rows of that case."""
    dead_letter: bytes | None = None
    audit: tuple[Audit, ...] = ()
    blocked: bool = False
    """She blocked the bot: all that is queued for her ends. Any other update of hers unblocks."""
    erase: bool = False
    """Delete every row of the actor and her key. ``outbox``, ``dooms`` and ``message`` rows move to
    a nameless remainder with a key of its own, which vanishes when its last call is done."""


NEWCOMER = PersonId("newcomer")
"""Stands for the person a commit is about to create."""


@dataclass(frozen=True, slots=True)
class Known:
    """One recorded message in a chat, as far as deleting it needs."""

    message_id: int
    ours: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class OutRow:
    """One claimed outbox row, opened and ready to be sent."""

    id: int
    person: PersonId
    address: Address
    kind: Class
    call: Call
    created_at: datetime
    not_after: datetime | None = None
    case: CaseId | None = None
    message_id: int | None = None
    """For an Edit: the message's id, when Telegram has told us."""
    message_at: datetime | None = None
    doomed: tuple[Known, ...] = ()
    """For a Tidy: what is to be deleted."""
    unknown: int = 0
    """How often an earlier answer to this very row was lost."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling did. ``state`` is the row's new state; ``following`` the next row of the chat,
    already claimed, if one is due.
    """

    state: OutState
    following: OutRow | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One published set of flow and locale files. ``files``: the whole input by relative path."""

    hash: str
    structure: str
    published_at: datetime
    files: Mapping[str, bytes] = field(default_factory=dict)
    withdrawn_to: StepId = StepId("")  # noqa: RUF009 - a NewType call is only a string
    """Not empty: whoever still stands in it goes to this step at her next touch."""


@dataclass(frozen=True, slots=True)
class Release:
    """What was done with a version, by whom, and the difference as a lead can read it."""

    at: datetime
    what: Literal["published", "reverted", "withdrawn"]
    version: str
    by: str = ""
    note: str = ""
    difference: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """Figures for ``/health/ready``. Ages are seconds."""

    writable: bool
    oldest_waiting: float
    waiting: int
    unknown: int
    dead_letters: int
    overdue_timers: float
    keyless: int = 0
    """People whose key is missing: their data cannot be read."""


class Store(Protocol):
    """See the module docstring. All times are aware UTC. Raises Unavailable from any method."""

    async def load(self, address: Address) -> Loaded:
        """The person at that address; never creates one."""

    async def load_person(self, person: PersonId) -> Loaded | None:
        """The person with that id, or None when she has been erased."""

    async def ensure(self, address: Address, now: datetime) -> PersonId:
        """The person at that address, made (with a key) when new. For staff and groups."""

    async def commit(self, change: Commit) -> tuple[OutRow, ...]:
        """Apply one event. Returns rows already claimed: due now, and first in their chat.

        Raises Conflict, Duplicate, Unavailable; in each case nothing was written.
        """

    async def claim(self, now: datetime, limit: int) -> tuple[OutRow, ...]:
        """Oldest due row of each chat with none in flight, by urgency. Stale rows expire here."""

    async def settle(self, row: OutRow, result: Delivery, now: datetime) -> Settled:
        """Write what Telegram answered, by the policy of the row's class."""

    async def recover(self, now: datetime) -> None:
        """Once at start: rows a dead process left in ``sending`` are settled as Unknown."""

    async def undelivered(self, now: datetime) -> tuple[tuple[OutRow, OutState], ...]:
        """Relay rows that did not surely arrive (unknown, expired, refused), oldest first.

        They stay until a commit with their cause (``staff:undelivered:<id>``) has been applied, so
        that a crash between the two never leaves staff believing that their words arrived.
        """

    async def next_due(self) -> datetime | None:
        """When the next waiting or held row becomes due, if any."""

    async def due_timers(self, now: datetime, limit: int) -> tuple[DueTimer, ...]:
        """Timers whose time has come, oldest first.

        They stay until a commit with their cause (``timer:<id>``) has been applied.
        """

    async def find_case(self, case: CaseId) -> tuple[Case, int] | None:
        """A case and its version, or None when it is gone."""

    async def cases(self, states: Sequence[CaseState]) -> tuple[Case, ...]:
        """All cases in those states, oldest first."""

    async def words(self, case: CaseId) -> tuple[Word, ...]:
        """The relayed words of a case that are still kept, oldest first."""

    async def consents(self, person: PersonId) -> tuple[ConsentRecord, ...]:
        """Every consent record of a person, oldest first."""

    async def unseen(self, cause: Cause) -> bool:
        """True when that cause has not been applied."""

    async def publish(self, version: Version, release: Release | None = None) -> None:
        """Make a version the current one. The same hash again only moves the current mark.

        ``release`` is recorded in the same transaction.
        """

    async def withdraw(self, version: str, step: StepId, release: Release) -> None:
        """Whoever stands in the structure of that version goes to ``step`` at her next touch."""

    async def releases(self) -> tuple[Release, ...]:
        """Everything that was done with versions, the newest first."""

    async def versions(self) -> tuple[Version, ...]:
        """Every version that is kept, the newest first."""

    async def standing(self) -> Mapping[str, Mapping[StepId, int]]:
        """By structure and step: how many people stand there. Counts only."""

    async def current_version(self) -> Version | None:
        """The newest published version, with its files."""

    async def versions_in_use(self) -> tuple[Version, ...]:
        """The current version and every other one whose structure a session is pinned to."""

    async def prune(self, now: datetime) -> int:
        """Remove what has served: causes over 7 days, sent rows over 48 h. Returns rows removed."""

    async def health(self, now: datetime) -> Health:
        """Figures for readiness. Never raises; ``writable`` is False instead."""

    async def close(self) -> None:
        """Finish the open transaction and close the files. A second call does nothing."""
