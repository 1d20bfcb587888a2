"""Delivery to a webhook: order, retries, secret, Retry-After and lifetimes."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.sandbox.webhook import Webhooks


class Receiver:
    """A webhook that answers what the test tells it to, and keeps what it got."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], dict[str, object]]] = []
        self.answers: list[bytes] = []
        self.hold: asyncio.Event | None = None
        self.url = ""
        self.writers: list[asyncio.StreamWriter] = []

    async def handle(self, reader, writer) -> None:
        self.writers.append(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = {
                    name.lower(): value
                    for name, _, value in (line.partition(": ") for line in head[1:] if line)
                }
                body = await reader.readexactly(int(headers["content-length"]))
                self.got.append((headers, json.loads(body)))
                if self.hold is not None:
                    await self.hold.wait()
                answer = self.answers.pop(0) if self.answers else b"200 OK\r\n"
                writer.write(b"HTTP/1.1 " + answer + b"Content-Length: 0\r\n\r\n")
        except asyncio.IncompleteReadError:
            return

    def texts(self) -> list[str]:
        return [body["message"]["text"] for _, body in self.got]


@pytest.fixture
async def receiver(world):
    """A webhook on a free port, and a world that delivers."""
    webhooks = Webhooks(world)
    receiver = Receiver()
    server = await asyncio.start_server(receiver.handle, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    yield receiver
    await webhooks.stop()
    server.close()
    for writer in receiver.writers:
        writer.close()
    await asyncio.gather(*(w.wait_closed() for w in receiver.writers), return_exceptions=True)


async def _until(condition):
    async with asyncio.timeout(3):
        while not condition():  # noqa: ASYNC110 - deliveries tell nobody
            await asyncio.sleep(0.005)


def _deliveries(world):
    return [(e["attempt"], e["status"], e["ok"]) for e in world.journal.entries("webhook_delivery")]


async def test_updates_are_pushed_with_the_secret(world, client, ana, receiver):
    """A 2xx confirms; what was pending before setWebhook is delivered too."""
    world.people.send_text(ana, "survivor", "before")
    await client.ok("setWebhook", url=receiver.url, secret_token="s3cret")
    world.people.send_text(ana, "survivor", "after")
    await _until(lambda: len(_deliveries(world)) == 2)
    assert receiver.texts() == ["before", "after"]
    assert receiver.got[0][0]["x-telegram-bot-api-secret-token"] == "s3cret"
    info = await client.ok("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == (receiver.url, 0)


async def test_first_retry_comes_at_once_then_two_seconds_doubling(world, client, ana, receiver):
    """Anything but 2xx is retried: 0, 2, 4 … seconds of world time."""
    receiver.answers = [b"500 No\r\n", b"302 Found\r\n", b"503 No\r\n"]
    await client.ok("setWebhook", url=receiver.url)
    world.people.send_text(ana, "survivor", "x")
    await _until(lambda: len(receiver.got) == 2)
    for wait, count in ((2, 3), (4, 4)):
        world.clock.advance(wait - 0.5)
        await asyncio.sleep(0.02)
        assert len(receiver.got) == count - 1
        world.clock.advance(0.5)
        await _until(lambda count=count: len(receiver.got) == count)
    await _until(lambda: len(_deliveries(world)) == 4)
    assert _deliveries(world) == [(1, 500, False), (2, 302, False), (3, 503, False), (4, 200, True)]


async def test_retry_after_is_honoured(world, client, ana, receiver):
    """The bot's own back-pressure decides when the next try comes."""
    receiver.answers = [b"503 Busy\r\nRetry-After: 30\r\n"]
    await client.ok("setWebhook", url=receiver.url)
    world.people.send_text(ana, "survivor", "x")
    await _until(lambda: len(_deliveries(world)) == 1)
    world.clock.advance(29)
    await asyncio.sleep(0.02)
    assert len(receiver.got) == 1
    world.clock.advance(1)
    await _until(lambda: len(receiver.got) == 2)


async def test_updates_of_one_chat_go_one_at_a_time_others_in_parallel(
    world, client, ana, receiver
):
    """A chat waits for its own earlier update only."""
    receiver.hold = asyncio.Event()
    await client.ok("setWebhook", url=receiver.url)
    bea = world.people.add("Bea")
    for text in ("a1", "a2"):
        world.people.send_text(ana, "survivor", text)
    world.people.send_text(bea, "survivor", "b1")
    await _until(lambda: len(receiver.got) == 2)
    assert sorted(receiver.texts()) == ["a1", "b1"]
    receiver.hold.set()
    await _until(lambda: len(receiver.got) == 3)
    assert receiver.texts()[2] == "a2"


async def test_updates_expire_while_the_webhook_is_down(world, client, ana, receiver):
    """After 24 h a message is given up."""
    receiver.answers = [b"500 No\r\n"] * 2
    await client.ok("setWebhook", url=receiver.url)
    world.people.send_text(ana, "survivor", "x")
    await _until(lambda: len(_deliveries(world)) == 2)
    world.clock.advance(86_401)
    await _until(lambda: list(world.journal.entries("update_expired")))
    assert (await client.ok("getWebhookInfo"))["pending_update_count"] == 0


async def test_unreachable_webhook_is_reported_and_given_back_to_polling(world, client, ana):
    """DeleteWebhook keeps what is pending unless told to drop it."""
    webhooks = Webhooks(world)
    await client.ok("setWebhook", url="http://127.0.0.1:1/hook")
    world.people.send_text(ana, "survivor", "x")
    await _until(lambda: len(_deliveries(world)) >= 2)
    assert (await client.ok("getWebhookInfo"))["last_error_message"]
    await client.ok("deleteWebhook")
    assert len(await client.updates()) == 1
    await client.ok("deleteWebhook", drop_pending_updates=True)
    assert await client.updates() == []
    await webhooks.stop()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"url": "nonsense"}, "invalid webhook URL specified"),
        (
            {"url": "https://example.org/hook"},
            "bad webhook: the sandbox delivers to http on loopback only",
        ),
        (
            {"url": "http://127.0.0.1:1/", "secret_token": "no spaces"},
            "secret token contains unallowed characters",
        ),
        (
            {"url": "http://127.0.0.1:1/", "secret_token": "x" * 257},
            "secret token is too long",
        ),
    ],
)
async def test_webhooks_are_refused_in_words(client, given, refusal):
    """Only http on loopback, and only secrets that fit a header."""
    assert await client.refused("setWebhook", **given) == (400, f"Bad Request: {refusal}")
