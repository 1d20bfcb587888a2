"""The webhook and the health figures, as a client over a real connection meets them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn

from bot.web import webhook as webhook_module
from bot.web.app import SECURITY_HEADERS, Readiness, create_app
from bot.web.webhook import LARGEST_BODY, Webhook

SECRET = "s3cret-of-this-test"
GOOD = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}


class Inbox:
    """Takes updates; `gate` holds their commits, `full` refuses them."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.committed: list[bytes] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.full = False

    def receive(self, payload: bytes) -> "asyncio.Task[None] | None":
        if self.full:
            return None
        self.taken.append(payload)
        return asyncio.create_task(self._commit(payload))

    async def _commit(self, payload: bytes) -> None:
        await self.gate.wait()
        self.committed.append(payload)


class Site:
    """A running server and what it was given."""

    def __init__(self, inbox: Inbox, client: httpx.AsyncClient, port: int) -> None:
        self.inbox = inbox
        self.client = client
        self.port = port
        self.readiness = Readiness(ready=True, figures={"outbox_age": 0.0})


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """The web server of a bot with one door, on a free loopback port."""
    inbox = Inbox()
    found: list[Site] = []

    async def ready() -> Readiness:
        return found[0].readiness

    app = create_app(ready, Webhook({"survivor": inbox.receive}, SECRET))
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off")
    )
    server.capture_signals = contextlib.nullcontext
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        found.append(Site(inbox, client, port))
        yield found[0]
    server.should_exit = True
    inbox.gate.set()
    await task


async def test_200_says_that_the_update_is_committed(site: Site) -> None:
    """The answer comes after the commit, not after the bytes."""
    site.inbox.gate.clear()
    call = asyncio.create_task(site.client.post("/telegram/survivor", content=b"{}", headers=GOOD))
    while not site.inbox.taken:  # noqa: ASYNC110 - the inbox is filled by a server
        await asyncio.sleep(0.005)
    assert not call.done()
    site.inbox.gate.set()
    answer = await call
    assert answer.status_code == 200
    assert site.inbox.committed == [b"{}"]
    assert answer.content == b""


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/telegram/survivor", {"Content-Type": "application/json"}, 401),
        ("/telegram/survivor", GOOD | {"X-Telegram-Bot-Api-Secret-Token": "other"}, 403),
        ("/telegram/survivor", GOOD | {"X-Telegram-Bot-Api-Secret-Token": SECRET + "x"}, 403),
        ("/telegram/survivor", GOOD | {"X-Telegram-Bot-Api-Secret-Token": "ü".encode()}, 403),
        ("/telegram/survivor", GOOD | {"Content-Type": "text/plain"}, 415),
        ("/telegram/stranger", GOOD, 404),
        ("/telegram/", GOOD, 404),
        ("/", GOOD, 404),
    ],
)
async def test_nobody_else_gets_in(
    site: Site, path: str, headers: dict[str, str | bytes], status: int
) -> None:
    """Wrong secret, type or path: refused by its status, and nothing is taken."""
    answer = await site.client.post(path, content=b"{}", headers=headers)
    assert answer.status_code == status
    assert site.inbox.taken == []


async def test_only_post_is_for_updates(site: Site) -> None:
    """A GET on the webhook is refused."""
    assert (await site.client.get("/telegram/survivor", headers=GOOD)).status_code == 405


async def test_the_largest_body_is_taken_and_one_byte_more_is_not(site: Site) -> None:
    """The limit is 1 MB, to the byte."""
    fits = await site.client.post("/telegram/survivor", content=b"x" * LARGEST_BODY, headers=GOOD)
    assert fits.status_code == 200
    with contextlib.suppress(httpx.TransportError):
        too_large = await site.client.post(
            "/telegram/survivor", content=b"x" * (LARGEST_BODY + 1), headers=GOOD
        )
        assert too_large.status_code == 413
    assert [len(taken) for taken in site.inbox.taken] == [LARGEST_BODY]


async def test_a_body_without_length_is_counted_as_it_comes(site: Site) -> None:
    """A chunked body is cut off at the limit, not collected first."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    head = "".join(f"{name}: {value}\r\n" for name, value in GOOD.items())
    writer.write(
        f"POST /telegram/survivor HTTP/1.1\r\nHost: x\r\n{head}"
        "Transfer-Encoding: chunked\r\n\r\n".encode()
    )
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with contextlib.suppress(ConnectionError):
        for _ in range(20):  # a quarter more than allowed, and never an end
            writer.write(piece)
            await writer.drain()
    assert b"413" in await asyncio.wait_for(reader.readline(), 5)
    assert site.inbox.taken == []
    writer.close()


async def test_a_slow_body_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who sends half a body holds a connection for seconds, not for ever."""
    monkeypatch.setattr(webhook_module, "BODY_WITHIN", 0.1)
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    head = "".join(f"{name}: {value}\r\n" for name, value in GOOD.items())
    writer.write(
        f"POST /telegram/survivor HTTP/1.1\r\nHost: x\r\n{head}Content-Length: 9\r\n\r\n{{".encode()
    )
    assert b"408" in await asyncio.wait_for(reader.readline(), 5)
    assert site.inbox.taken == []
    writer.close()


async def test_when_there_is_no_room_telegram_is_asked_to_wait(site: Site) -> None:
    """503 with Retry-After: Telegram honours it and keeps the update."""
    site.inbox.full = True
    answer = await site.client.post("/telegram/survivor", content=b"{}", headers=GOOD)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


async def test_a_commit_that_does_not_come_is_not_confirmed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While nothing can be stored the answer is 503, and the update stays under way."""
    monkeypatch.setattr(webhook_module, "COMMIT_WITHIN", 0.05)
    site.inbox.gate.clear()
    answer = await site.client.post("/telegram/survivor", content=b"{}", headers=GOOD)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    site.inbox.gate.set()
    while not site.inbox.committed:  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.005)


def test_no_secret_no_webhook() -> None:
    """A webhook that anybody may call is refused in words."""
    with pytest.raises(ValueError, match="WAYMARK_WEBHOOK_SECRET is missing"):
        Webhook({}, "")


async def test_health_says_whether_the_process_lives(site: Site) -> None:
    """Live needs nothing but the process."""
    answer = await site.client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"live": True})


@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
async def test_health_says_whether_the_bot_can_work(site: Site, ready: bool, status: int) -> None:
    """Ready carries the figures, and its status is for machines."""
    site.readiness = Readiness(ready=ready, figures={"outbox_age": 1.5})
    answer = await site.client.get("/health/ready")
    assert answer.status_code == status
    assert answer.json() == {"ready": ready, "outbox_age": 1.5}


@pytest.mark.parametrize(
    "path", ["/health/live", "/health/ready", "/nothing", "/telegram/survivor"]
)
async def test_every_answer_has_the_security_headers(site: Site, path: str) -> None:
    """Errors and refusals too."""
    answer = await site.client.get(path)
    assert len(SECURITY_HEADERS) == 6
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
