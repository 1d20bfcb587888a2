"""The bot loses nothing, repeats nothing unmarked and mixes up nothing, however it is killed."""

import pytest
import uvloop

from .judge import verdict
from .report import report, shortfalls
from .supervisor import Options, campaign

pytestmark = [pytest.mark.crash, pytest.mark.slow]


def test_forty_kills_cost_nobody_a_word(tmp_path):
    """Killed 40 times, at named points and at random, with faults: every bar is met."""
    evidence = uvloop.run(campaign(Options(kills=40, seed=20, minutes=3), tmp_path))
    judged = verdict(evidence)
    assert len(evidence.deaths) >= 40, report(evidence, judged)
    assert len(judged.history.typed) > 300, report(evidence, judged)
    assert not shortfalls(evidence, judged), report(evidence, judged)
