"""The numbers on the system screens: whose they are, which, in what order, and when they stay."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.text import numbers
from bot.text.lines import is_overdue, short
from bot.text.where import where
from tests.survivor import NOON, Survivor, shipped

SCREENS = shipped().screens
WORDS = shipped().words
COUNTRIES = {"US": "911", "CA": "911", "MX": "911", "GB": "999", "ES": "112", "AU": "000"}
DAYS = [each.review_by for each in WORDS.resources]
LATER = max(DAYS) + timedelta(days=1)


def at(**answers):
    """Where somebody is who has answered this, with New York as home."""
    return where(answers, WORDS.resources, "US-NY")


def listed(language="en", rule="", now=NOON, **answers):
    """The lines on the screen of numbers, or after words of danger."""
    her = replace(Survivor(language=language).session, answers=answers)
    return numbers.shown("numbers", her, WORDS, "US-NY", now, rule).split("\n\n")


@pytest.mark.parametrize(
    ("rule", "first", "never"),
    [
        ("suicide", ("Emergency services", "988 Lifeline"), "Childhelp"),
        ("danger_now", ("Emergency services", "National Domestic"), "Trevor"),
        ("child", ("Emergency services", "Childhelp"), "Deaf"),
        ("plan", ("Emergency services", "988 Lifeline"), "Childhelp"),
        ("a_rule_of_tomorrow", ("Emergency services",), "VINE"),
    ],
)
def test_numbers_in_danger_are_few_and_those_that_fit_come_first(rule, first, never):
    """At most six, the emergency line on top, nothing for another kind of day."""
    lines = listed(rule=rule)
    assert 3 <= len(lines) <= 6
    for line, name in zip(lines, first, strict=False):
        assert line.startswith(name)
    assert not any(never in line for line in lines)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_numbers_screen_is_short_and_starts_with_what_is_always_open(language):
    """At most nine lines, the emergency number first, with what is good to know before."""
    lines = listed(language)
    assert len(lines) <= 9
    assert "911" in lines[0]
    always = ["24/7" in line for line in lines]
    assert always == sorted(always, reverse=True)
    caution = WORDS.plain("resources.us-988.caution", language)
    assert any(line.endswith(caution) for line in lines)


def test_the_numbers_screen_has_ways_without_hearing():
    """Text by telephone, a relay service and a videophone stand among the first numbers."""
    shown = "\n".join(listed())
    for number in ("1-800-787-3224", "711, 1-800-273-8255", "1-855-812-1001"):
        assert number in shown
    assert "The Deaf Hotline: Videophone: 1-855-812-1001 · hours not known" in shown


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("rule", ["", "suicide", "danger_now", "child", "plan"])
def test_a_known_country_has_its_own_numbers_first_and_no_others(country, rule):
    """Nobody in one country is given the number of another."""
    chosen = numbers.chosen(WORDS.resources, at(country=country), NOON.date(), rule)
    assert chosen[0].phone == COUNTRIES[country]
    assert {each.region.partition("-")[0] for each in chosen} == {country}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "For the home country of this guide: United States. Anywhere else, use the local"),
        ({"country": "GB"}, "United Kingdom:"),
        ({"country": "US"}, "United States:"),
        ({"country": "US", "state": "US"}, "United States:"),
        ({"country": "PE"}, "No numbers are listed here for: Peru. Use the local emergency number"),
        ({"country": "other"}, "No numbers are listed here for: Another country. Use the local"),
        ({"country": "Narnia"}, "No numbers are listed here for: Narnia. Use the local emergency"),
        ({"country": ("GB",)}, "For the home country of this guide"),
    ],
)
def test_it_is_said_whose_numbers_these_are(answers, said):
    """A country that is not known is not guessed, and the local number is spoken of."""
    her = replace(Survivor().session, answers=answers)
    told = numbers.shown("numbers_of", her, WORDS, "US-NY", NOON)
    assert told.startswith(said)
    if not told.startswith("United"):
        assert "local emergency number" in told
        assert "United States" in told
        assert "911" in listed(**answers)[0]


def test_a_country_is_named_in_her_language():
    """By Babel, so that leads need not."""
    her = replace(Survivor(language="es").session, answers={"country": "GB"})
    assert numbers.shown("numbers_of", her, WORDS, "US-NY", NOON) == "Reino Unido:"


@pytest.mark.parametrize(
    ("answers", "regions"),
    [
        ({}, {"US", "US-NY", "US-NY-NYC"}),
        ({"country": "US"}, {"US", "US-NY", "US-NY-NYC"}),
        ({"country": "US", "state": "no_state"}, {"US", "US-NY", "US-NY-NYC"}),
        ({"country": "US", "state": "US-NY-NYC"}, {"US", "US-NY", "US-NY-NYC"}),
        ({"country": "US", "state": "US-NY"}, {"US", "US-NY"}),
        ({"country": "US", "state": "US"}, {"US"}),
        ({"country": "GB", "state": "US-NY"}, {"GB"}),
        ({"state": "US-NY"}, {"US", "US-NY", "US-NY-NYC"}),
    ],
)
def test_the_part_of_a_country_decides_which_lines_serve_her(answers, regions):
    """A city's lines are for that city; a state of another country means nothing."""
    place = at(**answers)
    assert {each.region for each in WORDS.resources if place.has(each)} == regions


def test_a_home_elsewhere_has_its_own_numbers():
    """Waymark can be run in any country that has entries, and says so."""
    place = where({}, WORDS.resources, "GB")
    chosen = numbers.chosen(WORDS.resources, place, NOON.date())
    assert [each.id for each in chosen] == ["gb-999", "gb-ndah", "gb-victimsupport"]
    abroad = where({"country": "US"}, WORDS.resources, "GB")
    assert {each.region for each in WORDS.resources if abroad.has(each)} == {"US"}


def test_what_nobody_has_looked_at_in_time_is_left_out_but_for_emergencies():
    """A number may have changed hands; none at all is worse only for emergencies."""
    for country, number in COUNTRIES.items():
        chosen = numbers.chosen(WORDS.resources, at(country=country), LATER)
        assert [each.phone for each in chosen] == [number]


def test_after_words_of_danger_the_line_that_answers_stays():
    """Somebody who may die is not left with less because a day has passed."""
    chosen = numbers.chosen(WORDS.resources, at(), LATER, "suicide")
    assert [each.id for each in chosen][:2] == ["us-911", "us-988"]
    assert all("suicide" in each.kinds for each in chosen[1:])


def test_the_day_of_review_itself_still_counts():
    """Only the day after leaves an entry out."""
    assert len(numbers.chosen(WORDS.resources, at(), min(DAYS))) == 9
    assert len(numbers.chosen(WORDS.resources, at(), max(DAYS) + timedelta(days=1))) == 1


def test_entries_past_their_day_are_counted_emergencies_too():
    """What `/health/ready` says is how many a person has to look at."""
    after = max(DAYS) + timedelta(days=1)
    assert all(is_overdue(each, after) for each in WORDS.resources)
    assert not any(is_overdue(each, min(DAYS)) for each in WORDS.resources)
    assert not is_overdue(replace(WORDS.resources[0], review_by=None), LATER)


def test_a_line_that_is_closed_now_says_so():
    """On the single line of a list as well."""
    resources = [each for each in WORDS.resources if each.id == "us-translifeline"]
    line = short(resources[0], WORDS, "en", NOON - timedelta(hours=6))
    assert "Monday to Friday, 1 pm to 9 pm Eastern · closed now. Does not call police" in line
    assert "closed now" not in short(resources[0], WORDS, "en", NOON + timedelta(hours=2))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_fixed_screen_has_the_two_numbers_that_matter_most(language):
    """Emergencies and a line that talks at every hour, of the home country, named."""
    shown = SCREENS.busy(language, NOON).text
    assert "911" in shown
    assert "988" in shown
    assert {"en": "United States:", "es": "Estados Unidos:"}[language] in shown
    assert "{" not in shown


def test_the_line_in_a_talk_has_the_numbers_of_her_country():
    """Also there no other country's, and the way to change it."""
    her = replace(Survivor().session, answers={"country": "AU"})
    line = SCREENS.crisis_line("danger_now", her, NOON).text
    assert "Australia:" in line
    assert "000" in line
    assert "911" not in line
    assert "Under Numbers you can choose another country." in line


def test_a_danger_rule_without_words_of_its_own_still_gets_an_answer():
    """A lead may add a rule before its words are written."""
    line = SCREENS.crisis_line("a_rule_of_tomorrow", Survivor().session, NOON)
    assert line.text.startswith("I read what you wrote")
