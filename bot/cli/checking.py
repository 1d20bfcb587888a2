"""Commands that read flows and say what is wrong."""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Settings
from bot.core.ids import Language
from bot.flowdef.model import Issue

from .frame import FINE, PROBLEMS, WRONGLY, Add, go, progress, say, settings_of

if TYPE_CHECKING:
    from bot.flowdef.check import Checker


def register(add: Add) -> None:
    """Add these commands to the parser."""
    check = add("check", _check, "read flows and translations, and report every mistake")
    check.add_argument("--json", action="store_true", help="one JSON object an issue")
    check.add_argument("--strict", action="store_true", help="warnings fail as well")
    check.add_argument("--watch", action="store_true", help="again whenever a file is saved")
    either = check.add_mutually_exclusive_group()
    either.add_argument("--lang", metavar="LANGUAGE",
                        help="only this translation, each open text by its line")  # fmt: skip
    either.add_argument("--live", nargs="?", const="", metavar="DATABASE_URL",
                        help="also whether people stand in steps that are gone")  # fmt: skip


def _check(chosen: argparse.Namespace) -> int:
    from bot import app
    from bot.flowdef.check import Checker
    from bot.text.checks import WordChecker

    settings = settings_of(bots=False)
    if chosen.lang is not None and not (settings.locales / chosen.lang).is_dir():
        say(f"There is no translation `{chosen.lang}` in {settings.locales}.")
        return WRONGLY
    if chosen.live is not None:
        settings = replace(settings, database_url=chosen.live or settings.database_url)
        if not _has_database(settings):
            say("There is no such database, so nobody was counted. Name the one the bot uses.")
            return WRONGLY
    checker = Checker(
        settings.flows, settings.locales, WordChecker().check_folder, app.now().date()
    )
    if chosen.watch:
        return _watched(chosen, settings, checker)
    with progress("Reading flows and translations"):
        issues = _found(chosen, settings, checker)
    return _shown(chosen, issues)


def _watched(chosen: argparse.Namespace, settings: Settings, checker: "Checker") -> int:
    """Check again whenever something is saved, until Ctrl+C."""
    from bot.preview import LOOK_EVERY, snapshot

    shown: object = None
    while True:
        now = snapshot(settings.flows, settings.locales)
        if now != shown:
            shown = now
            _shown(chosen, _found(chosen, settings, checker))
        time.sleep(LOOK_EVERY)


def _found(chosen: argparse.Namespace, settings: Settings, checker: "Checker") -> tuple[Issue, ...]:
    if chosen.lang is not None:
        return _of_language(checker, settings.locales, chosen.lang)
    issues = checker.check()
    if chosen.live is None:
        return issues
    return (*issues, *_of_people(settings, checker))


def _shown(chosen: argparse.Namespace, issues: tuple[Issue, ...]) -> int:
    for issue in issues:
        print(_as_json(issue) if chosen.json else _as_text(issue))
    errors = sum(issue.severity == "error" for issue in issues)
    if not chosen.json:
        print(f"{errors} errors, {len(issues) - errors} warnings.")
    return PROBLEMS if errors or (chosen.strict and issues) else FINE


def _has_database(settings: Settings) -> bool:
    """Opening a store makes one where there is none; to look must not, and must not say "fine"."""
    from bot.store.location import parse_url

    return parse_url(settings.database_url).path.exists()


def _of_people(settings: Settings, checker: "Checker") -> tuple[Issue, ...]:
    """Steps that are gone while people stand in them. Only counts leave the database."""
    from bot import app
    from bot.service.publishing import stranded

    found: list[Issue] = []

    async def work() -> int:
        store = await app.open_store(settings)
        try:
            found.extend(await stranded(store, checker.library))
        finally:
            await store.close()
        return FINE

    go(work())
    return tuple(found)


def _as_text(issue: Issue) -> str:
    return f"{issue}" if issue.severity == "error" else f"{issue} (warning)"


def _as_json(issue: Issue) -> str:
    place = issue.place
    return json.dumps(
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


def _of_language(checker: "Checker", locales: Path, named: str) -> tuple[Issue, ...]:
    """What is wrong with one translation, and each text of it that still waits."""
    from bot.text.progress import issues_of

    file = f"{locales.name}/{named}/LC_MESSAGES/messages.po"
    of_file = (issue for issue in checker.check() if issue.place.file == file)
    waiting = issues_of(checker.library, locales, Language(named))
    counted = ("unfinished_language", "obsolete_translation")
    found = {*(issue for issue in of_file if issue.rule not in counted), *waiting}
    return tuple(sorted(found, key=lambda issue: (issue.place, issue.rule, issue.what)))
