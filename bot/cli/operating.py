"""Commands for whoever keeps the program running."""

import argparse

from .frame import FINE, PROBLEMS, Add, go, log_to_terminal, settings_of


def register(add: Add) -> None:
    """Add these commands to the parser."""
    add("migrate", _migrate, "bring the database to this program's schema")
    add("doctor", _doctor, "look at settings, storage and both bots, and say what is not right")


def _migrate(_: argparse.Namespace) -> int:
    from bot import app

    settings = settings_of(bots=False)

    async def work() -> int:
        store = await app.open_store(settings)
        await store.close()
        print("The database has the schema of this program.")
        return FINE

    return go(work())


def _doctor(_: argparse.Namespace) -> int:
    from bot.doctor import examine

    settings = settings_of(bots=True)
    log_to_terminal()

    async def work() -> int:
        found = await examine(settings)
        for sentence in found:
            print(f"- {sentence}")
        print("Nothing to mend." if not found else f"{len(found)} to look at.")
        return PROBLEMS if found else FINE

    return go(work())
