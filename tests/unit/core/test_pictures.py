"""A picture is sent when she asks, once a press, as a line above the screen that follows."""

from dataclasses import replace

import pytest

from bot.core import effects as do
from bot.core.ids import StepId
from tests.survivor import Survivor, small

HOUSE = """steps:
  - id: notice
    say: Mark some
    choose_many:
      save: mark
      choices: [{id: heard, text: To be heard}, {id: calm, text: Calm}]
  - id: table
    say: What each can do
    compare:
      by: mark
      ways: [court, rest]
      rows:
        - id: heard
          court: {is: sometimes, say: You may be asked., sources: [S39]}
          rest: {is: "no", say: Nobody asks here., sources: [S1]}
        - id: calm
          court: {is: "no", say: It can take long., sources: [S40]}
          rest: {is: usually, say: You set the pace.}
  - id: picture
    say: You can have it as a picture.
    choose:
      - {id: draw, text: Send it as a picture, do: picture table}
      - {id: none, text: No picture, go: after, negative: yes}
  - {id: after, say: That was it., go: notice}
"""


@pytest.fixture(scope="module")
def house():
    """A comparison, and a step that sends it."""
    return small(start=HOUSE)


def asked(house, reading: str = "edit") -> Survivor:
    """In front of the button."""
    she = Survivor(edition=house)
    she.starts()
    she.presses("To be heard")
    she.presses("Done")
    she.presses("Go on")
    she.session = replace(she.session, reading=reading)
    assert she.session.at == "start.picture"
    return she


def test_the_effect_names_the_step_and_comes_before_the_screen(house):
    """The picture first, then the next screen below it; in this order they reach her."""
    she = asked(house)
    outcome = she.presses("Send it as a picture")
    kinds = [type(each) for each in outcome.effects]
    assert outcome.effects[0] == do.Picture(StepId("start.table"))
    assert kinds.index(do.Picture) < kinds.index(do.Show)
    (shown,) = she.did(do.Show)
    assert not shown.edit
    assert she.session.at == "start.after"


def test_the_screen_that_asked_goes_and_no_trail_is_left(house):
    """With one changing screen the old one is removed; with new messages it stays."""
    she = asked(house)
    before = she.session.screen.ref
    she.presses("Send it as a picture")
    assert [each.refs for each in she.did(do.Remove)] == [(before,)]
    other = asked(house, "new")
    other.presses("Send it as a picture")
    assert other.did(do.Remove) == []


@pytest.mark.parametrize("reading", ["edit", "new"])
def test_a_second_press_sends_nothing_again(house, reading):
    """The button is spent with its screen: the place is drawn again, silently."""
    she = asked(house, reading)
    pressed = next(b.data for b in she.buttons if b.label == "Send it as a picture")
    assert she.sends(pressed).effects[0] == do.Picture(StepId("start.table"))
    for _ in range(2):
        she.sends(pressed)
        assert she.did(do.Picture) == []
        (shown,) = she.did(do.Show)
        assert (shown.edit, shown.lead) == (True, "")


def test_typed_words_do_it_when_they_are_exact_and_ask_when_they_are_near(house):
    """Back does not take a picture out of the chat, so a near miss is a question."""
    she = asked(house)
    she.types("send it as a picture")
    assert len(she.did(do.Picture)) == 1
    she = asked(house)
    she.types("send it as a pictur")
    assert she.did(do.Picture) == []
    assert "Did you mean" in she.text
    she.presses("Yes, I meant that")
    assert len(she.did(do.Picture)) == 1
    she = asked(house)
    she.types("do not send it as a picture")
    assert she.did(do.Picture) == []


def test_a_no_sends_nothing(house):
    """Nor does walking past, or coming back."""
    she = asked(house)
    she.presses("No picture")
    assert she.did(do.Picture) == []
    she.presses("Back")
    assert she.did(do.Picture) == []


def test_a_page_about_a_comparison_lists_the_sources_of_the_part_shown(house):
    """Those of the other needs are on their own parts."""
    she = Survivor(edition=house)
    she.starts()
    she.presses("To be heard")
    she.presses("Calm")
    she.presses("Done")
    she.presses("About this page")
    assert "Manhattan District Attorney" in she.text
    assert "Town of Orange" not in she.text
    she.types("back")
    she.presses("Next part")
    she.presses("About this page")
    assert "Town of Orange" in she.text
    assert "Manhattan District Attorney" not in she.text
