"""The table of Bot API methods. Each method takes
(world, bot, parameters) and returns its result as JSON text; a refusal is an ApiError. What is not
in the table is refused loudly: 404 as Telegram does, and an error in the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import methods_messages, methods_profile, methods_updates
from .bots import Bot
from .parameters import Parameters
from .world import World

Function = Callable[[World, Bot, Parameters], str]


@dataclass(frozen=True, slots=True)
class Method:
    """One method; `parameters` are those the sandbox understands."""

    name: str
    function: Function
    parameters: frozenset[str]


_TABLE: tuple[tuple[str, Function, str], ...] = (
    *methods_messages.TABLE,
    *methods_profile.TABLE,
    *methods_updates.TABLE,
)

METHODS: dict[str, Method] = {
    name.lower(): Method(name, function, frozenset(parameters.split()))
    for name, function, parameters in _TABLE
}

# The one method that waits; `api` calls it by itself.
GET_UPDATES = frozenset(("offset", "limit", "timeout", "allowed_updates"))
