"""The tests beside the shipped flows: they hold, they are read by leads, and none is missing."""

from functools import cache

from bot.rehearsal.coverage import coverage
from bot.rehearsal.playing import play_all
from bot.rehearsal.reading import SUFFIX, read_file, scenario_files
from tests.survivor import ROOT, shipped

FLOOR = 100


@cache
def scenarios():
    """All of them."""
    found, wrong = [], []
    for path in scenario_files(ROOT / "flows"):
        read, issues = read_file(path, f"flows/{path.name}", shipped().library)
        found += read
        wrong += [f"{issue}" for issue in issues]
    assert wrong == []
    return tuple(found)


@cache
def played():
    """Everything played once, in every language."""
    return play_all(scenarios(), shipped())


def test_every_flow_has_tests_beside_it():
    """A new flow comes with its tests."""
    beside = {path.name.removesuffix(SUFFIX) for path in scenario_files(ROOT / "flows")}
    assert beside == {flow.id for flow in shipped().library.flows}


def test_every_test_holds_in_every_language():
    """Nearly all run in both; one that speaks of a single language would say so."""
    assert len(scenarios()) >= 70
    assert [f"{failure}" for failure in played().failures] == []
    assert played().runs >= 2 * len(scenarios()) - 5


def test_every_screen_and_every_way_on_is_exercised():
    """In each language that is spoken."""
    found = coverage(shipped().library, shipped().words.languages, played().trace)
    assert len(found.languages) >= 2
    assert [f"{one}" for one in found.missing] == []
    assert found.least >= FLOOR
