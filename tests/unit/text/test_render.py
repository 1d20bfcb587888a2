"""From effects to messages: numbers, long answers, relayed words, and buttons that speak alone."""

from dataclasses import replace

import pytest

from bot.core.effects import Show
from bot.core.message import Entity, utf16_length
from bot.text.layout import cut, shortened
from tests.survivor import NOON, Survivor, shipped

SCREENS = shipped().screens


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
