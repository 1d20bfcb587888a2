"""Effects: what must now happen, imperative. Data only; the service makes one commit of them.

The order of a tuple of effects is the order in which they reach the chat.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from .ids import Ref, StepId
from .message import Class, Entity

Values = Mapping[str, str | int]
LeadValues = Mapping[str, str | int | date]
"""As ``Values``; a day is written out in her language."""


@dataclass(frozen=True, slots=True)
class Show:
    """Show the place where the session now is, in message ``ref``.

    ``edit`` changes that message in place; otherwise a new message is sent under that name.
    ``lead`` is a phrase above the text, for example that the words were not understood.
    """

    ref: Ref
    edit: bool
    kind: Class = "screen"
    lead: str = ""
    lead_values: LeadValues = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Say:
    """A line: a message of its own, named by its phrase."""

    phrase: str
    ref: Ref
    values: Values = field(default_factory=dict)
    kind: Class = "line"


@dataclass(frozen=True, slots=True)
class Picture:
    """The comparison of that step as pictures, each with the same words: lines, because she asked.

    Which needs, and in which order the ways stand, is what her session says.
    """

    step: StepId


@dataclass(frozen=True, slots=True)
class Dull:
    """Edit a message to the dull line, so that nothing of it can be read any more."""

    ref: Ref
    phrase: str = "always.dull"


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete some messages of this chat: ours by name, hers by number."""

    refs: tuple[Ref, ...] = ()
    message_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoveAll:
    """Delete every recorded message of this chat but ``spare``, on both sides."""

    spare: Ref | None


@dataclass(frozen=True, slots=True)
class CancelQueued:
    """Nothing that waits to be sent to her may still be sent."""


@dataclass(frozen=True, slots=True)
class Toast:
    """The short words under a pressed button."""

    phrase: str


@dataclass(frozen=True, slots=True)
class SetTimer:
    """A promise: at ``due_at`` the named timer becomes an event, carrying ``token``."""

    name: str
    due_at: datetime
    token: str = ""


@dataclass(frozen=True, slots=True)
class DropTimers:
    """Forget timers by name; a trailing ``*`` is a prefix."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """One line in the append-only record of what she agreed to.

    ``step`` is the consent step whose words she answered, also when she typed and was asked "Did
    you mean …?"; None where no step asked (withdrawn, expired).
    """

    purpose: str
    answer: Literal["given", "refused", "withdrawn", "expired"]
    until: datetime | None = None
    step: StepId | None = None


@dataclass(frozen=True, slots=True)
class PingDesk:
    """A case waits: the staff group hears so, without content."""


@dataclass(frozen=True, slots=True)
class Stranded:
    """Where she stood is in no version any more; she was taken to the rescue step. Staff hear so,
    without content.
    """


@dataclass(frozen=True, slots=True)
class TellHolder:
    """A desk phrase for the person who holds the case, if somebody does."""

    phrase: str


@dataclass(frozen=True, slots=True)
class TakeBackCopies:
    """Delete what staff chats hold of this case."""


@dataclass(frozen=True, slots=True)
class ToDesk:
    """Relay her words to the holder of the case."""

    text: str
    message_id: int
    entities: tuple[Entity, ...] = ()
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class AmendAtDesk:
    """She changed words that had been relayed: change the copy."""

    text: str
    message_id: int
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class ShowHeld:
    """Show the desk's words that waited for her; the first one inside ``into``, if named."""

    into: Ref | None


@dataclass(frozen=True, slots=True)
class Nudge:
    """The neutral line with a button, as an answer to her touch."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class EraseEverything:
    """Delete her rows and her key. What is queued for her chat is still carried out, namelessly."""


Effect = (
    Show
    | Say
    | Picture
    | Dull
    | Remove
    | RemoveAll
    | CancelQueued
    | Toast
    | SetTimer
    | DropTimers
    | RecordConsent
    | PingDesk
    | Stranded
    | TellHolder
    | TakeBackCopies
    | ToDesk
    | AmendAtDesk
    | ShowHeld
    | Nudge
    | EraseEverything
)
