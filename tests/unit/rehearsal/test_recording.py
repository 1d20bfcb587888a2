"""What was played can be played again: its record reads like a test somebody wrote."""

from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.answers import answers_from
from bot.rehearsal.playing import play_all
from bot.rehearsal.reading import read_scenarios
from bot.rehearsal.recording import as_yaml
from bot.rehearsal.scenario import Scenario
from bot.rehearsal.simulate import Simulation, step_named
from tests.survivor import shipped
from tests.unit.rehearsal.house import after, begun, house


def recorded(simulation: Simulation) -> tuple[str, tuple[Scenario, ...]]:
    """The text of the record, and what reads back from it."""
    simulation.ends()
    text = as_yaml(simulation.recorder.done)
    library = simulation.edition.library
    scenarios, issues = read_scenarios(text.encode(), "flows/recorded.tests.yaml", library)
    assert [f"{issue}" for issue in issues] == []
    return text, scenarios


def test_a_record_reads_like_one_that_somebody_wrote():
    """Choice ids instead of words; what she sees where it changes; what is kept at the end."""
    simulation = after("1", "1", "3", "1", "With: sugar", "/wait 25h", "/language es")
    text, scenarios = recorded(simulation)
    assert (
        text
        == """\
# Recorded with `python -m bot simulate`. Replace words that somebody really said.
tests:
  - name: Recorded conversation 1
    language: en
    do:
      - sees: start.notice
      - taps: begin
      - sees: start.likes
      - taps: tea
      - taps: done
      - sees: start.tea_page
      - taps: next
      - sees: start.name_it
      - says: "With: sugar"
      - sees: start.may
      - waits: 25h
      - says: "/language"
      - sees: always.language
      - taps: es
      - sees: start.may
      - stored: {likes: tea, how: "With: sugar"}
    ends: start.may
"""
    )
    assert play_all(scenarios, house()).failures == []


def test_going_to_another_step_begins_another_record():
    """With what was answered and agreed so far."""
    simulation = after("1", "1", "/goto start.may", "1", "/goto start.page", "1")
    text, scenarios = recorded(simulation)
    assert [(one.start, one.consents) for one in scenarios] == [
        (None, ()),
        ("start.may", ()),
        ("start.page", ("be_shown",)),
    ]
    assert "    with: {likes: tea, consent: be_shown}\n" in text
    assert play_all(scenarios, house()).failures == []


def test_where_nothing_was_done_nothing_is_recorded():
    """A look at a screen is not a test."""
    simulation = begun("start.page")
    simulation.ends()
    assert simulation.recorder.done == []


LINES = st.lists(
    st.one_of(
        st.integers(1, 14).map(str),
        st.sampled_from(
            ["/wait 2d", "/wait 45h", "/wait 70m", "/leave", "/start", "/claim", "/release",
             "/close", "/desk Good day: to you", "/open", "/language es", "/language en", "/block",
             "/unblock", "person", "numbers", "no", "yes", "stop", "# no comment", "I want to die",
             "¿Qué? «sí» 😀", '"quoted" {braces} [brackets], and: more', "/goto contact.summary",
             "/goto always.hold", "what you hold", "/7"]
        ),
        st.text(max_size=12),
    ),
    max_size=25,
)  # fmt: skip


@given(lines=LINES, language=st.sampled_from(["en", "es"]), agreed=st.booleans())
def test_whatever_is_played_plays_again_from_its_record(lines, language, agreed):
    """Any conversation, desk and time and all: the record reads without a mistake, and holds."""
    simulation = Simulation(shipped(), language)
    start = step_named("contact.summary", shipped().library) if agreed else None
    given = ("consent=be_contacted", "time_zone=other", "needs=heard,decide") if agreed else ()
    simulation.begins(start, *answers_from(given, shipped().library))
    for line in lines:
        simulation.hears(line)
    simulation.ends()
    if not simulation.recorder.done:
        return
    _, scenarios = recorded(simulation)
    assert [f"{failure}" for failure in play_all(scenarios, shipped()).failures] == []
