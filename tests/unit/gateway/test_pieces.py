"""Cutting a batch: the unreadable update stays alone with its trouble."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.pieces import BrokenAnswer, Piece, read_batch, read_update


def batch(*updates: str) -> bytes:
    """An answer of getUpdates."""
    return ('{"ok":true,"result":[' + ",".join(updates) + "]}").encode()


GOOD = '{"update_id":3,"message":{"text":"a \\"quote\\" and ]} and \\\\"}}'
NESTED = '{"update_id":4,"message":' + "[" * 100_000 + "]" * 100_000 + "}"
DIGITS = '{"update_id":5,"n":' + "9" * 5_000 + "}"


def test_a_good_batch_is_read_in_order() -> None:
    """The fast way."""
    assert read_batch(batch(GOOD, '{"update_id":9}')) == (
        Piece(3, json.loads(GOOD)),
        Piece(9, {"update_id": 9}),
    )


@pytest.mark.parametrize(("bad", "number"), [(NESTED, 4), (DIGITS, 5)], ids=["nested", "digits"])
def test_the_neighbours_of_an_unreadable_update_are_read(bad: str, number: int) -> None:
    """100,000 brackets and integers of 5,000 digits break the parser, not the batch."""
    before, broken, after = read_batch(batch(GOOD, bad, '{"update_id":9}'))
    assert (before.id, after.id) == (3, 9)
    assert before.body == json.loads(GOOD)
    assert broken == Piece(number, None, bad.encode())
    assert broken.as_bytes() == bad.encode()


@pytest.mark.parametrize(
    "payload",
    [
        batch(GOOD, NESTED)[:-4],
        batch(GOOD)[:-9],
        b'{"ok":true,"result":{}}',
        b'{"ok":true}',
        b"<html>",
        b"",
        b"[]",
        b"[" * 100_000,
    ],
)
def test_what_is_no_batch_is_refused_as_a_whole(payload: bytes) -> None:
    """Cut short, or something else: it is asked for again."""
    with pytest.raises(BrokenAnswer):
        read_batch(payload)


def test_an_update_without_id_keeps_its_bytes() -> None:
    """It can only be buried, and then its bytes are all there is."""
    (piece,) = read_batch(batch('{"update_id":true,"x":1}'))
    assert piece == Piece(None, None, b'{"update_id": true, "x": 1}')


def test_an_id_inside_her_words_is_not_the_id() -> None:
    """Text that looks like the field is inside a string, where quotes are escaped."""
    words = json.dumps({"text": '"update_id":1,'})
    raw = '{"message":' + words + ',"deep":' + "[" * 100_000 + "]" * 100_000 + "}"
    assert read_update(raw.encode()).id is None


@given(st.binary(max_size=200))
def test_any_bytes_are_a_piece(payload: bytes) -> None:
    """The webhook never raises for a body."""
    assert isinstance(read_update(payload), Piece)


@given(st.binary(max_size=200), st.booleans())
def test_any_answer_is_a_batch_or_broken(payload: bytes, started: bool) -> None:
    """Nothing else is raised."""
    try:
        found = read_batch((b'{"ok":true,"result":[' if started else b"") + payload)
    except BrokenAnswer:
        return
    assert all(isinstance(piece, Piece) for piece in found)
