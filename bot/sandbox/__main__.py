"""`python -m bot.sandbox`: an emulated Telegram in a process of its own, on loopback."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from .faults import FaultPlan
from .serving import NotLoopback, serve
from .world import World, create_world


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGINT or SIGTERM. Exit codes: 0 fine, 1 could not listen, 2 used wrongly."""
    given = _parser().parse_args(arguments)
    try:
        faults = FaultPlan(given.seed, rates=json.loads(given.faults), latency=given.latency / 1000)
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    world = create_world(
        seed=given.seed,
        journal_path=given.journal,
        journal=not given.no_journal,
        pacing=not given.no_pacing,
        strict_polls=not given.lenient_polls,
        faults=faults,
    )
    try:
        for entry in given.bot:
            name, _, token = entry.partition("=")
            world.add_bot(token, name)
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    try:
        _run(world, given.host, given.port)
    except NotLoopback as refused:
        print(refused, file=sys.stderr)
        return 1
    except OSError as cannot:
        where = f"{given.host}:{given.port}"
        print(f"The sandbox cannot listen on {where} ({cannot}); try --port.", file=sys.stderr)
        return 1
    finally:
        world.close()
    return 0


def _run(world: World, host: str, port: int) -> None:
    async def until_signal() -> None:
        task = asyncio.ensure_future(
            serve(world, port, host=host, ready=lambda url: print(url, flush=True))
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            return

    try:
        import uvloop  # noqa: PLC0415 - not on every platform
    except ImportError:
        asyncio.run(until_signal())
    else:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(until_signal())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="loopback only")
    parser.add_argument("--port", type=int, default=0, help="0: any free one; it is printed")
    parser.add_argument(
        "--bot", action="append", default=[], metavar="NAME=TOKEN", help="a bot (may be repeated)"
    )
    parser.add_argument("--journal", type=Path, help="write the journal to this file")
    parser.add_argument("--no-journal", action="store_true", help="keep no journal at all")
    parser.add_argument("--seed", type=int, default=0, help="of ids and faults")
    parser.add_argument("--no-pacing", action="store_true", help="no flood limits")
    parser.add_argument(
        "--lenient-polls", action="store_true", help="do not slow polls that repeat an offset"
    )
    parser.add_argument("--latency", type=float, default=0.0, help="hold every answer, in ms")
    parser.add_argument(
        "--faults", default="{}", help='rates as JSON: {"drop_before": 0.01, "delay": {"*": 0.1}}'
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
