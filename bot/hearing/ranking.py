"""How well each screen answers a question, in one language: an open sum of four parts.

How well its words fit (BM25), how similar the questions are that it is known to answer, how many
of the words it has at all, and how well its neighbours in the same flow fit. Each is about 0 to 1.
The same words always give the same order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from bot.core.fold import fold
from bot.core.ids import StepId

from .bm25 import scores
from .clauses import clauses
from .terms import Terms

COLUMNS: Final = (1.0, 2.0, 4.0, 2.0)
"""How much a word counts in the flow's title, the heading, the questions, and the text."""

FIT: Final = 0.48
SIMILAR: Final = 0.32
COVERED: Final = 0.2
BESIDE: Final = 0.3
"""What each part of the sum counts."""

SECOND: Final = 0.2
"""What the second most similar question of a screen adds to the first."""

NEIGHBOURS: Final = 4
"""How many screens speak for their flow."""

UNKNOWN: Final = 1.6
"""What a word that no screen has counts against all of them."""

SHORT: Final = 4
SHORT_WEIGHT: Final = 0.4
"""So short an unknown word is more likely slang or a slip than another subject."""

EXACT: Final = 1.0
"""What a page gains whose own question this is, word by word."""

DOUBT: Final = 0.4
"""What counts against every screen from the start, so that one faint word is no answer."""

CLAUSE: Final = 0.7
LAST: Final = 0.8
WHOLE: Final = 0.2
"""What a clause of a longer question counts, the last one, and the whole beside a clause."""

MOST_TERMS: Final = 60


@dataclass(frozen=True, slots=True)
class Page:
    """One screen that a question may find, in one language; ``asked`` are questions it answers."""

    step: StepId
    title: str
    heading: str
    say: str
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A screen, and how well it answers: 0 not at all, 1 and more its own words."""

    step: StepId
    score: float


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question that a page answers: its terms, and what they weigh together."""

    page: int
    terms: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A typed question: the terms that some screen has, and the weight of all that none has."""

    terms: Mapping[str, float]
    unknown: float

    @property
    def whole(self) -> float:
        """What all of it weighs."""
        return sum(self.terms.values()) + self.unknown


class Ranking:
    """The screens of one language, ready for questions."""

    def __init__(self, pages: Sequence[Page], terms: Terms) -> None:
        self._pages = pages
        self._terms = terms
        self._scores = scores([_row(page, terms) for page in pages], COLUMNS)
        self._best = {term: max(found.values()) for term, found in self._scores.items()}
        self._most = max(self._best.values(), default=0.0)
        self._exact: dict[str, set[int]] = {}
        self._asking: dict[str, list[_Asked]] = {}
        for asked in self._questions():
            for term in asked.terms:
                self._asking.setdefault(term, []).append(asked)

    def _questions(self) -> Iterator[_Asked]:
        for number, page in enumerate(self._pages):
            for question in (*page.asked, page.heading):
                self._exact.setdefault(fold(question), set()).add(number)
                terms = frozenset(self._terms.own(question))
                if terms:
                    yield _Asked(number, terms, sum(map(self._terms.weight, terms)))

    def find(self, question: str) -> tuple[Hit, ...]:
        """The screens that have something to do with it, best first."""
        alone = self._told(question)
        beside = self._beside(alone)
        exact = self._exact.get(fold(question), ())
        hits = (
            Hit(
                self._pages[page].step,
                score + BESIDE * beside[_flow(self._pages[page])] + EXACT * (page in exact),
            )
            for page, score in alone.items()
        )
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.step)))

    def _told(self, question: str) -> Mapping[int, float]:
        """By page: how well it fits the whole, or that clause of a longer question it fits best."""
        whole = self._alone(self._wanted(question))
        pieces = clauses(question)
        best = dict(whole)
        for number, piece in enumerate(pieces):
            counts = LAST if number == len(pieces) - 1 else CLAUSE
            for page, score in self._alone(self._wanted(piece)).items():
                told = WHOLE * whole.get(page, 0.0) + counts * score
                best[page] = max(best.get(page, 0.0), told)
        return best

    def _alone(self, wanted: _Wanted) -> Mapping[int, float]:
        """By page: how well it fits the words, without its neighbours."""
        similar, covered = self._similar(wanted), self._covered(wanted)
        return {
            page: FIT * fit + SIMILAR * similar.get(page, 0.0) + COVERED * covered[page]
            for page, fit in self._fits(wanted).items()
        }

    def _fits(self, wanted: _Wanted) -> Mapping[int, float]:
        """By page: its BM25, as a share of the best that any page could reach."""
        ideal = sum(weight * self._best[term] for term, weight in wanted.terms.items())
        ideal += wanted.unknown * self._most
        found: dict[int, float] = {}
        for term, weight in wanted.terms.items():
            for page, score in self._scores[term].items():
                found[page] = found.get(page, 0.0) + weight * score / ideal
        return found

    def _covered(self, wanted: _Wanted) -> Mapping[int, float]:
        """By page: the share of the words that it has."""
        found: dict[int, float] = {}
        for term, weight in wanted.terms.items():
            for page in self._scores[term]:
                found[page] = found.get(page, 0.0) + weight / wanted.whole
        return found

    def _similar(self, wanted: _Wanted) -> Mapping[int, float]:
        """By page: how much of the two most similar questions it answers is in this one."""
        near = {id(each): each for term in wanted.terms for each in self._asking.get(term, ())}
        found: dict[int, tuple[float, float]] = {}
        for asked in near.values():
            shared = sum(weight for term, weight in wanted.terms.items() if term in asked.terms)
            score = shared / sqrt(wanted.whole * asked.weight)
            first, second = found.get(asked.page, (0.0, 0.0))
            found[asked.page] = max(first, score), sorted((first, second, score))[1]
        return {page: first + SECOND * second for page, (first, second) in found.items()}

    def _beside(self, alone: Mapping[int, float]) -> Mapping[str, float]:
        """By flow: what its best screens reach on average."""
        reached: dict[str, list[float]] = {}
        for page, score in alone.items():
            reached.setdefault(_flow(self._pages[page]), []).append(score)
        return {
            flow: sum(sorted(found, reverse=True)[:NEIGHBOURS]) / NEIGHBOURS
            for flow, found in reached.items()
        }

    def _wanted(self, question: str) -> _Wanted:
        terms: dict[str, float] = {}
        unknown = DOUBT
        for said in dict.fromkeys(self._terms.typed(question)[:MOST_TERMS]):
            if said.term in self._scores:
                terms[said.term] = max(terms.get(said.term, 0.0), said.weight)
            elif said.needed:
                unknown += UNKNOWN * (said.weight if len(said.term) > SHORT else SHORT_WEIGHT)
        return _Wanted(terms, unknown)


def _flow(page: Page) -> str:
    return page.step.partition(".")[0]


def _row(page: Page, terms: Terms) -> tuple[str, ...]:
    texts = (page.title, page.heading, " ".join(page.asked), page.say)
    return tuple(" ".join(terms.own(text)) for text in texts)
