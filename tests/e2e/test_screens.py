"""Screens as her chat shows them: what is replaced, what goes when, and what she can take back."""

import pytest

from tests.e2e import paths
from tests.e2e.phones import Phone
from tests.e2e.stage import Stage


async def test_pressing_changes_one_message_and_rings_nowhere(phone: Phone, stage: Stage) -> None:
    """In the first way of reading, four steps leave one message of the bot in the chat."""
    await phone.start()
    first = phone.screen
    await phone.press("Go on", "To be heard", "Privacy", "Done")
    assert first is not None
    assert [m.id for m in phone.from_bot] == [first.id]
    assert len(stage.calls("sendMessage", "survivor")) == 1


async def test_reading_with_new_messages_keeps_the_earlier_ones(phone: Phone) -> None:
    """In the second way of reading each step is a message of its own, below the last."""
    await phone.start()
    await paths.choose_reading(phone, "new")
    before = len(phone.from_bot)
    await phone.press("Go on", "To be heard", "Done")
    texts = [m.text or "" for m in phone.from_bot]
    assert len(texts) == before + 2, texts
    assert texts[-2].startswith("What matters to you right now?")
    assert texts[-1].startswith("You marked: To be heard.")


async def test_typed_words_go_with_the_screen_they_answered(phone: Phone, stage: Stage) -> None:
    """Her words and the answered screen are deleted, and the next screen comes below."""
    await phone.start()
    old = phone.screen
    await phone.types("go on")
    await phone.sees("What matters to you right now?")
    assert "go on" not in phone.texts
    assert old is not None
    assert old.id not in {m.id for m in phone.messages}
    await phone.press(
        "More", "Open the settings", "Let the words I type stay", "Back to where I was"
    )
    await phone.types("to be heard")
    assert "to be heard" in phone.texts


async def test_a_screen_of_40_hours_is_replaced_so_that_it_can_still_be_deleted(
    phone: Phone, stage: Stage
) -> None:
    """At 41 h a press sends a new screen and deletes the old one; at 39 h it is only edited."""
    await phone.start()
    first = phone.screen
    await stage.pass_time(hours=39)
    await phone.press("Go on")
    assert first is not None
    assert [m.id for m in phone.from_bot] == [first.id]
    await stage.pass_time(hours=2)
    await phone.press("To be heard")
    assert first.id not in {m.id for m in phone.messages}
    assert "✓ To be heard" in phone.labels


async def test_an_idle_screen_is_gone_before_47_hours(phone: Phone, stage: Stage) -> None:
    """Nothing of it is left, nothing new is sent, and a word of hers opens the guide again."""
    await phone.start()
    await phone.press("Go on")
    screen = phone.screen
    assert screen is not None
    await stage.pass_time(hours=45)
    assert phone.labels
    await stage.pass_time(hours=1, minutes=30)
    assert phone.from_bot == []
    gone = stage.world.people.chat(phone.person, "survivor").messages[screen.id]
    assert gone.deleted_at is not None
    assert gone.deleted_at - gone.date < 47 * 3600
    last_edit = stage.calls("editMessageText", "survivor")[-1]
    assert last_edit["text"] == "Hello.", "its words go first, in case the deletion is late"
    await phone.types("hello")
    await phone.sees("What matters to you right now?")


async def test_a_kept_screen_stays(phone: Phone, stage: Stage) -> None:
    """Keeping a screen in the chat is her own decision against the timer."""
    await phone.start()
    await phone.press("More", "Keep this screen in the chat")
    await stage.pass_time(hours=60)
    assert phone.labels


async def test_back_shows_earlier_screens_and_changes_no_answer(phone: Phone) -> None:
    """Three steps on and two back: the mark she made is still there."""
    await phone.start()
    await phone.press("Go on", "To be heard", "Done", "Look at the ways")
    await phone.sees("There is more than one way on.")
    await phone.press("Back", "Back")
    assert "✓ To be heard" in phone.labels


async def test_what_you_hold_lists_changes_and_removes_one_by_one(phone: Phone) -> None:
    """Each answer has a button to change it where it was asked, and one to remove it."""
    await phone.start()
    await paths.to_summary(phone)
    await phone.press("Do not send it now")
    await phone.types("what you hold")
    held = phone.shown
    assert "What matters to me: To be heard" in held
    assert "Hours to write to me: Morning" in held
    assert f"My words: {paths.NOTE}" in held
    assert "A person may write to me: until" in held
    assert "Language: English" in held
    await phone.press("Change: My words")
    await phone.types("Other words.")
    await phone.types("what you hold")
    assert "My words: Other words." in phone.shown
    await phone.press("Remove: My words")
    assert "My words" not in phone.shown
    assert "Remove: My words" not in phone.labels
    assert "What matters to me: To be heard" in phone.shown
    for label in [label for label in phone.labels if label.startswith("Remove: ")]:
        await phone.press(label)
    assert not [label for label in phone.labels if label.startswith("Remove: ")]


async def test_a_refused_consent_offers_nothing_and_closes_nothing(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """After no: no case, nothing at the desk, all information is open, and she can think again."""
    await phone.start()
    await paths.to_consent(phone)
    await phone.press("No, nobody may write to me")
    await phone.sees("That is fine. Nothing was sent, and nobody will write to you.")
    await phone.press("Go on")
    await phone.sees("There is more than one way on.")
    await desk.types("/queue")
    await desk.sees("Nobody is waiting.")
    at_the_desk = desk.texts
    await stage.pass_time(hours=30)
    assert desk.texts == at_the_desk
    await phone.types("person")
    await phone.press("See how it works")
    await phone.sees("May a person write to you here?")


async def test_words_never_agree_for_her(phone: Phone) -> None:
    """Typing yes at the consent asks first; a no with a near yes agrees to nothing."""
    await phone.start()
    await paths.to_consent(phone)
    await phone.types("yes a person may write to me")
    await phone.sees("Did you mean")
    await phone.press("No, I did not")
    await phone.sees("May a person write to you here?")
    await phone.types("no a person may not write to me")
    phone.sees_nothing_of("Which time zone are you in?")


async def test_an_expired_consent_ends_the_request_silently(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """After 30 days nothing can be sent or claimed, and she gets no message about it."""
    await paths.hand_over(phone)
    sent = len(stage.calls("sendMessage", "survivor"))
    await stage.pass_time(hours=30 * 24 + 1)
    assert len(stage.calls("sendMessage", "survivor")) == sent
    await desk.types("/queue")
    await desk.sees("Nobody is waiting.")
    await phone.types("what you hold")
    assert "A person may write to me" not in phone.shown


@pytest.mark.parametrize("presses", [2, 10])
async def test_pressing_many_times_at_once_is_pressing_once(
    phone: Phone, stage: Stage, presses: int, reading: str
) -> None:
    """Ten presses of one button before the bot answers: one step on, no mark undone."""
    await phone.start()
    await paths.choose_reading(phone, reading)
    screen = phone.screen
    assert screen is not None
    for _ in range(presses):
        await phone.press("Go on", on=screen, wait=False)
    await stage.calm()
    assert phone.shown.startswith("What matters to you right now?")
    assert len([t for t in phone.texts if t.startswith("What matters to you")]) == 1
    screen = phone.screen
    for _ in range(presses):
        await phone.press("To be heard", on=screen, wait=False)
    await stage.calm()
    assert "✓ To be heard" in phone.labels
