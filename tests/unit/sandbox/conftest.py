"""A small world with one person and a bot client that calls the API in process."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.sandbox import World, WorldClock, create_world
from bot.sandbox.api import Answer, Api
from bot.sandbox.model import Person

TOKEN = "1000:survivor-token"


class Standing:
    """A clock's source that stands still; only `advance` moves the world."""

    def __call__(self) -> float:
        return 1_800_000_000.0


class Client:
    """Calls methods as a bot would; `ok` expects a result, `refused` an error."""

    def __init__(self, world: World, token: str = TOKEN) -> None:
        self.api = Api(world)
        self.token = token

    async def answer(self, method: str, **values: object) -> Answer:
        body = json.dumps(values).encode()
        return await self.api.answer(f"/bot{self.token}/{method}", body, "application/json", b"")

    async def ok(self, method: str, **values: object) -> Any:
        answer = await self.answer(method, **values)
        said = json.loads(answer.body)
        assert (answer.status, said["ok"]) == (200, True), said
        return said["result"]

    async def refused(self, method: str, **values: object) -> tuple[int, str]:
        answer = await self.answer(method, **values)
        said = json.loads(answer.body)
        assert said["ok"] is False, said
        assert said["error_code"] == answer.status
        return answer.status, said["description"]

    async def updates(self, **values: object) -> list[dict[str, Any]]:
        updates: list[dict[str, Any]] = await self.ok("getUpdates", **values)
        return updates


@pytest.fixture
def world() -> World:
    """A calm world whose clock moves by `advance` only."""
    world = create_world(seed=7, clock=WorldClock(Standing()), pacing=False, strict_polls=False)
    world.add_bot(TOKEN, "survivor")
    return world


@pytest.fixture
def ana(world: World) -> Person:
    """A person with the largest id there is."""
    return world.people.add("Ana", "es", 4_503_599_627_370_496)


@pytest.fixture
def client(world: World) -> Client:
    """The survivor bot's client."""
    return Client(world)


@pytest.fixture
def chat(world: World, ana: Person) -> int:
    """A chat that Ana has opened with /start (message 1)."""
    world.people.start(ana, "survivor")
    return ana.id
