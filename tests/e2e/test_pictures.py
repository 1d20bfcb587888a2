"""The comparison as pictures, through the whole program: only when asked, with words, and gone."""

import pytest

from bot.picture.page import NotDrawn
from tests.e2e import paths
from tests.e2e.phones import Phone
from tests.e2e.stage import Stage

MARKS = ("To be heard", "Privacy")


async def to_the_question(phone: Phone, reading: str = "edit") -> None:
    """From nothing to the step that offers pictures, by way of what she marked."""
    await phone.start()
    await paths.choose_reading(phone, reading)
    await phone.press("Go on", *MARKS, "Done", "See the ways side by side", "Show the lines")
    await phone.press("Next part", "Go on")
    await phone.sees("You can have this as pictures")


def pictures(phone: Phone) -> list[bytes]:
    """The pictures in her chat, oldest first."""
    return [message.picture for message in phone.from_bot if message.picture]


async def test_pictures_come_when_they_are_asked_for_and_go_with_leave(
    phone: Phone, stage: Stage, reading: str
) -> None:
    """One for each need with its words below, silent, above the next screen; then nothing."""
    await to_the_question(phone, reading)
    assert stage.calls("sendPhoto") == []
    await phone.press("Send it as pictures")
    first, second = (m for m in phone.from_bot if m.picture)
    assert first.picture != second.picture
    for message, need in zip((first, second), MARKS, strict=True):
        assert message.picture.startswith(b"\x89PNG")
        assert message.words.startswith("The same words, to read or to listen to")
        assert need in message.words
        assert message.silent
    assert phone.screen.id > second.id
    assert "Those were the lines" in phone.shown
    notes = [n["text"] for n in phone.stage.world.people.notifications(phone.person)]
    assert all("court" not in note[:40].casefold() for note in notes)
    await phone.types("leave now")
    assert [m.words for m in phone.messages] == ["Hello."]
    assert pictures(phone) == []


async def test_nothing_is_drawn_for_who_does_not_ask(phone: Phone, stage: Stage) -> None:
    """A no, a look at every page, and typed words that are no button."""
    await to_the_question(phone)
    await phone.types("pictures of what?")
    await phone.press("No, I did not", "No pictures", "Back", "Back")
    await phone.types("go on")
    assert stage.calls("sendPhoto") == []
    assert pictures(phone) == []


async def test_two_presses_are_one_request(phone: Phone, stage: Stage) -> None:
    """A phone that hangs makes people press again."""
    await to_the_question(phone)
    button = phone.screen
    data = next(
        b["callback_data"] for row in button.buttons for b in row if "pictures" in b["text"]
    )
    people = stage.world.people
    for _ in range(3):
        people.press(phone.person, "survivor", button.id, data=data, forged=True)
    await stage.calm()
    assert len(stage.calls("sendPhoto")) == 2
    assert len([m for m in phone.from_bot if m.buttons]) == 1


async def test_the_words_of_the_button_work_and_erase_takes_the_pictures(
    phone: Phone, stage: Stage
) -> None:
    """Typed, and in Spanish as well; nothing of the words lies in clear in any file."""
    await to_the_question(phone)
    await phone.types("Send it as pictures")
    assert len(pictures(phone)) == 2
    assert stage.found_in_files("are here:\n\nTo be heard", "iVBORw0KGgo") == []
    await phone.types("delete everything")
    await phone.press("Delete it all now")
    assert pictures(phone) == []


async def test_pictures_too_old_to_be_deleted_are_written_over(phone: Phone, stage: Stage) -> None:
    """After 48 h Telegram deletes nothing; an empty picture takes their place."""
    await to_the_question(phone)
    await phone.press("Send it as pictures")
    shown = pictures(phone)
    await stage.pass_time(hours=49)
    await phone.types("leave now")
    left = [m for m in phone.from_bot if m.picture]
    assert len(left) == 2
    assert {m.words for m in left} == {"Hello."}
    assert not {m.picture for m in left} & {*shown}


async def test_when_no_picture_can_be_made_the_words_come_alone(phone: Phone, stage: Stage) -> None:
    """And she is told so, in one phrase."""

    def broken(page: object) -> bytes:
        msg = "The picture could not be made (Test)."
        raise NotDrawn(msg)

    stage.running.conversation.paint = broken
    await to_the_question(phone)
    await phone.press("Send it as pictures")
    assert stage.calls("sendPhoto") == []
    lines = [text for text in phone.texts if "The same words" in text]
    assert [text.startswith("The picture could not be made.") for text in lines] == [True, False]
    assert "Those were the lines" in phone.shown


@pytest.mark.parametrize("kind", ["accept_then_drop", "drop_before"])
async def test_a_lost_answer_shows_no_picture_twice(phone: Phone, stage: Stage, kind: str) -> None:
    """What may have arrived is not sent again by itself, and leave takes it away."""
    await to_the_question(phone)
    stage.world.faults.once("sendPhoto", kind)
    await phone.press("Send it as pictures")
    assert len(pictures(phone)) in (1, 2)
    assert len({*pictures(phone)}) == len(pictures(phone))
    await phone.types("leave now")
    assert pictures(phone) == []
