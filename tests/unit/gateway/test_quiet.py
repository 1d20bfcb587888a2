"""What libraries would print, and what comes through."""

import logging
from collections.abc import Iterator

import pytest

from bot.gateway.quiet import LOUD, TALKATIVE, hush


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Loggers are global; each test leaves them as it found them."""
    names = [*TALKATIVE, *LOUD, "telegram.Bot", "httpx._client"]
    before = [(logging.getLogger(n), n) for n in names]
    kept = [(log, log.level, log.propagate, log.handlers[:]) for log, _ in before]
    yield
    for log, level, propagate, handlers in kept:
        log.setLevel(level)
        log.propagate, log.handlers = propagate, handlers


def test_nothing_that_a_library_says_comes_through_in_its_own_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Even with everything at DEBUG, and at CRITICAL, where whole batches are printed."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("telegram.Bot").setLevel(logging.DEBUG)
    logging.getLogger("telegram.Bot").addHandler(logging.StreamHandler())
    hush()
    assert len(TALKATIVE) == 5
    for name in (*TALKATIVE, "telegram.Bot", "httpx._client", "telegram.new.one"):
        for level in (logging.DEBUG, logging.INFO, logging.CRITICAL):
            logging.getLogger(name).log(level, "canary %s", "canary")
    assert "canary" not in caplog.text
    told = [record.getMessage() for record in caplog.records]
    assert told == [
        f"{name} said something at level CRITICAL."
        for name in (*TALKATIVE, "telegram.Bot", "httpx._client", "telegram.new.one")
    ]
    assert logging.getLogger("telegram.Bot").handlers == []


def test_of_an_exception_only_its_class_comes_through(caplog: pytest.LogCaptureFixture) -> None:
    """No text, no traceback with values."""
    hush()
    try:
        raise ValueError("canary")  # noqa: EM101, TRY301 - the very thing under test
    except ValueError:
        logging.getLogger("telegram.Bot").exception("canary")
    assert "canary" not in caplog.text
    assert caplog.messages == ["telegram.Bot said something at level ERROR (ValueError)."]


def test_access_logs_and_transitions_speak_from_warnings_on() -> None:
    """Their lines hold paths and event names."""
    hush()
    assert [logging.getLogger(name).level for name in LOUD] == [logging.WARNING] * 2
