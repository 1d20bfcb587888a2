"""One bot as the emulated Telegram knows it: token, queue, limits, what it says about itself, and
where its updates go. It holds state and decides nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .limits import FloodLimits
from .model import JsonObject, Person, spell
from .updates import UpdateQueue

TOKEN = re.compile(r"\d{1,16}:[A-Za-z0-9_-]{3,64}")


@dataclass(slots=True)
class Profile:
    """What the bot set about itself, by language code ('' for all others)."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[JsonObject]] = field(
        default_factory=dict
    )  # scope, language


@dataclass(slots=True)
class WebhookSettings:
    """Where updates are pushed to; `url` empty means polling."""

    url: str = ""
    secret: str = ""
    connections: int = 40
    last_error: str = ""
    last_error_at: int = 0


@dataclass(slots=True)
class Bot:
    """`name` is the role by which tests and the page call it ('survivor', 'staff')."""

    token: str
    name: str
    username: str
    title: str
    queue: UpdateQueue
    limits: FloodLimits
    reads_groups: bool = False
    joins_groups: bool = True
    profile: Profile = field(default_factory=Profile)
    webhook: WebhookSettings = field(default_factory=WebhookSettings)
    revoked: bool = False
    id: int = 0
    wire: str = ""

    def __post_init__(self) -> None:
        self.id = int(self.token.partition(":")[0])
        self.wire = spell(
            {"id": self.id, "is_bot": True, "first_name": self.title, "username": self.username}
        )

    @property
    def person(self) -> Person:
        """The bot as a sender in a group's list of members."""
        return Person(self.id, self.title, None, is_bot=True)

    def title_for(self, language: str | None) -> str:
        """The name that a person with this app language sees."""
        names = self.profile.names
        return names.get(language or "") or names.get("") or self.title
