"""A longer question in pieces: nothing is lost, and a short one stays whole."""

from hypothesis import given
from hypothesis import strategies as st

from bot.hearing.clauses import MOST, WINDOW, clauses


def test_a_short_question_is_one():
    """What is read at a glance needs no pieces."""
    assert clauses("who pays, and how much?") == ()


def test_marks_divide_and_small_pieces_stay_with_the_one_before():
    """The last piece is often what is asked."""
    told = "It was in May. He had a knife, a big one, sir. Can I still get money?"
    assert clauses(told)[:3] == ("It was in May", "He had a knife", "a big one sir")
    assert clauses(told)[3:] == ("Can I still get money",)


def test_a_long_piece_is_read_in_overlapping_ones():
    """Where nobody writes marks, its end is a piece of its own."""
    words = [f"w{number}" for number in range(25)]
    pieces = clauses(" ".join(words))
    assert pieces[0].split() == words[:WINDOW]
    assert pieces[-1].split() == words[-WINDOW:]


@given(st.text())
def test_any_text_has_few_pieces_of_its_own_words(text):
    """Whatever is typed; nothing is made up."""
    pieces = clauses(text)
    assert len(pieces) <= MOST
    assert all(set(piece.split()) for piece in pieces)
