"""A disk that is really full, under the real program in a process of its own.

The operating system refuses every write of that process (a file size limit, set from outside);
Telegram is played in the process of the test, so what is confirmed and shown can be seen.
"""

import asyncio
import contextlib
import os
import resource
import signal
import sys
from pathlib import Path

import pytest

from bot.sandbox import create_world
from bot.sandbox.serving import listening

ROOT = Path(__file__).parents[2]
BUSY = "I cannot answer now."
PATIENCE = 60.0
"""The screen comes after 20 s without a commit; the rest is for a slow machine."""

pytestmark = pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="only Linux can fill a disk for one process"
)


@pytest.mark.slow
async def test_a_really_full_disk_is_said_loses_nothing_and_heals_by_itself(tmp_path: Path):
    """One fixed screen with numbers, nothing confirmed; with room again her words are answered."""
    world = create_world(seed=11)
    world.add_bot("1000:aaaa", "survivor")
    world.add_bot("2000:bbbb", "staff")
    people = world.people
    ana = people.add("Ana", language="en")

    def texts() -> str:
        return "\n".join(message.text or "" for message in people.messages(ana, "survivor"))

    def confirmed() -> int:
        entries = world.journal.entries("updates_confirmed")
        return sum(len(entry["update_ids"]) for entry in entries if entry["bot"] == "survivor")

    async with listening(world) as url:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "WAYMARK_SURVIVOR_TOKEN": "1000:aaaa",
            "WAYMARK_STAFF_TOKEN": "2000:bbbb",
            "WAYMARK_API_URL": url,
            "WAYMARK_LEADS": "77",
            "WAYMARK_FLOWS": str(ROOT / "flows"),
            "WAYMARK_LOCALES": str(ROOT / "locales"),
            "PORT": "0",
        }
        with (tmp_path / "log").open("wb") as log:
            bot = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run",
                cwd=tmp_path, env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=log,
            )  # fmt: skip
        try:
            people.start(ana, "survivor")
            await world.until(lambda: "Hello. This is Waymark" in texts(), timeout=PATIENCE)
            people.press(ana, "survivor", label="Go on")
            await world.until(lambda: "What matters to you" in texts(), timeout=PATIENCE)
            before = confirmed()
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
            people.send_text(ana, "survivor", "to be heard")
            await world.until(lambda: BUSY in texts(), timeout=PATIENCE)
            assert "988" in texts()
            assert confirmed() == before, "what is not committed is not confirmed"
            no_limit = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, no_limit)
            await world.until(lambda: "Marked: To be heard" in texts(), timeout=PATIENCE)
            assert texts().count(BUSY) == 1, "once an hour"
            # It went out past the outbox, and is remembered once that is possible.
            for _ in range(8):
                people.send_text(ana, "survivor", "leave now")
                with contextlib.suppress(TimeoutError):
                    await world.until(lambda: BUSY not in texts(), timeout=5.0)
                    break
            assert BUSY not in texts()
        finally:
            bot.send_signal(signal.SIGTERM)
            code = await asyncio.wait_for(bot.wait(), 20)
    assert code == 0, (tmp_path / "log").read_text()[-2000:]
    assert world.journal.errors == ()
