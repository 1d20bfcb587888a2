"""A few texts and their Spanish, for tests of what translators work with."""

from pathlib import Path

from bot.core.ids import Language
from bot.flowdef.load import load_files
from bot.flowdef.model import Library
from bot.text import extract, merging
from bot.text.catalog import Catalogues

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
    """A library with these phrases and nothing else."""
    found, issues = load_files({"phrases.yaml": phrases.encode()})
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


def begun(folder: Path) -> Path:
    """A folder with a template and a Spanish file in which one text is translated."""
    locales = folder / "locales"
    extract.extract(flows(), locales)
    merging.update(flows(), locales, ES)
    translated(locales, ("a.first", "Primeras palabras"))
    return locales


def po(locales) -> str:
    """The Spanish file."""
    return (locales / "es" / "LC_MESSAGES" / "messages.po").read_text("utf-8")


def shown(locales, library: Library, ctx: str) -> tuple[str, ...] | None:
    """What the catalogue would show for a text."""
    found = Catalogues.load(locales)
    assert found.issues == ()
    return found.by_language[ES].of(ctx, library.texts[ctx].msgid)
