"""From a folder, or from published bytes, to one Library and every Issue found on the way.

Decides which file is what and puts the parts together. Never raises for what files contain; reading
the same bytes again gives the same Library, which is how published versions come back from the
database.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bot.core.ids import StepId

from .fields import Fields
from .model import (
    ALWAYS,
    ALWAYS_ON,
    DOORS,
    AlwaysOn,
    DoorDef,
    Flow,
    Issue,
    Library,
    Place,
    Removed,
    Review,
    Source,
    StepDef,
    Text,
)
from .nodes import LARGEST_FILE, Node, Report, read
from .nodes import Mapping as MappingNode
from .registers import PHRASE_KEYS, Parts, read_danger, read_phrases, read_sources
from .resources import read_resources
from .steps import read_steps
from .words import text_of

RULES = (
    "file", "file_size", "file_kind", "flow_name", "encoding", "nesting", "yaml", "yaml_feature",
    "duplicate_key", "unknown_key", "missing_key", "shape", "empty", "bare_flag", "bad_id",
    "bad_value", "kind", "unknown_verb", "duplicate_id",
)  # fmt: skip
"""Every rule that loading itself reports; the others are named after their check."""

FLOW_KEYS = (
    "flow", "title", "review", "parallel", "steps", "removed", "words", "doors", "note",
)  # fmt: skip


def load(folder: Path) -> tuple[Library, tuple[Issue, ...]]:
    """Read every flow file of a folder: what could be read, and the Issues by place."""
    return FlowReader().load(folder)


def load_files(
    files: Mapping[str, bytes], *, folder: str = "flows"
) -> tuple[Library, tuple[Issue, ...]]:
    """Read named bytes. Names are as in a flows folder: ``ways.yaml``, ``danger/en.yaml``."""
    return FlowReader().load_files(files, folder=folder)


@dataclass(frozen=True, slots=True)
class _Read:
    """What one file said, kept as long as its bytes stay the same. ``parts`` is never changed."""

    data: bytes
    parts: Parts
    issues: tuple[Issue, ...]


class FlowReader:
    """Reads flow files, and reads again only those whose bytes have changed since the last time.

    What has not changed comes back as the very same objects, so that later work can be kept too.
    """

    def __init__(self) -> None:
        self._read: dict[str, _Read] = {}

    def load(self, folder: Path) -> tuple[Library, tuple[Issue, ...]]:
        """As the function ``load``."""
        files: dict[str, bytes] = {}
        issues: list[Issue] = []
        for path in flow_files(folder):
            name = path.relative_to(folder).as_posix()
            try:
                with path.open("rb") as opened:
                    files[name] = opened.read(LARGEST_FILE + 1)
            except OSError as error:
                at = Place(f"{folder.name}/{name}", 1, 1)
                what = f"The file cannot be read ({error.strerror})."
                issues.append(Issue(at, "file", name, what, "Look at its permissions."))
        for path in _passed_over(folder):
            name = path.relative_to(folder).as_posix()
            what = "This file is not read: it has another ending, or lies in a folder of its own."
            todo = "Let its name end in `.yaml`, and put it beside the other flows."
            at = Place(f"{folder.name}/{name}", 1, 1)
            issues.append(Issue(at, "file", name, what, todo, "warning"))
        if not files:
            what = "There is no flow file in this folder."
            at = Place(folder.name, 1, 1)
            issues.append(Issue(at, "file", folder.name, what, "Look at WAYMARK_FLOWS."))
        library, found = self.load_files(files, folder=folder.name)
        return library, tuple(sorted((*issues, *found), key=_order))

    def load_files(
        self, files: Mapping[str, bytes], *, folder: str = "flows"
    ) -> tuple[Library, tuple[Issue, ...]]:
        """As the function ``load_files``."""
        before, self._read = self._read, {}
        for name, data in sorted(files.items()):
            path = f"{folder}/{name}"
            known = before.get(path)
            if known is None or known.data != data:
                report, parts = Report(path), Parts()
                _read_file(name, data, report, parts)
                known = _Read(data, parts, tuple(report.issues))
            self._read[path] = known
        issues = [issue for read in self._read.values() for issue in read.issues]
        library, found = _together(_joined(read.parts for read in self._read.values()), files)
        return library, tuple(sorted((*issues, *found), key=_order))


def _joined(all_parts: Iterable[Parts]) -> Parts:
    """The parts of all files as one, in the order of the files."""
    joined = Parts()
    for parts in all_parts:
        for each in dataclasses.fields(Parts):
            whole, part = getattr(joined, each.name), getattr(parts, each.name)
            if isinstance(whole, dict):
                whole.update(part)
            else:
                whole.extend(part)
    return joined


def _order(issue: Issue) -> tuple[Place, str, str]:
    return issue.place, issue.rule, issue.what


def flow_files(folder: Path) -> tuple[Path, ...]:
    """The files of a folder that are read, watched and published: this list, and no other.

    What an editor leaves there while it works (``.#needs.yaml``) and scenarios do not belong to it.
    """
    paths = sorted((*folder.glob("*.yaml"), *folder.glob("danger/*.yaml")))
    return tuple(
        path
        for path in paths
        if not path.name.startswith(".") and not path.name.endswith(".tests.yaml")
    )


def _passed_over(folder: Path) -> list[Path]:
    """What somebody may take for a flow file, and nobody reads."""
    read = set(flow_files(folder))
    found = sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml")))
    return [
        path
        for path in found
        if path not in read and not path.name.startswith(".") and ".tests." not in path.name
    ]


def _read_file(name: str, data: bytes, report: Report, parts: Parts) -> None:
    root = read(data, report)
    if root is None:
        if not report.issues:
            at = Place(report.file, 1, 1)
            report.add(at, "empty", report.file, "The file is empty.", "Write it or delete it.")
        return
    keys = [key.text for key, _ in root.entries] if isinstance(root, MappingNode) else []
    stem = name.rsplit("/", 1)[-1].removesuffix(".yaml")
    if name.startswith("danger/"):
        read_danger(root, stem, report, parts)
    elif "flow" in keys or "steps" in keys:
        _read_flow(root, stem, report, parts)
    elif not set(PHRASE_KEYS).isdisjoint(keys):
        read_phrases(root, report, parts)
    elif "resources" in keys:
        read_resources(root, report, parts)
    elif "sources" in keys:
        read_sources(root, report, parts)
    else:
        what = "This is neither a flow nor phrases, resources or sources."
        todo = "Begin the file with `flow:`, `phrases:`, `resources:` or `sources:`."
        report.add(root.place, "file_kind", report.file, what, todo)


def _read_flow(root: Node, stem: str, report: Report, parts: Parts) -> None:
    fields = Fields(root, stem, report, FLOW_KEYS)
    flow = fields.id("flow") or stem
    fields.where = flow
    if flow != stem:
        what = f"The flow `{flow}` stands in a file named `{stem}.yaml`."
        fields.issue(fields.place_of("flow"), "flow_name", what, f"Name the file `{flow}.yaml`.")
    steps = read_steps(fields.node("steps"), flow, report)
    fields.sequence("steps")
    if not steps:
        fields.missing("steps", "Write at least one step.")
    title = text_of(fields, "title", f"{flow}.title", "name", note=fields.text("note"))
    parts.flows.append(
        Flow(
            flow,
            fields.place_of("flow"),
            title,
            steps,
            _review(fields),
            _removed(fields, flow),
            fields.id("parallel"),
        )
    )
    if flow == ALWAYS:
        _read_words(fields, report, parts)
        _read_doors(fields, report, parts)
    else:
        for key in ("words", "doors"):
            if key in fields:
                what = f"`{key}` belongs to the flow `{ALWAYS}`."
                fields.issue(fields.place_of(key), "kind", what, "Move it to always.yaml.")


def _review(fields: Fields) -> Review | None:
    if "review" not in fields:
        return None
    known = ("by", "jurisdiction", "on", "until")
    inner = Fields(fields.node("review"), fields.where, fields.report, known)
    place = inner.place_of("until")
    return Review(
        place, inner.text("by"), inner.text("jurisdiction"), inner.day("on"), inner.day("until")
    )


def _removed(fields: Fields, flow: str) -> tuple[Removed, ...]:
    """Steps that are gone, each with where its people go, or `finish: yes`."""
    found: dict[StepId, Removed] = {}
    for node in fields.sequence("removed"):
        inner = Fields(node, f"{flow}.removed", fields.report, ("id", "moved_to", "finish", "note"))
        name = inner.text("id")
        if not name:
            inner.missing("id", "Write the id of the step that is gone.")
            continue
        step_id = StepId(name if "." in name else f"{flow}.{name}")
        inner.where = step_id
        target = inner.text("moved_to")
        if bool(target) == inner.flag("finish"):
            what = (
                "A removed step says where its people go, or that they finish on the old version."
            )
            todo = "Write either `moved_to:` with a step, or `finish: yes`."
            inner.issue(inner.place_of("id"), "missing_key", what, todo)
        elif step_id in found:
            what = f"The step `{step_id}` is removed twice."
            inner.issue(inner.place_of("id"), "duplicate_id", what, "Keep one of the two.")
        else:
            found[step_id] = Removed(step_id, flow, inner.place_of("id"), target)
    return tuple(found.values())


def _read_words(fields: Fields, report: Report, parts: Parts) -> None:
    for node in fields.sequence("words"):
        inner = Fields(node, f"{ALWAYS}.words", report, ("id", "text", "also", "note"))
        name = inner.one_of("id", ALWAYS_ON)
        ctx = f"{ALWAYS}.words.{name}"
        text = text_of(inner, "text", ctx, "label", required=True, note=inner.text("note"))
        if not name or text is None:
            if "text" not in inner:
                inner.missing("text", "Write the words of the button.")
            continue
        also = text_of(inner, "also", f"{ctx}.also", "synonyms")
        parts.words.append(AlwaysOn(name, text, also, inner.place_of("id")))


def _read_doors(fields: Fields, report: Report, parts: Parts) -> None:
    inner = Fields(fields.node("doors"), f"{ALWAYS}.doors", report, DOORS)
    for key in inner.keys():  # noqa: SIM118 - Fields is not a dict
        target = inner.text(key.text)
        if target:
            parts.doors.append(DoorDef(key.text, target, key.place))


def _together(parts: Parts, files: Mapping[str, bytes]) -> tuple[Library, list[Issue]]:
    issues: list[Issue] = []
    steps: dict[StepId, StepDef] = {}
    saved: dict[str, list[StepDef]] = {}
    for flow in parts.flows:
        for step in flow.steps:
            steps.setdefault(step.id, step)
            if step.save:
                saved.setdefault(step.save, []).append(step)
    sources: dict[str, Source] = {}
    for source in parts.sources:
        if source.id in sources:
            first = sources[source.id].place
            what = f"The source `{source.id}` is already in {first.file}, line {first.line}."
            where = f"sources.{source.id}"
            issues.append(Issue(source.place, "duplicate_id", where, what, "Keep one of the two."))
        sources.setdefault(source.id, source)
    removed: dict[StepId, Removed] = {}
    for gone in (gone for flow in parts.flows for gone in flow.removed):
        if gone.id in removed:
            first = removed[gone.id].place
            what = f"`{gone.id}` is already removed in {first.file}, line {first.line}."
            issues.append(Issue(gone.place, "duplicate_id", gone.id, what, "Keep one of the two."))
        removed.setdefault(gone.id, gone)
    texts: dict[str, Text] = {}
    for text in _texts(parts):
        if text.ctx in texts:
            first = texts[text.ctx].place
            what = f"The text `{text.ctx}` is already in {first.file}, line {first.line}."
            todo = "Keep one of the two."
            issues.append(Issue(text.place, "duplicate_id", text.ctx, what, todo))
        texts.setdefault(text.ctx, text)
    after: dict[StepId, StepId] = {}
    by_name: dict[str, Flow] = {}
    for flow in parts.flows:
        by_name.setdefault(flow.id, flow)
        for step, follows in pairwise(flow.steps):
            after.setdefault(step.id, follows.id)
    return (
        Library(
            flows=tuple(parts.flows),
            by_name=by_name,
            phrases=tuple(parts.phrases),
            words=tuple(parts.words),
            doors=tuple(parts.doors),
            resources=tuple(parts.resources),
            sources=sources,
            removed=removed,
            danger=tuple(parts.danger),
            charged=parts.charged,
            never=parts.never,
            unheard=parts.unheard,
            faint=parts.faint,
            alike=parts.alike,
            sounds=parts.sounds,
            files=dict(files),
            texts=texts,
            steps=steps,
            after=after,
            saved={name: tuple(found) for name, found in saved.items()},
        ),
        issues,
    )


def _texts(parts: Parts) -> Iterable[Text]:
    """Every text, in the order a translator should meet them."""
    for flow in parts.flows:
        if flow.title is not None:
            yield flow.title
        for step in flow.steps:
            yield from (
                text for text in (step.say, step.next, step.help, step.asked) if text is not None
            )
            yield from (choice.text for choice in step.choices)
            rows = step.compare.rows if step.compare is not None else ()
            yield from (cell.text for row in rows for cell in row.cells)
    for word in parts.words:
        yield from (text for text in (word.text, word.also) if text is not None)
    yield from parts.phrases
    for resource in parts.resources:
        found = (resource.name, resource.hours, resource.note, resource.caution)
        yield from (text for text in found if text is not None)
