"""A language as a table of rows, for translators who work in a spreadsheet.

Decides the columns, and the mark that tells later whether anybody touched a row. Does not know what
a touched row means (``bot.text.intake``) or how cells are written (``bot.text.spreadsheet``).
"""

import gettext
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal

from babel.messages import Catalog
from babel.messages.catalog import Message

from bot.core.ids import Language
from bot.flowdef.model import Library, Text

from . import spreadsheet
from .catalog import bounded
from .merging import BrokenCatalogue, merged, opened
from .pofile import forms_of, ids_of
from .progress import State, state_of

Only = Literal["missing", "fuzzy", "all"]

ID, WHERE, ENGLISH, PLURAL = "id", "where", "English", "English plural"
TRANSLATION, STATE, REQUIRED, NOTE = "translation", "state", "required", "note"
MARK = "mark (leave as it is)"
NEEDED: Final = (ID, ENGLISH, PLURAL, TRANSLATION)
"""Columns without which rows mean nothing; those of the plural forms are needed as well."""

COUNTED: Final = (*range(201), 1000, 1_000_000)
"""Numbers that are tried to name a plural form by those that take it."""

MOST_EXAMPLES: Final = 3
CONSONANTS: Final = "bcdfghjklmnpqrst"
"""No mark of these is read as a number, a date or a word."""


def exported(
    library: Library,
    locales: Path,
    language: Language,
    only: Only = "all",
    separator: spreadsheet.Separator = "comma",
) -> tuple[int, bytes]:
    """How many texts of one language, and a CSV file with them. Raises BrokenCatalogue."""
    catalog = merged(library, opened(locales, language), language)
    rows = tuple(rows_of(library, catalog, only))
    return len(rows) - 1, spreadsheet.written(rows, separator)


def columns_of(catalog: Catalog) -> tuple[str, ...]:
    """The header of a table."""
    plurals = plural_columns(catalog)
    return (ID, WHERE, ENGLISH, PLURAL, TRANSLATION, *plurals, STATE, REQUIRED, NOTE, MARK)


def plural_columns(catalog: Catalog) -> tuple[str, ...]:
    """One column a plural form, named by numbers that take it: ``translation for 0, 2, 3 …``.

    Raises BrokenCatalogue.
    """
    try:
        rule = bounded(gettext.c2py(catalog.plural_expr), catalog.num_plurals)
    except (ValueError, OverflowError, RecursionError):
        msg = (
            f"The catalogue of {catalog.locale} has a plural rule that cannot be read. Mend the "
            "line Plural-Forms at its top; `python -m bot check` says how."
        )
        raise BrokenCatalogue(msg) from None
    taking: dict[int, list[int]] = {form: [] for form in range(catalog.num_plurals)}
    for number in COUNTED:
        taking[rule(number)].append(number)
    return tuple(
        f"{TRANSLATION} for {_examples(numbers)}" if numbers else f"{TRANSLATION}, form {form}"
        for form, numbers in taking.items()
    )


def _examples(numbers: list[int]) -> str:
    listed = ", ".join(map(str, numbers[:MOST_EXAMPLES]))
    return f"{listed} …" if len(numbers) > MOST_EXAMPLES else listed


def rows_of(library: Library, catalog: Catalog, only: Only) -> Iterator[tuple[str, ...]]:
    """The header, and a row for each text that is asked for. ``catalog`` is merged already."""
    yield columns_of(catalog)
    entries = entries_of(catalog)
    for text in library.texts.values():
        message = entries[text.ctx]
        state = state_of(message, text)
        if only in ("all", state):
            yield _row(text, message, state, catalog.num_plurals)


def _row(text: Text, message: Message, state: State, plurals: int) -> tuple[str, ...]:
    english, forms = english_of(message), translation_of(message, plurals)
    notes = [text.note] if text.note else []
    if message.previous_id:
        notes.append(f"The translation was made from: {' / '.join(message.previous_id)}")
    return (
        text.ctx,
        f"{text.place.file}:{text.place.line}",
        english[0],
        english[1] if text.one else "",
        *(("", *forms) if text.one else (*forms, *[""] * plurals)),
        state,
        "required" if text.required else "",
        "\n".join(notes),
        mark_of(english, forms, state),
    )


def english_of(message: Message) -> tuple[str, ...]:
    """The English of an entry as its cells show it."""
    return tuple(each.strip() for each in ids_of(message))


def translation_of(message: Message, plurals: int) -> tuple[str, ...]:
    """The translation of an entry as its cells show it: one form, or ``plurals`` of them."""
    wanted = 1 if isinstance(message.id, str) else plurals
    return tuple(form.strip() for form in (*forms_of(message), *[""] * wanted)[:wanted])


def mark_of(english: tuple[str, ...], forms: tuple[str, ...], state: str) -> str:
    """Tells later whether a row was touched: its state, and a short name for all its words."""
    total = hashlib.sha256(repr((english, forms, state)).encode()).hexdigest()[:8]
    return f"{state} {''.join(CONSONANTS[int(digit, 16)] for digit in total)}"


def entries_of(catalog: Catalog) -> Mapping[str, Message]:
    """The living entries by id path."""
    return {str(message.context): message for message in catalog if message.id}
