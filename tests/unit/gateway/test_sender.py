"""The outbox on its way: order, parallel chats, waits that hold only whom they concern, classes."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from bot.core.delivery import Delivery, Gone, RetryAt, Sent, Unknown
from bot.core.ids import Door, Ref
from bot.core.message import Content, Edit, Send
from bot.gateway import sender as sender_module
from bot.gateway.pace import Pacer
from bot.gateway.sender import Sender
from bot.sandbox import World
from bot.store.protocol import OutRow
from tests.unit.gateway.conftest import Rig, eventually, utc
from tests.unit.gateway.fakes import FakeHandler, FakeStore


def send(text: str) -> Send:
    """A new message."""
    return Send(Ref(text), Content(text))


class FakeOutbound:
    """Delivers nowhere: `answer` says what becomes of a row, `order` what was asked."""

    def __init__(self) -> None:
        self.order: list[OutRow] = []
        self.busy: set[int] = set()
        self.most = 0
        self.takes = 0.0
        self.answer: Callable[[OutRow], Delivery] = lambda row: Sent(row.id)

    async def deliver(self, row: OutRow, turn: object = None) -> Delivery:
        assert row.address.chat_id not in self.busy, "one call at a time in a chat"
        self.busy.add(row.address.chat_id)
        self.most = max(self.most, len(self.busy))
        self.order.append(row)
        await asyncio.sleep(self.takes)
        self.busy.remove(row.address.chat_id)
        return self.answer(row)

    @property
    def texts(self) -> list[str]:
        return [row.call.content.text for row in self.order]


class Setting:
    """A sender for both bots, with fakes around it."""

    def __init__(self, *, paced: bool = False, parallel: int = 256) -> None:
        self.store = FakeStore()
        self.handler = FakeHandler(self.store)
        self.out: dict[Door, FakeOutbound] = {"survivor": FakeOutbound(), "staff": FakeOutbound()}
        lanes = {door: (out, Pacer(time.monotonic, on=paced)) for door, out in self.out.items()}
        self.sender = Sender(self.store, self.handler, lanes, clock=utc, parallel=parallel)
        self.task: asyncio.Task[None] | None = None

    def run(self) -> None:
        self.task = asyncio.create_task(self.sender.run())

    async def done(self) -> None:
        """Until no row waits or is on its way."""
        await eventually(
            lambda: not any(q.state in ("waiting", "sending") for q in self.store.rows.values())
        )

    async def end(self) -> None:
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)
        await self.sender.stop()


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    """Unpaced; ended after the test."""
    made = Setting()
    yield made
    await made.end()


async def test_a_chat_is_served_in_order_and_many_chats_at_once(setting: Setting) -> None:
    """Forty chats with five rows each: never two calls in one chat, and all chats side by side."""
    out = setting.out["survivor"]
    out.takes = 0.02
    for number in range(5):
        for chat in range(40):
            setting.store.add(chat, send(f"{chat}/{number}"))
    begun = time.monotonic()
    setting.run()
    await setting.done()
    assert time.monotonic() - begun < 1.0  # one after the other it would be 4 s
    assert out.most == 40
    for chat in range(40):
        mine = [text for text in out.texts if text.startswith(f"{chat}/")]
        assert mine == [f"{chat}/{number}" for number in range(5)]


async def test_no_more_than_the_bound_are_under_way(setting: Setting) -> None:
    """And those beyond it follow without being told."""
    await setting.end()
    bounded = Setting(parallel=8)
    bounded.out["survivor"].takes = 0.005
    for chat in range(60):
        bounded.store.add(chat, send("x"))
    bounded.run()
    await bounded.done()
    assert bounded.out["survivor"].most <= 16  # what one bot leaves free the other may use
    await bounded.end()


async def test_a_claimed_row_goes_out_without_a_look_at_the_store(setting: Setting) -> None:
    """The hot path: commit, push, call, settle."""
    row = setting.store.add(7, send("now"))
    setting.sender.push(setting.store.claim_now(row))
    await eventually(lambda: setting.store.state(row) == "sent")
    assert setting.store.claims == 0


async def test_a_row_that_becomes_due_later_is_sent_then(setting: Setting) -> None:
    """Nobody has to wake the sender for it."""
    row = setting.store.add(7, send("later"), not_before=utc() + timedelta(seconds=0.2))
    setting.run()
    await asyncio.sleep(0.05)
    assert setting.store.state(row) == "waiting"
    await eventually(lambda: setting.store.state(row) == "sent", 1.0)


async def test_wake_finds_new_rows(setting: Setting) -> None:
    """Rows that a commit could not return claimed."""
    setting.run()
    await eventually(lambda: setting.store.claims)
    row = setting.store.add(7, send("x"))
    setting.sender.wake()
    await eventually(lambda: setting.store.state(row) == "sent", 1.0)


async def test_a_chat_that_must_wait_holds_nobody_else(setting: Setting) -> None:
    """One 429: the others go on, the row is repeated in its time and before its successors."""
    first, second = setting.store.add(7, send("a")), setting.store.add(7, send("b"))
    other = setting.store.add(8, send("c"))
    told = [True]

    def answer(row: OutRow) -> Delivery:
        if row.id == first.id and told:
            told.pop()
            return RetryAt(utc() + timedelta(seconds=0.3))
        return Sent(row.id)

    setting.out["survivor"].answer = answer
    setting.run()
    await eventually(lambda: setting.store.state(other) == "sent")
    assert setting.store.state(second) == "waiting"
    await setting.done()
    assert setting.out["survivor"].texts == ["a", "c", "a", "b"]


async def test_when_chat_after_chat_must_wait_the_whole_bot_waits(setting: Setting) -> None:
    """Three 429s within two seconds; the other bot goes on."""
    until = utc() + timedelta(seconds=0.5)
    survivor = setting.out["survivor"]
    survivor.answer = lambda row: RetryAt(until) if utc() < until else Sent(row.id)
    for chat in range(3):
        setting.store.add(chat, send("x"))
    setting.run()
    await eventually(lambda: len(setting.store.settled) == 3)
    late = setting.store.add(9, send("late"))
    setting.sender.push(setting.store.claim_now(late))
    staff = setting.store.add(9, send("staff"), "desk", door="staff")
    setting.sender.push(setting.store.claim_now(staff))
    await eventually(lambda: setting.store.state(staff) == "sent")
    assert len(survivor.order) == 3
    assert setting.store.settled[2][1] == RetryAt(until, everyone=True)
    await setting.done()
    assert setting.store.state(late) == "sent"


async def test_a_bot_whose_token_is_refused_keeps_its_rows_and_not_the_other_bot(
    setting: Setting,
) -> None:
    """Rows in hand go back to the store, so that they take nobody's room."""
    survivor = setting.out["survivor"]
    survivor.answer = lambda _row: RetryAt(utc() + timedelta(seconds=60), everyone=True)
    rows = [setting.store.add(chat, send("x")) for chat in range(3)]
    setting.run()
    await eventually(lambda: len(setting.store.settled) == 3)
    assert {setting.store.state(row) for row in rows} == {"waiting"}
    setting.sender.push(setting.store.claim_now(setting.store.add(50, send("y"))))
    staff = setting.store.add(9, send("staff"), "desk", door="staff")
    setting.sender.wake()
    await eventually(lambda: setting.store.state(staff) == "sent")
    await eventually(lambda: setting.sender.in_hand == 0)
    assert len(survivor.order) == 3


@pytest.mark.parametrize(
    ("kind", "sends", "state"),
    [("screen", 2, "unknown"), ("line", 1, "unknown"), ("crisis", 3, "sent"), ("ping", 3, "sent")],
)
async def test_a_lost_answer_is_treated_by_class(
    setting: Setting, kind: str, sends: int, state: str
) -> None:
    """Two lost answers in a row: once more, held, or repeated until it is known."""
    lost = [Unknown(), Unknown()]
    setting.out["survivor"].answer = lambda row: lost.pop() if lost else Sent(row.id)
    row = setting.store.add(7, send("x"), kind)
    setting.run()
    await setting.done()
    assert (len(setting.out["survivor"].order), setting.store.state(row)) == (sends, state)
    assert setting.handler.told == []


async def test_staff_words_that_may_not_have_arrived_are_told(setting: Setting) -> None:
    """Unknown, refused and expired ones; after a restart, those a dead process left behind."""
    lost, refused = (
        setting.store.add(1, send("a"), "relay"),
        setting.store.add(2, send("b"), "relay"),
    )
    expired = setting.store.add(3, send("c"), "relay", not_after=utc() - timedelta(seconds=1))
    left = setting.store.add(4, send("d"), "relay")
    setting.store.rows[left.id].state = "unknown"
    setting.store.left_behind = (left,)

    def answer(row: OutRow) -> Delivery:
        return Unknown() if row.id == lost.id else sender_module.Refused(400)

    setting.out["survivor"].answer = answer
    setting.run()
    await eventually(lambda: len(setting.handler.told) == 4)
    assert {(row.id, state) for row, state in setting.handler.told} == {
        (lost.id, "unknown"),
        (refused.id, "refused"),
        (expired.id, "expired"),
        (left.id, "unknown"),
    }
    assert all(row.id != expired.id for row in setting.out["survivor"].order)


async def test_a_person_who_is_gone_is_told_whatever_the_class(setting: Setting) -> None:
    """So that her case can say that she cannot be reached."""
    setting.out["survivor"].answer = lambda _row: Gone()
    row = setting.store.add(7, send("x"), "screen")
    setting.run()
    await eventually(lambda: setting.handler.told == [(row, "cancelled")])


async def test_an_outcome_that_cannot_be_stored_is_kept_until_it_can(setting: Setting) -> None:
    """The row is not sent again meanwhile."""
    row = setting.store.add(7, send("x"))
    claimed = setting.store.claim_now(row)
    setting.store.down = True
    setting.sender.push(claimed)
    await asyncio.sleep(0.3)
    assert setting.sender.in_hand == 1
    setting.store.down = False
    await eventually(lambda: setting.store.state(row) == "sent")
    assert len(setting.out["survivor"].order) == 1


async def test_a_fault_of_ours_costs_one_row(
    setting: Setting, caplog: pytest.LogCaptureFixture
) -> None:
    """It is refused with its class logged, and the words are not."""
    bad, good = setting.store.add(1, send("bad words")), setting.store.add(2, send("good"))

    def answer(row: OutRow) -> Delivery:
        if row.id == bad.id:
            raise KeyError(row.call.content.text)
        return Sent(1)

    setting.out["survivor"].answer = answer
    caplog.set_level(logging.DEBUG)
    setting.run()
    await setting.done()
    assert (setting.store.state(bad), setting.store.state(good)) == ("refused", "sent")
    assert "KeyError" in caplog.text
    assert "bad words" not in caplog.text


async def test_a_row_that_grows_stale_in_hand_is_not_sent() -> None:
    """Three calls to one chat at once, the fourth waits a second; its screen lives half of one."""
    paced = Setting(paced=True)
    for number in range(3):
        paced.store.add(7, send(f"{number}"))
    stale = paced.store.add(7, send("stale"), not_after=utc() + timedelta(seconds=0.5))
    crisis = paced.store.add(7, send("crisis"), "crisis", not_after=None)
    paced.run()
    await paced.done()
    assert paced.store.state(stale) == "expired"
    assert paced.store.state(crisis) == "sent"
    assert paced.out["survivor"].texts == ["0", "1", "2", "crisis"]
    await paced.end()


async def test_when_time_is_short_urgent_classes_go_first() -> None:
    """Twenty calls at once, then thirty a second: crisis words overtake screens and pings."""
    paced = Setting(paced=True)
    kinds = ["ping"] * 15 + ["screen"] * 15 + ["crisis"] * 5
    rows = [paced.store.add(chat, send(kind), kind) for chat, kind in enumerate(kinds)]
    paced.sender.push([row for row in rows if paced.store.claim_now(row)])
    await eventually(lambda: len(paced.out["survivor"].order) == 35)
    assert paced.out["survivor"].texts == ["crisis"] * 5 + ["screen"] * 15 + ["ping"] * 15
    await paced.end()


async def test_a_stop_lets_calls_under_way_end(setting: Setting) -> None:
    """And starts no new ones."""
    setting.out["survivor"].takes = 0.1
    first, second = setting.store.add(7, send("a")), setting.store.add(7, send("b"))
    setting.run()
    await eventually(lambda: setting.out["survivor"].order)
    await setting.sender.stop()
    assert setting.store.state(first) == "sent"
    assert setting.store.state(second) in ("sending", "waiting", "sent")
    assert setting.sender.in_hand == 0


# ---------------------------------------------------------------- against the emulated Telegram


@pytest.fixture
async def real(url: str, world: World) -> AsyncIterator[Rig]:
    """A sender that speaks to the emulated Telegram with its limits on, and keeps to them."""
    world.set_pacing(on=True)
    made = Rig(url, world, paced=True)
    await made.start(polling=False)
    yield made
    await made.stop()


def calls(rig: Rig, method: str) -> list[dict[str, object]]:
    """What was asked, by the journal of the emulated Telegram."""
    return [call for call in rig.world.journal.entries("call") if call["method"] == method]


async def test_telegrams_limits_are_never_met(real: Rig) -> None:
    """Sixty calls, six of them to one chat: no 429 in Telegram's own journal."""
    people = [real.world.people.add(f"P{number}") for number in range(20)]
    for person in people:
        real.world.people.start(person, "survivor")
    rows = [real.store.add(person.id, send(f"{n}")) for n in range(2) for person in people]
    rows += [real.store.add(people[0].id, send(f"more {n}")) for n in range(4)]
    real.sender.wake()
    await eventually(lambda: all(real.store.state(row) == "sent" for row in rows), 8.0)
    codes = [call.get("code") for call in calls(real, "sendMessage")]
    assert len(codes) == 44
    assert 429 not in codes


async def test_a_429_for_one_chat_is_obeyed_and_nobody_else_waits(real: Rig) -> None:
    """No call to that chat before the time it was told; the other's message is there at once."""
    ana, bo = real.world.people.add("Ana"), real.world.people.add("Bo")
    for person in (ana, bo):
        real.world.people.start(person, "survivor")
    real.world.faults.once("sendMessage", "too_many_requests", 1)
    slow = real.store.add(ana.id, send("slow"))
    real.sender.wake()
    await eventually(lambda: real.store.settled)
    told = time.monotonic()
    quick = real.store.add(bo.id, send("quick"))
    real.sender.wake()
    await eventually(lambda: real.store.state(quick) == "sent", 0.5)
    await eventually(lambda: real.store.state(slow) == "sent", 3.0)
    assert time.monotonic() - told > 0.9
    assert [call["code"] for call in calls(real, "sendMessage") if call["code"] == 429] == [429]


@pytest.mark.parametrize(("kind", "copies"), [("screen", 2), ("line", 1), ("crisis", 2)])
async def test_accepted_and_dropped(real: Rig, kind: str, copies: int) -> None:
    """Telegram took it and the answer was lost: what she sees depends on the class."""
    ana = real.world.people.add("Ana")
    real.world.people.start(ana, "survivor")
    real.world.faults.once("sendMessage", "accept_then_drop")
    row = real.store.add(ana.id, send("words"), kind)
    real.sender.wake()
    await eventually(lambda: real.store.state(row) in ("sent", "unknown"))
    texts = [message.text for message in real.world.people.messages(ana, "survivor")]
    assert texts.count("words") == copies


async def test_an_edit_whose_answer_was_lost_is_repeated_without_a_trace(real: Rig) -> None:
    """The second one is not modified, which is a success."""
    ana = real.world.people.add("Ana")
    real.world.people.start(ana, "survivor")
    sent = real.store.add(ana.id, send("screen"))
    real.sender.wake()
    await eventually(lambda: real.store.state(sent) == "sent")
    real.world.faults.once("editMessageText", "accept_then_drop")
    number = real.store.message_ids[ana.id, Ref("screen")]
    edit = real.store.add(ana.id, Edit(Ref("screen"), Content("changed")), message_id=number)
    real.sender.wake()
    await eventually(lambda: real.store.state(edit) == "sent")
    assert [code["code"] for code in calls(real, "editMessageText")] == [200, 400]
    mine = [m.text for m in real.world.people.messages(ana, "survivor") if m.id == number]
    assert mine == ["changed"]
