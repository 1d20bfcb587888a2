"""What one step of the engine costs in small and in very large flows: ``python -m bench.engine``.

Two depths: ``rules.onward`` (the state machine alone) and ``advance`` (the whole behaviour towards
her). The same walk is taken in a ring of 20 steps and in one of 10,000, in turns; the quickest walk
of each counts, because whatever else runs on the machine only ever makes a walk slower.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.advance import advance, begin
from bot.core.events import Chose, Event
from bot.core.ids import ChoiceId, Language
from bot.core.rules import Rules
from bot.flowdef.compile import compile_library
from bot.flowdef.load import load_files
from bot.flowdef.model import DOORS

from .report import judged
from .verdict import Bar

FEW, MANY, IN_ONE_FLOW = 20, 10_000, 200
DEARER = 1.2
FURTHER = ChoiceId("further")
ANSWERS = {"way": "a"}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SYSTEM = (
    "flow: always\nwords: [{id: leave, text: Leave now}]\ndoors:\n"
    + "".join(f"  {door}: always.screen\n" for door in DOORS if door != "start")
    + "  start: ring_00.s0\nsteps:\n  - {id: screen, say: A screen.}\n"
)


def ring(steps: int) -> Rules:
    """Rules of flows with ``steps`` steps in all, each with four buttons, joined in a circle."""
    files = {"always.yaml": SYSTEM.encode()}
    flows = max(1, steps // IN_ONE_FLOW)
    for number in range(flows):
        last, after = steps // flows - 1, f"ring_{(number + 1) % flows:02}.s0"
        lines = [f"flow: ring_{number:02}\nsteps:\n"]
        for step in range(last + 1):
            when = "    when: way is not b\n" if step % 5 == 1 else ""
            to = f", go: {after}" if step == last else ""
            lines.append(
                f"  - id: s{step}\n    say: A page.\n{when}    choose:\n"
                f"      - {{id: further, text: Further{to}}}\n"
                "      - {id: first, text: First, go: s0}\n"
                "      - {id: other, text: Other, go: s1}\n"
                "      - {id: numbers, text: Numbers, do: numbers}\n"
            )
        files[f"ring_{number:02}.yaml"] = "".join(lines).encode()
    library, issues = load_files(files)
    assert not issues, issues[:3]
    return compile_library(library)


def onward(rules: Rules, times: int) -> float:
    """CPU microseconds a step of the machine alone."""
    at = rules.start
    begun = time.process_time()
    for _ in range(times):
        to = rules.onward(at, FURTHER, ANSWERS)
        assert to is not None
        at = to
    return (time.process_time() - begun) / times * 1e6


def whole(rules: Rules, times: int) -> float:
    """CPU microseconds a press, from the heard event to the effects."""
    session = begin(rules, "a seed of sixteen", Language("en"))
    begun = time.process_time()
    for number in range(times):
        event = Event(Chose(FURTHER), f"seed {number:012d}")
        session = advance(rules, session, event, NOW).session
    return (time.process_time() - begun) / times * 1e6


@dataclass(frozen=True, slots=True)
class Depth:
    """One way to take a step, and how often it is taken a round."""

    name: str
    take: Callable[[Rules, int], float]
    times: int


DEPTHS = (Depth("rules.onward", onward, MANY), Depth("advance", whole, MANY))


def measure(rounds: int = 9) -> list[Bar]:
    """Walk, print, judge."""
    print("\nOne step of the engine, CPU microseconds")
    print(f"{'':<14}{FEW:>10,} steps{MANY:>10,} steps{'ratio':>8}")
    few, many = ring(FEW), ring(MANY)
    bars = []
    for depth in DEPTHS:
        pairs = [
            (depth.take(few, depth.times), depth.take(many, depth.times)) for _ in range(rounds)
        ]
        small, large = (min(each) for each in zip(*pairs, strict=True))
        ratio = large / small
        print(f"{depth.name:<14}{small:>16.1f}{large:>16.1f}{ratio:>8.2f}")
        bars.append(
            Bar(
                f"one step ({depth.name}) at {MANY:,} steps costs {ratio:.2f} times that at {FEW} "
                f"(at most {DEARER})",
                ratio <= DEARER,
            )
        )
    return bars


def main() -> int:
    """Alone: the figures and the bars."""
    bars = measure()
    for line in judged(bars):
        print(line)
    return 0 if all(bar.held for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
