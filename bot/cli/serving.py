"""Commands that serve: the bots, or the demo."""

import argparse
import logging
import os
import secrets
import tempfile
from pathlib import Path

from bot.config import Settings

from .frame import FINE, Add, go, log_to_terminal, settings_of, until_told


def register(add: Add) -> None:
    """Add these commands to the parser."""
    add("run", _run, "serve both bots")
    add("demo", _demo, "play it on one page, without a token")


def _run(_: argparse.Namespace) -> int:
    from bot import app

    settings = settings_of(bots=True)
    log_to_terminal()
    print(f"Waymark. {app.WARNING}")
    if not settings.leads:
        print("WAYMARK_LEADS is empty: nobody can answer at the desk, and people are told so.")

    async def serve() -> int:
        async with app.opened(settings) as waymark:
            await until_told(waymark.run(lambda url: print(f"Health: {url}/health/ready")))
        return FINE

    return go(serve())


def _demo(_: argparse.Namespace) -> int:
    from bot import demo

    port = Settings.from_env({"PORT": os.environ.get("PORT") or "8080"}, bots=False).port
    flows = Path(os.environ.get("WAYMARK_FLOWS") or "flows")
    locales = Path(os.environ.get("WAYMARK_LOCALES") or "locales")
    logging.basicConfig(level=logging.WARNING)

    async def play() -> int:
        with tempfile.TemporaryDirectory(prefix="waymark-demo-") as folder:
            await until_told(
                demo.play(port, Path(folder), flows, locales, secrets.randbits(32), print)
            )
        return FINE

    return go(play())
