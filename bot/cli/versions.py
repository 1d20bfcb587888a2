"""Commands that decide which version of the flows is served."""

import argparse

from .frame import FINE, Add, go, say, settings_of


def register(add: Add) -> None:
    """Add these commands to the parser."""
    add("publish", _publish, "make the flows in the folder the ones that are served")
    add("versions", _versions, "list the published versions in use")


def _publish(_: argparse.Namespace) -> int:
    from bot import app
    from bot.service.publishing import publish, read_input

    settings = settings_of(bots=False)

    async def work() -> int:
        store = await app.open_store(settings)
        try:
            files = read_input(settings.flows, settings.locales)
            edition, issues = await publish(store, files, settings.home, app.now())
        finally:
            await store.close()
        for issue in issues:
            print(issue)
        if edition is None:
            return say("Nothing was published. Mend the errors above and publish again.")
        print(f"Published. Structure {edition.rules.structure[:12]}.")
        return FINE

    return go(work())


def _versions(_: argparse.Namespace) -> int:
    from bot import app

    settings = settings_of(bots=False)

    async def work() -> int:
        store = await app.open_store(settings)
        try:
            current = await store.current_version()
            for version in await store.versions_in_use():
                mark = " (served)" if current and version.hash == current.hash else ""
                print(
                    f"{version.published_at:%Y-%m-%d %H:%M} version {version.hash[:12]} "
                    f"structure {version.structure[:12]}{mark}"
                )
        finally:
            await store.close()
        return FINE

    return go(work())
