"""An emulated Telegram for people without a token and for tests: Bot API server, people with
phones, faults by seed, a journal that judges can trust, and a chat page. It imports nothing from
`bot`; the unmodified bot talks HTTP to it.

    world = create_world(seed=1)
    world.add_bot("1000:token", "survivor")
    app = create_app(world)                     # ASGI
    async with listening(world) as url: …       # bot.sandbox.serving
    world.people.start(world.people.add("Ana"), "survivor")
"""

from __future__ import annotations

from .clock import WorldClock
from .crowd import Crowd, CrowdPlan
from .errors import ApiError, ConnectionCut, PersonCannot
from .faults import FAULT_KINDS, FaultPlan
from .journal import Journal
from .server import SandboxApp, create_app
from .world import World, create_world

__all__ = [
    "FAULT_KINDS",
    "ApiError",
    "ConnectionCut",
    "Crowd",
    "CrowdPlan",
    "FaultPlan",
    "Journal",
    "PersonCannot",
    "SandboxApp",
    "World",
    "WorldClock",
    "create_app",
    "create_world",
]
