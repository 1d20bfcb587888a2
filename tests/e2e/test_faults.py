"""When something breaks: the disk, Telegram, the network, our own code. Nothing that was confirmed
is lost, nobody is left without a word, and the others are served.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.app import Hooks
from bot.core.events import Arrived, Typed
from bot.sandbox import FaultPlan
from bot.sandbox.methods_updates import CUT_BY_POLL
from bot.store.protocol import Unavailable
from tests.e2e import paths
from tests.e2e.phones import Phone
from tests.e2e.stage import STAFF_TOKEN, Somebody, Stage, free_port


class Stopwatch:
    """Monotonic seconds that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class FullDisk:
    """A store in which, while ``full``, nothing can be written. Everything else passes through."""

    WRITES = ("commit", "settle", "claim", "ensure", "prune", "publish")

    def __init__(self) -> None:
        self.full = False
        self.refused = 0
        self.watch = Stopwatch()
        self._store: Any = None

    def around(self, store: Any) -> Any:
        self._store = store
        return self

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if name not in self.WRITES:
            return found

        async def write(*given: Any, **named: Any) -> Any:
            if self.full:
                self.refused += name == "commit"
                msg = "The disk is full."
                raise Unavailable(msg)
            return await found(*given, **named)

        return write


@pytest.fixture
async def disk(closed_stage: Stage) -> AsyncIterator[FullDisk]:
    """The play, running on a disk that can be filled; ``patience`` stands still."""
    disk = FullDisk()
    closed_stage.hooks = Hooks(clock=closed_stage.now, patience=disk.watch, store=disk.around)
    await closed_stage.open()
    yield disk
    disk.full = False


async def ready(stage: Stage) -> tuple[int, dict[str, Any]]:
    """What ``/health/ready`` answers."""
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{stage.address}/health/ready")
    return answer.status_code, answer.json()


async def test_a_full_disk_is_said_once_nothing_is_confirmed_and_all_is_done_later(
    disk: FullDisk, closed_stage: Stage, ana: Somebody
) -> None:
    """After 20 s without a commit: one fixed screen a person, readiness 503; then it recovers."""
    stage, phone = closed_stage, ana.at("survivor")
    await phone.start()
    await phone.press("Go on")
    confirmed = _confirmed(stage)
    disk.full = True
    await phone.press("To be heard", wait=False)
    await stage.eventually(lambda: disk.refused)
    phone.sees_nothing_of("I cannot answer now.")
    disk.watch.seconds += 21
    await phone.sees("I cannot answer now.", "988")
    await phone.types("are you there", wait=False)
    await stage.eventually(lambda: stage.running.dispatchers["survivor"].waiting == 2)
    before = disk.refused
    await stage.eventually(lambda: disk.refused > before + 1)
    status, said = await ready(stage)
    assert (status, said["ready"]) == (503, False)
    assert said["no_commit_for_seconds"] >= 20
    told = [text for text in phone.texts if "I cannot answer now." in text]
    assert len(told) == 1, "once an hour, not once a word"
    assert _confirmed(stage) == confirmed, "what is not committed is not confirmed"
    disk.full = False
    await stage.calm()
    assert "✓ To be heard" in phone.labels
    assert (await ready(stage))[0] == 200


def _confirmed(stage: Stage) -> int:
    entries = stage.world.journal.entries("updates_confirmed")
    return sum(len(entry["update_ids"]) for entry in entries if entry["bot"] == "survivor")


async def test_the_fixed_screen_speaks_her_language_and_staff_get_none(
    disk: FullDisk, closed_stage: Stage, sam: Somebody
) -> None:
    """From memory, by the language of her app; the staff bot says nothing to anybody meanwhile."""
    stage = closed_stage
    luz, desk = stage.person("Luz-Prado", "es-AR").at("survivor"), sam.at("staff")
    disk.full = True
    await luz.types("/start", wait=False)
    await desk.types("/queue", wait=False)
    await stage.eventually(lambda: disk.refused)
    disk.watch.seconds += 21
    await luz.sees("911", "988")
    luz.sees_nothing_of("I cannot answer now.")
    assert desk.from_bot == []
    disk.full = False
    await stage.calm()
    await luz.sees("Hola")


class Poison:
    """A handler that breaks on one word, every time."""

    def __init__(self) -> None:
        self.tries = 0
        self._inner: Any = None

    def around(self, handler: Any) -> Any:
        self._inner = handler
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def handle(self, arrived: Arrived) -> str | None:
        if isinstance(arrived.what, Typed) and "poison" in arrived.what.text:
            self.tries += 1
            raise RuntimeError(arrived.what.text)
        return await self._inner.handle(arrived)


@pytest.mark.parametrize("door", ["survivor", "staff"])
async def test_a_poison_update_costs_three_tries_and_nobody_else(
    closed_stage: Stage,
    ana: Somebody,
    sam: Somebody,
    caplog: pytest.LogCaptureFixture,
    door: str,
) -> None:
    """Sealed dead letter, a kind line, neighbours served; her words are in no log and no file."""
    stage, poison = closed_stage, Poison()
    await stage.open(Hooks(clock=stage.now, handler=poison.around))
    phone, other = ana.at("survivor"), stage.person("Bea-Holm").at("survivor")
    victim = phone if door == "survivor" else sam.at("staff")
    await phone.start()
    await victim.start()
    await phone.press("Go on")
    await victim.types("poison heliotrope", wait=False)
    await other.types("/start", wait=False)
    await stage.calm()
    await victim.sees("Something went wrong on our side.")
    await other.sees("Hello. This is Waymark, an information guide.")
    assert poison.tries == 3
    assert (await stage.running.store.health(stage.now())).dead_letters == 1
    assert "heliotrope" not in caplog.text
    assert stage.found_in_files("heliotrope") == []
    await phone.press("To be heard")
    assert "✓ To be heard" in phone.labels
    _status, said = await ready(stage)
    assert said["dead_letters"] == 1


async def test_a_second_poller_while_running_degrades_that_bot_until_it_goes(
    phone: Phone, stage: Stage
) -> None:
    """409 ends nothing: the survivor bot is marked, the staff bot goes on, contact comes back."""
    await phone.start()
    contact = stage.running.bots["survivor"].contact
    queue = stage.world.bot("survivor").queue
    await stage.eventually(lambda: queue.waiter)
    queue.wake(CUT_BY_POLL)
    await stage.eventually(lambda: contact.trouble == "conflict")
    assert stage.running.bots["staff"].contact.trouble is None
    await phone.press("Go on")
    await phone.sees("What matters to you right now?")
    assert contact.trouble is None


async def test_a_revoked_staff_token_leaves_the_guide_open_and_honest(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """The survivor bot goes on, readiness names the trouble, and she reads that nobody is there."""
    await phone.start()
    await paths.to_summary(phone)
    bot = stage.world.bot("staff")
    bot.revoked = True
    bot.queue.wake()
    await desk.types("/queue", wait=False)
    await stage.eventually(lambda: stage.running.bots["staff"].contact.trouble == "token")
    await phone.press("Send this to staff")
    await phone.sees("Right now no person can be reached here.")
    status, said = await ready(stage)
    assert said["bots"]["staff"]["trouble"] == "token"
    assert said["bots"]["survivor"]["trouble"] is None
    assert status == 200
    assert STAFF_TOKEN not in str(said)


async def test_a_revoked_survivor_token_leaves_the_desk_open(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """The other way round: staff still see who waits."""
    await paths.hand_over(phone)
    bot = stage.world.bot("survivor")
    bot.revoked = True
    bot.queue.wake()
    await phone.types("hello", wait=False)
    await stage.eventually(lambda: stage.running.bots["survivor"].contact.trouble == "token")
    await desk.types("/queue", wait=False)
    await desk.sees("1 waiting")


async def test_one_chat_that_must_wait_does_not_stop_the_others(phone: Phone, stage: Stage) -> None:
    """429 for one chat: the others are answered at once, hers when the time is over."""
    other = stage.person("Bea-Holm").at("survivor")
    await phone.start()
    await other.start()
    stage.world.faults.once("editMessageText", "too_many_requests", 30)
    await phone.press("Go on", wait=False)
    await stage.eventually(lambda: list(stage.world.journal.entries("fault")))
    await other.press("Go on", wait=False)
    await other.sees("What matters to you right now?")
    phone.sees_nothing_of("What matters to you right now?")
    await stage.pass_time(seconds=31)
    await phone.sees("What matters to you right now?")


async def test_a_lost_answer_to_relayed_words_is_shown_to_staff_who_may_repeat(
    phone: Phone, desk: Phone, stage: Stage
) -> None:
    """Delivery unknown: not sent again by itself; one tap sends it again, marked as a repeat."""
    alias = await paths.into_talk(phone, desk)
    await phone.types("Hello.")
    stage.world.faults.once("sendMessage", "accept_then_drop")
    await desk.types("Words on a thin line.")
    await desk.sees(f"Delivery unknown: {alias} may or may not have it.")
    assert phone.texts.count("The desk: Words on a thin line.") == 1
    await desk.press("Send it again")
    await phone.sees("The desk (may be a repeat): Words on a thin line.")
    assert phone.texts.count("The desk: Words on a thin line.") == 1


async def test_a_lost_answer_to_a_screen_leaves_working_buttons(phone: Phone, stage: Stage) -> None:
    """The screen is sent once more; the buttons of either copy work, and neither acts twice."""
    stage.world.faults.once("sendMessage", "accept_then_drop")
    await phone.start()
    copies = [m for m in phone.from_bot if m.buttons]
    assert 1 <= len(copies) <= 2
    await phone.press("Go on", on=copies[0])
    assert any("What matters to you right now?" in text for text in phone.texts)


@pytest.mark.parametrize("kind", ["drop_before", "server_error", "truncated", "delay"])
async def test_a_bad_line_to_telegram_loses_nothing(
    closed_stage: Stage, ana: Somebody, sam: Somebody, kind: str
) -> None:
    """One call in five goes wrong: a whole talk still arrives, in order, on both sides."""
    stage = closed_stage
    await stage.open()
    phone, desk = ana.at("survivor"), sam.at("staff")
    await desk.start()
    alias = await paths.into_talk(phone, desk)
    await phone.types("words 0")
    stage.world.faults = FaultPlan(
        3, {kind: {"sendMessage": 0.2, "getUpdates": 0.2}}, delay_seconds=(0.01, 0.05)
    )
    for count in range(1, 8):
        await phone.types(f"words {count}", wait=False)
    stop = asyncio.get_running_loop().time() + 30
    while sum("words 7" in text for text in desk.texts) < 1:
        assert asyncio.get_running_loop().time() < stop, desk.texts
        stage.world.clock.advance(5)
        stage.running.sender.wake()
        await asyncio.sleep(0.05)
    stage.world.faults = FaultPlan()
    stage.world.clock.advance(60)
    stage.running.sender.wake()
    await stage.calm(20)
    firsts = [next(i for i, t in enumerate(desk.texts) if f"words {n}" in t) for n in range(8)]
    assert firsts == sorted(firsts)
    marked = [t for t in desk.texts if t.startswith(f"{alias} (may be a repeat): words")]
    plain = [t for t in desk.texts if t.startswith(f"{alias}: words")]
    assert len(plain) == len(set(plain)), "a repeat is always marked as one"
    assert len(set(plain) | {t.replace(" (may be a repeat)", "") for t in marked}) == 8


async def test_duplicate_updates_are_applied_once(phone: Phone, desk: Phone, stage: Stage) -> None:
    """Telegram repeats updates in its answers: each word reaches the desk a single time."""
    alias = await paths.into_talk(phone, desk)
    stage.world.faults = FaultPlan(2, {"duplicate": 0.9})
    for count in range(6):
        await phone.types(f"once {count}")
    assert [t for t in desk.texts if "once" in t] == [
        f"{alias}: once {count}" for count in range(6)
    ]


async def test_update_ids_that_start_again_are_not_taken_for_old_ones(
    phone: Phone, stage: Stage
) -> None:
    """After a quiet week Telegram counts from a random number, higher or lower."""
    await phone.start()
    stage.world.bot("survivor").queue.restart(at=5)
    await phone.press("Go on")
    await phone.sees("What matters to you right now?")


async def test_stop_and_start_in_the_middle_of_a_talk(
    closed_stage: Stage, ana: Somebody, sam: Somebody
) -> None:
    """What was written while nothing ran, and what was under way, arrives once after the start."""
    stage = closed_stage
    await stage.open()
    phone, desk = ana.at("survivor"), sam.at("staff")
    alias = await paths.into_talk(phone, desk)
    for count in range(5):
        await phone.types(f"before {count}", wait=False)
    await stage.close()
    for count in range(5):
        await phone.types(f"during {count}", wait=False)
    await desk.types("from the desk meanwhile", wait=False)
    await stage.open()
    await stage.calm()
    expected = [f"{alias}: before {n}" for n in range(5)] + [
        f"{alias}: during {n}" for n in range(5)
    ]
    heard = [
        t.replace(" (may be a repeat)", "") for t in desk.texts if "before" in t or "during" in t
    ]
    assert list(dict.fromkeys(heard)) == expected
    assert sum("from the desk meanwhile" in t for t in phone.texts) == 1


SECRET = "secret-of-the-webhook-5e1"


async def test_the_way_to_a_person_by_webhook(
    closed_stage: Stage, ana: Somebody, sam: Somebody
) -> None:
    """With a public address updates are delivered, not polled, and only under the right secret."""
    stage, port = closed_stage, free_port()
    await stage.open(
        WAYMARK_PUBLIC_URL=f"http://127.0.0.1:{port}", WAYMARK_WEBHOOK_SECRET=SECRET, PORT=str(port)
    )
    phone, desk = ana.at("survivor"), sam.at("staff")
    alias = await paths.into_talk(phone, desk)
    await phone.types("By another way.")
    await desk.sees(f"{alias}: By another way.")
    assert not list(stage.world.journal.entries("updates_handed_out"))
    deliveries = list(stage.world.journal.entries("webhook_delivery"))
    assert deliveries
    assert all(entry["ok"] for entry in deliveries)
    forged = {"update_id": 7, "message": _message(phone, "forged words")}
    async with httpx.AsyncClient() as client:
        url = f"http://127.0.0.1:{port}/telegram/survivor"
        wrong = await client.post(
            url, json=forged, headers={"X-Telegram-Bot-Api-Secret-Token": "wrong"}
        )
        none = await client.post(url, json=forged)
    assert (wrong.status_code, none.status_code) == (403, 401)
    await stage.calm()
    desk.sees_nothing_of("forged words")


def _message(phone: Phone, text: str) -> dict[str, Any]:
    who = {"id": phone.person.id, "is_bot": False, "first_name": "x"}
    chat = {"id": phone.person.id, "type": "private"}
    return {"message_id": 99, "date": 1, "chat": chat, "from": who, "text": text}


async def test_going_from_webhook_to_polling_takes_the_webhook_away(
    closed_stage: Stage, ana: Somebody
) -> None:
    """The next start without a public address removes the webhook and drops no waiting update."""
    stage, port = closed_stage, free_port()
    await stage.open(
        WAYMARK_PUBLIC_URL=f"http://127.0.0.1:{port}", WAYMARK_WEBHOOK_SECRET=SECRET, PORT=str(port)
    )
    phone = ana.at("survivor")
    await phone.start()
    await stage.close()
    await phone.press("Go on", wait=False)
    await stage.open()
    await phone.sees("What matters to you right now?")


async def test_pacing_keeps_to_telegrams_limits_and_loses_nothing(
    closed_stage: Stage, ana: Somebody, sam: Somebody
) -> None:
    """With Telegram's own limits on both sides no call is refused for flooding."""
    stage = closed_stage
    stage.world.set_pacing(on=True)
    await stage.open(WAYMARK_PACING="telegram")
    phone = ana.at("survivor")
    await phone.start()
    await phone.press("Go on", "To be heard", "Privacy")
    assert "✓ Privacy" in phone.labels
    refused = [c for c in stage.world.journal.entries("call") if c["code"] == 429]
    assert refused == []


async def test_readiness_counts_without_telling(phone: Phone, stage: Stage) -> None:
    """Health figures carry numbers only: no id, no name, no token, no word of anybody."""
    await phone.start()
    await phone.types("heliotrope")
    status, said = await ready(stage)
    assert (status, said["ready"]) == (200, True)
    spelled = str(said)
    for secret in ("heliotrope", str(phone.person.id), "Ana", STAFF_TOKEN, "Waymark, an"):
        assert secret not in spelled
    assert timedelta(seconds=said["outbox_oldest_seconds"]) < timedelta(minutes=1)
    due = [each.review_by for each in stage.running.editions.newest.library.resources]
    assert due
    assert said["lines_overdue"] == sum(day < stage.now().date() for day in due)
