"""One list of everything that is wrong with a folder of flows and a folder of translations.

Joins what loading, the checks of structure and the checks of words find. The checks of words know
languages, which this package does not: they are an argument.
"""

from collections.abc import Callable
from pathlib import Path

from .checks import check as check_structure
from .load import load
from .model import Issue, Library

WordChecks = Callable[[Library, Path], tuple[Issue, ...]]
"""``bot.text.checks.check_folder``: what is wrong with words, given the folder of catalogues."""


def check(folder: Path, locales: Path, of_words: WordChecks) -> tuple[Issue, ...]:
    """Every Issue once, by file, line and column. Never raises for what files contain."""
    library, found = load(folder)
    issues = {*found, *check_structure(library), *of_words(library, locales)}
    return tuple(sorted(issues, key=lambda issue: (issue.place, issue.rule, issue.what)))
