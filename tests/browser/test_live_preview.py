"""A lead saves a file while somebody stands in the flow: the page tells what is wrong, and where;
she stays where she is.
"""

import re
import shutil
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, Watched
from tests.browser.handset import patient

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASKED = "What matters to you right now?"
CHANGED = "What matters most to you?"


@pytest.fixture
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the flows that the test may spoil."""
    folder = tmp_path_factory.mktemp("drafts")
    for name in ("flows", "locales"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


async def test_a_saved_file_shows_at_once_and_a_broken_one_shows_its_mistakes(
    watched: Watched, drafts: Path
) -> None:
    """Problems with file, line and what to do; the last good version runs on meanwhile."""
    survivor, board = watched.survivor, watched.page.locator("#board")
    needs = drafts / "flows" / "needs.yaml"
    await survivor.start()
    await survivor.press("Go on")
    await survivor.sees(ASKED)

    good = needs.read_text("utf-8")
    needs.write_text(good.replace("save: needs", "save: needs\n      svae: more"), "utf-8")
    await patient(board).to_have_attribute("data-state", "bad")
    await patient(board).to_contain_text("The last good version keeps running.")
    await patient(board).to_contain_text(re.compile(r"flows/needs\.yaml:\d+:\d+"))
    await patient(board).to_contain_text("The key `svae` is not known here. Did you mean `save`?")
    await survivor.press("To be heard")
    await survivor.sees(ASKED)

    needs.write_text(good.replace(ASKED, CHANGED), "utf-8")
    await patient(board).to_have_attribute("data-state", "good")
    await patient(board).to_contain_text("The flows are good, and are read again")
    await survivor.press("Safety for me")
    await survivor.sees(CHANGED)
