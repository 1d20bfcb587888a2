"""Nothing comes unasked: the neutral line, safe hours, and what a locked phone may show."""

import pytest

from tests.e2e import paths
from tests.e2e.phones import Phone
from tests.e2e.stage import Somebody, Stage

NEUTRAL = "There is something new here."


def sent_to_her(stage: Stage, phone: Phone) -> list[str]:
    """The texts of all new messages the survivor bot has sent her, oldest first."""
    return [c["text"] for c in stage.calls("sendMessage", "survivor", phone.person.id)]


async def test_words_that_answer_her_touch_come_as_they_are_and_silently(
    phone: Phone, desk: Phone, stage: Stage, ana: Somebody
) -> None:
    """Within 60 s of her own words in the open talk, the desk's words need no neutral line."""
    await paths.into_talk(phone, desk)
    await phone.types("Are you there?")
    await stage.pass_time(seconds=50)
    await desk.types("Yes, I am.")
    await phone.sees("The desk: Yes, I am.")
    assert ana.notifications[-1]["silent"] is True


async def test_later_words_are_one_neutral_line_that_opens_in_place(
    phone: Phone, desk: Phone, stage: Stage, ana: Somebody, reading: str
) -> None:
    """After 60 s: one plain line however many words wait; its button shows them in that message."""
    await phone.start()
    await paths.choose_reading(phone, reading)
    await paths.to_summary(phone)
    await phone.press("Send this to staff")
    await paths.take(desk)
    await phone.press("Open", "Write to the person")
    await phone.types("Are you there?")
    await stage.pass_time(seconds=75)
    before = len(sent_to_her(stage, phone))
    await desk.types("First late words.")
    await desk.types("Second late words.")
    assert sent_to_her(stage, phone)[before:] == [NEUTRAL]
    assert ana.notifications[-1]["text"] == NEUTRAL
    line = await phone.sees(NEUTRAL)
    phone.sees_nothing_of("late words")
    await phone.press("Open")
    first = await phone.sees("The desk: First late words.")
    assert first.id == line.id, "the content opens in the very message"
    assert [t for t in phone.texts if "late words" in t] == [
        "The desk: First late words.",
        "The desk: Second late words.",
    ]
    phone.sees_nothing_of(NEUTRAL)


async def test_words_outside_her_hours_wait_and_the_desk_reads_until_when(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """She marked the afternoon: at ten nothing is sent until noon, and staff know."""
    await paths.hand_over(phone, ("Afternoon",))
    alias = await paths.take(desk)
    phone.sees_nothing_of(NEUTRAL)
    await stage.pass_time(minutes=2)
    before = len(sent_to_her(stage, phone))
    await desk.types("Good noon to you.")
    waiting = await desk.sees("Waiting until ")
    assert "12:00" in (waiting.text or "")
    await stage.pass_time(hours=1, minutes=55)
    assert sent_to_her(stage, phone)[before:] == []
    await stage.pass_time(minutes=5)
    assert sent_to_her(stage, phone)[before:] == [NEUTRAL]
    await phone.press("Open")
    await phone.sees("The desk: Good noon to you.")
    await phone.types("Thank you.")
    await desk.sees(f"{alias}: Thank you.")


async def test_words_for_tomorrow_stay_with_who_wrote_them(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """A lease does not run out while the holder waits for her hours, so the words still arrive."""
    alias = await paths.into_talk(phone, desk)
    await stage.pass_time(hours=4)
    await desk.types("For tomorrow morning.")
    await desk.sees("Waiting until ")
    await stage.pass_time(hours=18, minutes=1)
    desk.sees_nothing_of(f"{alias} is waiting again")
    await phone.press("Open")
    await phone.sees("The desk: For tomorrow morning.")


async def test_a_line_that_was_never_opened_is_sent_anew_for_later_words(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """The line goes before 47 h like a screen; words after that must not wait in silence."""
    await paths.into_talk(phone, desk)
    await stage.pass_time(minutes=2)
    await desk.types("Words 0.")
    await phone.sees(NEUTRAL)
    for count in range(1, 5):
        await stage.pass_time(hours=11)
        await desk.types(f"Words {count}.")
    await stage.pass_time(hours=3, minutes=30)
    await desk.types("Words 5.")
    await phone.press("Open")
    await phone.sees("The desk: Words 0.", "The desk: Words 5.")


async def test_without_hours_nothing_is_sent_until_she_writes(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """No time zone given: words are held, staff are told, and her next words bring them."""
    alias = await paths.into_talk(phone, desk, ())
    await stage.pass_time(minutes=3)
    before = len(sent_to_her(stage, phone))
    await desk.types("Held words.")
    await desk.sees(f"Held. Will be shown when {alias} writes next.")
    await stage.pass_time(hours=8)
    assert sent_to_her(stage, phone)[before:] == []
    await phone.types("I am here.")
    await desk.sees(f"{alias}: I am here.")
    await phone.sees("The desk: Held words.")


async def test_a_holder_who_is_silent_too_long_loses_the_request_to_the_queue(
    phone: Phone, desk: Phone, second_desk: Phone, stage: Stage
) -> None:
    """After the lease the request waits again for anybody, and the old holder reads why."""
    alias = await paths.into_talk(phone, desk)
    await stage.pass_time(hours=12, minutes=1)
    await desk.sees(f"{alias} is waiting again")
    assert await paths.take(second_desk) == alias


async def test_a_locked_phone_never_shows_a_charged_word(
    phone: Phone, desk: Phone, stage: Stage, ana: Somebody, reading: str
) -> None:
    """A whole journey: no charged word in the first 40 characters, and silent screens."""
    await phone.start()
    await paths.choose_reading(phone, reading)
    await phone.press("Who can see this?", "Go on", "Go on", "Go on", "Back to the first screen")
    await phone.types("numbers")
    await phone.press("Back to where I was")
    await phone.press("Go on", "Safety for me", "Done", "Look at the ways")
    await phone.types("the court")
    await phone.types("person")
    await phone.press("See how it works", "Yes, a person may write to me", "Eastern (New York)")
    await phone.press("Morning", "Done", "Nothing special to avoid", "Done")
    await phone.types(paths.NOTE)
    await phone.types("my ex husband raped me")
    await phone.press("Send this to staff")
    await paths.take(desk)
    await phone.press("Open", "Write to the person")
    await phone.types("Hello.")
    await stage.pass_time(minutes=2)
    await desk.types("About the violence and the police.")
    words = tuple(
        w for some in stage.running.editions.newest.library.charged.values() for w in some
    )
    assert len(words) > 50
    seen = ana.notifications
    assert len(seen) >= 8
    assert [n["text"] for n in seen if paths.charged_in(n["text"], words)] == []
    assert {n["text"] for n in seen if not n["silent"]} == {NEUTRAL}
    assert {n["title"] for n in seen} == {"Survivor"}, (
        "the sandbox's own title; ours comes from Telegram"
    )


@pytest.mark.parametrize("step", ["notice", "needs", "ways", "consent", "summary", "talk"])
async def test_language_can_be_switched_at_any_step_and_shows_it_again(
    phone: Phone, desk: Phone, step: str
) -> None:
    """Typed or pressed, the very screen she stood at comes back in the other language."""
    shown = {
        "notice": "Hola",
        "needs": "Que me escuchen",
        "ways": "El tribunal",
        "consent": "No, que nadie me escriba",
        "summary": "Enviar esto al equipo",
        "talk": "Terminar esta charla",
    }[step]
    if step == "talk":
        await paths.into_talk(phone, desk)
    else:
        await phone.start()
    if step in ("needs", "ways"):
        await phone.press("Go on")
    if step == "ways":
        await phone.press("Done")
    if step == "consent":
        await paths.to_consent(phone)
    if step == "summary":
        await paths.to_summary(phone)
    await phone.types("language")
    if step == "talk":
        await phone.press("It is for this guide")
    await phone.press("Español")
    if step == "notice":
        await phone.sees(shown)
    else:
        assert any(shown in label for label in phone.labels), phone.labels
    assert "Go on" not in phone.labels
    assert "Más" in phone.labels
