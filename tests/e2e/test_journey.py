"""One survivor's whole journey: from /start to a person who answers, and to the end of the talk."""

import pytest

from tests.e2e import paths
from tests.e2e.phones import Phone
from tests.e2e.stage import Somebody, Stage


async def test_from_start_to_a_person_who_answers(
    phone: Phone, desk: Phone, stage: Stage, reading: str
) -> None:
    """She reads, agrees, is taken, talks, edits, and the desk closes with an outcome."""
    await phone.start()
    await phone.sees("Hello. This is Waymark, an information guide.")
    await paths.choose_reading(phone, reading)
    await paths.to_summary(phone)
    assert "What matters to me: To be heard" in phone.shown
    assert f"My words: {paths.NOTE}" in phone.shown
    await phone.press("Send this to staff")
    await phone.sees("It has been sent.")

    alias = await paths.take(desk)
    claimed = await desk.sees(f"You hold {alias}.")
    assert paths.NOTE in (claimed.text or "")

    await phone.sees("There is something new here.")
    await phone.press("Open")
    await phone.sees("A person has taken your request.")
    await phone.press("Write to the person")
    await phone.sees("You are writing with a person now.")

    first = await phone.types("I would like to know what *comes* next.")
    await desk.sees(f"{alias}: I would like to know what *comes* next.")
    answer = await desk.types("Hello, this is the desk.")
    line = await phone.sees("The desk: Hello, this is the desk.")
    await phone.edits(first, "I would like to know what happens.")
    await desk.sees(f"{alias} changed a message: I would like to know what happens.")
    await desk.edits(answer, "Hello, the desk here.")
    again = await phone.sees("The desk: Hello, the desk here.")
    assert again.id == line.id, "an edit follows into the very message"

    await desk.press(f"Close {alias}", "Helped here")
    await desk.sees(f"Closed: {alias}.")
    await phone.press("Open")
    await phone.sees("Your request is closed.")
    await phone.press("Go on reading")
    assert phone.labels, "she can go on reading"


async def test_the_whole_way_in_spanish(
    closed_stage: Stage, desk_language: str, reading: str
) -> None:
    """The same way in the language of her app; each side reads the bot in its own language."""
    stage = closed_stage
    await stage.open()
    phone = stage.person("Luz-Prado", "es-MX").at("survivor")
    desk = stage.person("Sam-Thorn", desk_language, 48_151_600_001).at("staff")
    await desk.start()
    await phone.start()
    await phone.sees("Hola")
    if reading == "new":
        await phone.press("Más", "Abrir los ajustes", "Leer con mensajes nuevos")
        await phone.press("Volver a donde estaba")
    await phone.press("Seguir", "Que me escuchen", "Listo", "Hablar con una persona")
    await phone.press("Ver cómo funciona", "Sí, alguien puede escribirme", "Este (Nueva York)")
    await phone.press("Mañana (8 am a mediodía)", "Listo", "No usar mi nombre", "Listo")
    await phone.types("Quiero saber qué pasa después.")
    assert "Quiero saber qué pasa después." in phone.shown
    await phone.press("Enviar esto al equipo")
    await desk.types("/queue")
    take = {"en": "Take ", "es": "Tomar "}[desk_language]
    alias = next(b.removeprefix(take) for b in desk.labels if b.startswith(take))
    await desk.press(f"{take}{alias}")
    await phone.press("Abrir")
    await phone.press("Escribirle a la persona")
    await phone.types("Gracias por leerme.")
    await desk.sees(f"{alias}: Gracias por leerme.")
    await desk.types("Buenos días.")
    await phone.sees("Buenos días.")
    english = ("Go on", "Numbers", "Leave now", "More", "The desk", "request")
    phone.sees_nothing_of(*english)
    assert not {"Go on", "Numbers", "Leave now", "More"} & set(phone.labels)


@pytest.fixture(params=["en", "es"])
def desk_language(request: pytest.FixtureRequest) -> str:
    """The language of the staff member's app."""
    return request.param


@pytest.mark.parametrize("journal", ["wal", "delete"])
async def test_the_way_to_a_person_works_with_either_journal(
    closed_stage: Stage, ana: Somebody, sam: Somebody, journal: str
) -> None:
    """SQLite's journal mode changes nothing that anybody sees."""
    stage = closed_stage
    await stage.open(DATABASE_URL=f"sqlite:///{stage.folder}/waymark.db?journal={journal}")
    phone, desk = ana.at("survivor"), sam.at("staff")
    alias = await paths.into_talk(phone, desk)
    await phone.types("Thank you for being there.")
    await desk.sees(f"{alias}: Thank you for being there.")
    await stage.close()
    await stage.open(DATABASE_URL=f"sqlite:///{stage.folder}/waymark.db?journal={journal}")
    await desk.types("And again good morning.")
    await phone.sees("The desk: And again good morning.")


async def test_released_request_waits_again_and_another_takes_it(
    phone: Phone, desk: Phone, second_desk: Phone, stage: Stage
) -> None:
    """Release gives it back to the queue, she is told, and the next person gets the next words."""
    alias = await paths.into_talk(phone, desk)
    await desk.press(f"Release {alias}")
    await desk.sees(f"Released: {alias}.")
    assert await paths.take(second_desk) == alias
    await stage.pass_time(minutes=2)
    await phone.press("Open", "Write to the person")
    await phone.types("Is somebody there?")
    await second_desk.sees(f"{alias}: Is somebody there?")
    desk.sees_nothing_of("Is somebody there?")


async def test_of_two_who_take_the_same_request_one_wins_and_the_other_is_told(
    phone: Phone, desk: Phone, second_desk: Phone, stage: Stage
) -> None:
    """Both press at once; one holds it, the other reads who was faster, and she hears it once."""
    await paths.hand_over(phone)
    await desk.types("/queue")
    await second_desk.types("/queue")
    label = next(label for label in desk.labels if label.startswith("Take "))
    alias = label.removeprefix("Take ")
    await desk.press(label, wait=False)
    await second_desk.press(label, wait=False)
    await stage.calm()
    won = [d for d in (desk, second_desk) if any(f"You hold {alias}." in t for t in d.texts)]
    lost = [d for d in (desk, second_desk) if f"Somebody else has taken {alias}." in d.texts]
    assert len(won) == len(lost) == 1
    assert won[0] is not lost[0]
    assert paths.NOTE not in "".join(lost[0].texts)
    assert phone.texts.count("There is something new here.") == 1


async def test_stop_in_a_talk_ends_it_for_both_and_wipes_nothing_of_hers(
    phone: Phone, desk: Phone
) -> None:
    """Typed stop is asked about first; then the desk is told, its copies go, her answers stay."""
    alias = await paths.into_talk(phone, desk)
    await phone.types("These words are for the desk.")
    await desk.sees("These words are for the desk.")
    await phone.types("stop")
    await phone.press("It is for this guide")
    await phone.press("Yes, end it now")
    await phone.sees("The talk has ended. Nobody will write to you about it.")
    await desk.sees(f"{alias} ended the talk.")
    desk.sees_nothing_of("These words are for the desk.", paths.NOTE)
    await desk.types("Are you there?")
    phone.sees_nothing_of("Are you there?")
    await phone.press("More", "What you hold")
    await phone.sees("What matters to me: To be heard")


async def test_a_waiting_request_can_be_taken_back(phone: Phone, desk: Phone) -> None:
    """Taken back before anybody took it: the queue is empty, and an old button claims nothing."""
    await paths.hand_over(phone)
    await desk.types("/queue")
    old = desk.screen
    await phone.press("Cancel my request")
    await phone.sees("Your request is cancelled.")
    await desk.types("/queue")
    await desk.sees("Nobody is waiting.")
    assert old is not None
    label = next(b["text"] for row in old.buttons for b in row if b["text"].startswith("Take "))
    await desk.press(label, on=old)
    await desk.sees("is no longer waiting.")
    assert not any("You hold" in text for text in desk.texts)


async def test_a_group_ping_says_nothing_about_anybody(
    closed_stage: Stage, ana: Somebody, sam: Somebody
) -> None:
    """The staff group hears that something waits, and not what, whose, or how urgent."""
    stage = closed_stage
    group = stage.world.people.add_group("Desk", (sam.person,), ("staff",))
    await stage.open(WAYMARK_STAFF_GROUP=str(group.id))
    await paths.hand_over(ana.at("survivor"))
    pings = [call["text"] for call in stage.calls("sendMessage", "staff", group.id)]
    assert pings == ["Something is waiting at the desk."]
    room = sam.at("staff")
    await room.start()
    alias = await paths.take(room)
    await ana.at("survivor").press("Open", "Write to the person")
    await ana.at("survivor").types("A word about the canary.")
    await room.sees(f"{alias}: A word about the canary.")
    after = [call["text"] for call in stage.calls("sendMessage", "staff", group.id)]
    assert after == pings, "words of a talk never reach the group"


async def test_without_a_group_each_lead_hears_that_something_waits(
    closed_stage: Stage, ana: Somebody, sam: Somebody
) -> None:
    """Nobody has to look at the queue all day; whoever never opened the desk bot is passed over."""
    stage = closed_stage
    await stage.open()
    room = sam.at("staff")
    await room.start()
    await paths.hand_over(ana.at("survivor"))
    await room.sees("Something is waiting at the desk.")
    pings = [c for c in stage.calls("sendMessage", "staff") if "waiting at" in str(c["text"])]
    assert [call["chat"] for call in pings] == [sam.id]
    alias = await paths.take(room)
    await ana.at("survivor").press("Open", "Write to the person")
    await ana.at("survivor").types("Are you there?")
    await room.sees(f"{alias}: Are you there?")


async def test_staff_copies_cannot_be_forwarded(
    phone: Phone, desk: Phone, stage: Stage, sam: Somebody
) -> None:
    """Every message of the staff bot to a staff member is protected, edited words included."""
    await paths.into_talk(phone, desk)
    words = await phone.types("First words.")
    await phone.edits(words, "Second words.")
    await desk.sees("Second words.")
    sent = stage.calls("sendMessage", "staff", sam.id)
    assert len(sent) >= 4
    assert all(call["params"].get("protect_content") is True for call in sent)
    assert all(message.protected for message in desk.from_bot)


async def test_with_nobody_at_the_desk_she_is_told_so_before_she_waits(
    closed_stage: Stage, ana: Somebody
) -> None:
    """Without staff a request is kept, and the screen says first that nobody can be reached."""
    await closed_stage.open(WAYMARK_LEADS="")
    phone = ana.at("survivor")
    await phone.start()
    await paths.to_summary(phone)
    await phone.press("Send this to staff")
    await phone.sees("Right now no person can be reached here.")
    await phone.press("Go on reading")
    await phone.types("person")
    await phone.sees("Your request is waiting.", "Right now no person can be reached here.")


async def test_danger_words_are_answered_at_once_and_in_a_talk_still_reach_the_desk(
    phone: Phone, desk: Phone
) -> None:
    """Reviewed words and numbers come first; in a talk the desk gets her words marked urgent."""
    await phone.start()
    await phone.types("i want to kill myself")
    danger = await phone.sees("I read what you wrote, and it matters.")
    assert "988" in (danger.text or "")
    assert {"Ask for a person here", "Go back to where I was"} <= set(phone.labels)
    await phone.press("Go back to where I was")
    await phone.sees("Hello. This is Waymark, an information guide.")
    await paths.to_summary(phone)
    await phone.press("Send this to staff")
    alias = await paths.take(desk)
    await phone.press("Open", "Write to the person")
    await phone.types("he wants to kill me tonight")
    await desk.sees(f"{alias}: please look now.", f"{alias}: he wants to kill me tonight")
    await phone.sees("What you wrote also went to the staff.")
    await phone.types("still here")
    await desk.sees(f"{alias}: still here")


async def test_an_edit_of_a_new_holder_never_changes_words_of_the_last_one(
    phone: Phone, desk: Phone, second_desk: Phone
) -> None:
    """Sam's words stay when Kim, who holds the request now, edits a message of the same number."""
    alias = await paths.into_talk(phone, desk)
    await phone.types("Are you there?")
    words = await desk.types("Words of Sam.")
    await phone.sees("The desk: Words of Sam.")
    await desk.press(f"Release {alias}")
    same = await second_desk.types("/help")
    while same.id < words.id:
        same = await second_desk.types("/help")
    assert same.id == words.id
    await paths.take(second_desk)
    await second_desk.edits(same, "Another thing.")
    phone.sees_nothing_of("Another thing.")
