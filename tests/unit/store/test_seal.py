"""Sealed values open in their place and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import PersonId
from bot.store.seal import FORM, KeyMissing, SealBroken, Sealer, lookup

ANN, BEA = PersonId("ann"), PersonId("bea")


class KeysOfTwo:
    def data_key(self, person: PersonId) -> bytes:
        if person not in (ANN, BEA):
            msg = "no key"
            raise KeyMissing(msg)
        return {ANN: b"a" * 32, BEA: b"b" * 32}[person]


@given(st.binary(max_size=500))
def test_what_is_sealed_opens_again(clear: bytes):
    """Exactly, and never the same bytes twice."""
    sealer = Sealer(KeysOfTwo())
    sealed = sealer.seal(ANN, "session|state", ANN, clear)
    assert sealer.open(ANN, "session|state", ANN, sealed) == clear
    assert sealed != sealer.seal(ANN, "session|state", ANN, clear)
    assert sealed[0] == FORM
    assert len(sealed) == 1 + 12 + len(clear) + 16


@pytest.mark.parametrize(
    ("person", "place", "row"),
    [(BEA, "outbox|payload", 7), (ANN, "outbox|payload", 8), (ANN, "word|body", 7)],
)
def test_a_value_in_another_place_stays_closed(person: PersonId, place: str, row: int):
    """Rows cannot be swapped between people, rows or columns."""
    sealer = Sealer(KeysOfTwo())
    sealed = sealer.seal(ANN, "outbox|payload", 7, b"canary")
    with pytest.raises(SealBroken) as caught:
        sealer.open(person, place, row, sealed)
    assert "canary" not in str(caught.value)


@given(st.integers(0, 34), st.integers(1, 255))
def test_a_changed_byte_is_noticed(position: int, change: int):
    """Form, nonce, ciphertext and tag alike."""
    sealer = Sealer(KeysOfTwo())
    sealed = bytearray(sealer.seal(ANN, "t|c", 1, b"canary"))
    sealed[position] ^= change
    with pytest.raises(SealBroken):
        sealer.open(ANN, "t|c", 1, bytes(sealed))


@pytest.mark.parametrize("length", [0, 1, 12, 13, 28])
def test_a_value_cut_short_is_noticed(length: int):
    """However short."""
    sealer = Sealer(KeysOfTwo())
    with pytest.raises(SealBroken):
        sealer.open(ANN, "t|c", 1, sealer.seal(ANN, "t|c", 1, b"canary")[:length])


def test_without_a_key_nothing_is_sealed_or_opened():
    """And asking whether there is one does not raise."""
    sealer = Sealer(KeysOfTwo())
    with pytest.raises(KeyMissing):
        sealer.seal(PersonId("eve"), "t|c", 1, b"x")
    assert not sealer.knows(PersonId("eve"))
    assert sealer.knows(ANN)


def test_ciphers_in_memory_are_bounded_and_forgotten():
    """The keys are asked again for whoever dropped out."""
    asked = []

    class Counting(KeysOfTwo):
        def data_key(self, person: PersonId) -> bytes:
            asked.append(person)
            return super().data_key(person)

    sealer = Sealer(Counting(), ciphers=1)
    for person in (ANN, ANN, BEA, ANN):
        sealer.knows(person)
    sealer.forget(ANN)
    sealer.knows(ANN)
    assert asked == [ANN, BEA, ANN, ANN]


def test_the_lookup_depends_on_key_door_and_chat():
    """128 bits, and nothing of the chat id in it."""
    known = lookup(b"k" * 32, "survivor", 4711)
    assert known == lookup(b"k" * 32, "survivor", 4711)
    assert len(known) == 16
    others = {
        lookup(b"x" * 32, "survivor", 4711),
        lookup(b"k" * 32, "staff", 4711),
        lookup(b"k" * 32, "survivor", 4712),
    }
    assert known not in others
    assert len(others) == 3
