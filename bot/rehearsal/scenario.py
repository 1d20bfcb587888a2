"""What a scenario is: who does what, what is seen, what is stored, where it ends. Data only.

The verbs are a closed set, one class each: what happens (``Taps`` to ``Desk``) and what is checked
(``Sees`` to ``Gone``). ``reading.py`` makes them from a file, ``recording.py`` writes them to one,
``playing.py`` gives them their meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal, get_args

from bot.core.case import CaseState
from bot.core.ids import StepId
from bot.flowdef.model import Place

Doing = Literal["starts", "leaves", "blocks", "unblocks", "sends_photo"]
"""What she can do that is neither a button nor words. ``starts`` is Telegram's Start button."""

AtDesk = Literal["claims", "releases", "closes"]
DOINGS: Final[tuple[Doing, ...]] = get_args(Doing)
AT_DESK: Final[tuple[AtDesk, ...]] = get_args(AtDesk)
NONE: Final = "none"
"""In ``stored``: nothing is stored there."""

NOWHERE: Final = "nowhere"
"""As ``start``: a place that the flows no longer have."""

CONSENT, CASE, LANGUAGE, AWAY = "consent", "case", "language", "away"
CASES: Final[tuple[str, ...]] = get_args(CaseState)
STATES: Final = (CONSENT, CASE, LANGUAGE, AWAY)
"""What ``stored`` can name besides saved answers."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that are the same in every language (``every``), or one wording a language."""

    every: str = ""
    by_language: Mapping[str, str] = field(default_factory=dict)

    def of(self, language: str) -> str | None:
        """The words for a language; None when it was left out."""
        return self.by_language.get(language) if self.by_language else self.every


# ---------------------------------------------------------------- what happens


@dataclass(frozen=True, slots=True)
class Taps:
    """She presses buttons, one after the other, named as in ``screen.py``."""

    place: Place
    buttons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """She marks choices of a step where several can be chosen."""

    place: Place
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Says:
    """She types words, or the words of a button."""

    place: Place
    words: Wording = field(default_factory=Wording)
    button: str = ""


@dataclass(frozen=True, slots=True)
class Waits:
    """Time passes."""

    place: Place
    span: timedelta


@dataclass(frozen=True, slots=True)
class She:
    """She does something else."""

    place: Place
    does: Doing


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk does something. With ``words`` it writes them to her."""

    place: Place
    does: AtDesk = "claims"
    words: str = ""


# ---------------------------------------------------------------- what is checked


@dataclass(frozen=True, slots=True)
class Sees:
    """The screen: its step, words that stand in it or do not, buttons; ``line``: other messages.

    ``pictures``: how many the last event has sent; None: not asked.
    """

    place: Place
    step: StepId | None = None
    text: tuple[Wording, ...] = ()
    absent: tuple[Wording, ...] = ()
    buttons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    line: tuple[Wording, ...] = ()
    pictures: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What is kept about her. ``values`` empty: nothing at all. An empty tuple: not that name."""

    place: Place
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class AtTheDesk:
    """The desk has read these words of hers."""

    place: Place
    words: Wording


@dataclass(frozen=True, slots=True)
class Gone:
    """Nothing is left in her chat but the dull line."""

    place: Place


Act = Taps | Marks | Says | Waits | She | Desk
Check = Sees | Stored | AtTheDesk | Gone
Line = Act | Check


@dataclass(frozen=True, slots=True)
class Scenario:
    """One test. It runs once in each of ``languages`` that are spoken, from ``start``."""

    name: str
    place: Place
    languages: tuple[str, ...]
    lines: tuple[Line, ...]
    start: StepId | None = None
    answers: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    consents: tuple[str, ...] = ()
    ends: StepId | None = None
    ends_at: Place | None = None
