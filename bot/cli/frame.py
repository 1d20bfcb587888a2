"""What every command shares: settings from the environment, exit codes, and how work is run."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any, Protocol

from bot.config import Settings

FINE, PROBLEMS, WRONGLY = 0, 1, 2
Command = Callable[[argparse.Namespace], int]


class Add(Protocol):
    """Adds one command to the parser; arguments are added to what it returns."""

    def __call__(self, name: str, command: Command, what: str) -> argparse.ArgumentParser:
        """``what`` is the line that the list of commands shows."""


def say(sentence: str) -> int:
    """A refusal on standard error, and the exit code for it."""
    print(sentence, file=sys.stderr)
    return PROBLEMS


@contextlib.contextmanager
def progress(what: str) -> Iterator[None]:
    """While something takes long: what it is, on a terminal only, gone when it is done."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} …"):
        yield


def settings_of(*, bots: bool) -> Settings:
    """Settings from the environment and a ``.env`` file beside it; the environment wins."""
    from dotenv import dotenv_values

    written = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return Settings.from_env({**written, **os.environ}, bots=bots)


def log_to_terminal() -> None:
    """For commands that run for long: what happens, on standard error."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


def go(work: Coroutine[Any, Any, int]) -> int:
    """Run on uvloop where there is one."""
    with contextlib.suppress(ImportError):
        import uvloop

        return uvloop.run(work)
    return asyncio.run(work)


async def until_told(work: Awaitable[None]) -> None:
    """Run until the work ends or somebody asks us to stop. A second signal ends at once."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        try:
            await task
        except BaseExceptionGroup as group:
            raise _first(group) from None


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one failure that ended the tasks; the others were only cancelled because of it."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
