"""``test-flows`` and ``simulate`` from the command line: what they print, and how they end."""

import io
import json
import re
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.core.ids import StepId
from tests.survivor import shipped


@pytest.fixture
def _project(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands run in the folder of the project."""
    monkeypatch.chdir(Path(__file__).parents[3])


def run(*arguments: str) -> int:
    """One command."""
    return main([*arguments])


@pytest.mark.usefixtures("_project")
def test_a_simulation_is_recorded_and_the_record_holds(tmp_path, capsys, monkeypatch):
    """From the command line: play a script, write it down, test it."""
    record = tmp_path / "mine.tests.yaml"
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n2\nsafety for me\ndone\n/wait 25h\n"))
    assert run("simulate", "--record", str(record)) == 0
    assert f"Recorded in {record}." in capsys.readouterr().out
    assert "marks" not in record.read_text("utf-8")
    assert run("test-flows", str(record)) == 0
    assert capsys.readouterr().out == "1 test in 1 run: all hold.\n"


@pytest.mark.usefixtures("_project")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("simulate", "nowhere"), "There is no step or flow `nowhere`."),
        (("simulate", "--language", "fr"), "`fr` is not spoken here: en, es."),
        (("simulate", "--with", "neds=x"), "Nothing is saved as `neds`. Did you mean `needs`?"),
        (("simulate", "--record", "x.yaml"), "`x.yaml` cannot be a file of tests: its name must"),
        (("simulate", "--record", "no/x.tests.yaml"), "There is no folder `no`."),
        (("simulate", "--record", "flows/ways.tests.yaml"), "`flows/ways.tests.yaml` is there"),
        (("test-flows", "x.tests.yaml"), "`x.tests.yaml` is no file of tests."),
        (("test-flows", "flows/ways.yaml"), "`flows/ways.yaml` is no file of tests."),
    ],
)
def test_used_wrongly_ends_in_a_sentence_and_2(arguments, sentence, capsys, monkeypatch):
    """Nothing is played."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert run(*arguments) == 2
    assert capsys.readouterr().err.startswith(sentence)


@pytest.mark.usefixtures("_project")
def test_a_test_that_does_not_hold_ends_in_1(tmp_path, capsys):
    """And in its sentence, once a language."""
    path = tmp_path / "ways.tests.yaml"
    path.write_text("tests:\n  - {name: It, start: start, ends: needs}\n", "utf-8")
    assert run("test-flows", str(path)) == 1
    shown = capsys.readouterr().out
    assert "It (en): It should end at `needs.what`, but she stands at `ways.start`." in shown
    assert "It (es)" in shown
    assert "1 test in 2 runs: 2 do not hold, 0% exercised." in shown
    assert run("test-flows", "--quick", str(path)) == 1
    assert "1 test in 1 run: 1 does not hold." in capsys.readouterr().out


@pytest.mark.usefixtures("_project")
def test_a_mistake_in_a_file_of_tests_is_reported_and_nothing_is_played(tmp_path, capsys):
    """As `check` reports flows."""
    path = tmp_path / "ways.tests.yaml"
    path.write_text("tests:\n  - {name: It, start: begin, ends: start}\n", "utf-8")
    assert run("test-flows", str(path)) == 1
    out, err = capsys.readouterr()
    assert out.startswith(f"{path}:2:23: It: There is no step or flow `begin`.")
    assert err == "Nothing was played. Mend the mistakes above first.\n"


@pytest.mark.usefixtures("_project")
def test_flows_with_errors_are_reported_and_nothing_is_played(tmp_path, capsys, monkeypatch):
    """As `check` would."""
    (tmp_path / "start.yaml").write_text("flow: start\nsteps: []\n", "utf-8")
    monkeypatch.setenv("WAYMARK_FLOWS", str(tmp_path))
    assert run("test-flows") == 1
    out, err = capsys.readouterr()
    assert f"{tmp_path.name}/start.yaml" in out or "start.yaml" in out
    assert err == "Nothing was played. Mend the errors above first.\n"


@pytest.mark.usefixtures("_project")
def test_coverage_below_the_floor_ends_in_1(capsys):
    """One file covers its flow; the floor is for the language that is exercised least."""
    assert run("test-flows", "flows/ways.tests.yaml", "--floor", "100") == 0
    whole = r" +1/1 100% +(?P<{0}>\d+)/(?P={0}) 100% +1/1 100% +(?P={0})/(?P={0}) 100%\n"
    assert re.fullmatch(
        r"flow +screens en +ways on en +screens es +ways on es\n"
        rf"ways{whole.format('one')}all{whole.format('all')}\n"
        r"\d+ tests in \d+ runs: all hold, 100% exercised\.\n",
        capsys.readouterr().out,
    )


@pytest.mark.usefixtures("_project")
def test_a_floor_that_is_not_reached_is_said(tmp_path, capsys):
    """In one sentence, after everything that was never exercised."""
    path = tmp_path / "ways.tests.yaml"
    path.write_text("tests:\n  - {name: It, start: start, ends: start}\n", "utf-8")
    assert run("test-flows", str(path), "--floor", "60") == 1
    out, err = capsys.readouterr()
    assert "ways.start, court (en, es)" in out
    assert err == "0.0% is exercised, and 60% is asked for.\n"


@pytest.mark.usefixtures("_project")
def test_json_has_everything_that_the_text_has(tmp_path, capsys):
    """For other programs."""
    path = tmp_path / "ways.tests.yaml"
    path.write_text("tests:\n  - {name: It, language: en, start: start, ends: needs}\n", "utf-8")
    assert run("test-flows", "--json", str(path)) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["tests"], found["runs"]) == (1, 1)
    assert found["failures"][0]["line"] == 2
    assert found["failures"][0]["language"] == "en"
    choices = len(shipped().library.steps[StepId("ways.start")].choices)
    assert found["coverage"]["percent"] == {"en": 0.0, "es": 0.0}
    assert found["coverage"]["flows"] == [
        {
            "flow": "ways",
            "screens": {"of": 1, "en": 1, "es": 0},
            "ways": {"of": choices, "en": 0, "es": 0},
        }
    ]
    assert len(found["coverage"]["missing"]) == choices + 1
