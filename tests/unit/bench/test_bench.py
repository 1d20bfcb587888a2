"""The bench judges others, so what it judges by is tested: ratios, bars, the database's reader."""

import pytest

from bench.echo_bot import keyboard
from bench.plan import ECHO, LABELS, Cell, Plan, Window, waymark
from bench.population import FIRST_ID, Population
from bench.verdict import bars, rate, ratio

PLAN = Plan(people=(32, 256), latency=(0, 40), stored=(1_000, 100_000), runs=1, seconds=1.0)


def window(rate: float = 100.0, cpu: float = 1.0, p99: float = 10.0) -> Window:
    """One window, of which the bars look at three figures."""
    return Window(100, rate, 1.0, 5.0, p99, cpu, 0.5, 0.2, 50.0, 0.0)


def results(ours: Window, many: Window | None = None) -> dict[tuple[Cell, str], list[Window]]:
    """The same window everywhere, beside an echo bot of 100 actions/s and 1 CPU s per 1,000."""
    few, full = (waymark(stored) for stored in PLAN.stored)
    return {
        (cell, name): [window() if name == ECHO else (many or ours) if name == full else ours]
        for cell in PLAN.cells()
        for name in (ECHO, few, full)
    }


def failed(ours: Window, many: Window | None = None) -> list[str]:
    """The sentences of the bars that were not held."""
    return [bar.sentence for bar in bars(PLAN, results(ours, many)) if not bar.held]


def test_every_bar_of_the_issue_is_judged():
    """Two bars at 32 and at 256, one at 40 ms, for each database, and one p99 a cell."""
    assert len(list(bars(PLAN, results(window())))) == 2 * (2 + 2 + 1) + 4


def test_a_bot_that_reaches_every_bar_exactly_passes():
    """At least and at most include the figure itself."""
    assert failed(window(rate=4000.0, cpu=0.4), window(rate=4000.0, cpu=0.4, p99=15.0)) == []


@pytest.mark.parametrize(
    ("ours", "many", "words", "times"),
    [
        (window(rate=249.0, cpu=0.4), None, "actions/s (at least 2.5)", 4),
        (window(rate=3999.0, cpu=0.4), None, "actions/s (at least 40)", 2),
        (window(rate=4000.0, cpu=0.41), None, "CPU an action", 4),
        (window(4000.0, 0.4), window(4000.0, 0.4, p99=15.1), "p99 with 100,000 stored", 4),
    ],
)
def test_a_bar_that_is_missed_is_said(ours, many, words, times):
    """Each of the four bars fails by itself, wherever it is measured."""
    assert sum(words in sentence for sentence in failed(ours, many)) == times


def test_a_ratio_compares_windows_of_the_same_run():
    """A machine that was busy in one run weighs on both bots of that run, and cancels out."""
    ours = [window(rate=300.0), window(rate=30.0), window(rate=310.0)]
    echo = [window(rate=100.0), window(rate=10.0), window(rate=100.0)]
    assert ratio(ours, echo, rate) == pytest.approx(3.0)


def test_everybody_is_first_once():
    """What runs first in a cell changes from run to run: no bot always has the warm seat."""
    cell = Cell("press", 32, 0)
    assert {PLAN.in_cell(cell, run)[0] for run in range(3)} == set(PLAN.contenders())


def test_the_echo_bot_shows_the_four_buttons():
    """One a row, in the order the crowd knows."""
    assert [row[0].text for row in keyboard(7).inline_keyboard] == list(LABELS)


@pytest.mark.slow
def test_the_database_is_read_back_person_by_person(tmp_path):
    """A lost action and one too many are both named, and so is a missing mark of an update."""
    people = Population(tmp_path / "people", 3)
    people.fill()
    people.count(FIRST_ID, 3, {}, starts=0)
    assert people.differences() == ()
    people.count(FIRST_ID, 1, {FIRST_ID: 1}, starts=1)
    assert people.differences() == (
        f"person {FIRST_ID}: 2 accepted, 0 in the session",
        "2 updates accepted, 0 marked as applied",
    )
