"""What arrived becomes what it means: always-on words, buttons, danger, and what is neither."""

from dataclasses import replace

import pytest

from bot.core import events
from bot.core.case import Case
from bot.hearing.listen import known_language
from tests.survivor import Survivor, shipped

WORDS = ["leave", "person", "numbers", "back", "language", "hold", "erase", "stop"]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_an_always_on_word_is_known_in_every_language_however_it_is_written(word, language):
    """Case, accents and punctuation do not count, and neither does the language she reads."""
    label = shipped().words.plain(f"always.words.{word}", language)
    for written in (label, label.upper(), f"  {label}!! ", f"¡{label}!"):
        for reads in ("en", "es"):
            her = Survivor(language=reads)
            her.starts()
            her.types(written)
            assert her.event.heard == events.Called(word, typed=written)


@pytest.mark.parametrize("command", ["/leave", "/LEAVE", "/leave@waymark_bot", "/leave now please"])
def test_a_command_is_its_word(command):
    """With the bot's name or words after it, too."""
    her = Survivor()
    her.starts()
    her.types(command)
    assert her.session.away


@pytest.mark.parametrize("words", ["leav now", "leave nowww", "please leave now", "personn"])
def test_an_always_on_word_is_never_a_near_miss(words):
    """Only the whole message, and only exactly."""
    her = Survivor()
    her.starts()
    her.types(words)
    assert not isinstance(her.event.heard, events.Called)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "1",
        "1:",
        "1::",
        "1:token:c0",
        "2:token:c0",
        "1:token:c",
        "1:token:c-1",
        "1:token:c²",
        "1:token:x1",
        "1:token:c9999",
        ":" * 64,
        "\x00",
        "🙂" * 16,
    ],
)
def test_forged_data_is_an_old_button(data):
    """Nothing is done, and where she is stays the same."""
    her = Survivor()
    her.starts()
    place = her.session.place
    her.sends(data)
    assert isinstance(her.event.heard, events.Stale)
    assert her.session.place == place


@pytest.mark.parametrize("value", ["c99", "+99", "-99", "f0", "v0", "f99"])
def test_a_choice_that_is_not_there_is_an_old_button(value):
    """Also with the right token."""
    her = Survivor()
    her.starts()
    her.sends(f"1:{her.session.screen.token}:{value}")
    assert isinstance(her.event.heard, events.Stale)


def test_words_of_the_talk_keep_their_formatting():
    """What she marked as bold is bold for the desk."""
    from bot.core.message import Entity  # noqa: PLC0415 - one test

    her = Survivor()
    her.talks()
    bold = (Entity("bold", 0, 5),)
    her.happens(events.Typed("hello", 5, bold))
    assert her.event.heard == events.Relayed("hello", 5, bold)
    assert her.event.message_id is None


def test_an_edit_outside_a_talk_means_nothing_unless_it_is_danger():
    """Edited words are not an answer."""
    her = Survivor()
    her.starts()
    her.happens(events.Edited("1", 5))
    assert her.effects == ()
    her.happens(events.Edited("I want to die", 5))
    assert her.session.place == "always.danger"


def test_the_neutral_lines_button_carries_only_its_own_token():
    """Another line's button does not open it."""
    her = Survivor()
    her.talks()
    her.presses("Go back to reading")
    her.desk(held=1, nudge="nudge-ref-of-her", nudged_at=her.now)
    her.sends("1:another1:o")
    assert her.event.heard == events.Stale(spent=True)
    her.sends("1:nudge-re:o")
    assert her.event.heard == events.Opened()


def test_typed_words_while_a_case_waits_are_not_relayed():
    """Nobody holds it: there is no talk."""
    her = Survivor()
    her.starts()
    her.asks_for_a_person()
    assert isinstance(her.session.case, Case)
    her.session = replace(her.session, over=("always.chat",))
    her.types("hello")
    assert not isinstance(her.event.heard, events.Relayed)


@pytest.mark.parametrize(
    ("code", "language"),
    [("es", "es"), ("es-MX", "es"), ("ES_mx", "es"), ("en-GB", "en"), ("fr", None), ("", None)],
)
def test_the_language_of_her_app_is_found_by_its_first_part(code, language):
    """A country's variant falls back to the language; an unknown one to nothing."""
    assert known_language(code, ("en", "es")) == language
