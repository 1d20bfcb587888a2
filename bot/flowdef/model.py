"""What a folder of flow files says, as frozen data with places.

This is the one shape that loading, checking, compiling, extraction and hearing share. It knows what
an author wrote and where; it does not know YAML, state machines, languages other than the English
written inline, or people.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from bot.core.ids import ChoiceId, StepId
from bot.core.rules import AnswerKind, Handoff, Hours, Listing, StepKind, Verb

Severity = Literal["error", "warning"]
Role = Literal["body", "label", "phrase", "name", "synonyms", "cell"]
"""What a text is for, because limits differ: a screen's body, a button, a line, a name, `a | b`, a
line of a comparison."""

Verdict = Literal["usually", "sometimes", "no", "unknown"]
"""What a way can do about one need. Never a score."""

Confidence = Literal["confirmed", "reported", "unverified"]
"""How sure a source is: seen at its publisher, seen elsewhere, or not yet looked at by a person."""

Kind = Literal[
    "emergency", "any", "crime", "domestic", "sexual", "child", "suicide", "stalking", "dating",
    "trafficking", "lgbtq", "native", "deaf", "custody_notice", "compensation",
]  # fmt: skip
"""What a line is for. A closed set: a list that names another kind would stay empty."""

ByLanguage = Mapping[str, str]
"""The same in every language (under ``""``), or by language."""

ALWAYS = "always"
"""The flow of system screens. Its steps are overlays: their order in the file means nothing."""

ALWAYS_ON = ("leave", "person", "numbers", "back", "language", "hold", "erase", "stop")
"""The closed set of words that work at every step."""

DOORS = (
    "person", "numbers", "language", "hold", "erase", "chat", "did_you_mean", "waiting", "taken",
    "closed", "paused", "for_desk", "stop", "returned", "danger", "start", "rescue", "ways",
    "settings", "more", "about",
)  # fmt: skip
"""Every system screen the core may open."""

BUILT_INS = (
    "summary", "suggestion", "numbers", "numbers_of", "held", "until", "waited", "hours", "when",
    "alias", "desk", "text", "count", "age", "queue", "urgency", "language", "about", "looked",
)  # fmt: skip
"""Placeholders that code fills in; every saved name is one as well."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an author wrote something. ``file`` is relative; line and column start at 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Issue:
    """One mistake an author can mend. ``id`` is the author's own id, ``rule`` is ours."""

    place: Place
    rule: str
    id: str
    what: str
    todo: str
    severity: Severity = "error"

    def __str__(self) -> str:
        at = self.place
        return f"{at.file}:{at.line}:{at.column}: {self.id}: {self.what} {self.todo}"


@dataclass(frozen=True, slots=True)
class Text:
    """English words with the id path that translations are filed under.

    ``source`` is the only form, or the general one of a plural text whose singular is ``one``.
    """

    ctx: str
    source: str
    place: Place
    role: Role
    one: str = ""
    required: bool = False
    note: str = ""

    @property
    def msgid(self) -> str | tuple[str, str]:
        """What gettext files it under beside ``ctx``."""
        return (self.one, self.source) if self.one else self.source


@dataclass(frozen=True, slots=True)
class ChoiceDef:
    """One button as written. ``value`` is empty when the id itself is saved."""

    id: ChoiceId
    place: Place
    text: Text
    go: str = ""
    visit: str = ""
    verb: Verb = "go"
    argument: str = ""
    value: str = ""
    hours: tuple[Hours, ...] = ()
    alone: bool = False
    last: bool = False
    negative: bool = False

    @property
    def saved(self) -> str:
        """What ends up in her answers when she takes this choice."""
        return self.value or self.id


@dataclass(frozen=True, slots=True)
class Condition:
    """A ``when`` as written; ``bot.flowdef.conditions`` gives it a meaning."""

    source: str
    place: Place


@dataclass(frozen=True, slots=True)
class Cell:
    """What one way can do about one need: a plain line, the verdict, and where it comes from."""

    way: str
    verdict: Verdict
    text: Text
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One need of a comparison; ``id`` is the choice she marked."""

    id: str
    place: Place
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class CompareDef:
    """A comparison as written: of the marks saved under ``by``, over some flows."""

    by: str
    ways: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class StepDef:
    """One step as written. ``go``, ``then`` and ``include`` are as the author named them."""

    id: StepId
    flow: str
    kind: StepKind
    place: Place
    say: Text | None = None
    next: Text | None = None
    choices: tuple[ChoiceDef, ...] = ()
    save: str = ""
    at_least: int = 0
    at_most: int = 99
    max_length: int = 500
    answer: AnswerKind = "text"
    low: str = ""
    high: str = ""
    consent: str = ""
    valid_for: timedelta = timedelta(0)
    compare: CompareDef | None = None
    listing: Listing | None = None
    handoff: Handoff | None = None
    include: str = ""
    silence: timedelta | None = None
    then: str = ""
    when: Condition | None = None
    go: str = ""
    shuffled: bool = False
    back: bool = True
    keep: bool = False
    help: Text | None = None
    """More about this screen, for those who ask."""
    asked: Text | None = None
    """Questions it answers, as people put them: ``do I have to tell | must I report``."""
    sources: tuple[str, ...] = ()
    was: str = ""
    waived: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Rules about words that need not hold here, each with the author's reason."""


@dataclass(frozen=True, slots=True)
class Review:
    """Who looked at a flow, when, and until when that counts. ``place`` is that of ``until``."""

    place: Place
    by: str = ""
    jurisdiction: str = ""
    on: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A step that is no longer there. ``moved_to`` empty: whoever stands in it may finish there."""

    id: StepId
    flow: str
    place: Place
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow file. Flows with the same ``parallel`` have the same steps at about equal length."""

    id: str
    place: Place
    title: Text | None
    steps: tuple[StepDef, ...]
    review: Review | None = None
    removed: tuple[Removed, ...] = ()
    parallel: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. ``supports``: what it says, with unit, population and year."""

    id: str
    place: Place
    title: str
    author: str = ""
    year: str = ""
    publisher: str = ""
    address: str = ""
    seen: date | None = None
    confidence: Confidence = "unverified"
    review_by: date | None = None
    supports: str = ""


@dataclass(frozen=True, slots=True)
class AlwaysOn:
    """A word that works everywhere: its button label, and what else people type (``a | b``)."""

    id: str
    text: Text
    also: Text | None
    place: Place


@dataclass(frozen=True, slots=True)
class DoorDef:
    """Which step a system screen is."""

    word: str
    target: str
    place: Place


@dataclass(frozen=True, slots=True)
class Opening:
    """When a line is open, by the clock of its zone. Days count from Monday, 0; times are minutes
    after midnight, and an ``end`` that is not later than ``start`` lies on the day after.
    """

    zone: str
    days: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Resource:
    """A place to call or write to: only what somebody has seen of it on a page.

    ``hours`` is a text unless it is the same in all languages; ``open`` says it to the program.
    """

    id: str
    place: Place
    name: Text
    region: str
    phone: str = ""
    sms: str = ""
    write: ByLanguage = field(default_factory=dict, hash=False)
    """The word to send to ``sms``, where one is needed."""
    press: ByLanguage = field(default_factory=dict, hash=False)
    """The key that leads to a language in a call to ``phone``."""
    whatsapp: ByLanguage = field(default_factory=dict, hash=False)
    chat: str = ""
    tty: str = ""
    video: str = ""
    email: str = ""
    web: str = ""
    always_open: bool = False
    hours: Text | None = None
    open: tuple[Opening, ...] = ()
    note: Text | None = None
    may_call: bool = False
    """They may send help or pass on details without asking; ``caution`` says it for this line."""
    caution: Text | None = None
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    interpreters: bool = False
    source: str = ""
    verified: str = ""
    """The day or month of the page where it was seen; empty when the page had no date."""
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class DangerRule:
    """Phrases of one language that mean danger, and longer phrases that take the alarm back."""

    id: str
    language: str
    place: Place
    phrases: tuple[str, ...]
    not_when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Library:
    """Everything in one folder of flow files, with lookups. Built by ``bot.flowdef.load``."""

    flows: tuple[Flow, ...] = ()
    by_name: Mapping[str, Flow] = field(default_factory=dict)
    phrases: tuple[Text, ...] = ()
    words: tuple[AlwaysOn, ...] = ()
    doors: tuple[DoorDef, ...] = ()
    resources: tuple[Resource, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    removed: Mapping[StepId, Removed] = field(default_factory=dict)
    danger: tuple[DangerRule, ...] = ()
    charged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By language: words that no locked phone may show."""
    never: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By language: words that are said nowhere."""
    unheard: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    faint: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By language: words that say nothing about what a question asks, or little."""
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By language: what means the same in a question, ``police = cops = officers``."""
    sounds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By language: letters that people write for others, ``v = b``."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)
    steps: Mapping[StepId, StepDef] = field(default_factory=dict)
    after: Mapping[StepId, StepId] = field(default_factory=dict)
    """The next step in the list of the same flow."""
    saved: Mapping[str, tuple[StepDef, ...]] = field(default_factory=dict)
    """Which steps ask for a saved name."""

    @property
    def digest(self) -> str:
        """A hash of the whole input, words included: what a published version is filed under."""
        total = hashlib.sha256()
        for name, data in sorted(self.files.items()):
            total.update(f"{name}\n{len(data)}\n".encode())
            total.update(data)
        return total.hexdigest()

    def flow(self, wanted: str) -> Flow | None:
        """The flow with that id, or None."""
        return self.by_name.get(wanted)

    def first(self, flow: str) -> StepId | None:
        """The first step of a flow, or None when there is no such flow."""
        found = self.flow(flow)
        return found.steps[0].id if found is not None and found.steps else None

    def door(self, word: str) -> StepId | None:
        """The step a door opens, or None when the door or its step does not exist."""
        for door in self.doors:
            if door.word == word:
                return self.resolve(door.target, ALWAYS)
        return None

    def resolve(self, target: str, flow: str) -> StepId | None:
        """The step that ``target``, written inside ``flow``, names; None when there is none.

        A name is first a step of the same flow, then a flow (its first step), then ``flow.step``.
        """
        for step_id in (StepId(f"{flow}.{target}"), StepId(target)):
            if step_id in self.steps:
                return step_id
        return self.first(target)
