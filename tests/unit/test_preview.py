"""Live preview: a saved file is what is served next, a broken one is told and never served."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import preview
from bot.core.events import Arrived, Began, Pressed
from bot.core.ids import Cause
from bot.core.session import Session, from_json
from bot.preview import Board, Preview
from bot.service.conversation import Conversation
from bot.service.editions import Editions
from bot.service.publishing import publish, read_input
from bot.store.protocol import Address, Store
from bot.store.sqlite import SqliteStore
from tests.survivor import ROOT

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HER = Address("survivor", 7)


@dataclass
class Stage:
    """A folder of flows that somebody edits, and the service that a survivor meets meanwhile."""

    folder: Path
    store: Store
    conversation: Conversation
    preview: Preview
    boards: list[Board] = field(default_factory=list)
    count: int = 0

    def edit(self, name: str, old: str, new: str) -> None:
        """Save a changed file."""
        path = self.folder / "flows" / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    async def her(self, value: str = "") -> Session:
        """What she does: /start, or a press on her screen."""
        self.count += 1
        loaded = await self.store.load(HER)
        token = loaded.state["screen"][1] if loaded.state else ""
        what = Pressed(f"1:{token}:{value}", "q", None) if value else Began(self.count)
        cause = Cause(f"update:survivor:{self.count}")
        await self.conversation.handle(
            Arrived(cause, "survivor", 7, f"seed{self.count:012d}", what)
        )
        return from_json((await self.store.load(HER)).state, None)

    def words(self, ctx: str) -> str:
        """A text as it is served."""
        return self.conversation.editions.newest.words.plain(ctx, "en")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The shipped flows in a folder of their own, published and served."""
    for name in ("flows", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name)
    store = await SqliteStore.open(
        f"sqlite:///{tmp_path / 'a.db'}",
        tmp_path / "a.keys",
        ids=iter(map(str, range(99))).__next__,
    )
    flows, locales = tmp_path / "flows", tmp_path / "locales"
    edition, _ = await publish(store, read_input(flows, locales), "US-NY", NOW)
    assert edition is not None
    served = Editions(edition)
    boards: list[Board] = []
    watching = Preview(
        flows, locales, "US-NY", store=store, served=served, clock=lambda: NOW, show=boards.append
    )
    conversation = Conversation(store, served, lambda: NOW, lambda *_: None)
    yield Stage(tmp_path, store, conversation, watching, boards)
    await store.close()


async def test_a_changed_sentence_is_served_and_named(stage: Stage) -> None:
    """She stays at her step, and her press on the screen of before still works."""
    await stage.her()
    stage.edit("needs.yaml", "What matters to you right now?", "What matters most to you?")
    board = await stage.preview.look()
    assert board.state == "good"
    assert board.changes[0].startswith("needs.what.say: “What matters to you right now?")
    assert stage.words("needs.what.say").startswith("What matters most to you?")
    assert (await stage.her("c0")).at == "needs.what"


async def test_a_broken_file_is_told_and_the_last_good_version_runs_on(stage: Stage) -> None:
    """Problems with their place; mending it makes them go."""
    stage.edit("needs.yaml", "\n    go: ways.start", "\n    go: ways.strat")
    board = await stage.preview.look()
    assert (board.state, board.sentence) == (
        "bad",
        "2 problems. The last good version keeps running.",
    )
    errors = [str(issue) for issue in board.problems if issue.severity == "error"]
    assert errors[0].endswith("There is no step or flow `ways.strat`. Did you mean `ways.start`?")
    assert errors[0].startswith("flows/needs.yaml:")
    assert (await stage.her()).at == "start.notice"
    stage.edit("needs.yaml", "\n    go: ways.strat", "\n    go: ways.start")
    assert (await stage.preview.look()).state == "good"


async def test_a_new_step_is_met_in_the_middle_of_a_flow(stage: Stage) -> None:
    """Her next touch shows her step anew, and from there the new one follows."""
    await stage.her()
    assert (await stage.her("c0")).at == "needs.what"
    stage.edit(
        "needs.yaml", "  - id: marked", "  - {id: extra, say: A new page here}\n  - id: marked"
    )
    assert (await stage.preview.look()).state == "good"
    assert (await stage.her("n")).at == "needs.what"
    assert (await stage.her("n")).at == "needs.extra"


async def test_a_removed_step_sends_her_to_its_heir_or_to_the_rescue(stage: Stage) -> None:
    """Nobody in the demo stands nowhere."""
    await stage.her()
    await stage.her("c0")
    text = (stage.folder / "flows/needs.yaml").read_text("utf-8")
    renamed = text.replace("  - id: what\n", "  - id: which\n")
    removed = renamed + "removed:\n  - {id: what, moved_to: which}\n"
    (stage.folder / "flows/needs.yaml").write_text(removed, "utf-8")
    for path in (stage.folder / "flows").glob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace("needs.what", "needs.which"), "utf-8")
    board = await stage.preview.look()
    assert board.state == "good", board.problems
    assert (await stage.her("n")).at == "needs.which"


async def until(condition) -> None:
    """Wait until something is so."""
    while not condition():  # noqa: ASYNC110 - what is waited for is a file on disk being read
        await asyncio.sleep(0.01)


async def test_only_what_stayed_the_same_for_two_looks_is_read(stage: Stage, monkeypatch) -> None:
    """An editor that saves in two steps is never caught in the middle."""
    monkeypatch.setattr(preview, "LOOK_EVERY", 0.01)
    task = asyncio.create_task(stage.preview.run())
    await asyncio.sleep(0.05)
    path = stage.folder / "flows" / "needs.yaml"
    whole = path.read_text("utf-8").replace("right now", "today")
    path.write_text(whole[: len(whole) // 2], "utf-8")
    path.write_text(whole, "utf-8")
    async with asyncio.timeout(20):
        await until(lambda: stage.words("needs.what.say").startswith("What matters to you today?"))
    path.unlink()
    async with asyncio.timeout(20):
        await until(lambda: stage.boards and stage.boards[-1].state == "bad")
    path.write_text(whole, "utf-8")
    async with asyncio.timeout(20):
        await until(lambda: stage.boards[-1].state == "good")
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_what_an_editor_leaves_beside_a_file_is_not_read(stage: Stage) -> None:
    """A lock that points nowhere stops neither the preview nor publishing."""
    (stage.folder / "flows" / ".#needs.yaml").symlink_to("kim@desk.4711")
    stage.edit("needs.yaml", "What matters to you right now?", "What matters most to you?")
    assert (await stage.preview.look()).state == "good"
    assert stage.words("needs.what.say").startswith("What matters most to you?")
    names = read_input(stage.folder / "flows", stage.folder / "locales")
    assert not [name for name in names if "#" in name]


async def test_a_save_between_checking_and_reading_is_never_served_unchecked(stage: Stage) -> None:
    """What is served was checked as the very bytes that are served."""
    check = stage.preview.checker.check

    def then_saved_again():
        issues = check()
        stage.edit("needs.yaml", "go: ways.start", "go: ways.strat")
        return issues

    stage.preview.checker.check = then_saved_again
    board = await stage.preview.look()
    assert board.state == "bad"
    assert any(issue.rule == "unknown_target" for issue in board.problems)
    assert "needs.what" in stage.conversation.editions.newest.library.steps
    assert "ways.strat" not in str(stage.conversation.editions.newest.library.steps["needs.marked"])


async def test_trouble_is_told_and_the_watching_goes_on(stage: Stage, monkeypatch) -> None:
    """A disk or a database that fails ends neither the demo nor the next look."""
    monkeypatch.setattr(preview, "LOOK_EVERY", 0.01)
    task = asyncio.create_task(stage.preview.run())
    await asyncio.sleep(0.05)
    await stage.store.close()
    for words in ("What matters most?", "What matters today?"):
        stage.boards.clear()
        path = stage.folder / "flows" / "needs.yaml"
        path.write_text(path.read_text("utf-8").replace("What matters", words, 1), "utf-8")
        async with asyncio.timeout(20):
            await until(lambda: stage.boards)
        assert stage.boards[-1].state == "bad"
        assert stage.boards[-1].sentence.endswith(
            "The last good version keeps running. Save again to retry."
        )
    assert not task.done()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
