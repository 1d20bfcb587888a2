"""One file a mistake, with the exact message its author gets. The registry is here as well: a check
without a broken file fails.
"""

import sys
from datetime import date
from pathlib import Path

import pytest

from bot.flowdef.check import check
from bot.flowdef.checks import CHECKS, COMPARED, DATED
from bot.flowdef.load import RULES
from bot.text.checks import FORM_CHECKS, LANGUAGE_CHECKS, check_folder

FOLDER = Path(__file__).parents[2] / "broken_flows"
SOUND = FOLDER / "sound"
CASES = sorted((*FOLDER.glob("*.yaml"), *FOLDER.glob("*.po")))
EVERY_CHECK = (*CHECKS, *DATED, *FORM_CHECKS, *LANGUAGE_CHECKS)
BY_CHECK = frozenset(each.__name__ for each in EVERY_CHECK)
TODAY = date(2026, 11, 23)
WITHOUT_A_FILE = frozenset({"file", "file_size"})
"""Cannot be a file in a repository: no file at all, and half a megabyte. Tested in test_load.py."""


def rule_of(case: Path) -> str:
    """`dead_end-skipped.yaml` shows the rule `dead_end`."""
    return case.name.split(".")[0].split("-")[0]


def header(case: Path, key: str) -> list[str]:
    """The values of `# key: value` lines."""
    start = f"# {key}: "
    lines = case.read_bytes().decode("utf-8", "replace").splitlines()
    return [line.removeprefix(start) for line in lines if line.startswith(start)]


def laid_over_sound(case: Path, folder: Path) -> None:
    """The sound files, with the broken one in its place."""
    for path in SOUND.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(SOUND)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (place,) = header(case, "in place of")
    (folder / place).write_bytes(case.read_bytes())
    for beside in header(case, "beside"):
        other, _, text = beside.partition(" = ")
        (folder / other).write_text(text.replace("\\n", "\n"), "utf-8")


def test_the_sound_files_have_no_mistake():
    """What the broken files are laid over is clean, so that each shows its own mistake only."""
    assert check(SOUND / "flows", SOUND / "locales", check_folder, TODAY) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file_gets_exactly_its_messages(case, tmp_path):
    """Place, author's id, what is wrong and what to do, word for word; nothing beside it."""
    laid_over_sound(case, tmp_path)
    found = check(tmp_path / "flows", tmp_path / "locales", check_folder, TODAY)
    said = [str(i) for i in found if i.severity == "error" or i.rule == rule_of(case)]
    assert said == header(case, "expect")
    assert rule_of(case) in {issue.rule for issue in found}


@pytest.mark.parametrize("rule", sorted(BY_CHECK | {*RULES} - WITHOUT_A_FILE))
def test_every_rule_has_a_broken_file(rule):
    """A check that nobody has seen fail is no check."""
    assert rule in {rule_of(case) for case in CASES}


def test_no_broken_file_is_left_over():
    """A file whose rule has gone tests nothing."""
    assert {rule_of(case) for case in CASES} <= BY_CHECK | {*RULES}
    assert len(CASES) > 40


def test_checks_are_registered_once():
    """Every public function of the check files is in a list, under a name of its own."""
    names = [each.__name__ for each in EVERY_CHECK]
    assert len(names) == len(set(names))
    assert not_registered(names) == []


def not_registered(names: list[str]) -> list[str]:
    """Public functions of the check files that yield Issues or Faults and are in no list."""
    modules = {sys.modules[each.__module__] for each in EVERY_CHECK}
    assert len(modules) >= 7
    return [
        name
        for module in modules
        for name, each in vars(module).items()
        if getattr(each, "__module__", "") == module.__name__
        and str(getattr(each, "__annotations__", {}).get("return")).endswith(("Issue]", "Fault]"))
        and not name.startswith("_")
        and name not in names
        and name not in {compared.__name__ for compared in COMPARED}
    ]
