"""The shared machine: where choices lead, and which changes are changes of structure."""

import logging
import timeit
from dataclasses import replace

import pytest
from transitions import Machine, MachineError

from bot.core.ids import ChoiceId, StepId
from bot.core.rules import Rules
from bot.flowdef.compile import Cursor, compile_library
from tests.unit.flowdef.flows import library

MAIN = """
flow: main
steps:
  - id: first
    say: Hello.
  - id: pick
    say: Which?
    choose:
      - {id: ahead, text: Go on}
      - {id: far, text: Far away, go: other}
      - {id: here, text: Right here, go: last}
      - {id: look, text: Look, visit: mark}
      - {id: call, text: Numbers please, do: numbers}
      - {id: state, text: A word of the machine}
    save: way
    if_silent: {after: 24h, then: last}
  - id: mark
    when: way is ahead
    choose_many: {save: marks, choices: [{id: x, text: X}, {id: y, text: Y}]}
  - id: words
    when: x in marks
    ask: {save: note, skip: Skip}
  - id: inside
    include: other
  - id: may
    consent: contact
    for: 30d
    choose:
      - {id: agree, text: Agreed, do: give}
      - {id: refuse, text: Rather not, do: refuse, go: last}
  - id: send
    handoff: {queue: intake, share: [marks], consent: contact}
    choose: [{id: send, text: Send, do: send}, {id: later, text: Later, go: first}]
  - id: last
    was: final
    end: yes
"""
OTHER = """
flow: other
steps:
  - id: one
    say: One.
  - id: two
    say: Two.
"""


@pytest.fixture(scope="module")
def rules() -> Rules:
    """The compiled flows above."""
    return compile_library(library(MAIN, OTHER))


@pytest.mark.parametrize(
    ("at", "choice", "answers", "expected"),
    [
        ("main.first", None, {}, "main.pick"),
        ("main.pick", "ahead", {"way": "ahead"}, "main.mark"),
        ("main.pick", "ahead", {}, "main.inside"),
        ("main.pick", "ahead", {"marks": ("x",)}, "main.words"),
        ("main.pick", "far", {}, "other.one"),
        ("main.pick", "here", {}, "main.last"),
        ("main.pick", "state", {}, "main.inside"),
        ("main.pick", "look", {}, None),
        ("main.pick", "call", {}, None),
        ("main.pick", "no_such", {}, None),
        ("main.pick", None, {}, None),
        ("main.pick", "silent", {}, "main.last"),
        ("main.first", "silent", {}, None),
        ("main.mark", None, {"marks": ("x", "y")}, "main.words"),
        ("main.mark", None, {"marks": ("y",)}, "main.inside"),
        ("main.mark", "x", {}, None),
        ("main.words", None, {}, "main.inside"),
        ("main.words", "skip", {}, "main.inside"),
        ("main.inside", None, {}, "main.may"),
        ("main.may", "agree", {}, "main.send"),
        ("main.may", "refuse", {}, "main.last"),
        ("main.may", None, {}, None),
        ("main.send", "send", {}, "main.last"),
        ("main.send", "later", {}, "main.first"),
        ("main.last", None, {}, None),
        ("main.final", None, {}, None),
        ("other.one", None, {}, "other.two"),
        ("other.two", None, {}, None),
        ("always.screen", None, {}, None),
        ("no.such", None, {}, None),
        ("no.such", "ahead", {}, None),
    ],
)
def test_a_choice_leads_where_the_file_says(rules, at, choice, answers, expected):
    """Steps whose `when` is false are skipped; None where the flow ends or nothing leads on."""
    assert rules.onward(StepId(at), choice and ChoiceId(choice), answers) == expected


def test_a_skip_that_reaches_the_end_of_the_list_ends_the_flow():
    """Rows without a true condition and no row at all are the same answer."""
    flow = """
        flow: main
        steps:
          - {id: first, say: A.}
          - {id: b, say: B., when: c is answered}
          - {id: c, ask: {save: c}, when: c is answered}
        """
    found = compile_library(library(flow))
    assert found.onward(StepId("main.first"), None, {}) is None
    assert found.onward(StepId("main.first"), None, {"c": "yes"}) == "main.b"


def test_steps_and_doors_are_known(rules):
    """What the core asks for beside ways."""
    assert (rules.start, rules.rescue) == ("main.first", "always.screen")
    assert rules.door("numbers") == "always.screen"
    assert rules.step(StepId("main.inside")).include == "other.one"
    assert rules.step(StepId("main.pick")).choice(ChoiceId("look")).argument == "main.mark"
    assert not rules.step(StepId("main.may")).choice(ChoiceId("refuse")).affirmative
    assert rules.step(StepId("main.no_such")) is None
    assert rules.saving("marks").id == "main.mark"
    assert rules.saving("nothing") is None


def test_an_old_id_finds_the_renamed_step(rules):
    """A session that stood in it goes on."""
    assert rules.step(StepId("main.final")).id == "main.last"


def test_a_missing_door_is_told_in_a_sentence(rules):
    """It would be our bug, for the check finds it first."""
    with pytest.raises(KeyError, match="no door `cellar`"):
        rules.door("cellar")


WORDS_ONLY = [
    ("say: Hello.", "say: Good day."),
    ("text: Right here", "text: Quite near"),
    ("skip: Skip", "skip: Leave out"),
    ("flow: main", "flow: main\ntitle: A title"),
    ("save: way\n", "save: way\n    translated: required\n    sources: [S1]\n"),
    ("when: way is ahead", "when: (way  is ahead)"),
]
STRUCTURE = [
    ("far, text: Far away, go: other", "far, text: Far away, go: first"),
    ("id: here", "id: there"),
    ("when: way is ahead", "when: way is far"),
    ("save: way", "save: path"),
    ("do: numbers", "do: hold"),
    ("visit: mark", "visit: words"),
    ("after: 24h", "after: 23h"),
    ("for: 30d", "for: 31d"),
    ("share: [marks]", "share: [way]"),
    ("text: X}", "text: X, alone: yes}"),
    ("text: X}", "text: X, value: z}"),
    ("do: refuse, go: last", "do: refuse, go: first"),
    ("was: final", "was: finish"),
    ("say: Hello.", "say: Hello.\n    back: no"),
    ("ask: {save: note,", "ask: {save: note, max_length: 99,"),
]


@pytest.mark.parametrize(("before", "after"), WORDS_ONLY)
def test_changed_words_keep_the_structure(rules, before, after):
    """A corrected sentence reaches people in the middle of a flow."""
    assert before in MAIN
    changed = compile_library(library(MAIN.replace(before, after, 1), OTHER))
    assert changed.structure == rules.structure


@pytest.mark.parametrize(("before", "after"), STRUCTURE)
def test_a_changed_target_is_another_structure(rules, before, after):
    """People stay in the structure they began with."""
    assert before in MAIN
    changed = compile_library(library(MAIN.replace(before, after, 1), OTHER))
    assert changed.structure != rules.structure


def test_the_order_of_files_is_not_structure(rules):
    """A session is pinned to the hash, so it may not depend on what a folder lists first."""
    found = library(OTHER, MAIN)
    turned = replace(
        found,
        flows=tuple(reversed(found.flows)),
        doors=tuple(reversed(found.doors)),
        steps=dict(reversed(found.steps.items())),
    )
    assert compile_library(turned).structure == rules.structure


def test_the_machine_answers_fast(rules):
    """About 10 µs a question; the bound leaves room for a busy machine."""
    at, choice, answers = StepId("main.pick"), ChoiceId("ahead"), {"way": "ahead"}
    best = min(timeit.repeat(lambda: rules.onward(at, choice, answers), number=500, repeat=5))
    assert best / 500 < 100e-6


def test_where_a_person_stands_is_not_logged(caplog):
    """`transitions` would print the names of steps, which tell what somebody reads."""
    caplog.set_level(logging.DEBUG)
    rules = compile_library(library(MAIN, OTHER))
    assert rules.onward(StepId("main.first"), None, {}) == "main.pick"
    assert [record for record in caplog.records if "main." in record.getMessage()] == []


def test_transitions_triggers_an_unregistered_cursor():
    """The callable `compile` stands on: not in the README of `transitions`, so it is watched."""
    machine = Machine(
        model=None, states=["a", "b"], initial=None, auto_transitions=False, send_event=True
    )
    machine.add_transition("go", "a", "b", conditions=lambda event: event.kwargs["answers"]["yes"])
    trigger = machine.events["go"].trigger
    moved, stayed = Cursor("a"), Cursor("a")
    assert (trigger(moved, answers={"yes": True}), moved.state) == (True, "b")
    assert (trigger(stayed, answers={"yes": False}), stayed.state) == (False, "a")
    with pytest.raises(MachineError):
        trigger(Cursor("b"), answers={})
    assert machine.models == []
