"""Leave now, what stands at the door afterwards, and deleting everything."""

import pytest

from bot.core import effects as do
from bot.core.events import Blocked, Edited, Pressed, Unblocked
from tests.survivor import Survivor


def test_leave_now_has_its_four_parts_in_order():
    """What is queued is cancelled, the screen turns dull, every other message goes."""
    her = Survivor()
    her.starts()
    ref = her.session.screen.ref
    her.presses("Leave now")
    assert her.effects == (
        do.CancelQueued(),
        do.DropTimers(("silence",)),
        do.DropTimers(("aged:*",)),
        do.Dull(ref),
        do.RemoveAll(ref),
    )
    assert [content.text for content in her.chat.values()] == ["Hello."]
    assert her.session.away


def test_leave_now_works_from_any_old_button_and_by_typing():
    """The word is always on, whatever the token beside it says."""
    for leave in ("1:whatever:wl", None):
        her = Survivor()
        her.starts()
        her.presses("Go on")
        her.types("LEAVE NOW!") if leave is None else her.sends(leave)
        assert her.session.away
        assert her.session.screen is None
        assert her.hers == set()


def test_leaving_again_while_away_only_clears():
    """A second leave sends nothing."""
    her = Survivor()
    her.starts()
    her.types("leave")
    her.types("leave")
    assert not her.sent
    assert her.session.away


def test_leaving_at_first_contact_shows_nothing():
    """Before any screen, too."""
    her = Survivor()
    her.types("leave now")
    assert her.chat == {}
    assert her.session.away


def test_an_open_case_is_paused_and_staff_copies_go():
    """Staff are told not to write, and what they have in their chats is taken back."""
    her = Survivor()
    her.talks()
    her.types("leave now")
    assert her.case.state == "paused"
    assert her.did(do.TakeBackCopies) == [do.TakeBackCopies()]
    assert her.did(do.TellHolder) == [do.TellHolder("desk.away")]


@pytest.mark.parametrize("words", ["hello", "what you hold", "person", "delete everything", "1"])
def test_whoever_comes_back_meets_the_neutral_door(words):
    """Nothing of what was there before is shown, whatever is typed."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("To be heard")
    her.types("leave now")
    her.types(words)
    assert her.session.place == "always.returned"
    assert her.text.startswith("Hello. This is Waymark")
    assert "heard" not in her.text
    assert len(her.chat) == 1


def test_numbers_are_shown_to_whoever_comes_back_and_lead_only_to_the_door():
    """They are never private, and behind them is the door, not her step."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.types("leave now")
    her.types("numbers")
    assert "911" in her.text
    her.presses("Back to where I was")
    assert her.session.place == "always.returned"


def test_whose_numbers_they_are_tells_nobody_at_the_door_what_she_once_named():
    """Whoever holds the phone sees the home country's, can look at others, and changes nothing."""
    her = Survivor()
    her.starts()
    her.types("numbers")
    her.presses("Mexico")
    assert "Mexico:" in her.text
    her.types("leave now")
    her.types("numbers")
    assert "Mexico:" not in her.text
    assert "911" in her.text
    assert "✓ Mexico" not in her.labels
    her.presses("Spain")
    assert "Spain:" in her.text
    assert her.session.answers["country"] == "MX"
    her.presses("Back to where I was")
    assert her.session.place == "always.returned"
    her.presses("Go on")
    her.types("numbers")
    assert "Mexico:" in her.text


def test_after_words_of_danger_the_right_number_counts_for_more_than_the_door():
    """Whoever is in danger in another country reads that country's emergency number first."""
    her = Survivor()
    her.starts()
    her.types("numbers")
    her.presses("United Kingdom")
    her.types("leave now")
    her.types("I want to die")
    assert "999" in her.text
    her.presses("Mexico")
    assert "Mexico:" in her.text


def test_words_of_danger_are_answered_also_after_leaving():
    """And the way back from them is the door."""
    her = Survivor()
    her.starts()
    her.types("leave now")
    her.types("I want to die")
    assert "988" in her.text
    her.presses("Go back to where I was")
    assert her.session.place == "always.returned"


def test_an_edit_of_an_old_message_does_not_open_the_door():
    """Only a touch that says something new does."""
    her = Survivor()
    her.starts()
    her.types("leave now")
    her.happens(Edited("something else", 5))
    assert her.effects == ()
    assert her.session.away


def test_going_on_after_leaving_does_not_reopen_the_request():
    """She is shown that it is paused, and decides."""
    her = Survivor()
    her.talks()
    her.types("leave now")
    her.types("hi")
    her.presses("Go on")
    assert her.session.place == "always.paused"
    assert her.case.state == "paused"
    her.presses("Open the request again")
    assert her.case.state == "claimed"
    assert her.did(do.TellHolder) == [do.TellHolder("desk.back")]


def test_after_leaving_the_desk_can_still_reach_her_by_a_new_neutral_line():
    """The line that was removed does not block the next one."""
    her = Survivor()
    her.talks()
    her.presses("Go back to reading")
    her.desk(held=1)
    her.starts()
    assert her.case.nudge is not None
    her.types("leave now")
    assert her.case.nudge is None


def test_an_aged_neutral_line_does_not_block_the_next_one():
    """When it is taken away unopened, what waits can be mentioned again."""
    her = Survivor()
    her.talks()
    her.presses("Go back to reading")
    her.desk(held=1)
    her.starts()
    nudge = her.case.nudge
    her.timers[f"aged:{nudge}"] = (her.now, nudge)
    her.timer(f"aged:{nudge}")
    assert her.case.nudge is None
    her.starts()
    assert her.did(do.Nudge)


def test_blocking_pauses_the_case_and_sends_nothing():
    """And unblocking alone sends nothing either."""
    her = Survivor()
    her.talks()
    her.happens(Blocked())
    assert her.case.state == "paused"
    assert not her.sent
    her.happens(Unblocked())
    assert her.effects == ()
    her.happens(Pressed("1:x:n", "q", None))
    assert her.session.place == "always.returned"
    assert len(her.chat) == 1, "what the block left in the chat is gone"


def test_deleting_everything_asks_first():
    """The word opens a question; only its button deletes."""
    her = Survivor()
    her.starts()
    her.types("delete everything")
    assert her.session.place == "always.erase"
    assert not her.did(do.EraseEverything)
    her.types("Delete it all now")
    assert her.session.place == "always.did_you_mean"
    assert not her.did(do.EraseEverything)
    her.types("yes")
    assert her.did(do.EraseEverything)


def test_deleting_everything_takes_the_staff_copies_and_leaves_one_dull_word():
    """Nothing comes after it, not even the line about words that waited."""
    her = Survivor()
    her.talks()
    her.desk(held=2)
    her.types("leave now")
    her.types("hello")
    her.presses("More")
    her.presses("Delete everything")
    her.presses("Delete it all now")
    kinds = [type(effect) for effect in her.effects]
    assert kinds == [
        do.CancelQueued,
        do.TakeBackCopies,
        do.TellHolder,
        do.Dull,
        do.RemoveAll,
        do.EraseEverything,
    ]
    assert [content.text for content in her.chat.values()] == ["Done."]
    assert her.session.answers == {}
    assert her.session.case is None
