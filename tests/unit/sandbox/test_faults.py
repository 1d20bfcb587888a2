"""Faults by seed and by script, and what the journal says about them."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.sandbox import FAULT_KINDS, ConnectionCut, FaultPlan


def test_same_seed_gives_the_same_faults():
    """A plan decides by its seed alone."""
    rates = dict.fromkeys(FAULT_KINDS, 0.1)
    plans = [FaultPlan(seed, rates=rates) for seed in (3, 3, 4)]
    runs = [[plan.decide("sendMessage") for _ in range(300)] for plan in plans]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]
    assert {fault.kind for fault in runs[0] if fault} == set(FAULT_KINDS)


def test_rates_by_method_spare_the_others():
    """A mapping names methods; `*` stands for all that are not named."""
    plan = FaultPlan(1, rates={"delay": {"sendMessage": 1.0}, "drop_before": {"*": 0.0}})
    assert plan.decide("editMessageText") is None
    assert plan.decide("sendMessage").kind == "delay"


def test_most_bounds_the_number_of_faults():
    """After `most` faults the rest of the run is calm."""
    plan = FaultPlan(1, rates={"drop_before": 1.0}, most=2)
    assert [bool(plan.decide("x")) for _ in range(4)] == [True, True, False, False]


def test_unknown_kinds_are_refused():
    """A typing mistake cannot pass for a calm run."""
    with pytest.raises(ValueError, match="Unknown fault kinds"):
        FaultPlan(1, rates={"drop_befor": 1.0})
    with pytest.raises(ValueError, match="Unknown fault kind 'late'"):
        FaultPlan(1).once("sendMessage", "late")


async def test_drop_before_leaves_nothing_behind(world, client, ana, chat):
    """The connection is cut and no message exists."""
    world.faults.once("sendMessage", "drop_before")
    with pytest.raises(ConnectionCut):
        await client.answer("sendMessage", chat_id=chat, text="x")
    assert len(world.people.messages(ana, "survivor")) == 1
    entry = list(world.journal.entries("call"))[-1]
    assert (entry["accepted"], entry["answered"], entry["fault"]) == (False, False, "drop_before")


async def test_accept_then_drop_sends_without_an_answer(world, client, ana, chat):
    """The message exists and the journal knows its id, but the bot does not."""
    world.faults.once("sendMessage", "accept_then_drop")
    with pytest.raises(ConnectionCut):
        await client.answer("sendMessage", chat_id=chat, text="x")
    assert [m.text for m in world.people.messages(ana, "survivor")] == ["/start", "x"]
    entry = list(world.journal.entries("call"))[-1]
    assert (entry["accepted"], entry["answered"], entry["message_id"]) == (True, False, 2)


async def test_server_error_is_html_and_changes_nothing(world, client, ana, chat):
    """502 with a body that is no JSON."""
    world.faults.once("*", "server_error")
    answer = await client.answer("sendMessage", chat_id=chat, text="x")
    assert (answer.status, answer.content_type) == (502, b"text/html")
    assert answer.body.startswith(b"<html>")
    assert len(world.people.messages(ana, "survivor")) == 1


async def test_truncated_answer_ends_in_the_middle(world, client, ana, chat):
    """The message exists, the JSON cannot be read."""
    world.faults.once("sendMessage", "truncated")
    answer = await client.answer("sendMessage", chat_id=chat, text="x")
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.body)
    assert len(world.people.messages(ana, "survivor")) == 2


async def test_delay_takes_effect_at_once_and_answers_late(world, client, ana, chat):
    """The message is there before its answer is."""
    world.faults.once("sendMessage", "delay", 0.05)
    call = asyncio.create_task(client.ok("sendMessage", chat_id=chat, text="x"))
    await world.until(lambda: len(world.people.messages(ana, "survivor")) == 2)
    assert not call.done()
    await call


async def test_latency_holds_every_answer(world, client):
    """A fixed latency applies to calls without faults."""
    world.faults = FaultPlan(0, latency=0.05)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await client.ok("getMe")
    assert loop.time() - begun >= 0.045


async def test_unparsable_updates_come_with_their_own_ids_among_good_ones(world, client, ana):
    """Ids stay in order, the good update is whole, the journal names the bad one."""
    world.faults = FaultPlan(1, rates={"unparsable": 1.0})
    world.people.send_text(ana, "survivor", "good")
    bad, good = await client.updates()
    assert good["message"]["text"] == "good"
    assert good["update_id"] == bad["update_id"] + 1
    kinds = [entry["kind"] for entry in world.journal.entries("update_created")]
    assert kinds == ["unparsable", "message"]


async def test_duplicates_repeat_an_update_in_one_answer(world, client, ana):
    """The same update comes twice, and the journal says so."""
    world.faults = FaultPlan(1, rates={"duplicate": 1.0})
    world.people.send_text(ana, "survivor", "once")
    first, second = await client.updates()
    assert first == second
    assert [entry["fault"] for entry in world.journal.entries("fault")] == ["duplicate"]
