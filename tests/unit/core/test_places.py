"""A country pressed on a system screen, and a question that has buttons beside its words."""

from dataclasses import replace

import pytest

from tests.survivor import Survivor, small


@pytest.fixture
def she():
    """Somebody in the middle of the guide."""
    her = Survivor()
    her.starts()
    her.goes_to("court.gives")
    return her


def test_a_country_is_kept_and_the_same_screen_shows_its_numbers(she):
    """The screen is edited in place; what lies under it stays."""
    she.presses("Numbers")
    over = she.session.over
    she.presses("United Kingdom")
    assert she.session.answers["country"] == "GB"
    assert she.session.over == over
    assert not she.sent
    assert "999" in she.text
    assert "✓ United Kingdom" in she.labels
    she.presses("Back to where I was")
    assert she.session.place == "court.gives"


def test_words_of_danger_keep_their_answer_when_the_country_changes(she):
    """The same reviewed words, other numbers, and the exact way back."""
    she.types("I want to die")
    first = she.text.partition("\n")[0]
    assert "988" in she.text
    she.presses("Australia")
    assert she.text.startswith(first)
    assert "000" in she.text
    assert "988" not in she.text
    she.presses("Go back to where I was")
    assert she.session.place == "court.gives"
    she.types("I want to die")
    assert "000" in she.text


def test_a_second_press_of_a_country_changes_nothing(she):
    """It is set, never flipped."""
    she.presses("Numbers")
    she.presses("Canada")
    data = next(button.data for button in she.buttons if "Canada" in button.label)
    she.sends(data)
    she.sends(data)
    assert she.session.answers["country"] == "CA"
    assert she.session.place == "always.numbers"


@pytest.mark.parametrize(
    "typed", ["United Kingdom", "UK", "england", "Reino Unido", "Unted Kingdom"]
)
def test_a_country_can_be_typed_on_the_screen_of_numbers(she, typed):
    """By any of its names, in either language."""
    she.types("numbers")
    she.types(typed)
    assert she.session.answers["country"] == "GB"
    assert she.session.place == "always.numbers"
    assert "999" in she.text


def test_a_country_without_a_button_is_not_set_there(she):
    """The screen says that it did not understand; the numbers stay."""
    she.types("numbers")
    she.types("Peru")
    assert "country" not in she.session.answers
    assert "That did not match anything here." in she.text
    assert "911" in she.text


def test_the_numbers_at_the_door_can_be_those_of_another_country(she):
    """Behind them stays the door that everybody sees."""
    she.presses("Leave now")
    she.types("numbers")
    assert she.session.over == ("always.returned", "always.numbers")
    she.presses("Mexico")
    assert she.session.over == ("always.returned", "always.numbers")
    assert "800 911 2000" in she.text
    she.presses("Back to where I was")
    assert she.session.place == "always.returned"


def test_in_a_talk_the_numbers_lead_back_to_it():
    """Changing the country does not end the talk."""
    her = Survivor()
    her.talks()
    her.presses("Numbers")
    her.presses("Spain")
    assert "016" in her.text
    her.presses("Back to where I was")
    assert her.session.place == "always.chat"
    her.types("I want to die")
    crisis = her.lines[-1].text
    assert "112" in crisis
    assert "Spain:" in crisis


ASKING = """steps:
  - id: notice
    say: Which country?
    ask: {save: where_now, as: place, skip: Skip this}
    choose:
      - {id: us, text: United States, value: US}
      - {id: far, text: Somewhere else, value: other}
      - {id: why, text: Why is this asked, go: reason}
  - id: told
    say: "You said {where_now}."
    when: where_now is US
  - id: after
    end: yes
    say: "Kept: {where_now}."
  - id: reason
    say: Because.
    go: notice
"""


@pytest.fixture(scope="module")
def house():
    """A question with buttons."""
    return small(start=ASKING)


@pytest.mark.parametrize(
    ("typed", "kept", "place"),
    [
        ("United States", "US", "start.told"),
        ("usa", "US", "start.told"),
        ("Somewhere else", "other", "start.after"),
        ("Peru", "PE", "start.after"),
        ("the house of a friend", "the house of a friend", "start.after"),
        ("Skip this", None, "start.after"),
        ("Why is this asked", None, "start.reason"),
    ],
)
def test_a_button_beside_a_question_answers_it(house, typed, kept, place):
    """With its value; one without a value only leads on; her own words still count."""
    her = Survivor(edition=house)
    her.starts()
    her.types(typed)
    assert her.session.answers.get("where_now") == kept
    assert her.session.place == place


def test_the_skip_stands_below_the_buttons(house):
    """She sees the answers first."""
    her = Survivor(edition=house)
    her.starts()
    assert her.labels[:4] == ["United States", "Somewhere else", "Why is this asked", "Skip this"]


@pytest.mark.parametrize(
    ("given", "said"),
    [("US", "United States"), ("other", "Somewhere else"), ("PE", "Peru"), ("Ur", "Ur")],
)
def test_what_was_answered_is_told_in_words(house, given, said):
    """The name of the country, the words of the button, or her own."""
    her = Survivor(edition=house)
    her.starts()
    her.session = replace(her.session, answers={"where_now": given})
    her.goes_to("start.after")
    assert her.text == f"Kept: {said}."
