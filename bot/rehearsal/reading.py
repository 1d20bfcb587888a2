"""From ``*.tests.yaml`` to scenarios, strictly: every mistake with its place and what to do.

Reads the same small YAML as flow files do, with the same messages. Step ids, choices, saved names
and consents are compared with the flows, so that a renamed step is found before anything is played.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, get_args

from bot.core.events import AlwaysOn
from bot.core.ids import StepId
from bot.flowdef.fields import Fields, did_you_mean
from bot.flowdef.model import Issue, Library, Place
from bot.flowdef.nodes import LARGEST_FILE, Node, Report, Scalar, read
from bot.flowdef.nodes import Mapping as MappingNode

from .answers import Answer, choices_of, kept_as, shaped
from .person import OPEN
from .scenario import (
    AT_DESK,
    AWAY,
    CASE,
    CASES,
    CONSENT,
    DOINGS,
    LANGUAGE,
    NONE,
    NOWHERE,
    STATES,
    AtTheDesk,
    Desk,
    Gone,
    Line,
    Marks,
    Says,
    Scenario,
    Sees,
    She,
    Stored,
    Taps,
    Waits,
    Wording,
)
from .trace import DONE, NEXT, PART

SUFFIX: Final = ".tests.yaml"
TEST_KEYS: Final = ("name", "language", "start", "with", "do", "ends", "note")
VERBS: Final = ("taps", "marks", "says", "waits", "she", "desk", "sees", "stored", "gone")
SEES_KEYS: Final = ("step", "text", "not", "button", "no_button", "line", "pictures")
MOST_PICTURES: Final = 99
DESK_KEYS: Final = ("writes", "reads")
PLACELESS: Final[tuple[str, ...]] = (NEXT, DONE, PART, OPEN, *get_args(AlwaysOn))
"""Buttons that belong to no step."""

ABOUT_ANSWERS: Final = ("forget", "change")
"""The buttons under "what you hold": each with a saved name behind it."""


def scenario_files(folder: Path) -> tuple[Path, ...]:
    """The scenario files beside the flows of a folder, sorted."""
    return tuple(sorted(folder.rglob(f"*{SUFFIX}")))


def read_file(
    path: Path, name: str, library: Library
) -> tuple[tuple[Scenario, ...], tuple[Issue, ...]]:
    """The scenarios of one file; ``name`` is how Issues call it. Raises OSError."""
    with path.open("rb") as opened:
        return read_scenarios(opened.read(LARGEST_FILE + 1), name, library)


def read_scenarios(
    data: bytes, name: str, library: Library
) -> tuple[tuple[Scenario, ...], tuple[Issue, ...]]:
    """The scenarios in some bytes, and what is wrong with them. Never raises for the bytes."""
    report = Report(name)
    root = read(data, report)
    flow = name.rsplit("/", 1)[-1].removesuffix(SUFFIX)
    reader = _Reader(library, flow, report)
    found = tuple(reader.scenarios(root)) if root is not None else ()
    if not found and not report.issues:
        place = Place(name, 1, 1)
        report.add(place, "empty", flow, "There is no test in this file.", "Write `tests:`.")
    return found, tuple(sorted(report.issues, key=lambda issue: issue.place))


class _Reader:
    """Reads one file. ``flow`` is the flow beside it, in which short step ids are looked up."""

    def __init__(self, library: Library, flow: str, report: Report) -> None:
        self._library = library
        self._flow = flow
        self._report = report
        self._choices = frozenset(c.id for step in library.steps.values() for c in step.choices)
        self._consents = frozenset(s.consent for s in library.steps.values() if s.consent)
        self._verbs: Mapping[str, Callable[[Fields, Place], Line | None]] = {
            "taps": self._taps,
            "marks": self._marks,
            "says": self._says,
            "waits": self._waits,
            "she": self._she,
            "desk": self._desk,
            "sees": self._sees,
            "stored": self._stored,
            "gone": self._gone,
        }

    def scenarios(self, root: Node) -> Iterable[Scenario]:
        """Every test of the file, in order."""
        fields = Fields(root, self._flow, self._report, ("tests", "note"))
        names: dict[str, int] = {}
        for node in fields.sequence("tests"):
            test = Fields(node, self._flow, self._report, TEST_KEYS)
            name = test.text("name")
            test.where = name or self._flow
            if "name" not in test:
                test.missing("name", "Say in one sentence what must hold.")
            if name in names:
                what = f"A test of this name is already on line {names[name]}."
                test.issue(test.place_of("name"), "duplicate_id", what, "Give each its own name.")
            names[name] = test.place_of("name").line
            yield self._scenario(test, name)

    def _scenario(self, test: Fields, name: str) -> Scenario:
        lines = tuple(
            line for node in test.sequence("do") if (line := self._line(node, test)) is not None
        )
        ends = self._step(test, "ends")
        checks = [line for line in lines if isinstance(line, Sees | Stored | AtTheDesk | Gone)]
        if not checks and ends is None and not self._report.issues:
            what = "This test checks nothing."
            test.issue(test.place, "nothing_checked", what, "Write `sees`, `stored` or `ends`.")
        languages = tuple(word.text for word in test.words("language"))
        self._spoken(test, lines, languages)
        given = Fields(test.node("with"), test.where, self._report, ())
        return Scenario(
            name=name,
            place=test.place_of("name"),
            languages=languages,
            lines=lines,
            start=self._start(test),
            answers=self._answers(given),
            consents=self._values(given, CONSENT),
            ends=ends,
            ends_at=test.place_of("ends") if ends is not None else None,
        )

    def _spoken(self, test: Fields, lines: tuple[Line, ...], languages: tuple[str, ...]) -> None:
        """Where languages are named, every line of words must be there in each of them."""
        for line in lines:
            if not isinstance(line, Says | Desk):
                continue
            words = line.words if isinstance(line, Says) else Wording(line.words)
            for language in languages:
                if words.of(language) is None:
                    what = f"There are no words in {language}."
                    test.issue(line.place, "missing_key", what, f"Add `{language}: …`.")

    # ------------------------------------------------------------ where it begins

    def _start(self, test: Fields) -> StepId | None:
        if test.text("start") == NOWHERE:
            return StepId(NOWHERE)
        return self._step(test, "start")

    def _answers(self, given: Fields) -> Mapping[str, Answer]:
        answers: dict[str, Answer] = {}
        for key in given.keys():  # noqa: SIM118 - Fields is not a dict
            if key.text == CONSENT or not self._saved(given, key):
                continue
            values = self._values(given, key.text)
            if values:
                answers[key.text] = shaped(self._library, key.text, values)
        return answers

    def _saved(self, given: Fields, key: Scalar, *more: str) -> bool:
        known = (*self._library.saved, *(more or (CONSENT,)))
        if key.text in known:
            return True
        what = f"Nothing is saved as `{key.text}`."
        given.issue(key.place, "unknown_name", what, did_you_mean(key.text, known))
        return False

    def _values(self, given: Fields, name: str) -> tuple[str, ...]:
        """What is kept when these choices are taken, her own words as they are; empty for none."""
        written = given.words(name)
        if [word.text for word in written] == [NONE]:
            return ()
        return tuple(self._value(given, name, word) for word in written)

    def _value(self, given: Fields, name: str, word: Scalar) -> str:
        kept = self._kept(name, word.text)
        if kept is not None:
            return kept
        if name == CONSENT:
            what = f"No step asks for the consent `{word.text[:40]}`."
            todo = did_you_mean(word.text, sorted(self._consents))
            given.issue(word.place, "unknown_name", what, todo)
        else:
            what = f"`{word.text[:40]}` is no choice of `{name}`."
            todo = did_you_mean(word.text, choices_of(self._library, name))
            given.issue(word.place, "unknown_choice", what, todo)
        return word.text

    def _kept(self, name: str, value: str) -> str | None:
        if name == CONSENT:
            return value if value in self._consents else None
        return kept_as(self._library, name, value)

    # ------------------------------------------------------------ one line

    def _line(self, node: Node, test: Fields) -> Line | None:
        fields = Fields(node, test.where, self._report, VERBS)
        keys = fields.keys()
        if len(keys) != 1:
            if isinstance(node, MappingNode) and len(node.entries) != 1:
                what = "Each line says one thing."
                todo = f"Begin it with `- ` and one of: {', '.join(VERBS)}."
                fields.issue(node.place, "shape", what, todo)
            return None
        verb = keys[0]
        return self._verbs[verb.text](fields, verb.place)

    def _taps(self, fields: Fields, place: Place) -> Taps:
        return Taps(place, tuple(self._button(fields, word) for word in fields.words("taps")))

    def _marks(self, fields: Fields, place: Place) -> Marks:
        return Marks(place, tuple(self._button(fields, word) for word in fields.words("marks")))

    def _button(self, fields: Fields, word: Scalar) -> str:
        about, _, name = word.text.partition(" ")
        known = word.text in self._choices or word.text in PLACELESS
        known = known or word.text in self._library.steps
        if not known and not (about in ABOUT_ANSWERS and name in self._library.saved):
            what = f"There is no button `{word.text[:40]}` anywhere."
            todo = did_you_mean(word.text, (*PLACELESS, *sorted(self._choices)))
            fields.issue(word.place, "unknown_choice", what, todo)
        return word.text

    def _says(self, fields: Fields, place: Place) -> Says:
        node = fields.node("says")
        if isinstance(node, MappingNode) and any(key.text == "button" for key, _ in node.entries):
            inner = Fields(node, fields.where, self._report, ("button",))
            found = inner.scalar("button")
            return Says(place, button=self._button(inner, found) if found else "")
        return Says(place, self._wording(fields, "says"))

    def _wording(self, fields: Fields, key: str) -> Wording:
        node = fields.node(key)
        if not isinstance(node, MappingNode):
            found = fields.scalar(key)
            return Wording(found.text.strip() if found else "")
        inner = Fields(node, fields.where, self._report, ())
        names = inner.keys()
        return Wording(by_language={name.text: inner.text(name.text) for name in names})

    def _wordings(self, fields: Fields, key: str) -> tuple[Wording, ...]:
        if isinstance(fields.node(key), MappingNode):
            return (self._wording(fields, key),)
        return tuple(Wording(word.text.strip()) for word in fields.words(key))

    def _waits(self, fields: Fields, place: Place) -> Waits:
        return Waits(place, fields.span("waits"))

    def _she(self, fields: Fields, place: Place) -> She | None:
        chosen = fields.one_of("she", DOINGS)
        return next((She(place, doing) for doing in DOINGS if doing == chosen), None)

    def _desk(self, fields: Fields, place: Place) -> Desk | AtTheDesk | None:
        node = fields.node("desk")
        if isinstance(node, MappingNode):
            inner = Fields(node, fields.where, self._report, DESK_KEYS)
            if "reads" in inner:
                return AtTheDesk(place, self._wording(inner, "reads"))
            return Desk(place, words=inner.text("writes"))
        chosen = fields.one_of("desk", AT_DESK)
        return next((Desk(place, does) for does in AT_DESK if does == chosen), None)

    def _sees(self, fields: Fields, place: Place) -> Sees:
        node = fields.node("sees")
        if not isinstance(node, MappingNode):
            return Sees(place, self._step(fields, "sees"))
        inner = Fields(node, fields.where, self._report, SEES_KEYS)
        return Sees(
            place,
            self._step(inner, "step"),
            self._wordings(inner, "text"),
            self._wordings(inner, "not"),
            tuple(self._button(inner, word) for word in inner.words("button")),
            tuple(self._button(inner, word) for word in inner.words("no_button")),
            self._wordings(inner, "line"),
            inner.number("pictures", 0, 0, MOST_PICTURES) if "pictures" in inner else None,
        )

    def _step(self, fields: Fields, key: str) -> StepId | None:
        found = fields.scalar(key)
        if found is None:
            return None
        step = self._library.resolve(found.text, self._flow)
        if step is None:
            near = [s.id.partition(".")[2] for s in self._library.steps.values()
                    if s.flow == self._flow]  # fmt: skip
            what = f"There is no step or flow `{found.text[:60]}`."
            todo = did_you_mean(found.text, (*near, *self._library.steps))
            fields.issue(found.place, "unknown_target", what, todo)
        return step

    def _stored(self, fields: Fields, place: Place) -> Stored:
        node = fields.node("stored")
        if not isinstance(node, MappingNode):
            fields.one_of("stored", (NONE,))
            return Stored(place, {})
        inner = Fields(node, fields.where, self._report, ())
        values: dict[str, tuple[str, ...]] = {}
        for key in inner.keys():  # noqa: SIM118 - Fields is not a dict
            if not self._saved(inner, key, *STATES):
                continue
            values[key.text] = self._stored_value(inner, key.text)
        return Stored(place, values)

    def _stored_value(self, inner: Fields, name: str) -> tuple[str, ...]:
        if name == CASE:
            state = inner.one_of(CASE, (*CASES, NONE), NONE)
            return () if state == NONE else (state,)
        if name == LANGUAGE:
            return (inner.text(LANGUAGE),)
        if name == AWAY:
            return ("yes",) if inner.flag(AWAY) else ()
        return self._values(inner, name)

    def _gone(self, fields: Fields, place: Place) -> Gone:
        if not fields.flag("gone"):
            what = "`gone: no` says nothing."
            fields.issue(fields.place_of("gone"), "bad_value", what, "Delete the line.")
        return Gone(place)
