"""Flood limits, in world time."""

from __future__ import annotations

import json

from bot.sandbox import FaultPlan


async def _floods(client, chat_id, method="sendMessage", **more):
    """How many calls pass before the first 429, and the seconds it names."""
    for count in range(200):
        answer = await client.answer(method, chat_id=chat_id, text=f"{method} {count}", **more)
        if answer.status == 429:
            said = json.loads(answer.body)
            seconds = said["parameters"]["retry_after"]
            assert said["description"] == f"Too Many Requests: retry after {seconds}"
            assert answer.retry_after == seconds
            return count, seconds
    return 200, 0


async def test_private_chat_takes_a_burst_and_then_one_a_second(world, client, chat):
    """Five at once, then 429 for a second."""
    world.set_pacing(on=True)
    assert await _floods(client, chat) == (5, 1)
    world.clock.advance(1)
    assert await _floods(client, chat) == (1, 1)


async def test_edits_and_answers_are_not_counted_per_chat(world, client, chat):
    """Edits meet the overall limit of 30 a second only."""
    await client.ok("sendMessage", chat_id=chat, text="x")
    world.set_pacing(on=True)
    assert await _floods(client, chat, "editMessageText", message_id=2) == (30, 1)


async def test_group_takes_twenty_a_minute(world, client, ana):
    """The twenty-first message of a minute waits three seconds."""
    group = world.people.add_group("Team", [ana], ["survivor"])
    world.set_pacing(on=True)
    assert await _floods(client, group.id) == (20, 3)
    world.clock.advance(60)
    assert await _floods(client, group.id) == (20, 3)


async def test_thirty_a_second_over_all_chats(world, client):
    """The thirty-first call to different chats within a second is refused."""
    people = [world.people.add(f"P{i}") for i in range(40)]
    for person in people:
        world.people.start(person, "survivor")
    world.set_pacing(on=True)
    statuses = [
        (await client.answer("sendMessage", chat_id=person.id, text="x")).status
        for person in people
    ]
    assert statuses == [200] * 30 + [429] * 10


async def test_limits_can_be_switched_off(world, client, chat):
    """For load tests everything passes."""
    assert await _floods(client, chat) == (200, 0)


async def test_injected_429_holds_until_its_time_has_come(world, client, chat):
    """A call before retry_after is refused again, also without flood limits."""
    world.faults = FaultPlan(1)
    world.faults.once("sendMessage", "too_many_requests", 35)
    first = await client.refused("sendMessage", chat_id=chat, text="x")
    assert first == (429, "Too Many Requests: retry after 35")
    world.clock.advance(30)
    early = await client.refused("sendMessage", chat_id=chat, text="x")
    assert early == (429, "Too Many Requests: retry after 5")
    world.clock.advance(5)
    await client.ok("sendMessage", chat_id=chat, text="x")
