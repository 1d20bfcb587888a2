"""The fixed screen: after 20 s without a commit, once an hour a chat, in her language."""

import asyncio

import pytest

from bot.core.events import Arrived, Blocked, Typed
from bot.core.ids import Language
from bot.core.message import Content
from bot.gateway.fixed import FixedScreen
from tests.unit.gateway.fakes import Moment

TEXTS = {Language("en"): Content("I cannot answer now."), Language("es"): Content("No puedo.")}


class Setting:
    """A screen with a clock of its own; `shown` is what went out."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, str]] = []
        self.moment = Moment()
        self.screen = FixedScreen(TEXTS, Language("en"), send=self.send, clock=self.moment.seconds)

    async def send(self, chat_id: int, content: Content) -> None:
        self.shown.append((chat_id, content.text))

    async def refuse(self, chat: int, language: str = "en", **more: object) -> None:
        arrived = Arrived(
            "c", more.get("door", "survivor"), chat, "s", more.get("what", Typed("", 1)), language
        )
        self.screen.refused(arrived)
        await asyncio.sleep(0)

    async def fail_for(self, seconds: float) -> None:
        await self.refuse(1)
        self.moment.forward(seconds)


@pytest.fixture
async def setting() -> Setting:
    """A fresh one."""
    return Setting()


async def test_short_trouble_is_not_worth_a_word(setting: Setting) -> None:
    """19 s: the answer itself will come."""
    await setting.fail_for(19)
    await setting.refuse(7)
    assert setting.shown == []
    assert setting.screen.failing_for == 19


async def test_after_20_seconds_each_waiting_chat_is_told_once_an_hour(setting: Setting) -> None:
    """However often its update is tried again."""
    await setting.fail_for(20)
    for _ in range(3):
        await setting.refuse(7)
        await setting.refuse(8, "es-MX")
    await setting.refuse(9, "fr")
    assert setting.shown == [
        (7, "I cannot answer now."),
        (8, "No puedo."),
        (9, "I cannot answer now."),
    ]
    setting.moment.forward(3599)
    await setting.refuse(7)
    assert len(setting.shown) == 3
    setting.moment.forward(1)
    await setting.refuse(7)
    assert setting.shown[3:] == [(7, "I cannot answer now.")]


async def test_a_commit_in_between_starts_the_time_anew(setting: Setting) -> None:
    """20 s without any success, not 20 s since the first trouble."""
    await setting.fail_for(19)
    setting.screen.committed()
    assert setting.screen.failing_for == 0
    await setting.refuse(7)
    setting.moment.forward(19)
    await setting.refuse(7)
    assert setting.shown == []


async def test_only_survivors_who_can_be_reached_are_told(setting: Setting) -> None:
    """The staff bot is silent to strangers, and somebody who blocked us waits for nothing."""
    await setting.fail_for(20)
    await setting.refuse(7, door="staff")
    await setting.refuse(8, what=Blocked())
    assert setting.shown == []
