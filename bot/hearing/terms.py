"""From words as they are written to terms that can be compared: folded, stemmed, alike made one.

One :class:`Terms` a language. What says nothing about a question ("the", "please"), what says
little ("make", "day") and what means the same are lists that leads edit; nothing here knows a
language but by its stemmer. Our own words are learnt; what people type is not remembered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import snowballstemmer
from babel import Locale
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.fold import fold
from bot.core.ids import Language

FAINT: Final = 0.4
"""What a word counts that says little."""

MEMBER: Final = 0.4
"""What the very word counts beside the group of words that mean the same."""

GROUP: Final = "0"
"""Before the name of a group of words that mean the same: no stem begins with it."""

SHORTEST: Final = 6
"""Letters. Shorter words are near to too many others to be misspelled."""

NEAR: Final = 0.82
"""From this share of equal letters on, five of six, a word is another one, misspelled."""

LONGEST_WORD: Final = 40
"""Nothing longer is a word; a stemmer need not read it."""


@dataclass(frozen=True, slots=True)
class Said:
    """One term of a text. ``needed``: a screen without it has less to do with the question."""

    term: str
    weight: float = 1.0
    needed: bool = True


class Terms:
    """How the words of one language are compared.

    ``unheard``: words that say nothing about what is asked. ``faint``: words that say little.
    ``alike``: groups of phrases that mean the same. ``sounds``: letters written for others.
    """

    def __init__(
        self,
        language: Language,
        unheard: Iterable[str] = (),
        faint: Iterable[str] = (),
        alike: Iterable[Iterable[str]] = (),
        sounds: Iterable[tuple[str, str]] = (),
    ) -> None:
        name = _algorithm(language)
        self._stemmer = snowballstemmer.stemmer(name) if name else None
        self._known: dict[str, str] = {}
        self._spelt: dict[str, list[str]] = {}
        """Our longer words by their first letter: few people get that one wrong."""
        self._sounds = tuple(sounds)
        self._heard: dict[str, str] = {}
        """Our words by how they sound; of two, the one that came first."""
        self._unheard = frozenset(stem for said in unheard for stem in self._learnt(said))
        self._faint = frozenset(stem for said in faint for stem in self._learnt(said))
        self._alike = dict(self._same(alike))
        self._longest = max(map(len, self._alike), default=0)

    def _same(self, alike: Iterable[Iterable[str]]) -> Iterator[tuple[tuple[str, ...], str]]:
        """Each phrase of a group as its stems, and the one term that stands for the group."""
        for group in alike:
            phrases = [stems for phrase in group if (stems := self._learnt(phrase))]
            yield from ((stems, GROUP + "".join(phrases[0])) for stems in phrases)

    def _learnt(self, text: str) -> tuple[str, ...]:
        words = words_of(text)
        for word in words:
            if word not in self._known:
                self._known[word] = self._stem(word)
                self._spelt.setdefault(word[0], []).append(word)
                self._heard.setdefault(self._sound(word), word)
        return tuple(self._known[word] for word in words)

    def _sound(self, word: str) -> str:
        """How a word sounds: where letters are written for each other, all become the same."""
        for letters, heard in self._sounds:
            word = word.replace(letters, heard)
        return word

    def _stem(self, word: str) -> str:
        if self._stemmer is None or len(word) > LONGEST_WORD:
            return word[:LONGEST_WORD]
        return str(self._stemmer.stemWord(word))

    def _meant(self, word: str) -> str:
        """The stem of a typed word, or of the one that it was meant to be."""
        if word in self._known:
            return self._known[word]
        alike = self._heard.get(self._sound(word))
        if self._sounds and alike is not None:
            return self._known[alike]
        if len(word) >= SHORTEST:
            near = process.extractOne(
                word,
                self._spelt.get(word[0], ()),
                scorer=OSA.normalized_similarity,
                score_cutoff=NEAR,
            )
            if near is not None:
                return self._known[near[0]]
        return self._stem(word)

    def weight(self, term: str) -> float:
        """What a term counts beside others."""
        return FAINT if term in self._faint else 1.0

    def own(self, text: str) -> tuple[str, ...]:
        """The terms of a text of ours, in order."""
        return tuple(said.term for said in self._read(self._learnt(text)))

    def typed(self, text: str) -> tuple[Said, ...]:
        """The terms of what she typed, in order."""
        return tuple(self._read(tuple(map(self._meant, words_of(text)))))

    def _read(self, stems: tuple[str, ...]) -> Iterator[Said]:
        at = 0
        while at < len(stems):
            length = self._phrase(stems, at)
            end = at + (length or 1)
            if length:
                yield Said(self._alike[stems[at:end]])
            for stem in stems[at:end]:
                if stem not in self._unheard:
                    weight = MEMBER if length else 1.0
                    yield Said(stem, weight * self.weight(stem), needed=not length)
            at = end

    def _phrase(self, stems: tuple[str, ...], at: int) -> int:
        """How many words from here on are a phrase that has others alike; the longest counts."""
        most = min(self._longest, len(stems) - at)
        return next((n for n in range(most, 0, -1) if stems[at : at + n] in self._alike), 0)


def words_of(text: str) -> list[str]:
    """The folded words of a text."""
    return fold(text).split()


def _algorithm(language: Language) -> str:
    """The stemmer for a language, or nothing when there is none: whole words are compared then."""
    english = Locale.parse(language, sep="-").get_language_name("en") or ""
    name = english.partition(" ")[0].casefold()
    return name if name in snowballstemmer.algorithms() else ""
