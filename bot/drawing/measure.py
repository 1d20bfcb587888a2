"""How wide words are, without a font at hand: an estimate on the wide side, so that text fits.

Widths are those of a broad sans serif in thousandths of the font size. Where a reader's own font is
narrower, a little room stays; no reader sees words run out of their box.
"""

import unicodedata
from collections.abc import Iterator

NARROW = dict.fromkeys("iljIt.,:;'|!()[]{}/ fr’·", 400)
WIDE = dict.fromkeys("mwMW@%—…", 1000)
SMALL = dict.fromkeys("acesvxyz", 600)
LARGE = 740
USUAL = 640
FULL = 1050
BOLD = 1.1
ELLIPSIS = "…"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The room ``text`` takes on one line, in pixels at that font size."""
    total = sum(_units(letter) for letter in text) * size / 1000
    return total * BOLD if bold else total


def _units(letter: str) -> int:
    for table in (NARROW, SMALL, WIDE):
        if letter in table:
            return table[letter]
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return FULL
    return LARGE if letter.isupper() else USUAL


def wrapped(
    text: str, room: float, size: float, *, most: int | None = None, bold: bool = False
) -> tuple[str, ...]:
    """Lines no wider than ``room``; a longer word is broken. Beyond ``most`` lines: an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in _words(text, room, size, bold=bold):
        longer = f"{line} {word}" if line else word
        if not line or width(longer, size, bold=bold) <= room:
            line = longer
        else:
            lines.append(line)
            line = word
    if line:
        lines.append(line)
    if most is None or len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    while last and width(last + ELLIPSIS, size, bold=bold) > room:
        last = last.rpartition(" ")[0] or last[:-1]
    return (*lines[: most - 1], last.rstrip(".,") + ELLIPSIS)


def _words(text: str, room: float, size: float, *, bold: bool) -> Iterator[str]:
    for word in text.split():
        piece = ""
        for letter in word:
            if piece and width(piece + letter, size, bold=bold) > room:
                yield piece
                piece = ""
            piece += letter
        yield piece
