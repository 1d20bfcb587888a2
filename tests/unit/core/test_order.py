"""The order of buttons: mixed for each person, stable for her, and the last ones as written."""

from dataclasses import replace

from bot.core.buttons import ordered
from tests.survivor import Survivor, shipped

LAST = ("rest", "combine", "compare", "feelings")


def orders() -> set[tuple[str, ...]]:
    """The order of the ways for thirty people."""
    her = Survivor()
    her.starts()
    step = shipped().rules.step("ways.start")
    people = (replace(her.session, seed=f"person {number}") for number in range(30))
    return {tuple(choice.id for choice in ordered(step, each)) for each in people}


def test_the_ways_are_mixed_and_none_stands_first_for_everybody():
    """Each of the four stands first for somebody."""
    assert {order[0] for order in orders()} == {"restorative", "court", "support", "civil"}


def test_what_is_marked_last_keeps_the_order_of_the_flow():
    """“None of these now” is not mixed among what is no way."""
    assert all(order[4 : 4 + len(LAST)] == LAST for order in orders())
