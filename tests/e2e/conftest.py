"""What the end-to-end tests stand on: a running play with both bots, and the people in it."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
import uvicorn

import bot.app
import bot.service.publishing
from bot.flowdef.model import Issue
from bot.service.editions import Edition, build
from tests.e2e.phones import Phone
from tests.e2e.stage import Somebody, Stage, staged

SAM_ID = 48_151_600_001
KIM_ID = 48_151_600_003


_Built = tuple[Edition | None, tuple[Issue, ...]]


@cache
def _built(files: tuple[tuple[str, bytes], ...], home: str, *, checked: bool) -> _Built:
    return build(dict(files), home, checked=checked)


def _build(files: Mapping[str, bytes], home: str, *, checked: bool = False) -> _Built:
    return _built(tuple(sorted(files.items())), home, checked=checked)


async def _look_often(server: uvicorn.Server) -> None:
    """Uvicorn's own loop looks ten times a second whether it should end; two servers end a test."""
    ticks = 0
    while not await server.on_tick(ticks):
        ticks = (ticks + 1) % 10
        await asyncio.sleep(0.01)


@pytest.fixture(autouse=True, scope="module")
def _quickly() -> Iterator[None]:
    """Editions are immutable, and reading the flows costs more than most of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uvicorn.Server, "main_loop", _look_often)
        patch.setattr(bot.app, "build", _build)
        patch.setattr(bot.service.publishing, "build", _build)
        yield


@pytest.fixture
async def closed_stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The play with everybody in place, before the program is started."""
    folder = tmp_path / "waymark"
    folder.mkdir()
    async with staged(folder, WAYMARK_LEADS=f"{SAM_ID},{KIM_ID}") as stage:
        yield stage


@pytest.fixture
async def stage(closed_stage: Stage) -> Stage:
    """The play, running."""
    await closed_stage.open()
    return closed_stage


@pytest.fixture
def ana(closed_stage: Stage) -> Somebody:
    """A survivor whose phone speaks English."""
    return closed_stage.person("Ana-Quill")


@pytest.fixture
def sam(closed_stage: Stage) -> Somebody:
    """A lead at the desk."""
    return closed_stage.person("Sam-Thorn", person_id=SAM_ID)


@pytest.fixture
def kim(closed_stage: Stage) -> Somebody:
    """Another lead."""
    return closed_stage.person("Kim-Vetch", person_id=KIM_ID)


@pytest.fixture
async def phone(stage: Stage, ana: Somebody) -> Phone:
    """Ana's phone, nothing pressed yet."""
    return ana.at("survivor")


@pytest.fixture
async def desk(stage: Stage, sam: Somebody) -> Phone:
    """Sam's phone with the staff bot open and greeted."""
    opened = sam.at("staff")
    await opened.start()
    return opened


@pytest.fixture
async def second_desk(stage: Stage, kim: Somebody) -> Phone:
    """Kim's phone with the staff bot open and greeted."""
    opened = kim.at("staff")
    await opened.start()
    return opened


@pytest.fixture(params=["edit", "new"])
def reading(request: pytest.FixtureRequest) -> str:
    """Both ways of reading: one changing screen, or a new message for each step."""
    return request.param
