"""Checking again: only what changed is read, and the answer is that of a fresh look."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.flowdef.check import Checker, check
from bot.flowdef.load import FlowReader
from bot.text.catalog import CatalogueReader
from bot.text.checks import WordChecker, check_folder
from tests.unit.flowdef.test_broken_flows import CASES, SOUND, header, laid_over_sound

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 23)
SPANISH = Path("locales/es/LC_MESSAGES/messages.po")


@pytest.fixture
def folder(tmp_path):
    """The sound flows and catalogues, to be changed."""
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    return tmp_path


def checker_of(folder: Path) -> Checker:
    """One that remembers."""
    return Checker(folder / "flows", folder / "locales", WordChecker().check_folder, TODAY)


def test_looking_again_finds_what_a_fresh_look_finds(folder):
    """One checker sees every broken file come and go; it never says less, more or something old."""
    checker = checker_of(folder)
    for case in CASES:
        laid_over_sound(case, folder)
        fresh = check(folder / "flows", folder / "locales", check_folder, TODAY)
        assert checker.check() == fresh, case.name
        assert fresh, case.name
        (place,) = header(case, "in place of")
        _mended(folder, place, *(line.partition(" = ")[0] for line in header(case, "beside")))
    assert checker.check() == ()


def _mended(folder: Path, *places: str) -> None:
    for place in places:
        if (SOUND / place).exists():
            shutil.copyfile(SOUND / place, folder / place)
        else:
            (folder / place).unlink()


def test_only_a_changed_flow_file_is_read_again(folder):
    """What has not changed comes back as the very same objects, so that others can remember too."""
    reader = FlowReader()
    before, _ = reader.load(folder / "flows")
    path = folder / "flows" / "start.yaml"
    path.write_text(path.read_text("utf-8").replace("Hello.", "Good day."), "utf-8")
    after, _ = reader.load(folder / "flows")
    kept = {ctx: text is before.texts[ctx] for ctx, text in after.texts.items()}
    assert {ctx for ctx, same in kept.items() if not same} == {
        ctx for ctx in kept if ctx.startswith("start.")
    }
    assert after.texts["start.notice.say"].source.startswith("Good day.")
    assert before.texts["start.notice.say"].source.startswith("Hello.")


def test_only_a_changed_catalogue_is_read_again(folder):
    """The others stay the very same objects."""
    french = folder / "locales" / "fr" / "LC_MESSAGES" / "messages.po"
    french.parent.mkdir(parents=True)
    french.write_text((folder / SPANISH).read_text("utf-8").replace(": es\\n", ": fr\\n"), "utf-8")
    reader = CatalogueReader()
    before = reader.load(folder / "locales").by_language
    (folder / SPANISH).write_bytes((folder / SPANISH).read_bytes() + b"\n# A remark.\n")
    after = reader.load(folder / "locales").by_language
    assert sorted(after) == ["es", "fr"]
    assert after["fr"] is before["fr"]
    assert after["es"] is not before["es"]


def test_a_file_that_goes_is_forgotten(folder):
    """Neither its steps nor its mistakes stay behind."""
    checker = checker_of(folder)
    extra = folder / "flows" / "extra.yaml"
    extra.write_text("flow: extra\nsteps:\n  - {id: a, end: yes, say: {x: y}}\n", "utf-8")
    assert "shape" in {issue.rule for issue in checker.check()}
    extra.unlink()
    assert checker.check() == ()
    assert "extra.a" not in checker.library.steps


def test_watch_checks_again_when_a_file_is_saved_and_ends_quietly(folder):
    """`check --watch` says what is wrong now, until Ctrl+C."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
    with subprocess.Popen(
        (sys.executable, "-u", "-m", "bot", "check", "--watch"),
        cwd=folder,
        env={
            **kept,
            "PYTHONPATH": str(ROOT),
            "WAYMARK_FLOWS": "flows",
            "WAYMARK_LOCALES": "locales",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as watching:
        assert watching.stdout.readline() == "0 errors, 0 warnings.\n"
        path = folder / "flows" / "start.yaml"
        path.write_text(path.read_text("utf-8").replace("say: Hello.", "sya: Hello."), "utf-8")
        first = watching.stdout.readline()
        # Whoever is started in the background of a shell ignores Ctrl+C, and so do its children.
        ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        watching.send_signal(signal.SIGTERM if ignored else signal.SIGINT)
        try:
            _, errors = watching.communicate(timeout=20)
        finally:
            watching.kill()
    assert first.startswith("flows/start.yaml:4:5: start.notice: The key `sya` is not known here.")
    assert "Traceback" not in errors
