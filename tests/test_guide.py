"""flows/README.md is followed as it stands: what a lead reads is what happens, word for word.

Blocks in order: ``sh`` (a command after ``$``, then its output, where ``…`` stands for anything),
``diff FILE`` (lines to take out and to put in), ``yaml FILE`` (a whole new file), ``yaml step``
(steps that must pass the checks, beside the shipped flows), ``yaml entry`` (a line to call, the
same).
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from bot.flowdef.check import check
from bot.flowdef.conditions import parse
from bot.flowdef.model import Kind
from bot.flowdef.resources import RESOURCE_KEYS
from bot.flowdef.steps import ANSWERS, KINDS, STEP_KEYS, VERBS
from bot.text.checks import check_folder

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "flows" / "README.md"
BLOCK = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, what stands beside it, its text, and its line."""

    kind: str
    name: str
    text: str
    line: int


def blocks() -> list[Block]:
    """All blocks of the guide, in order."""
    text = GUIDE.read_text("utf-8")
    return [
        Block(found[1], found[2].strip(), found[3], text.count("\n", 0, found.start()) + 1)
        for found in BLOCK.finditer(text)
    ]


def changed(folder: Path, block: Block) -> None:
    """Apply a ``diff`` block: its old lines must stand there, one after the other."""
    path = folder / block.name
    lines = block.text.splitlines()
    old = "\n".join(line[1:] for line in lines if line[:1] in " -")
    new = "\n".join(line[1:] for line in lines if line[:1] in " +")
    text = path.read_text("utf-8")
    assert old in text, f"line {block.line}: not found in {block.name}:\n{old}"
    path.write_text(text.replace(old, new, 1), "utf-8")


def ran(folder: Path, block: Block) -> None:
    """Run each command of a ``sh`` block and compare what it says."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        environment = {
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(folder),
            "COLUMNS": "100",
        }
        done = subprocess.run(
            ["sh", "-c", command], cwd=folder, env=environment, text=True, timeout=60,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        pattern = ".*".join(map(re.escape, expected.strip().split("…")))
        assert re.fullmatch(pattern, done.stdout.strip(), re.DOTALL), (
            f"line {block.line}: {command}\n{done.stdout}"
        )


def test_the_guide_works_as_it_stands(tmp_path):
    """From changing one sentence to a new flow, published: every command says what is printed."""
    for name in ("flows", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', "utf-8")
    python.chmod(0o755)
    followed = [block for block in blocks() if block.name not in ("step", "entry")]
    assert sum(block.kind == "sh" for block in followed) >= 6
    assert sum(block.kind == "diff" for block in followed) >= 4
    for block in followed:
        match block.kind:
            case "sh":
                ran(tmp_path, block)
            case "diff":
                changed(tmp_path, block)
            case "yaml":
                (tmp_path / block.name).write_text(block.text, "utf-8")
            case other:
                pytest.fail(f"line {block.line}: what is done with a block of {other}?")


STEPS = [block for block in blocks() if (block.kind, block.name) == ("yaml", "step")]


@pytest.mark.parametrize("block", STEPS, ids=lambda block: f"line {block.line}")
def test_every_step_in_the_guide_is_right(block, tmp_path):
    """Each example of a kind of step passes the checks beside the shipped flows."""
    for name in ("flows", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name)
    steps = "".join(f"  {line}\n" if line else "\n" for line in block.text.splitlines())
    flow = f"flow: trial\ntitle: A trial\nsteps:\n{steps}  - {{id: last, end: yes}}\n"
    (tmp_path / "flows" / "trial.yaml").write_text(flow, "utf-8")
    found = check(tmp_path / "flows", tmp_path / "locales", check_folder)
    errors = [str(i) for i in found if i.severity == "error" and i.rule != "unreachable"]
    assert errors == []


def test_the_entry_in_the_guide_is_right(tmp_path):
    """The example of a line to call names every key, and passes the checks beside the others."""
    for name in ("flows", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (block,) = [block for block in blocks() if block.name == "entry"]
    with (tmp_path / "flows" / "resources.yaml").open("a", encoding="utf-8") as file:
        file.writelines(f"  {line}\n" for line in block.text.splitlines())
    found = check(tmp_path / "flows", tmp_path / "locales", check_folder)
    assert [str(issue) for issue in found if issue.severity == "error"] == []
    assert [key for key in RESOURCE_KEYS if not re.search(rf"\b{key}\b", block.text)] == []
    text = GUIDE.read_text("utf-8")
    assert [kind for kind in get_args(Kind) if f"`{kind}`" not in text] == []


def test_the_guide_leaves_no_word_out():
    """Every key of a step, every kind, every kind of answer and everything a button can do."""
    text = GUIDE.read_text("utf-8")
    words = (*STEP_KEYS, *KINDS, *ANSWERS, *VERBS)
    missing = [word for word in words if not re.search(rf"[`{{ -]{word}\b", text)]
    assert missing == []
    assert len(STEPS) >= len(KINDS)


def test_every_condition_in_the_guide_can_be_read():
    """Each line of the table of conditions is in the language."""
    table = GUIDE.read_text("utf-8").partition("## 8. Conditions")[2].partition("## 9.")[0]
    conditions = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    assert len(conditions) >= 8
    for condition in conditions:
        parse(condition)
