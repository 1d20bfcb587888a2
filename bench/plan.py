"""What is measured: the cells of the grid, what one window gives, and what a contender is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Mode = Literal["press", "type"]
ECHO = "echo"

LABELS = ("North", "East", "South", "West")
"""The four buttons both bots show, and the words people type."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole run. ``latency`` in ms, ``seconds`` a measured window, ``stored`` people."""

    people: tuple[int, ...]
    latency: tuple[int, ...]
    stored: tuple[int, ...]
    runs: int
    seconds: float

    def contenders(self) -> tuple[str, ...]:
        """The echo bot, then Waymark with each number of stored people."""
        return (ECHO, *(waymark(stored) for stored in self.stored))

    def cells(self) -> Iterator["Cell"]:
        """Presses first, then typed words."""
        for mode in ("press", "type"):
            for latency in self.latency:
                for people in self.people:
                    yield Cell(mode, people, latency)

    def in_cell(self, cell: "Cell", run: int) -> Sequence[str]:
        """Who is measured in a cell, in an order that changes from run to run."""
        all_of_them = self.contenders() if cell.mode == "press" else self.contenders()[:2]
        start = run % len(all_of_them)
        return all_of_them[start:] + all_of_them[:start]


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of the table."""

    mode: Mode
    people: int
    latency: int


@dataclass(frozen=True, slots=True)
class Window:
    """One measured window of one bot. Latencies in ms, CPU in seconds, memory in MiB.

    ``rate`` counts what was finished inside the window; ``cpu_per_1000`` is all CPU of the window
    and of finishing what it had begun, over all actions finished.
    """

    actions: int
    rate: float
    p50: float
    p95: float
    p99: float
    cpu_per_1000: float
    cpu_share: float
    emulator_share: float
    rss: float
    others: float
    """Cores that programs outside the bench used meanwhile."""
    troubles: tuple[str, ...] = ()


def waymark(stored: int) -> str:
    """The name of a Waymark with that many stored people."""
    return f"waymark {stored:,}"
