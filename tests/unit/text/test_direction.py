"""Values keep together inside text of the other direction, and are untouched inside their own."""

import pytest

from bot.core.ids import Language
from bot.text.direction import isolated


@pytest.mark.parametrize(
    ("value", "language", "shown"),
    [
        ("1-800-799-7233", "en", "1-800-799-7233"),
        ("1-800-799-7233", "ar", "\u20681-800-799-7233\u2069"),
        ("Sí, María", "es", "Sí, María"),
        ("مريم 2", "en", "\u2068مريم 2\u2069"),
        ("one\n\ntwo", "he", "\u2068one\u2069\n\n\u2068two\u2069"),
        ("", "ar", ""),
    ],
)
def test_a_value_is_isolated_line_by_line_where_it_could_be_torn_apart(value, language, shown):
    """A line break would end the mark."""
    assert isolated(value, Language(language)) == shown
