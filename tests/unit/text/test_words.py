"""Words in every language: what is shown, what is not, and which languages are offered."""

import timeit
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.ids import Language
from bot.core.message import Content, Entity
from bot.text import dates
from bot.text.catalog import Catalogues
from bot.text.words import Words
from tests.unit.flowdef.flows import read

EN, ES, PL = Language("en"), Language("es"), Language("pl")
PHRASES = b"""phrases:
  a.hello: Hello *{name}*.
  a.still: "*Calm* words"
  a.days: {one: "{count} day", other: "{count} days"}
  a.notice: {text: Take care., translated: required}
  a.changed: New English.
  a.fuzzy: Unsure.
"""
HEADER = """msgid ""
msgstr ""
"Language: {0}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {1}\\n"
"""
TWO = "nplurals=2; plural=(n != 1);"
SPANISH = (
    HEADER.format("es", TWO)
    + """
msgctxt "a.hello"
msgid "Hello *{name}*."
msgstr "Hola, *{name}*."

msgctxt "a.days"
msgid "{count} day"
msgid_plural "{count} days"
msgstr[0] "{count} día"
msgstr[1] "{count} días"

msgctxt "a.notice"
msgid "Take care."
msgstr "Cuídese."

msgctxt "a.changed"
msgid "Old English."
msgstr "Inglés viejo."

#, fuzzy
msgctxt "a.fuzzy"
msgid "Unsure."
msgstr "No es seguro."

msgctxt "always.words.leave"
msgid "Leave now"
msgstr "Salir ya"
"""
)


def words(**catalogues: str) -> Words:
    """The phrases above with these catalogues."""
    found, issues = read(
        "flow: main\nsteps:\n  - id: first\n    choose_many: {save: needs, choices: "
        "[{id: a, text: One}, {id: b, text: Two, value: bee}, {id: c, text: Three}]}\n",
        **{"phrases.yaml": PHRASES},
    )
    assert issues == ()
    files = {language: text.encode() for language, text in catalogues.items()}
    loaded = Catalogues.load_files(files)
    assert loaded.issues == ()
    return Words(found, loaded)


def test_a_translation_is_shown_with_its_own_markup():
    """Values and entities as in English."""
    spoken = words(es=SPANISH)
    assert spoken.rich("a.hello", ES, {"name": "*A*"}) == Content(
        "Hola, *A*.", (Entity("bold", 6, 3),)
    )
    assert spoken.plain("a.hello", EN, {"name": "A"}) == "Hello A."


@pytest.mark.parametrize("ctx", ["a.still", "a.changed", "a.fuzzy"])
def test_without_a_current_translation_english_is_shown(ctx):
    """Missing, made from other English, or fuzzy: none of them reaches a person."""
    spoken = words(es=SPANISH)
    assert spoken.rich(ctx, ES) == spoken.rich(ctx, EN)


def test_a_count_picks_the_form_of_the_language():
    """English and Spanish have two forms, Polish three, each by its own rule."""
    polish = HEADER.format(
        "pl",
        "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    ) + (
        'msgctxt "a.days"\nmsgid "{count} day"\nmsgid_plural "{count} days"\n'
        'msgstr[0] "{count} dzień"\nmsgstr[1] "{count} dni"\nmsgstr[2] "{count} dni."\n\n'
        'msgctxt "a.notice"\nmsgid "Take care."\nmsgstr "Uwaga."\n\n'
        'msgctxt "always.words.leave"\nmsgid "Leave now"\nmsgstr "Wyjdź"\n'
    )
    spoken = words(es=SPANISH, pl=polish)
    counts = (0, 1, 2, 5, 22)
    assert [spoken.plain("a.days", EN, {"count": n}) for n in counts] == [
        "0 days", "1 day", "2 days", "5 days", "22 days"
    ]  # fmt: skip
    assert [spoken.plain("a.days", ES, {"count": n}) for n in (1, 2)] == ["1 día", "2 días"]
    assert [spoken.plain("a.days", PL, {"count": n}) for n in counts] == [
        "0 dni.", "1 dzień", "2 dni", "5 dni.", "22 dni"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "damage",
    [
        ("Cuídese.", ""),
        ('msgctxt "a.notice"', '#, fuzzy\nmsgctxt "a.notice"'),
        ("Take care", "Care"),
    ],
)
def test_a_language_without_a_required_text_is_refused(damage):
    """Missing, fuzzy or stale safety text is never shown, and neither is half a language."""
    spoken = words(es=SPANISH.replace(*damage))
    assert spoken.languages == (EN,)
    assert spoken.refused == {ES: ("a.notice",)}


def test_complete_languages_are_offered_english_first():
    """English needs no file."""
    assert words(es=SPANISH).languages == (EN, ES)
    assert words().languages == (EN,)


def test_an_unknown_text_is_a_bug_told_in_a_sentence():
    """Nobody is shown an id."""
    spoken = words()
    assert not spoken.has("a.nothing")
    with pytest.raises(KeyError, match=r"no text `a\.nothing`"):
        spoken.plain("a.nothing", EN)


def test_answers_are_labels_in_her_language():
    """By id or by saved value; typed words as they are."""
    spoken = words(es=SPANISH)
    assert spoken.answer("needs", ("a", "bee", "c"), EN) == "One, Two, and Three"
    assert spoken.answer("needs", ("a", "b"), ES) == "One y Two"
    assert spoken.answer("note", "her own *words*", EN) == "her own *words*"
    assert spoken.answer("needs", (), EN) == ""


def test_always_on_words_come_with_what_else_people_type():
    """Label first, then the spellings beside it."""
    assert words(es=SPANISH).always_on(ES) == (("leave", "Salir ya", ()),)


def test_a_language_calls_itself_by_its_own_name():
    """On the buttons of the notice."""
    assert [words().native_name(language) for language in (EN, ES)] == ["English", "Español"]


def test_a_render_takes_microseconds():
    """About 5 µs; the bound leaves room for a busy machine."""
    spoken = words(es=SPANISH)
    best = min(
        timeit.repeat(lambda: spoken.rich("a.hello", ES, {"name": "x"}), number=500, repeat=5)
    )
    assert best / 500 < 50e-6


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (dates.date(date(2026, 11, 22), EN), "November 22, 2026"),
        (dates.date(date(2026, 11, 22), ES), "22 de noviembre de 2026"),
        (dates.weekday(date(2026, 11, 22), ES), "domingo"),
        (dates.list_of(["a", "b"], EN), "a and b"),
        (dates.list_of([], EN), ""),
        (dates.duration(timedelta(hours=26), EN), "1 day"),
        (dates.duration(timedelta(seconds=3), ES), "1 minuto"),
        (dates.ago(timedelta(minutes=5), EN), "5 minutes ago"),
        (dates.ago(timedelta(minutes=5), ES), "hace 5 minutos"),
        (dates.number(12345, EN), "12,345"),
    ],
)
def test_dates_and_lists_are_those_of_her_language(told, expected):
    """Babel knows."""
    assert told == expected


def test_times_are_those_of_her_zone():
    """An aware moment, shown where she is."""
    at, zone = datetime(2026, 11, 22, 21, 5, tzinfo=UTC), ZoneInfo("America/New_York")
    assert dates.time(at, zone, EN).replace("\u202f", " ") == "4:05 PM"
    assert dates.moment(at, zone, EN).replace("\u202f", " ") == "Sunday, 4:05 PM"
    assert dates.moment(at, zone, ES) == "domingo, 16:05"
