"""Leave now, coming back, deleting everything, and blocking: what must be gone, on both sides."""

import sqlite3

import pytest

from tests.e2e import paths
from tests.e2e.phones import Phone
from tests.e2e.stage import Stage


async def test_leave_now_clears_both_sides_and_tells_the_desk(
    phone: Phone, desk: Phone, stage: Stage, reading: str
) -> None:
    """One dull line stays; her words, the bot's lines and the copies at the desk are gone."""
    await phone.start()
    await paths.choose_reading(phone, reading)
    await paths.to_summary(phone)
    await phone.press("Send this to staff")
    alias = await paths.take(desk)
    await phone.press("Open", "Write to the person")
    await phone.types("My words before leaving.")
    await desk.sees("My words before leaving.")
    await desk.types("Words of the desk.")
    await phone.sees("The desk: Words of the desk.")
    await phone.sends("photo")
    await phone.types("leave now")
    assert phone.texts == ["Hello."]
    assert phone.labels == []
    await desk.sees(f"{alias} is away: do not write.")
    desk.sees_nothing_of("My words before leaving.", paths.NOTE)
    await desk.types("Can you read this?")
    await desk.sees(f"{alias} is away: do not write. What you type now is not sent.")
    await stage.pass_time(hours=3)
    assert phone.texts == ["Hello."], "nothing is sent after leave"


async def test_leave_now_overwrites_what_is_too_old_to_delete(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """Lines of the bot older than 48 h become dull by edit; younger ones are deleted."""
    await paths.into_talk(phone, desk)
    await phone.types("Old words of hers.")
    await desk.types("Old words of the desk.")
    old = await phone.sees("The desk: Old words of the desk.")
    await stage.pass_time(hours=49)
    await phone.types("I am here again.")
    await phone.types("leave now")
    phone.sees_nothing_of("words of the desk", "I am here again.", "Write to the person")
    chat = stage.world.people.chat(phone.person, "survivor")
    assert chat.messages[old.id].text == "Hello."
    assert {m.text for m in phone.from_bot} == {"Hello."}


async def test_leave_now_works_from_a_button_of_an_old_screen(phone: Phone) -> None:
    """In the second way of reading old screens keep their buttons, and leave is one of them."""
    await phone.start()
    await paths.choose_reading(phone, "new")
    await phone.press("Go on", "To be heard", "Done")
    old = next(m for m in phone.from_bot if m.buttons)
    assert old is not phone.screen
    await phone.press("Leave now", on=old)
    assert [m.text for m in phone.messages] == ["Hello."]


async def test_leave_now_cancels_what_is_queued(phone: Phone, desk: Phone, stage: Stage) -> None:
    """Words that waited for her hours are not shown after she left, whatever the hour."""
    await paths.into_talk(phone, desk)
    await stage.pass_time(hours=4)  # two in the afternoon: she marked the morning only
    await desk.types("For tomorrow morning.")
    await desk.sees("Waiting until ")
    await phone.types("leave now")
    before = len(stage.calls("sendMessage", "survivor"))
    await stage.pass_time(hours=20)
    assert phone.texts == ["Hello."]
    assert len(stage.calls("sendMessage", "survivor")) == before


async def test_she_returns_through_the_neutral_door_and_goes_on(
    phone: Phone, desk: Phone, reading: str
) -> None:
    """Any word opens the plain door that tells nothing; behind it she decides about her request."""
    await phone.start()
    await paths.choose_reading(phone, reading)
    await paths.to_summary(phone)
    await phone.press("Send this to staff")
    alias = await paths.take(desk)
    await phone.press("Open", "Write to the person")
    await phone.types("leave now")
    await desk.sees(f"{alias} is away")
    await phone.types("hi")
    door = await phone.sees("Hello. This is Waymark, an information guide.")
    assert "request" not in (door.text or "")
    phone.sees_nothing_of(paths.NOTE, "person has taken")
    await phone.press("Go on")
    await phone.sees("Your request is paused.")
    desk.sees_nothing_of(f"{alias} is back.")
    await phone.press("Open the request again")
    await desk.sees(f"{alias} is back.")
    await phone.types("I am back.")
    await desk.sees(f"{alias}: I am back.")


async def test_leave_before_anything_else_leaves_nothing(phone: Phone) -> None:
    """Somebody whose very first word is leave is not greeted with a screen."""
    await phone.types("leave now")
    assert [m for m in phone.from_bot if m.text != "Hello."] == []
    assert "leave now" not in phone.texts


@pytest.mark.parametrize("language", ["en", "es"])
async def test_whoever_comes_back_meets_the_door_that_everybody_meets(
    stage: Stage, language: str
) -> None:
    """Words and buttons are those of a first contact: nobody can tell that she was here before."""
    left = stage.person("Ana", language).at("survivor")
    await left.start()
    first = (left.shown, left.labels)
    await left.press(left.labels[0])
    await left.types("leave now")
    await left.types("hi")
    assert (left.shown, left.labels) == first


@pytest.mark.parametrize("way", ["idle", "waiting", "talking", "away"])
async def test_delete_everything_leaves_no_row_no_key_and_no_word(
    phone: Phone, desk: Phone, stage: Stage, way: str
) -> None:
    """Her rows and her key are gone from the files, and the next /start meets a newcomer."""
    await phone.start()
    if way == "idle":
        await phone.press("Go on", "To be heard", "Done")
    else:
        await paths.to_summary(phone)
        await phone.press("Send this to staff")
    if way in ("talking", "away"):
        await paths.take(desk)
        await phone.press("Open", "Write to the person")
        await phone.types("The word heliotrope is a canary.")
        await desk.sees("heliotrope")
    if way == "away":
        await phone.types("leave now")
        await phone.types("hi")
        await phone.press("More", "Delete everything", "Delete it all now")
    else:
        await phone.types("delete everything")
        if way == "talking":
            await phone.press("It is for this guide")
        await phone.press("Delete it all now")
    assert [m.text for m in phone.messages] == ["Done."]
    desk.sees_nothing_of("heliotrope", paths.NOTE)
    await stage.close()
    people, keys = _counts(stage)
    assert people == 2, "only the two leads are left, who hear when something waits"
    assert keys == people + 1, "each person's key, and the system's own"
    assert stage.found_in_files("heliotrope", "canary", str(phone.person.id)) == []
    await stage.open()
    await phone.start()
    await phone.sees("Hello. This is Waymark, an information guide.")
    await phone.press("More", "What you hold")
    assert "This is what is kept here:" in phone.shown
    assert not [label for label in phone.labels if label.startswith("Remove: ")]
    assert "request" not in phone.shown


def _counts(stage: Stage) -> tuple[int, int]:
    """How many people and how many keys are stored."""

    def count(path: str, table: str) -> int:
        with sqlite3.connect(path) as db:
            found = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        db.close()
        return int(found)

    return count(f"{stage.folder}/waymark.db", "person"), count(
        f"{stage.folder}/waymark.keys", "wrap"
    )


async def test_delete_everything_is_never_done_by_words_alone(phone: Phone) -> None:
    """The words open the question; near words at the question do not answer it."""
    await phone.start()
    await phone.press("Go on", "To be heard", "Done")
    await phone.types("delete everything")
    await phone.sees("Delete everything?")
    await phone.types("delete it all nov")
    await phone.press("More", "What you hold")
    await phone.sees("What matters to me: To be heard")


async def test_blocking_cancels_what_is_queued_and_the_holder_is_told(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """After a block nothing is sent, the desk reads so, and unblocking is silent."""
    alias = await paths.into_talk(phone, desk)
    await stage.pass_time(hours=4)
    await desk.types("For tomorrow morning.")
    await phone.blocks()
    await desk.sees(f"{alias} cannot be reached now.")
    before = len(stage.calls("sendMessage", "survivor"))
    await stage.pass_time(hours=24)
    await phone.unblocks()
    assert len(stage.calls("sendMessage", "survivor")) == before
    await phone.types("hello again")
    await phone.sees("Hello. This is Waymark, an information guide.")


async def test_a_block_found_out_by_sending_counts_as_one(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """When Telegram answers 403, the rest of her queue ends and the desk is told."""
    alias = await paths.into_talk(phone, desk)
    chat = stage.world.people.chat(phone.person, "survivor")
    chat.blocked = True  # without the update that Telegram usually sends
    await desk.types("Are you there?")
    await desk.sees(f"{alias} cannot be reached now.")
    assert await _open_rows(stage, "survivor") == 0


async def _open_rows(stage: Stage, _door: str) -> int:
    health = await stage.running.store.health(stage.now())
    return health.waiting


async def test_two_survivors_never_see_each_others_words(
    phone: Phone, desk: Phone, second_desk: Phone, stage: Stage
) -> None:
    """Two talks side by side: each word arrives with one person and nobody else."""
    other = stage.person("Bea-Holm").at("survivor")
    first = await paths.into_talk(phone, desk)
    second = await paths.into_talk(other, second_desk)
    assert first != second
    await phone.types("lavender is mine")
    await other.types("juniper is mine")
    await desk.types("for lavender only")
    await second_desk.types("for juniper only")
    await desk.sees(f"{first}: lavender is mine")
    await second_desk.sees(f"{second}: juniper is mine")
    await phone.sees("The desk: for lavender only")
    await other.sees("The desk: for juniper only")
    phone.sees_nothing_of("juniper")
    other.sees_nothing_of("lavender")
    desk.sees_nothing_of("juniper")
    second_desk.sees_nothing_of("lavender")


async def test_words_of_staff_who_hold_two_go_where_they_were_meant(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """The button decides for new words; an edit follows the words it changes."""
    other = stage.person("Bea-Holm").at("survivor")
    first = await paths.into_talk(phone, desk)
    second = await paths.into_talk(other, desk)
    await desk.types("/queue")
    await desk.press(f"Write to {first}")
    words = await desk.types("for the first one")
    await phone.sees("The desk: for the first one")
    other.sees_nothing_of("for the first one")
    await desk.press(f"Write to {second}")
    await desk.types("for the second one")
    await other.sees("The desk: for the second one")
    phone.sees_nothing_of("for the second one")
    await desk.edits(words, "changed for the first one")
    await phone.sees("The desk: changed for the first one")
    other.sees_nothing_of("changed")


async def test_outsiders_at_the_staff_bot_get_one_dull_line_once(
    stage: Stage, phone: Phone, desk: Phone
) -> None:
    """Whatever they send, there is one "Hello." and nothing else, ever."""
    await paths.hand_over(phone)
    outsider = stage.person("Max-Outsider").at("staff")
    await outsider.start()
    for words in ("/queue", "/help", "hello?", "take"):
        await outsider.types(words)
    await outsider.sends("photo")
    await outsider.forges("2:whatever:t")
    assert [m.text for m in outsider.from_bot] == ["Hello."]
    assert outsider.labels == []
    await phone.types("person")
    await phone.sees("Your request is waiting.")
