"""Cells survive whatever spreadsheets do to them, and none of them is ever a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import spreadsheet
from bot.text.spreadsheet import NotASpreadsheet, guarded, read, restored, written

TEXTS = st.text(alphabet=st.characters(exclude_characters="\r\x00", codec="utf-8"))
LIKELY = st.text(alphabet="'=+-@ 0123456789/.%eE\t\n\"a,;\uff1d", max_size=8)


def cells(data: bytes) -> list[tuple[str, ...]]:
    """What is read back."""
    return [row.cells for row in read(data)]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("https://x.org")', '\'=HYPERLINK("https://x.org")'),
        ("+1 555 0100", "'+1 555 0100"),
        ("-No", "'-No"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("24/7", "'24/7"),
        ("911", "'911"),
        ("1-800-799-7233", "'1-800-799-7233"),
        ("1e5", "'1e5"),
        ("'=1", "''=1"),
        ("Hello = you", "Hello = you"),
        ("'Hello'", "'Hello'"),
        ("5 days", "5 days"),
        ("", ""),
        ("–", "–"),
    ],
)
def test_what_a_spreadsheet_would_calculate_gets_an_apostrophe(text, cell):
    """Formulas, and what would become a number or a date; nothing else."""
    assert guarded(text) == cell
    assert restored(cell) == text


CELLS = (TEXTS | LIKELY).filter(lambda text: not text or text.strip())
"""A text is never only white space: what reads flows takes that away."""


@given(TEXTS | LIKELY)
def test_every_text_comes_back_from_its_cell(text):
    """And no cell begins like a formula."""
    cell = guarded(text)
    assert restored(cell) == text
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_a_cell_that_was_never_guarded_is_left_alone():
    """Somebody typed it."""
    assert restored("-No") == "-No"
    assert restored("'tis") == "'tis"


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_what_is_written_is_read_again(rows):
    """With any separator, whatever the texts hold; rows without a word are left out."""
    wanted = [("id", "English"), *(row for row in rows if any(row))]
    for separator in spreadsheet.SEPARATORS:
        assert cells(written([("id", "English"), *rows], separator)) == wanted


def test_the_file_begins_with_the_mark_that_excel_needs_and_every_cell_is_quoted():
    """Without the mark Excel reads accents as something else; quotes keep a `;` inside its cell."""
    data = written([("id", "English"), ("a.b", "Sí; =1")])
    assert data == b'\xef\xbb\xbf"id","English"\r\n"a.b","S\xc3\xad; =1"\r\n'


def saved(delimiter: str, end: str, encoding: str, first: str = "") -> bytes:
    """A table as some spreadsheet program saves it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerows(
        [("id", "English", "es"), ("a", f'One{end}two, "so"', "Sí"), ("b", "'=1", "x")]
    )
    return (first + out.getvalue()).encode(encoding)


VARIANTS = {
    "comma, as exported": saved(",", "\r\n", "utf-8-sig"),
    "semicolon, Excel in Spanish": saved(";", "\r\n", "utf-8-sig"),
    "tab, LibreOffice": saved("\t", "\n", "utf-8"),
    "Excel's Unicode text": saved("\t", "\r\n", "utf-16"),
    "with Excel's first line": saved(";", "\r\n", "utf-8-sig", first="sep=;\r\n"),
    "an old Macintosh": saved(",", "\r", "utf-8"),
}


@pytest.mark.parametrize("data", VARIANTS.values(), ids=VARIANTS)
def test_variants_of_spreadsheets_are_read_alike(data):
    """Separators, line ends, quoted line breaks and encodings."""
    assert cells(data) == [
        ("id", "English", "es"),
        ("a", 'One\ntwo, "so"', "Sí"),
        ("b", "=1", "x"),
    ]


def test_rows_are_numbered_as_the_spreadsheet_shows_them():
    """Empty rows count, line breaks inside a cell do not."""
    data = b'id,English\n"a","one\ntwo"\n,\n\nb,two\n'
    assert [(row.number, row.cells[0]) for row in read(data)] == [(1, "id"), (2, "a"), (5, "b")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("id,English\na,Sí".encode("latin-1"), r"not in UTF-8.*“CSV UTF-8”"),
        (b'id,English\na,"one\n', r"after row 1 \(unexpected end of data\)\. Save it again as CSV"),
        (b"x" * (spreadsheet.LARGEST_FILE + 1), r"larger than 16777216 bytes"),
    ],
    ids=["encoding", "open quote", "size"],
)
def test_what_is_no_table_is_refused_in_words(data, words):
    """With what to do."""
    with pytest.raises(NotASpreadsheet, match=words):
        read(data)


def test_nothing_at_all_is_no_rows():
    """An empty file is not an error here: its columns are missing, which is said elsewhere."""
    assert read(b"") == ()
