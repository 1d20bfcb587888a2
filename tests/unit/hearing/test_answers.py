"""Typed answers: what is kept for which words, and what is not guessed."""

import pytest

from bot.core.events import NotUnderstood, Unfit, Wrote, WroteTooMuch
from bot.hearing.answers import read_answer
from tests.survivor import Survivor, shipped, small

WORDS = shipped().vocabulary

DATES = {
    "3 November 2026": "2026-11-03",
    "Nov 3, 2026": "2026-11-03",
    "November 3rd, 2026": "2026-11-03",
    "the 3rd of november 2026": "2026-11-03",
    "3 de noviembre de 2026": "2026-11-03",
    "el 3 de noviembre del 2026": "2026-11-03",
    "2026-11-03": "2026-11-03",
    "13/04/2026": "2026-04-13",
    "04/13/2026": "2026-04-13",
    "4.4.2026": "2026-04-04",
    "May 2020": "2020-05",
    "marzo de 2021": "2021-03",
    "2020": "2020",
    "29 February 2024": "2024-02-29",
    "٣ November ٢٠٢٦": "2026-11-03",
    "  3   November   2026 ": "2026-11-03",
}
NUMBERS = {
    "17": "17",
    "017": "17",
    "1,200": "1200",
    "1.200": "1200",
    "1 200": "1200",
    "17 years": "17",
    "१७": "17",
}
PHONES = {
    "212 736 5000": "+12127365000",
    "(212) 736-5000": "+12127365000",
    "+34 600 123 456": "+34600123456",
    "1-800-799-7233": "+18007997233",
}
PLACES = {
    "Peru": "PE",
    "perú": "PE",
    "ESTADOS UNIDOS": "US",
    "united states": "US",
    "Brooklyn 11201": "Brooklyn 11201",
    "not in the city": "not in the city",
}
TIMES = {
    "8 am to 12 pm": "08:00-12:00",
    "8am-5pm": "08:00-17:00",
    "8:30 a.m. to 5 p.m.": "08:30-17:00",
    "08:00-12:00": "08:00-12:00",
    "08:00 - 12:00, 13:00 - 17:00": "08:00-12:00,13:00-17:00",
    "de 8 a 17": "08:00-17:00",
    "de 9 am a 5 pm y de 7 pm a 9 pm": "09:00-17:00,19:00-21:00",
    "1 to 5 pm": "13:00-17:00",
    "8 to 5 pm": "08:00-17:00",
    "22 to 2": "22:00-02:00",
    "10pm to 2am": "22:00-02:00",
    "9 am to 12 am": "09:00-00:00",
}


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (kind, typed, kept)
        for kind, table in (
            ("date", DATES),
            ("number", NUMBERS),
            ("phone", PHONES),
            ("place", PLACES),
            ("times", TIMES),
        )
        for typed, kept in table.items()
    ],
)
def test_words_become_the_kept_form(kind, typed, kept):
    """In either language, with any spacing, in any digits."""
    assert read_answer(typed, kind, WORDS) == Wrote(kept)


@pytest.mark.parametrize(
    ("kind", "typed", "why"),
    [
        ("date", "03/04/2026", "date_order"),
        ("date", "May", "date"),
        ("date", "31 February 2026", "date"),
        ("date", "2026-13-01", "date"),
        ("date", "the day it happened", "date"),
        ("date", "3 4 5 November 2026", "date"),
        ("date", "1 January 0026", "date"),
        ("number", "17.5", "number"),
        ("number", "-3", "number"),
        ("number", "between 3 and 5", "number"),
        ("number", "9999999999", "number"),
        ("number", "1,20", "number"),
        ("phone", "12", "phone"),
        ("phone", "my sister's number", "phone"),
        ("times", "8 to 12", "times"),
        ("times", "1 to 5", "times"),
        ("times", "8:00 to 5:00", "times"),
        ("times", "in the morning", "times"),
        ("times", "8 am", "times"),
        ("times", "25:00 to 26:00", "times"),
        ("times", "08:70 to 09:00", "times"),
        ("times", "8 am to 8 am", "times"),
        ("times", "13 am to 5 pm", "times"),
    ],
)
def test_what_could_mean_two_things_or_nothing_is_not_kept(kind, typed, why):
    """She is told how to write it; nothing is guessed."""
    assert read_answer(typed, kind, WORDS) == Unfit(why)


@pytest.mark.parametrize("kind", ["date", "number", "phone", "place", "times"])
@pytest.mark.parametrize("typed", ["9" * 4000, "a " * 2000, "\u202e\u2066" * 50, "🙂" * 90])
def test_rubbish_of_any_length_is_answered(kind, typed):
    """No exception, and nothing is kept of it but short words for a place."""
    found = read_answer(typed, kind, WORDS)
    assert isinstance(found, Unfit | NotUnderstood | WroteTooMuch | Wrote)
    if isinstance(found, Wrote):
        assert kind == "place"
        assert len(found.text) <= 100


ASKS = """steps:
  - {id: notice, say: Hello there}
  - {id: more_people, say: People}
  - id: day
    say: Which day was it?
    ask: {save: day, as: date, from: 2020-05-01, to: today, skip: Rather not}
  - id: years
    say: How many years?
    ask: {save: years, as: number, from: 1, to: 99}
  - id: hours
    say: Which hours?
    ask: {save: free, as: times}
  - id: told
    say: "It was {day}. Years {years}. Hours {free}."
    go: ways.start
"""


@pytest.fixture(scope="module")
def house():
    """A first flow with three typed questions."""
    return small(start=ASKS)


def at_the_questions(house, language="en") -> Survivor:
    """Standing before the first question."""
    she = Survivor(edition=house, language=language)
    she.starts()
    she.goes_to("start.day")
    return she


def test_answers_are_read_back_in_words(house):
    """Kept in one form, shown in hers."""
    she = at_the_questions(house)
    she.types("May 2021")
    she.types("17")
    she.types("8 am to 5 pm and 22 to 2")
    assert she.session.answers == {
        "day": "2021-05",
        "years": "17",
        "free": "08:00-17:00,22:00-02:00",
    }
    shown = she.text.replace("\u202f", " ")
    assert "It was May 2021. Years 17. Hours 8:00 AM–5:00 PM and 10:00 PM–2:00 AM." in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3 November 2031", "Please give a day that is not after"),
        ("2031", "Please give a day that is not after"),
        ("April 2020", "Please give a day that is not before May 1, 2020."),
        ("03/04/2021", "That could be two different days."),
        ("that day", "That could not be read as a date."),
    ],
)
def test_a_day_outside_is_not_kept(house, typed, said):
    """The limit is named, and she stays at the question."""
    she = at_the_questions(house)
    she.types(typed)
    assert she.text.startswith(said)
    assert she.session.answers == {}
    assert she.session.at == "start.day"


def test_a_month_that_holds_the_limit_passes(house):
    """Nobody has to know the day."""
    she = at_the_questions(house)
    she.types("May 2020")
    assert she.session.answers == {"day": "2020-05"}


def test_a_number_outside_and_a_refusal_are_not_kept(house):
    """Nor is "not 3" a three."""
    she = at_the_questions(house)
    she.presses("Rather not")
    for typed, said in (
        ("0", "not less than 1"),
        ("100", "not more than 99"),
        ("not 3", "did not match"),
    ):
        she.types(typed)
        assert said in she.text
        assert she.session.answers == {}
