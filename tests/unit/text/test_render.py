"""From effects to messages: numbers, long answers, relayed words, and buttons that speak alone."""

from dataclasses import replace

import pytest

from bot.core.effects import Show
from bot.core.message import Entity, utf16_length
from bot.text.layout import cut, shortened
from tests.survivor import NOON, Survivor, shipped

SCREENS = shipped().screens


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
    lines = SCREENS.numbers("en", rule).split("\n")
    assert 3 <= len(lines) <= 6
    for line, name in zip(lines, first, strict=False):
        assert line.startswith(name)
    assert not any(never in line for line in lines)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_numbers_screen_is_short_and_starts_with_what_is_always_open(language):
    """At most nine lines, the emergency number first, with what is good to know before."""
    lines = SCREENS.numbers(language).split("\n")
    assert len(lines) <= 9
    assert "911" in lines[0]
    always = ["24/7" in line for line in lines]
    assert always == sorted(always, reverse=True)
    note = SCREENS.words.plain("resources.us-988.note", language)
    assert any(line.endswith(note) for line in lines)


def test_other_regions_numbers_are_not_shown():
    """`US-NY` has those of New York and of the country."""
    from bot.text.numbers import chosen  # noqa: PLC0415 - one test

    shown = {resource.region for resource in chosen(shipped().words.resources, "US-NJ")}
    assert shown == {"US"}


def test_a_danger_rule_without_words_of_its_own_still_gets_an_answer():
    """A lead may add a rule before its words are written."""
    line = SCREENS.crisis_line("a_rule_of_tomorrow", "en")
    assert line.text.startswith("I read what you wrote")


def test_the_longest_answers_cut_only_themselves():
    """Our own words stay whole, and the screen stays within Telegram's limit."""
    her = Survivor()
    her.starts()
    her.session = replace(her.session, answers={"note": "𝒳" * 4096, "needs": ("heard",)})
    her.goes_to("contact.summary")
    assert utf16_length(her.text) <= 4096
    assert her.text.endswith("Nothing is sent until you press send.")
    assert "…" in her.text
    her.types("what you hold")
    assert utf16_length(her.text) <= 4096
    assert "are not kept." in her.text


def test_what_she_typed_is_never_markup():
    """Stars and links in her words stay stars and links."""
    her = Survivor()
    her.starts()
    note = "*not bold* _nor this_ [x](https://example.org) {name}"
    her.session = replace(her.session, answers={"note": note})
    her.goes_to("contact.summary")
    at = utf16_length(her.text[: her.text.index(note)])
    inside = [e for e in her.screen.entities if e.offset + e.length > at]
    assert note in her.text
    assert all(e.offset >= at + utf16_length(note) for e in inside)


def test_relayed_words_are_framed_exactly():
    """The name first, then the words as they are, with their formatting moved along."""
    shown = SCREENS.relay(
        "desk.words", "en", {"alias": "Blue River 12"}, "hi *you*", (Entity("bold", 0, 2),)
    )
    assert shown.text == "Blue River 12: hi *you*"
    assert shown.entities == (Entity("bold", 15, 2),)


def test_relayed_words_too_long_for_a_name_come_bare_and_whole():
    """Nothing of what she wrote is cut; the name goes ahead in a message of its own."""
    words = "a" * 4096
    shown = SCREENS.relay("desk.words", "en", {"alias": "Blue River 12"}, words, ())
    assert shown.text == words
    assert SCREENS.frame("desk.words", "en", {"alias": "Blue River 12"}).text.strip() == (
        "Blue River 12:"
    )


@pytest.mark.parametrize("text", ["short", "𝒳" * 3000, "a𝒳" * 2000, ""])
def test_cutting_never_splits_a_character(text):
    """Lengths are UTF-16 units, as Telegram counts."""
    kept = cut(text, 4096)
    assert utf16_length(kept) <= 4096
    assert text.startswith(kept.removesuffix("…"))
    kept.encode()


def test_cutting_a_text_drops_the_formatting_that_no_longer_fits():
    """An entity beyond the end would be refused."""
    content = SCREENS.line("always.dull", "en")
    long = replace(content, text="a" * 5000, entities=(Entity("bold", 4000, 500),))
    assert shortened(long).entities == ()
    assert utf16_length(shortened(long).text) == 4096


def test_a_mark_is_in_the_words_of_its_button_and_in_the_text():
    """For eyes and for ears."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("To be heard")
    assert "✓ To be heard" in her.labels
    assert "Marked: To be heard" in her.text
    assert "Done" in her.labels


def test_back_is_offered_only_where_there_is_something_before():
    """And not beside a choice that already leads back."""
    her = Survivor()
    her.starts()
    assert "Back" not in her.labels
    her.presses("Go on")
    assert "Back" in her.labels
    her.presses("Numbers")
    assert "Back" not in her.labels
    assert "Back to where I was" in her.labels


def test_a_lead_stands_above_the_screen_with_its_day_in_words():
    """A day among its values is written out in her language."""
    her = Survivor(language="es")
    her.starts()
    show = Show(
        her.session.screen.ref,
        edit=True,
        lead="always.consent_ends",
        lead_values={"until": NOON.date()},
    )
    shown = SCREENS.screen(her.session, her.edition.rules, show, NOON)
    assert "23 de noviembre de 2026" in shown.text.split("\n")[0]


def test_settings_show_what_is_set_now():
    """The mark stands before the way of reading and the treatment of typed words that hold now."""
    her = Survivor()
    her.starts()
    her.presses("More")
    her.presses("Open the settings")
    marked = [label for label in her.labels if label.startswith("✓ ")]
    assert marked == ["✓ Read on one changing screen", "✓ Remove the words I type"]
