"""Extraction: every English text once, nothing guessed, nothing changed by a second run."""

from bot.text import extract
from tests.unit.text.catalogues import PHRASES, begun, flows


def test_the_template_has_every_text_with_its_place_and_note(tmp_path):
    """A translator sees where a text is and what it is for; nothing in it changes by itself."""
    text = (begun(tmp_path) / "messages.pot").read_text("utf-8")
    assert (
        "#. On the first screen\n#: flows/phrases.yaml:2\n"
        'msgctxt "a.first"\nmsgid "First words"\nmsgstr ""\n'
    ) in text
    assert 'msgctxt "a.days"\nmsgid "{count} day"\nmsgid_plural "{count} days"\n' in text
    assert "#. Required: without this text the language is not offered.\n" in text
    assert "python-format" not in text
    assert "Creation-Date" not in text
    assert "Babel" not in text


def test_a_stale_template_is_known(tmp_path):
    """By its texts and notes; a line that moved makes nothing stale."""
    locales = begun(tmp_path)
    assert not extract.stale(flows(), locales)
    assert not extract.stale(flows("# a comment\n" + PHRASES), locales)
    assert extract.stale(flows(PHRASES.replace("First", "Last")), locales)
    assert extract.stale(flows(PHRASES.replace("On the first", "On a")), locales)
    assert extract.stale(flows(PHRASES + "  a.new: New\n"), locales)
    assert extract.stale(flows(), locales / "nowhere")
