"""Loading: whatever bytes come, there are Issues and never an exception, in bounded time."""

import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.rules import Handoff, Hours
from bot.flowdef.load import RULES, load, load_files
from bot.flowdef.nodes import LARGEST_FILE
from tests.unit.flowdef.flows import ALWAYS, library, read

FLOW = b"""flow: main
steps:
  - id: first
    say: Hello.
    choose:
      - {id: a, text: One, value: x, hours: "08:00-12:00"}
      - {id: b, text: Two, go: last}
  - {id: last, end: yes}
"""
YAML_PIECES = st.sampled_from(
    ["flow: main\n", "steps:\n", "  - id: a\n", "    say: ", "|\n", "choose:", "[", "]", "{", "}",
     "- ", ": ", "? ", "&a ", "*a", "<<: ", "!!python/object ", "!t ", "---\n", "%YAML 1.1\n", "'",
     '"', "\\U00110000", '"\\uD800"', "\t", "\x00", "no", "\n", "    when: ", "a is b", "(", "é",
     "phrases:\n", "resources:\n", "doors: ", "words: ", ">", "# ", "\u2028", "if_silent: "]
)  # fmt: skip


def rules_of(data: bytes, name: str = "main.yaml") -> list[str]:
    """The rules that one file breaks."""
    _, issues = load_files({name: data})
    return [issue.rule for issue in issues]


@given(data=st.binary(max_size=400), name=st.sampled_from(["a.yaml", "danger/en.yaml"]))
def test_any_bytes_give_issues_and_no_exception(data, name):
    """Every Issue has a rule that is known and a place in the file."""
    _, issues = load_files({name: data})
    assert {issue.rule for issue in issues} <= {*RULES}
    assert {issue.place.file for issue in issues} <= {f"flows/{name}"}


@given(st.lists(YAML_PIECES, max_size=40).map("".join))
def test_any_soup_of_yaml_gives_issues_and_no_exception(text):
    """Pieces of real flow files in any order are read or refused."""
    _, issues = load_files({"main.yaml": text.encode("utf-8", "surrogatepass")})
    assert {issue.rule for issue in issues} <= {*RULES}


@given(at=st.integers(0, len(FLOW) - 1), byte=st.integers(0, 255))
def test_any_damaged_byte_gives_issues_and_no_exception(at, byte):
    """A flow file with one wrong byte is read or refused."""
    _, issues = load_files({"main.yaml": FLOW[:at] + bytes([byte]) + FLOW[at + 1 :]})
    assert {issue.rule for issue in issues} <= {*RULES}


ALIAS_BOMB = "a: &a [x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(20)
)


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 100_000,
        "[ " * 100_000,
        "[\n" * 100_000,
        "{" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "? " * 100_000,
        "[a, " * 100_000,
        "".join(" " * n + "a:\n" for n in range(900)),
        ALIAS_BOMB,
        "a: " + "'" * 100_000,
        "flow: main\nsteps:\n  - {id: a, when: " + "not " * 100_000 + "x}\n",
        "#" * 500_000,
        "flow: main\nsteps:\n  - {id: a, say: '" + "*_[{" * 100_000 + "'}\n",
    ],
    ids=range(14),
)
def test_bombs_are_defused_within_a_second(bomb):
    """Nesting, aliases and repetition cost neither the stack nor the afternoon."""
    began = time.perf_counter()
    load_files({"main.yaml": bomb.encode()})
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "[\n"])
def test_deep_nesting_is_told(opening):
    """The Issue names the rule, once."""
    assert rules_of((opening * 100_000).encode()) == ["nesting"]


def test_a_file_that_is_too_large_is_told():
    """Half a megabyte of flow is a mistake."""
    assert rules_of(b"#" * (LARGEST_FILE + 1)) == ["file_size"]


def test_a_folder_without_flows_is_told(tmp_path):
    """A wrong folder is not an empty, valid set of flows."""
    _, issues = load(tmp_path / "nothing")
    assert [str(issue) for issue in issues] == [
        "nothing:1:1: nothing: There is no flow file in this folder. Look at WAYMARK_FLOWS."
    ]


def test_test_files_and_hidden_files_are_not_read(tmp_path):
    """Only flow files, and rules of danger one folder below."""
    for name in ("main.yaml", "main.tests.yaml", ".#main.yaml", "notes.txt"):
        (tmp_path / name).write_bytes(FLOW)
    (tmp_path / "danger").mkdir()
    (tmp_path / "danger" / "en.yaml").write_text("rules: [{id: a, phrases: [b c]}]\n")
    found, issues = load(tmp_path)
    assert issues == ()
    assert sorted(found.files) == ["danger/en.yaml", "main.yaml"]
    assert found.danger[0].phrases == ("b c",)


def test_the_same_bytes_give_the_same_library():
    """What is kept in the database comes back as it was, and its digest sees every byte."""
    files = {"main.yaml": FLOW, "always.yaml": ALWAYS.encode()}
    first, _ = load_files(files)
    assert load_files(dict(reversed(files.items())))[0] == first
    changed, _ = load_files({**files, "main.yaml": FLOW.replace(b"Hello", b"Hullo")})
    assert changed.digest != first.digest


def test_all_mistakes_come_at_once():
    """One wrong file does not hide another, nor one line the next."""
    _, issues = read(
        """
        flow: main
        steps:
          - id: First
          - id: a
            sya: Hello.
            keep: perhaps
        """,
        **{"phrases.yaml": b"phrases:\n  Bad: x\n"},
    )
    assert [str(issue) for issue in issues] == [
        (
            "flows/main.yaml:3:9: main: `First` cannot be an id. Use small letters a to z, digits"
            " and _, at most 40, beginning with a letter."
        ),
        "flows/main.yaml:5:5: main.a: The key `sya` is not known here. Did you mean `say`?",
        "flows/main.yaml:6:11: main.a: `keep` is yes or no, not `perhaps`. Write yes or no.",
        (
            "flows/phrases.yaml:2:3: Bad: `Bad` cannot be the id of a phrase."
            " Write for example `desk.queue_empty`."
        ),
    ]


@pytest.mark.parametrize("word", ["no", "Yes", "on", "OFF", "true", "null", "~"])
def test_a_bare_flag_is_not_a_word(word):
    """YAML 1.1 would make something else of it; in quotes it is a word."""
    flow = "flow: main\nsteps:\n  - {id: a, end: yes, choose: [{id: b, text: WORD}]}\n"
    assert rules_of(flow.replace("WORD", word).encode()) == ["bare_flag"]
    assert rules_of(flow.replace("WORD", f'"{word}"').encode()) == []


@pytest.mark.parametrize(
    ("written", "meant"), [("no", False), ('"no"', False), ("Off", False), ("yes", True)]
)
def test_a_flag_may_be_bare_or_quoted(written, meant):
    """Where a flag is expected there is no surprise."""
    flow = f"flow: main\nsteps:\n  - {{id: a, end: yes, back: {written}}}\n"
    (step,) = library(flow).flows[1].steps
    assert step.back is meant


def test_every_part_of_a_step_arrives():
    """The fields of the format end up in the model, in their units."""
    found = library(
        """
        flow: main
        title: The main one
        steps:
          - id: first
            say: |
              Hello.
            choose_many:
              save: times
              at_least: 1
              at_most: 3
              choices:
                - {id: night, text: Night, hours: "21:00-02:00"}
                - {id: never, text: Never, alone: yes, negative: yes}
            if_silent: {after: 24h, then: last}
            translated: required
            sources: [S1, S2]
            keep: yes
            was: old
          - id: words
            say: Words?
            ask: {save: note, max_length: 200, skip: Skip it}
          - id: may
            consent: contact
            for: 30d
            choose: [{id: y, text: Agreed, do: give}, {id: n, text: Not now, do: refuse}]
          - id: send
            handoff: {queue: intake, share: [times], consent: contact, hours: times}
            choose: [{id: send, text: Send, do: send}, {id: later, text: Later, last: yes}]
          - id: last
            end: yes
        """
    )
    main = found.flow("main")
    first, words, may, send, last = main.steps
    assert main.title.ctx == "main.title"
    assert (first.kind, first.save, first.at_least, first.at_most) == ("choose_many", "times", 1, 3)
    assert first.choices[0].hours == (Hours(1260, 1440), Hours(0, 120))
    assert (first.choices[1].alone, first.choices[1].negative) == (True, True)
    assert (first.silence, first.then) == (timedelta(hours=24), "last")
    assert (first.say.source, first.say.required, first.sources) == ("Hello.", True, ("S1", "S2"))
    assert (first.keep, first.was) == (True, "old")
    assert (words.kind, words.save, words.max_length) == ("ask", "note", 200)
    assert [choice.text.ctx for choice in words.choices] == ["main.words.choices.skip"]
    assert (may.kind, may.consent, may.valid_for) == ("consent", "contact", timedelta(days=30))
    assert [choice.negative for choice in may.choices] == [False, True]
    assert send.handoff == Handoff("intake", ("times",), "contact", "times", "")
    assert (last.kind, found.saved["times"]) == ("end", (first,))


def test_a_choice_that_stays_last_is_last():
    """The order of the file gives way to `last: yes`."""
    found = library(
        """
        flow: main
        steps:
          - id: first
            choose: [{id: a, text: A, last: yes}, {id: b, text: B}, {id: c, text: C}]
          - {id: last, end: yes}
        """
    )
    assert [choice.id for choice in found.steps["main.first"].choices] == ["b", "c", "a"]


def test_resources_and_plural_phrases_arrive():
    """The other two kinds of file."""
    found, issues = read(
        **{
            "phrases.yaml": b'phrases:\n  a.b: {one: "{count} day", other: "{count} days"}\n',
            "resources.yaml": b"resources:\n"
            b'  - {id: us-911, name: Emergency, region: US, phone: "911", hours: 24/7, kind: [x]}\n'
            b"  - {id: ny-1, name: Local, region: US-NY, hours: Monday to Friday, note: Free}\n",
        }
    )
    assert issues == ()
    assert found.texts["a.b"].msgid == ("{count} day", "{count} days")
    emergency, local = found.resources
    assert (emergency.phone, emergency.always_open, emergency.hours) == ("911", True, None)
    assert (local.hours.ctx, local.note.ctx) == ("resources.ny-1.hours", "resources.ny-1.note")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"flow: main\nsay: Hol\xe1.\n",
            "2:9: flows/main.yaml: The file is not UTF-8 from here on.",
        ),
        (b"flow: m\x00ain\n", "1:8: flows/main.yaml: There is an invisible control character"),
        ("flow: ma\u2028in\n".encode(), "1:9: flows/main.yaml: There is an invisible control"),
        ("flow: main".encode("utf-16"), "1:1: flows/main.yaml: The file is not UTF-8"),
        (b'a: "\\u0007"', "1:4: flows/main.yaml: An escape makes an invisible control character"),
    ],
)
def test_what_is_not_clean_utf8_is_told_with_its_place(data, message):
    """Line and column of the first byte that is wrong."""
    _, issues = load_files({"main.yaml": data})
    (found,) = [issue for issue in issues if issue.rule == "encoding"]
    assert str(found).removeprefix("flows/main.yaml:").startswith(message)


def test_a_file_that_nobody_reads_is_told(tmp_path):
    """Another ending, or a folder of its own: the lead's words would silently be missing."""
    (tmp_path / "main.yaml").write_text("flow: main\nsteps:\n  - {id: a, say: A., end: yes}\n")
    (tmp_path / "more").mkdir()
    for name in ("other.yml", "more/deep.yaml", ".#main.yaml", "main.tests.yaml"):
        (tmp_path / name).write_text("flow: x\n")
    _, issues = load(tmp_path)
    told = [str(issue) for issue in issues if issue.rule == "file"]
    assert [line.split(":")[0] for line in told] == [
        f"{tmp_path.name}/more/deep.yaml",
        f"{tmp_path.name}/other.yml",
    ]
    assert told[1].endswith(
        "This file is not read: it has another ending, or lies in a folder of its own. "
        "Let its name end in `.yaml`, and put it beside the other flows."
    )
