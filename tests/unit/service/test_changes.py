"""What a new version changes, as a lead reads it; and what is gone without a word."""

from bot.flowdef.checks.gone import removed_without_heir
from bot.flowdef.load import load_files
from bot.service.changes import MOST_LINES, difference

OLD = """flow: trip
title: A trip
steps:
  - {id: one, say: The first page}
  - id: two
    say: Which way shall we go today?
    save: way
    choose:
      - {id: left, text: To the left, go: three}
      - {id: right, text: To the right, go: one}
  - {id: three, when: way is left, say: The third page, sources: [S1]}
  - {id: four, say: The fourth page is about the weather of tomorrow, end: yes}
"""
LINES = 'resources:\n  - {id: a, name: A line, region: US, phone: "1"}\n'


def library(trip: str, more: str = LINES):
    """A library of one flow and one register."""
    found, _ = load_files({"trip.yaml": trip.encode(), "resources.yaml": more.encode()})
    return found


def test_nothing_changed_is_said_in_no_line():
    """Comments and order of keys are nothing a person meets."""
    assert difference(library(OLD), library("# A comment\n" + OLD)) == ()


def test_every_kind_of_change_has_its_line():
    """Steps, words, choices, conditions, sources and numbers, each by its id."""
    new = (
        OLD.replace("The first page", "The very first page")
        .replace(
            "{id: left, text: To the left, go: three}", "{id: left, text: To the left, go: four}"
        )
        .replace("      - {id: right, text: To the right, go: one}\n", "")
        .replace("when: way is left, ", "")
        .replace("sources: [S1]", "sources: [S1, S2]")
        .replace("id: four,", "id: last, was: four,")
        + "  - {id: extra, say: Something more, end: yes}\n"
    )
    found = difference(library(OLD), library(new, LINES.replace('"1"', '"2"')))
    assert set(found) == {
        "trip.one.say: “The first page” is now “The very first page”",
        "trip.two: button left now does go four",
        "trip.two: button right is gone",
        "trip.three: is shown always",
        "trip.three: sources are S1, S2",
        "trip.three: is followed by trip.last, was by trip.four",
        "trip.four: now called trip.last",
        "trip.extra: new step “Something more”",
        "resources.a: now 2",
    }


def test_removed_steps_say_where_their_people_go():
    """With an heir, finishing, or silently gone."""
    new = OLD.replace("  - {id: one, say: The first page}\n", "")
    moved = new + "removed:\n  - {id: one, moved_to: two}\n"
    assert "trip.one: gone; its people go to two" in difference(library(OLD), library(moved))
    finish = new + "removed:\n  - {id: one, finish: yes}\n"
    assert "trip.one: gone; they finish there" in difference(library(OLD), library(finish))
    assert "trip.one: gone" in difference(library(OLD), library(new))


def test_a_very_long_difference_is_cut_with_its_rest_counted():
    """A lead reads the first two hundred lines, and knows how many more there are."""
    steps = "".join(f"  - {{id: s{n}, say: Page {n}, end: yes}}\n" for n in range(MOST_LINES + 30))
    found = difference(library("flow: trip\nsteps: []\n"), library(f"flow: trip\nsteps:\n{steps}"))
    assert len(found) == MOST_LINES + 1
    assert found[-1] == "… and 30 more changes."


def gone_in(new: str, **standing: int) -> list[str]:
    """What is said of steps that are gone, when people stand in some."""
    counts = {f"trip.{name}": people for name, people in standing.items()}
    found = removed_without_heir(library(OLD), library(new), counts)
    return [f"{issue.severity}: {issue}" for issue in found]


def test_a_step_that_is_gone_is_an_error_only_where_people_stand():
    """The message says how many, and what to write."""
    new = OLD.replace("  - {id: one, say: The first page}\n", "")
    todo = "Write it under `removed:` in trip.yaml, with `moved_to:` or `finish: yes`."
    assert gone_in(new) == [f"warning: flows/trip.yaml:4:10: trip.one: The step is gone. {todo}"]
    assert gone_in(new, one=1) == [
        "error: flows/trip.yaml:4:10: trip.one: The step is gone, and 1 person stands in it. "
        + todo
    ]
    assert gone_in(new + "removed:\n  - {id: one, moved_to: two}\n", one=1) == []


def test_a_renamed_step_without_was_is_recognised_by_its_words():
    """The hint names the step it seems to have become."""
    assert gone_in(OLD.replace("id: four", "id: weather"), four=3) == [
        (
            "error: flows/trip.yaml:12:10: trip.four: The step is gone, and 3 people stand in it. "
            "Did you rename it to `trip.weather`? Then write `was: four` there. Else: "
            "Write it under `removed:` in trip.yaml, with `moved_to:` or `finish: yes`."
        )
    ]
    assert gone_in(OLD.replace("id: four", "id: weather, was: four"), four=3) == []
