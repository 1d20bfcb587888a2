"""Broken YAML, told in the words of somebody who writes sentences and not YAML."""

import pytest
import yaml

from bot.flowdef import nodes

CASES = [
    (
        "steps:\n  - id: a\n   say: Hello.\n",
        "3:4: This line does not fit the list that begins on line 2.",
    ),
    ("say: Hello: you.\n", "1:11: There is a `:` where no key can be."),
    (
        "steps:\n\t- id: a\n",
        "2:1: A value cannot begin with this character, nor a line with a tab.",
    ),
    ('flow: a\nsay: "Hello\nsteps: b\n', "2:6: The quote that begins here is not closed."),
    ("flow: a\nsay: 'It's here'\n", "2:10: This does not fit the keys that begin on line 1."),
    (
        "steps:\n  - {id: a, text: b\n  - {id: b}\n",
        "3:5: The `{` on line 2 is not closed before this.",
    ),
    ("a: [b, c\nd: e\n", "2:2: The `[` on line 1 is not closed before this."),
    ("flow: a\nHello\nsteps: b\n", "2:1: This line is neither `key: value` nor part of a text."),
    ("say: *bold* words\n", "1:6: A text that begins with `*` must be in quotes."),
    ("say: & Co\n", "1:6: A text that begins with `&` must be in quotes."),
    ("say: | Hello\n", "1:8: After `|` or `>` the text begins on the next line."),
]


def told(text: str) -> list[str]:
    """Place and first sentence of each Issue."""
    report = nodes.Report("a.yaml")
    nodes.read(text.encode(), report)
    return [f"{each.place.line}:{each.place.column}: {each.what}" for each in report.issues]


@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
@pytest.mark.parametrize(("text", "message"), CASES, ids=range(len(CASES)))
def test_broken_yaml_is_told_in_plain_words(text, message, loader, monkeypatch):
    """Both parsers lead to the same sentence, so that a wheel without libyaml tells no less."""
    monkeypatch.setattr(nodes, "LOADER", loader)
    assert told(text) == [message]


def test_an_escape_that_makes_no_character_is_told():
    """Only in quotes of the double kind, and rarely meant."""
    assert told('a: "\\q"\n') == ["1:5: What follows this `\\` makes no character."]


@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
@pytest.mark.parametrize("opening", ["[\n", "{a: ", "- ", "[a, "])
def test_neither_parser_is_followed_into_the_depths(opening, loader, monkeypatch):
    """A hundred thousand levels are refused at the thirteenth."""
    monkeypatch.setattr(nodes, "LOADER", loader)
    (found,) = told(opening * 100_000)
    assert found.endswith("Lists and keys are nested more than 12 deep.")


def test_values_stay_the_text_that_was_written():
    """No number, date, flag or null is made of them, and each knows its place."""
    root = nodes.read(b"a: [no, 0x10, 2026-11-22, ~, '5', \"x\"]\n", nodes.Report("a.yaml"))
    ((_, listed),) = root.entries
    assert [each.text for each in listed.items] == ["no", "0x10", "2026-11-22", "~", "5", "x"]
    assert [each.plain for each in listed.items] == [True, True, True, True, False, False]
    assert [each.place.column for each in listed.items] == [5, 9, 15, 27, 30, 35]
