"""Scenario files: what is read, and each mistake with its place and what to do."""

from datetime import timedelta

import pytest

from bot.flowdef.model import Place
from bot.rehearsal.reading import read_scenarios
from bot.rehearsal.scenario import (
    AtTheDesk,
    Desk,
    Gone,
    Marks,
    Says,
    Scenario,
    Sees,
    She,
    Stored,
    Taps,
    Waits,
    Wording,
)
from tests.unit.rehearsal.house import house, read

NAME = "flows/start.tests.yaml"


def at(line: int, column: int = 9) -> Place:
    """A place in the file."""
    return Place(NAME, line, column)


def test_every_verb_becomes_data():
    """Nothing of the file is lost, and short step ids are those of the flow beside it."""
    found = read(
        """
        tests:
          - name: All of it
            language: [en, es]
            start: page
            with: {likes: [tea], how: With milk, consent: be_shown}
            do:
              - taps: [begin, next]
              - marks: milk
              - says: {en: Hello, es: Hola}
              - says: {button: begin}
              - waits: 2d
              - she: sends_photo
              - desk: claims
              - desk: {writes: Good morning}
              - desk: {reads: Hello}
              - sees: {step: likes, text: [a, b], not: {es: c}, button: done, no_button: [back]}
              - sees: always.numbers
              - stored: {likes: [tea, milk], how: none, case: waiting, away: yes}
              - stored: none
              - gone: yes
            ends: page
        """
    )
    likes = Sees(
        at(16),
        "start.likes",
        (Wording("a"), Wording("b")),
        (Wording(by_language={"es": "c"}),),
        ("done",),
        ("back",),
    )
    assert found == (
        Scenario(
            name="All of it",
            place=at(2, 11),
            languages=("en", "es"),
            start="start.page",
            answers={"likes": ("tea",), "how": "With milk"},
            consents=("be_shown",),
            lines=(
                Taps(at(7), ("begin", "next")),
                Marks(at(8), ("milk",)),
                Says(at(9), Wording(by_language={"en": "Hello", "es": "Hola"})),
                Says(at(10), button="begin"),
                Waits(at(11), timedelta(days=2)),
                She(at(12), "sends_photo"),
                Desk(at(13), "claims"),
                Desk(at(14), words="Good morning"),
                AtTheDesk(at(15), Wording("Hello")),
                likes,
                Sees(at(17), "always.numbers"),
                Stored(
                    at(18),
                    {"likes": ("tea", "milk"), "how": (), "case": ("waiting",), "away": ("yes",)},
                ),
                Stored(at(19), {}),
                Gone(at(20)),
            ),
            ends="start.page",
            ends_at=at(21, 11),
        ),
    )


def test_a_choice_may_be_named_by_its_id_or_by_what_is_kept_for_it():
    """Authors think in ids; a session keeps values. `none` alone always means nothing."""
    text = """
        tests:
          - name: It
            with: {time_zone: eastern}
            do:
              - stored: {time_zone: America/Chicago}
              - stored: {time_zone: other}
              - stored: {time_zone: none}
    """
    (found,) = read(text)
    assert found.answers == {"time_zone": "America/New_York"}
    assert [line.values["time_zone"] for line in found.lines] == [
        ("America/Chicago",),
        ("none",),
        (),
    ]


MISTAKES = {
    "- tabs: done": "5:9: It: The key `tabs` is not known here. Did you mean `taps`?",
    "- {taps: done, says: hi}": "5:9: It: Each line says one thing. Begin it with `- ` and one of: "
    "taps, marks, says, waits, she, desk, sees, stored, gone.",
    "- taps": "5:9: It: Keys and values are expected here. Write `key: value`.",
    "- taps: dune": "5:15: It: There is no button `dune` anywhere. Did you mean `done`?",
    "- taps: forget lakes": "5:15: It: There is no button `forget lakes` anywhere. ",
    "- says: no": "5:15: It: Without quotes, YAML may read `no` as a flag and not as a word. "
    'Write "no" in quotes.',
    "- says: {es: hola}": "5:9: It: There are no words in en. Add `en: …`.",
    "- waits: long": "5:16: It: `long` is not a span of time. Write for example 10m, 24h or 30d.",
    "- she: start": "5:14: It: `she` cannot be `start`. Did you mean `starts`?",
    "- desk: claim": "5:15: It: `desk` cannot be `claim`. Did you mean `claims`?",
    "- desk: {write: a}": "5:16: It: The key `write` is not known here. Did you mean `writes`?",
    "- sees: like": "5:15: It: There is no step or flow `like`. Did you mean `likes`?",
    "- sees: {txt: a}": "5:16: It: The key `txt` is not known here. Did you mean `text`?",
    "- stored: nothing": "5:17: It: `stored` cannot be `nothing`. Known here: `none`.",
    "- stored: {like: tea}": "5:18: It: Nothing is saved as `like`. Did you mean `likes`?",
    "- stored: {likes: te}": "5:25: It: `te` is no choice of `likes`. Did you mean `tea`?",
    "- stored: {case: opened}": "5:24: It: `case` cannot be `opened`. Did you mean `none`?",
    "- stored: {consent: be_show}": "5:27: It: No step asks for the consent `be_show`. "
    "Did you mean `be_shown`?",
    "- gone: no": "5:15: It: `gone: no` says nothing. Delete the line.",
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_named_with_its_place(line):
    """As in flow files: file, line, column, whose, what, and what to do."""
    text = f"tests:\n  - name: It\n    language: en\n    do:\n      {line}\n    ends: page\n"
    _, issues = read_scenarios(text.encode(), NAME, house().library)
    assert len(issues) == 1
    assert f"{issues[0]}".startswith(f"{NAME}:{MISTAKES[line]}")


WHOLE_FILES = {
    "": "1:1: start: There is no test in this file. Write `tests:`.",
    "test: []": "1:1: start: The key `test` is not known here. Did you mean `tests`?",
    "tests: x": "1:8: start: `tests` must be a list. Begin each item with `- `.",
    "tests: [{ends: page}]": "1:9: start: The key `name` is missing. "
    "Say in one sentence what must hold.",
    "tests: [{name: It, do: [taps: begin]}]": "1:9: It: This test checks nothing. "
    "Write `sees`, `stored` or `ends`.",
    "tests: [{name: It, ends: page}, {name: It, ends: page}]": "1:40: It: A test of this name is "
    "already on line 1. Give each its own name.",
    "tests: [{name: It, begin: page, ends: page}]": "1:20: start: The key `begin` is not known ",
    "tests: [{name: It, start: pages, ends: page}]": "1:27: It: There is no step or flow `pages`. "
    "Did you mean `page`?",
    "tests: [{name: It, with: {likes: te}, ends: page}]": "1:34: It: `te` is no choice of `likes`. "
    "Did you mean `tea`?",
    "tests: [{name: &a It, ends: page}]": "1:16: flows/start.tests.yaml: `&a` is an anchor. ",
    "tests: [": "2:1: flows/start.tests.yaml: This is not valid YAML: did not find ",
}


@pytest.mark.parametrize("text", WHOLE_FILES)
def test_a_mistake_of_the_whole_is_named_too(text):
    """Whatever is in the file, reading never fails otherwise."""
    _, issues = read_scenarios(text.encode(), NAME, house().library)
    assert len(issues) == 1
    assert f"{issues[0]}".startswith(f"{NAME}:{WHOLE_FILES[text]}")
