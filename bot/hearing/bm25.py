"""BM25 by SQLite's full-text search, taken down as plain numbers.

The search index lives in memory for the moment in which the score of every term for every row is
read from it, and is closed again: no question ever reaches a database. What remains is a table.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing

Scores = Mapping[str, Mapping[int, float]]
"""By term: the rows that have it, each with its score."""


def scores(rows: Sequence[Sequence[str]], weights: Sequence[float]) -> Scores:
    """The BM25 of every term in every row. ``rows`` are columns of terms divided by spaces.

    ``weights`` says how much a term counts by its column.
    """
    columns = ", ".join(f"column{n}" for n in range(len(weights)))
    asked = ", ".join("?" for _ in weights)
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f"CREATE VIRTUAL TABLE page USING fts5({columns})")
        db.executemany(
            f"INSERT INTO page(rowid, {columns}) VALUES (?, {asked})",  # noqa: S608 - column0, column1 …
            ((number, *row) for number, row in enumerate(rows)),
        )
        db.execute("CREATE VIRTUAL TABLE term USING fts5vocab(page, 'row')")
        scored = f"SELECT rowid, -bm25(page, {asked}) FROM page WHERE page MATCH ?"  # noqa: S608 - only question marks
        return {
            term: dict(db.execute(scored, (*weights, f'"{term}"')))
            for (term,) in db.execute("SELECT term FROM term").fetchall()
        }
