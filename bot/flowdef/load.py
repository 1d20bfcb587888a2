"""From a folder, or from published bytes, to one Library and every Issue found on the way.

Decides which file is what and puts the parts together. Never raises for what files contain; reading
the same bytes again gives the same Library, which is how published versions come back from the
database.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.ids import StepId

from .fields import Fields
from .model import (
    ALWAYS,
    ALWAYS_ON,
    DOORS,
    AlwaysOn,
    DangerRule,
    DoorDef,
    Flow,
    Issue,
    Library,
    Place,
    Resource,
    StepDef,
    Text,
)
from .nodes import LARGEST_FILE, Node, Report, Scalar, read
from .nodes import Mapping as MappingNode
from .steps import read_steps, text_from, text_of

PHRASE_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
RESOURCE_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
RULES = (
    "file", "file_size", "file_kind", "flow_name", "encoding", "nesting", "yaml", "yaml_feature",
    "duplicate_key", "unknown_key", "missing_key", "shape", "empty", "bare_flag", "bad_id",
    "bad_value", "kind", "unknown_verb", "duplicate_id",
)  # fmt: skip
"""Every rule that loading itself reports; the others are named after their check."""

FLOW_KEYS = ("flow", "title", "review", "steps", "words", "doors", "note")
RESOURCE_KEYS = (
    "id", "name", "region", "phone", "sms", "web", "hours", "kind", "languages", "source",
    "verified", "note",
)  # fmt: skip


@dataclass(slots=True)
class _Parts:
    """What has been read so far."""

    flows: list[Flow] = field(default_factory=list)
    phrases: list[Text] = field(default_factory=list)
    words: list[AlwaysOn] = field(default_factory=list)
    doors: list[DoorDef] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    danger: list[DangerRule] = field(default_factory=list)
    charged: dict[str, tuple[str, ...]] = field(default_factory=dict)


def load(folder: Path) -> tuple[Library, tuple[Issue, ...]]:
    """Read every flow file of a folder: what could be read, and the Issues by place."""
    files: dict[str, bytes] = {}
    issues: list[Issue] = []
    for path in _wanted(folder):
        name = path.relative_to(folder).as_posix()
        try:
            with path.open("rb") as opened:
                files[name] = opened.read(LARGEST_FILE + 1)
        except OSError as error:
            at = Place(f"{folder.name}/{name}", 1, 1)
            what = f"The file cannot be read ({error.strerror})."
            issues.append(Issue(at, "file", name, what, "Look at its permissions."))
    if not files:
        what = "There is no flow file in this folder."
        at = Place(folder.name, 1, 1)
        issues.append(Issue(at, "file", folder.name, what, "Look at WAYMARK_FLOWS."))
    library, found = load_files(files, folder=folder.name)
    return library, tuple(sorted((*issues, *found), key=_order))


def load_files(
    files: Mapping[str, bytes], *, folder: str = "flows"
) -> tuple[Library, tuple[Issue, ...]]:
    """Read named bytes. Names are as in a flows folder: ``ways.yaml``, ``danger/en.yaml``."""
    parts = _Parts()
    issues: list[Issue] = []
    for name, data in sorted(files.items()):
        report = Report(f"{folder}/{name}")
        _read_file(name, data, report, parts)
        issues += report.issues
    library, found = _together(parts, files)
    return library, tuple(sorted((*issues, *found), key=_order))


def _order(issue: Issue) -> tuple[Place, str, str]:
    return issue.place, issue.rule, issue.what


def _wanted(folder: Path) -> list[Path]:
    paths = sorted((*folder.glob("*.yaml"), *folder.glob("danger/*.yaml")))
    return [
        path
        for path in paths
        if not path.name.startswith(".") and not path.name.endswith(".tests.yaml")
    ]


def _read_file(name: str, data: bytes, report: Report, parts: _Parts) -> None:
    root = read(data, report)
    if root is None:
        if not report.issues:
            at = Place(report.file, 1, 1)
            report.add(at, "empty", report.file, "The file is empty.", "Write it or delete it.")
        return
    keys = [key.text for key, _ in root.entries] if isinstance(root, MappingNode) else []
    stem = name.rsplit("/", 1)[-1].removesuffix(".yaml")
    if name.startswith("danger/"):
        _read_danger(root, stem, report, parts)
    elif "flow" in keys or "steps" in keys:
        _read_flow(root, stem, report, parts)
    elif "phrases" in keys or "charged" in keys:
        _read_phrases(root, report, parts)
    elif "resources" in keys:
        _read_resources(root, report, parts)
    else:
        what = "This is neither a flow nor phrases nor resources."
        todo = "Begin the file with `flow:`, `phrases:` or `resources:`."
        report.add(root.place, "file_kind", report.file, what, todo)


def _read_flow(root: Node, stem: str, report: Report, parts: _Parts) -> None:
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
    if "review" in fields:
        Fields(fields.node("review"), flow, report, ("by", "jurisdiction", "on", "until"))
    title = text_of(fields, "title", f"{flow}.title", "name", note=fields.text("note"))
    parts.flows.append(Flow(flow, fields.place_of("flow"), title, steps))
    if flow == ALWAYS:
        _read_words(fields, report, parts)
        _read_doors(fields, report, parts)
    else:
        for key in ("words", "doors"):
            if key in fields:
                what = f"`{key}` belongs to the flow `{ALWAYS}`."
                fields.issue(fields.place_of(key), "kind", what, "Move it to always.yaml.")


def _read_words(fields: Fields, report: Report, parts: _Parts) -> None:
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


def _read_doors(fields: Fields, report: Report, parts: _Parts) -> None:
    inner = Fields(fields.node("doors"), f"{ALWAYS}.doors", report, DOORS)
    for key in inner.keys():  # noqa: SIM118 - Fields is not a dict
        target = inner.text(key.text)
        if target:
            parts.doors.append(DoorDef(key.text, target, key.place))


def _read_phrases(root: Node, report: Report, parts: _Parts) -> None:
    fields = Fields(root, report.file, report, ("phrases", "charged"))
    known = ("text", "one", "other", "translated", "note")
    inner = Fields(fields.node("phrases"), report.file, report, ())
    for key in inner.keys():  # noqa: SIM118 - Fields is not a dict
        if not PHRASE_ID.fullmatch(key.text):
            what = f"`{key.text[:60]}` cannot be the id of a phrase."
            todo = "Write for example `desk.queue_empty`."
            report.add(key.place, "bad_id", key.text[:60], what, todo)
            continue
        inner.where = key.text
        node = inner.node(key.text)
        if isinstance(node, MappingNode):
            phrase = _long_phrase(Fields(node, key.text, report, known), key)
        else:
            phrase = text_from(inner.scalar(key.text), key.text, "phrase")
        if phrase is not None:
            parts.phrases.append(phrase)
    charged = Fields(fields.node("charged"), "charged", report, ())
    for key in charged.keys():  # noqa: SIM118 - Fields is not a dict
        parts.charged[key.text] = tuple(word.text.lower() for word in charged.words(key.text))


def _long_phrase(fields: Fields, key: Scalar) -> Text | None:
    required = fields.one_of("translated", ("required", "wanted"), "wanted") == "required"
    note = fields.text("note")
    text, one, other = fields.text("text"), fields.text("one"), fields.text("other")
    if bool(text) == bool(one or other) or bool(one) != bool(other):
        what = "A phrase has either `text`, or `one` and `other`."
        fields.issue(fields.place, "shape", what, "Write one of the two forms.")
        return None
    return Text(key.text, text or other, key.place, "phrase", one, required=required, note=note)


def _read_resources(root: Node, report: Report, parts: _Parts) -> None:
    fields = Fields(root, report.file, report, ("resources",))
    for node in fields.sequence("resources"):
        inner = Fields(node, "resources", report, RESOURCE_KEYS)
        name = inner.text("id")
        if not RESOURCE_ID.fullmatch(name):
            what = f"`{name[:60]}` cannot be the id of a resource."
            inner.issue(inner.place_of("id"), "bad_id", what, "Write for example `us-911`.")
            continue
        ctx = f"resources.{name}"
        inner.where = ctx
        label = text_of(inner, "name", f"{ctx}.name", "name")
        if label is None:
            if "name" not in inner:
                inner.missing("name", "Write what people call it.")
            continue
        always_open = inner.text("hours") == "24/7"
        parts.resources.append(
            Resource(
                id=name,
                place=inner.place_of("id"),
                name=label,
                region=inner.text("region"),
                phone=inner.text("phone"),
                sms=inner.text("sms"),
                web=inner.text("web"),
                always_open=always_open,
                hours=None if always_open else text_of(inner, "hours", f"{ctx}.hours", "phrase"),
                note=text_of(inner, "note", f"{ctx}.note", "phrase"),
                kinds=tuple(kind.text for kind in inner.words("kind")),
                languages=tuple(language.text for language in inner.words("languages")),
                source=inner.text("source"),
                verified=inner.text("verified"),
            )
        )


def _read_danger(root: Node, stem: str, report: Report, parts: _Parts) -> None:
    fields = Fields(root, f"danger.{stem}", report, ("language", "rules"))
    language = fields.text("language") or stem
    if language != stem or not LANGUAGE.fullmatch(language):
        what = f"The language `{language[:40]}` stands in a file named `{stem[:40]}.yaml`."
        fields.issue(fields.place_of("language"), "flow_name", what, "Name the file after it.")
    for node in fields.sequence("rules"):
        inner = Fields(node, fields.where, report, ("id", "phrases", "not_when", "note"))
        name = inner.id("id")
        inner.where = f"{fields.where}.{name}"
        phrases = tuple(phrase.text for phrase in inner.words("phrases"))
        if not name or not phrases:
            inner.issue(
                inner.place,
                "empty",
                "The rule has no id or no phrases.",
                "Write both or delete it.",
            )
            continue
        not_when = tuple(phrase.text for phrase in inner.words("not_when"))
        parts.danger.append(DangerRule(name, language, inner.place_of("id"), phrases, not_when))


def _together(parts: _Parts, files: Mapping[str, bytes]) -> tuple[Library, list[Issue]]:
    issues: list[Issue] = []
    steps: dict[StepId, StepDef] = {}
    saved: dict[str, list[StepDef]] = {}
    for flow in parts.flows:
        for step in flow.steps:
            steps.setdefault(step.id, step)
            if step.save:
                saved.setdefault(step.save, []).append(step)
    texts: dict[str, Text] = {}
    for text in _texts(parts):
        if text.ctx in texts:
            first = texts[text.ctx].place
            what = f"The text `{text.ctx}` is already in {first.file}, line {first.line}."
            todo = "Keep one of the two."
            issues.append(Issue(text.place, "duplicate_id", text.ctx, what, todo))
        texts.setdefault(text.ctx, text)
    return (
        Library(
            flows=tuple(parts.flows),
            phrases=tuple(parts.phrases),
            words=tuple(parts.words),
            doors=tuple(parts.doors),
            resources=tuple(parts.resources),
            danger=tuple(parts.danger),
            charged=parts.charged,
            files=dict(files),
            texts=texts,
            steps=steps,
            saved={name: tuple(found) for name, found in saved.items()},
        ),
        issues,
    )


def _texts(parts: _Parts) -> Iterable[Text]:
    """Every text, in the order a translator should meet them."""
    for flow in parts.flows:
        if flow.title is not None:
            yield flow.title
        for step in flow.steps:
            yield from (text for text in (step.say, step.next) if text is not None)
            yield from (choice.text for choice in step.choices)
    for word in parts.words:
        yield from (text for text in (word.text, word.also) if text is not None)
    yield from parts.phrases
    for resource in parts.resources:
        found = (resource.name, resource.hours, resource.note)
        yield from (text for text in found if text is not None)
