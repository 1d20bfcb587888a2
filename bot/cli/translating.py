"""Commands for translators: from flows to catalogues."""

import argparse

from bot.flowdef.model import Issue

from .frame import FINE, PROBLEMS, Add, say, settings_of


def register(add: Add) -> None:
    """Add these commands to the parser."""
    add("extract", _extract, "write messages.pot anew from the flows")
    update = add("update", _update, "bring one language's catalogue up to the flows")
    update.add_argument("language", help="for example es")


def _cannot_be_read(issues: tuple[Issue, ...]) -> bool:
    """Says so when flow files have errors: their texts would count as removed."""
    wrong = [issue for issue in issues if issue.severity == "error"]
    for issue in wrong:
        print(issue)
    if wrong:
        say("No catalogue was changed. Mend the errors above first.")
    return bool(wrong)


def _extract(_: argparse.Namespace) -> int:
    from bot.flowdef.load import load
    from bot.text.extract import extract

    settings = settings_of(bots=False)
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

    settings = settings_of(bots=False)
    library, issues = load(settings.flows)
    if _cannot_be_read(issues):
        return PROBLEMS
    update(library, settings.locales, Language(chosen.language))
    print(f"The catalogue of {chosen.language} is up to date; look for fuzzy and empty entries.")
    return FINE
