"""The emulated Telegram in its own process, with its crowd: one for every bot and window."""

import http.client
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .process import Child

PATIENCE = 120.0
"""Seconds after which an unanswered press counts as stalled; none may."""

LONGEST_WAIT = 50.0


class Emulator:
    """Drives the control API of one ``python -m bot.sandbox``. Times in seconds, latency in ms."""

    def __init__(self, bots: Mapping[str, str], folder: Path, seed: int) -> None:
        given = ["-m", "bot.sandbox", "--no-journal", "--no-pacing", "--lenient-polls"]
        given += ["--port", "0", "--seed", str(seed)]
        for name, token in bots.items():
            given += ["--bot", f"{name}={token}"]
        self.process = Child("The emulator", given, folder, {}, "http://")
        self.url = self.process.said
        self._address = self.url.removeprefix("http://")

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One request to the control API."""
        connection = http.client.HTTPConnection(self._address, timeout=90)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None)
            answer = connection.getresponse()
            found: dict[str, Any] = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            msg = f"The emulator answered {answer.status} to {path}: {found}"
            raise RuntimeError(msg)
        return found

    def latency(self, milliseconds: int) -> None:
        """How long every answer is held."""
        plan = {"seed": 0, "rates": {}, "latency": milliseconds / 1000}
        self.call("POST", "/sandbox/faults", plan)

    def begin(self, **plan: object) -> None:
        """Let a crowd in; see ``bot.sandbox.crowd.CrowdPlan``."""
        self.call("POST", "/sandbox/crowd", {"patience": PATIENCE, **plan})

    def figures(self, wait: float, *, with_actions: bool = False) -> dict[str, Any]:
        """The crowd's figures when it has ended, or after ``wait`` seconds if that is sooner."""
        path = f"/sandbox/crowd?wait={wait}" + ("&actions=1" if with_actions else "")
        return self.call("GET", path)

    def ended(self) -> dict[str, Any]:
        """The crowd's figures once everything that was begun is done."""
        figures = self.figures(LONGEST_WAIT)
        for _ in range(int(2 * PATIENCE / LONGEST_WAIT) + 1):
            if not figures["running"]:
                break
            figures = self.figures(LONGEST_WAIT)
        return self.figures(0, with_actions=True)


def per_person(actions: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """How many actions each person has finished."""
    counts: dict[int, int] = {}
    for action in actions:
        counts[action["person"]] = counts.get(action["person"], 0) + 1
    return counts
