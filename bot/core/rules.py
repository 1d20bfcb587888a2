"""What the core asks of a set of flows: structure only, never words.

A *step* is one place in a flow. The core knows its kind, its choices and what is saved; where a
choice leads is asked of :class:`Rules`, which ``bot.flowdef.compile`` answers with one shared state
machine for a structure. Nothing here knows about languages, files or Telegram.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, Protocol

from .ids import ChoiceId, StepId

StepKind = Literal[
    "say",
    "choose",
    "choose_many",
    "ask",
    "consent",
    "compare",  # what each way can do about what she marked, one need a page
    "resources",  # places to call or write to, a few a page
    "handoff",
    "include",
    "wait",  # goes on by itself after a while, or at her touch
    "end",
    "chat",
]
AnswerKind = Literal["text", "date", "number", "phone", "place", "times", "question"]
"""What an ``ask`` step takes. All are kept as text: a date as 2026-11-22, a phone number as
+12125550100, a country as its two letters, hours as 08:00-12:00 divided by commas. A question is
never kept: it only finds a screen."""
ONWARD: Final[frozenset[StepKind]] = frozenset(
    {"say", "choose_many", "compare", "resources", "wait"}
)
"""Kinds whose screen has a button that goes on."""

PAGED: Final[frozenset[StepKind]] = frozenset({"compare", "resources"})
"""Kinds that show a list part by part."""

READABLE: Final[frozenset[StepKind]] = frozenset({"say", "choose", "compare", "resources"})
"""Kinds that a question may open: they only show something. None agrees, sends or asks."""

Verb = Literal[
    "go",  # to the step the machine names
    "visit",  # to one step, and back here once it is answered
    "back",
    "leave",
    "person",
    "numbers",
    "language",  # without argument: the language screen; with: switch
    "country",  # she is in the one named by the argument; the same screen again
    "hold",  # what you hold
    "erase",  # without argument: ask; "now": do it
    "stop",  # end the talk or withdraw the request
    "reading",  # "edit" or "new"
    "typed",  # "delete" or "keep": what happens to typed words
    "keep",  # this screen may stay in the chat
    "give",  # consent
    "refuse",  # consent
    "send",  # hand the case over
    "talk",  # open the live chat
    "resume",  # close every overlay, show the step again
    "yes",  # the answer to "Did you mean …?"
    "no",
    "to_desk",  # the waiting always-on word was meant for the desk
    "forget",  # remove one saved answer, named by the argument
    "picture",  # send the comparison of the step named by the argument, and go on
]
Reach = Literal["call", "text", "chat", "tty", "open_now", "my_language"]
"""How somebody wants to reach a line: by any of the first four, and only if the others hold."""

WHERE: Final = ("state", "country")
"""The saved names that say where she is, the nearer one first; regions such as US-NY and US."""

COUNTRY: Final = WHERE[-1]

Answers = Mapping[str, str | tuple[str, ...]]
"""What she has answered, by saved name: one choice id or text, or several choice ids."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A span of local clock time, in minutes after midnight; ``end`` is exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One button of a step. ``argument`` belongs to ``verb`` (a language, a step, a name)."""

    id: ChoiceId
    verb: Verb = "go"
    argument: str = ""
    value: str = ""
    """What is saved instead of the id, for example a time zone name."""
    hours: tuple[Hours, ...] = ()
    alone: bool = False
    """In ``choose_many``: marking it unmarks the others ("I do not know yet")."""
    last: bool = False
    """Keeps its place at the end when the others are shuffled."""
    affirmative: bool = True
    """False for refusals and "none of these": a text with a negation may reach only those."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """Which queue a case goes to, what she agrees to share, and how she may be reached."""

    queue: str
    share: tuple[str, ...]
    consent: str
    hours: str
    zone: str
    urgency: str = "normal"


@dataclass(frozen=True, slots=True)
class Compare:
    """Which saved marks are compared (``by``), the marks that have a row, and the ways beside."""

    by: str
    rows: tuple[str, ...]
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Which resources a step lists: of some kinds, or of the kinds, the region and the ways of
    reaching them that she answered.
    """

    kinds: tuple[str, ...] = ()
    kinds_from: str = ""
    kinds_for: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The kinds that stand for an answer which is no kind itself."""
    region_from: tuple[str, ...] = ()
    """Saved names, the nearer region first; the last is the country."""
    reach_from: str = ""
    most: int = 4
    """How many stand on one page."""


@dataclass(frozen=True, slots=True)
class Step:
    """The structure of one step: what is pinned for a person who stands in it."""

    id: StepId
    kind: StepKind
    choices: tuple[Choice, ...] = ()
    save: str = ""
    at_least: int = 0
    at_most: int = 99
    max_length: int = 500
    answer: AnswerKind = "text"
    low: str = ""
    high: str = ""
    """Limits of a date (2026-11-22 or ``today``) or a number; empty: none."""
    consent: str = ""
    valid_for: timedelta = timedelta(0)
    compare: Compare | None = None
    listing: Listing | None = None
    handoff: Handoff | None = None
    include: StepId | None = None
    silence: timedelta | None = None
    shuffled: bool = False
    back: bool = True
    keep: bool = False

    def choice(self, wanted: ChoiceId) -> Choice | None:
        """The choice with that id, or None when this step has no such choice."""
        return next((choice for choice in self.choices if choice.id == wanted), None)


class Rules(Protocol):
    """One structure of all flows. Implemented by ``bot.flowdef.compile.Compiled``."""

    @property
    def structure(self) -> str:
        """The hash a session is pinned to."""

    @property
    def start(self) -> StepId:
        """Where everybody begins: the notice."""

    @property
    def rescue(self) -> StepId:
        """Where a person goes whose position no longer resolves."""

    @property
    def topics(self) -> frozenset[str]:
        """The flows that tell something: whether she has looked at one is kept for her notes."""

    def door(self, word: str) -> StepId:
        """The step an always-on word or a system screen opens, like ``person`` or ``numbers``."""

    def step(self, at: StepId) -> Step | None:
        """The step with that id, or None when this structure has none."""

    def moved(self, structure: str, at: StepId) -> StepId | None:
        """Where to take a person who stood at ``at`` in another ``structure``; None: she stays.

        A step that was removed names its heir; a version that was withdrawn names a rescue step.
        """

    def saving(self, name: str) -> Step | None:
        """The step that saves an answer under ``name``, or None. The first one, if several do."""

    def onward(self, at: StepId, choice: ChoiceId | None, answers: Answers) -> StepId | None:
        """Where ``choice`` (None: simply going on; ``"silent"``: the timer) leads from ``at``.

        Steps whose ``when`` is false are skipped. None: the flow ends here.
        """

    def rests(self, at: StepId, answers: Answers) -> StepId:
        """Where one comes to rest who is led to ``at``: there, or past it if its ``when`` is false.

        Equal to ``at`` when that step is shown with these answers.
        """
