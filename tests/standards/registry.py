"""The register of outside criteria: which there are, what each asks, and what shows that it is met.

Reads ``criteria.yaml`` strictly and looks up what it names. Judges nothing: whether a criterion is
met is said there by a person, and held to by the tests that the entry names.
"""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

import yaml

from tests.survivor import ROOT, shipped

HERE: Final = Path(__file__).parent
FILE: Final = HERE / "criteria.yaml"
State = Literal["met", "not_met", "not_applicable"]
Known = Literal["original", "copy", "memory", "ours"]
"""How the wording of a criterion is known: read at its publisher, in a copy, not read again for
this project, or added by this project to a source that asks for less."""


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that criteria come from."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One requirement. ``by``: tests (with ``::``) and screens or lines that show it."""

    id: str
    family: str
    says: str
    source: Source
    known: Known
    state: State
    by: tuple[str, ...] = ()
    why: str = ""

    @property
    def slug(self) -> str:
        """The id as it stands in the name of a test: ``ipdas_c1``."""
        return slug(self.id)

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests that it names."""
        return tuple(name for name in self.by if "::" in name)

    @property
    def screens(self) -> tuple[str, ...]:
        """The screens and lines that it names."""
        return tuple(name for name in self.by if "::" not in name)


def slug(criterion: str) -> str:
    """``GDPR-15/20`` -> ``gdpr_15_20``."""
    return re.sub(r"[^a-z0-9]+", "_", criterion.lower())


@cache
def criteria() -> tuple[Criterion, ...]:
    """All of them, in the order of the file. Raises ValueError for an entry with a stray key."""
    read: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    sources = {name: Source(**entry) for name, entry in read["sources"].items()}
    return tuple(
        _criterion(entry, family["family"], sources)
        for family in read["families"]
        for entry in family["criteria"]
    )


def _criterion(entry: dict[str, Any], family: str, sources: dict[str, Source]) -> Criterion:
    known = {"id", "says", "source", "known", "state", "by", "why"}
    if set(entry) - known or entry["state"] not in get_args(State):
        msg = f"{entry['id']}: a key or a state that nobody knows."
        raise ValueError(msg)
    return Criterion(
        id=entry["id"],
        family=family,
        says=entry["says"],
        source=sources[entry["source"]],
        known=entry.get("known", "original"),
        state=entry["state"],
        by=tuple(entry.get("by", ())),
        why=entry.get("why", ""),
    )


@cache
def tests_in(file: str) -> frozenset[str]:
    """The names of the tests of one file, and of its classes of tests."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    defined = ast.parse(path.read_text("utf-8")).body
    names = (node.name for node in defined if isinstance(node, kinds))
    return frozenset(name for name in names if name.startswith(("test_", "Test")))


def is_a_test(name: str) -> bool:
    """Whether there is a test of that id."""
    file, _, test = name.partition("::")
    return test in tests_in(file)


def is_shown(name: str) -> bool:
    """Whether there is a screen of that id, or a line with that path."""
    library = shipped().library
    return name in library.steps or name in library.texts


def own_tests() -> tuple[str, ...]:
    """Every test of this folder, as an id."""
    files = sorted(HERE.glob("test_*.py"))
    names = (path.relative_to(ROOT).as_posix() for path in files)
    return tuple(f"{name}::{test}" for name in names for test in sorted(tests_in(name)))
