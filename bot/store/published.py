"""Published sets of flow and locale files, by hash. They are about nobody, so nothing is sealed."""

import hashlib
from typing import Any

from .protocol import Version
from .times import micros, moment
from .transaction import Transaction


def publish(tx: Transaction, version: Version) -> None:
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


def current(tx: Transaction) -> Version | None:
    """The version published last."""
    row = tx.one("version_current")
    return None if row is None else _opened(tx, row)


def in_use(tx: Transaction) -> tuple[Version, ...]:
    """The current version first, then every other one whose structure somebody stands in."""
    newest = tx.one("version_current")
    rows = ([] if newest is None else [newest]) + tx.all("versions_pinned")
    return tuple(_opened(tx, row) for row in {row[0]: row for row in rows}.values())


def _opened(tx: Transaction, row: tuple[Any, ...]) -> Version:
    hash_, structure, published = row
    files = {path: bytes(content) for path, content in tx.all("version_files", version=hash_)}
    return Version(hash_, structure, moment(published), files)
