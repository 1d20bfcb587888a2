"""The HTTP client against servers that misbehave: was the call surely not sent, or unknown?"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter

from bot.gateway import http1
from bot.gateway.api import Accepted, Api, Declined, read_answer
from bot.gateway.http1 import LeanTransport, origin_of
from bot.gateway.transport import AnswerLost, NotSent

TOKEN = "1000:very-secret"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Answers each request with the next of `answers` (the last one repeats)."""

    def __init__(self) -> None:
        self.answers: list[bytes | Talk] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self.port = 0
        self.talks: list[asyncio.Task[None]] = []

    def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.talks.append(asyncio.create_task(self.talk(reader, writer)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if callable(answer):
                    await answer(reader, writer)
                else:
                    writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def http(status: int, body: bytes, *more: str) -> bytes:
    """One answer."""
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *more]
    return "\r\n".join([*head, "", ""]).encode() + body


def refusal(code: int, words: str = "x", **parameters: object) -> bytes:
    """One answer of the Bot API that declines."""
    body = {"ok": False, "error_code": code, "description": words}
    return http(
        code, json.dumps(body | ({"parameters": parameters} if parameters else {})).encode()
    )


OK = http(200, b'{"ok":true,"result":true}')


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server on a free loopback port."""
    made = Server()
    listening = await asyncio.start_server(made.meet, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()
    for task in made.talks:
        task.cancel()
    await asyncio.gather(*made.talks, return_exceptions=True)


@pytest.fixture
async def api(server: Server) -> AsyncIterator[Api]:
    """Calls to that server."""
    transport = LeanTransport(server.url, connections=4)
    await transport.initialize()
    yield Api(f"{server.url}/bot{TOKEN}", transport)
    await transport.shutdown()


async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the request and end the connection."""
    writer.close()
    await writer.wait_closed()


async def half(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer in part and end the connection."""
    writer.write(http(200, b'{"ok":true,"result":true}')[:-4])
    await hang_up(_reader, writer)


async def silence(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Never answer."""
    await asyncio.sleep(30)


async def test_a_call_is_json_to_the_method(server: Server, api: Api) -> None:
    """The bytes on the wire, written out."""
    server.answers = [OK]
    assert await api.call("sendMessage", {"chat_id": 7, "text": "é"}) == Accepted(result=True)
    assert server.requests == [
        b"POST /bot1000:very-secret/sendMessage HTTP/1.1\r\n"
        + f"Host: 127.0.0.1:{server.port}\r\n".encode()
        + b"Accept: application/json\r\nContent-Type: application/json\r\n"
        + b"Content-Length: 29\r\n\r\n"
        + b'{"chat_id":7,"text":"\\u00e9"}'
    ]


async def test_connections_are_kept_and_shared(server: Server, api: Api) -> None:
    """Calls one after another use one connection; many at once stay within the bound."""
    server.answers = [OK]
    for _ in range(5):
        await api.call("getMe", {})
    assert server.connections == 1
    await asyncio.gather(*(api.call("getMe", {}) for _ in range(40)))
    assert len(server.requests) == 45
    assert server.connections <= 4


async def test_an_answer_in_chunks_is_put_together(server: Server, api: Api) -> None:
    """Chunked transfer, as a proxy may choose."""
    chunks = b'5\r\n{"ok"\r\n15\r\n:true,"result":"abc"}\r\n0\r\n\r\n'
    server.answers = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, OK]
    assert await api.call("getMe", {}) == Accepted("abc")
    assert await api.call("getMe", {}) == Accepted(result=True)
    assert server.connections == 1


async def test_a_connection_that_is_to_be_closed_is_not_used_again(
    server: Server, api: Api
) -> None:
    """`Connection: close` is believed."""
    server.answers = [http(200, b'{"ok":true,"result":1}', "Connection: close"), OK]
    await api.call("getMe", {})
    await api.call("getMe", {})
    assert server.connections == 2


async def test_an_idle_connection_grows_old(
    server: Server, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the other side may be closing this moment is not written to."""
    server.answers = [OK]
    await api.call("getMe", {})
    monkeypatch.setattr(http1, "IDLE_SECONDS", 0.0)
    await api.call("getMe", {})
    assert server.connections == 2


async def test_no_connection_means_surely_not_sent() -> None:
    """A closed port: the call may be repeated without risk."""
    transport = LeanTransport("http://127.0.0.1:1")
    with pytest.raises(NotSent):
        await Api("http://127.0.0.1:1/bot1:x", transport).call("sendMessage", {})


async def test_after_shutdown_nothing_is_sent(server: Server) -> None:
    """A closed transport makes no new connection behind one's back."""
    transport = LeanTransport(server.url)
    await transport.shutdown()
    with pytest.raises(NotSent):
        await Api(server.url, transport).call("sendMessage", {})
    assert server.connections == 0


async def test_waiting_too_long_for_a_free_connection_means_not_sent(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pool is full: nothing was written."""
    monkeypatch.setattr(http1, "CONNECT_WITHIN", 0.05)
    server.answers = [silence]
    transport = LeanTransport(server.url, connections=1)
    api = Api(server.url, transport)
    first = asyncio.create_task(api.call("sendMessage", {}))
    while not server.requests:  # noqa: ASYNC110 - filled by a server
        await asyncio.sleep(0.005)
    with pytest.raises(NotSent):
        await api.call("sendMessage", {})
    assert len(server.requests) == 1
    await transport.shutdown()
    with pytest.raises(AnswerLost):
        await first


@pytest.mark.parametrize(
    "answer",
    [
        hang_up,
        half,
        silence,
        http(502, b"<html>bad gateway</html>"),
        http(500, b'{"ok":false,"error_code":500,"description":"x"}'),
        http(200, b'{"ok":true,"resu'),
        http(200, b"<html>welcome to the hotel</html>"),
        http(200, b"[]"),
        http(403, b"<html>the proxy does not like you</html>"),
        http(302, b"", "Location: https://example.org/"),
        b"SSH-2.0-OpenSSH_9\r\n",
    ],
)
async def test_without_a_readable_answer_the_outcome_is_unknown(
    server: Server, api: Api, answer: bytes | Talk
) -> None:
    """The call left; what became of it cannot be known. The next call works."""
    server.answers = [answer, OK]
    with pytest.raises(AnswerLost):
        await api.call("sendMessage", {"text": "words"}, within=0.2)
    assert len(server.requests) == 1
    assert await api.call("getMe", {}) == Accepted(result=True)


async def test_an_answer_too_large_is_not_collected(
    server: Server, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory is bounded by us, not by the other side."""
    monkeypatch.setattr(http1, "BIGGEST_ANSWER", 1000)
    server.answers = [http(200, b"x" * 1001), OK]
    with pytest.raises(AnswerLost, match="larger"):
        await api.call("getMe", {})
    assert await api.call("getMe", {}) == Accepted(result=True)


async def test_a_cancelled_call_leaves_no_half_used_connection(server: Server, api: Api) -> None:
    """Its late answer is never taken for the answer of another call."""
    cancelled = asyncio.Event()

    async def late(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call.cancel()
        await cancelled.wait()
        writer.write(http(200, b'{"ok":true,"result":"late"}'))

    server.answers = [late, OK]
    call = asyncio.create_task(api.call("getMe", {}))
    with pytest.raises(asyncio.CancelledError):
        await call
    cancelled.set()
    assert await api.call("getMe", {}) == Accepted(result=True)
    assert server.connections == 2


@pytest.mark.parametrize("server_says", [hang_up, http(502, b"x"), refusal(401), refusal(400)])
async def test_no_error_and_no_log_holds_token_or_words(
    server: Server, server_says: bytes | Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """Through python-telegram-bot too, whose own texts quote payloads."""
    caplog.set_level(logging.DEBUG, "waymark")
    server.answers = [server_says]
    transport = LeanTransport(server.url)
    bot = Bot(TOKEN, base_url=f"{server.url}/bot", request=transport, get_updates_request=transport)
    with pytest.raises(Exception, match=r".") as raised:
        await bot.send_message(7, "her words")
    told = f"{raised.value!r} {raised.value.__cause__!r} {caplog.text}"
    assert "very-secret" not in told
    assert "her words" not in told
    await transport.shutdown()


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (refusal(401), InvalidToken),
        (refusal(400, "Bad Request: message is not modified"), BadRequest),
        (refusal(429, "Too Many Requests", retry_after=3), RetryAfter),
        (http(200, b"not json"), AnswerLost),
        (http(502, b"<html>"), AnswerLost),
        (hang_up, AnswerLost),
    ],
)
async def test_python_telegram_bot_gets_its_own_errors(
    server: Server, answer: bytes | Talk, error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    """As with its own transport, but for the two that tell what became of the call."""
    server.answers = [answer]
    transport = LeanTransport(server.url)
    bot = Bot(TOKEN, base_url=f"{server.url}/bot", request=transport, get_updates_request=transport)
    with pytest.raises(error):
        await bot.send_message(7, "her words")
    assert "not json" not in caplog.text
    await transport.shutdown()


def test_what_the_bot_api_declines_is_a_value() -> None:
    """Code, words for matching, and its two parameters."""
    body = b'{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":5}}'
    assert read_answer(429, body) == Declined(429, "x", 5.0)
    body = b'{"ok":false,"error_code":400,"parameters":{"migrate_to_chat_id":-5}}'
    assert read_answer(400, body) == Declined(400, "", 0.0, -5)
    assert "x" not in repr(Declined(400, "x"))


def test_https_checks_certificates() -> None:
    """No way around it."""
    origin = origin_of("https://api.telegram.org")
    assert origin.secure is not None
    assert origin.secure.check_hostname
    assert origin.authority == "api.telegram.org"
    assert origin_of("http://[::1]:8081").authority == "[::1]:8081"
