"""The world over real HTTP on loopback: a real client, cut connections, control API, page."""

from __future__ import annotations

import asyncio
import sys

import aiohttp
import pytest
import telegram
from telegram.request import HTTPXRequest

from bot.sandbox import Crowd, CrowdPlan, FaultPlan, create_world
from bot.sandbox.__main__ import main
from bot.sandbox.serving import NotLoopback, listen, listening

from .conftest import TOKEN


@pytest.fixture
async def served():
    """A running world with a survivor bot, and its address."""
    world = create_world(seed=1, strict_polls=False)
    world.add_bot(TOKEN, "survivor")
    async with listening(world) as url:
        yield world, url


@pytest.fixture
async def http(served):
    """A client bound to the running world."""
    async with aiohttp.ClientSession(served[1]) as session:
        yield session


async def _json(response):
    async with response as answer:
        return answer.status, await answer.json()


async def test_python_telegram_bot_works_against_it(served, monkeypatch):
    """A stock client polls, sends, edits, answers, deletes and sees Telegram's errors."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    world, url = served
    ana = world.people.add("Ana", "es")
    requests = {
        "request": HTTPXRequest(connection_pool_size=4),
        "get_updates_request": HTTPXRequest(connection_pool_size=2),
    }
    async with telegram.Bot(TOKEN, base_url=f"{url}/bot", **requests) as bot:
        assert bot.username == "sandbox_survivor_bot"
        world.people.start(ana, "survivor")
        (start,) = await bot.get_updates(timeout=5, allowed_updates=["message", "callback_query"])
        assert start.message.text == "/start"
        assert start.effective_user.language_code == "es"
        markup = telegram.InlineKeyboardMarkup.from_button(
            telegram.InlineKeyboardButton("Go on", callback_data="on")
        )
        sent = await bot.send_message(
            ana.id,
            "A quiet place",
            entities=[telegram.MessageEntity("bold", 2, 5)],
            reply_markup=markup,
            protect_content=True,
            link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
        )
        assert sent.parse_entities() == {sent.entities[0]: "quiet"}
        world.people.press(ana, "survivor", label="Go on")
        (press,) = await bot.get_updates(offset=start.update_id + 1, timeout=5)
        assert press.callback_query.message.reply_markup == markup
        await press.callback_query.answer("Done", show_alert=True)
        await bot.edit_message_text("Another", ana.id, sent.message_id)
        with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
            await bot.edit_message_text("Another", ana.id, sent.message_id)
        with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
            await bot.send_message(5, "x")
        assert (await bot.get_chat(ana.id)).first_name == "Ana"
        commands = [telegram.BotCommand("start", "Begin")]
        await bot.set_my_commands(commands, language_code="es")
        assert await bot.get_my_commands(language_code="es") == tuple(commands)
        world.faults.once("sendMessage", "too_many_requests", 2)
        with pytest.raises(telegram.error.RetryAfter):
            await bot.send_message(ana.id, "x")
        world.clock.advance(2)
        world.people.block(ana, "survivor")
        with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
            await bot.send_message(ana.id, "x")
        assert await bot.delete_messages(ana.id, [1, 2, 3])
        assert (await bot.get_webhook_info()).url == ""
    with pytest.raises(telegram.error.InvalidToken):
        async with telegram.Bot("1000:wrong-token", base_url=f"{url}/bot"):
            pass
    assert world.journal.errors == ()


@pytest.mark.parametrize("kind", ["drop_before", "accept_then_drop"])
async def test_cut_connections_end_without_an_answer(served, http, kind):
    """The client sees its connection closed, not an error page."""
    world, _ = served
    world.faults.once("getMe", kind)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await http.post(f"/bot{TOKEN}/getMe")
    assert (await _json(http.post(f"/bot{TOKEN}/getMe")))[0] == 200


async def test_requests_of_one_connection_are_answered_in_order(served):
    """Pipelined requests wait for a delayed one before them."""
    world, url = served
    host, port = url.removeprefix("http://").split(":")
    world.faults.once("getMe", "delay", 0.05)
    reader, writer = await asyncio.open_connection(host, int(port))
    for method in ("getMe", "getWebhookInfo"):
        writer.write(f"GET /bot{TOKEN}/{method} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    bodies = []
    for _ in range(2):
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        bodies.append(await reader.readexactly(length))
    writer.close()
    assert b"username" in bodies[0]
    assert b"pending_update_count" in bodies[1]


async def test_too_large_and_broken_requests_end_the_connection(served):
    """More than a megabyte, or what is no HTTP, gets nobody anywhere; others are served."""
    url = served[1]
    host, port = url.removeprefix("http://").split(":")
    head = f"POST /bot{TOKEN}/getMe HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n"
    for sent, expected in (
        (head.encode() + b"x" * 1_100_000, b"HTTP/1.1 413"),
        (b"GET /bot\x00 nonsense\r\n\r\n", b""),
        (b"x" * 100, b""),
    ):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(sent)
        assert (await reader.read(12)) == expected
        writer.close()
    async with aiohttp.ClientSession(url) as http:
        assert (await _json(http.get(f"/bot{TOKEN}/getMe")))[0] == 200


async def test_client_that_goes_away_ends_its_long_poll(served):
    """A dead poller holds nothing: the next poll waits without a conflict."""
    world, url = served
    host, port = url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /bot{TOKEN}/getUpdates?timeout=30 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    queue = world.bot("survivor").queue
    async with asyncio.timeout(2):
        while queue.waiter is None:  # noqa: ASYNC110 - queues tell nobody
            await asyncio.sleep(0.01)
        writer.close()
        while queue.waiter is not None:  # noqa: ASYNC110 - queues tell nobody
            await asyncio.sleep(0.01)


async def test_control_api_does_what_the_page_needs(served, http):
    """People, chats, notifications, clock and settings, all as JSON."""
    world, _ = served
    _, ana = await _json(http.post("/sandbox/people", json={"name": "Ana", "language": "es"}))
    me = f"/sandbox/people/{ana['id']}"
    assert await _json(http.post(f"{me}/start", json={"bot": "survivor"})) == (
        200,
        {"message_id": 1},
    )
    await _json(
        http.post(
            f"/bot{TOKEN}/sendMessage",
            json={
                "chat_id": ana["id"],
                "text": "Pick",
                "reply_markup": {"inline_keyboard": [[{"text": "One", "callback_data": "1"}]]},
            },
        )
    )
    where = {"person": ana["id"], "bot": "survivor"}
    _, chat = await _json(http.get("/sandbox/chat", params=where))
    assert [m["text"] for m in chat["messages"]] == ["/start", "Pick"]
    assert (chat["title"], chat["started"], chat["messages"][1]["silent"]) == (
        "Survivor",
        True,
        False,
    )
    _, press = await _json(http.post(f"{me}/press", json={"bot": "survivor", "label": "One"}))
    await _json(
        http.post(
            f"/bot{TOKEN}/answerCallbackQuery",
            json={"callback_query_id": press["callback_query_id"], "text": "Saved"},
        )
    )
    waiting = asyncio.create_task(
        _json(http.get("/sandbox/chat", params=where | {"since": world.change, "timeout": 5}))
    )
    await asyncio.sleep(0.02)
    await _json(http.post(f"{me}/text", json={"bot": "survivor", "text": "typed"}))
    _, chat = await asyncio.wait_for(waiting, 2)
    assert chat["messages"][-1]["text"] == "typed"
    assert chat["toasts"][0]["text"] == "Saved"
    await _json(http.post(f"{me}/edit", json={"bot": "survivor", "message_id": 3, "text": "new"}))
    await _json(http.post(f"{me}/media", json={"bot": "survivor", "kind": "voice"}))
    await _json(http.post(f"{me}/delete", json={"bot": "survivor", "message_ids": [1]}))
    await _json(http.post(f"{me}/language", json={"language": "en"}))
    _, chat = await _json(http.get("/sandbox/chat", params=where))
    assert [(m["kind"], m["edits"], m["deleted"]) for m in chat["messages"]] == [
        ("text", 0, "me"),
        ("text", 0, None),
        ("text", 1, None),
        ("voice", 0, None),
    ]
    _, notes = await _json(http.get(f"/sandbox/notifications/{ana['id']}"))
    assert [note["text"] for note in notes["notifications"]] == ["Pick"]
    before = world.clock.now()
    _, clock = await _json(http.post("/sandbox/clock", json={"advance": 147_600}))
    assert clock["now"] >= before + 147_600
    await _json(http.post("/sandbox/settings", json={"pacing": False, "strict_polls": True}))
    assert (world.settings.pacing, world.settings.strict_polls) == (False, True)
    _, faults = await _json(http.post("/sandbox/faults", json={"rates": {"delay": 0.5}, "seed": 3}))
    assert faults == {"seed": 3, "rates": {"delay": 0.5}, "latency": 0.0, "count": 0}
    world.faults = FaultPlan(0)
    _, raw = await _json(http.post("/sandbox/raw", json={"bot": "survivor", "update": {"x": 1}}))
    _, updates = await _json(http.get(f"/bot{TOKEN}/getUpdates"))
    assert updates["result"][-1] == {"update_id": raw["update_id"], "x": 1}
    _, group = await _json(
        http.post(
            "/sandbox/groups", json={"title": "T", "members": [ana["id"]], "bots": ["survivor"]}
        )
    )
    _, everything = await _json(http.get("/sandbox/world"))
    assert everything["groups"][0]["id"] == group["id"]
    assert everything["people"][0]["language"] == "en"
    _, journal = await _json(http.get("/sandbox/journal", params={"event": "person_deleted"}))
    assert len(journal["entries"]) == 1
    _, changes = await _json(http.get("/sandbox/changes", params={"since": 0}))
    assert changes["chats"] == [{"person": ana["id"], "bot": "survivor"}]


@pytest.mark.parametrize(
    ("path", "given", "status"),
    [
        ("/sandbox/people/77/text", {"text": "x"}, 409),
        ("/sandbox/people", {"nom": "x"}, 400),
        ("/sandbox/clock", {}, 400),
        ("/sandbox/faults", {"rates": {"nonsense": 1}}, 409),
        ("/sandbox/crowd", {"people": 1}, 409),
        ("/sandbox/bots", {"token": "x", "name": "y"}, 409),
    ],
)
async def test_control_api_refuses_in_a_sentence(http, path, given, status):
    """What cannot be done is said in words, with 409; what is missing with 400."""
    got, said = await _json(http.post(path, json=given))
    assert got == status
    assert said["error"]


async def test_only_loopback_names_are_served(served, http):
    """A page elsewhere that points its name at this machine gets nothing."""
    async with http.get("/sandbox/world", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 400


async def test_page_is_served_with_a_strict_policy(http):
    """The page and its parts come from here, and nothing else may run in it."""
    async with http.get("/") as answer:
        page = await answer.text()
        assert "default-src 'none'; script-src 'self'" in answer.headers["content-security-policy"]
    parts = [part.split('"')[0] for part in page.split('"/page/')[1:]]
    assert parts == ["page.css", "phone.css", "main.js"]
    for part in parts:
        async with http.get(f"/page/{part}") as answer:
            assert answer.status == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])  # noqa: S104 - to be refused
def test_sandbox_refuses_to_listen_on_anything_but_loopback(host, capsys):
    """One sentence, exit code 1, nothing opened."""
    with pytest.raises(NotLoopback, match="loopback only"):
        listen(host, 0)
    assert main(["--host", host]) == 1
    assert "loopback only" in capsys.readouterr().err


def test_wrong_usage_is_said_in_words(capsys):
    """A bad fault plan or bot is refused before anything starts."""
    assert main(["--faults", '{"nonsense": 1}']) == 2
    assert main(["--bot", "survivor=nonsense"]) == 2
    assert "looks like 123456:letters-and-digits" in capsys.readouterr().err


async def test_own_process_prints_its_address_and_writes_its_journal(tmp_path):
    """`python -m bot.sandbox` says where it is, serves, and leaves a whole journal behind."""
    journal = tmp_path / "journal.jsonl"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.sandbox", "--bot", f"survivor={TOKEN}"),
        *("--journal", str(journal)),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        url = (await asyncio.wait_for(process.stdout.readline(), 10)).decode().strip()
        async with aiohttp.ClientSession(url) as http:
            assert (await _json(http.get(f"/bot{TOKEN}/getMe")))[0] == 200
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 10) == 0
    lines = journal.read_text().splitlines()
    assert len(lines) == 2
    assert '"method": "getMe"' in lines[1]


async def _toy(url):
    """A bot in a few lines: a press is answered and its screen edited; words are deleted."""
    offset, count = 0, 0
    async with aiohttp.ClientSession(url) as http:

        async def call(method, **values):
            return (await _json(http.post(f"/bot{TOKEN}/{method}", json=values)))[1]["result"]

        while True:
            for update in await call("getUpdates", offset=offset, timeout=20):
                offset, count = update["update_id"] + 1, count + 1
                keys = [[{"text": f"Next {count}", "callback_data": str(count)}]]
                screen = {"text": f"Screen {count}", "reply_markup": {"inline_keyboard": keys}}
                if query := update.get("callback_query"):
                    message = query["message"]
                    await call("answerCallbackQuery", callback_query_id=query["id"])
                    ids = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
                    await call("editMessageText", **ids, **screen)
                else:
                    chat_id = update["message"]["chat"]["id"]
                    await call("sendMessage", chat_id=chat_id, **screen)
                    if update["message"]["text"] != "/start":
                        gone = [update["message"]["message_id"]]
                        await call("deleteMessages", chat_id=chat_id, message_ids=gone)


@pytest.mark.parametrize("mode", ["press", "type"])
async def test_crowd_acts_in_closed_loop_and_counts_what_was_finished(served, http, mode):
    """Every counted action has its own update and its accepted calls; nobody acts twice at once."""
    world, url = served
    world.set_pacing(on=False)
    bot = asyncio.create_task(_toy(url))
    try:
        plan = {"people": 4, "mode": mode, "actions": 40}
        await _json(http.post("/sandbox/crowd", json=plan))
        _, figures = await _json(http.get("/sandbox/crowd", params={"wait": 20, "actions": 1}))
    finally:
        bot.cancel()
        await asyncio.gather(bot, return_exceptions=True)
    assert figures["running"] is False
    assert (figures["actions"], figures["measured"]) == (40, 40)
    kinds = {"press": "callback_query", "type": "message"}
    made = [e["kind"] for e in world.journal.entries("update_created") if e["order"] > 1]
    assert made == [kinds[mode]] * 40
    assert figures["stalled"] == 0
    assert figures["p50_ms"] <= figures["p95_ms"] <= figures["p99_ms"]
    assert len(figures["list"]) == figures["actions"]
    per_person = {}
    for action in figures["list"]:
        per_person.setdefault(action["person"], []).append(action["n"])
    assert all(ns == list(range(1, len(ns) + 1)) for ns in per_person.values())
    assert world.journal.errors == ()


async def test_crowd_that_gets_no_answer_counts_it_as_stalled(served):
    """A silent bot makes people wait, not hang."""
    world, _ = served
    crowd = Crowd(world)
    crowd.start(CrowdPlan(people=1, mode="type", seconds=0.3, start=False, patience=0.05))
    assert await crowd.wait(5)
    assert crowd.status()["actions"] == 0
    assert crowd.status()["stalled"] >= 2
