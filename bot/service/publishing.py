"""Publishing: the whole input of flows and catalogues, kept by hash, and which one is served.

``run`` serves the newest published version (and publishes a valid first one by itself); ``demo``
serves the drafts in the folder. Reading folders is a function here, because it is the same for all.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.core.ids import StepId
from bot.flowdef.checks.gone import removed_without_heir
from bot.flowdef.fields import did_you_mean
from bot.flowdef.load import flow_files, load_files
from bot.flowdef.model import Issue, Library
from bot.store.protocol import Release, Store, Version
from bot.text.catalog import catalogue_files

from .changes import difference
from .editions import FLOWS, LOCALES, Edition, Editions, build, under


def read_input(flows: Path, locales: Path) -> dict[str, bytes]:
    """Every flow file and catalogue, by a relative name that does not depend on where they lie.

    Raises OSError when one of them cannot be read.
    """
    files = {
        f"{FLOWS}/{path.relative_to(flows).as_posix()}": path.read_bytes()
        for path in flow_files(flows)
    }
    files |= {
        f"{LOCALES}/{path.relative_to(locales).as_posix()}": path.read_bytes()
        for path in catalogue_files(locales)
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
    store: Store,
    files: Mapping[str, bytes],
    home: str,
    now: datetime,
    *,
    by: str = "",
    note: str = "",
) -> tuple[Edition | None, tuple[Issue, ...]]:
    """Make these files the current version. None, with the reasons, when they have errors.

    Whether people stand in steps that are gone is not asked here but by ``stranded``.
    """
    edition, issues = build(files, home, checked=False)
    if edition is not None:
        version = Version(digest(files), edition.rules.structure, now, files)
        before = await store.current_version()
        lines = difference(_library(before), edition.library) if before is not None else ()
        what = Release(now, "published", version.hash, by, note, "\n".join(lines))
        await store.publish(version, what)
    return edition, issues


async def stranded(store: Store, library: Library) -> tuple[Issue, ...]:
    """Steps that these flows lack and do not speak of: errors where people stand in them."""
    standing = await store.standing()
    found: set[Issue] = set()
    for version in await store.versions_in_use():
        counts = standing.get(version.structure, {})
        if not version.withdrawn_to:
            found.update(removed_without_heir(_library(version), library, counts))
    return tuple(sorted(found, key=lambda issue: (issue.severity, issue.place, issue.what)))


def _library(version: Version) -> Library:
    library, _ = load_files(under(version.files, FLOWS))
    return library


class NoSuchVersion(ValueError):
    """A version cannot be gone back to or withdrawn. The message says why and what to do."""


async def revert(
    store: Store, wanted: str, now: datetime, *, by: str, note: str = ""
) -> tuple[Version, tuple[str, ...]]:
    """Make an earlier version the current one: ``wanted`` (the beginning of its hash), or the one
    before. Returns it with the difference. Raises NoSuchVersion.
    """
    kept = await store.versions()
    if not wanted and len(kept) < 2:  # noqa: PLR2004 - the current one, and one before it
        msg = "There is no version before this one. `versions --all` lists what is kept."
        raise NoSuchVersion(msg)
    version = _named(kept, wanted) if wanted else kept[1]
    if version.hash == kept[0].hash:
        msg = f"Version {version.hash[:12]} is the one that is served."
        raise NoSuchVersion(msg)
    lines = difference(_library(kept[0]), _library(version))
    release = Release(now, "reverted", version.hash, by, note, "\n".join(lines))
    await store.publish(replace(version, published_at=now), release)
    return version, lines


async def withdraw(
    store: Store, wanted: str, step: str, now: datetime, *, by: str, note: str = ""
) -> Version:
    """Take whoever stands in a version to a step of the current one, at her next touch.

    Returns the version. Raises NoSuchVersion.
    """
    kept = await store.versions()
    version = _named(kept, wanted)
    current = kept[0]
    if version.structure == current.structure:
        msg = (
            f"People in version {version.hash[:12]} stand in the structure that is served, and "
            "see its words already. Publish a corrected version first, or `revert`."
        )
        raise NoSuchVersion(msg)
    library = _library(current)
    if StepId(step) not in library.steps:
        msg = (
            f"There is no step `{step}` in the served version. {did_you_mean(step, library.steps)}"
        )
        raise NoSuchVersion(msg)
    release = Release(now, "withdrawn", version.hash, by, note, f"Its people go to {step}.")
    await store.withdraw(version.hash, StepId(step), release)
    return version


def _named(kept: tuple[Version, ...], wanted: str) -> Version:
    found = [version for version in kept if wanted and version.hash.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    how = "Several versions begin" if found else "No version begins"
    msg = f"{how} with `{wanted[:64]}`. `versions --all` lists what is kept."
    raise NoSuchVersion(msg)


async def editions(store: Store, newest: Edition, home: str) -> Editions:
    """The served edition, with every older structure that somebody still stands in."""
    older: dict[str, Edition] = {}
    withdrawn: dict[str, StepId] = {}
    for version in await store.versions_in_use():
        if version.withdrawn_to and version.structure != newest.rules.structure:
            withdrawn[version.structure] = version.withdrawn_to
        if version.structure in older or version.structure == newest.rules.structure:
            continue
        edition, _ = build(version.files, home, checked=True)
        if edition is not None:
            older[version.structure] = edition
    return Editions(newest, older, withdrawn)
