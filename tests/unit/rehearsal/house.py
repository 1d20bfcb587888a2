"""A small made house for rehearsals: every kind of way on, in few steps, and how to play in it."""

from functools import cache
from textwrap import dedent

from bot.rehearsal.answers import answers_from
from bot.rehearsal.playing import Failure, Played, play_all
from bot.rehearsal.reading import read_scenarios
from bot.rehearsal.scenario import Scenario
from bot.rehearsal.simulate import Simulation, step_named
from bot.service.editions import Edition, build
from bot.service.publishing import read_input
from tests.survivor import ROOT

START = """
steps:
  - id: notice
    say: Hello there.
    choose:
      - {id: begin, text: Begin, go: likes}
      - {id: phones, text: See the lines, do: numbers}
      - {id: page, text: Read one page, visit: page}
    back: no
  - id: likes
    say: What do you like?
    choose_many:
      save: likes
      at_least: 1
      choices:
        - {id: tea, text: Tea}
        - {id: milk, text: Milk}
  - id: tea_page
    when: tea in likes
    say: "You like *tea*: {likes}."
  - id: name_it
    say: How do you take it?
    ask: {save: how, max_length: 20, skip: I would rather not say}
    if_silent: {after: 24h, then: quiet}
  - id: may
    consent: be_shown
    for: 30d
    say: May we keep that until {until}?
    choose:
      - {id: agree, text: "Yes, keep it", do: give, go: page}
      - {id: refuse, text: "No, do not", do: refuse, go: page}
  - id: page
    say: A page.
    go: notice
  - id: quiet
    say: Nothing was said for a day.
    go: notice
"""


@cache
def house() -> Edition:
    """The edition, in English and Spanish; its own words are English in both."""
    files = read_input(ROOT / "flows", ROOT / "locales")
    files["flows/start.yaml"] = f"flow: start\ntitle: T\n{START}".encode()
    edition, issues = build(files, "US-NY", checked=True)
    assert edition is not None, issues
    assert edition.words.languages == ("en", "es")
    return edition


def read(text: str, name: str = "flows/start.tests.yaml") -> tuple[Scenario, ...]:
    """Scenarios without a mistake."""
    scenarios, issues = read_scenarios(dedent(text).lstrip().encode(), name, house().library)
    assert issues == (), [f"{issue}" for issue in issues]
    return scenarios


def played(*lines: str, ends: str, more: str = "") -> Played:
    """Play one scenario in English. Its first line stands on line 4."""
    text = f"tests:\n  - name: It\n    do:{'' if lines else ' []'}\n"
    text += "".join(f"      - {line}\n" for line in lines)
    text += f"    language: en\n    ends: {ends}\n" + (f"    {more}\n" if more else "")
    return play_all(read(text), house())


def failure(*lines: str, ends: str = "notice", more: str = "") -> Failure:
    """Why one scenario does not hold."""
    found = played(*lines, ends=ends, more=more).failures
    assert len(found) == 1
    return found[0]


def begun(start: str | None = None, *given: str, language: str = "en") -> Simulation:
    """A simulation at a step of the small house."""
    simulation = Simulation(house(), language)
    step = step_named(start, house().library) if start else None
    simulation.begins(step, *answers_from(given, house().library))
    return simulation


def after(*lines: str, start: str | None = None) -> Simulation:
    """The same after some lines."""
    simulation = begun(start)
    for line in lines:
        assert simulation.hears(line).note == "", line
    return simulation
