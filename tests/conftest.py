"""The ground every test stands on: no traffic off this machine, no settings from the shell it was
started in, bounded searches. It knows of the bot only which loggers it quiets; fixtures that build
parts of it live beside the tests that use them.
"""

import logging
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.gateway import quiet
from tests.loopback import GUARD

SETTINGS_OF_A_SHELL = ("DATABASE_URL", "PORT")
"""Names besides `WAYMARK_*` that the bot reads; a test sets what it needs by itself."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def _forget_the_shell() -> None:
    """Drop settings and proxies: a test means the same on every machine, in subprocesses too."""
    for name in tuple(os.environ):
        ours = name.startswith("WAYMARK_") or name in SETTINGS_OF_A_SHELL
        if ours or name.lower().endswith("_proxy"):
            del os.environ[name]


_forget_the_shell()
sys.addaudithook(GUARD.hook)

settings.register_profile(
    "gate",
    max_examples=60,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("campaign", settings.get_profile("gate"), max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


@pytest.fixture(autouse=True)
def _only_loopback() -> Iterator[None]:
    """A refused connection fails its test even where the code under test swallowed the error."""
    GUARD.refused.clear()
    yield
    tried, GUARD.refused[:] = tuple(GUARD.refused), ()
    assert not tried, f"this test tried to leave the machine: {', '.join(tried)}"


@pytest.fixture(autouse=True)
def _loggers_as_they_were() -> Iterator[None]:
    """What the program quiets when it starts, the next test hears again."""
    loggers = [logging.getLogger(name) for name in (*quiet.TALKATIVE, *quiet.LOUD)]
    before = [(one.level, one.propagate, list(one.handlers)) for one in loggers]
    yield
    for one, (level, propagate, handlers) in zip(loggers, before, strict=True):
        one.setLevel(level)
        one.propagate, one.handlers = propagate, handlers


def _find_browser() -> Path | None:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(found) if found else None


@pytest.fixture(scope="session")
def browser_path() -> Path:
    """The Chromium to drive. Skips without one; with `BROWSER_REQUIRED=1`, as in .ci/run, fails."""
    found = _find_browser()
    if found is None:
        why = f"no browser among {', '.join(BROWSERS)}; on Debian: apt-get install chromium"
        if os.environ.get("BROWSER_REQUIRED") == "1":
            pytest.fail(why)
        pytest.skip(why)
    return found
