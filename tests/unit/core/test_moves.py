"""Moves between steps: Back, visits, included flows, silence, and flows that have changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import effects as do
from tests.survivor import Survivor, small

PARTS = {
    "start": """
steps:
  - {id: notice, say: Hello there., go: first}
  - {id: first, say: First page.}
  - {id: part, include: part}
  - {id: after, say: After the part., if_silent: {after: 24h, then: quiet}}
  - {id: quiet, say: Nothing was said for a day., go: last}
  - {id: last, say: The last page.}
""",
    "part": """
steps:
  - {id: one, say: Page one of the part.}
  - {id: two, say: Page two of the part.}
""",
}


@pytest.fixture(scope="module")
def parts():
    """A small house with an included flow and a silence."""
    return small(**PARTS)


def at(her):
    """What she sees."""
    return her.session.place


def test_an_included_flow_comes_back_to_the_step_after_it(parts):
    """Its end is not the end."""
    her = Survivor(parts)
    her.starts()
    seen = []
    for _ in range(5):
        her.presses("Go on")
        seen.append(at(her))
    assert seen == ["start.first", "part.one", "part.two", "start.after", "start.quiet"]


def test_back_leads_out_of_an_included_flow_and_in_again(parts):
    """Each screen she saw, in reverse, with the part still knowing where it returns to."""
    her = Survivor(parts)
    her.starts()
    for _ in range(4):
        her.presses("Go on")
    seen = []
    for _ in range(3):
        her.presses("Back")
        seen.append(at(her))
    assert seen == ["part.two", "part.one", "start.first"]
    her.presses("Go on")
    her.presses("Go on")
    her.presses("Go on")
    assert at(her) == "start.after"


def test_a_person_asked_for_inside_a_part_is_not_pulled_back_into_it(parts):
    """The always-on word leads away; only Back leads to the part again."""
    her = Survivor(parts)
    her.starts()
    her.presses("Go on")
    her.presses("Go on")
    her.types("person")
    assert at(her) == "contact.start"
    assert her.session.frames == ()
    her.types("back")
    assert at(her) == "part.one"
    assert her.session.frames == ("start.part",)


def test_back_reaches_the_first_screen_but_nothing_before_it():
    """The notice has no Back of its own and can be reached again."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    assert "Back" in her.labels
    her.presses("Back")
    assert at(her) == "start.notice"
    assert "Back" not in her.labels
    her.types("back")
    assert at(her) == "start.notice"


def test_back_keeps_the_answers():
    """It shows earlier screens; it does not undo what was said there."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("To be heard")
    her.presses("Done")
    her.presses("Back")
    her.presses("Back")
    assert her.session.answers == {"needs": ("heard",)}


CLOSING = """
steps:
  - {id: notice, say: Hello there., go: ask}
  - id: ask
    say: What is it about?
    choose_many:
      save: about
      at_least: 0
      choices: [{id: small, text: Something small}, {id: large, text: Something large}]
  - {id: page, when: small in about and large not in about, say: Only for small things.}
  - {id: last, say: The last page., choose: [{id: again, text: Mark it anew, go: ask}]}
"""


@pytest.fixture(scope="module")
def closing():
    """A house with a page that is for some answers only."""
    return small(start=CLOSING)


def on_the_page(house):
    """Somebody whose answer opened the page."""
    her = Survivor(house)
    her.starts()
    her.presses("Go on")
    her.presses("Something small")
    her.presses("Done")
    assert at(her) == "start.page"
    return her


def test_back_passes_a_page_that_a_later_answer_has_closed(closing):
    """What she says now counts, not what she had said when she was there."""
    her = on_the_page(closing)
    her.presses("Go on")
    her.presses("Mark it anew")
    her.presses("Something large")
    her.presses("Done")
    assert at(her) == "start.last"
    seen = []
    while "Back" in her.labels:
        her.presses("Back")
        seen.append(at(her))
    assert seen == ["start.ask", "start.last", "start.ask", "start.notice"]


@pytest.mark.parametrize("change", ["Remove: about", "Change: about"])
def test_nobody_stands_on_in_a_page_that_she_has_closed_from_what_you_hold(closing, change):
    """Removed or changed there, the answer closes the page under it."""
    her = on_the_page(closing)
    her.types("what you hold")
    her.presses(change)
    if at(her) == "start.ask":
        her.presses("Something large")
        her.presses("Done")
    assert at(her) == "always.hold"
    her.presses("Back to where I was")
    assert at(her) in ("start.ask", "start.last")


def test_a_question_does_not_close_itself_while_she_answers_it():
    """Its ``when`` may be about the answer it asks for: she stays, and Back shows it again."""
    own = CLOSING.replace("  - id: ask\n", "  - id: ask\n    when: about is not answered\n")
    her = Survivor(small(start=own))
    her.starts()
    her.presses("Go on")
    her.presses("Something small")
    assert at(her) == "start.ask"
    her.presses("Done")
    her.presses("Back")
    assert at(her) == "start.ask"


def test_an_answer_changed_from_the_summary_comes_back_to_the_summary():
    """And Back from there leads to the step before the summary, not into the visit."""
    her = Survivor()
    her.starts()
    ask_to_summary(her)
    her.presses("Change the hours")
    assert at(her) == "contact.times"
    her.presses("Evening (5 pm to 9 pm)")
    her.presses("Done")
    assert at(her) == "contact.summary"
    assert "Evening" in her.text
    her.presses("Back")
    assert at(her) == "contact.words"


def test_back_out_of_a_visit_ends_it():
    """The next answer then goes on as usual, once."""
    her = Survivor()
    her.starts()
    ask_to_summary(her)
    her.presses("Change what matters to me")
    her.presses("Back")
    assert at(her) == "contact.summary"
    assert her.session.visits == ()


def test_an_answer_changed_from_what_you_hold_comes_back_to_what_you_hold():
    """By Done and by Back, over the step where she stood."""
    for way in ("Done", "Back"):
        her = Survivor()
        her.starts()
        her.presses("Go on")
        her.presses("To be heard")
        her.presses("Done")
        her.types("what you hold")
        her.presses("Change: What matters to me")
        assert at(her) == "needs.what"
        her.presses(way)
        assert at(her) == "always.hold"
        assert her.session.at == "needs.marked"


def test_a_step_can_be_visited_from_what_you_hold_while_she_stands_in_it():
    """She comes back to What you hold, over that same step."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("To be heard")
    her.types("what you hold")
    her.presses("Change: What matters to me")
    her.presses("Done")
    assert at(her) == "always.hold"
    assert her.session.at == "needs.what"
    assert her.session.visits == ()


def test_one_answer_can_be_removed():
    """What you hold names each answer with a button that removes it."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("To be heard")
    her.types("what you hold")
    her.presses("Remove: What matters to me")
    assert her.session.answers == {}
    assert "To be heard" not in her.text


def test_asking_for_a_person_in_the_middle_of_a_visit_ends_the_visit():
    """Otherwise her first answer there would throw her back."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("To be heard")
    her.types("what you hold")
    her.presses("Change: What matters to me")
    her.presses("Talk with a person")
    her.presses("See how it works")
    assert at(her) == "contact.may"


def test_silence_moves_her_and_edits_the_young_screen_only(parts):
    """Nothing is sent for it."""
    her = Survivor(parts)
    her.starts()
    for _ in range(4):
        her.presses("Go on")
    assert at(her) == "start.after"
    her.timer("silence")
    assert at(her) == "start.quiet"
    assert not her.sent
    assert her.text.startswith("Nothing was said")


def test_silence_counts_from_her_last_touch(parts):
    """Every touch at the step moves the timer; one that is early is a no-op."""
    her = Survivor(parts)
    her.starts()
    for _ in range(4):
        her.presses("Go on")
    early = her.timers["silence"]
    her.passes(hours=23)
    her.types("numbers")
    assert her.timers["silence"][0] == her.now + timedelta(hours=24)
    her.timers["silence"] = early
    her.timer("silence")
    assert her.session.at == "start.after"


def test_the_promise_of_silence_goes_when_she_goes_on(parts):
    """No timer is left behind."""
    her = Survivor(parts)
    her.starts()
    for _ in range(5):
        her.presses("Go on")
    assert "silence" not in her.timers


def test_buttons_of_a_screen_that_silence_left_standing_do_not_act_on_the_next_step(parts):
    """An old screen is not edited by a timer, so its buttons must not mean something new."""
    her = Survivor(parts)
    her.starts()
    for _ in range(4):
        her.presses("Go on")
    her.session = replace(
        her.session,
        screen=replace(her.session.screen, sent_at=her.now - timedelta(hours=41)),
    )
    old = her.buttons[0].data
    her.timer("silence")
    assert her.effects == ()
    her.sends(old)
    assert her.session.at == "start.quiet"
    assert her.sent


def test_silence_under_a_system_screen_leaves_that_screen_alone(parts):
    """She comes back to the step that silence led to."""
    her = Survivor(parts)
    her.starts()
    for _ in range(4):
        her.presses("Go on")
    her.presses("Numbers")
    her.timer("silence")
    assert at(her) == "always.numbers"
    assert her.effects == ()
    her.presses("Back to where I was")
    assert at(her) == "start.quiet"


def test_somebody_who_stands_where_nothing_is_any_more_gets_the_rescue_screen():
    """Her answers are kept, and the way on is shown."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("To be heard")
    her.session = replace(her.session, structure="gone", at="old.step")
    her.types("hello")
    assert at(her) == "always.rescue"
    assert her.session.answers == {"needs": ("heard",)}
    assert her.session.structure == her.edition.rules.structure
    her.presses("See the ways on")
    assert at(her) == "ways.start"


def test_a_button_from_before_the_flows_changed_does_nothing():
    """The same place in the list may now be another choice."""
    her = Survivor()
    her.starts()
    ask_to_summary(her)
    data = her.buttons[0].data
    her.session = replace(her.session, structure="an older one")
    for press in (lambda: her.sends(data), lambda: her.types("1")):
        her.session = replace(her.session, structure="an older one")
        press()
        assert her.session.case is None
        assert at(her) == "contact.summary"
        assert not her.did(do.PingDesk)


def test_system_screens_that_are_gone_uncover_the_step():
    """An unknown overlay is no place to be."""
    her = Survivor()
    her.starts()
    her.session = replace(her.session, structure="gone", over=("always.older",))
    her.types("hello")
    assert at(her) == "start.notice"


def test_a_question_that_lost_its_object_is_not_shown_again():
    """Numbers over "Did you mean …?" and back: the question is still the same one."""
    her = Survivor()
    her.starts()
    ask_to_summary(her)
    her.types("send this to staff")
    assert at(her) == "always.did_you_mean"
    her.types("numbers")
    her.types("back")
    assert at(her) == "always.did_you_mean"
    assert "“Send this to staff”" in her.text
    her.presses("No, I did not")
    assert at(her) == "contact.summary"
    assert her.session.pending is None


def ask_to_summary(her):
    """To the last question before anything is sent."""
    her.types("person")
    her.presses("See how it works")
    her.presses("Yes, a person may write to me")
    her.presses("Eastern (New York)")
    her.presses("Morning (8 am to noon)")
    her.presses("Done")
    her.presses("Done")
    her.presses("Skip this")
