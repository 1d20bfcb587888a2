"""Open now, closed now, opens when: by the line's own clock, over changes of the clock as well."""

from datetime import UTC, datetime

import pytest

from bot.flowdef.load import load_files
from bot.text.hours import Standing, standing
from bot.text.lines import full
from tests.survivor import shipped

WORDS = shipped().words
NEW_YORK, SYDNEY, LONDON = "America/New_York", "Australia/Sydney", "Europe/London"


def line(*spans, zone=NEW_YORK, hours="words"):
    """A line that is open in some spans, each as ``days from to``."""
    opened = [
        "{{zone: {}, days: {}, from: '{}', to: '{}'}}".format(zone, *span.split()) for span in spans
    ]
    entry = f"{{id: x, name: X, region: US, hours: {hours}, open: [{', '.join(opened)}]}}"
    library, issues = load_files({"resources.yaml": f"resources:\n  - {entry}\n".encode()})
    assert issues == ()
    return library.resources[0]


def utc(text):
    """A moment, written as 2026-11-23 18:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        # A Monday in winter: New York is five hours behind.
        ("2026-11-23 17:59", "2026-11-23 18:00"),
        ("2026-11-23 18:00", None),
        ("2026-11-24 01:59", None),
        ("2026-11-24 02:00", "2026-11-24 18:00"),
        # Friday evening, Saturday, Sunday: Monday is next.
        ("2026-11-28 02:00", "2026-11-30 18:00"),
        ("2026-11-29 12:00", "2026-11-30 18:00"),
        # In summer it is four hours behind.
        ("2026-07-01 16:59", "2026-07-01 17:00"),
        ("2026-07-01 17:00", None),
        # The weekend on which the clock goes forward (8 March) and back (1 November).
        ("2026-03-07 02:00", "2026-03-09 17:00"),
        ("2026-10-31 01:00", "2026-11-02 18:00"),
    ],
)
def test_a_line_opens_by_its_own_clock(now, opens):
    """1 pm to 9 pm on weekdays, in winter and in summer."""
    found = standing(line("mon-fri 13:00 21:00"), utc(now))
    expected = Standing(open=True) if opens is None else Standing(False, utc(opens), NEW_YORK)
    assert found == expected


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        # On 8 March 2026 New York skips from 2:00 to 3:00; 22:00 to 6:00 is an hour shorter.
        ("2026-03-08 02:59", False),
        ("2026-03-08 03:00", True),
        ("2026-03-08 09:59", True),
        ("2026-03-08 10:00", False),
        # On 1 November it has 1:00 to 2:00 twice; the night is an hour longer.
        ("2026-11-01 01:59", False),
        ("2026-11-01 02:00", True),
        ("2026-11-01 06:30", True),
        ("2026-11-01 10:59", True),
        ("2026-11-01 11:00", False),
    ],
)
def test_a_night_over_a_change_of_the_clock_is_as_long_as_it_is(now, is_open):
    """Saturday 22:00 to Sunday 6:00, reckoned as it passes."""
    night = line("sat 22:00 06:00")
    assert standing(night, utc(now)).open is is_open


def test_a_time_that_the_day_skips_is_reckoned_by_the_clock_before():
    """2:30 on that Sunday comes half an hour after the jump; nothing breaks."""
    found = line("sun 02:30 04:00")
    assert not standing(found, utc("2026-03-08 07:29")).open
    assert standing(found, utc("2026-03-08 07:30")).open
    assert not standing(found, utc("2026-03-08 08:00")).open


def test_a_time_that_the_day_has_twice_counts_when_it_first_comes():
    """A line that closes at 1:30 is not promised for a second one."""
    found = line("sun 00:00 01:30")
    assert standing(found, utc("2026-11-01 05:29")).open
    assert not standing(found, utc("2026-11-01 05:30")).open


@pytest.mark.parametrize(
    ("zone", "now", "is_open"),
    [
        (SYDNEY, "2026-11-22 22:00", True),  # Monday, 9:00 in Sydney's summer
        (SYDNEY, "2026-07-05 22:59", False),
        (SYDNEY, "2026-07-05 23:00", True),
        (LONDON, "2026-11-23 09:00", True),
        (LONDON, "2026-07-06 07:59", False),
        (LONDON, "2026-07-06 08:00", True),
    ],
)
def test_the_day_is_that_of_the_lines_own_zone(zone, now, is_open):
    """On the other side of the world it may already be Monday."""
    assert standing(line("mon-fri 09:00 17:00", zone=zone), utc(now)).open is is_open


def test_several_spans_and_days_over_the_week_end():
    """A list of spans; ``fri-mon`` goes over Sunday; midnight can be written as 24:00."""
    found = line("mon-fri 10:00 20:00", "sat 10:00 15:00", "sun 09:00 24:00")
    assert standing(found, utc("2026-11-30 04:59")).open
    assert standing(found, utc("2026-11-30 05:00")) == Standing(
        False, utc("2026-11-30 15:00"), NEW_YORK
    )
    weekend = line("fri-mon 10:00 11:00")
    assert weekend.open[0].days == (0, 4, 5, 6)


def test_open_day_and_night_and_hours_nobody_has_seen():
    """24/7 is always open; without hours nothing is claimed."""
    assert standing(line(hours="24/7"), utc("2026-11-23 03:00")) == Standing(open=True)
    assert standing(line(), utc("2026-11-23 03:00")) is None


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Closed now. Opens: Monday, 1:00\u202fPM (Eastern Time)"),
        ("es", "Cerrada ahora. Abre: lunes, 13:00 (hora oriental)"),
    ],
)
def test_when_it_opens_is_said_with_day_time_and_zone(language, said):
    """In her language, by the line's clock, whose name stands beside it."""
    found = next(each for each in WORDS.resources if each.id == "us-translifeline")
    told = full(found, WORDS, language, utc("2026-11-29 12:00")).text
    assert said.replace("\u202f", " ") in told.replace("\u202f", " ")
    assert {"en": "Open now", "es": "Abierta ahora"}[language] in full(
        found, WORDS, language, utc("2026-11-23 18:30")
    ).text
