"""Live preview: what somebody saves in the flows or translations is what the demo shows next.

Watches two folders, checks what has changed, and swaps it in when it is good. While it is not, the
last good version keeps running and the problems are shown. It must not know pages or chats: what it
finds goes to ``show`` as a :class:`Board`.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from bot.flowdef.check import Checker
from bot.flowdef.load import flow_files
from bot.flowdef.model import Issue
from bot.service.changes import difference
from bot.service.editions import Edition, Editions
from bot.service.publishing import publish, read_input
from bot.store.protocol import Store
from bot.text.catalog import catalogue_files
from bot.text.checks import WordChecker

log = logging.getLogger("waymark.preview")

LOOK_EVERY: Final = 0.3
"""Seconds between two looks at the folders."""

MOST_SHOWN: Final = 50

Snapshot = dict[str, tuple[int, int]]
"""By path: when it was changed, and its size."""


@dataclass(frozen=True, slots=True)
class Board:
    """What the page shows: how the flows are, and what was found or changed."""

    state: Literal["good", "bad"]
    sentence: str
    problems: tuple[Issue, ...] = ()
    changes: tuple[str, ...] = ()


def _wrong(issues: tuple[Issue, ...]) -> bool:
    return any(issue.severity == "error" for issue in issues)


def snapshot(flows: Path, locales: Path) -> Snapshot:
    """What lies in the folders now. A file that vanishes meanwhile counts as gone."""
    found: Snapshot = {}
    for path in (*flow_files(flows), *catalogue_files(locales)):
        try:
            status = path.stat()
        except OSError:
            continue
        found[str(path)] = (status.st_mtime_ns, status.st_size)
    return found


class Preview:
    """Keeps the served edition at what the folders say."""

    def __init__(
        self,
        flows: Path,
        locales: Path,
        home: str,
        *,
        store: Store,
        served: Editions,
        clock: Callable[[], datetime],
        show: Callable[[Board], None],
    ) -> None:
        self._flows, self._locales, self._home = flows, locales, home
        self._store, self._served, self._clock, self._show = store, served, clock, show
        self._before = served.newest
        self.checker = Checker(flows, locales, WordChecker().check_folder)

    async def run(self) -> None:
        """Watch until cancelled."""
        shown = await asyncio.to_thread(snapshot, self._flows, self._locales)
        before = shown
        while True:
            await asyncio.sleep(LOOK_EVERY)
            now = await asyncio.to_thread(snapshot, self._flows, self._locales)
            # Editors write in several steps: only what stayed the same for two looks is read.
            if now == before and now != shown:
                shown = now
                await self.look()
            before = now

    async def look(self) -> Board:
        """Read, check, and serve what is there if it is good. Never raises: one file that cannot be
        read, or one mistake of ours, must not end the watching for the rest of the day.
        """
        try:
            issues = await asyncio.to_thread(self.checker.check)
            edition: Edition | None = None
            if not _wrong(issues):
                edition, published = await self._swap()
                issues = published if _wrong(published) else issues
            board = self._board(issues, edition)
        except Exception as error:  # noqa: BLE001 - whatever it is, the page has to say so
            log.warning("The flows could not be read again (%s).", type(error).__name__)
            said = f"The files could not be read ({type(error).__name__}). "
            board = Board("bad", said + "The last good version keeps running. Save again to retry.")
        self._show(board)
        return board

    async def _swap(self) -> tuple[Edition | None, tuple[Issue, ...]]:
        """The new edition, published into the demo's own database, and served.

        What is published is checked once more, as the very bytes that are served: somebody may have
        saved again since the look.
        """
        files = await asyncio.to_thread(read_input, self._flows, self._locales)
        edition, issues = await publish(self._store, files, self._home, self._clock())
        if edition is None:
            return None, issues
        self._before = self._served.newest
        self._served.replace(edition)
        # Whoever tries a draft out wants the draft, also in the middle of a flow: nobody is pinned.
        self._served.older.clear()
        return edition, issues

    def _board(self, issues: tuple[Issue, ...], edition: Edition | None) -> Board:
        kept = issues[:MOST_SHOWN]
        if edition is None:
            errors = sum(issue.severity == "error" for issue in issues)
            problems = "1 problem" if errors == 1 else f"{errors} problems"
            return Board("bad", f"{problems}. The last good version keeps running.", kept)
        lines = difference(self._before.library, edition.library)
        at = f"{self._clock():%H:%M:%S}"
        warned = len(issues)
        said = f"The flows are good, and are read again ({at} UTC)."
        if warned:
            said += f" {warned} warning{'s' if warned > 1 else ''}."
        return Board("good", said, kept, lines[:MOST_SHOWN])
