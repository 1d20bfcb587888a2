"""The stores that keep the contract. A new database joins by one more entry in ``STORES``."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.store.protocol import Store
from bot.store.sqlite import SqliteStore
from tests.contract.scene import Scene

Open = Callable[[], Awaitable[Store]]


def sqlite(folder: Path, journal: str) -> Open:
    """SQLite in a folder of its own."""

    async def open_it() -> Store:
        return await SqliteStore.open(
            f"sqlite:///{folder}/waymark.db?journal={journal}",
            folder / "waymark.keys",
            ids=lambda: secrets.token_hex(16),
        )

    return open_it


STORES: dict[str, Callable[[Path], Open]] = {
    "sqlite-wal": lambda folder: sqlite(folder, "wal"),
    "sqlite-delete": lambda folder: sqlite(folder, "delete"),
}


@pytest.fixture(params=list(STORES))
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens the store of this test; again after it was closed."""
    return STORES[request.param](tmp_path)


@pytest.fixture
async def scene(open_store: Open) -> AsyncIterator[Scene]:
    """An empty store at dawn."""
    store = await open_store()
    yield Scene(store)
    await store.close()
