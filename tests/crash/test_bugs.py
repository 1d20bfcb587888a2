"""The judge is worth believing: four mistakes put in on purpose each turn the right check red."""

import pytest
import uvloop

from .bugs import BLIND, BUGS, EARLY, FORGETFUL, SHUFFLED
from .judge import CHECKS, verdict
from .report import report
from .supervisor import Options, campaign

pytestmark = [pytest.mark.crash, pytest.mark.slow]

SHOWN_BY = {
    EARLY: "confirmed and not committed (I1)",
    FORGETFUL: "applied twice (I2)",
    BLIND: "duplicates unexplained (I6)",
    SHUFFLED: "out of order (I3)",
}


def test_every_bug_has_its_check():
    """Nobody adds a bug, or renames a check, without saying what would show it."""
    assert set(SHOWN_BY) == set(BUGS)
    assert set(SHOWN_BY.values()) <= set(CHECKS)


@pytest.mark.parametrize("bug", BUGS)
def test_a_deliberate_bug_turns_its_check_red(bug, tmp_path):
    """Six kills are enough to see each of them."""
    evidence = uvloop.run(campaign(Options(kills=6, seed=3, bug=bug, minutes=1), tmp_path))
    judged = verdict(evidence)
    assert SHOWN_BY[bug] in judged.red, report(evidence, judged)
