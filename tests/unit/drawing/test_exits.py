"""Every way out of a step, in the words that pictures and the document share."""

from datetime import timedelta

import pytest

from bot.core.ids import StepId
from bot.core.rules import StepKind, Verb
from bot.drawing.exits import KINDS, STAYING, Exit, span, survey
from tests.unit.drawing.flows import named, small


def test_a_step_tells_all_its_ways_out():
    """Buttons in their order, a target nobody wrote as unknown, silence at the end."""
    assert survey(small()).exits[StepId("small.first")] == (
        Exit("Go on", "go", "known", StepId("small.may"), "may", "ahead"),
        Exit("Not now", "go", "unknown", None, "nowhere", "later"),
        Exit("no answer for 1 day", "silence", "known", StepId("small.last")),
    )


def test_an_included_flow_returns_and_any_other_must_lead_on():
    """The last step of an included flow goes back; of another flow, nothing follows."""
    seen = survey(small())
    assert seen.exits[StepId("inner.deep")] == (Exit("Go on", "go", "returns"),)
    assert seen.exits[StepId("other.inside")] == (
        Exit("runs this flow", "visit", "known", StepId("inner.deep"), "inner"),
        Exit("when it is over", "go", "nothing"),
    )


def test_who_skips_a_step_comes_to_what_follows_it():
    """The other side of a `when`."""
    seen = survey(small())
    step = seen.library.steps[StepId("small.send")]
    assert seen.after(step) == Exit("otherwise", "go", "known", StepId("small.last"))


def test_a_wait_goes_on_by_itself_and_at_a_touch():
    """Two ways to the same step, one of them silent."""
    seen = survey(named("flow: small\nsteps:\n - {id: first, wait: 90m}\n - {id: last, end: yes}"))
    last = StepId("small.last")
    assert seen.exits[StepId("small.first")] == (
        Exit("Go on", "go", "known", last),
        Exit("by itself after 90 minutes", "silence", "known", last),
    )


def test_every_kind_and_every_verb_has_a_word():
    """A new kind of step or button is not drawn without a name."""
    assert set(KINDS) == set(StepKind.__args__)
    assert set(STAYING) == set(Verb.__args__) - {"go", "visit"}


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(days=30), "30 days"),
        (timedelta(hours=24), "1 day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=90), "90 seconds"),
    ],
)
def test_a_span_is_said_in_its_largest_whole_unit(length, said):
    """As a lead would write it."""
    assert span(length) == said
