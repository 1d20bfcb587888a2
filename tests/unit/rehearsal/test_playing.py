"""Every verb of a scenario, where it holds and where it does not, with the exact sentence."""

from typing import get_args

import pytest

from bot.rehearsal import scenario
from bot.rehearsal.playing import play_all
from bot.rehearsal.reading import VERBS
from tests.unit.rehearsal.house import failure, house, played, read

HOLDS = {
    "taps": (("taps: begin",), "likes"),
    "taps, several": (("taps: [begin, tea, tea, milk, done]",), "name_it"),
    "taps, an always-on word": (("taps: [begin, numbers]",), "always.numbers"),
    "taps, a choice that is an always-on word": (("taps: phones",), "always.numbers"),
    "marks": (("taps: begin", "marks: [tea, milk]", "taps: done"), "tea_page"),
    "says": (("taps: [begin, milk, done]", "says: With sugar."), "may"),
    "says, a button": (("says: {button: begin}",), "likes"),
    "says, its number": (('says: "1"',), "likes"),
    "says, by language": (("says: {en: begin, es: empezar}",), "likes"),
    "waits": (("taps: [begin, milk, done]", "waits: 25h"), "quiet"),
    "waits, not long enough": (("taps: [begin, milk, done]", "waits: 23h"), "name_it"),
    "she leaves": (("she: leaves", "she: starts"), "always.returned"),
    "she starts": (("taps: phones", "she: starts"), "notice"),
    "she blocks": (("she: blocks", "she: unblocks", "she: starts"), "always.returned"),
    "she sends a photo": (("she: sends_photo", "sees: {text: Only words can be read}"), "notice"),
    "sees": (("sees: notice", "sees: {step: notice, text: Hello, not: Goodbye}"), "notice"),
    "sees, buttons": (("sees: {button: [begin, phones], no_button: back}",), "notice"),
    "sees, in her language": (("sees: {text: {en: Hello there., es: Hola.}}",), "notice"),
    "sees, without marks": (("taps: [begin, tea, done]", 'sees: {text: "like tea: Tea."}'),
                            "tea_page"),
    "stored": (("taps: [begin, tea, done]", "stored: {likes: tea, how: none, consent: none}"),
               "tea_page"),
    "stored, a consent": (("stored: {consent: be_shown, case: none, language: en}",), "page"),
    "stored, away": (("stored: {away: no}", "she: leaves", "stored: {away: yes}", "she: starts"),
                     "always.returned"),
    "stored, nothing": (("stored: none",), "notice"),
    "gone": (("she: leaves", "gone: yes", "she: starts"), "always.returned"),
}  # fmt: skip
STARTS = {"stored, a consent": "start: page\n    with: {consent: be_shown}"}


@pytest.mark.parametrize("name", HOLDS)
def test_what_holds_is_silent(name):
    """Each verb, used as the guide for leads shows it."""
    lines, ends = HOLDS[name]
    found = played(*lines, ends=ends, more=STARTS.get(name, ""))
    assert [f"{failure}" for failure in found.failures] == []
    assert found.runs == 1


FAILS = {
    "taps": (("taps: milk",), "There is no button `milk` here."),
    "taps, after leaving": (("she: leaves", "taps: begin"),
                            "There is no screen, so there is no button `begin`."),
    "taps, no neutral line": (("taps: open",), "There is no neutral line to open."),
    "marks, nowhere": (("marks: tea",), "Nothing can be marked here, so not `tea`."),
    "marks, twice": (("taps: begin", "marks: [tea, tea]"), "`tea` is marked already."),
    "says, a button": (("says: {button: tea}",),
                       "There is no button `tea` here, so its words cannot be typed."),
    "says, after a change of language": (
        ("taps: [more, language, es]", "says: {en: begin}"),
        "She reads es now, and there are no words in es to type."),
    "desk": (("desk: claims",), "There is no request at the desk."),
    "sees": (("sees: page",), "Expected the screen `start.page`, but she sees `start.notice`."),
    "sees, nothing": (("she: leaves", "sees: page"),
                      "Expected the screen `start.page`, but there is no screen."),
    "sees, text": (("sees: {text: Goodbye}",), "Expected “Goodbye” on the screen."),
    "sees, not": (("sees: {not: Hello}",), "“Hello” stands on the screen, and must not."),
    "sees, button": (("sees: {button: [begin, back]}",), "Expected a button `back`."),
    "sees, no button": (("sees: {no_button: begin}",),
                        "There is a button `begin`, and there must not be one."),
    "sees, line": (("sees: {line: Hello}",), "Expected another message with “Hello”."),
    "stored": (("taps: [begin, tea, done]", "stored: {likes: [tea, milk]}"),
               "Expected `likes` to be tea, milk, but tea is stored."),
    "stored, not": (("taps: [begin, tea, done]", "stored: {likes: none}"),
                    "Expected `likes` to be nothing, but tea is stored."),
    "stored, nothing": (("taps: [begin, tea, done]", "stored: none"),
                        "Nothing should be stored, but there is likes: tea."),
    "desk reads": (("desk: {reads: Hello}",), "The desk has not read “Hello”."),
    "gone": (("gone: yes",), "Nothing should be left in the chat, but 1 message is still there."),
    "ends": (("taps: begin",), "It should end at `start.notice`, but she stands at `start.likes`."),
    "ends, away": (("she: leaves",), "It should end at `start.notice`, but she has left."),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILS)
def test_what_does_not_hold_is_said(name):
    """One sentence each: what was expected, and what is."""
    lines, sentence = FAILS[name]
    assert failure(*lines).what == sentence


def test_every_verb_is_shown_holding_and_failing():
    """The tables above forget none; what only happens, like time, cannot fail."""
    assert len(VERBS) == len(get_args(scenario.Line)) - 1, "`desk` has two meanings"
    assert {name.partition(",")[0].split()[0] for name in HOLDS} == {*VERBS} - {"desk"}
    assert {name.partition(",")[0].split()[0] for name in FAILS} == {
        *({*VERBS} - {"waits", "she"}),
        "ends",
    }


def test_a_failure_names_its_line_what_she_sees_and_the_way_there():
    """Enough to mend it without playing it by hand."""
    found = failure("taps: begin", "marks: tea", "waits: 2h", "sees: page")
    assert (
        f"{found}"
        == """\
flows/start.tests.yaml:7:9: It (en): Expected the screen `start.page`, but she sees `start.likes`.
    She sees: start.likes: What do you like? Marked: Tea
    Buttons: tea, milk, done, back, person, numbers, more, leave
    So far:
      begins → start.notice: Hello there.
      taps begin → start.likes: What do you like?
      marks tea → start.likes: What do you like? Marked: Tea
      waits 2h → start.likes: What do you like? Marked: Tea"""
    )


def test_a_scenario_runs_in_every_language_its_words_are_given_in():
    """Words for one language only keep it to that one; a language can be named."""
    text = """
        tests:
          - name: Everywhere
            do:
              - taps: begin
            ends: likes
          - name: In one
            do:
              - says: {es: hola}
            ends: notice
          - name: Named
            language: es
            ends: notice
    """
    found = play_all(read(text), house())
    assert (found.runs, found.failures) == (4, [])
    only = play_all(read(text), house(), languages=("en",))
    assert only.runs == 1


def test_a_language_that_is_not_spoken_is_a_failure():
    """Not silence."""
    text = "tests:\n  - name: It\n    language: ar\n    ends: notice\n"
    assert [one.what for one in play_all(read(text), house()).failures] == [
        "These flows are not spoken in `ar`."
    ]


def test_a_place_that_is_gone_leads_to_the_rescue_step():
    """`start: nowhere` stands for a step that the flows no longer have."""
    found = played("sees: always.rescue", ends="always.rescue", more="start: nowhere")
    assert found.failures == []
