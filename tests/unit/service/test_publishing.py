"""Published input: what belongs to it, how it is known, and which edition serves whom."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.core.session import Session
from bot.service.editions import Editions, build
from bot.service.publishing import digest, editions, publish, read_input
from bot.store.protocol import Release, Version
from tests.survivor import ROOT, shipped, small

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


class Shelf:
    """The part of a store that keeps published versions."""

    def __init__(self) -> None:
        self.kept: list[Version] = []

    async def publish(self, version: Version, release: Release | None = None) -> None:
        self.kept.append(version)

    async def current_version(self) -> Version | None:
        return self.kept[-1] if self.kept else None

    async def versions_in_use(self) -> tuple[Version, ...]:
        return tuple(self.kept)


def test_input_is_flows_and_catalogues_without_tests_and_templates(tmp_path: Path) -> None:
    """Names are relative, so two machines with equal files have equal versions."""
    flows, locales = tmp_path / "f", tmp_path / "l"
    for path in (flows / "danger", locales / "es" / "LC_MESSAGES"):
        path.mkdir(parents=True)
    for name in ("a.yaml", "a.tests.yaml", "notes.md", "danger/en.yaml"):
        (flows / name).write_text(name)
    (locales / "messages.pot").write_text("template")
    (locales / "es" / "LC_MESSAGES" / "messages.po").write_text("po")
    found = read_input(flows, locales)
    assert found == {
        "flows/a.yaml": b"a.yaml",
        "flows/danger/en.yaml": b"danger/en.yaml",
        "locales/es/LC_MESSAGES/messages.po": b"po",
    }


def test_a_version_is_known_by_names_and_contents() -> None:
    """Moving a byte from one file into the next, or a name, is another version."""
    one = digest({"a": b"xy", "b": b""})
    assert one == digest({"b": b"", "a": b"xy"})
    assert len({one, digest({"a": b"x", "b": b"y"}), digest({"ab": b"xy"}), digest({})}) == 4


async def test_files_with_errors_are_not_published() -> None:
    """The reasons come back, the shelf stays as it was."""
    files = dict(read_input(ROOT / "flows", ROOT / "locales"))
    files["flows/ways.yaml"] = files["flows/ways.yaml"].replace(b"court.what", b"court.nowhere")
    shelf = Shelf()
    edition, issues = await publish(shelf, files, "US-NY", NOW)
    assert edition is None
    assert "flows/ways.yaml" in {i.place.file for i in issues if i.severity == "error"}
    assert shelf.kept == []


async def test_the_shipped_flows_can_be_published() -> None:
    """The whole input is kept, by its hash and its structure."""
    files = read_input(ROOT / "flows", ROOT / "locales")
    shelf = Shelf()
    edition, issues = await publish(shelf, files, "US-NY", NOW)
    assert edition is not None, issues
    (version,) = shelf.kept
    assert (version.hash, version.files, version.published_at) == (digest(files), files, NOW)
    assert version.structure == edition.rules.structure


OTHER = "steps:\n  - {id: notice, say: Other., go: extra}\n  - {id: extra, say: Extra., end: yes}\n"


async def test_older_structures_serve_who_stands_in_them_with_the_newest_words() -> None:
    """A session keeps its structure; a step that the newest lacks still has its words."""
    old, new = small(start=OTHER), shipped()
    both = Editions(new, {old.rules.structure: old})
    session = Session(old.rules.structure, "start.extra", "en", "seed")
    assert both.rules_for(session) is old.rules
    assert both.screens_for(session) is old.screens
    assert both.screens_for(replace(session, at="start.notice")) is new.screens
    lost = replace(session, structure="a structure nobody knows")
    assert both.rules_for(lost) is new.rules


async def test_versions_in_use_are_read_once_a_structure() -> None:
    """Two versions that differ in words only are one structure, and the newest serves it."""
    files = dict(read_input(ROOT / "flows", ROOT / "locales"))
    newest, _ = build(files, "US-NY", checked=True)
    assert newest is not None
    reworded = {
        **files,
        "flows/ways.yaml": files["flows/ways.yaml"].replace(b"any order", b"any row"),
    }
    shelf = Shelf()
    for number, input_ in enumerate((reworded, files)):
        await shelf.publish(Version(str(number), newest.rules.structure, NOW, input_))
    served = await editions(shelf, newest, "US-NY")
    assert (served.newest, served.older) == (newest, {})
