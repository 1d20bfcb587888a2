"""The list she asked for: which lines fit, in what order, and what is said when none does."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.rules import Listing
from bot.text import directory
from bot.text.where import where
from tests.survivor import NOON, Survivor, shipped

EDITION = shipped()
WORDS = EDITION.words
LISTING = EDITION.rules.step("places.list").listing
HARMS = [choice.id for choice in EDITION.rules.step("places.kind").choices]
WAYS = ("call", "text", "chat", "tty")
SUNDAY = datetime(2026, 11, 29, 12, tzinfo=ZoneInfo("America/New_York"))


def found(language="en", now=NOON, listing=LISTING, **answers):
    """The ids in order, and whether something fits."""
    her = replace(Survivor(language=language).session, answers=answers)
    at = where(answers, WORDS.resources, "US-NY", listing.region_from)
    chosen, fits = directory.chosen(listing, her, WORDS, at, now)
    return [each.id for each in chosen], fits


def shown(language="en", now=NOON, **answers):
    """All parts of the list."""
    her = replace(Survivor(language=language).session, answers=answers)
    return [each.text for each in directory.parts(LISTING, her, WORDS, "US-NY", now)]


@pytest.mark.parametrize("country", ["US", "CA", "MX", "GB", "ES", "AU"])
@pytest.mark.parametrize("harm", HARMS)
def test_the_emergency_number_of_the_country_stands_first_whatever_was_marked(country, harm):
    """And nothing of another country."""
    for ways in ((), *((way,) for way in WAYS), ("open_now", "my_language")):
        ids, _ = found(country=country, harm=(harm,), reach_by=ways)
        assert ids[0].startswith(country.lower())
        first = next(each for each in WORDS.resources if each.id == ids[0])
        assert "emergency" in first.kinds
        assert all(id_.partition("-")[0] in (country.lower(), "ny", "nyc") for id_ in ids)


def test_what_happened_chooses_the_lines():
    """A mark finds lines of its kind, or of the kinds that stand for it."""
    ids, fits = found(country="US", state="US", harm=("sexual",))
    assert fits
    assert set(ids) == {"us-911", "us-rainn", "us-stronghearts", "us-deaf"}
    ids, fits = found(country="US", state="US-NY-NYC", harm=("death",))
    assert fits
    assert {"nyc-hope", "ny-ovs"} <= set(ids)
    assert "us-rainn" not in ids


def test_without_marks_everything_is_there_and_lines_for_anything_come_first():
    """Skipping is as good as marking."""
    ids, fits = found(country="US")
    served = [each for each in WORDS.resources if each.region.startswith("US")]
    assert fits
    assert len(ids) == len(served)
    assert ids[0] == "us-911"
    assert ids[1:4] == ["nyc-hope", "us-988", "us-crisistextline"]


@pytest.mark.parametrize(
    ("way", "has"),
    [
        ("call", lambda line: line.phone),
        ("text", lambda line: line.sms or line.whatsapp),
        ("chat", lambda line: line.chat),
        ("tty", lambda line: line.tty or line.video),
    ],
)
def test_only_lines_that_can_be_reached_like_that(way, has):
    """The emergency number stays, however it is reached."""
    by_id = {each.id: each for each in WORDS.resources}
    ids, fits = found(country="US", reach_by=(way,))
    assert fits
    assert all(has(by_id[name]) for name in ids[1:])
    assert len(ids) > 3
    left = [each for each in WORDS.resources if each.region.startswith("US") and has(each)]
    assert {each.id for each in left} <= set(ids)


def test_one_of_several_ways_is_enough():
    """Marks of ways are "or"; those of hours and language are "and"."""
    text, chat = (set(found(country="US", reach_by=(way,))[0]) for way in ("text", "chat"))
    assert set(found(country="US", reach_by=("text", "chat"))[0]) == text | chat
    both = set(found(country="US", reach_by=("chat", "my_language"), language="es")[0])
    assert both == {"us-911", "us-988", "us-ndvh", "nyc-hope", "us-crisistextline", "us-childhelp"}


def test_only_lines_that_are_open_now():
    """By the clock; a line whose hours nobody knows is not promised to be open."""
    noon, fits = found(country="US", reach_by=("open_now",))
    sunday, _ = found(country="US", reach_by=("open_now",), now=SUNDAY)
    assert fits
    assert "nyc-fjc" in noon
    assert "nyc-fjc" not in sunday
    assert "us-translifeline" not in noon  # it opens at 1 pm
    assert not {"us-trevor", "us-deaf", "us-loveisrespect"} & {*noon, *sunday}


def test_open_lines_come_before_closed_ones_and_then_those_in_her_language():
    """Nothing is hidden for it."""
    ids, _ = found(country="US", state="US-NY-NYC", harm=("domestic",), language="es", now=SUNDAY)
    assert ids.index("nyc-fjc") > ids.index("ny-dvsv")
    assert ids.index("us-ndvh") < ids.index("ny-dvsv")


def test_when_nothing_fits_that_is_said_and_lines_for_anything_follow():
    """Never an empty page: the emergency number, and who can be asked about anything."""
    ids, fits = found(country="US", harm=("trafficking",))
    assert not fits
    assert ids[0] == "us-911"
    assert set(ids[1:]) == {"nyc-hope", "us-988", "us-crisistextline", "us-translifeline"}
    for part in shown(country="US", harm=("trafficking",)):
        assert "United States:\n\nNo line here fits all of that." in part
    assert all("No line here fits" not in part for part in shown(country="US", harm=("sexual",)))
    only = shown(country="AU", harm=("child",))
    assert len(only) == 1
    assert "No line here fits all of that." in only[0]
    assert "000" in only[0]


@pytest.mark.parametrize("country", ["other", "BR", "Narnia"])
def test_another_country_gets_honest_words_and_the_lines_there_are(country):
    """The local number first of all; then what is known of other countries, each with its name."""
    parts = shown(country=country, harm=("domestic",))
    for part in parts:
        assert "No line is listed here for: " in part
        assert "Use the local emergency number there." in part
        assert "They may not work from where you are." in part
    every = "\n".join(parts)
    for name, number in (("United Kingdom", "999"), ("Spain", "112"), ("Australia", "000")):
        assert f"{name}: Emergency services\nCall: {number}" in every
    assert "United States: National Domestic Violence Hotline" in every
    assert "HOPE" not in every


def test_without_a_country_the_home_lines_are_named_as_such():
    """She has skipped the question; the local number is spoken of."""
    parts = shown(harm=("sexual",))
    for part in parts:
        assert part.startswith("For the home country of this guide: United States.")
    assert "HOPE Hotline, New York City" in "\n".join(parts)


def test_an_entry_past_its_day_is_hidden_unless_it_is_for_emergencies():
    """Also where lines of other countries stand."""
    after = NOON + timedelta(days=3650)
    assert found(country="US", now=after)[0] == ["us-911"]
    ids, fits = found(country="PE", now=after)
    assert not fits
    assert len(ids) == 6


def test_a_list_without_a_place_says_nothing_of_places():
    """As a lead writes it inside another flow."""
    listing = Listing(kinds=("custody_notice",), most=3)
    her = Survivor().session
    (part,) = directory.parts(listing, her, WORDS, "US-NY", NOON)
    assert part.text.startswith("Emergency services")
    assert "VINE New York" in part.text


def test_every_part_is_short_enough():
    """Whatever she marks, a page is read on a phone."""
    for country in ("US", "GB", "other"):
        for harm in HARMS:
            for part in shown("es", country=country, harm=(harm,)):
                assert len(part) < 1700, part
