"""Coverage of a small made flow, to the last figure."""

from bot.rehearsal import report
from bot.rehearsal.coverage import coverage, percent
from bot.rehearsal.playing import Played, play_all
from tests.unit.rehearsal.house import house, read

PARTLY = """
    tests:
      - name: Tea
        do:
          - taps: [begin, tea, done, next]
          - says: {en: With milk}
          - taps: refuse
        ends: page
      - name: In Spanish, another way
        language: es
        do:
          - taps: [begin, milk, done, skip]
        ends: may
      - name: Silence
        language: en
        start: name_it
        do:
          - waits: 2d
        ends: quiet
"""


def found(text, flows=("start",)):
    """What some scenarios exercise of the made flow."""
    played = play_all(read(text), house())
    assert played.failures == []
    return coverage(house().library, ("en", "es"), played.trace, flows)


def test_screens_and_ways_are_counted_by_language():
    """Seven screens; 16 ways: 8 choices, 3 next, done, words, silence, and a `when` both ways."""
    (row,) = found(PARTLY).rows
    assert (row.flow, row.steps, row.of_ways) == ("start", 7, 16)
    assert row.screens == {"en": 7, "es": 4}
    assert row.ways == {"en": 8, "es": 5}


def test_what_was_never_exercised_is_listed_with_its_place():
    """Screens, choices, the button that goes on, and a `when` that never turned out one way."""
    lines = [f"{one}" for one in found(PARTLY).missing]
    step = {each.id: each for each in house().library.flow("start").steps}

    def place(where):
        return f"{where.place.file}:{where.place.line}:{where.place.column}"

    assert lines == [
        f"{place(step['start.notice'].choices[1])}: start.notice, phones (en, es)",
        f"{place(step['start.notice'].choices[2])}: start.notice, page (en, es)",
        f"{place(step['start.likes'].choices[0])}: start.likes, tea (es)",
        f"{place(step['start.likes'].choices[1])}: start.likes, milk (en)",
        f"{place(step['start.tea_page'])}: start.tea_page is never shown (es)",
        f"{place(step['start.tea_page'])}: start.tea_page, next (es)",
        f"{place(step['start.tea_page'].when)}: start.tea_page, when: yes (es)",
        f"{place(step['start.tea_page'].when)}: start.tea_page, when: no (en)",
        f"{place(step['start.name_it'])}: start.name_it, words (es)",
        f"{place(step['start.name_it'])}: start.name_it, silence (es)",
        f"{place(step['start.name_it'].choices[0])}: start.name_it, skip (en)",
        f"{place(step['start.may'].choices[0])}: start.may, agree (en, es)",
        f"{place(step['start.may'].choices[1])}: start.may, refuse (es)",
        f"{place(step['start.page'])}: start.page is never shown (es)",
        f"{place(step['start.page'])}: start.page, next (en, es)",
        f"{place(step['start.quiet'])}: start.quiet is never shown (es)",
        f"{place(step['start.quiet'])}: start.quiet, next (en, es)",
    ]


def test_the_share_is_that_of_the_language_and_kind_that_is_exercised_least():
    """A floor must not be reached by one language, or by looking without pressing."""
    result = found(PARTLY)
    assert result.share("en") == percent(8, 16)
    assert result.least == result.share("es") == percent(5, 16)


def test_all_of_it_can_be_exercised():
    """Every way out that is owed can be taken by the verbs there are."""
    text = """
        tests:
          - name: Tea, and all
            do:
              - taps: [begin, tea, done, next, skip, agree, next]
              - taps: [begin, tea, milk, done]
              - says: With sugar
              - taps: [refuse, next, phones, onward, page, next]
            ends: notice
          - name: Silence
            start: name_it
            do:
              - waits: 25h
              - taps: next
            ends: notice
    """
    result = found(text)
    assert [f"{one}" for one in result.missing] == []
    assert result.least == 100


def test_an_unmarked_choice_was_not_taken():
    """Taking a mark away is not the way on that the choice is."""
    text = """
        tests:
          - name: It
            start: likes
            with: {likes: [tea]}
            do:
              - taps: tea
            ends: likes
    """
    missing = [(one.step, one.way) for one in found(text).missing]
    assert ("start.likes", "tea") in missing


def test_the_table_has_a_line_a_flow_and_a_total():
    """Aligned, so that it can be read in a terminal."""
    assert report.table(found(PARTLY)) == (
        "flow   screens en  ways on en  screens es  ways on es",
        "start    7/7 100%    8/16 50%     4/7 57%    5/16 31%",
        "all      7/7 100%    8/16 50%     4/7 57%    5/16 31%",
    )


def test_the_summary_is_one_line():
    """How many, in how many runs, and the least share, never rounded up."""
    played = Played(runs=2)
    assert report.summary(1, played, None) == "1 test in 2 runs: all hold."
    assert report.summary(3, played, found(PARTLY)) == (
        "3 tests in 2 runs: all hold, 31% exercised."
    )
