"""The live talk and words of danger: what goes to people, what does not, and what she is told."""

import pytest

from bot.core import effects as do
from bot.core.events import Edited, SentMedia
from tests.survivor import STAFF, Survivor


def talking():
    """Somebody in a live talk."""
    her = Survivor()
    her.talks()
    return her


@pytest.mark.parametrize("words", ["hello there", "  two  spaces\n", "1", "<b>*bold*</b>", "\x00"])
def test_words_typed_in_the_talk_go_to_the_desk_as_they_are(words):
    """Byte for byte, and they stay in her chat."""
    her = talking()
    her.types(words)
    assert [sent.text for sent in her.did(do.ToDesk)] == [words]
    assert len(her.hers) == 1


def test_the_controls_follow_the_newest_line_at_most_once_a_minute():
    """One message with controls, re-sent below, its older copy removed."""
    her = talking()
    her.types("one")
    assert her.sent
    her.passes(seconds=30)
    her.types("two")
    assert not her.sent
    her.passes(seconds=31)
    her.types("three")
    assert her.sent
    assert sum(1 for content in her.chat.values() if content.rows) == 1


def test_leaving_acts_at_once_in_the_talk():
    """It is the one word that is never asked about."""
    her = talking()
    her.types("leave now")
    assert her.session.away
    assert not her.did(do.ToDesk)


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("numbers", "always.numbers"),
        ("language", "always.language"),
        ("what you hold", "always.hold"),
        ("delete everything", "always.erase"),
        ("stop", "always.stop"),
        ("person", "always.chat"),
    ],
)
def test_other_always_on_words_in_the_talk_are_asked_about(word, place):
    """For this guide, or for the person: nothing is sent before she has said so."""
    her = talking()
    her.types(word)
    assert her.session.place == "always.for_desk"
    assert not her.did(do.ToDesk)
    her.presses("It is for this guide")
    assert her.session.place == place
    assert not her.did(do.ToDesk)


def test_an_always_on_word_can_go_to_the_desk_after_all():
    """Her words exactly; the talk goes on."""
    her = talking()
    her.types("Stop!")
    her.presses("Send it to the person")
    assert [sent.text for sent in her.did(do.ToDesk)] == ["Stop!"]
    assert her.session.place == "always.chat"


def test_words_meant_for_a_desk_that_is_gone_are_not_sent():
    """Between the question and the answer the request was closed."""
    her = talking()
    her.types("stop")
    her.desk(state="closed", holder=None)
    her.presses("Send it to the person")
    assert not her.did(do.ToDesk)
    assert her.session.place == "always.closed"


@pytest.mark.parametrize(
    ("changes", "place", "lead"),
    [
        ({"state": "waiting", "holder": None}, "always.waiting", "The person cannot go on"),
        ({"state": "closed", "holder": None}, "always.closed", "Your request is closed."),
        ({"state": "paused"}, "always.paused", "That was not sent."),
    ],
)
def test_words_typed_into_a_talk_that_has_ended_are_not_taken_for_sent(changes, place, lead):
    """The screen said they go to staff; now it says what is true."""
    her = talking()
    her.desk(**changes)
    her.types("are you there?")
    assert not her.did(do.ToDesk)
    assert her.session.place == place
    assert her.text.startswith(lead)


def test_back_to_where_i_was_leads_from_numbers_to_the_live_talk():
    """Only "Go back to reading" leaves it."""
    her = talking()
    her.presses("Numbers")
    her.presses("Back to where I was")
    assert her.session.place == "always.chat"
    her.presses("Go back to reading")
    assert her.session.place == "contact.sent"
    assert not her.case.talking


def test_starting_anew_leaves_the_talk():
    """The desk's next words then wait behind the neutral line."""
    her = talking()
    her.starts()
    assert not her.case.talking


def test_words_that_waited_are_shown_when_she_opens_the_talk_or_writes():
    """After her own touch, once."""
    her = talking()
    her.presses("Go back to reading")
    her.desk(held=2)
    her.types("person")
    her.presses("Write to the person")
    assert her.did(do.ShowHeld) == [do.ShowHeld(None)]
    assert her.case.held == 0
    her.desk(held=1)
    her.types("hello")
    assert her.did(do.ShowHeld) == [do.ShowHeld(None)]


def test_the_neutral_line_opens_into_the_first_of_the_words_and_stays():
    """It becomes a line of the talk, so the timer of the neutral line goes."""
    her = talking()
    her.presses("Go back to reading")
    her.desk(held=2)
    her.starts()
    (nudge,) = her.did(do.Nudge)
    her.sends(her.chat[nudge.ref].rows[0][0].data)
    assert her.did(do.ShowHeld) == [do.ShowHeld(nudge.ref)]
    assert do.DropTimers((f"aged:{nudge.ref}",)) in her.effects
    assert her.session.place == "always.chat"


def test_media_in_the_talk_is_not_passed_on_and_she_is_told():
    """Only words can be passed on."""
    her = talking()
    her.happens(SentMedia("photo", 9))
    assert her.text.startswith("Only words can be passed on in this talk. Nothing was sent.")


def test_changed_words_follow_to_the_desk():
    """Edits are relayed, without a new screen."""
    her = talking()
    her.happens(Edited("better words", 7))
    assert her.effects == (do.AmendAtDesk("better words", 7),)


def test_danger_is_answered_at_once_and_leads_exactly_back():
    """Numbers that fit, a person, and the way back, through the very screens she had open."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("More")
    her.presses("Open the settings")
    her.types("I want to kill myself")
    assert her.text.startswith("I read what you wrote")
    assert "988" in her.text
    assert "Ask for a person here" in her.labels
    assert her.did(do.Show)[0].kind == "crisis"
    crisis = her.session.screen.ref
    her.presses("Go back to where I was")
    assert her.session.over == ("always.more", "always.settings")
    assert "988" in her.chat[crisis].text, "crisis words stay in the chat"


def test_a_person_can_be_asked_for_from_older_words_of_danger():
    """That button works wherever it stands."""
    her = Survivor()
    her.starts()
    her.types("I want to kill myself")
    ask = next(button.data for button in her.buttons if button.label == "Ask for a person here")
    her.presses("Go back to where I was")
    her.passes(hours=2)
    her.sends(ask)
    assert her.session.at == "contact.start"


def test_danger_instead_of_an_answer_is_not_kept_as_the_answer():
    """At a question for words, too."""
    her = Survivor()
    her.starts()
    her.goes_to("contact.words")
    her.types("he is going to kill me")
    assert her.session.place == "always.danger"
    assert "note" not in her.session.answers


def test_danger_in_the_talk_goes_to_the_desk_urgently_with_an_extra_line():
    """Her words are not held back, urgency rises, and the line says that the desk has them."""
    her = talking()
    her.types("he has a gun")
    assert [(sent.text, sent.urgent) for sent in her.did(do.ToDesk)] == [("he has a gun", True)]
    assert her.case.urgency == "high"
    (line,) = her.did(do.Say)
    assert line.kind == "crisis"
    assert "911" in her.chat[line.ref].text
    assert "also went to the staff" in her.chat[line.ref].text
    assert her.session.place == "always.chat"
    assert len(her.hers) == 1, "her words stay, as all words of the talk"


def test_danger_in_changed_words_of_the_talk_is_answered_too():
    """The copy changes, and the holder is told to look."""
    her = talking()
    her.happens(Edited("he has a gun", 7))
    assert her.did(do.AmendAtDesk)
    assert her.did(do.TellHolder) == [do.TellHolder("desk.urgent")]
    assert her.did(do.Say)


def test_danger_outside_the_talk_is_not_told_to_the_desk():
    """What she types elsewhere is hers; only in the talk does it go to people."""
    her = talking()
    her.presses("Go back to reading")
    her.types("I want to die")
    assert not her.did(do.ToDesk)
    assert her.case.urgency == "normal"


def test_a_silent_holders_case_is_not_written_to():
    """Words go to the person who holds the case, and to nobody while nobody does."""
    her = talking()
    assert her.case.holder == STAFF
    her.desk(state="waiting", holder=None)
    her.types("hello")
    assert not her.did(do.ToDesk)
