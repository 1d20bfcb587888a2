"""Commands that read flows and say what is wrong."""

import argparse
import json

from .frame import FINE, PROBLEMS, Add, settings_of


def register(add: Add) -> None:
    """Add these commands to the parser."""
    check = add("check", _check, "read flows and translations, and report every mistake")
    check.add_argument("--json", action="store_true", help="one JSON object an issue")


def _check(chosen: argparse.Namespace) -> int:

    from bot.flowdef.check import check
    from bot.text.checks import check_folder

    settings = settings_of(bots=False)
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
