"""Whatever she marked: each need once, each way once, in an order that is hers and no rank."""

from collections import Counter
from dataclasses import replace
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import StepId
from bot.text.pictured import pictured
from tests.survivor import Survivor, shipped

SIDE = StepId("compare.side")
WORDS = shipped().words
WRITTEN = WORDS.comparison(SIDE)
assert WRITTEN is not None
NEEDS = tuple(row.id for row in WRITTEN.rows)
MARKS = st.sets(st.sampled_from((*NEEDS, "unknown"))).map(lambda found: tuple(sorted(found)))
LANGUAGES = st.sampled_from(WORDS.languages)
SEEDS = st.text(min_size=1, max_size=12)


def compared(marks, language="en", seed="seed"):
    """What is drawn for somebody with those marks."""
    session = replace(Survivor().session, language=language, seed=seed, answers={"needs": marks})
    return pictured(SIDE, session, WORDS)


@given(MARKS, LANGUAGES, SEEDS)
def test_every_marked_need_is_shown_exactly_once(marks, language, seed):
    """None is left out, none comes twice; without a mark that has a row, all of them."""
    shown = [each.need.heading for each in compared(marks, language, seed)]
    wanted = [need for need in NEEDS if need in marks] or list(NEEDS)
    assert shown == [WORDS.answer("needs", (need,), language) for need in wanted]


@given(MARKS, LANGUAGES, SEEDS)
def test_the_ways_stand_in_one_order_on_every_part_and_each_once(marks, language, seed):
    """The order is hers: it stays from part to part, and when she marks something else."""
    orders = {tuple(row[0] for row in each.need.rows) for each in compared(marks, language, seed)}
    (order,) = orders
    titles = [WORDS.plain(f"{way}.title", language) for way in WRITTEN.ways]
    assert sorted(order) == sorted(titles)
    again = compared(("heard",), language, seed)
    assert {tuple(row[0] for row in each.need.rows) for each in again} == orders


def test_no_way_comes_first_for_everybody():
    """Over many people each way is about as often first as last."""
    firsts = Counter(compared(("heard",), seed=f"{n}")[0].need.rows[0][0] for n in range(1000))
    assert len(firsts) == len(WRITTEN.ways)
    assert all(120 < count < 280 for count in firsts.values())


@pytest.mark.parametrize("language", WORDS.languages)
@pytest.mark.parametrize("need", NEEDS)
def test_no_way_has_more_room_than_another(need, language):
    """The lines of a need are about equally long in every language, so none weighs more."""
    row = next(row for row in WRITTEN.rows if row.id == need)
    lengths = [len(WORDS.plain(cell.text.ctx, language)) for cell in row.cells]
    assert max(lengths) <= 1.3 * min(lengths)
    assert abs(mean(lengths) - lengths[0]) <= 0.3 * mean(lengths)


def test_a_verdict_that_claims_something_has_a_source():
    """Only "not known" may stand alone, and its line then says what can be asked."""
    for row in WRITTEN.rows:
        for cell in row.cells:
            assert cell.sources or cell.verdict == "unknown", f"{row.id}, {cell.way}"
            if not cell.sources:
                assert cell.text.source.startswith("You can ask"), f"{row.id}, {cell.way}"
