"""The files that are no flows: phrases, sources, danger rules (resources have a file of their own).

Reads entries into :class:`Parts`, where what the files of a folder say is gathered.
"""

import re
from dataclasses import dataclass, field
from typing import get_args

from .fields import Fields
from .model import (
    AlwaysOn,
    Confidence,
    DangerRule,
    DoorDef,
    Flow,
    Resource,
    Source,
    Text,
)
from .nodes import Mapping as MappingNode
from .nodes import Node, Report, Scalar
from .words import text_from

PHRASE_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
SOURCE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")

SOURCE_KEYS = (
    "id", "title", "author", "year", "publisher", "address", "seen", "confidence", "review_by",
    "supports", "note",
)  # fmt: skip
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)


PHRASE_KEYS = ("phrases", "charged", "never", "unheard", "faint", "alike", "sounds")
"""What stands in files of phrases: the phrases themselves, and lists of words by language."""


@dataclass(slots=True)
class Parts:
    """What has been read so far."""

    flows: list[Flow] = field(default_factory=list)
    phrases: list[Text] = field(default_factory=list)
    words: list[AlwaysOn] = field(default_factory=list)
    doors: list[DoorDef] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    danger: list[DangerRule] = field(default_factory=list)
    charged: dict[str, tuple[str, ...]] = field(default_factory=dict)
    never: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unheard: dict[str, tuple[str, ...]] = field(default_factory=dict)
    faint: dict[str, tuple[str, ...]] = field(default_factory=dict)
    alike: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sounds: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_phrases(root: Node, report: Report, parts: Parts) -> None:
    """Lines and labels, and the words that a locked phone, or no screen, may show."""
    fields = Fields(root, report.file, report, PHRASE_KEYS)
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
    said = (parts.unheard, parts.faint, parts.alike, parts.sounds)
    lists = (parts.charged, parts.never, *said)
    for listed, found in zip(PHRASE_KEYS[1:], lists, strict=True):
        by_language = Fields(fields.node(listed), listed, report, ())
        for key in by_language.keys():  # noqa: SIM118 - Fields is not a dict
            found[key.text] = tuple(word.text.lower() for word in by_language.words(key.text))


def _long_phrase(fields: Fields, key: Scalar) -> Text | None:
    required = fields.one_of("translated", ("required", "wanted"), "wanted") == "required"
    note = fields.text("note")
    text, one, other = fields.text("text"), fields.text("one"), fields.text("other")
    if bool(text) == bool(one or other) or bool(one) != bool(other):
        what = "A phrase has either `text`, or `one` and `other`."
        fields.issue(fields.place, "shape", what, "Write one of the two forms.")
        return None
    return Text(key.text, text or other, key.place, "phrase", one, required=required, note=note)


def read_sources(root: Node, report: Report, parts: Parts) -> None:
    """Where facts come from."""
    fields = Fields(root, report.file, report, ("sources",))
    for node in fields.sequence("sources"):
        inner = Fields(node, "sources", report, SOURCE_KEYS)
        name = inner.text("id")
        if not SOURCE_ID.fullmatch(name):
            what = f"`{name[:60]}` cannot be the id of a source."
            inner.issue(inner.place_of("id"), "bad_id", what, "Write for example `S12`.")
            continue
        inner.where = f"sources.{name}"
        if "title" not in inner:
            inner.missing("title", "Write what the publication is called.")
        confidence = inner.one_of("confidence", CONFIDENCES, "unverified")
        parts.sources.append(
            Source(
                id=name,
                place=inner.place_of("id"),
                title=inner.text("title"),
                author=inner.text("author"),
                year=inner.text("year"),
                publisher=inner.text("publisher"),
                address=inner.text("address"),
                seen=inner.day("seen"),
                confidence=next(each for each in CONFIDENCES if each == confidence),
                review_by=inner.day("review_by"),
                supports=inner.text("supports"),
            )
        )


def read_danger(root: Node, stem: str, report: Report, parts: Parts) -> None:
    """Danger rules of one language; the file is named after it."""
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
