"""From flows to ``messages.pot``, and from there into each language's PO file.

Merging goes by id path only. Changed English keeps the old translation as fuzzy, with the English
it was made from shown beside it; nothing is ever offered because it looks similar. The output
depends on the texts alone, so that running it twice changes nothing.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.catalog import Message

from bot.core.ids import Language
from bot.flowdef.model import Library, Place, Text

from .catalog import read_catalog
from .pofile import as_bytes, own_comments, previous_id

CHARSET = "utf-8"
GUESSED_FLAGS = {"python-format", "python-brace-format"}
COMMENT = """\
# Waymark: the English texts of the flows.
# Made by `python -m bot extract`; do not edit."""
NEW_COMMENT = """\
# Waymark: translations. Made by `python -m bot update`; translate here.
# Keep {placeholders} and the *marks* of the English text."""


class BrokenCatalogue(ValueError):
    """A PO file cannot be read; nothing was written. The message says where."""


def template(library: Library) -> Catalog:
    """All English texts, in the order of the files."""
    catalog = _catalog(None, COMMENT)
    for text in library.texts.values():
        _add(catalog, text)
    return catalog


def extract(library: Library, locales: Path) -> Path:
    """Write ``<locales>/messages.pot``; returns its path."""
    path = locales / "messages.pot"
    _write(path, as_bytes(template(library)))
    return path


def stale(library: Library, locales: Path) -> bool:
    """Whether ``messages.pot`` lacks or misstates a text. Line numbers do not count."""
    path = locales / "messages.pot"
    if not path.exists():
        return True
    found, _ = read_catalog(Language("en"), path.read_bytes(), Place(path.name, 1, 1))
    return found is None or _said(found) != _said(template(library))


def _said(catalog: Catalog) -> list[tuple[object, ...]]:
    return [(m.context, m.id, tuple(m.auto_comments)) for m in catalog if m.id]


def update(library: Library, locales: Path, language: Language) -> Path:
    """Merge the texts into one language's PO file; returns its path. A new language begins empty.

    Raises BrokenCatalogue when the file that is there cannot be read.
    """
    path = locales / language / "LC_MESSAGES" / "messages.po"
    old: Catalog | None = None
    if path.exists():
        place = Place(f"{locales.name}/{language}/LC_MESSAGES/messages.po", 1, 1)
        old, problem = read_catalog(language, path.read_bytes(), place)
        if problem is not None:
            raise BrokenCatalogue(str(problem))
    _write(path, as_bytes(merged(library, old, language)))
    return path


def merged(library: Library, old: Catalog | None, language: Language) -> Catalog:
    """The language's catalogue with exactly the Library's texts; what has gone is obsolete."""
    catalog = _catalog(language, old.header_comment if old is not None else NEW_COMMENT)
    if old is not None:
        catalog.last_translator = old.last_translator
        catalog.language_team = old.language_team
        catalog.revision_date = old.revision_date
        catalog.fuzzy = old.fuzzy
    before = {message.context: message for message in _all_messages(old)}
    for text in library.texts.values():
        _merge(_add(catalog, text), before.get(text.ctx), catalog.num_plurals)
    for message in before.values():
        if message.context not in library.texts and any(_forms(message)):
            key = (_first(message), message.context)
            message.user_comments = own_comments(message)
            catalog.obsolete[key] = message  # type: ignore[index]  # Babel's own key
    return catalog


def _all_messages(old: Catalog | None) -> Iterator[Message]:
    """Obsolete ones first, so that a living message with the same id path wins."""
    if old is None:
        return
    yield from (m for m in (*old.obsolete.values(), *old) if m.id and m.context)


def _merge(message: Message, before: Message | None, plurals: int) -> None:
    if before is None or not any(_forms(before)):
        return
    message.string = _shaped(message, _forms(before), plurals)
    message.user_comments = own_comments(before)
    message.flags |= before.flags - GUESSED_FLAGS
    made_from = previous_id(before)
    if _ids(message) == _ids(before):
        message.previous_id = list(made_from)
    elif before.fuzzy and made_from == _ids(message):
        message.flags.discard("fuzzy")
    else:
        message.flags.add("fuzzy")
        message.previous_id = list(made_from or _ids(before))


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _first(message: Message) -> str:
    return _ids(message)[0]


def _forms(message: Message) -> tuple[str, ...]:
    strings = (message.string,) if isinstance(message.string, str) else message.string or ("",)
    return tuple(string or "" for string in strings)


def _shaped(message: Message, forms: tuple[str, ...], plurals: int) -> str | tuple[str, ...]:
    """The old forms in the shape the new text needs: one, or one a plural form."""
    if isinstance(message.id, str):
        return forms[-1]
    return (*forms, *[forms[-1]] * plurals)[:plurals]


def _catalog(language: Language | None, comment: str) -> Catalog:
    locale = None if language is None else language.replace("-", "_")
    catalog = Catalog(
        locale=locale,
        header_comment=comment,
        project="Waymark",
        version="flows",
        msgid_bugs_address="",
        charset=CHARSET,
        fuzzy=False,
    )
    if language is None:
        catalog.revision_date = "YEAR-MO-DA HO:MI+ZONE"
    return catalog


def _add(catalog: Catalog, text: Text) -> Message:
    comments = [text.note] if text.note else []
    if text.required:
        comments.append("Required: without this text the language is not offered.")
    message = catalog.add(
        text.msgid,
        locations=[(text.place.file, text.place.line)],
        auto_comments=comments,
        context=text.ctx,
    )
    message.flags -= GUESSED_FLAGS
    return message


def _write(path: Path, data: bytes) -> None:
    """Leave an unchanged file alone, so that its time says when the texts changed."""
    if path.exists() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
