"""Every published line against what was really seen of it: nothing more is printed, nothing less.

The table was made on 2026-11-29 from the notes of those who looked the lines up. Whoever looks at a
line again changes its row here together with its entry.
"""

import re
from dataclasses import replace

import pytest

from bot.core.ids import Language
from bot.text import dates, numbers
from bot.text.lines import full, short
from tests.survivor import NOON, Survivor, shipped

WORDS = shipped().words
BY_ID = {each.id: each for each in WORDS.resources}

SEEN = {
    "us-911": ("911 24/7", "", ""),
    "us-988": ("988 https://988lifeline.org/chat/ 711, 1-800-273-8255 24/7", "AYUDA", "2023-07-13"),
    "us-ndvh": (
        "1-800-799-7233 88788 START https://www.thehotline.org/ 1-800-787-3224 24/7",
        "",
        "2022-01-20",
    ),
    "us-rainn": ("1-800-656-4673 24/7", "64673 HOPE hotline.rainn.org", "2021-06-29"),
    "nyc-hope": (
        "1-800-621-4673 https://www.nyc.gov/nychope 1-866-604-5350 24/7",
        "",
        "2020-03-19",
    ),
    "ny-dvsv": ("1-800-942-6906 844-997-2121 https://opdv.ny.gov/ 24/7", "711", "2020-04-24"),
    "us-crisistextline": (
        "741741 HOME HOLA https://www.crisistextline.org/ 442-AYUDAME 24/7",
        "",
        "2021-10-15",
    ),
    "us-childhelp": ("1-800-422-4453 https://childhelphotline.org/ 24/7", "Text:", ""),
    "us-deaf": ("1-855-812-1001 nationaldeafhotline@adwas.org", "thedeafhotline.org 24/7", ""),
    "nyc-fjc": (
        "718-250-5113 718-508-1220 212-602-2800 718-575-4545 718-697-4300",
        "24/7",
        "2020-03-19",
    ),
    "ny-ovs": ("1-800-247-8035 https://ovs.ny.gov/victim-compensation", "24/7", ""),
    "us-stronghearts": (
        "1-844-762-8483 https://strongheartshelpline.org/ 24/7",
        "",
        "2021-07-14",
    ),
    "us-translifeline": ("1-877-565-8860", "24/7", "2024-01-01"),
    "us-loveisrespect": ("1-866-331-9474 22522 LOVEIS", "loveisrespect.org 24/7", ""),
    "us-trevor": ("1-866-488-7386 678678", "START thetrevorproject.org 24/7", "2022-07"),
    "ny-vine": ("1-888-846-3469 https://doccs.ny.gov/victims 24/7", "", ""),
    "ny-doccs-ova": (
        "1-800-783-6059 https://doccs.ny.gov/office-victim-assistance",
        "24/7",
        "",
    ),
    "ca-911": ("911 24/7", "", "2023-02-15"),
    "ca-trafficking": ("1-833-900-1010 https://canadianhumantraffickinghotline.ca/", "24/7", ""),
    "mx-911": ("911", "24/7", ""),
    "mx-lineadelavida": ("800 911 2000 24/7", "", "2025-12-24"),
    "gb-999": ("999 24/7", "", ""),
    "gb-ndah": ("0808 2000 247 24/7", "nationaldahelpline", "2020-11"),
    "gb-victimsupport": ("0808 168 9111", "victimsupport.org.uk 24/7", ""),
    "es-112": ("112", "24/7", "2020-08"),
    "es-016": (
        "016 016-online@igualdad.gob.es 600 000 016 24/7",
        "violenciagenero",
        "2025-08-07",
    ),
    "au-000": ("000", "24/7", ""),
    "au-1800respect": (
        "1800 737 732 0458 737 732 https://www.1800respect.org.au/ 24/7",
        "",
        "2024-03-11",
    ),
}
"""By entry: what was seen, what was only remembered, and the date of the page."""

NO_LANGUAGES = {
    *("us-911", "us-childhelp", "us-stronghearts", "us-trevor", "ny-dvsv", "ny-ovs", "nyc-fjc"),
    *("gb-999", "gb-ndah", "gb-victimsupport", "ca-911", "es-112", "es-016", "au-000"),
}
"""Entries whose languages nobody has seen, or that were seen only as a number."""

WITHHELD = (
    *("1-855-484-2846", "212-714-1141", "safehorizon.org", "avp.org"),  # not seen, or in doubt
    *("866-689-4357", "212-227-3000"),  # old lines of the city, merged into one
)
CAUTIOUS = {"us-988", "us-crisistextline", "us-childhelp"}
"""Lines that may send help or pass on details without asking."""


def printed(name):
    """An entry in full in both languages, and on one line."""
    entry = BY_ID[name]
    both = (full(entry, WORDS, Language(tag), NOON).text for tag in ("en", "es"))
    return "\n".join((*both, short(entry, WORDS, Language("en"), NOON)))


def test_exactly_the_published_entries_are_there():
    """Entries in doubt stay out, and none is lost."""
    assert set(BY_ID) == set(SEEN)


@pytest.mark.parametrize("name", SEEN)
def test_what_was_seen_is_printed_and_nothing_else(name):
    """Each number, address and word to send; nothing that was only remembered."""
    seen, remembered, day = SEEN[name]
    shown = printed(name)
    for token in seen.split(" "):
        assert token in shown, token
    for token in remembered.split():
        assert token not in shown, token
    dated = "Seen on a page that had no date" not in shown
    assert dated == bool(day)
    assert BY_ID[name].verified == day
    assert ("Languages" in shown) == (name not in NO_LANGUAGES)


@pytest.mark.parametrize("name", SEEN)
def test_no_number_is_printed_that_is_not_in_the_table(name):
    """Longer runs of digits are the line's own, or the date of the page."""
    entry = BY_ID[name]
    known = re.sub(r"[^0-9]", "", SEEN[name][0])
    note = WORDS.plain(entry.note.ctx, Language("en")) if entry.note is not None else ""
    for run in re.findall(r"[0-9][0-9 -]{4,}[0-9]", printed(name).replace("24/7", "")):
        digits = re.sub(r"[^0-9]", "", run)
        assert digits in known or run in note, run


def test_what_is_withheld_stands_nowhere():
    """Neither unseen services nor the numbers of lines that were merged."""
    shown = "\n".join(printed(name) for name in SEEN)
    assert not [token for token in WITHHELD if token in shown]


@pytest.mark.parametrize("name", SEEN)
def test_a_line_that_may_act_without_asking_says_so_wherever_it_stands(name):
    """In the list of numbers too, in both languages; others do not."""
    entry = BY_ID[name]
    assert entry.may_call == (name in CAUTIOUS)
    if entry.caution is not None:
        for tag in map(Language, ("en", "es")):
            said = WORDS.plain(entry.caution.ctx, tag)
            assert said in full(entry, WORDS, tag, NOON).text
            assert said in short(entry, WORDS, tag, NOON)


def test_a_caution_without_words_of_its_own_has_the_usual_ones():
    """A lead who only marks it has said enough."""
    entry = replace(BY_ID["us-988"], caution=None)
    said = "Without asking you, this line may send help or police"
    assert said in full(entry, WORDS, Language("en"), NOON).text
    assert said in short(entry, WORDS, Language("en"), NOON)


def test_every_line_that_is_not_open_day_and_night_says_so():
    """By its hours, by the clock, or that nobody knows them."""
    for name, entry in BY_ID.items():
        shown = full(entry, WORDS, Language("en"), NOON).text
        if entry.always_open or "emergency" in entry.kinds:
            continue
        assert "Monday to Friday" in shown or "Its hours were not seen." in shown, name


@pytest.mark.parametrize(
    ("name", "language", "said"),
    [
        ("us-ndvh", "es", "Español: oprima 2"),
        ("us-childhelp", "es", "Español: oprima 4"),
        ("us-crisistextline", "en", "Text HOME to 741741"),
        ("us-crisistextline", "es", "Mensaje de texto con HOLA al 741741"),
        ("us-crisistextline", "es", "WhatsApp: 442-AYUDAME"),
        ("us-deaf", "en", "Languages: American Sign Language · English"),
        ("us-deaf", "es", "Idiomas: lengua de señas americana · inglés"),
        ("us-ndvh", "es", "Idiomas: inglés · español · otros con intérprete"),
        ("nyc-fjc", "en", "Interpreters can help in other languages"),
        ("us-trevor", "en", "Seen on a page of July 2022"),
        ("us-ndvh", "es", "Visto en una página de esta fecha: 20 de enero de 2022"),
    ],
)
def test_what_is_shown_is_in_her_language(name, language, said):
    """The word to send and the key to press too."""
    assert said in full(BY_ID[name], WORDS, Language(language), NOON).text


def test_the_key_for_a_language_is_shown_only_to_those_who_read_it():
    """It is noise for everybody else."""
    assert "press" not in full(BY_ID["us-ndvh"], WORDS, Language("en"), NOON).text
    assert "WhatsApp" not in full(BY_ID["us-crisistextline"], WORDS, Language("en"), NOON).text


def test_an_entry_of_another_country_says_which():
    """Where lines of several countries stand together."""
    shown = full(BY_ID["gb-999"], WORDS, Language("en"), NOON, abroad=True).text
    assert shown.startswith("United Kingdom: Emergency services\nCall: 999")


def test_every_country_with_a_button_has_its_emergency_number():
    """And every country with an entry has a button, on each of the three screens."""
    edition = shipped()
    countries = {each.region for each in WORDS.resources if "-" not in each.region}
    for step in ("always.numbers", "always.danger", "places.country"):
        choices = edition.library.steps[step].choices
        offered = {each.argument or each.value for each in choices} - {"", "other"}
        assert offered == countries, step
        for choice in choices:
            code = choice.argument or choice.value
            if code in countries:
                for tag in map(Language, ("en", "es")):
                    label = WORDS.plain(choice.text.ctx, tag)
                    assert label == dates.country(code, tag)


def test_the_longest_list_of_numbers_is_measured_right():
    """What `check` reckons for {numbers} is never less than what is shown."""
    from bot.text.checks.forms import context_of  # noqa: PLC0415 - one test

    edition = shipped()
    catalogues = WORDS._catalogues  # noqa: SLF001 - there is no other way to the same ones
    reckoned = context_of(edition.library, catalogues).lengths
    for tag in ("en", "es"):
        for country in ("", "US", "GB", "CA", "MX", "ES", "AU"):
            her = replace(Survivor(language=tag).session, answers={"country": country})
            shown = numbers.shown("numbers", her, WORDS, "US-NY", NOON)
            assert len(shown) <= reckoned[Language(tag), "numbers"]
