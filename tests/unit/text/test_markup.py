"""The tiny markup: what becomes an entity, and that nothing a person typed ever does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.message import Content, Entity, utf16_length
from bot.text.markup import MissingValue, Slot, names_in, parse

ANYTHING = st.text(st.characters(exclude_categories=()))
"""Lone surrogates, control characters and all."""

SOUP = st.text(st.sampled_from("*_[]{}()\\ \nab😀é:/hts"), max_size=60)


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", ()),
        ("a *b* c", "a b c", (Entity("bold", 2, 1),)),
        ("_a_ 😀 *b*", "a 😀 b", (Entity("italic", 0, 1), Entity("bold", 5, 1))),
        ("*a _b_*", "a b", (Entity("bold", 0, 3), Entity("italic", 2, 1))),
        ("[a *b*](https://x.y/z_1)", "a b",
         (Entity("text_link", 0, 3, "https://x.y/z_1"), Entity("bold", 2, 1))),
        ("(*a*), *b*!", "(a), b!", (Entity("bold", 1, 1), Entity("bold", 5, 1))),
        (r"\*a\* \_b\_ \[c\] \\", r"*a* _b_ [c] " + "\\", ()),
        ("snake_case_word 2*3*4", "snake_case_word 2*3*4", ()),
        ("a * b * c", "a * b * c", ()),
        ("{{a}} {{", "{a} {", ()),
        ("*a\nb*", "a\nb", (Entity("bold", 0, 3),)),
        ("[a] (b) [c]", "[a] (b) [c]", ()),
        (r"C:\dir", r"C:\dir", ()),
    ],
)  # fmt: skip
def test_markup_becomes_entities(source, text, entities):
    """Offsets and lengths count UTF-16 code units."""
    assert parse(source).rich({}) == Content(text, entities)
    assert parse(source).plain({}) == text
    assert parse(source).flaws == ()


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("a *b", "A `*` is opened and not closed."),
        ("*a\n\nb*", "A `*` is opened and not closed."),
        ("*a _b* c", "A `_` is opened and not closed."),
        ("{Name}", "A `{` opens no placeholder."),
        ("a { b", "A `{` opens no placeholder."),
        ("[a](http://x.y)", "A link does not begin with https://."),
        ("[a](javascript:x)", "A link does not begin with https://."),
    ],
)
def test_a_marker_without_a_partner_is_itself_and_a_flaw(source, what):
    """The text is shown as written, and the check tells its author."""
    template = parse(source)
    assert template.plain({}).replace("*", "") == source.replace("*", "")
    assert [flaw.what for flaw in template.flaws] == [what]


def test_values_stand_where_the_placeholder_is():
    """Formatting around a placeholder spans the value."""
    content = parse("Hi *{name}*, {count} [more](https://a.b)").rich({"name": "*😀*", "count": "2"})
    assert content.text == "Hi *😀*, 2 more"
    assert content.entities == (
        Entity("bold", 3, 4),
        Entity("text_link", 11, 4, "https://a.b"),
    )


def test_an_empty_value_leaves_no_empty_entity():
    """Telegram refuses entities without length."""
    assert parse("*{a}* b").rich({"a": ""}) == Content(" b")


def test_a_missing_value_is_a_bug_told_without_values():
    """The sentence names the placeholder and nothing a person typed."""
    with pytest.raises(MissingValue, match="'b'") as told:
        parse("{a}{b}").plain({"a": "secret words"})
    assert "secret" not in str(told.value)


def test_placeholders_are_listed():
    """Braces and markers do not hide them."""
    assert names_in("{a} *{b_2}* {{c}} {a}") == {"a", "b_2"}


@given(value=ANYTHING, before=SOUP, after=SOUP)
def test_any_value_arrives_as_it_was_and_never_as_markup(value, before, after):
    """Byte for byte, and the entities are those of the text with another value, only moved."""
    template = parse(f"{before} {{value}} {after}")
    others = dict.fromkeys(template.names, "")
    content = template.rich({**others, "value": value})
    neutral = template.rich({**others, "value": "x"})
    head = template.pieces[: template.pieces.index(Slot("value"))]
    start = sum(len(piece) for piece in head if isinstance(piece, str))
    assert content.text[start : start + len(value)] == value
    assert content.text[start + len(value) :] == neutral.text[start + 1 :]
    assert {e.kind for e in content.entities} <= {e.kind for e in neutral.entities}
    assert len(content.entities) <= len(neutral.entities)


@given(st.text(st.sampled_from("*_[](){}\\https:/x 😀\n"), max_size=80))
def test_a_value_of_markup_has_no_entities(value):
    """Whatever markers she types."""
    assert parse("{value}").rich({"value": value}) == Content(value)


@given(SOUP)
def test_any_text_parses_and_its_entities_lie_inside_it(source):
    """No exception, no entity outside the text or without length, none without markers."""
    template = parse(source)
    content = template.rich(dict.fromkeys(template.names, "v"))
    for entity in content.entities:
        assert entity.length > 0
        assert entity.offset >= 0
        assert entity.offset + entity.length <= utf16_length(content.text)


@given(SOUP)
def test_escaped_text_is_itself(source):
    """Every marker can be written as a character."""
    escaped = "".join(f"\\{c}" if c in "\\*_[]{}()" else c for c in source)
    assert parse(escaped).rich({}) == Content(source)
    assert parse(escaped).flaws == ()
