"""Folding: two spellings of the same words become equal. Case, accents and punctuation go."""

import unicodedata
from functools import lru_cache
from typing import Final

LONGEST: Final = 8192
"""A few single characters stand for whole phrases; no message becomes longer by folding."""

APOSTROPHES: Final = "'’ʼ`\u00b4"
ZERO_WIDTH_SPACE: Final = "\u200b"


class _Folds(dict[int, str]):
    """One character to what it becomes; worked out once for each."""

    def __missing__(self, code: int) -> str:
        spelt_out = unicodedata.normalize("NFKD", chr(code).casefold())
        folded = self[code] = "".join(map(_folded, spelt_out))
        return folded


def _folded(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category[0] in "LN":
        return character
    vanishes = category in ("Mn", "Cf") or character in APOSTROPHES
    return "" if vanishes and character != ZERO_WIDTH_SPACE else " "


_FOLDS: Final = _Folds()


def fold(text: str) -> str:
    """Lower-case letters and digits of ``text``, single spaces between words, nothing else.

    Apostrophes and invisible marks vanish inside words (``don't`` -> ``dont``); every other mark
    becomes a space; digits of every script become ``0``-``9``.
    """
    return " ".join(text.translate(_FOLDS)[:LONGEST].split())


@lru_cache(maxsize=4096)
def fold_label(label: str) -> str:
    """As ``fold``, remembered: for our own words only. What people type is not kept."""
    return fold(label)
