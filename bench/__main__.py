"""``python -m bench``: Waymark beside a plain echo bot, against the same emulator, in one run.

Exit codes: 0 every bar held, 1 one did not, or the database did not hold exactly what was accepted,
2 used wrongly.
"""

import argparse
import secrets
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from . import authoring
from .emulator import Emulator
from .field import Field, tokens
from .plan import Cell, Plan, Window, waymark
from .population import Population
from .report import bottlenecks, disturbance, judged, table
from .verdict import bars


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, judge."""
    plan = _plan(arguments)
    if not Path("/proc/self/schedstat").exists():
        print("The bench reads CPU time from /proc, so it runs on Linux only.", file=sys.stderr)
        return 2
    begun = time.monotonic()
    results: defaultdict[tuple[Cell, str], list[Window]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        troubles = _measure(plan, Path(folder), results)
    for line in table(plan, results):
        print(line)
    print()
    for line in (*bottlenecks(plan, results), *disturbance(results)):
        print(line)
    judgement = [*bars(plan, results), *authoring.measure()]
    for line in judged(judgement):
        print(line)
    print(f"  {'FAIL' if troubles else 'pass'}  the databases hold exactly the accepted actions")
    for trouble in troubles[:20]:
        print(f"        {trouble}")
    print(f"\nMedians of {plan.runs} runs; {time.monotonic() - begun:.0f} s in all.")
    return 0 if not troubles and all(bar.held for bar in judgement) else 1


def _measure(
    plan: Plan, folder: Path, results: defaultdict[tuple[Cell, str], list[Window]]
) -> list[str]:
    """Fill ``results``; returns what went wrong besides being slow."""
    troubles: list[str] = []
    populations = {}
    for stored in plan.stored:
        print(f"Filling a database with {stored:,} people …", flush=True)
        population = populations[waymark(stored)] = Population(folder / str(stored), stored)
        population.fill()
    emulator = Emulator(tokens(plan), folder / "emulator", secrets.randbits(32))
    try:
        offset = 0
        for run in range(plan.runs):
            with Field(plan, emulator, populations, folder) as field:
                for cell in plan.cells():
                    for name in plan.in_cell(cell, run):
                        window = field.window(cell, name, offset)
                        results[cell, name].append(window)
                        troubles += [f"{name}: {trouble}" for trouble in window.troubles]
                        _progress(run, cell, name, window)
                    offset += cell.people
            for name, population in populations.items():
                troubles += [f"run {run + 1}, {name}: {w}" for w in population.differences()]
    finally:
        emulator.process.stop()
    return troubles


def _progress(run: int, cell: Cell, name: str, window: Window) -> None:
    print(
        f"run {run + 1}: {cell.mode} {cell.people:>3} people {cell.latency:>2} ms  {name:<16} "
        f"{window.rate:>8.1f}/s  p99 {window.p99:>8.1f} ms  {window.cpu_per_1000:.3f} CPU s/1000",
        flush=True,
    )


def _plan(arguments: list[str] | None) -> Plan:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short run, fewer stored people")
    parser.add_argument("--people", type=_numbers, default=(1, 32, 256), help="at once: 1,32,256")
    parser.add_argument("--latency", type=_numbers, default=(0, 40), help="ms a call: 0,40")
    parser.add_argument("--stored", type=_numbers, help="known people: 1000,100000")
    parser.add_argument("--runs", type=int, help="interleaved runs, of which medians are taken")
    parser.add_argument("--seconds", type=float, help="a measured window")
    given = parser.parse_args(arguments)
    return Plan(
        given.people,
        given.latency,
        given.stored or ((1_000, 20_000) if given.quick else (1_000, 100_000)),
        given.runs or (1 if given.quick else 5),
        given.seconds or (1.5 if given.quick else 2.0),
    )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
