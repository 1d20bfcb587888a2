"""Her own notes: which flows with facts she has opened; for nobody else, forgotten at a word."""

from bot.core.session import from_json, to_json
from tests.survivor import Survivor


def reader() -> Survivor:
    """Somebody who has opened two ways, and the first of them twice."""
    she = Survivor()
    she.starts()
    she.goes_to("ways.start")
    for way in ("The court", "Support for me only", "The court"):
        she.presses(way)
        she.goes_to("ways.start")
    return she


def test_each_flow_with_facts_is_noted_once_in_her_order():
    """Neither the notice nor the way to a person is something she has looked at."""
    she = reader()
    assert she.session.looked == ("court", "support")


def test_it_is_shown_among_what_is_kept_and_read_back_from_storage():
    """What is kept is told; a session of before has looked at nothing."""
    she = reader()
    she.types("what you hold")
    assert "Pages I looked at: The court and Support for me" in she.text
    kept = to_json(she.session)
    assert from_json(kept, she.session.case).looked == she.session.looked
    del kept["looked"]
    assert from_json(kept).looked == ()


def test_it_can_be_forgotten():
    """Only the list of pages goes; her marks stay."""
    she = reader()
    she.goes_to("summary.made")
    she.presses("Forget the pages I looked at")
    assert she.session.looked == ()
    assert "no page yet" in she.text
