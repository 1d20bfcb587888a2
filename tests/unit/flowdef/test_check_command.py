"""`python -m bot check`: what it prints, in words or as JSON, and how it ends."""

import json
import shutil
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.unit.flowdef.test_broken_flows import SOUND

SPANISH = Path("locales/es/LC_MESSAGES/messages.po")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The sound flows and translations, as those of the current folder."""
    shutil.copytree(SOUND, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for name in ("WAYMARK_FLOWS", "WAYMARK_LOCALES", "WAYMARK_KEYSTORE", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def changed(path: Path, old: str, new: str) -> None:
    """One place of a file, written differently."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def broken(folder: Path) -> None:
    """A target that is misspelt twice: two errors."""
    changed(folder / "flows/start.yaml", "go: finish", "go: finnish")


def doubtful(folder: Path) -> None:
    """A source without a day of review, which nobody names: two warnings."""
    source = "sources:\n  - {id: S1, title: A page, confidence: confirmed}\n"
    (folder / "flows/sources.yaml").write_text(source, "utf-8")


def test_nothing_wrong_ends_in_0(folder, capsys):
    """One line, which counts."""
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "0 errors, 0 warnings.\n"


def test_every_error_is_one_line_and_the_end_is_1(folder, capsys):
    """File, line, column, id, what is wrong, what to do: of all at once."""
    broken(folder)
    assert main(["check"]) == 1
    said = "There is no step or flow `finnish`. Did you mean `finish`?"
    assert capsys.readouterr().out.splitlines() == [
        f"flows/start.yaml:18:14: start.may: {said}",
        f"flows/start.yaml:24:14: start.send: {said}",
        "2 errors, 0 warnings.",
    ]


def test_warnings_are_marked_and_fail_only_when_strict(folder, capsys):
    """A date or a doubt does not stop a service; whoever wants it so says `--strict`."""
    doubtful(folder)
    assert main(["check"]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert last == "0 errors, 2 warnings."
    assert [line.endswith(" (warning)") for line in lines] == [True, True]
    assert main(["check", "--strict"]) == 1


def test_json_is_one_object_an_issue_and_nothing_else(folder, capsys):
    """For editors and pipelines: the rule and the severity stand beside the sentence."""
    broken(folder)
    assert main(["check", "--json"]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {
        "file": "flows/start.yaml",
        "line": 18,
        "column": 14,
        "rule": "unknown_target",
        "id": "start.may",
        "what": "There is no step or flow `finnish`.",
        "todo": "Did you mean `finish`?",
        "severity": "error",
    }
    assert second["line"] == 24


def test_one_language_shows_each_open_text_by_its_line(folder, capsys):
    """A translator sees their own file, text by text, and nothing of the flows."""
    broken(folder)
    changed(folder / SPANISH, 'msgctxt "start.finish.say"', 'msgctxt "start.gone.say"')
    assert main(["check", "--lang", "es", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {each["file"] for each in found} == {str(SPANISH)}
    assert [(each["line"], each["rule"], each["id"]) for each in found] == [
        (1, "text_missing", "start.finish.say"),
        (73, "text_obsolete", "start.gone.say"),
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--lang", "fr"), "There is no translation `fr` in locales.\n"),
        (
            ("--live", "sqlite:///mistyped.db"),
            "There is no such database, so nobody was counted. Name the one the bot uses.\n",
        ),
        (
            ("--live",),
            "There is no such database, so nobody was counted. Name the one the bot uses.\n",
        ),
    ],
)
def test_used_wrongly_ends_in_a_sentence_and_2(folder, arguments, sentence, capsys):
    """Nothing is said to be fine that was not looked at, and looking makes no files."""
    before = sorted(folder.iterdir())
    assert main(["check", *arguments]) == 2
    assert capsys.readouterr() == ("", sentence)
    assert sorted(folder.iterdir()) == before


def test_people_are_not_passed_over_when_one_language_is_asked_for(folder, capsys):
    """`--lang` looks at a translation only, so it does not go with `--live`."""
    with pytest.raises(SystemExit) as ended:
        main(["check", "--lang", "es", "--live"])
    assert ended.value.code == 2
    assert "not allowed with argument" in capsys.readouterr().err
