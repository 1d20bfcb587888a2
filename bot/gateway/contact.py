"""How things stand between one bot and Telegram, for readiness and for the log. It holds no token
and decides nothing but when a change is worth a line.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from bot.core.ids import Door

log = logging.getLogger("waymark.gateway")

Trouble = Literal["network", "token", "conflict", "flood", "refused"]

_SENTENCES: dict[Trouble, str] = {
    "network": "Telegram cannot be reached. Waymark keeps trying.",
    "token": (
        "Telegram refuses its token. It may have been revoked: take a new one from @BotFather, "
        "put it into the settings, and restart."
    ),
    "conflict": (
        "another program takes its updates. Waymark may have been started twice, or the token "
        "may be in other hands: then revoke it at @BotFather."
    ),
    "flood": "Telegram asks it to wait. Waymark waits.",
    "refused": "Telegram refuses to hand out updates. Waymark keeps trying.",
}


class StartRefused(Exception):
    """The bot cannot be started as it is. The message is a sentence for the operator."""


class Contact:
    """One bot's contact. ``clock`` gives aware UTC."""

    def __init__(self, door: Door, clock: Callable[[], datetime]) -> None:
        self.name = f"The {door} bot"
        self.last: datetime | None = None
        self.trouble: Trouble | None = None
        self._variable = f"WAYMARK_{door.upper()}_TOKEN"
        self._clock = clock

    @property
    def degraded(self) -> bool:
        """Whether this bot cannot be counted on now."""
        return self.trouble is not None

    def made(self) -> None:
        """Telegram answered as it should."""
        self.last = self._clock()
        if self.trouble is not None:
            log.warning("%s: in contact with Telegram again.", self.name)
            self.trouble = None

    def heard(self) -> None:
        """Telegram answered one of our calls. It ends no other trouble than the network's."""
        if self.trouble == "network":
            self.made()
        else:
            self.last = self._clock()

    def lost(self, trouble: Trouble) -> None:
        """Telegram did not answer as it should. The first time of each kind is logged."""
        if trouble != self.trouble:
            log.warning("%s: %s", self.name, _SENTENCES[trouble])
            self.trouble = trouble

    def refused_token(self) -> str:
        """The sentence for a token that Telegram refuses at the start."""
        return (
            f"Telegram refuses {self._variable}. Copy the token again from @BotFather (or make a "
            "new one there) and start again."
        )

    def somebody_else(self) -> str:
        """The sentence for updates that another program keeps taking."""
        return (
            f"{self.name} cannot get its updates: another program has been asking for them with "
            f"the same token. Stop it, or, if you do not know it, revoke the token at @BotFather, "
            f"set {self._variable} anew, and start again."
        )
