"""Pages of ways share their headings, so each says at its end which way it is about."""

import pytest

from tests.survivor import Survivor, shipped

WAYS = [flow for flow in shipped().library.flows if flow.parallel]


@pytest.mark.parametrize("way", WAYS, ids=lambda flow: flow.id)
def test_every_page_of_a_way_names_it(way):
    """Never at its beginning, where a locked phone may show it."""
    her = Survivor()
    her.starts()
    for step in way.steps[:-1]:
        her.goes_to(step.id)
        last = her.text.rsplit("\n\n", 1)[-1]
        assert last == f"The way on this page: {way.title.source}"


def test_other_pages_say_nothing_of_the_kind():
    """Their own heading is enough."""
    her = Survivor()
    her.starts()
    her.goes_to("courtroom.plea")
    assert "The way on this page" not in her.text
