"""Publishing: the whole input of flows and catalogues, kept by hash, and which one is served.

``run`` serves the newest published version (and publishes a valid first one by itself); ``demo``
serves the drafts in the folder. Reading folders is a function here, because it is the same for all.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bot.flowdef.model import Issue
from bot.store.protocol import Store, Version

from .editions import FLOWS, LOCALES, Edition, Editions, build


def read_input(flows: Path, locales: Path) -> dict[str, bytes]:
    """Every flow file and catalogue, by a relative name that does not depend on where they lie."""
    files = {
        f"{FLOWS}/{path.relative_to(flows).as_posix()}": path.read_bytes()
        for path in sorted(flows.rglob("*.yaml"))
        if not path.name.endswith(".tests.yaml")
    }
    files |= {
        f"{LOCALES}/{path.relative_to(locales).as_posix()}": path.read_bytes()
        for path in sorted(locales.glob("*/LC_MESSAGES/messages.po"))
    }
    return files


def digest(files: Mapping[str, bytes]) -> str:
    """The hash a version is kept under: of names and contents, words included."""
    total = hashlib.sha256()
    for name, data in sorted(files.items()):
        total.update(f"{name}\n{len(data)}\n".encode())
        total.update(data)
    return total.hexdigest()


async def publish(
    store: Store, files: Mapping[str, bytes], home: str, now: datetime
) -> tuple[Edition | None, tuple[Issue, ...]]:
    """Make these files the current version. None, with the reasons, when they have errors."""
    edition, issues = build(files, home, checked=False)
    if edition is not None:
        version = Version(digest(files), edition.rules.structure, now, files)
        await store.publish(version)
    return edition, issues


async def editions(store: Store, newest: Edition, home: str) -> Editions:
    """The served edition, with every older structure that somebody still stands in."""
    older: dict[str, Edition] = {}
    for version in await store.versions_in_use():
        if version.structure in older or version.structure == newest.rules.structure:
            continue
        edition, _ = build(version.files, home, checked=True)
        if edition is not None:
            older[version.structure] = edition
    return Editions(newest, older)
