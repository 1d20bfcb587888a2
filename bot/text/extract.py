"""From flows to ``messages.pot``: every English text once, with its place and its note.

Decides how a text becomes an entry of a catalogue. The output depends on the texts alone, so that
running it twice changes nothing. Knows no translation.
"""

from pathlib import Path

from babel.messages import Catalog
from babel.messages.catalog import Message

from bot.core.ids import Language
from bot.flowdef.model import Library, Place, Text

from .catalog import read_catalog
from .pofile import GUESSED_FLAGS, as_bytes

COMMENT = """\
# Waymark: the English texts of the flows.
# Made by `python -m bot extract`; do not edit."""


def template(library: Library) -> Catalog:
    """All English texts, in the order of the files."""
    catalog = empty(None, COMMENT)
    for text in library.texts.values():
        added(catalog, text)
    return catalog


def extract(library: Library, locales: Path) -> Path:
    """Write ``<locales>/messages.pot``; returns its path."""
    path = locales / "messages.pot"
    write(path, as_bytes(template(library)))
    return path


def stale(library: Library, locales: Path) -> bool:
    """Whether ``messages.pot`` lacks or misstates a text. Line numbers do not count."""
    path = locales / "messages.pot"
    return not path.exists() or said_in(path.read_bytes()) != said_by(library)


def said_in(data: bytes) -> list[tuple[object, ...]] | None:
    """What a template says, without line numbers; None when it cannot be read."""
    found, _ = read_catalog(Language("en"), data, Place("messages.pot", 1, 1))
    if found is None:
        return None
    return [(m.context, m.id, tuple(m.auto_comments)) for m in found if m.id]


def said_by(library: Library) -> list[tuple[object, ...]]:
    """What a template of these texts would say."""
    return [(text.ctx, text.msgid, tuple(comments_on(text))) for text in library.texts.values()]


def empty(language: Language | None, comment: str) -> Catalog:
    """A catalogue without texts. ``language`` None: the template."""
    catalog = Catalog(
        locale=None if language is None else language.replace("-", "_"),
        header_comment=comment,
        project="Waymark",
        version="flows",
        msgid_bugs_address="",
        charset="utf-8",
        fuzzy=False,
    )
    if language is None:
        catalog.revision_date = "YEAR-MO-DA HO:MI+ZONE"
    return catalog


def comments_on(text: Text) -> list[str]:
    """What a translator should know about a text."""
    comments = [text.note] if text.note else []
    if text.required:
        comments.append("Required: without this text the language is not offered.")
    return comments


def added(catalog: Catalog, text: Text) -> Message:
    """The entry of one text, as yet untranslated."""
    message = catalog.add(
        text.msgid,
        locations=[(text.place.file, text.place.line)],
        auto_comments=comments_on(text),
        context=text.ctx,
    )
    message.flags -= GUESSED_FLAGS
    return message


def write(path: Path, data: bytes) -> None:
    """Leave an unchanged file alone, so that its time says when the texts changed."""
    if path.exists() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
