"""The pacer: bursts, refill, groups, and the whole bot."""

import pytest

from bot.gateway import pace
from bot.gateway.pace import Pacer


class Clock:
    """Monotonic seconds that move when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def calls_in(pacer: Pacer, clock: Clock, chat: int, seconds: float) -> int:
    """How many calls to one chat fit when one tries every tenth of a second."""
    made = 0
    for _ in range(round(seconds * 10)):
        while max(pacer.overall_wait(), pacer.chat_wait(chat)) == 0:
            pacer.take(chat)
            made += 1
        clock.now += 0.1
    return made


@pytest.mark.parametrize(("chat", "seconds", "made"), [(7, 10, 12), (-5, 60, 24)])
def test_a_chat_gets_its_burst_and_then_its_rate(chat: int, seconds: int, made: int) -> None:
    """Private: 3 at once, then 1 a second. Group: 5 at once, then 20 a minute."""
    clock = Clock()
    assert calls_in(Pacer(clock), clock, chat, seconds) == made


def test_all_chats_together_get_30_a_second() -> None:
    """20 at once, and 30 for each second."""
    clock = Clock()
    pacer = Pacer(clock)
    made = 0
    for tenth in range(100):
        for chat in range(10):
            if pacer.overall_wait() == 0:
                pacer.take(tenth * 10 + chat)
                made += 1
        clock.now += 0.1
    assert 300 <= made <= 320


def test_without_pacing_nothing_waits() -> None:
    """Load tests only."""
    pacer = Pacer(Clock(), on=False)
    for _ in range(1000):
        pacer.take(7)
    assert (pacer.overall_wait(), pacer.chat_wait(7)) == (0.0, 0.0)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chats whose burst has come back are forgotten, others are not."""
    monkeypatch.setattr(pace, "MOST_CHATS", 3)
    clock = Clock()
    pacer = Pacer(clock)
    for chat in (1, 2, 3):
        pacer.take(chat)
    clock.now += 5
    for _ in range(3):
        pacer.take(2)
    pacer.take(4)
    assert pacer.chat_wait(2) == pytest.approx(1.0)
    assert len(pacer._chats) == 2  # noqa: SLF001 - the bound itself


def test_edits_and_deletes_do_not_wait_for_the_chat():
    """A press must be answered at once, however many screens she has looked at this second."""
    now = [0.0]
    pacer = Pacer(lambda: now[0])
    for _ in range(20):
        pacer.take(None)
    assert pacer.chat_wait(7) == 0.0
    pacer.take(7)
    assert pacer.chat_wait(7) == 0.0
