"""What the outbox holds: calls decided, in data, and what each class of call is owed.

A :class:`OutMessage` says *what should be seen*; only the sender turns it into a Bot API call. The
table :data:`POLICY` is the one place that says how long a class may wait and what happens when
Telegram's answer was lost.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from .ids import CaseId, PersonId, Ref

EntityKind = Literal["bold", "italic", "underline", "strikethrough", "code", "text_link", "url"]


@dataclass(frozen=True, slots=True)
class Entity:
    """Formatting of a span. ``offset`` and ``length`` count UTF-16 code units, as Telegram does."""

    kind: EntityKind
    offset: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """One inline keyboard button. ``data`` is callback data: opaque, at most 64 bytes."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Content:
    """The text of one message, its formatting, and its rows of buttons."""

    text: str
    entities: tuple[Entity, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of ours. ``instead``: the words that go alone when Telegram does not take it."""

    png: bytes = field(repr=False)
    instead: Content


@dataclass(frozen=True, slots=True)
class Send:
    """A new message, to be known as ``ref``. With a ``photo`` its content is the caption."""

    ref: Ref
    content: Content
    silent: bool = True
    protect: bool = False
    again: Content | None = None
    """What to send instead when the same words may already have arrived."""
    photo: Photo | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Change the message known as ``ref``. When Telegram no longer has it, it is sent anew."""

    ref: Ref
    content: Content
    anew: bool = True
    """False: a message that is gone stays gone (a dull line, an edited relay)."""


@dataclass(frozen=True, slots=True)
class Tidy:
    """Delete every doomed message of this chat that is under 48 h old, 100 a call.

    Older messages of ours are overwritten with ``dull``; older messages of hers are out of reach.
    """

    dull: Content


Call = Send | Edit | Tidy

Class = Literal["crisis", "screen", "line", "nudge", "relay", "tidy", "desk", "ping"]
"""crisis: reviewed safety words · screen: answers her touch · line: other words she asked for ·
nudge: the neutral line · relay: staff words to her · tidy: deletes and dull edits ·
desk: anything for a staff member · ping: content-free, to the staff group."""

OnUnknown = Literal["repeat", "once", "hold", "tell"]
"""repeat: send again · once: send again a single time, inside ``not_after`` · hold: keep until she
writes · tell: keep, and show staff "delivery unknown" with one-tap resend."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What one class is owed. ``lives``: how long a row may wait before it is stale, if ever."""

    lives: timedelta | None
    on_unknown: OnUnknown
    urgency: int
    """Smaller goes first when many chats wait."""


POLICY: dict[Class, Policy] = {
    "crisis": Policy(None, "repeat", 0),
    "tidy": Policy(timedelta(hours=47), "repeat", 1),
    "relay": Policy(timedelta(minutes=15), "tell", 2),
    "line": Policy(timedelta(minutes=2), "hold", 3),
    "screen": Policy(timedelta(minutes=2), "once", 3),
    "nudge": Policy(timedelta(hours=24), "hold", 4),
    "desk": Policy(timedelta(hours=24), "repeat", 5),
    "ping": Policy(timedelta(minutes=30), "repeat", 6),
}
"""Lifetimes from what is safe on a phone that somebody else may hold: late is a danger."""


@dataclass(frozen=True, slots=True)
class OutMessage:
    """One row of the outbox, before it has a number."""

    to: PersonId
    kind: Class
    call: Call
    not_before: datetime | None = None
    not_after: datetime | None = None
    case: CaseId | None = None


def utf16_length(text: str) -> int:
    """The length of ``text`` in UTF-16 code units, by which Telegram counts limits and entities."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
