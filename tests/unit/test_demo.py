"""What the demo refuses, before it starts anything."""

import socket
from pathlib import Path

import pytest

from bot import demo
from bot.app import PortRefused


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
