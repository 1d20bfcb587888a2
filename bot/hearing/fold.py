"""Folding: two spellings of the same words become equal. Case, accents, punctuation and spaces go."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower-case letters and digits of ``text``, single spaces between words, nothing else.

    Apostrophes vanish inside words (``don't`` -> ``dont``); every other mark becomes a space.
    """
    kept = []
    for character in unicodedata.normalize("NFKD", text.casefold()):
        category = unicodedata.category(character)
        if category[0] in "LN":
            kept.append(character)
        elif category == "Mn" or character in "'’ʼ`´":
            continue
        else:
            kept.append(" ")
    return " ".join("".join(kept).split())


def has_words(folded: str, phrase: str) -> bool:
    """Whether the folded ``phrase`` stands in ``folded`` as whole words."""
    return f" {phrase} " in f" {folded} "
