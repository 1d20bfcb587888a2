"""Events: what an update means to us, past tense.

Two layers. :class:`Arrived` is what came through a door, as the gateway understood it. The
``Heard`` events are what it means in the place where she stands; ``bot.hearing`` makes one from the
other, and ``advance`` takes only those.
"""

from dataclasses import dataclass
from typing import Literal

from .ids import Cause, ChoiceId, Door, Language, Ref, StepId
from .message import Entity

# ---------------------------------------------------------------- what came through a door


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button. ``data`` is untrusted; ``query_id`` is needed to stop the button's spinner."""

    data: str
    query_id: str
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Typed:
    """Words, up to Telegram's 4,096 characters, control characters and all."""

    text: str
    message_id: int
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """Words changed after they were sent."""

    text: str
    message_id: int
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class SentMedia:
    """Something that is not words: ``kind`` is Telegram's field name (photo, voice, sticker …)."""

    kind: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Began:
    """``/start``, with or without a payload (which is ignored)."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person blocked the bot."""


@dataclass(frozen=True, slots=True)
class Unblocked:
    """The person unblocked the bot."""


What = Pressed | Typed | Edited | SentMedia | Began | Blocked | Unblocked


@dataclass(frozen=True, slots=True)
class Arrived:
    """One update for us. ``language`` is the app's language code, untrusted, possibly empty."""

    cause: Cause
    door: Door
    chat_id: int
    seed: str
    """At least 16 random URL-safe characters, drawn at ingress; ids and tokens derive from it."""
    what: What
    language: str = ""


# ---------------------------------------------------------------- what it means where she stands


@dataclass(frozen=True, slots=True)
class Started:
    """She opened the door (``/start``), for the first time or again."""


@dataclass(frozen=True, slots=True)
class Chose:
    """A choice of the shown step, by button or unmistakable words. ``token`` guards the step."""

    choice: ChoiceId


@dataclass(frozen=True, slots=True)
class Marked:
    """In choose_many: wanted state of one choice. Never a flip."""

    choice: ChoiceId
    on: bool


@dataclass(frozen=True, slots=True)
class Continued:
    """The button of the shown step that goes on."""


@dataclass(frozen=True, slots=True)
class Wrote:
    """Words that answer an ``ask`` step."""

    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: the screens nearest to it, best first; ``sure``: the first one answers it.

    Also a press on one of the nearest. What she typed is not in it, and is kept nowhere.
    """

    nearest: tuple[StepId, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Wondered:
    """A question where none was asked for, and the screen that answers it: "Did you mean …?"."""

    page: StepId


@dataclass(frozen=True, slots=True)
class WroteTooMuch:
    """Words that would answer an ``ask`` step, but are too long."""


Unfitness = Literal["date", "date_order", "number", "phone", "place", "times"]


@dataclass(frozen=True, slots=True)
class Unfit:
    """Words that do not answer an ``ask`` step: they are no date, number … that can be read."""

    why: Unfitness


@dataclass(frozen=True, slots=True)
class Paged:
    """Another part of a list, from 0. Never "the next one"."""

    page: int


AlwaysOn = Literal[
    "leave", "person", "numbers", "back", "language", "hold", "erase", "stop", "more", "about"
]


@dataclass(frozen=True, slots=True)
class Called:
    """An always-on word, by button or as the whole message. ``typed`` keeps the words if typed."""

    word: AlwaysOn
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Suggested:
    """Words near to a choice that may not act at once: ask "Did you mean …?"."""

    choice: ChoiceId


@dataclass(frozen=True, slots=True)
class Opened:
    """The button under the neutral line."""


@dataclass(frozen=True, slots=True)
class Forgot:
    """In "what you hold": remove one saved answer."""

    name: str


@dataclass(frozen=True, slots=True)
class Revisited:
    """In "what you hold": change one saved answer."""

    name: str


@dataclass(frozen=True, slots=True)
class Relayed:
    """Words for the desk, typed in the live chat."""

    text: str
    message_id: int
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class Amended:
    """A message she changed after sending. Only words already relayed matter."""

    text: str
    message_id: int
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Words that mean nothing here."""


@dataclass(frozen=True, slots=True)
class NotReadable:
    """Media, where only words are read."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A button of an older screen, or a forged one: show where she is.

    ``spent``: it belongs to the very message that is the screen now, so a second press of the same
    button; the screen is only made sure of.
    """

    spent: bool = False


@dataclass(frozen=True, slots=True)
class Endangered:
    """Words of danger. ``rule`` is the rule's id. In live chat the words still go to the desk.

    ``edited``: they came as a change of an earlier message.
    """

    rule: str
    text: str
    message_id: int
    entities: tuple[Entity, ...] = ()
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Fell:
    """Silence lasted as long as the step said. ``at`` is the step that waited."""

    at: StepId


@dataclass(frozen=True, slots=True)
class ScreenAged:
    """The screen nears the age after which it could not be deleted any more."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class ConsentEnded:
    """A consent reached its end."""

    purpose: str


@dataclass(frozen=True, slots=True)
class WentAway:
    """She blocked the bot: everything queued stops."""


@dataclass(frozen=True, slots=True)
class CameBack:
    """She unblocked the bot. Nothing is sent for it."""


Heard = (
    Started
    | Chose
    | Marked
    | Continued
    | Wrote
    | Asked
    | Wondered
    | WroteTooMuch
    | Unfit
    | Paged
    | Called
    | Suggested
    | Opened
    | Forgot
    | Revisited
    | Relayed
    | Amended
    | NotUnderstood
    | NotReadable
    | Stale
    | Endangered
    | Fell
    | ScreenAged
    | ConsentEnded
    | WentAway
    | CameBack
)


@dataclass(frozen=True, slots=True)
class Event:
    """One heard event with what came with it, ready for ``advance``.

    ``answers_touch`` is False for timers: nothing may be sent for those, only edited.
    """

    heard: Heard
    seed: str
    message_id: int | None = None
    """The message she typed, which is deleted together with the screen it answered."""
    answers_touch: bool = True
    new_language: Language | None = None
    """The language of her app, until she has chosen one herself."""
