"""How updates are made, confirmed, kept, and lost."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.sandbox import WorldClock, create_world

from .conftest import TOKEN, Client


async def test_update_of_a_start_looks_like_telegrams(world, client, ana):
    """A /start carries sender, chat, date, text and the bot_command entity."""
    world.people.start(ana, "survivor", "abc")
    (update,) = await client.updates()
    update.pop("update_id")
    assert update == {
        "message": {
            "message_id": 1,
            "from": {
                "id": 4503599627370496,
                "is_bot": False,
                "first_name": "Ana",
                "language_code": "es",
            },
            "chat": {"id": 4503599627370496, "first_name": "Ana", "type": "private"},
            "date": 1800000000,
            "text": "/start abc",
            "entities": [{"offset": 0, "length": 6, "type": "bot_command"}],
        }
    }


async def test_update_of_a_press_carries_the_message_with_its_buttons(world, client, ana, chat):
    """A callback query has id, from, message, chat_instance and data."""
    buttons = [[{"text": "One", "callback_data": "1"}]]
    sent = await client.ok(
        "sendMessage", chat_id=chat, text="Pick", reply_markup={"inline_keyboard": buttons}
    )
    query_id = world.people.press(ana, "survivor", label="One")
    query = (await client.updates())[-1]["callback_query"]
    assert query["id"] == query_id
    assert query["data"] == "1"
    assert query["from"]["id"] == ana.id
    assert query["message"] == sent
    assert isinstance(query["chat_instance"], str)


async def test_offset_confirms_everything_below_it(world, client, ana):
    """Confirmed updates are gone, later ones stay until they are confirmed too."""
    for text in ("a", "b", "c"):
        world.people.send_text(ana, "survivor", text)
    first, second, third = await client.updates()
    assert [second["update_id"], third["update_id"]] == [
        first["update_id"] + 1,
        first["update_id"] + 2,
    ]
    assert await client.updates(offset=second["update_id"]) == [second, third]
    assert await client.updates() == [second, third]
    confirmed = [entry["update_ids"] for entry in world.journal.entries("updates_confirmed")]
    assert confirmed == [[first["update_id"]]]


async def test_negative_offset_keeps_only_the_last_ones(world, client, ana):
    """Offset -1 forgets all but the newest update."""
    for text in ("a", "b", "c"):
        world.people.send_text(ana, "survivor", text)
    assert [u["message"]["text"] for u in await client.updates(offset=-1)] == ["c"]
    assert [u["message"]["text"] for u in await client.updates()] == ["c"]


async def test_limit_is_kept_between_1_and_100(world, client, ana):
    """A limit of 0 means 1, one above 100 means 100."""
    for number in range(120):
        world.people.send_text(ana, "survivor", str(number))
    assert len(await client.updates(limit=0)) == 1
    assert len(await client.updates(limit=1000)) == 100
    assert len(await client.updates(limit=7)) == 7


async def test_long_poll_ends_when_an_update_comes(world, client, ana):
    """A waiting poll is answered by the update it waited for."""
    poll = asyncio.create_task(client.updates(timeout=30))
    await asyncio.sleep(0)
    world.people.send_text(ana, "survivor", "now")
    (update,) = await asyncio.wait_for(poll, 1)
    assert update["message"]["text"] == "now"


async def test_of_two_polls_the_older_is_cut(world, client, ana):
    """The older poll gets 409 in Telegram's words, the newer one goes on waiting."""
    older = asyncio.create_task(client.refused("getUpdates", timeout=30))
    await asyncio.sleep(0)
    newer = asyncio.create_task(client.updates(timeout=30))
    assert await asyncio.wait_for(older, 1) == (
        409,
        (
            "Conflict: terminated by other getUpdates request; make sure that only one bot "
            "instance is running"
        ),
    )
    world.people.send_text(ana, "survivor", "to the newer")
    assert len(await asyncio.wait_for(newer, 1)) == 1


async def test_polling_is_refused_while_a_webhook_is_set(client):
    """Webhook and polling exclude each other, and setting one cuts a waiting poll."""
    poll = asyncio.create_task(client.refused("getUpdates", timeout=30))
    await asyncio.sleep(0)
    await client.ok("setWebhook", url="http://127.0.0.1:9/hook")
    assert await poll == (409, "Conflict: terminated by setWebhook request")
    assert await client.refused("getUpdates") == (
        409,
        (
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to "
            "delete the webhook first"
        ),
    )
    await client.ok("deleteWebhook")
    assert await client.updates() == []


async def test_presses_die_after_150_seconds_and_words_after_a_day(world, client, ana, chat):
    """Each kind of update has Telegram's lifetime, counted in world time."""
    await client.ok(
        "sendMessage",
        chat_id=chat,
        text="Pick",
        reply_markup={"inline_keyboard": [[{"text": "One", "callback_data": "1"}]]},
    )
    world.people.press(ana, "survivor", label="One")
    world.clock.advance(151)
    assert [list(u)[1] for u in await client.updates()] == ["message"]
    assert [e["kind"] for e in world.journal.entries("update_expired")] == ["callback_query"]
    world.clock.advance(86_400)
    assert await client.updates() == []


async def test_allowed_updates_are_respected_and_remembered(world, client, ana):
    """What the bot did not ask for is not made, also on later polls that do not repeat the list."""
    await client.updates(allowed_updates=["callback_query"])
    world.people.send_text(ana, "survivor", "unheard")
    assert await client.updates() == []
    assert len(list(world.journal.entries("update_unwanted"))) == 1
    await client.updates(allowed_updates=[])
    world.people.send_text(ana, "survivor", "heard")
    assert len(await client.updates()) == 1


async def test_ids_restart_at_random_after_a_quiet_week(world, client, ana):
    """After seven days without updates the next id is somewhere else."""
    world.people.send_text(ana, "survivor", "a")
    (before,) = await client.updates()
    await client.updates(offset=before["update_id"] + 1)
    world.clock.advance(8 * 86_400)
    world.people.send_text(ana, "survivor", "b")
    (after,) = await client.updates()
    assert abs(after["update_id"] - before["update_id"]) > 1000


async def test_ids_restart_on_request_once_the_queue_is_empty(world, client, ana):
    """A wanted restart waits until nothing is pending."""
    queue = world.bot("survivor").queue
    world.people.send_text(ana, "survivor", "a")
    queue.restart_when_empty = True
    world.people.send_text(ana, "survivor", "b")
    first, second = await client.updates()
    assert second["update_id"] == first["update_id"] + 1
    await client.updates(offset=second["update_id"] + 1)
    world.people.send_text(ana, "survivor", "c")
    assert abs((await client.updates())[0]["update_id"] - second["update_id"]) > 1000


async def test_offset_far_in_the_future_is_not_believed(world, client, ana):
    """An old offset kept across a restart of ids confirms nothing."""
    world.bot("survivor").queue.restart(at=50_000)
    world.people.send_text(ana, "survivor", "kept")
    assert len(await client.updates(offset=900_000)) == 1
    assert len(await client.updates()) == 1


async def test_strict_polls_hand_out_one_update_when_an_offset_is_repeated():
    """Asking for the same offset within half a second is answered with one update."""
    world = create_world(clock=WorldClock(lambda: 1_800_000_000.0))
    world.add_bot(TOKEN, "survivor")
    client = Client(world)
    ana = world.people.add("Ana")
    for text in ("a", "b"):
        world.people.send_text(ana, "survivor", text)
    assert len(await client.updates(offset=1)) == 2
    assert len(await client.updates(offset=1)) == 1


async def test_raw_text_is_spliced_into_the_answer_as_it_is(world, client):
    """Any text can be an update; %ID% becomes its id."""
    first = world.put_raw(world.bot("survivor"), '{"update_id":%ID%,"message":7}')
    world.put_raw(world.bot("survivor"), "{not json")
    assert await client.updates(limit=1) == [{"update_id": first, "message": 7}]
    answer = await client.answer("getUpdates")
    assert b"{not json" in answer.body
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.body)


async def test_half_a_surrogate_pair_and_nul_arrive(world, client, ana):
    """Hostile characters travel as JSON escapes."""
    world.people.send_text(ana, "survivor", "a\ud800b\x00c")
    assert (await client.updates())[0]["message"]["text"] == "a\ud800b\x00c"


async def test_edited_words_come_with_an_edit_date(world, client, ana):
    """An edit of one's own words is an edited_message with the same id."""
    message = world.people.send_text(ana, "survivor", "first")
    world.clock.advance(5)
    world.people.edit(ana, "survivor", message.id, "second")
    edited = (await client.updates())[-1]["edited_message"]
    assert (edited["message_id"], edited["text"], edited["edit_date"]) == (
        1,
        "second",
        1_800_000_005,
    )


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "contact", "location", "document"])
async def test_media_have_their_field_and_no_text(world, client, ana, kind):
    """A made-up picture, voice or sticker is reported in its own field."""
    world.people.send_media(ana, "survivor", kind)
    message = (await client.updates())[0]["message"]
    assert kind in message
    assert "text" not in message


async def test_block_and_unblock_are_told_once_each(world, client, ana, chat):
    """my_chat_member goes from member to kicked and back; nothing is told twice."""
    for act in (world.people.block, world.people.block, world.people.unblock):
        act(ana, "survivor")
    states = [
        (u["my_chat_member"]["old_chat_member"]["status"], u["my_chat_member"]["new_chat_member"])
        for u in await client.updates()
        if "my_chat_member" in u
    ]
    assert [(old, new["status"]) for old, new in states] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]


async def test_bot_in_a_group_hears_only_what_is_meant_for_it(world, client, ana):
    """Privacy mode: commands and replies to the bot, nothing else."""
    group = world.people.add_group("Team", [ana], ["survivor"])
    await client.updates(offset=-1)
    sent = await client.ok("sendMessage", chat_id=group.id, text="ping")
    world.people.send_text(ana, group.id, "among us")
    world.people.send_text(ana, group.id, "/queue")
    world.people.send_text(ana, group.id, "yes", reply_to=sent["message_id"])
    heard = [u["message"] for u in await client.updates() if "message" in u]
    assert [m["text"] for m in heard] == ["/queue", "yes"]
    assert heard[0]["chat"] == {"id": group.id, "title": "Team", "type": "supergroup"}
    assert heard[1]["reply_to_message"]["text"] == "ping"
