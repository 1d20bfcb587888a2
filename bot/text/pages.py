"""Screens that show a list part by part: what each way can do about a need, and resources.

Decides what stands on one part; which resources do is in ``directory.py``. Knows no buttons and no
person beyond her answers.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.core.buttons import derive
from bot.core.ids import Language, StepId
from bot.core.message import Content
from bot.core.rules import PAGED, Step
from bot.core.session import Session
from bot.flowdef.model import Cell, CompareDef, Row, Source

from . import dates, directory
from .layout import joined
from .words import Words


def parts(
    step: Step, session: Session, words: Words, home: str, now: datetime
) -> tuple[Content, ...]:
    """Every part of a step's list, in order; empty when there is nothing to show."""
    if step.kind == "compare":
        return tuple(need.words for need in compared(step.id, session, words))
    if step.listing is None:
        return ()
    return directory.parts(step.listing, session, words, home, now)


def with_part(
    content: Content, step: Step, session: Session, words: Words, home: str, now: datetime
) -> tuple[Content, int]:
    """The part she has come to below a screen's text, and which part comes next (0: none)."""
    if step.kind not in PAGED:
        return content, 0
    every = parts(step, session, words, home, now)
    if not every:
        return joined(content, words.rich("always.no_resources", session.language)), 0
    at = min(session.page, len(every) - 1)
    content = joined(content, every[at])
    if len(every) > 1:
        values = {"page": at + 1, "pages": len(every)}
        content = joined(content, words.rich("always.page_of", session.language, values))
    return content, at + 1 if at + 1 < len(every) else 0


def with_way(content: Content, step: StepId, words: Words, language: Language) -> Content:
    """A page of a way, with the way named at its end: all ways share their headings, and the name
    may hold a word that has no place in what a locked phone shows.
    """
    if not words.names_its_way(step):
        return content
    way = words.plain(f"{step.partition('.')[0]}.title", language)
    return joined(content, words.rich("always.of_way", language, {"way": way}))


# ---------------------------------------------------------------- comparison


@dataclass(frozen=True, slots=True)
class Need:
    """One need of a comparison. ``rows``: name, verdict and line of each way, in her order."""

    heading: str
    rows: tuple[tuple[str, str, str], ...]
    words: Content


def compared(step: StepId, session: Session, words: Words) -> tuple[Need, ...]:
    """What a step compares for her, one need a part; empty when it compares nothing any more."""
    written = words.comparison(step)
    if written is None:
        return ()
    rows = _rows(written, session)
    return tuple(_need(step, written, row, session, words) for row in rows)


def _rows(written: CompareDef, session: Session) -> tuple[Row, ...]:
    """Those she marked; all of them when she marked none that has a row."""
    marked = session.answers.get(written.by, ())
    return tuple(row for row in written.rows if row.id in marked) or written.rows


def _shuffled(step: StepId, row: Row, seed: str) -> list[Cell]:
    """The ways in the order that is hers on every part."""
    return sorted(row.cells, key=lambda cell: derive(seed, f"{step} {cell.way}"))


def _need(step: StepId, written: CompareDef, row: Row, session: Session, words: Words) -> Need:
    language = session.language
    need = words.answer(written.by, (row.id,), language)
    content = words.rich("always.compare_need", language, {"need": need})
    rows = tuple(_cell(each, words, language) for each in _shuffled(step, row, session.seed))
    for way, verdict, line in rows:
        values = {"way": way, "verdict": verdict, "line": line}
        content = joined(content, words.rich("always.compare_line", language, values))
    return Need(need, rows, content)


def _cell(cell: Cell, words: Words, language: Language) -> tuple[str, str, str]:
    return (
        words.plain(f"{cell.way}.title", language),
        words.plain(f"values.verdict_{cell.verdict}", language),
        words.plain(cell.text.ctx, language),
    )


# ---------------------------------------------------------------- her own notes


def looked(session: Session, words: Words) -> str:
    """The titles of the flows she has looked at; of those that are gone nothing."""
    titles = [f"{flow}.title" for flow in session.looked if words.has(f"{flow}.title")]
    if not titles:
        return words.plain("values.no_pages", session.language)
    said = [words.plain(title, session.language) for title in titles]
    return dates.list_of(said, session.language)


# ---------------------------------------------------------------- about a step


def about(step: StepId, words: Words, session: Session) -> str:
    """The help of a step and where its facts come from, as plain text; of a comparison, where the
    lines of the part come from that she has come to.
    """
    language = session.language
    help_ = words.plain(f"{step}.help", language) if words.has(f"{step}.help") else ""
    sources = [_source(each) for each in words.sources(step, _part_shown(step, words, session))]
    head = words.plain("always.about_sources", language) if sources else ""
    listed = "\n".join((head, *sources)) if sources else ""
    told = "\n\n".join(part for part in (help_, listed) if part)
    return told or words.plain("always.about_nothing", language)


def _part_shown(step: StepId, words: Words, session: Session) -> str:
    written = words.comparison(step)
    if written is None:
        return ""
    rows = _rows(written, session)
    return rows[min(session.page, len(rows) - 1)].id if rows else ""


def _source(source: Source) -> str:
    """``Author: Title (Publisher, year). Address``; names stay as they are in every language."""
    title = f"{source.author}: {source.title}" if source.author else source.title
    other = source.publisher if source.publisher != source.author else ""
    where = ", ".join(part for part in (other, source.year) if part)
    cited = f"{title} ({where})" if where else title
    return f"• {cited}. {source.address}" if source.address else f"• {cited}."
