"""The command line: ``python -m bot run``, ``demo``, ``check`` and the rest.

Exit codes: 0 fine, 1 found problems, 2 used wrongly. Errors are one paragraph on standard error:
what is wrong, why, and what to do next; never a traceback for something an operator can mend.
"""

import argparse
import asyncio
import contextlib
import logging
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from bot.config import Settings, SettingsError
from bot.flowdef.model import Issue

FINE, PROBLEMS, WRONGLY = 0, 1, 2
HOW_SOON_STOPPED = 10.0


def main(arguments: list[str] | None = None) -> int:
    """Parse, run one command, and turn what is refused into a sentence and an exit code."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.command is None:
        parser.print_help()
        return WRONGLY
    command: Callable[[argparse.Namespace], int] = chosen.command
    try:
        return command(chosen)
    except SettingsError as error:
        return _say(f"Waymark cannot start, because some settings cannot be used:\n{error}")
    except KeyboardInterrupt:
        return FINE
    except Exception as error:
        if type(error).__name__ in _SENTENCES:
            return _say(str(error))
        raise


_SENTENCES = frozenset(
    {"StartupRefused", "StartRefused", "FlowsRefused", "PortRefused", "NotLoopback"}
)
"""Refusals whose message is written for an operator."""


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return PROBLEMS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Waymark")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="command")
    for name, function, what in (
        ("run", _run, "serve both bots"),
        ("demo", _demo, "play it on one page, without a token"),
        ("check", _check, "read flows and translations, and report every mistake"),
        ("extract", _extract, "write messages.pot anew from the flows"),
        ("publish", _publish, "make the flows in the folder the ones that are served"),
        ("versions", _versions, "list the published versions in use"),
        ("migrate", _migrate, "bring the database to this program's schema"),
        ("doctor", _doctor, "look at settings, storage and both bots, and say what is not right"),
    ):
        command = commands.add_parser(name, help=what, description=what)
        command.set_defaults(command=function)
        if name == "check":
            command.add_argument("--json", action="store_true", help="one JSON object an issue")
    update = commands.add_parser("update", help="bring one language's catalogue up to the flows")
    update.add_argument("language", help="for example es")
    update.set_defaults(command=_update)
    return parser


def _settings(*, bots: bool) -> Settings:
    """Settings from the environment and a ``.env`` file beside it; the environment wins."""
    from dotenv import dotenv_values

    written = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return Settings.from_env({**written, **os.environ}, bots=bots)


def _logging() -> None:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


def _go(work: Coroutine[Any, Any, int]) -> int:
    """Run on uvloop where there is one."""
    with contextlib.suppress(ImportError):
        import uvloop

        return uvloop.run(work)
    return asyncio.run(work)


async def _until_told(work: Awaitable[None]) -> None:
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


# ---------------------------------------------------------------- serving


def _run(_: argparse.Namespace) -> int:
    from bot import app

    settings = _settings(bots=True)
    _logging()
    print(f"Waymark. {app.WARNING}")
    if not settings.leads:
        print("WAYMARK_LEADS is empty: nobody can answer at the desk, and people are told so.")

    async def serve() -> int:
        async with app.opened(settings) as waymark:
            await _until_told(waymark.run(lambda url: print(f"Health: {url}/health/ready")))
        return FINE

    return _go(serve())


def _demo(_: argparse.Namespace) -> int:
    from bot import demo

    port = Settings.from_env({"PORT": os.environ.get("PORT") or "8080"}, bots=False).port
    flows = Path(os.environ.get("WAYMARK_FLOWS") or "flows")
    locales = Path(os.environ.get("WAYMARK_LOCALES") or "locales")
    logging.basicConfig(level=logging.WARNING)

    async def play() -> int:
        with tempfile.TemporaryDirectory(prefix="waymark-demo-") as folder:
            await _until_told(
                demo.play(port, Path(folder), flows, locales, secrets.randbits(32), print)
            )
        return FINE

    return _go(play())


# ---------------------------------------------------------------- flows and words


def _check(chosen: argparse.Namespace) -> int:
    import json

    from bot.flowdef.check import check
    from bot.text.checks import check_folder

    settings = _settings(bots=False)
    issues = check(settings.flows, settings.locales, check_folder)
    for issue in issues:
        if chosen.json:
            place = issue.place
            print(
                json.dumps(
                    {
                        "file": place.file,
                        "line": place.line,
                        "column": place.column,
                        "rule": issue.rule,
                        "id": issue.id,
                        "what": issue.what,
                        "todo": issue.todo,
                        "severity": issue.severity,
                    }
                )
            )
        else:
            print(f"{issue}" if issue.severity == "error" else f"{issue} (warning)")
    errors = sum(issue.severity == "error" for issue in issues)
    if not chosen.json:
        print(f"{errors} errors, {len(issues) - errors} warnings.")
    return PROBLEMS if errors else FINE


def _cannot_be_read(issues: tuple[Issue, ...]) -> bool:
    """Says so when flow files have errors: their texts would count as removed."""
    wrong = [issue for issue in issues if issue.severity == "error"]
    for issue in wrong:
        print(issue)
    if wrong:
        _say("No catalogue was changed. Mend the errors above first.")
    return bool(wrong)


def _extract(_: argparse.Namespace) -> int:
    from bot.flowdef.load import load
    from bot.text.extract import extract

    settings = _settings(bots=False)
    library, issues = load(settings.flows)
    if _cannot_be_read(issues):
        return PROBLEMS
    extract(library, settings.locales)
    print(f"{settings.locales}/messages.pot is up to date with {settings.flows}.")
    return FINE


def _update(chosen: argparse.Namespace) -> int:
    from bot.core.ids import Language
    from bot.flowdef.load import load
    from bot.text.extract import update

    settings = _settings(bots=False)
    library, issues = load(settings.flows)
    if _cannot_be_read(issues):
        return PROBLEMS
    update(library, settings.locales, Language(chosen.language))
    print(f"The catalogue of {chosen.language} is up to date; look for fuzzy and empty entries.")
    return FINE


def _publish(_: argparse.Namespace) -> int:
    from bot import app
    from bot.service.publishing import publish, read_input

    settings = _settings(bots=False)

    async def work() -> int:
        store = await app.open_store(settings)
        try:
            files = read_input(settings.flows, settings.locales)
            edition, issues = await publish(store, files, settings.home, app.now())
        finally:
            await store.close()
        for issue in issues:
            print(issue)
        if edition is None:
            return _say("Nothing was published. Mend the errors above and publish again.")
        print(f"Published. Structure {edition.rules.structure[:12]}.")
        return FINE

    return _go(work())


def _versions(_: argparse.Namespace) -> int:
    from bot import app

    settings = _settings(bots=False)

    async def work() -> int:
        store = await app.open_store(settings)
        try:
            current = await store.current_version()
            for version in await store.versions_in_use():
                mark = " (served)" if current and version.hash == current.hash else ""
                print(
                    f"{version.published_at:%Y-%m-%d %H:%M} version {version.hash[:12]} "
                    f"structure {version.structure[:12]}{mark}"
                )
        finally:
            await store.close()
        return FINE

    return _go(work())


# ---------------------------------------------------------------- operator


def _migrate(_: argparse.Namespace) -> int:
    from bot import app

    settings = _settings(bots=False)

    async def work() -> int:
        store = await app.open_store(settings)
        await store.close()
        print("The database has the schema of this program.")
        return FINE

    return _go(work())


def _doctor(_: argparse.Namespace) -> int:
    from bot.doctor import examine

    settings = _settings(bots=True)
    _logging()

    async def work() -> int:
        found = await examine(settings)
        for sentence in found:
            print(f"- {sentence}")
        print("Nothing to mend." if not found else f"{len(found)} to look at.")
        return PROBLEMS if found else FINE

    return _go(work())


if __name__ == "__main__":
    sys.exit(main())
