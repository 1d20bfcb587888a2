"""The demo: an emulated Telegram with a chat page, and the real bot, in one process.

Both bots, SQLite, sealed rows and outbox are the real ones; only Telegram is played. The database
lies in a folder that vanishes with the demo, and flows are served as they are in the folder.
"""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.app import Hooks, PortRefused, opened
from bot.config import Settings
from bot.preview import Board, Preview
from bot.sandbox import create_world
from bot.sandbox.serving import listening
from bot.sandbox.world import World

SURVIVOR_TOKEN, STAFF_TOKEN = "1000:demo-survivor", "2000:demo-staff"


async def play(
    port: int, folder: Path, flows: Path, locales: Path, seed: int, say: Callable[[str], None]
) -> None:
    """Run until cancelled; ``say`` is told the address of the page. Raises PortRefused."""
    world = create_world(seed=seed)
    world.add_bot(SURVIVOR_TOKEN, "survivor", title="Waymark")
    world.add_bot(STAFF_TOKEN, "staff", title="Waymark desk")
    people = world.people
    ana = people.add("Ana", language="en")
    luz = people.add("Luz", language="es")
    sam = people.add("Sam", language="en")
    kim = people.add("Kim", language="en")
    group = people.add_group("Team", members=(sam, kim), bots=("staff",))
    world.config = {
        "title": "Waymark",
        "note": "Nothing leaves this computer. Telegram is played; the bots are the real ones.",
        "phones": [
            {"label": "Survivor", "bot": "survivor", "people": [ana.id, luz.id]},
            {"label": "Desk", "bot": "staff", "people": [sam.id, kim.id], "groups": [group.id]},
        ],
    }
    async with contextlib.AsyncExitStack() as stack:
        try:
            url = await stack.enter_async_context(listening(world, port))
        except OSError:
            msg = (
                f"Port {port} cannot be opened for the page. Another program may use it: "
                "choose a free one, for example PORT=9000 make demo."
            )
            raise PortRefused(msg) from None
        settings = Settings.from_env(
            {
                "WAYMARK_SURVIVOR_TOKEN": SURVIVOR_TOKEN,
                "WAYMARK_STAFF_TOKEN": STAFF_TOKEN,
                "WAYMARK_API_URL": url,
                "DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
                "WAYMARK_KEYSTORE": str(folder / "demo.keys"),
                "WAYMARK_LEADS": f"{sam.id},{kim.id}",
                "WAYMARK_STAFF_GROUP": str(group.id),
                "WAYMARK_FLOWS": str(flows),
                "WAYMARK_LOCALES": str(locales),
                "PORT": "0",
            }
        )
        # The page can move the clock; the bot has to live in the same time.
        hooks = Hooks(clock=lambda: datetime.fromtimestamp(world.clock.now(), UTC))
        async with opened(settings, drafts=True, hooks=hooks) as waymark:
            preview = Preview(
                flows,
                locales,
                settings.home,
                store=waymark.store,
                served=waymark.editions,
                clock=hooks.clock,
                show=lambda board: _posted(world, board),
            )
            watching = asyncio.create_task(preview.run(), name="preview")
            stack.callback(watching.cancel)

            def ready(health: str) -> None:
                say(f"Open {url} in a browser. Left: the survivor. Right: the staff member.")
                say(f"The bot's own health page: {health}/health/ready. Ctrl+C ends the demo.")

            await waymark.run(ready)


def _posted(world: World, board: Board) -> None:
    """The board on the page: problems with their places, or what has changed."""
    lines = [
        {
            "level": issue.severity,
            "where": f"{issue.place.file}:{issue.place.line}:{issue.place.column}",
            "text": f"{issue.id}: {issue.what} {issue.todo}",
        }
        for issue in board.problems
    ]
    lines += [{"level": "change", "where": "", "text": change} for change in board.changes]
    world.board = {"state": board.state, "sentence": board.sentence, "lines": lines}
    world.touch()
