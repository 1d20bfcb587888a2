"""How hard a Spanish text is to read: the INFLESZ scale (Szigriszt-Pazos formula).

``206.835 - 62.3 * syllables / words - words / sentences``; below 40 very hard, to 55 rather hard,
to 65 normal, to 80 rather easy, above 80 very easy. Syllables are counted by the vowels: two strong
ones, or an accented weak one beside another, are two syllables; all else is one.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from bot.text.reading import sentences, words_of

GROUP: Final = re.compile(r"[aeiouáéíóúü]+")
STRONG: Final = frozenset("aeoáéó")
ACCENTED: Final = frozenset("íú")
NORMAL, EASY = 55, 65
"""From here on a text is of normal difficulty, and from here on it is rather easy."""


def syllables(word: str) -> int:
    """Syllables of one Spanish word, at least 1; digits count as one each."""
    if word.isdigit():
        return len(word)
    spoken = re.sub(r"([gq])u(?=[eiéí])", r"\1", word.casefold().replace("h", ""))
    spoken = re.sub(r"y(?![aeiouáéíóú])", "i", spoken)
    return max(sum(map(_nuclei, GROUP.findall(spoken))), 1)


def _nuclei(vowels: str) -> int:
    apart = (
        {one, other} <= STRONG or bool({one, other} & ACCENTED) for one, other in pairwise(vowels)
    )
    return 1 + sum(apart)


def inflesz(texts: Iterable[str]) -> float:
    """The score of texts taken together: the higher, the easier."""
    listed = list(texts)
    words = [word for text in listed for word in words_of(text)]
    spoken = sum(map(syllables, words))
    count = sum(len(sentences(text)) for text in listed)
    return 206.835 - 62.3 * spoken / len(words) - len(words) / count
