"""Folding: two ways of writing the same words are equal, and nothing else is."""

import pytest

from bot.core.fold import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("LEAVE NOW!!!", "leave now"),
        ("  leave\n\tnow ", "leave now"),
        ("Don’t", "dont"),
        ("don't", "dont"),
        ("¿Qué está pasando?", "que esta pasando"),
        ("ＬＥＡＶＥ", "leave"),
        ("le\u00adave", "leave"),
        ("k\u200dill", "kill"),
        ("kill\u200bmyself", "kill myself"),
        ("٣", "3"),
        ("1\ufe0f\u20e3", "1"),
        ("🙂", ""),
        ("", ""),
        ("\x00leave\x00", "leave"),
    ],
)
def test_spellings_fold_to_plain_words(written, folded):
    """Case, accents, punctuation, invisible marks and scripts of digits do not count."""
    assert fold(written) == folded


def test_folding_never_grows_a_message_beyond_its_bound():
    """Some single characters stand for a whole phrase."""
    assert len(fold("\ufdfa" * 4096)) <= 8192
