"""The demo: what it refuses before it starts anything, and what it shows of a saved file."""

import asyncio
import contextlib
import shutil
import socket
from pathlib import Path

import httpx
import pytest

from bot import demo
from bot.app import PortRefused
from tests.survivor import ROOT


async def test_a_taken_port_is_refused_in_words(tmp_path: Path) -> None:
    """Whoever starts a second demo is told what to type instead, and sees no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortRefused) as refused:
            await demo.play(port, tmp_path, Path("flows"), Path("locales"), 1, print)
    assert str(refused.value) == (
        f"Port {port} cannot be opened for the page. Another program may use it: "
        "choose a free one, for example PORT=9000 make demo."
    )


async def test_a_saved_file_appears_on_the_page(tmp_path: Path) -> None:
    """The whole demo, over HTTP: a broken file is listed with its place, a mended one goes."""
    for name in ("flows", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name)
    said: list[str] = []
    playing = asyncio.create_task(
        demo.play(0, tmp_path, tmp_path / "flows", tmp_path / "locales", 1, said.append)
    )
    try:
        async with asyncio.timeout(30), httpx.AsyncClient() as client:
            while not said:  # noqa: ASYNC110 - the demo says so when it is ready
                await asyncio.sleep(0.02)
            page = said[0].split()[1]
            path = tmp_path / "flows" / "needs.yaml"
            good = path.read_text("utf-8")
            path.write_text(good.replace("\n    go: ways.start", "\n    go: ways.strat"), "utf-8")
            board = await board_of(client, page, "bad")
            assert board["sentence"] == "2 problems. The last good version keeps running."
            assert board["lines"][0]["where"].startswith("flows/needs.yaml:")
            assert "Did you mean `ways.start`?" in board["lines"][0]["text"]
            path.write_text(
                good.replace("What matters to you right", "What matters right"), "utf-8"
            )
            board = await board_of(client, page, "good")
            assert any("What matters right now?" in line["text"] for line in board["lines"])
    finally:
        playing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await playing


async def board_of(client: httpx.AsyncClient, page: str, state: str) -> dict:
    """What the page shows, once it is in that state."""
    while True:
        board = (await client.get(f"{page}/sandbox/world")).json()["board"]
        if board.get("state") == state:
            return board
        await asyncio.sleep(0.05)
