"""The bars: what the figures must show, each a sentence with pass or fail."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from .plan import ECHO, Cell, Plan, Window, waymark

FASTER, CHEAPER, PARALLEL, STEADY = 2.5, 0.4, 40.0, 1.5
BUSY = (32, 256)

Results = Mapping[tuple[Cell, str], Sequence[Window]]
"""The windows of each cell and bot, one a run, in the order of the runs."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what was found and what it must be, and whether it held."""

    sentence: str
    held: bool


def middle(windows: Sequence[Window], what: Callable[[Window], float]) -> float:
    """The median of one figure over the runs."""
    return median(map(what, windows)) if windows else float("nan")


def ratio(
    over: Sequence[Window], under: Sequence[Window], what: Callable[[Window], float]
) -> float:
    """The median over the runs of the ratio within a run, so that a busy machine weighs on both."""
    pairs = [(what(a), what(b)) for a, b in zip(over, under, strict=True)]
    known = [a / b for a, b in pairs if b]
    return median(known) if known else float("nan")


def rate(window: Window) -> float:
    """Actions a second."""
    return window.rate


def cpu(window: Window) -> float:
    """CPU seconds per 1,000 actions."""
    return window.cpu_per_1000


def p99(window: Window) -> float:
    """The slowest hundredth, ms."""
    return window.p99


def bars(plan: Plan, results: Results) -> Iterator[Bar]:
    """Every bar that this plan measures."""
    for stored in plan.stored:
        yield from _against_echo(plan, results, stored)
    if len(plan.stored) > 1:
        yield from _steady(plan, results)


def _against_echo(plan: Plan, results: Results, stored: int) -> Iterator[Bar]:
    name = waymark(stored)
    for people in plan.people:
        if people in BUSY and 0 in plan.latency:
            cell = Cell("press", people, 0)
            echo, ours = results[cell, ECHO], results[cell, name]
            faster, cheaper = ratio(ours, echo, rate), ratio(ours, echo, cpu)
            where = f"{people} people, 0 ms, {stored:,} stored"
            yield Bar(
                f"{where}: {faster:.1f} times the echo bot's actions/s (at least {FASTER})",
                faster >= FASTER,
            )
            yield Bar(
                f"{where}: {cheaper:.2f} times its CPU an action (at most {CHEAPER})",
                cheaper <= CHEAPER,
            )
        if people == 256 and 40 in plan.latency:
            cell = Cell("press", people, 40)
            found = ratio(results[cell, name], results[cell, ECHO], rate)
            yield Bar(
                f"{people} people, 40 ms, {stored:,} stored: {found:.0f} times the echo bot's "
                f"actions/s (at least {PARALLEL:.0f})",
                found >= PARALLEL,
            )


def _steady(plan: Plan, results: Results) -> Iterator[Bar]:
    few, many = waymark(plan.stored[0]), waymark(plan.stored[-1])
    for latency in plan.latency:
        for people in plan.people:
            cell = Cell("press", people, latency)
            found = ratio(results[cell, many], results[cell, few], p99)
            yield Bar(
                f"{people} people, {latency} ms: p99 with {plan.stored[-1]:,} stored is "
                f"{found:.2f} times that with {plan.stored[0]:,} (at most {STEADY})",
                found <= STEADY,
            )
