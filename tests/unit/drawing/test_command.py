"""`python -m bot diagram`: which files it writes, and what it says when it cannot."""

import argparse
from pathlib import Path

import pytest

from bot.cli import drawing
from tests.unit.drawing.flows import INNER, OTHER, SMALL
from tests.unit.flowdef.flows import ALWAYS


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A place with the small flows in it, as the current one."""
    flows = tmp_path / "flows"
    flows.mkdir()
    texts = {"always": ALWAYS, "small": SMALL, "other": OTHER, "inner": INNER}
    for name, text in texts.items():
        (flows / f"{name}.yaml").write_text(text.lstrip(), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> int:
    """The command with these arguments; its exit code."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()

    def add(name: str, command, what: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=what)
        added.set_defaults(command=command)
        return added

    drawing.register(add)
    chosen = parser.parse_args(["diagram", *arguments])
    return chosen.command(chosen)


def written(folder: Path) -> list[str]:
    """The names of the files in it."""
    return sorted(path.name for path in folder.iterdir())


def test_it_draws_everything(folder, capsys):
    """Two files a flow and two of all flows, and the document; each is named."""
    assert run() == 0
    names = ("always", "inner", "other", "overview", "small")
    expected = sorted(["review.html", *(f"{n}.{e}" for n in names for e in ("svg", "mmd"))])
    assert written(folder / "diagrams") == expected
    assert sorted(capsys.readouterr().out.splitlines()) == [
        f"diagrams/{n} written." for n in expected
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["small", "--format", "svg"], ["small.svg"]),
        (["small", "other", "--format", "mermaid"], ["other.mmd", "small.mmd"]),
        (["small", "--format", "document"], ["review-small.html"]),
        (["--format", "document"], ["review.html"]),
    ],
)
def test_only_what_is_asked_for(folder, arguments, expected):
    """Some flows, one format, another folder."""
    assert run(*arguments, "--out", "deep/er") == 0
    assert written(folder / "deep" / "er") == expected


def test_an_unknown_flow_is_a_sentence(folder, capsys):
    """Used wrongly: exit code 2, nothing written."""
    assert run("smal") == 2
    assert capsys.readouterr().err == "There is no flow `smal`. Did you mean `small`?\n"
    assert not (folder / "diagrams").exists()


def test_files_with_errors_are_drawn_as_far_as_they_go(folder, capsys):
    """A lead draws while mending."""
    path = folder / "flows" / "small.yaml"
    path.write_text(path.read_text("utf-8") + "  - {id: more, sya: Oh.}\n", "utf-8")
    assert run("small", "--format", "svg") == 0
    said = "The files have 1 mistake, so this may lack something. Run `python -m bot check`.\n"
    assert capsys.readouterr().err == said


def test_a_flow_called_overview_does_not_hide_the_overview(folder):
    """Two pictures, two names."""
    (folder / "flows" / "overview.yaml").write_text("flow: overview\nsteps: [{id: a, end: yes}]\n")
    assert run("--format", "svg") == 0
    assert {"overview.svg", "flow-overview.svg"} <= set(written(folder / "diagrams"))


def test_a_folder_that_cannot_be_written_is_a_sentence(folder, capsys):
    """Where the disk says no."""
    (folder / "diagrams").write_text("a file")
    assert run() == 1
    said = "diagrams cannot be written to: File exists. Name another with --out.\n"
    assert capsys.readouterr().err == said


def test_without_flows_there_is_nothing_to_draw(folder, capsys):
    """And no empty files."""
    for path in (folder / "flows").iterdir():
        path.unlink()
    assert run() == 1
    assert capsys.readouterr().err == "There is nothing to draw: no flow in flows.\n"
