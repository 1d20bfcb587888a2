"""Published sets of flow and locale files, by hash, and the record of what was done with them.

They are about nobody, so nothing is sealed. Where people stand is counted here as well: their
sessions are opened in memory, and nothing but counts a step leaves it.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from bot.core.ids import PersonId, StepId

from . import codec
from .protocol import Release, Version
from .times import micros, moment
from .transaction import Transaction

KEPT: Final = 20
"""So many of the newest versions are kept, needed or not, so that one can go back."""


def publish(tx: Transaction, version: Version, release: Release | None = None) -> None:
    """Make a version the current one; equal files are kept once."""
    tx.run(
        "version_add",
        hash=version.hash,
        structure=version.structure,
        published=micros(version.published_at),
    )
    for path, content in version.files.items():
        blob = hashlib.sha256(content).hexdigest()
        tx.run("version_blob", hash=blob, bytes=content)
        tx.run("version_file", version=version.hash, path=path, blob=blob)
    if release is not None:
        _record(tx, release)


def withdraw(tx: Transaction, version: str, step: StepId, release: Release) -> None:
    """Whoever stands in that version's structure goes to ``step`` at her next touch."""
    tx.run("version_withdraw", hash=version, step=step)
    _record(tx, release)


def _record(tx: Transaction, release: Release) -> None:
    tx.run(
        "release_add",
        at=micros(release.at),
        what=release.what,
        version=release.version,
        by=release.by,
        note=release.note,
        difference=release.difference,
    )


def releases(tx: Transaction) -> tuple[Release, ...]:
    """Everything that was done with versions, the newest first."""
    return tuple(
        Release(moment(at), what, version, by, note, difference)
        for at, what, version, by, note, difference in tx.all("releases_all")
    )


def current(tx: Transaction) -> Version | None:
    """The version published last."""
    row = tx.one("version_current")
    return None if row is None else _opened(tx, row)


def in_use(tx: Transaction) -> tuple[Version, ...]:
    """The current version first, then every other one whose structure somebody stands in."""
    newest = tx.one("version_current")
    rows = ([] if newest is None else [newest]) + tx.all("versions_pinned")
    return tuple(_opened(tx, row) for row in {row[0]: row for row in rows}.values())


def kept(tx: Transaction) -> tuple[Version, ...]:
    """Every version that is kept, the newest first."""
    return tuple(_opened(tx, row) for row in tx.all("versions_all"))


def forget(tx: Transaction) -> int:
    """Remove old versions that nobody stands in, and files no other version has."""
    gone = tx.all("versions_unneeded", newest=KEPT)
    for (hash_,) in gone:
        tx.run("version_forget_files", hash=hash_)
        tx.run("version_forget", hash=hash_)
    if gone:
        tx.run("blobs_forget")
    return len(gone)


def standing(tx: Transaction) -> Mapping[str, Mapping[StepId, int]]:
    """By structure and step: how many people stand there, or wait to come back there."""
    found: dict[str, Counter[StepId]] = {}
    for person, structure, sealed in tx.all("sessions_all"):
        if not tx.sealer.knows(PersonId(person)):
            continue
        state = codec.load(tx.sealer.open(PersonId(person), "session|state", person, sealed))
        if "at" not in state:
            continue
        places = {state["at"], *state.get("frames", ()), *state.get("visits", ())}
        found.setdefault(structure, Counter()).update(StepId(place) for place in places)
    return found


def _opened(tx: Transaction, row: tuple[Any, ...]) -> Version:
    hash_, structure, published, withdrawn_to = row
    files = {path: bytes(content) for path, content in tx.all("version_files", version=hash_)}
    return Version(hash_, structure, moment(published), files, StepId(withdrawn_to))
