"""getUpdates: what is confirmed is committed, and no trouble ends the loop once it has run."""

import asyncio
import json

import pytest

from bot.core.events import Began, Typed
from bot.gateway.contact import StartRefused
from bot.gateway.polling import Pauses, Poller
from bot.sandbox import World
from tests.unit.gateway.conftest import TOKENS, Rig, eventually, half


def confirmed(world: World) -> list[int]:
    """The ids that Telegram holds as confirmed, from its own journal."""
    entries = world.journal.entries("updates_confirmed")
    return [number for entry in entries for number in entry["update_ids"]]


def texts(rig: Rig) -> list[str]:
    """Typed words in the order of their commits."""
    return [one.what.text for one in rig.handler.applied if isinstance(one.what, Typed)]


async def test_a_press_goes_all_the_way_round(rig: Rig) -> None:
    """Start, screen, press, edited screen, answered query: the whole gateway in one line."""
    ana = rig.world.people.add("Ana")
    rig.world.people.start(ana, "survivor")
    await eventually(lambda: rig.world.people.screen(ana, "survivor"))
    query = rig.world.people.press(ana, "survivor", label="Choice 2")
    await eventually(lambda: "pressed" in rig.world.people.screen(ana, "survivor").text)

    def answered() -> list[str]:
        calls = rig.world.journal.entries("call")
        return [c["callback_query_id"] for c in calls if c["method"] == "answerCallbackQuery"]

    await eventually(lambda: answered() == [query])
    assert len(rig.world.people.messages(ana, "survivor")) == 2


async def test_nothing_is_confirmed_before_it_is_committed(rig: Rig) -> None:
    """With the first commit held, nobody's update is confirmed, though others are committed."""
    ana, bo = rig.world.people.add("Ana"), rig.world.people.add("Bo")
    rig.handler.gate = asyncio.Event()
    rig.world.people.start(ana, "survivor")
    await eventually(lambda: rig.handler.tries)
    rig.handler.gate, held = None, rig.handler.gate
    rig.world.people.start(bo, "survivor")
    await eventually(lambda: [one.chat_id for one in rig.handler.applied] == [bo.id])
    assert confirmed(rig.world) == []
    held.set()
    await eventually(lambda: len(confirmed(rig.world)) == 2)
    assert set(rig.handler.seen.values()) == {1}


async def test_a_kill_before_the_commit_loses_nothing(rig: Rig) -> None:
    """Cut off between fetch and commit, and started again: each update is committed once."""
    ana = rig.world.people.add("Ana")
    rig.handler.gate = asyncio.Event()
    rig.world.people.start(ana, "survivor")
    for number in range(5):
        rig.world.people.send_text(ana, "survivor", f"word {number}")
    await eventually(lambda: rig.handler.tries)
    await rig.stop()
    assert confirmed(rig.world) == []
    rig.handler.gate = None
    await rig.start()
    await eventually(lambda: len(rig.handler.applied) == 6)
    assert isinstance(rig.handler.applied[0].what, Began)
    assert texts(rig) == [f"word {number}" for number in range(5)]
    assert set(rig.handler.seen.values()) == {1}


async def test_ids_that_restart_lower_are_followed(rig: Rig) -> None:
    """A lower id than the last one is as good as any other."""
    ana = rig.world.people.add("Ana")
    rig.world.people.start(ana, "survivor")
    await eventually(lambda: confirmed(rig.world))
    rig.world.bot("survivor").queue.restart(at=7)
    for word in ("one", "two"):
        rig.world.people.send_text(ana, "survivor", word)
        await eventually(lambda word=word: word in texts(rig))
    await eventually(lambda: confirmed(rig.world)[1:] == [7, 8])


POISON = {
    "nested": '{"update_id":%ID%,"message":' + "[" * 100_000 + "]" * 100_000 + "}",
    "digits": '{"update_id":%ID%,"message":{"message_id":' + "7" * 5_000 + "}}",
    "not json": '{"update_id":%ID%,"message":{broken]}}',
}


@pytest.mark.parametrize("body", POISON.values(), ids=POISON)
async def test_an_update_that_cannot_be_read_is_buried_alone(rig: Rig, body: str) -> None:
    """Its neighbours in the same batch go on, in order, and the loop moves past it."""
    ana, bo = rig.world.people.add("Ana"), rig.world.people.add("Bo")
    rig.handler.gate = asyncio.Event()  # so that all wait together
    rig.world.people.start(ana, "survivor")
    await eventually(lambda: rig.handler.tries)
    rig.world.people.send_text(ana, "survivor", "before")
    rig.world.put_raw(rig.world.bot("survivor"), body)
    rig.world.people.start(bo, "survivor")
    rig.world.people.send_text(ana, "survivor", "after")
    rig.handler.gate.set()
    await eventually(lambda: texts(rig) == ["before", "after"])
    await eventually(lambda: len(confirmed(rig.world)) == 5)
    (buried,) = rig.handler.buried
    assert buried[0] == "survivor"
    assert buried[1] in confirmed(rig.world)
    assert b'"update_id"' in buried[2]


async def test_a_garbled_answer_is_asked_for_again(rig: Rig) -> None:
    """An answer cut short costs a moment, not an update."""
    ana = rig.world.people.add("Ana")
    for kind in ("truncated", "server_error", "drop_before", "accept_then_drop"):
        rig.world.faults.once("getUpdates", kind)
    rig.world.people.start(ana, "survivor")
    rig.world.people.send_text(ana, "survivor", "hello")
    await eventually(lambda: texts(rig) == ["hello"])
    await eventually(lambda: len(confirmed(rig.world)) == 2)
    assert rig.handler.buried == []


async def test_an_update_that_comes_twice_is_applied_once(rig: Rig) -> None:
    """Twice in one answer, as Telegram may do."""
    rig.world.faults.rates = {"duplicate": 1.0}
    ana = rig.world.people.add("Ana")
    rig.world.people.start(ana, "survivor")
    for number in range(10):
        rig.world.people.send_text(ana, "survivor", f"{number}")
    await eventually(lambda: len(confirmed(rig.world)) == 11)
    assert texts(rig) == [f"{number}" for number in range(10)]


async def test_a_webhook_that_is_set_is_removed_at_the_start(url: str, world: World) -> None:
    """409 at the start: the webhook goes, the updates that wait stay."""
    rig = Rig(url, world)
    await rig.start(polling=False)
    await rig.bots["survivor"].api.call("setWebhook", {"url": "http://127.0.0.1:9/old"})
    ana = world.people.add("Ana")
    world.people.start(ana, "survivor")
    polling = asyncio.create_task(rig.poller.run())
    await eventually(lambda: rig.handler.applied)
    polling.cancel()
    await rig.stop()
    (removed,) = [c for c in world.journal.entries("call") if c["method"] == "deleteWebhook"]
    assert json.dumps(removed["params"]) == '{"drop_pending_updates": false}'


class Scripted:
    """An Api that answers from a list, and after that as the last answer says."""

    def __init__(self, *answers: tuple[int, dict[str, object]]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.offsets: list[int | None] = []

    async def post(
        self, method: str, parameters: dict[str, object], within: float = 0
    ) -> tuple[int, bytes]:
        await asyncio.sleep(0)
        self.offsets.append(parameters.get("offset"))
        self.asked.append(method)
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return status, json.dumps(body).encode()

    async def call(self, method: str, parameters: object, within: float = 0) -> None:
        self.asked.append(method)


CONFLICT = (409, {"ok": False, "error_code": 409, "description": "Conflict"})
REVOKED = (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
EMPTY = (200, {"ok": True, "result": []})
QUICKEST = Pauses(same_again=0.001, first=0.001, conflict=0.01, conflict_for=0.1)


def scripted(rig: Rig, *answers: tuple[int, dict[str, object]]) -> Scripted:
    """Let the rig's poller talk to a script."""
    script = Scripted(*answers)
    rig.poller = Poller(script, rig.dispatcher.submit, rig.contact, chance=half, pauses=QUICKEST)
    return script


@pytest.fixture
async def still(url: str, world: World) -> Rig:
    """A gateway that does not poll yet."""
    made = Rig(url, world)
    await made.start(polling=False)
    yield made
    await made.stop()


async def test_a_start_asks_without_an_offset(still: Rig) -> None:
    """Ids restart at random after a quiet week, so no offset of an earlier life is used."""
    script = scripted(still, (200, {"ok": True, "result": [{"update_id": 41}]}), EMPTY)
    polling = asyncio.create_task(still.poller.run())
    await eventually(lambda: len(script.offsets) > 1)
    polling.cancel()
    assert script.offsets[:2] == [None, 42]


async def test_the_same_offset_is_asked_for_at_a_measured_pace(still: Rig) -> None:
    """While a first update cannot be committed: within half a second Telegram gives only one."""
    still.handler.gate = asyncio.Event()
    ana = still.world.people.add("Ana")
    still.world.people.start(ana, "survivor")
    pending = still.world.bot("survivor").queue.pending
    held = (200, {"ok": True, "result": [json.loads(update.body) for update in pending]})
    script = scripted(still, held)
    still.poller = Poller(
        script,
        still.dispatcher.submit,
        still.contact,
        chance=half,
        pauses=Pauses(same_again=0.1, together=0.01),
    )
    polling = asyncio.create_task(still.poller.run())
    await asyncio.sleep(0.45)
    polling.cancel()
    assert script.offsets in ([None] * 4, [None] * 5)
    assert still.handler.tries.total() == 1


async def test_another_poller_at_the_start_ends_it_in_words(still: Rig) -> None:
    """409 for 90 s (here: a tenth of a second): one sentence that says what to do."""
    script = scripted(still, CONFLICT)
    with pytest.raises(StartRefused, match=r"another program .* set WAYMARK_SURVIVOR_TOKEN anew"):
        await still.poller.run()
    assert script.asked.count("getUpdates") > 3


async def test_a_refused_token_at_the_start_ends_it_in_words(still: Rig) -> None:
    """401: the sentence names the setting and never the token."""
    scripted(still, REVOKED)
    with pytest.raises(StartRefused, match="refuses WAYMARK_SURVIVOR_TOKEN") as refused:
        await still.poller.run()
    assert TOKENS["survivor"] not in str(refused.value)


@pytest.mark.parametrize(("answer", "trouble"), [(CONFLICT, "conflict"), (REVOKED, "token")])
async def test_the_same_while_running_only_degrades(
    still: Rig, answer: tuple[int, dict[str, object]], trouble: str
) -> None:
    """Once it has run, the bot is marked as degraded, keeps trying, and recovers."""
    script = scripted(still, EMPTY, answer)
    polling = asyncio.create_task(still.poller.run())
    await eventually(lambda: script.asked.count("getUpdates") > 5)
    assert still.contact.trouble == trouble
    assert not polling.done()
    script.answers = [EMPTY]
    await eventually(lambda: not still.contact.degraded)
    polling.cancel()
