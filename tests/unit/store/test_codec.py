"""Values as bytes and back: exact inverses, and no field forgotten."""

from dataclasses import fields
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.case import Case, Shared
from bot.core.message import Button, Content, Edit, Entity, Photo, Send, Tidy
from bot.core.rules import Hours
from bot.store import codec
from bot.store.protocol import ConsentRecord
from bot.store.times import micros, moment

TIMES = st.integers(0, 7_000_000_000_000_000).map(moment)
TEXT = st.text(st.characters(codec=None, categories=None), max_size=40)  # lone surrogates too
CONTENT = st.builds(
    Content,
    TEXT,
    st.lists(
        st.builds(Entity, st.sampled_from(["bold", "url"]), st.integers(0), st.integers(0), TEXT),
        max_size=3,
    ).map(tuple),
    st.lists(st.lists(st.builds(Button, TEXT, TEXT), max_size=3).map(tuple), max_size=3).map(tuple),
)
CALLS = st.one_of(
    st.builds(
        Send,
        TEXT,
        CONTENT,
        st.booleans(),
        st.booleans(),
        st.none() | CONTENT,
        st.none() | st.builds(Photo, st.binary(max_size=40), CONTENT),
    ),
    st.builds(Edit, TEXT, CONTENT, st.booleans()),
    st.builds(Tidy, CONTENT),
)
CASES = st.builds(
    Case,
    id=TEXT, person=TEXT, alias=TEXT, queue=TEXT, urgency=TEXT, language=TEXT,
    state=st.sampled_from(["waiting", "claimed", "paused", "closed"]),
    opened_at=TIMES, consent=TEXT, consent_until=TIMES, structure=TEXT, at=TEXT,
    shared=st.lists(
        st.builds(Shared, TEXT, st.lists(TEXT, max_size=3).map(tuple), st.booleans()), max_size=3
    ).map(tuple),
    zone=TEXT,
    hours=st.lists(st.builds(Hours, st.integers(), st.integers()), max_size=2).map(tuple),
    holder=st.none() | TEXT, holders=st.lists(TEXT, max_size=2).map(tuple),
    lease_until=st.none() | TIMES, touched_at=st.none() | TIMES, talking=st.booleans(),
    nudge=st.none() | TEXT, nudged_at=st.none() | TIMES, held=st.integers(0, 99),
    news=st.booleans(), outcome=TEXT,
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(CALLS)
def test_calls(call: Send | Edit | Tidy):
    """Every call of the outbox."""
    assert codec.load_call(codec.dump_call(call)) == call


@given(CASES)
def test_cases(case: Case):
    """Every field of a case."""
    assert codec.load_case(codec.dump_case(case)) == case


def test_no_field_of_a_case_is_left_out():
    """The strategy above names all of them, so a new one cannot be missed."""
    example = CASES.wrapped_strategy if hasattr(CASES, "wrapped_strategy") else CASES
    names = {field.name for field in fields(Case)}
    assert len(names) > 20
    assert names == set(example.kwargs)


@given(st.dictionaries(TEXT, JSON, max_size=4))
def test_states(state: dict[str, object]):
    """Any JSON, also behind a read-only view."""
    assert codec.load(codec.dump(state)) == state
    assert codec.load(codec.dump(MappingProxyType(state))) == state


@pytest.mark.parametrize("value", [object(), {"x": {1, 2}}, float("nan"), b"bytes"])
def test_what_is_not_json_is_refused(value: object):
    """Better no commit than one that reads back differently."""
    with pytest.raises((TypeError, ValueError)):
        codec.dump(value)


@given(TEXT, st.lists(st.tuples(TEXT, st.integers(), st.integers(), TEXT), max_size=3).map(tuple))
def test_words(text: str, entities: tuple[tuple[str, int, int, str], ...]):
    """One relayed message."""
    assert codec.load_word(codec.dump_word(text, entities)) == (text, entities)


@given(
    st.builds(
        ConsentRecord, TEXT, st.sampled_from(["given", "withdrawn"]), TIMES, st.none() | TIMES,
        TEXT, TEXT, TEXT, TEXT,
    )
)  # fmt: skip
def test_consents(record: ConsentRecord):
    """What was asked, in which words, and what she answered."""
    assert codec.load_consent(codec.dump_consent(record)) == record


@given(CONTENT)
def test_contents(content: Content):
    """The dull content of a Tidy."""
    assert codec.load_content(codec.dump_content(content)) == content


@given(TIMES)
def test_times(at: datetime):
    """To the microsecond, in UTC."""
    assert moment(micros(at)) == at
    assert micros(at + timedelta(microseconds=1)) == micros(at) + 1


def test_a_time_without_a_zone_is_a_bug():
    """It would be stored hours off."""
    with pytest.raises(TypeError):
        micros(datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake under test


def test_unknown_forms_are_refused():
    """Rows of a newer program are not half understood."""
    with pytest.raises(ValueError, match="newer"):
        codec.load_call(codec.dump(["z", "what"]))
