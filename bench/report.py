"""The figures as text: a table a kind of action, the bars, and who was the bottleneck."""

from collections.abc import Iterator, Sequence
from statistics import median

from .plan import ECHO, Cell, Plan, Window
from .verdict import Bar, Results, cpu, middle, p99, rate, ratio

SATURATED = 0.9
"""From this share of a core a process counts as the one that the others wait for."""

QUIET = 0.2
"""Cores that others may use before it is said."""

TITLES = {
    "press": "A button: answerCallbackQuery and one editMessageText",
    "type": "Typed words: one message sent, the typed one deleted",
}
HEAD = (
    f"{'people':>6} {'delay':>6}  {'bot':<16}{'actions/s':>10}"
    f"{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'CPU s/1000':>12}"
    f"{'RSS MiB':>9}{'x rate':>8}{'x CPU':>7}{'bot CPU':>9}{'emul. CPU':>11}"
)


def table(plan: Plan, results: Results) -> Iterator[str]:
    """One line a cell and bot; medians over the runs."""
    for mode, title in TITLES.items():
        yield ""
        yield title
        yield HEAD
        for cell in plan.cells():
            if cell.mode == mode:
                for name in plan.in_cell(cell, 0):
                    yield _line(cell, name, results[cell, name], results[cell, ECHO])


def _line(cell: Cell, name: str, ours: Sequence[Window], echo: Sequence[Window]) -> str:
    def of(what: str) -> float:
        return middle(ours, lambda window: getattr(window, what))

    ratios = f"{'':>8}{'':>7}"
    if name != ECHO:
        ratios = f"{ratio(ours, echo, rate):>8.1f}{ratio(ours, echo, cpu):>7.2f}"
    return (
        f"{cell.people:>6} {cell.latency:>3} ms  {name:<16}{of('rate'):>10.0f}{of('p50'):>9.1f}"
        f"{of('p95'):>9.1f}{middle(ours, p99):>9.1f}{middle(ours, cpu):>12.3f}{of('rss'):>9.0f}"
        f"{ratios}{of('cpu_share'):>9.0%}{of('emulator_share'):>11.0%}"
    )


def bottlenecks(plan: Plan, results: Results) -> Iterator[str]:
    """The cells in which the emulator, not the bot, was the limit."""
    for cell in plan.cells():
        for name in plan.in_cell(cell, 0):
            windows = results[cell, name]
            share = middle(windows, lambda window: window.emulator_share)
            bot = middle(windows, lambda window: window.cpu_share)
            if share >= SATURATED and share > bot:
                yield (
                    f"The emulator was the bottleneck ({share:.0%} of a core): {cell.mode}, "
                    f"{cell.people} people, {cell.latency} ms, {name}. The bot could do more."
                )


def disturbance(results: Results) -> Iterator[str]:
    """How much the rest of the machine was at work, when that was not nothing."""
    others = median(window.others for windows in results.values() for window in windows)
    if others > QUIET:
        yield (
            f"Other programs used {others:.1f} cores meanwhile. The echo bot mostly waits at 40 ms "
            "and hardly minds; Waymark works there, so that ratio reads too low."
        )


def judged(bars: Sequence[Bar]) -> Iterator[str]:
    """The bars, one a line."""
    yield ""
    yield "Bars"
    for bar in bars:
        yield f"  {'pass' if bar.held else 'FAIL'}  {bar.sentence}"
