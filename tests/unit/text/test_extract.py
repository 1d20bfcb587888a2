"""Extraction and merging: by id path only, nothing guessed, nothing changed by a second run."""

import pytest

from bot.core.ids import Language
from bot.flowdef.model import Library
from bot.text import extract
from bot.text.catalog import Catalogues
from tests.unit.flowdef.flows import read

ES = Language("es")
EMPTY = 'msgstr ""'
PHRASES = """phrases:
  a.first: {text: First words, note: On the first screen}
  a.second: "Second words with 100% care, a line that
    goes on and on and on, so that it has to be broken once"
  a.days: {one: "{count} day", other: "{count} days"}
  a.care: {text: Take care., translated: required}
"""


def flows(phrases: str = PHRASES) -> Library:
    """A library with these phrases."""
    found, issues = read("flow: main\nsteps: [{id: first, end: yes}]\n", **{
        "phrases.yaml": phrases.encode()
    })  # fmt: skip
    assert issues == ()
    return found


def translated(locales, *pairs: tuple[str, str]) -> None:
    """Write translations into the Spanish file as a person would: each into the empty msgstr."""
    path = locales / "es" / "LC_MESSAGES" / "messages.po"
    text = path.read_text("utf-8")
    for ctx, spanish in pairs:
        start = text.index(f'msgctxt "{ctx}"')
        at = text.index(EMPTY, start)
        text = f'{text[:at]}msgstr "{spanish}"{text[at + len(EMPTY) :]}'
    path.write_text(text, "utf-8")


@pytest.fixture
def locales(tmp_path):
    """A folder with a template and a Spanish file in which one text is translated."""
    folder = tmp_path / "locales"
    extract.extract(flows(), folder)
    extract.update(flows(), folder, ES)
    translated(folder, ("a.first", "Primeras palabras"))
    return folder


def po(locales) -> str:
    """The Spanish file."""
    return (locales / "es" / "LC_MESSAGES" / "messages.po").read_text("utf-8")


def shown(locales, library: Library, ctx: str) -> tuple[str, ...] | None:
    """What the catalogue would show for a text."""
    found = Catalogues.load(locales)
    assert found.issues == ()
    return found.by_language[ES].of(ctx, library.texts[ctx].msgid)


def test_the_template_has_every_text_with_its_place_and_note(locales):
    """A translator sees where a text is and what it is for; nothing in it changes by itself."""
    text = (locales / "messages.pot").read_text("utf-8")
    assert (
        "#. On the first screen\n#: flows/phrases.yaml:2\n"
        'msgctxt "a.first"\nmsgid "First words"\nmsgstr ""\n'
    ) in text
    assert 'msgctxt "a.days"\nmsgid "{count} day"\nmsgid_plural "{count} days"\n' in text
    assert "#. Required: without this text the language is not offered.\n" in text
    assert "python-format" not in text
    assert "Creation-Date" not in text
    assert "Babel" not in text


def test_a_second_run_changes_nothing(locales):
    """Neither the template nor a file with translations, fuzzy and obsolete ones included."""
    changed = flows(PHRASES.replace("First words", "Other words").replace("  a.care", "  a.cared"))
    extract.update(changed, locales, ES)
    before, template = po(locales), (locales / "messages.pot").read_bytes()
    extract.update(changed, locales, ES)
    extract.extract(flows(), locales)
    assert po(locales) == before
    assert (locales / "messages.pot").read_bytes() == template


def test_changed_english_keeps_the_translation_as_fuzzy_with_the_old_words(locales):
    """The person who translates sees both; nobody else sees anything."""
    changed = flows(PHRASES.replace("First words", "Changed words"))
    extract.update(changed, locales, ES)
    assert (
        '#, fuzzy\n#| msgid "First words"\nmsgctxt "a.first"\nmsgid "Changed words"\n'
        'msgstr "Primeras palabras"\n'
    ) in po(locales)
    assert shown(locales, changed, "a.first") is None


def test_english_changed_twice_still_shows_what_the_translation_was_made_from(locales):
    """And when the old words come back, so does the translation."""
    extract.update(flows(PHRASES.replace("First words", "Second try")), locales, ES)
    extract.update(flows(PHRASES.replace("First words", "Third try")), locales, ES)
    assert '#| msgid "First words"\nmsgctxt "a.first"\nmsgid "Third try"' in po(locales)
    extract.update(flows(), locales, ES)
    assert shown(locales, flows(), "a.first") == ("Primeras palabras",)
    assert "fuzzy" not in po(locales)


def test_long_old_words_are_kept_whole(locales):
    """Babel alone would break them in the middle and read them back as a comment."""
    translated(locales, ("a.second", "Segundas palabras"))
    changed = flows(PHRASES.replace("Second words", "Other words"))
    extract.update(changed, locales, ES)
    extract.update(changed, locales, ES)
    assert '#, fuzzy\n#| msgid ""\n#| "Second words with 100% care, a line' in po(locales)
    assert '#| " be broken once"\nmsgctxt "a.second"\n' in po(locales)
    extract.update(flows(), locales, ES)
    assert shown(locales, flows(), "a.second") == ("Segundas palabras",)


def test_a_text_that_has_gone_is_obsolete_and_comes_back(locales):
    """Work of translators is not thrown away."""
    extract.update(flows(PHRASES.replace("a.first", "a.renamed")), locales, ES)
    assert '#~ msgctxt "a.first"\n#~ msgid "First words"\n#~ msgstr "Primeras palabras"' in po(
        locales
    )
    extract.update(flows(), locales, ES)
    assert shown(locales, flows(), "a.first") == ("Primeras palabras",)


def test_nothing_is_offered_because_it_looks_similar(locales):
    """A new text that reads almost like an old one is empty, not fuzzy."""
    near = flows(PHRASES + '  a.near: "First word"\n')
    extract.update(near, locales, ES)
    assert 'msgctxt "a.near"\nmsgid "First word"\nmsgstr ""\n' in po(locales)
    assert "fuzzy" not in po(locales)


def test_a_text_that_gets_a_plural_keeps_its_translation_as_fuzzy(locales):
    """In the shape the new text needs."""
    changed = flows(
        PHRASES.replace(
            "{text: First words, note:", '{one: "One word", other: "First words", note:'
        )
    )
    extract.update(changed, locales, ES)
    assert 'msgstr[0] "Primeras palabras"\nmsgstr[1] "Primeras palabras"' in po(locales)
    assert shown(locales, changed, "a.first") is None


def test_comments_and_header_of_translators_stay(locales):
    """The file is theirs."""
    path = locales / "es" / "LC_MESSAGES" / "messages.po"
    text = po(locales).replace("# Waymark", "# Needs review by a native advocate.\n# Waymark", 1)
    text = text.replace("FULL NAME <EMAIL@ADDRESS>", "A Person <a@example.org>")
    text = text.replace("#. On the first", "# checked twice\n#. On the first")
    path.write_text(text, "utf-8")
    extract.update(flows(), locales, ES)
    assert po(locales) == text


def test_a_broken_file_is_not_overwritten(locales):
    """The message says where it is broken."""
    path = locales / "es" / "LC_MESSAGES" / "messages.po"
    path.write_text("msgid broken\n", "utf-8")
    with pytest.raises(extract.BrokenCatalogue, match=r"messages\.po:1:1: es: This line"):
        extract.update(flows(), locales, ES)
    assert path.read_text("utf-8") == "msgid broken\n"


def test_a_stale_template_is_known(locales):
    """By its texts and notes; a line that moved makes nothing stale."""
    assert not extract.stale(flows(), locales)
    assert not extract.stale(flows("# a comment\n" + PHRASES), locales)
    assert extract.stale(flows(PHRASES.replace("First", "Last")), locales)
    assert extract.stale(flows(PHRASES.replace("On the first", "On a")), locales)
    assert extract.stale(flows(PHRASES + "  a.new: New\n"), locales)
    assert extract.stale(flows(), locales / "nowhere")
