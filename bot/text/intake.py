"""A table that comes back from a translator: what each touched row changes, or why it cannot.

A row nobody touched changes nothing, so that an old table never rolls newer work back. All problems
are named at once, and while there is one, nothing is written.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from babel.messages import Catalog

from bot.core.ids import Language
from bot.flowdef.model import Library

from . import markup, spreadsheet, table
from .extract import write
from .merging import former_names, merged, opened, path_of, shaped
from .pofile import as_bytes
from .progress import State, state_of

STATES = ("missing", "fuzzy", "done")


@dataclass(frozen=True, slots=True)
class Change:
    """What one row does to its entry. ``made_from``: English that is no longer that of the flows,
    so that the translation is fuzzy.
    """

    row: int
    ctx: str
    forms: tuple[str, ...]
    fuzzy: bool
    made_from: tuple[str, ...] = ()


@dataclass(slots=True)
class Intake:
    """What a table says: changes, how many rows stay as they are, and every problem, in words."""

    changes: list[Change] = field(default_factory=list)
    stayed: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row by the names of its columns. ``odd``: words stand in a column that has no use."""

    number: int
    ctx: str
    english: tuple[str, ...]
    forms: tuple[str, ...]
    odd: bool
    state: str
    mark: str

    @property
    def base(self) -> str:
        """The state it was exported with; empty when the mark is gone."""
        return self.mark.partition(" ")[0]


def imported(
    library: Library,
    locales: Path,
    language: Language,
    data: bytes,
    *,
    now: datetime,
    replace: bool = False,
) -> Intake:
    """Take a CSV file into a language's PO file, and say what was done. See ``intake_of``.

    Raises BrokenCatalogue and NotASpreadsheet. Nothing is written then, nor when there are
    problems or no changes; otherwise the header gets ``now`` as its date of revision.
    """
    catalog = merged(library, opened(locales, language), language)
    found = intake_of(library, catalog, spreadsheet.read(data), replace=replace)
    if found.changes and not found.problems:
        apply(catalog, found.changes)
        catalog.revision_date = now
        write(path_of(locales, language), as_bytes(catalog))
    return found


def intake_of(
    library: Library, catalog: Catalog, rows: tuple[spreadsheet.Row, ...], *, replace: bool = False
) -> Intake:
    """What a table would change in a merged catalogue.

    ``replace``: take words of the table also where the catalogue has changed since it was made.
    """
    found = Intake()
    if not rows:
        found.problems.append("The file has no rows. Export it again.")
        return found
    header = [" ".join(cell.split()).casefold() for cell in rows[0].cells]
    lacking = [
        name
        for name in (*table.NEEDED, *table.plural_columns(catalog))
        if name.casefold() not in header
    ]
    if lacking:
        listed = ", ".join(f"`{name}`" for name in lacking)
        what = f"These columns are missing: {listed}. Export it again, and keep the first row."
        found.problems.append(f"row {rows[0].number}: {what}")
        return found
    reader = _Reader(library, catalog, replace=replace)
    seen: dict[str, int] = {}
    for row in rows[1:]:
        if any(row.cells[len(header) :]):
            what = "There are more cells than columns. Look for a stray separator or quote."
            found.problems.append(f"row {row.number}: {what}")
            continue
        read = reader.row(row.number, dict(zip(header, row.cells, strict=False)))
        if read.ctx and read.ctx in seen:
            what = f"This text is in row {seen[read.ctx]} already. Delete one of the two."
            found.problems.append(f"row {row.number}: {read.ctx}: {what}")
            continue
        seen[read.ctx] = row.number
        reader.take(read, found)
    return found


class _Reader:
    """Compares rows with the entries they are about."""

    def __init__(self, library: Library, catalog: Catalog, *, replace: bool) -> None:
        self._texts = library.texts
        self._catalog = catalog
        self._entries = table.entries_of(catalog)
        self._columns = table.plural_columns(catalog)
        self._renamed = {was: ctx for ctx, was in former_names(library).items()}
        self._replace = replace

    def row(self, number: int, by_name: Mapping[str, str]) -> _Row:
        """A row as it is meant; an id from before a rename stands for its new name."""

        def cell(name: str) -> str:
            return by_name.get(name.casefold(), "").strip()

        ctx = cell(table.ID)
        one, several = (cell(table.TRANSLATION),), tuple(cell(name) for name in self._columns)
        has_plural = bool(cell(table.PLURAL))
        return _Row(
            number=number,
            ctx=ctx if ctx in self._texts else self._renamed.get(ctx, ctx),
            english=tuple(filter(None, (cell(table.ENGLISH), cell(table.PLURAL)))),
            forms=several if has_plural else one,
            odd=any(one if has_plural else several),
            state=cell(table.STATE).casefold(),
            mark=" ".join(cell(table.MARK).split()),
        )

    def take(self, row: _Row, found: Intake) -> None:
        """Add what the row does, or what is wrong with it."""
        if row.ctx in self._texts and self._is_untouched(row):
            found.stayed += 1
            return
        problems = tuple(self._problems(row))
        change = None if problems else self._change(row)
        if change is not None:
            problems = tuple(self._conflicts(row, change))
        if problems:
            found.problems += [f"row {row.number}: {row.ctx or '(no id)'}: {p}" for p in problems]
        elif change is None:
            found.stayed += 1
        else:
            found.changes.append(change)

    def _is_untouched(self, row: _Row) -> bool:
        if row.odd:
            return False
        if not any(row.forms):
            return True
        if row.mark:
            return row.mark == table.mark_of(row.english, row.forms, row.state)
        forms, state = self._now(row.ctx)
        return row.forms == forms and row.state in ("", state)

    def _problems(self, row: _Row) -> Iterator[str]:
        if row.ctx not in self._texts:
            near = difflib.get_close_matches(row.ctx, self._texts, n=1, cutoff=0.8)
            hint = f"Did you mean {near[0]}? " if near else ""
            yield f"No flow has this text. {hint}Mend the id, or delete the row."
            return
        if not row.english:
            yield "The English is missing. Export it again: a translation belongs to its English."
        if row.odd:
            columns = "the columns for numbers" if len(row.english) > 1 else "`translation`"
            yield f"The translation stands in the wrong column. Write it in {columns}."
        elif not all(row.forms):
            empty = sum(not form for form in row.forms)
            yield f"{empty} of {len(row.forms)} forms are empty. Write all of them, or none."
        if row.state and row.state not in STATES:
            yield f"The state is `{row.state[:20]}`. Write `done` or `fuzzy`."
        yield from _differences(row)

    def _change(self, row: _Row) -> Change | None:
        """What the row wants, or None when the entry is like that already."""
        forms, state = self._now(row.ctx)
        message = self._entries[row.ctx]
        # A state that nobody changed says what was; words that somebody changed are done.
        is_said = row.state in ("fuzzy", "done") and row.state != (row.base or state)
        wanted = row.state if is_said else "done"
        made_from = row.english if row.english != table.english_of(message) else ()
        given = row.forms
        if made_from and len(given) != len(forms):
            given = shaped(message, row.forms, self._catalog.num_plurals)
        if given == forms and (wanted == state or made_from):
            return None
        return Change(row.number, row.ctx, given, wanted == "fuzzy", made_from)

    def _conflicts(self, row: _Row, change: Change) -> Iterator[str]:
        """Whether the row would undo what somebody else did after the table was made."""
        forms, state = self._now(row.ctx)
        english = table.english_of(self._entries[row.ctx])
        if change.made_from and state == "done":
            yield (
                "The English has changed since this table was made, and the new words are "
                "translated already. Delete this row."
            )
        elif self._replace or change.made_from or not row.mark:
            return
        elif row.mark != table.mark_of(english, forms, state):
            yield (
                "The translation in the catalogue was changed after this table was made. Delete "
                "this row, or import with --replace to take the words of the table."
            )

    def _now(self, ctx: str) -> tuple[tuple[str, ...], State]:
        message = self._entries[ctx]
        forms = table.translation_of(message, self._catalog.num_plurals)
        return forms, state_of(message, self._texts[ctx])


def _differences(row: _Row) -> Iterator[str]:
    """Placeholders and marks, compared with the English that the translator saw."""
    wanted = markup.names_in(row.english[-1]) if row.english else frozenset()
    free = {"count"} if len(row.english) > 1 else set()
    found: dict[str, None] = {}
    for form in filter(None, row.forms):
        template = markup.parse(form)
        for name in sorted(wanted - template.names - free):
            found[f"The translation lacks {{{name}}}. Write {{{name}}} where it belongs."] = None
        for name in sorted(template.names - wanted - free):
            found[f"The translation has {{{name}}}, the English has not. Take it away."] = None
        for flaw in template.flaws:
            found[f"{flaw.what} {flaw.todo}"] = None
    yield from found


def apply(catalog: Catalog, changes: list[Change]) -> None:
    """Put changes into a merged catalogue."""
    entries = table.entries_of(catalog)
    for change in changes:
        message = entries[change.ctx]
        message.string = change.forms[0] if isinstance(message.id, str) else change.forms
        if change.fuzzy or change.made_from:
            message.flags.add("fuzzy")
            message.previous_id = list(change.made_from or message.previous_id)
        else:
            message.flags.discard("fuzzy")
            message.previous_id = []
