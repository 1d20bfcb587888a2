"""The command line: ``python -m bot run``, ``demo``, ``check`` and the rest.

Exit codes: 0 fine, 1 found problems, 2 used wrongly. Errors are one paragraph on standard error:
what is wrong, why, and what to do next; never a traceback for something an operator can mend.
"""

import argparse
import sys

from bot.cli import (
    authoring,
    checking,
    drawing,
    operating,
    rehearsing,
    serving,
    translating,
    versions,
)
from bot.cli.frame import FINE, WRONGLY, Command, say
from bot.config import SettingsError

GROUPS = (serving, checking, authoring, rehearsing, drawing, translating, versions, operating)


def main(arguments: list[str] | None = None) -> int:
    """Parse, run one command, and turn what is refused into a sentence and an exit code."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.command is None:
        parser.print_help()
        return WRONGLY
    command: Command = chosen.command
    try:
        return command(chosen)
    except SettingsError as error:
        return say(f"Waymark cannot start, because some settings cannot be used:\n{error}")
    except KeyboardInterrupt:
        return FINE
    except Exception as error:
        if type(error).__name__ in _SENTENCES:
            return say(str(error))
        raise


_SENTENCES = frozenset(
    {"StartupRefused", "StartRefused", "FlowsRefused", "PortRefused", "NotLoopback"}
)
"""Refusals whose message is written for an operator."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Waymark")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="command")

    def add(name: str, command: Command, what: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=what, description=what)
        added.set_defaults(command=command)
        return added

    for group in GROUPS:
        group.register(add)
    return parser


if __name__ == "__main__":
    sys.exit(main())
