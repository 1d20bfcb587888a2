"""The schemas that editors use: current, true for every shipped file, and false for mistakes."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.flowdef.schema import files

ROOT = Path(__file__).parents[3]
FLOWS = ROOT / "flows"
SHIPPED = sorted(path for path in FLOWS.rglob("*.yaml") if not path.name.endswith(".tests.yaml"))
LINE = "# yaml-language-server: $schema="


def schema_of(path: Path) -> dict:
    """The schema a file names on its first line."""
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith(LINE), f"{path.name} names no schema on its first line"
    return json.loads((path.parent / first.removeprefix(LINE)).read_text("utf-8"))


def problems(path: Path, schema: dict) -> list[str]:
    """What an editor would underline."""
    read = yaml.load(path.read_text("utf-8"), yaml.CBaseLoader)  # noqa: S506 - texts only
    return [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(read)]


def test_the_schemas_in_the_folder_are_those_the_model_makes():
    """`python -m bot schema` has been run since the format last changed."""
    made = files()
    assert len(made) == 5
    there = {path.name: path.read_text("utf-8") for path in (FLOWS / "schemas").iterdir()}
    assert there == made


@pytest.mark.parametrize("name", sorted(files()))
def test_each_schema_is_a_schema(name):
    """Otherwise an editor says nothing at all."""
    jsonschema.Draft7Validator.check_schema(json.loads(files()[name]))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_file_names_its_schema_and_keeps_to_it(path):
    """No red lines in an editor on the day a lead first opens it."""
    assert problems(path, schema_of(path)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("flow: a\nsteps:\n  - {id: b, sya: Hello}\n", "'sya' was unexpected"),
        ("flow: a\nsteps:\n  - {say: Hello}\n", "'id' is a required property"),
        ("flow: a\nsteps:\n  - {id: Big One, say: Hello}\n", "does not match"),
        ("flow: a\nsteps:\n  - {id: b, wait: soon}\n", "does not match"),
        ("flow: a\nsteps:\n  - {id: b, back: maybe}\n", "is not one of"),
        ("flow: a\nsteps:\n  - {id: b, ask: {save: c, as: colour}}\n", "is not one of"),
        ("flow: a\nsteps:\n  - {id: b, choose: [{id: c, text: D, do: explode}]}\n", "is not valid"),
        ("flow: a\nsteps: []\n", "should be non-empty"),
    ],
)
def test_a_mistake_is_underlined(tmp_path, text, said):
    """The schema refuses what reading refuses, where one file is enough to see it."""
    path = tmp_path / "a.yaml"
    path.write_text(text, "utf-8")
    found = problems(path, json.loads(files()["flow.json"]))
    assert found, text
    assert said in found[0]
