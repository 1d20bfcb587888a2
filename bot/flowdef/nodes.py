"""Strict YAML: bytes to scalars, sequences and mappings that know their place.

Nothing here knows what a flow is. Scalars stay the text that was written: no value is ever turned
into a number, a date or a truth value behind the author's back. What makes YAML surprising
(anchors, aliases, merge keys, tags, directives, duplicate keys) is an Issue; sizes and depth are
bounded before anything is built, and whatever bytes come, no exception leaves this file.
"""

import re
from dataclasses import dataclass

import yaml
from yaml.error import Mark
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
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
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser; where a wheel lacks it, the slow one, which words its refusals differently."""

MENDING = (
    (
        "scanning a quoted scalar",
        True,
        "The quote that begins here is not closed.",
        "End the text with the same quote.",
    ),
    (
        "flow mapping",
        False,
        "The `{{` on line {line} is not closed before this.",
        "Write `}` where it ends, and `,` between its parts.",
    ),
    (
        "flow sequence",
        False,
        "The `[` on line {line} is not closed before this.",
        "Write `]` where it ends, and `,` between its items.",
    ),
    (
        "mapping values are not allowed",
        False,
        "There is a `:` where no key can be.",
        "Put the text in quotes if it holds a colon; else look at the indentation.",
    ),
    (
        "block collection",
        False,
        "This line does not fit the list that begins on line {line}.",
        "Indent it like the lines it belongs to.",
    ),
    (
        "block mapping",
        False,
        "This does not fit the keys that begin on line {line}.",
        "Look at the indentation; put a text that holds quotes or begins with { or [ in quotes.",
    ),
    (
        "simple key",
        True,
        "This line is neither `key: value` nor part of a text.",
        "Write a key before it, or indent it under the text it belongs to.",
    ),
    (
        "cannot start any token",
        False,
        "A value cannot begin with this character, nor a line with a tab.",
        "Put the text in quotes; indent with spaces.",
    ),
    (
        "escape c",
        False,
        "What follows this `\\` makes no character.",
        "Write `\\\\` for a backslash itself.",
    ),
    (
        "scanning an alias",
        True,
        "A text that begins with `*` must be in quotes.",
        'Write for example "*bold* words".',
    ),
    (
        "scanning an anchor",
        True,
        "A text that begins with `&` must be in quotes.",
        'Write for example "& Co".',
    ),
    (
        "block scalar",
        False,
        "After `|` or `>` the text begins on the next line.",
        "Move it there, and indent it.",
    ),
)
"""What parsers say (a part of it), whether its beginning is the place, and what we say instead."""


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
        self._file = report.file
        self._here = Place(report.file, 1, 1)

    def compose(self, text: str) -> Node | None:
        """The one document. Whatever somebody else's parser raises becomes an Issue."""
        try:
            return self._compose(text)
        except yaml.MarkedYAMLError as error:
            raise self._unreadable(error) from error
        except _Unreadable:
            raise
        except Exception as error:
            what = "This is not valid YAML."
            todo = "Look at the escapes and quotes at and above this line."
            raise _Unreadable(self._here, "yaml", what, todo) from error

    def _compose(self, text: str) -> Node | None:
        """Built as events come, so that depth is refused before the parser goes any deeper."""
        root: Node | None = None
        documents = 0
        stack: list[tuple[Place, list[Node]]] = []
        for event in iter(LOADER(text).get_event, None):
            mark = event.start_mark
            self._here = here = Place(self._file, mark.line + 1, mark.column + 1)
            node: Node
            match event:
                case ScalarEvent():
                    node = self._scalar(event)
                case SequenceStartEvent() | MappingStartEvent():
                    self._refuse_extras(event)
                    if len(stack) >= DEEPEST:
                        raise _too_deep(here)
                    stack.append((here, []))
                    continue
                case SequenceEndEvent():
                    place, nodes = stack.pop()
                    node = Sequence(tuple(nodes), place)
                case MappingEndEvent():
                    place, nodes = stack.pop()
                    node = self._mapping(nodes, place)
                case AliasEvent():
                    what = f"`*{event.anchor}` is an alias."
                    self._issue("yaml_feature", what, "Write the value out.")
                    node = Scalar("", plain=False, place=here)
                case DocumentStartEvent():
                    documents += 1
                    self._refuse_directives(event, documents)
                    continue
                case _:
                    continue
            if stack:
                stack[-1][1].append(node)
            elif root is None:
                root = node
        return root

    def _unreadable(self, error: yaml.MarkedYAMLError) -> _Unreadable:
        """What a parser says about tokens, said about what an author sees."""
        problem = error.problem or "it cannot be parsed"
        said = f"{error.context or ''}: {problem}"
        at, began = error.problem_mark, error.context_mark or error.problem_mark
        line = began.line + 1 if began is not None else self._here.line
        for fragment, where_it_began, what, todo in MENDING:
            if fragment in said:
                mark = began if where_it_began else at
                return _Unreadable(self._place(mark), "yaml", what.format(line=line), todo)
        what = f"This is not valid YAML: {problem.splitlines()[0]}."
        todo = "Look at the indentation, quotes and colons at and above this line."
        return _Unreadable(self._place(at), "yaml", what, todo)

    def _place(self, mark: Mark | None) -> Place:
        return self._here if mark is None else Place(self._file, mark.line + 1, mark.column + 1)

    def _issue(self, rule: str, what: str, todo: str) -> None:
        self._report.add(self._here, rule, self._file, what, todo)

    def _refuse_directives(self, event: DocumentStartEvent, documents: int) -> None:
        if event.version or event.tags:
            self._issue("yaml_feature", "There is a `%` directive.", "Delete that line.")
        if documents > 1:
            what = "There is a second document (`---`) in this file."
            raise _Unreadable(self._here, "yaml_feature", what, "Remove it.")

    def _refuse_extras(self, event: ScalarEvent | SequenceStartEvent | MappingStartEvent) -> None:
        if event.anchor is not None:
            what = f"`&{event.anchor}` is an anchor."
            self._issue("yaml_feature", what, "Delete it and write values out where they are used.")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._issue("yaml_feature", f"`{tag}` is a tag.", "Delete it.")

    def _scalar(self, event: ScalarEvent) -> Scalar:
        if event.anchor is not None or event.tag is not None:
            self._refuse_extras(event)
        value = event.value
        if event.style == '"' and (wild := CONTROL.search(value)):
            what = f"An escape makes an invisible control character (U+{ord(wild.group()):04X})."
            self._issue("encoding", what, "Delete it.")
            value = CONTROL.sub("", value)
        return Scalar(value, not event.style, self._here)

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
