"""What people can and cannot do, and what they see."""

from __future__ import annotations

import pytest

from bot.sandbox import PersonCannot

ONE = {"inline_keyboard": [[{"text": "Go on", "callback_data": "on"}]]}
TWO = {
    "inline_keyboard": [
        [{"text": "Go on", "callback_data": "2"}, {"text": "Go back", "callback_data": "back"}]
    ]
}


async def test_press_by_label_finds_the_newest_button(world, client, ana, chat):
    """Of two messages with the same label the newer one is pressed."""
    await client.ok("sendMessage", chat_id=chat, text="a", reply_markup=ONE)
    await client.ok("sendMessage", chat_id=chat, text="b", reply_markup=TWO)
    world.people.press(ana, "survivor", label="Go on")
    world.people.press(ana, "survivor", label="back")
    world.people.press(ana, "survivor", 2, label="Go on")
    pressed = [u["callback_query"]["data"] for u in await client.updates() if "callback_query" in u]
    assert pressed == ["2", "back", "on"]


async def test_buttons_that_are_not_there_cannot_be_pressed(world, client, ana, chat):
    """Neither unknown labels nor buttons of deleted messages; a forged press can."""
    await client.ok("sendMessage", chat_id=chat, text="a", reply_markup=ONE)
    with pytest.raises(PersonCannot, match="no button 'Nope'"):
        world.people.press(ana, "survivor", label="Nope")
    await client.ok("deleteMessage", chat_id=chat, message_id=2)
    with pytest.raises(PersonCannot):
        world.people.press(ana, "survivor", label="Go on")
    world.people.press(ana, "survivor", 2, data="anything", forged=True)
    query = (await client.updates())[-1]["callback_query"]
    assert query["data"] == "anything"
    assert (query["message"]["message_id"], query["message"]["date"]) == (2, 0)


async def test_deleting_on_ones_own_phone_is_not_told(world, client, ana, chat):
    """The message is gone for her, the bot can still edit it and hears nothing."""
    await client.ok("sendMessage", chat_id=chat, text="x")
    await client.updates(offset=-1)
    world.people.delete(ana, "survivor", [2])
    assert [m.id for m in world.people.messages(ana, "survivor")] == [1]
    await client.ok("editMessageText", chat_id=chat, message_id=2, text="y")
    assert len(await client.updates()) == 1
    world.people.delete(ana, "survivor", [2], for_everyone=True)
    got = await client.refused("editMessageText", chat_id=chat, message_id=2, text="z")
    assert got == (400, "Bad Request: message to edit not found")


def test_app_refuses_what_telegrams_apps_refuse(world, ana):
    """Empty and over-long texts, foreign messages, taken ids, writing to a blocked bot."""
    people = world.people
    with pytest.raises(PersonCannot):
        people.send_text(ana, "survivor", "")
    with pytest.raises(PersonCannot):
        people.send_text(ana, "survivor", "x" * 4097)
    with pytest.raises(PersonCannot):
        people.edit(ana, "survivor", 99, "x")
    with pytest.raises(PersonCannot):
        people.add("Bea", person_id=ana.id)
    with pytest.raises(PersonCannot):
        people.add("Bea", person_id=2**52 + 1)
    with pytest.raises(PersonCannot):
        people.send_media(ana, "survivor", "hologram")
    people.start(ana, "survivor")
    people.block(ana, "survivor")
    with pytest.raises(PersonCannot, match="blocked"):
        people.send_text(ana, "survivor", "x")


async def test_chats_with_two_bots_are_apart(world, client, ana, chat):
    """Message ids and histories of one person with two bots do not mix."""
    world.add_bot("2000:staff-token", "staff")
    world.people.start(ana, "staff")
    await client.ok("sendMessage", chat_id=chat, text="to the survivor chat")
    assert len(world.people.messages(ana, "survivor")) == 2
    assert len(world.people.messages(ana, "staff")) == 1


async def test_names_and_languages_reach_the_locked_phone(world, client, ana, chat):
    """The title of a notification is the bot's name in the person's language."""
    await client.ok("setMyName", name="Caminos", language_code="es")
    await client.ok("sendMessage", chat_id=chat, text="x" * 300)
    note = world.people.notifications(ana)[-1]
    assert (note["title"], note["text"], note["silent"]) == ("Caminos", "x" * 200, False)


async def test_profile_is_kept_by_language(client):
    """Commands are exact by language; names and descriptions fall back to the common ones."""
    commands = [{"command": "start", "description": "Begin"}]
    await client.ok("setMyCommands", commands=commands, language_code="es")
    assert await client.ok("getMyCommands", language_code="es") == commands
    assert await client.ok("getMyCommands") == []
    await client.ok("setMyDescription", description="Quiet")
    got = await client.ok("getMyDescription", language_code="es")
    assert got == {"description": "Quiet"}
    await client.ok("setMyShortDescription", short_description="Q", language_code="es")
    assert await client.ok("getMyShortDescription") == {"short_description": ""}
    assert await client.ok("getMyName") == {"name": "Survivor"}


@pytest.mark.parametrize(
    ("commands", "refusal"),
    [
        ([{"command": "Bad!", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "ok", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "ok", "description": "x"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_commands_have_limits(client, commands, refusal):
    """Names are small letters, descriptions 1 to 256, at most 100 of them."""
    got = await client.refused("setMyCommands", commands=commands)
    assert got == (400, f"Bad Request: {refusal}")


async def test_getchat_tells_a_chat_that_was_opened(client, chat):
    """A known chat has its type and name; getMe tells the bot about itself."""
    about = await client.ok("getChat", chat_id=chat)
    assert (about["id"], about["type"], about["first_name"]) == (chat, "private", "Ana")
    me = await client.ok("getMe")
    assert (me["id"], me["is_bot"], me["first_name"]) == (1000, True, "Survivor")


async def test_bot_that_left_a_group_cannot_write_there(world, client, ana):
    """403 after leaveChat."""
    group = world.people.add_group("Team", [ana], ["survivor"])
    await client.ok("leaveChat", chat_id=group.id)
    got = await client.refused("sendMessage", chat_id=group.id, text="x")
    assert got == (403, "Forbidden: bot is not a member of the supergroup chat")
