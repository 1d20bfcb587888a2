"""Bad input end to end: a kind answer or a silent, counted refusal; never a lost session, never the
end of the loop. Each test ends with the same person going on where she was.
"""

import json
from typing import Any

import httpx
import pytest

from tests.e2e import paths
from tests.e2e.phones import Phone
from tests.e2e.stage import Somebody, Stage, free_port

NOT_UNDERSTOOD = "That did not match anything here."
NEEDS = "What matters to you right now?"

ODD_WORDS = {
    "blanks": " \u00a0\u2003 ",
    "the longest": "a" * 4096,
    "the longest in surrogate pairs": "😀" * 2048,
    "emoji only": "🙈💔🏳️‍🌈",
    "right to left": "أريد أن أتحدث مع شخص",
    "marks that turn the text": "\u202e\u2067on og\u2069\u202c",
    "control characters": "go\x01\x02\x1b[31m on\x7f",
    "a half surrogate": "x\ud83dy",
    "a NUL": "x\x00y",
    "markup": "*bold* <b>b</b> [x](https://example.org) {needs} {{ %s",
    "an unknown command": "/nosuchcommand now",
    "digits": "٣ ३ ⑨ 999",
    "combining marks": "z" + "\u0301" * 200,
    "zero width": "\u200b\u200d\ufeff",
    "SQL": "'; DROP TABLE person; --",
}

MEDIA = ("photo", "voice", "sticker", "contact", "location", "document", "video", "dice")


@pytest.fixture
async def at_needs(phone: Phone) -> Phone:
    """Ana stands at the second screen, with one mark made."""
    await phone.start()
    await phone.press("Go on", "To be heard")
    return phone


def still_there(phone: Phone) -> None:
    """Her place and her mark are as they were."""
    assert NEEDS in phone.shown
    assert "✓ To be heard" in phone.labels


@pytest.mark.parametrize("words", ODD_WORDS.values(), ids=ODD_WORDS.keys())
async def test_odd_words_get_a_kind_answer_and_lose_nothing(at_needs: Phone, words: str) -> None:
    """Whatever she types at a screen, the screen comes back with a word of help."""
    await at_needs.types(words)
    assert NOT_UNDERSTOOD in at_needs.shown
    still_there(at_needs)
    await at_needs.press("Done")
    await at_needs.sees("You marked: To be heard.")


async def test_odd_words_in_a_talk_reach_the_desk_as_they_are(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """Nothing a person typed becomes markup or is cut; only what JSON cannot carry is replaced."""
    alias = await paths.into_talk(phone, desk)
    for words in ("*bold* <b>b</b> {needs} {{", "أهلا", "😀" * 1900, "x\ud83dy", "/nosuchcommand"):
        await phone.types(words)
        await desk.sees(f"{alias}: {words}".replace("\ud83d", "\ufffd"))
    for words in ("*bold* {alias} {{", "a" * 3900):
        await desk.types(words)
        await phone.sees(f"The desk: {words}")
    await desk.types("b" * 3901)
    await desk.sees("Too long: the most is")
    await phone.types("c" * 4096)
    assert any("c" * 3900 in text for text in desk.texts), "her longest words arrive too"
    await stage.calm()


async def test_an_answer_that_is_too_long_is_refused_with_the_limit(phone: Phone) -> None:
    """301 letters where 300 are asked for: nothing kept, the limit named; 300 are taken."""
    await phone.start()
    await paths.to_consent(phone)
    await phone.press("Yes, a person may write to me", "Another place or no answer", "Done")
    await phone.types("x" * 301)
    assert "The most is 300 characters" in phone.shown
    await phone.types("   ")
    assert "What should the person know first?" in phone.shown
    await phone.types("y" * 300)
    await phone.sees("This is what would be sent:", "y" * 300)


@pytest.mark.parametrize("where", ["screen", "talk"])
async def test_media_are_refused_kindly(phone: Phone, desk: Phone, where: str) -> None:
    """Pictures, voice, stickers, contacts, places and files: said to be unread, at each door."""
    if where == "talk":
        await paths.into_talk(phone, desk)
    else:
        await phone.start()
        await phone.press("Go on", "To be heard")
    at_the_desk = len(desk.from_bot)
    said = {
        "screen": "Only words can be read here for now.",
        "talk": "Only words can be passed on in this talk. Nothing was sent.",
    }[where]
    for kind in MEDIA:
        await phone.sends(kind, caption="a caption" if kind == "photo" else "")
        assert said in phone.shown, kind
    assert len(desk.from_bot) == at_the_desk
    if where == "screen":
        still_there(phone)
        await desk.sends("voice")
        await desk.sees("Only text can be passed on for now.")
    else:
        await phone.types("words go on")
        await desk.sees("words go on")


async def test_edited_words_change_nothing_that_was_answered(at_needs: Phone, stage: Stage) -> None:
    """An edit outside a talk is no second answer, whatever it says now."""
    await at_needs.press("More", "Open the settings", "Let the words I type stay")
    await at_needs.press("Back to where I was")
    typed = await at_needs.types("something else")
    calls = len(stage.calls("sendMessage", "survivor"))
    await at_needs.edits(typed, "go on")
    assert len(stage.calls("sendMessage", "survivor")) == calls
    still_there(at_needs)


FORGED = (
    "",
    "x",
    "1",
    "1::",
    "1:::",
    "1:AAAAAAAA:c0",
    "1:AAAAAAAA:c999999999999",
    "1:AAAAAAAA:zz",
    "2:AAAAAAAA:t",
    "9:AAAAAAAA:c0",
    "0" * 64,
    "é" * 32,
    "\ud83d",
    "1:\x00:c0",
)


async def test_forged_buttons_do_nothing(at_needs: Phone, desk: Phone) -> None:
    """Data we never made, of another version, too large: she sees where she is, staff a refusal."""
    for data in FORGED:
        await at_needs.forges(data)
        still_there(at_needs)
        await desk.forges(data)
    assert "That button is old." in desk.texts[-1]
    await at_needs.press("Done")
    await at_needs.sees("You marked: To be heard.")


async def test_a_button_of_another_person_does_nothing(at_needs: Phone, stage: Stage) -> None:
    """Bea sends the data of Ana's buttons, leave too: only Bea's own chat is concerned."""
    other = stage.person("Bea-Holm").at("survivor")
    await other.start()
    screen = at_needs.screen
    assert screen is not None
    for row in screen.buttons:
        for button in row:
            await other.forges(button["callback_data"])
    still_there(at_needs)
    await at_needs.press("Done")
    await at_needs.sees("You marked: To be heard.")


async def test_a_survivor_cannot_act_at_the_desk_with_its_buttons(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """The data of the claim button, sent by her or by an outsider, claims nothing."""
    await paths.hand_over(phone)
    await desk.types("/queue")
    screen = desk.screen
    assert screen is not None
    data = screen.buttons[0][0]["callback_data"]
    await phone.forges(data)
    outsider = stage.person("Max-Outsider").at("staff")
    await outsider.start()
    await outsider.forges(data)
    await desk.types("/queue")
    await desk.sees("1 waiting")
    await phone.types("person")
    await phone.sees("Your request is waiting.")


@pytest.mark.parametrize("person_id", [1, 2**31 + 7, 2**52])
async def test_ids_of_every_size_are_served(stage: Stage, person_id: int) -> None:
    """Telegram's user ids grow up to 52 bits."""
    phone = stage.person("Big-Number", person_id=person_id).at("survivor")
    await phone.start()
    await phone.press("Go on", "To be heard")
    still_there(phone)


async def test_languages_nobody_speaks_here_are_english(stage: Stage) -> None:
    """No language, an odd one, or a hostile one: the guide speaks English and lives on."""
    for place, code in enumerate((None, "xx", "zh-hans", "e" * 500, "../es", "EN-us")):
        phone = stage.person(f"Nobody{place}", code).at("survivor")
        await phone.start()
        await phone.sees("Hello. This is Waymark, an information guide.")


async def test_groups_and_bots_are_not_talked_to(
    at_needs: Phone, stage: Stage, ana: Somebody
) -> None:
    """The survivor bot in a group stays silent there, and answers no other bot anywhere."""
    group = stage.world.people.add_group("Family", (ana.person,), ("survivor",))
    room = ana.at(group.id)
    await room.types("/start")
    await room.types("/leave")
    await room.sends("photo")
    bot = stage.world.people.add("Robot", "en", 48_151_777_777)
    bot.is_bot = True
    bot.spell()
    robot = Phone(stage, bot, "survivor")
    await robot.start()
    await robot.types("numbers")
    assert room.from_bot == []
    assert robot.from_bot == []
    still_there(at_needs)
    ignored = stage.running.ignored
    assert (ignored["not_private"], ignored["bot"]) >= (3, 2)


def raw_updates(chat: int) -> dict[str, str]:
    """Updates with something missing or of the wrong type, as text; ``%ID%`` becomes the id."""
    who: dict[str, Any] = {"id": chat, "is_bot": False, "first_name": "Ana"}
    place: dict[str, Any] = {"id": chat, "type": "private"}
    good: dict[str, Any] = {
        "message_id": 900,
        "date": 1,
        "chat": place,
        "from": who,
        "text": "go on",
    }
    changed: dict[str, dict[str, Any]] = {
        "no chat": {k: v for k, v in good.items() if k != "chat"},
        "no sender": {k: v for k, v in good.items() if k != "from"},
        "no message id": {k: v for k, v in good.items() if k != "message_id"},
        "text is a number": {**good, "text": 5},
        "text is null": {**good, "text": None},
        "chat is a list": {**good, "chat": []},
        "chat id is a text": {**good, "chat": {**place, "id": str(chat)}},
        "chat id is a fraction": {**good, "chat": {**place, "id": chat + 0.5}},
        "chat id is yes": {**good, "chat": {**place, "id": True}},
        "sender is another": {**good, "from": {**who, "id": 77}},
        "sender's bot mark is a text": {**good, "from": {**who, "is_bot": "no"}},
        "a channel": {**good, "chat": {**place, "type": "channel"}},
        "message id below zero": {**good, "message_id": -1},
        "entities are a text": {**good, "entities": "all", "text": "zzz"},
    }
    bodies = {name: json.dumps({"message": value})[1:] for name, value in changed.items()}
    query = {"id": "5", "from": who, "message": good, "data": 5}
    bodies["callback data is a number"] = json.dumps({"callback_query": query})[1:]
    bodies["callback without a message"] = json.dumps(
        {"callback_query": {k: v for k, v in query.items() if k != "message"}}
    )[1:]
    bodies["callback is a list"] = '"callback_query":[1,2]}'
    bodies["message is null"] = '"message":null}'
    bodies["a kind nobody knows"] = '"brand_new_thing":{"a":1}}'
    bodies["nothing at all"] = '"x":0}'
    bodies["brackets"] = '"message":' + "[" * 100_000 + "]" * 100_000 + "}"
    return {name: '{"update_id":%ID%,' + body for name, body in bodies.items()}


async def test_updates_with_missing_or_wrong_fields_harm_nobody(
    at_needs: Phone, stage: Stage
) -> None:
    """Each is put between two good ones: counted or buried, and what comes after it is served."""
    bot = stage.world.bot("survivor")
    updates = raw_updates(at_needs.person.id)
    assert len(updates) > 20
    for name, body in updates.items():
        stage.world.put_raw(bot, body)
        await at_needs.types(f"after {name.split()[0]}")
        still_there(at_needs)
    await at_needs.press("Done")
    await at_needs.sees("You marked: To be heard.")
    ignored = stage.running.ignored
    assert ignored["malformed"] >= 10
    assert (await stage.running.store.health(stage.now())).dead_letters >= 1


async def test_unreadable_updates_lie_sealed_in_the_dead_letters(
    closed_stage: Stage, ana: Somebody
) -> None:
    """What is no JSON, by webhook: taken, kept for us, and none of its words is on disk."""
    stage, port = closed_stage, free_port()
    await stage.open(
        WAYMARK_PUBLIC_URL=f"http://127.0.0.1:{port}",
        WAYMARK_WEBHOOK_SECRET="s-5e1",
        PORT=str(port),
    )
    phone = ana.at("survivor")
    await phone.start()
    broken = (
        b'{"update_id":7,"message":{"text":"heliotrope',
        b'{"update_id":8,"message":' + b'{"a":' * 100_000,
        b"\xff\xfeheliotrope",
        b"",
        b"[]",
        b'{"update_id":9,"message":{"text":"heliotrope' + b"x" * 2_000_000,
    )
    headers = {
        "X-Telegram-Bot-Api-Secret-Token": "s-5e1",
        "Content-Type": "application/json",
    }
    async with httpx.AsyncClient() as client:
        url = f"http://127.0.0.1:{port}/telegram/survivor"
        answers = [await client.post(url, content=body, headers=headers) for body in broken]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 200, 413]
    await phone.press("Go on")
    await phone.sees(NEEDS)
    assert (await stage.running.store.health(stage.now())).dead_letters == 5
    assert stage.found_in_files("heliotrope") == []


async def test_an_empty_text_is_answered(at_needs: Phone, stage: Stage) -> None:
    """Telegram sends none, but a text of no length must not be a riddle."""
    body = raw_updates(at_needs.person.id)["text is null"].replace('"text": null', '"text": ""')
    assert '"text": ""' in body
    stage.world.put_raw(stage.world.bot("survivor"), body)
    await stage.calm()
    still_there(at_needs)


async def test_two_hundred_updates_of_one_person_do_not_hold_up_another(
    at_needs: Phone, stage: Stage
) -> None:
    """A flood in one chat is worked off in order while somebody else is served."""
    other = stage.person("Bea-Holm").at("survivor")
    for count in range(200):
        await at_needs.types(f"flood {count}", wait=False)
    await other.types("/start", wait=False)
    await other.sees("Hello. This is Waymark, an information guide.")
    await stage.calm(timeout=20)
    still_there(at_needs)
