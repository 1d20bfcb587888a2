"""The simulator: lines from a keyboard become turns on the engine."""

import io

import pytest
from rich.console import Console

from bot.core.message import Content, Entity
from bot.rehearsal.answers import answers_from
from bot.rehearsal.person import CannotDo
from bot.rehearsal.simulate import HELP, Simulation, step_named
from bot.rehearsal.state import effects, state
from bot.rehearsal.terminal import chat, rich_text
from tests.survivor import shipped
from tests.unit.rehearsal.house import after, begun


def test_a_number_presses_a_button_and_words_are_typed():
    """Buttons count from the top, those under every screen too."""
    assert after("1").person.session.place == "start.likes"
    assert after("begin").person.session.place == "start.likes"
    assert after("5").person.session.place == "always.more"


def test_while_she_is_asked_for_words_a_number_is_her_answer():
    """Then a slash before it presses the button; `/type` types a number elsewhere."""
    her = after("1", "2", "3", "12").person
    assert her.session.answers["how"] == "12"
    assert after("1", "2", "3", "/1").person.session.place == "start.may"
    assert after("1", "/type 2").person.session.answers["likes"] == ("milk",)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("/wait 3d", "start.notice"),
        ("/language es", "start.notice"),
        ("/goto start.may", "start.may"),
        ("/goto contact", "contact.start"),
        ("/start", "start.notice"),
        ("/numbers", "always.numbers"),
    ],
)
def test_a_command_does_what_it_says(line, place):
    """Telegram's own commands are typed."""
    assert after(line).person.session.place == place


def test_leaving_and_blocking_are_commands():
    """And `/start` comes back."""
    assert after("/leave").person.session.away
    assert after("/block", "/unblock").person.session.away
    assert after("/leave", "/start").person.session.place == "always.returned"


def test_the_desk_acts_by_commands():
    """Taking, writing, giving back, closing; `/open` opens the neutral line."""
    simulation = Simulation(shipped())
    answers = ("safe_times=afternoon", "time_zone=eastern", "consent=be_contacted")
    step = step_named("contact.summary", shipped().library)
    simulation.begins(step, *answers_from(answers, shipped().library))
    for line in ("send this to staff", "yes", "/claim", "/open", "1", "/desk Good day."):
        assert simulation.hears(line).note == ""
    assert [line.text for line in simulation.person.lines] == ["The desk: Good day."]
    assert simulation.hears("/close").note == ""
    assert simulation.person.session.case.state == "closed"
    assert simulation.hears("/release").note == "Nobody holds the request: it is closed."


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("99", "There is no button 99."),
        ("/wait soon", "`soon` is not a span of time. Write for example 10m, 24h or 30d."),
        ("/wiat 2d", "There is no command `/wiat`. /help lists them."),
        ("/goto start.paeg", "There is no step or flow `start.paeg`. Did you mean `start.page`?"),
        ("/language fr", "These flows are not spoken in `fr`. Known here: `en`, `es`."),
        ("/claim", "There is no request at the desk."),
        ("/open", "There is no neutral line to open."),
        ("/desk", "Write some words."),
        ("", ""),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(line, note):
    """In one sentence, for the person at the keyboard."""
    simulation = begun()
    before = simulation.person.session
    turn = simulation.hears(line)
    assert (turn.note, turn.drawn) == (note, False)
    assert simulation.person.session == before


def test_help_lists_every_command():
    """Each command that is listed is known."""
    assert len(HELP) >= 15
    shown = begun().hears("/help").note
    for entry in HELP:
        assert entry in shown
        for command in entry.split(", "):
            if command.startswith("/") and command != "/quit":
                note = begun().hears(command.replace("WORDS", "x").replace("STEP", "start")).note
                assert "no command" not in note


def test_the_state_stands_beside_the_words():
    """Where she stands, what is kept, what was promised, what the last turn did."""
    her = after("1", "1", "3", "1", "12", "1").person
    assert list(state(her)) == [
        "Mon 23 Nov 12:00 · en",
        "at start.page",
        "likes: tea",
        "how: 12",
        "consent be_shown until Wed 23 Dec 12:00",
        "timer aged Wed 25 Nov 10:00",
        "timer consent be_shown Wed 23 Dec 12:00",
    ]
    assert list(effects(her)) == [
        "RecordConsent be_shown: given",
        "SetTimer consent Wed 23 Dec 12:00",
        "Show in place",
    ]


def test_formatting_is_shown_where_it_stands():
    """Telegram counts UTF-16 units; a character may have two."""
    text = rich_text(Content("😀 bold, plain", (Entity("bold", 3, 4),)))
    assert [(span.start, span.end, span.style) for span in text.spans] == [(2, 6, "bold")]


# ---------------------------------------------------------------- in a terminal


def transcript(*lines: str) -> str:
    """What is printed for some lines, without white space at the ends."""
    out = io.StringIO()
    console = Console(file=out, width=84, highlight=False, force_terminal=False)
    chat(begun(), iter(lines), console, echo=True)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def test_a_script_of_lines_is_played_and_shown():
    """Screens with numbered buttons and their ids, and the state beside."""
    assert (
        transcript("/goto start.tea_page\n", "/wiat\n", "/quit\n", "1\n")
        == """\
╭──────────────── start.notice ─────────────────╮  Mon 23 Nov 12:00 · en
│ Hello there.                                  │  at start.notice
│                                               │  timer aged Wed 25 Nov 10:00
│ 1 Begin              begin                    │  this turn:
│ 2 See the lines      phones                   │    Show anew
│ 3 Read one page      page                     │    SetTimer aged Wed 25 Nov 10:00
│ 4 Talk with a person person                   │    Remove
│ 5 More               more                     │
│ 6 Leave now          leave                    │
╰───────────────────────────────────────────────╯
> /goto start.tea_page
╭─────────────── start.tea_page ────────────────╮  Mon 23 Nov 12:00 · en
│ You like tea: not given.                      │  at start.tea_page
│                                               │  timer aged Wed 25 Nov 10:00
│ 1 Go on              next                     │  this turn:
│ 2 Talk with a person person                   │    Show anew
│ 3 Numbers            numbers                  │    SetTimer aged Wed 25 Nov 10:00
│ 4 More               more                     │
│ 5 Leave now          leave                    │
╰───────────────────────────────────────────────╯
> /wiat
There is no command `/wiat`. /help lists them.
> /quit"""
    )


def test_lines_and_an_empty_chat_are_shown():
    """Other messages stand above the screen; after leaving there is none."""
    shown = transcript("/leave", "/start")
    assert "Hello." in shown
    assert "(she has left)" in shown
    assert "always.returned" in shown


def test_answers_on_the_command_line_are_choices_or_values():
    """As in a scenario; what is no choice is refused."""
    library = shipped().library
    pairs = ("needs=heard,safe_me", "time_zone=eastern", "note=My words", "consent=be_contacted")
    assert answers_from(pairs, library) == (
        {"needs": ("heard", "safe_me"), "time_zone": "America/New_York", "note": "My words"},
        ("be_contacted",),
    )
    with pytest.raises(CannotDo, match=r"`herd` is no choice of `needs`\. Did you mean `heard`\?"):
        answers_from(("needs=herd",), library)
    with pytest.raises(CannotDo, match=r"Nothing is saved as `neds`\. Did you mean `needs`\?"):
        answers_from(("neds=heard",), library)
