"""Commands that read flows and say what is wrong."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.ids import Language
from bot.flowdef.model import Issue

from .frame import FINE, PROBLEMS, WRONGLY, Add, say, settings_of

if TYPE_CHECKING:
    from bot.flowdef.check import Checker


def register(add: Add) -> None:
    """Add these commands to the parser."""
    check = add("check", _check, "read flows and translations, and report every mistake")
    check.add_argument("--json", action="store_true", help="one JSON object an issue")
    check.add_argument("--strict", action="store_true", help="warnings fail as well")
    check.add_argument("--lang", metavar="LANGUAGE",
                       help="only this translation, each open text by its line")  # fmt: skip


def _check(chosen: argparse.Namespace) -> int:
    from bot import app
    from bot.flowdef.check import Checker
    from bot.text.checks import check_folder

    settings = settings_of(bots=False)
    today = app.now().date()
    checker = Checker(settings.flows, settings.locales, check_folder, today)
    if chosen.lang is None:
        issues = checker.check()
    elif (settings.locales / chosen.lang).is_dir():
        issues = _of_language(checker, settings.locales, chosen.lang)
    else:
        say(f"There is no translation `{chosen.lang}` in {settings.locales}.")
        return WRONGLY
    for issue in issues:
        print(_as_json(issue) if chosen.json else _as_text(issue))
    errors = sum(issue.severity == "error" for issue in issues)
    if not chosen.json:
        print(f"{errors} errors, {len(issues) - errors} warnings.")
    return PROBLEMS if errors or (chosen.strict and issues) else FINE


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
