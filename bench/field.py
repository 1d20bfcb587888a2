"""The bots of one run, every one in a process of its own, and one window measured on one of them
while the others wait in their long polls.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from .emulator import Emulator, per_person
from .plan import ECHO, LABELS, Cell, Plan, Window, waymark
from .population import FIRST_ID, HOME, Population
from .process import ROOT, Child, machine_cpu

WARM_UP = 2
"""Actions a person before the window, so that every bot has met everybody."""


def tokens(plan: Plan) -> dict[str, str]:
    """A made-up token for each bot the emulator serves; every Waymark has a staff bot too."""
    names = [ECHO]
    for stored in plan.stored:
        names += [waymark(stored), f"{waymark(stored)} staff"]
    return {name: f"{1000 + number}:bench" for number, name in enumerate(names)}


class Field:
    """The running bots of one run. Use as a context manager."""

    def __init__(
        self,
        plan: Plan,
        emulator: Emulator,
        populations: Mapping[str, Population],
        folder: Path,
    ) -> None:
        self._plan = plan
        self._emulator = emulator
        self._populations = populations
        self._folder = folder
        self._tokens = tokens(plan)
        self._bots: dict[str, Child] = {}

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for bot in self._bots.values():
            bot.stop()

    def _start(self) -> None:
        self._bots[ECHO] = Child(
            "The echo bot",
            ("-m", "bench.echo_bot", self._emulator.url, self._tokens[ECHO]),
            self._folder / "echo",
            {},
            "ready",
        )
        for name, population in self._populations.items():
            self._bots[name] = self._waymark(name, population)

    def _waymark(self, name: str, population: Population) -> Child:
        """The real program, as an operator starts it, with pacing off."""
        env = {
            "WAYMARK_SURVIVOR_TOKEN": self._tokens[name],
            "WAYMARK_STAFF_TOKEN": self._tokens[f"{name} staff"],
            "WAYMARK_API_URL": self._emulator.url,
            "DATABASE_URL": population.url,
            "WAYMARK_KEYSTORE": str(population.keystore),
            "WAYMARK_FLOWS": str(population.flows),
            "WAYMARK_LOCALES": str(ROOT / "locales"),
            "WAYMARK_HOME": HOME,
            "WAYMARK_LEADS": "1",
            "WAYMARK_PACING": "none",
            "PORT": "0",
        }
        folder = population.folder / "run"
        return Child(name.capitalize(), ("-m", "bot", "run"), folder, env, "Health:")

    def pid(self, name: str) -> int:
        """The process id of one bot, for a profiler."""
        return self._bots[name].pid

    def window(self, cell: Cell, name: str, offset: int) -> Window:
        """Measure one bot in one cell. ``offset`` chooses which of the stored people act."""
        emulator, bot = self._emulator, self._bots[name]
        population = self._populations.get(name)
        first = population.at(offset, cell.people) if population else FIRST_ID + offset
        crowd = {
            "bot": name,
            "people": cell.people,
            "mode": cell.mode,
            "labels": LABELS,
            "words": LABELS,
            "first_id": first,
            "seed": offset,
        }
        emulator.begin(**crowd, actions=WARM_UP * cell.people, start=True)
        warm = emulator.ended()
        before = bot.settled_cpu()
        emulator.latency(cell.latency)
        emulator.begin(**crowd, seconds=self._plan.seconds, start=False)
        begun, machine = time.monotonic(), machine_cpu()
        emulator.figures(self._plan.seconds)
        used, passed = bot.cpu() - before, time.monotonic() - begun
        machine = (machine_cpu() - machine) / passed
        emulator.latency(0)  # what was begun is finished without waiting, and is not measured
        figures = emulator.ended()
        after = bot.settled_cpu()
        if population is not None:
            population.count(first, cell.people, per_person(warm["list"]), starts=1)
            population.count(first, cell.people, per_person(figures["list"]), starts=0)
        actions = figures["actions"]
        emulator_share = figures["sandbox_cpu_seconds"] / max(0.001, figures["elapsed"])
        return Window(
            actions=actions,
            rate=figures["actions_per_second"],
            p50=figures["p50_ms"],
            p95=figures["p95_ms"],
            p99=figures["p99_ms"],
            cpu_per_1000=1000 * (after - before) / max(1, actions),
            cpu_share=used / passed,
            emulator_share=emulator_share,
            rss=bot.rss(),
            others=max(0.0, machine - used / passed - emulator_share),
            troubles=_troubles(warm) + _troubles(figures),
        )


def _troubles(figures: Mapping[str, Any]) -> tuple[str, ...]:
    found = [str(sentence) for sentence in figures["stuck"]]
    if figures["stalled"]:
        found.append(f"{figures['stalled']} actions were never finished")
    return tuple(found)
