"""I7: no text of a person, chat id, name or token outside the memory of the process in the clear:
not in logs at DEBUG, not in any file beside the database, while it runs and after it stopped.
"""

import logging

import pytest

from tests.e2e import paths
from tests.e2e.stage import STAFF_TOKEN, SURVIVOR_TOKEN, Somebody, Stage


async def test_nothing_of_a_whole_journey_is_in_logs_or_files(
    closed_stage: Stage, ana: Somebody, sam: Somebody, caplog: pytest.LogCaptureFixture
) -> None:
    """Root logging at DEBUG, every kind of event, one fault of each kind: no canary anywhere."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("telegram").setLevel(logging.DEBUG)
    logging.getLogger("aiosqlite").setLevel(logging.DEBUG)
    stage = closed_stage
    await stage.open()
    phone, desk = ana.at("survivor"), sam.at("staff")
    await desk.start()
    alias = await paths.into_talk(phone, desk)
    words = await phone.types("canary-of-hers heliotrope")
    await phone.edits(words, "canary-of-hers changed")
    await desk.types("canary-of-the-desk")
    await phone.sees("canary-of-the-desk")
    for kind in ("drop_before", "server_error", "truncated"):
        stage.world.faults.once("sendMessage", kind)
        await phone.types(f"canary-of-a-fault {kind}")
        await stage.pass_time(minutes=2)
    deep = '{"update_id":%ID%,"canary-broken":' + "[" * 100_000 + "]" * 100_000 + "}"
    stage.world.put_raw(stage.world.bot("survivor"), deep)
    await phone.sends("contact")
    await phone.forges("canary-data")
    await phone.types("numbers")
    await stage.calm()
    running = stage.found_in_files("canary", "heliotrope", alias, "Ana-Quill", "Sam-Thorn")
    await phone.types("leave now")
    await stage.close()
    stopped = stage.found_in_files("canary", "heliotrope", alias, "Ana-Quill", "Sam-Thorn")
    assert (running, stopped) == ([], [])
    secrets = (
        "canary",
        "heliotrope",
        "7c1f",
        "Ana-Quill",
        "Sam-Thorn",
        str(ana.id),
        str(sam.id),
        SURVIVOR_TOKEN,
        STAFF_TOKEN,
        SURVIVOR_TOKEN.partition(":")[2],
        "survivor-door",
    )
    lines = [record.getMessage() + (record.exc_text or "") for record in caplog.records]
    assert len(lines) > 5, "logging at DEBUG says something"
    assert [line for line in lines for secret in secrets if secret in line] == []
