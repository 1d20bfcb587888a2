"""Which screen answers a question in her own words, if any. No language model: words and counting.

The question is compared with the screens of every language, because people type in the one that is
nearer to them; what is found is an id, shown in the language she reads. Made ready at the first
question, and then kept: building takes some tenths of a second.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from bot.core.ids import Language, StepId

from .ranking import Hit, Page, Ranking
from .terms import Terms

SURE: Final = 0.66
"""From this score on, a screen is shown as the answer."""

NEAR: Final = 0.24
"""Below this score, a screen has nothing to do with the question."""

ELSEWHERE: Final = 0.9
"""What a score counts in a language that she does not read."""

MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The nearest screens, best first; ``sure``: the first one answers the question."""

    nearest: tuple[StepId, ...] = ()
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one language brings: its screens, and how its words are compared."""

    language: Language
    pages: tuple[Page, ...]
    unheard: tuple[str, ...] = ()
    faint: tuple[str, ...] = ()
    alike: tuple[tuple[str, ...], ...] = ()
    sounds: tuple[tuple[str, str], ...] = ()

    def terms(self) -> Terms:
        """How its words are compared."""
        return Terms(self.language, self.unheard, self.faint, self.alike, self.sounds)


class Questions:
    """Finds screens. ``spoken`` is asked once, at the first question."""

    def __init__(self, spoken: Callable[[], Iterable[Spoken]] = tuple) -> None:
        self._spoken = spoken
        self._rankings: dict[Language, Ranking] | None = None

    def _ready(self) -> dict[Language, Ranking]:
        if self._rankings is None:
            self._rankings = {
                each.language: Ranking(each.pages, each.terms())
                for each in self._spoken()
                if each.pages
            }
        return self._rankings

    def find(self, question: str, language: Language) -> Found:
        """The screens nearest to a question of somebody who reads ``language``."""
        best: dict[StepId, float] = {}
        for spoken, ranking in self._ready().items():
            counts = 1.0 if spoken == language else ELSEWHERE
            for hit in ranking.find(question):
                best[hit.step] = max(best.get(hit.step, 0.0), counts * hit.score)
        ranked = sorted(
            (Hit(step, score) for step, score in best.items()),
            key=lambda hit: (-hit.score, hit.step),
        )
        near = _varied(hit for hit in ranked if hit.score >= NEAR)
        return Found(tuple(hit.step for hit in near), sure=bool(near) and near[0].score >= SURE)


def _varied(hits: Iterable[Hit]) -> list[Hit]:
    """The first few, of which no two are the same step of ways that stand side by side."""
    kinds: dict[str, Hit] = {}
    for hit in hits:
        kinds.setdefault(hit.step.partition(".")[2], hit)
        if len(kinds) == MOST:
            break
    return list(kinds.values())
