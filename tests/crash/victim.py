"""The bot in a process of its own, made to be killed. Started once, it imports the program and then
forks one life after another, so that a restart costs what opening the files costs and not what
importing Python modules costs. It reads orders and writes news as JSON lines, and judges nothing.

Orders: {"do": "live", "plan": {…}} · {"do": "kill"}. News: {"born": pid} · {"ready": mono} ·
{"died": status, "point": name or null, "mono": seconds}. The plan reaches a life in `CRASH_PLAN`.
"""

import contextlib
import json
import logging
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

import uvloop

from bot.app import Hooks, opened
from bot.config import Settings

from .bugs import plant
from .points import Trap, TrappedApi, TrappedHandler, spring_inside_commits

PLAN = "CRASH_PLAN"


def hooks_for(plan: dict[str, Any], trap: Trap) -> Hooks:
    """The program's own places for tests, with a trap and perhaps a bug in them."""
    spring_inside_commits(trap)
    store_bug, handler_bug = plant(plan.get("bug", ""))

    def handler(inner):
        return TrappedHandler(handler_bug(inner) if handler_bug else inner, trap)

    return Hooks(
        store=store_bug or (lambda store: store),
        handler=handler,
        api=lambda api: TrappedApi(api, trap),
    )


async def live(settings: Settings, hooks: Hooks, ready) -> None:
    """Run as the command line does, until something ends the process."""
    async with opened(settings, hooks=hooks) as waymark:
        await waymark.run(ready)


def _begin_life(pipe: int) -> None:
    """In the forked process: never returns."""
    try:
        plan = json.loads(os.environ[PLAN])

        def say(line: str) -> None:
            os.write(pipe, f"{line}\n".encode())

        silent = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1):
            os.dup2(silent, stream)
        logging.basicConfig(filename=plan["log"], level=logging.DEBUG, force=True)
        trap = Trap(plan["point"], plan["after"], say, Path(plan["faults"]))
        settings = Settings.from_env(plan["settings"])
        uvloop.run(live(settings, hooks_for(plan, trap), lambda _address: say("ready")))
    except BaseException as end:  # noqa: BLE001 - the supervisor must hear of any other end
        with contextlib.suppress(OSError):
            os.write(2, f"The bot ended by itself: {type(end).__name__}: {end}\n".encode())
        os._exit(70)
    os._exit(71)


class Nursery:
    """Forks lives, one at a time, and reports their ends."""

    def __init__(self) -> None:
        self._pid = 0
        self._pipe = -1
        self._heard = b""

    def serve(self) -> None:
        """Until the supervisor closes the line."""
        orders = b""
        while True:
            watched = [0] if self._pipe < 0 else [0, self._pipe]
            ready, _, _ = select.select(watched, (), ())
            if self._pipe in ready:
                self._listen()
            if 0 in ready:
                chunk = os.read(0, 65536)
                if not chunk:
                    self._kill()
                    return
                *lines, orders = (orders + chunk).split(b"\n")
                for line in lines:
                    self._obey(json.loads(line))

    def _obey(self, order: dict[str, Any]) -> None:
        match order["do"]:
            case "live":
                self._fork(json.dumps(order["plan"]))
            case "kill":
                self._kill()

    def _fork(self, plan: str) -> None:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            os.environ[PLAN] = plan
            _begin_life(writing)
        os.close(writing)
        self._pid, self._pipe, self._heard = pid, reading, b""
        _tell({"born": pid})

    def _kill(self) -> None:
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)

    def _listen(self) -> None:
        chunk = os.read(self._pipe, 4096)
        self._heard += chunk
        if b"ready\n" in self._heard:
            self._heard = self._heard.replace(b"ready\n", b"")
            _tell({"ready": time.monotonic()})
        if chunk:
            return
        mono = time.monotonic()
        os.close(self._pipe)
        _, status = os.waitpid(self._pid, 0)
        self._pid, self._pipe = 0, -1
        point = self._heard.decode().strip() or None
        _tell({"died": os.waitstatus_to_exitcode(status), "point": point, "mono": mono})


def _tell(news: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(news) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    Nursery().serve()
