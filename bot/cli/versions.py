"""Commands that decide which version of the flows is served, and who did what with them when.

The database is open to one process at a time: these run while the bot is stopped, as the release
step of an upgrade does.
"""

import argparse
import getpass
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.config import Settings

from .frame import FINE, WRONGLY, Add, go, say, settings_of

if TYPE_CHECKING:
    from bot.store.protocol import Release, Store

SHORT = 12
"""So many digits of a hash tell versions apart."""


def register(add: Add) -> None:
    """Add these commands to the parser."""
    publish = add("publish", _publish, "make the flows in the folder the ones that are served")
    versions = add(
        "versions", _versions, "list published versions, who stands in them, who did what"
    )
    versions.add_argument("hash", nargs="?", default="", help="show what this version changed")
    versions.add_argument("--all", action="store_true", help="also those nobody stands in")
    revert = add("revert", _revert, "serve an earlier version again")
    revert.add_argument("hash", nargs="?", default="", help="else the one before the served one")
    withdraw = add("withdraw", _withdraw, "take people out of a version at their next touch")
    withdraw.add_argument("hash", help="the beginning of the version's hash")
    withdraw.add_argument("--to", required=True, metavar="STEP", help="for example ways.start")
    for command in (publish, revert, withdraw):
        command.add_argument("--by", default="", help="who does this; else your user name")
        command.add_argument("--note", default="", help="why, in a few words")


def _with_store(work: "Callable[[Store, Settings], Awaitable[int]]") -> int:
    from bot import app

    settings = settings_of(bots=False)

    async def run() -> int:
        store = await app.open_store(settings)
        try:
            return await work(store, settings)
        finally:
            await store.close()

    return go(run())


def _who(chosen: argparse.Namespace) -> str:
    return str(chosen.by or getpass.getuser())


def _publish(chosen: argparse.Namespace) -> int:
    from bot import app
    from bot.flowdef.load import load
    from bot.service.publishing import publish, read_input, stranded

    async def work(store: "Store", settings: Settings) -> int:
        library, _ = load(settings.flows)
        gone = await stranded(store, library)
        for issue in gone:
            print(issue if issue.severity == "error" else f"{issue} (warning)")
        if any(issue.severity == "error" for issue in gone):
            return say("Nothing was published: people stand in steps that are gone.")
        files = read_input(settings.flows, settings.locales)
        edition, issues = await publish(
            store, files, settings.home, app.now(), by=_who(chosen), note=chosen.note
        )
        for issue in issues:
            print(issue)
        if edition is None:
            return say("Nothing was published. Mend the errors above and publish again.")
        print((await store.releases())[0].difference or "Nothing that people read has changed.")
        print(f"Published. Structure {edition.rules.structure[:SHORT]}.")
        return FINE

    return _with_store(work)


def _versions(chosen: argparse.Namespace) -> int:
    async def work(store: "Store", _: Settings) -> int:
        releases = await store.releases()
        if chosen.hash:
            return _one(chosen.hash, releases)
        standing = await store.standing()
        shown = await (store.versions() if chosen.all else store.versions_in_use())
        current = await store.current_version()
        for version in shown:
            people = max(standing.get(version.structure, {}).values(), default=0)
            marks = ", ".join(
                mark
                for mark in (
                    "served" if current and version.hash == current.hash else "",
                    f"withdrawn to {version.withdrawn_to}" if version.withdrawn_to else "",
                )
                if mark
            )
            print(
                f"{version.published_at:%Y-%m-%d %H:%M} version {version.hash[:SHORT]} "
                f"structure {version.structure[:SHORT]} people {people}"
                f"{f' ({marks})' if marks else ''}"
            )
        if not shown:
            print("Nothing has been published yet.")
        for release in releases:
            print(_told(release))
        return FINE

    return _with_store(work)


def _told(release: "Release") -> str:
    by = f" by {release.by}" if release.by else ""
    note = f": {release.note}" if release.note else ""
    return f"{release.at:%Y-%m-%d %H:%M} {release.what} {release.version[:SHORT]}{by}{note}"


def _one(wanted: str, releases: "tuple[Release, ...]") -> int:
    found = [release for release in releases if release.version.startswith(wanted)]
    if not found:
        say(f"Nothing was done with a version that begins with `{wanted[:64]}`.")
        return WRONGLY
    for release in found:
        print(_told(release))
        print(release.difference or "Nothing that people read has changed.")
    return FINE


def _revert(chosen: argparse.Namespace) -> int:
    from bot import app
    from bot.service.publishing import NoSuchVersion, revert

    async def work(store: "Store", _: Settings) -> int:
        try:
            version, lines = await revert(
                store, chosen.hash, app.now(), by=_who(chosen), note=chosen.note
            )
        except NoSuchVersion as problem:
            return say(str(problem))
        print("\n".join(lines) or "Nothing that people read has changed.")
        print(f"Version {version.hash[:SHORT]} is served again from the next start.")
        return FINE

    return _with_store(work)


def _withdraw(chosen: argparse.Namespace) -> int:
    from bot import app
    from bot.service.publishing import NoSuchVersion, withdraw

    async def work(store: "Store", _: Settings) -> int:
        try:
            version = await withdraw(
                store, chosen.hash, chosen.to, app.now(), by=_who(chosen), note=chosen.note
            )
        except NoSuchVersion as problem:
            return say(str(problem))
        print(f"Version {version.hash[:SHORT]} is withdrawn.")
        print(f"Whoever stands in it goes to {chosen.to} at the next touch.")
        return FINE

    return _with_store(work)
