"""Lists, waits, typed answers, "About this page": scenarios can play each kind of step."""

from bot.rehearsal.coverage import coverage
from bot.rehearsal.playing import play_all
from bot.rehearsal.reading import read_scenarios
from tests.survivor import small

START = """
steps:
  - id: notice
    say: Hello there.
    help: This page is the first one.
  - id: marks
    say: Mark some
    choose_many:
      save: mark
      choices: [{id: heard, text: To be heard}, {id: calm, text: Calm}]
  - id: table
    say: What each can do
    compare:
      by: mark
      ways: [court, rest]
      rows:
        - id: heard
          court: {is: sometimes, say: You may be asked.}
          rest: {is: "no", say: Nobody asks here.}
        - id: calm
          court: {is: "no", say: It can take long.}
          rest: {is: usually, say: You set the pace.}
  - id: lines
    say: Places to call
    resources: {kinds: [domestic, sexual], most: 2}
  - id: day
    say: Which day?
    ask: {save: day, as: date}
  - {id: pause, say: Take your time, wait: 24h}
  - {id: after, say: After the wait, go: notice}
"""

TESTS = """
tests:
  - name: Through all of them
    do:
      - taps: about
      - sees: {step: always.about, text: This page is the first one.}
      - taps: onward
      - taps: next
      - marks: [heard, calm]
      - taps: done
      - sees: {step: table, text: You may be asked., button: next_part}
      - taps: next_part
      - sees: {step: table, text: You set the pace., no_button: next_part}
      - taps: [next, next]
      - says: 22 November 2026
      - stored: {day: "2026-11-22"}
      - sees: pause
      - waits: 25h
      - sees: after
      - taps: next
    ends: notice
  - name: At her touch
    start: pause
    do:
      - taps: next
    ends: after
"""


def test_every_kind_of_step_can_be_played_and_counted():
    """Nothing that these steps owe is left out."""
    edition = small(start=START)
    scenarios, issues = read_scenarios(TESTS.encode(), "flows/start.tests.yaml", edition.library)
    assert issues == ()
    played = play_all(scenarios, edition)
    assert [f"{failure}" for failure in played.failures] == []
    found = coverage(edition.library, ("en",), played.trace, ("start",))
    assert [f"{one}" for one in found.missing] == []
    (row,) = found.rows
    assert (row.steps, row.of_ways) == (7, 10)
