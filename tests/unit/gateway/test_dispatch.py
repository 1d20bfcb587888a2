"""Order in a chat, chats side by side, three tries, and nothing acknowledged uncommitted."""

import asyncio
import logging
from collections import Counter

import pytest

from bot.core.events import Arrived, Typed
from bot.gateway.dispatch import Dispatcher, Patience
from bot.gateway.pieces import Piece, read_update
from bot.store.protocol import Unavailable
from tests.unit.gateway.conftest import IMPATIENT, eventually
from tests.unit.gateway.fakes import FakeHandler


class Watch:
    """Counts what it is told."""

    def __init__(self) -> None:
        self.good = 0
        self.bad: list[int] = []

    def committed(self) -> None:
        self.good += 1

    def refused(self, arrived: Arrived) -> None:
        self.bad.append(arrived.chat_id)


class Setting:
    """A dispatcher with fakes around it."""

    def __init__(self, patience: Patience = IMPATIENT, room: int = 1000) -> None:
        self.handler = FakeHandler()
        self.watch = Watch()
        self.answers: list[tuple[str, str | None]] = []
        self.ignored: Counter[str] = Counter()
        self.dispatcher = Dispatcher(
            "survivor",
            self.handler,
            draw_seed=lambda: "0123456789abcdef",
            spinner=lambda query, toast: self.answers.append((query, toast)),
            watch=self.watch,
            ignored=self.ignored,
            patience=patience,
            room=room,
        )

    @property
    def texts(self) -> list[str]:
        return [one.what.text for one in self.handler.applied if isinstance(one.what, Typed)]


@pytest.fixture
async def setting() -> Setting:
    """Quick and impatient."""
    return Setting()


def words(number: int, chat: int, text: str = "x") -> Piece:
    """Typed words of a person."""
    person = {"id": chat, "is_bot": False}
    place = {"id": chat, "type": "private"}
    body = {"message_id": number + 1, "from": person, "chat": place, "text": text}
    return Piece(number, {"update_id": number, "message": body})


def press(number: int, chat: int) -> Piece:
    """A press of a person."""
    shown = {"message_id": 1, "chat": {"id": chat, "type": "private"}}
    body = {
        "id": f"q{number}",
        "from": {"id": chat, "is_bot": False},
        "message": shown,
        "data": "d",
    }
    return Piece(number, {"update_id": number, "callback_query": body})


async def test_updates_of_one_chat_are_applied_one_at_a_time_and_in_order(
    setting: Setting,
) -> None:
    """Forty updates, each of which takes a moment."""
    setting.handler.takes = 0.001
    await asyncio.gather(*(setting.dispatcher.submit(words(n, 7, f"{n}")) for n in range(40)))
    assert setting.texts == [f"{n}" for n in range(40)]


async def test_one_chat_with_400_waiting_updates_delays_nobody(setting: Setting) -> None:
    """Twenty others behind it are served at once; the naive lock made them wait 17 s."""
    setting.handler.takes = 0.01
    flood = [setting.dispatcher.submit(words(n, 7)) for n in range(400)]
    others = [setting.dispatcher.submit(words(1000 + n, 100 + n)) for n in range(20)]
    await asyncio.wait_for(asyncio.gather(*others), 1.0)
    assert sum(future.done() for future in flood) < 100
    await setting.dispatcher.stop()


async def test_the_future_is_done_only_after_the_commit(setting: Setting) -> None:
    """What it says may be confirmed to Telegram."""
    setting.handler.gate = asyncio.Event()
    future = setting.dispatcher.submit(words(1, 7))
    await eventually(lambda: setting.handler.tries)
    assert not future.done()
    setting.handler.gate.set()
    await future
    assert len(setting.handler.applied) == 1
    assert setting.dispatcher.waiting == 0


async def test_an_update_under_way_is_not_applied_twice(setting: Setting) -> None:
    """The second copy waits for the first."""
    setting.handler.gate = asyncio.Event()
    first = setting.dispatcher.submit(words(1, 7))
    second = setting.dispatcher.submit(words(1, 7))
    assert first is second
    setting.handler.gate.set()
    await first
    assert setting.handler.tries == {"update:survivor:1": 1}


async def test_a_fault_of_ours_costs_three_tries_and_not_the_neighbours(
    setting: Setting, caplog: pytest.LogCaptureFixture
) -> None:
    """Then the rescue; what comes behind it in the same chat goes on, and no words are logged."""
    setting.handler.broken_for = {"poison"}
    pieces = [words(1, 7, "before"), words(2, 7, "poison"), words(3, 7, "after")]
    await asyncio.gather(*map(setting.dispatcher.submit, pieces))
    assert setting.texts == ["before", "after"]
    assert setting.handler.tries["update:survivor:2"] == 3
    assert [one.cause for one in setting.handler.rescued] == ["update:survivor:2"]
    assert "RuntimeError" in caplog.text
    assert "poison" not in caplog.text


async def test_a_rescue_that_fails_becomes_a_dead_letter(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last resort keeps the update, so that it may be confirmed."""

    async def fail(arrived: Arrived, raw: bytes) -> None:
        raise RuntimeError

    monkeypatch.setattr(setting.handler, "rescue", fail)
    setting.handler.broken_for = {"poison"}
    await setting.dispatcher.submit(words(2, 7, "poison"))
    ((door, number, raw),) = setting.handler.buried
    assert (door, number) == ("survivor", 2)
    assert read_update(raw).body == words(2, 7, "poison").body


async def test_storage_that_is_down_is_not_a_try(setting: Setting) -> None:
    """It waits, says so, and applies the update when it can; presses are answered then."""
    setting.handler.down = True
    future = setting.dispatcher.submit(press(1, 7))
    await eventually(lambda: len(setting.watch.bad) > 5)
    assert not future.done()
    assert setting.answers == []
    setting.handler.down = False
    await future
    assert setting.handler.rescued == []
    assert setting.watch.good == 1
    assert setting.answers == [("q1", None)]


async def test_a_rescue_waits_for_storage_too(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is acknowledged on the way of trouble either."""
    down = [True]
    rescue = setting.handler.rescue

    async def when_up(arrived: Arrived, raw: bytes) -> None:
        if down[0]:
            raise Unavailable
        await rescue(arrived, raw)

    monkeypatch.setattr(setting.handler, "rescue", when_up)
    setting.handler.broken_for = {"poison"}
    future = setting.dispatcher.submit(words(2, 7, "poison"))
    await eventually(lambda: len(setting.watch.bad) > 3)
    assert not future.done()
    down[0] = False
    await future
    assert len(setting.handler.rescued) == 1


async def test_a_toast_goes_with_the_answer_to_a_press(setting: Setting) -> None:
    """After the commit."""
    setting.handler.toast = "Saved"
    await setting.dispatcher.submit(press(1, 7))
    assert setting.answers == [("q1", "Saved")]


async def test_what_is_not_for_us_is_counted_and_done(setting: Setting) -> None:
    """No commit, no id in the count."""
    setting.dispatcher.submit(Piece(1, {"update_id": 1, "channel_post": {}}))
    future = setting.dispatcher.submit(Piece(2, {"update_id": 2, "message": []}))
    assert future.done()
    assert setting.ignored == {"other_kind": 1, "malformed": 1}
    assert setting.handler.tries == {}


async def test_an_unreadable_update_is_done_when_it_is_buried(setting: Setting) -> None:
    """And not before: the dead letter is a commit too."""
    setting.handler.down = True
    future = setting.dispatcher.submit(read_update(b'{"update_id":9,' + b"[" * 100_000))
    await asyncio.sleep(0.05)
    assert not future.done()
    setting.handler.down = False
    await future
    assert [(door, number) for door, number, _ in setting.handler.buried] == [("survivor", 9)]


async def test_a_press_that_a_webhook_brings_too_early_waits_its_turn(setting: Setting) -> None:
    """Waiting updates of one chat are applied by update_id, the one under way excepted."""
    setting.handler.gate = asyncio.Event()
    futures = [setting.dispatcher.submit(words(n, 7, f"{n}")) for n in (5, 9, 7, 8)]
    setting.handler.gate.set()
    await asyncio.gather(*futures)
    assert setting.texts == ["5", "7", "8", "9"]


async def test_the_webhook_is_told_when_there_is_no_room() -> None:
    """Memory is bounded: Telegram keeps what does not fit."""
    setting = Setting(room=2)
    setting.handler.gate = asyncio.Event()
    body = b'{"update_id":%d,"message":{"message_id":1,"text":"x","from":{"id":7,"is_bot":false},'
    body += b'"chat":{"id":7,"type":"private"}}}'
    taken = [setting.dispatcher.receive(body % n) for n in range(4)]
    assert [future is None for future in taken] == [False, False, True, True]
    setting.handler.gate.set()
    await asyncio.gather(*taken[:2])
    assert setting.dispatcher.receive(body % 3) is not None
    await setting.dispatcher.stop()


async def test_a_stop_resolves_nothing(setting: Setting, caplog: pytest.LogCaptureFixture) -> None:
    """An update that is cut off comes again from Telegram, so nobody may think it done."""
    caplog.set_level(logging.DEBUG)
    setting.handler.gate = asyncio.Event()
    future = setting.dispatcher.submit(words(1, 7))
    await eventually(lambda: setting.handler.tries)
    await setting.dispatcher.stop()
    assert not future.done()
    assert setting.handler.applied == []
