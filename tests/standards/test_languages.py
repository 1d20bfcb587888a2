"""Language access: what is translated first, and what is never shown in the wrong language."""

import pytest

from bot.text.catalog import Catalogues
from bot.text.words import Words
from tests.standards.guide import LANGUAGES, LIBRARY, SPOKEN, said, told
from tests.survivor import ROOT

VITAL = ("contact.may", "contact.summary", "start.notice", "always.numbers", "always.danger")
"""Consent, intake, notice and numbers; a rights notice is what `limits` and `courtroom` hold."""


def test_lang_2_vital_texts_are_marked_and_there():
    """Without one of them a language is not offered; rights pages are translated with them."""
    catalogue = Catalogues.load(ROOT / "locales").by_language
    for name in VITAL:
        text = LIBRARY.texts[f"{name}.say"]
        assert text.required, name
        for translations in catalogue.values():
            assert translations.of(text.ctx, text.msgid) is not None, name
    for language in LANGUAGES:
        for name in ("courtroom.rights_ny", "limits.reporting", "courtroom.complain"):
            assert said(f"{name}.say", language), name


@pytest.mark.parametrize("language", [one for one in SPOKEN if one != "en"])
def test_lang_7_nothing_at_all_falls_back_to_english(language):
    """Every text has its translation, and only names of places and programs are the same."""
    english, other = told("en"), told(language)
    same = [ctx for ctx, words in other.items() if words == english[ctx] and len(words.split()) > 6]
    assert same == []


def test_lang_7_a_language_without_a_vital_text_is_refused():
    """The others go on; nobody is shown English in its place."""
    files = {"es": (ROOT / "locales/es/LC_MESSAGES/messages.po").read_bytes()}
    text = LIBRARY.texts["contact.may.say"]
    broken = files["es"].replace(f'msgctxt "{text.ctx}"'.encode(), b'msgctxt "gone.say"')
    assert broken != files["es"]
    words = Words(LIBRARY, Catalogues.load_files({"es": broken}))
    assert "es" not in words.languages
    assert text.ctx in words.refused["es"]
