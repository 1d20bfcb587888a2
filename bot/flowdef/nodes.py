"""Strict YAML: bytes to scalars, sequences and mappings that know their place.

Nothing here knows what a flow is. Scalars stay the text that was written: no value is ever turned
into a number, a date or a truth value behind the author's back. What makes YAML surprising
(anchors, aliases, merge keys, tags, directives, duplicate keys) is an Issue; sizes and depth are
bounded before anything is built, and whatever bytes come, no exception leaves this file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import StreamMark, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from .model import Issue, Place

LARGEST_FILE = 512 * 1024
DEEPEST = 12
MOST_ISSUES = 100
BRACKETS_IN_A_ROW = re.compile(r"(?:[\[{]\s*){13}")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as written. ``plain``: without quotes or block mark, where YAML 1.1 guesses."""

    text: str
    plain: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: "tuple[Node, ...]"
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order written; keys are unique."""

    entries: "tuple[tuple[Scalar, Node], ...]"
    place: Place


Node = Scalar | Sequence | Mapping


class Report:
    """Collects the Issues of one file, up to a bound a person can still read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.issues: list[Issue] = []

    def add(self, place: Place, rule: str, author_id: str, what: str, todo: str) -> None:
        """Note one mistake; beyond ``MOST_ISSUES`` of a file it is dropped."""
        if len(self.issues) < MOST_ISSUES:
            self.issues.append(Issue(place, rule, author_id, what, todo))


class _Unreadable(Exception):
    """Reading this file cannot go on; the Issue says why."""

    def __init__(self, place: Place, rule: str, what: str, todo: str) -> None:
        super().__init__(what)
        self.found = (place, rule, what, todo)


def read(data: bytes, report: Report) -> Node | None:
    """The one document in ``data``; None when it is empty, or unreadable (then with an Issue)."""
    try:
        text = _decode(data, report.file)
        return _Composer(report).compose(text)
    except _Unreadable as unreadable:
        place, rule, what, todo = unreadable.found
        report.add(place, rule, report.file, what, todo)
    return None


def _decode(data: bytes, file: str) -> str:
    start = Place(file, 1, 1)
    if len(data) > LARGEST_FILE:
        what = f"The file has {len(data)} bytes; at most {LARGEST_FILE} are read."
        raise _Unreadable(start, "file_size", what, "Split it into several flows.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        before = data[: broken.start]
        column = broken.start - (before.rfind(b"\n") + 1) + 1
        place = Place(file, before.count(b"\n") + 1, column)
        what = "The file is not UTF-8 from here on."
        raise _Unreadable(place, "encoding", what, "Save it as UTF-8.") from broken
    text = text.replace("\r\n", "\n")
    if wild := CONTROL.search(text):
        place = _place_of(text, wild.start(), file)
        what = f"There is an invisible control character (U+{ord(wild.group()):04X})."
        raise _Unreadable(place, "encoding", what, "Delete it.")
    if deep := BRACKETS_IN_A_ROW.search(text):
        raise _too_deep(_place_of(text, deep.start(), file))
    return text


def _place_of(text: str, offset: int, file: str) -> Place:
    line_start = text.rfind("\n", 0, offset) + 1
    return Place(file, text.count("\n", 0, offset) + 1, offset - line_start + 1)


def _too_deep(place: Place) -> _Unreadable:
    what = f"Lists and keys are nested more than {DEEPEST} deep."
    return _Unreadable(place, "nesting", what, "A flow file needs far less; write it flatter.")


class _Composer:
    """Builds nodes from parser events, noting what is not allowed and going on where it can."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._here = Place(report.file, 1, 1)

    def compose(self, text: str) -> Node | None:
        root: Node | None = None
        documents = 0
        stack: list[tuple[Event, list[Node]]] = []
        for event in self._events(text):
            if isinstance(event, DocumentStartEvent):
                documents += 1
                self._refuse_directives(event, documents)
            node = self._node(event, stack)
            if node is None:
                continue
            if stack:
                stack[-1][1].append(node)
            else:
                root = node if root is None else root
        return root

    def _events(self, text: str) -> Iterator[Event]:
        """Parser events; whatever somebody else's parser raises on these bytes becomes an Issue."""
        try:
            yield from YAML(typ="safe", pure=True).parse(text)
        except YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = self._here if mark is None else self._place(mark)
            problem = str(getattr(error, "problem", None) or "it cannot be parsed").split("\n")[0]
            what = f"This is not valid YAML: {problem}."
            todo = "Look at the indentation, quotes and colons at and above this line."
            raise _Unreadable(place, "yaml", what, todo) from error
        except _Unreadable:
            raise
        except Exception as error:
            what = "This is not valid YAML."
            todo = "Look at the escapes and quotes at and above this line."
            raise _Unreadable(self._here, "yaml", what, todo) from error

    def _place(self, mark: StreamMark) -> Place:
        return Place(self._report.file, mark.line + 1, mark.column + 1)

    def _issue(self, rule: str, what: str, todo: str) -> None:
        self._report.add(self._here, rule, self._report.file, what, todo)

    def _refuse_directives(self, event: DocumentStartEvent, documents: int) -> None:
        if event.version or event.tags:
            self._issue("yaml_feature", "There is a `%` directive.", "Delete that line.")
        if documents > 1:
            what = "There is a second document (`---`) in this file."
            raise _Unreadable(self._place(event.start_mark), "yaml_feature", what, "Remove it.")

    def _node(self, event: Event, stack: list[tuple[Event, list[Node]]]) -> Node | None:
        """The node this event completes, if it does."""
        self._here = self._place(event.start_mark)
        match event:
            case AliasEvent():
                what = f"`*{event.anchor}` is an alias."
                self._issue("yaml_feature", what, "Write the value out.")
                return Scalar("", plain=False, place=self._here)
            case ScalarEvent():
                self._refuse_extras(event)
                return self._scalar(event)
            case SequenceStartEvent() | MappingStartEvent():
                self._refuse_extras(event)
                if len(stack) >= DEEPEST:
                    raise _too_deep(self._here)
                stack.append((event, []))
            case SequenceEndEvent():
                start, nodes = stack.pop()
                return Sequence(tuple(nodes), self._place(start.start_mark))
            case MappingEndEvent():
                start, nodes = stack.pop()
                return self._mapping(nodes, self._place(start.start_mark))
            case _:
                pass
        return None

    def _refuse_extras(self, event: ScalarEvent | SequenceStartEvent | MappingStartEvent) -> None:
        if event.anchor:
            what = f"`&{event.anchor}` is an anchor."
            self._issue("yaml_feature", what, "Delete it and write values out where they are used.")
        if event.tag is not None:
            self._issue("yaml_feature", f"`{event.tag}` is a tag.", "Delete it.")

    def _scalar(self, event: ScalarEvent) -> Scalar:
        value = str(event.value)
        if wild := CONTROL.search(value):
            what = f"An escape makes an invisible control character (U+{ord(wild.group()):04X})."
            self._issue("encoding", what, "Delete it.")
            value = CONTROL.sub("", value)
        return Scalar(value, plain=event.style is None, place=self._here)

    def _mapping(self, nodes: list[Node], place: Place) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            self._here = key.place
            if not isinstance(key, Scalar):
                self._issue("yaml", "A list or mapping is used as a key.", "Use a plain word.")
            elif key.text == "<<" and key.plain:
                self._issue("yaml_feature", "`<<` is a merge key.", "Write the keys out.")
            elif key.text in entries:
                first = entries[key.text][0].place.line
                what = f"The key `{key.text}` is already on line {first}."
                self._issue("duplicate_key", what, "Keep one of the two.")
            else:
                entries[key.text] = (key, value)
        return Mapping(tuple(entries.values()), place)
