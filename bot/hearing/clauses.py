"""A longer question in pieces, each of which may be what is asked: people tell a story around it.

Marks divide where they stand; where none does for long, pieces of equal length that overlap.
"""

import re
from collections.abc import Iterator
from typing import Final

MARKS: Final = re.compile(r"[.,;:?!\u00bf\u00a1\n()\u2026\u2014]+")
SHORT: Final = 8
"""Words. What is not longer is one piece."""

FEWEST: Final = 2
"""Fewer words between marks belong to the piece before."""

WINDOW: Final = 12
STRIDE: Final = 4
"""Words in a piece where no mark stands, and from the start of one piece to the next."""

MOST: Final = 10
"""The last so many pieces are read."""


def clauses(question: str) -> tuple[str, ...]:
    """The pieces of a question, in order; none when it is short."""
    if len(question.split()) <= SHORT:
        return ()
    pieces: list[str] = []
    for part in MARKS.split(question):
        words = part.split()
        if 0 < len(words) < FEWEST and pieces:
            pieces[-1] = f"{pieces[-1]} {words[0]}"
        elif words:
            pieces.extend(_windows(words))
    return tuple(pieces[-MOST:])


def _windows(words: list[str]) -> Iterator[str]:
    if len(words) <= WINDOW:
        yield " ".join(words)
        return
    for start in range(0, len(words) - WINDOW + STRIDE, STRIDE):
        end = min(start + WINDOW, len(words))
        yield " ".join(words[end - WINDOW : end])
