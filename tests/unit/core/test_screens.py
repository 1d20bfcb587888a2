"""Screens and lines: what is edited, what is replaced, what is removed, and what stays."""

import pytest

from bot.core import effects as do
from tests.survivor import Survivor


def test_a_press_edits_the_screen_in_place():
    """A button changes the message it stands under: no notification, no trail."""
    her = Survivor()
    her.starts()
    before = her.session.screen.ref
    her.presses("Go on")
    assert her.session.screen.ref == before
    assert not her.sent
    assert her.text.startswith("What matters to you")


def test_typing_removes_the_answered_screen_and_the_words_and_shows_the_next_below():
    """What she typed and the screen it answered are gone; one new screen stands there."""
    her = Survivor()
    her.starts()
    her.types("go on")
    assert len(her.chat) == 1
    assert her.hers == set()
    assert her.text.startswith("What matters to you")


def test_typed_words_and_their_screen_stay_when_she_switched_deletion_off():
    """The setting is hers: then nothing is removed, and the next screen comes below."""
    her = Survivor()
    her.starts()
    her.types("/settings")
    her.presses("Open the settings")
    her.presses("Let the words I type stay")
    her.presses("Back to where I was")
    shown = len(her.chat)
    her.types("go on")
    assert len(her.chat) == shown + 1
    assert her.hers == {1000 + her.count - 1}


@pytest.mark.parametrize(("hours", "edited"), [(39.9, True), (40.1, False)])
def test_a_screen_older_than_40_hours_is_replaced(hours, edited):
    """So that it can still be deleted: Telegram allows that for 48 h."""
    her = Survivor()
    her.starts()
    old = her.session.screen.ref
    her.passes(hours=hours)
    her.presses("Go on")
    assert (her.session.screen.ref == old) is edited
    assert len(her.chat) == 1


def test_an_idle_screen_turns_dull_and_goes_at_46_hours():
    """The timer edits it to the dull line and deletes it; nothing is sent."""
    her = Survivor()
    her.starts()
    ref = her.session.screen.ref
    due, _ = her.timers[f"aged:{ref}"]
    assert (due - her.now).total_seconds() == 46 * 3600
    her.timer(f"aged:{ref}")
    assert her.effects == (do.Dull(ref), do.Remove((ref,)))
    assert her.session.screen is None


def test_words_typed_after_the_screen_is_gone_show_the_place_and_answer_nothing():
    """Nobody answers a question that cannot be seen any more."""
    her = Survivor()
    her.starts()
    her.timer(f"aged:{her.session.screen.ref}")
    her.types("1")
    assert her.session.at == "start.notice"
    assert her.text.startswith("Hello.")


def test_keep_this_shows_the_step_and_leaves_it_there():
    """The kept screen has no timer, is neither edited nor removed, and the next comes below it."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("More")
    her.presses("Keep this screen in the chat")
    kept = her.session.screen.ref
    assert her.did(do.Toast) == [do.Toast("always.kept")]
    assert f"aged:{kept}" not in her.timers
    assert her.text.startswith("What matters to you")
    her.presses("Done")
    assert her.session.screen.ref != kept
    assert her.chat[kept].text.startswith("What matters to you")
    assert f"aged:{her.session.screen.ref}" in her.timers


def test_marks_on_a_kept_screen_are_drawn_on_it():
    """It is still the screen until she goes on."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("More")
    her.presses("Keep this screen in the chat")
    kept = her.session.screen.ref
    her.presses("To be heard")
    assert her.session.screen.ref == kept


def test_reading_with_new_messages_leaves_earlier_screens_in_the_chat():
    """The second way of reading: a new message for each step, each with its own timer."""
    her = Survivor()
    her.starts()
    her.types("/settings")
    her.presses("Open the settings")
    her.presses("Read with new messages")
    shown = len(her.chat)
    her.presses("Back to where I was")
    her.presses("Go on")
    assert len(her.chat) == shown + 2
    assert all(f"aged:{ref}" in her.timers for ref in her.chat)


def test_reading_with_new_messages_draws_a_mark_on_the_same_message():
    """A mark is not a step."""
    her = Survivor()
    her.starts()
    her.session = _reading_new(her.session)
    her.presses("Go on")
    shown = len(her.chat)
    her.presses("To be heard")
    assert len(her.chat) == shown


def test_a_double_press_with_new_messages_sends_one_screen():
    """The second press of the same button, so soon, is answered silently."""
    her = Survivor()
    her.starts()
    her.session = _reading_new(her.session)
    data = her.buttons[0].data
    her.sends(data)
    shown = len(her.chat)
    her.passes(seconds=1)
    her.sends(data)
    assert len(her.chat) == shown
    her.passes(minutes=1)
    her.sends(data)
    assert her.text.startswith("That was an older screen.")


def _reading_new(session):
    from dataclasses import replace  # noqa: PLC0415 - used by two tests only

    return replace(session, reading="new")


def test_a_second_press_of_the_same_button_changes_nothing():
    """A double press is answered by the same screen, silently."""
    her = Survivor()
    her.starts()
    data = her.buttons[0].data
    her.sends(data)
    before = her.session.at, her.session.answers
    her.sends(data)
    assert (her.session.at, her.session.answers) == before
    assert not her.sent


def test_a_second_press_of_back_does_not_go_back_twice():
    """Back belongs to the screen it stands on, unlike the other words that always work."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("Done")
    back = next(button.data for button in her.buttons if button.label == "Back")
    her.sends(back)
    here = her.session.at
    her.sends(back)
    assert her.session.at == here == "needs.what"


def test_a_button_of_an_older_message_shows_where_she_is():
    """Kindly, below, and without doing what the old button said."""
    her = Survivor()
    her.starts()
    old = her.buttons[0].data
    her.types("go on")
    her.sends(old)
    assert her.session.at == "needs.what"
    assert her.text.startswith("That was an older screen. Here is where you are.")
    assert len(her.chat) == 1


def test_a_mark_pressed_twice_stays_marked():
    """Buttons say what is wanted, never flip."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    data = next(button.data for button in her.buttons if button.label == "To be heard")
    her.sends(data)
    her.sends(data)
    assert her.session.answers["needs"] == ("heard",)


def test_media_is_refused_kindly_and_removed():
    """Only words are read; what came is taken out of the chat like typed words."""
    from bot.core.events import SentMedia  # noqa: PLC0415 - one test

    her = Survivor()
    her.starts()
    her.happens(SentMedia("photo", 77))
    assert her.text.startswith("Only words can be read here for now.")
    assert her.hers == set()


def test_the_language_can_be_switched_at_any_step_and_shows_it_again():
    """The same place, the same answers, in the other language."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("To be heard")
    her.types("language")
    her.presses("Español")
    assert her.session.place == "needs.what"
    assert her.session.answers == {"needs": ("heard",)}
    assert her.text.startswith("¿")


def test_the_language_of_her_app_counts_until_she_has_chosen():
    """Afterwards only her choice does."""
    her = Survivor()
    her.starts()
    her.language = "es-MX"
    her.presses("Go on")
    assert her.session.language == "es"
    her.types("language")
    her.presses("English")
    her.presses("Listo") if "Listo" in her.labels else her.presses("Done")
    assert her.session.language == "en"
