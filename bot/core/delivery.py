"""What became of one call to Telegram, as a value. Only these five things can happen."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram accepted it. ``message_id`` is None for calls that make no message."""

    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Surely not accepted; may be tried again at ``at`` (aware UTC).

    ``everyone`` is True when Telegram asked the whole bot, not one chat, to wait.
    """

    at: datetime
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """The chat cannot be reached any more: blocked, deactivated, deleted. Final."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will never accept this call. ``reason`` is its status code, never its text."""

    reason: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """The answer was lost after the call had left. Whether it was accepted cannot be known."""


Delivery = Sent | RetryAt | Gone | Refused | Unknown
