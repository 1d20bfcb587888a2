"""One list of everything that is wrong with a folder of flows and a folder of translations.

Joins what loading, the checks of structure and the checks of words find. The checks of words know
languages, which this package does not: they are an argument.
"""

import contextlib
import gc
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from .checks import check as check_structure
from .load import FlowReader
from .model import Issue, Library

WordChecks = Callable[[Library, Path], tuple[Issue, ...]]
"""``bot.text.checks.check_folder``: what is wrong with words, given the folder of catalogues."""


class Checker:
    """Checks the same two folders again and again, at the price of what has changed in between.

    ``of_words`` may remember too: it gets the very same objects for what has not changed.
    """

    def __init__(
        self, folder: Path, locales: Path, of_words: WordChecks, today: date | None = None
    ) -> None:
        self._folder = folder
        self._today = today
        self._locales = locales
        self._of_words = of_words
        self._flows = FlowReader()
        self.library = Library()
        """What was read last."""

    def check(self) -> tuple[Issue, ...]:
        """Every Issue once, by file, line and column. Never raises for what files contain."""
        with _nothing_collected():
            self.library, found = self._flows.load(self._folder)
            issues = {
                *found,
                *check_structure(self.library, self._today),
                *self._of_words(self.library, self._locales),
            }
        return tuple(sorted(issues, key=lambda issue: (issue.place, issue.rule, issue.what)))


@contextlib.contextmanager
def _nothing_collected() -> Iterator[None]:
    """Hardly anything that is made here is garbage before the end; to look for it costs a fifth."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def check(
    folder: Path, locales: Path, of_words: WordChecks, today: date | None = None
) -> tuple[Issue, ...]:
    """The same, once. Without ``today`` nothing is overdue."""
    return Checker(folder, locales, of_words, today).check()
