"""CSV as spreadsheets write and read it: cells in, cells out, whatever their program made of them.

Decides encoding, separators, and how a text is kept from being taken for a formula, a number or a
date. Does not know what the columns mean.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Separator = Literal["comma", "semicolon", "tab"]
SEPARATORS: Final[dict[Separator, str]] = {"comma": ",", "semicolon": ";", "tab": "\t"}
"""Spreadsheets in many countries expect a semicolon, because their comma divides decimals."""

LARGEST_FILE: Final = 16 * 1024 * 1024

TAKEN_FOR_A_FORMULA = re.compile(r"'*(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
TAKEN_FOR_A_NUMBER = re.compile(r"'*(?=\D*\d)[\d\s.,:/%()eE+-]+")
"""``24/7`` would become a date."""

SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)


class NotASpreadsheet(ValueError):
    """These bytes cannot be read as rows of cells. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` is what the spreadsheet shows beside it: the header is row 1."""

    number: int
    cells: tuple[str, ...]


def guarded(text: str) -> str:
    """The cell for a text: an apostrophe before whatever a spreadsheet would calculate."""
    return f"'{text}" if _is_taken_for_something_else(text) else text


def restored(cell: str) -> str:
    """The text of a cell; the opposite of ``guarded``, and kind to cells that never were."""
    if cell.startswith("'") and _is_taken_for_something_else(cell[1:]):
        return cell[1:]
    return cell


def _is_taken_for_something_else(text: str) -> bool:
    return bool(TAKEN_FOR_A_FORMULA.match(text) or TAKEN_FOR_A_NUMBER.fullmatch(text))


def written(rows: Iterable[Sequence[str]], separator: Separator = "comma") -> bytes:
    """The file, in UTF-8 with the mark that Excel needs to see it. Every cell is quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, delimiter=SEPARATORS[separator], quoting=csv.QUOTE_ALL, lineterminator="\r\n"
    )
    writer.writerows([guarded(text) for text in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def read(data: bytes) -> tuple[Row, ...]:
    """The rows that are not empty; a line inside a cell ends with LF. Raises NotASpreadsheet."""
    if len(data) > LARGEST_FILE:
        msg = f"The file is larger than {LARGEST_FILE} bytes. Import it in parts."
        raise NotASpreadsheet(msg)
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    delimiter, skipped = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        for number, cells in enumerate(reader, start=1):
            texts = tuple(restored(cell) for cell in cells)
            if any(text.strip() for text in texts):
                rows.append(Row(number, texts))
    except csv.Error as problem:
        msg = (
            f"The file cannot be read after row {rows[-1].number if rows else 0} ({problem}). "
            "Save it again as CSV with your spreadsheet program."
        )
        raise NotASpreadsheet(msg) from None
    return tuple(rows[skipped:])


def _decoded(data: bytes) -> str:
    """Text in UTF-8, or in UTF-16, as Excel names “Unicode text”."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        msg = (
            "The file is not in UTF-8, so accents would be lost. In Excel, save it as "
            "“CSV UTF-8”; in LibreOffice, choose the character set Unicode (UTF-8)."
        )
        raise NotASpreadsheet(msg) from None


def _delimiter(text: str) -> tuple[str, int]:
    """What divides the cells of the first row, and how many rows come before the header."""
    first = text.partition("\n")[0]
    named = SEPARATOR_LINE.fullmatch(first.strip('"'))
    if named:
        return named[1], 1
    return max(SEPARATORS.values(), key=first.count), 0
