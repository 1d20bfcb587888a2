"""Waiting, comparing, listing and "About this page": what each does at her touch and without it."""

import pytest

from bot.core import effects as do
from bot.core.session import from_json, to_json
from tests.survivor import Survivor, small

HOUSE = """steps:
  - {id: notice, say: Hello there}
  - {id: more_people, say: People}
  - id: marks
    say: Mark some
    choose_many:
      save: mark
      choices: [{id: heard, text: To be heard}, {id: repair, text: Repair}, {id: calm, text: Calm}]
  - id: table
    say: What each can do
    compare:
      by: mark
      ways: [court, rest]
      rows:
        - id: heard
          court: {is: sometimes, say: You may be asked.}
          rest: {is: "no", say: Nobody asks here., sources: [S1]}
        - id: repair
          court: {is: usually, say: The court may order money.}
          rest: {is: unknown, say: Nobody has counted.}
        - id: calm
          court: {is: "no", say: It can take long.}
          rest: {is: usually, say: You set the pace.}
    choose: [{id: court, text: Read about the court, go: court}]
  - id: lines
    say: Places to call
    resources: {kinds: [domestic, sexual], most: 2}
  - id: pause
    say: Take your time
    help: This page goes on by itself after a day.
    wait: 24h
  - {id: after, say: After the wait, go: ways.start}
"""


@pytest.fixture(scope="module")
def house():
    """A first flow with the kinds that show lists, and one that waits."""
    return small(start=HOUSE)


def at(house, step, language="en", **answers) -> Survivor:
    """Standing at a step, with answers."""
    she = Survivor(edition=house, language=language)
    she.starts()
    she.goes_to("start.notice")
    for name, value in answers.items():
        she.session = from_json({**to_json(she.session), "answers": {name: list(value)}})
    she.goes_to(f"start.{step}")
    return she


def test_a_comparison_has_a_part_for_each_marked_need(house):
    """Only hers, in the order of the list, with the same ways in the same order on each part."""
    she = at(house, "table", mark=["heard", "calm"])
    assert "To be heard" in she.text
    assert "The court (sometimes): You may be asked." in she.text
    assert "None of these now (no): Nobody asks here." in she.text
    assert "Part 1 of 2" in she.text
    assert "Repair" not in she.text
    first = she.text.index("The court") < she.text.index("None of these now")
    she.presses("Next part")
    assert "Calm" in she.text
    assert "Part 2 of 2" in she.text
    assert (she.text.index("The court") < she.text.index("None of these now")) is first
    assert "Next part" not in she.labels


def test_without_marks_everything_is_compared(house):
    """Nobody is shown an empty page for not having answered."""
    assert "Part 1 of 3" in at(house, "table").text


def test_parts_go_forth_and_back_by_words_too(house):
    """Typed like pressed; Back leads to the part before, then to the screen before."""
    she = at(house, "table")
    she.types("next part")
    she.types("Next part")
    assert "Part 3 of 3" in she.text
    she.types("next part")
    assert "Part 3 of 3" in she.text
    she.types("back")
    assert "Part 2 of 3" in she.text
    she.presses("Back")
    assert "Part 1 of 3" in she.text
    she.types("go on")
    assert she.session.at == "start.lines"
    assert she.session.page == 0


def test_a_second_press_of_next_part_turns_no_second_page(house):
    """The button names the part it wants."""
    she = at(house, "table")
    data = next(button.data for button in she.buttons if button.label == "Next part")
    she.sends(data)
    she.sends(data)
    assert "Part 2 of 3" in she.text


def test_the_order_of_ways_is_shuffled_between_people(house):
    """No way stands first for everybody."""
    orders = set()
    for number in range(12):
        she = at(house, "table")
        she.session = from_json({**to_json(she.session), "seed": f"person {number}"})
        she.starts()
        orders.add(she.text.index("The court") < she.text.index("None of these now"))
    assert orders == {True, False}


def test_resources_show_emergency_first_then_what_fits(house):
    """A few a part; kinds that do not fit are left out."""
    she = at(house, "lines")
    shown = she.text
    while "Next part" in she.labels:
        she.presses("Next part")
        shown += she.text
    assert shown.index("911") < shown.index("National Domestic Violence Hotline")
    assert "National Sexual Assault Hotline" in shown
    assert "Childhelp" not in shown


def test_an_entry_past_its_day_is_not_shown(house):
    """A number nobody has looked at in time is left out; emergency numbers stay."""
    she = at(house, "lines")
    assert "Part 1 of" in she.text
    she.passes(days=365)
    she.starts()
    assert "911" in she.text
    assert "Hotline" not in she.text


def test_waiting_ends_by_her_touch_or_by_itself(house):
    """After its time the screen is edited in place; nothing new is sent."""
    she = at(house, "pause")
    she.presses("Go on")
    assert she.session.at == "start.after"
    waits = at(house, "pause")
    waits.passes(hours=24)
    waits.timer("silence")
    assert waits.session.at == "start.after"
    assert [show.edit for show in waits.did(do.Show)] == [True]
    assert not waits.sent


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Where does this come from?"), ("en", "sources"), ("es", "¿De dónde sale esto?")],
)
def test_where_a_fact_comes_from_can_simply_be_asked(language, words):
    """On any page with facts, in her own words."""
    her = Survivor(language=language)
    her.starts()
    her.goes_to("courtroom.plea")
    her.types(words)
    assert her.session.place == "always.about"
    assert "NACDL" in her.text


def test_about_this_page_explains_the_step_below(house):
    """Help and sources on request, by press or word; then the same screen again."""
    she = at(house, "pause")
    she.presses("About this page")
    assert she.text == "This page goes on by itself after a day."
    she.presses("Back to where I was")
    assert "Take your time" in she.text
    compared = at(house, "table")
    compared.types("about this page")
    assert compared.text.startswith("Where this comes from.")
    assert (
        "Michelle Alexander: Reckoning With Violence (The New York Times (opinion), 2019)."
        in compared.text
    )


def test_a_plain_page_has_nothing_about_it(house):
    """The button stands only where there is something to read."""
    assert "About this page" not in at(house, "marks").labels


def test_a_session_from_before_parts_is_read():
    """Older rows have no page."""
    old = to_json(at(small(start=HOUSE), "table").session)
    del old["page"]
    assert from_json(old).page == 0
