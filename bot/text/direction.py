"""Values inside texts of the other direction: kept together by invisible marks, so that a phone
number in Arabic text, or an Arabic name in English text, is not torn apart on the screen.
"""

import unicodedata

from bot.core.ids import Language

from . import dates

FIRST_STRONG, POP = "\u2068", "\u2069"
"""FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE: inside, the text decides its own direction;
digits alone run left to right.
"""


def is_right_to_left(language: Language) -> bool:
    """Whether a language is written from right to left."""
    return dates.locale(language).text_direction == "rtl"


def isolated(value: str, language: Language) -> str:
    """A value as it may stand in a text of that language. A line break would end a mark, so each
    line has its own. Where nothing can be torn apart, the value is unchanged.
    """
    if not is_right_to_left(language) and not _runs_right_to_left(value):
        return value
    return "\n".join(f"{FIRST_STRONG}{line}{POP}" if line else line for line in value.split("\n"))


def _runs_right_to_left(value: str) -> bool:
    return not value.isascii() and any(
        unicodedata.bidirectional(character) in ("R", "AL") for character in value
    )
