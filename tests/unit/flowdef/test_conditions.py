"""The condition language: what it means, and that nothing else is in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flowdef.conditions import NotACondition, canonical, closure, comparisons, parse

ANSWERS = {"way": "talk", "needs": ("safety", "money"), "one": ("safety",), "none": ()}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("way is talk", True),
        ("way is court", False),
        ("way is not court", True),
        ("way is answered", True),
        ("note is answered", False),
        ("note is not answered", True),
        ("none is answered", False),
        ("safety in needs", True),
        ("privacy in needs", False),
        ("privacy not in needs", True),
        ("needs is safety", False),
        ("one is safety", True),
        ("way in (talk, court)", True),
        ("way in (court)", False),
        ("way not in (court)", True),
        ("needs in (privacy, money)", True),
        ("not way is talk", False),
        ("not not way is talk", True),
        ("way is talk and safety in needs", True),
        ("way is court or safety in needs", True),
        ("way is court and way is talk or money in needs", True),
        ("way is court and (way is talk or money in needs)", False),
        ("note is hello", False),
        ("note is not hello", True),
        ('zone is "America/New_York" or way is talk', True),
    ],
)
def test_a_condition_means_what_it_says(source, expected):
    """`and` binds closer than `or`; `is` means nothing else beside it."""
    assert closure(parse(source))(ANSWERS) is expected


@pytest.mark.parametrize(
    "source",
    [
        "", "way", "way is", "is talk", "way talk", "way is talk and", "(way is talk",
        "way is talk)", "way in ()", "way in (a b)", "way == talk", "way.__class__ is talk",
        "way is talk; x is y",
        "not", "way is is", "a in", "__import__('os')", "way is answered answered",
    ],
)  # fmt: skip
def test_what_is_not_in_the_language_is_refused(source):
    """With a sentence for the author."""
    with pytest.raises(NotACondition, match=r"\.$"):
        parse(source)


def test_a_long_condition_is_refused_before_it_is_deep():
    """The parser is recursive, so its depth is bounded by the number of words."""
    with pytest.raises(NotACondition, match="more than 60 words"):
        parse("not " * 100_000 + "a is b")


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_is_refused(source):
    """No other exception leaves the parser."""
    try:
        found = parse(source)
    except NotACondition:
        return
    assert closure(found)({}) in {True, False}


def test_names_and_values_are_listed():
    """What the check of names looks at."""
    found = parse("a is answered and (b is x or not c in (y, z))")
    assert list(comparisons(found)) == [("a", ()), ("b", ("x",)), ("c", ("y", "z"))]


def test_spelling_does_not_change_the_canonical_form():
    """Space and needless parentheses are not structure."""
    assert canonical(parse("a  is b and (c is d)")) == canonical(parse("(a is b) and c is d"))
