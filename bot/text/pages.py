"""Screens that show a list part by part: what each way can do about a need, and resources.

Decides what stands on one part. Knows no buttons and no person beyond her answers.
"""

from datetime import date
from typing import Final

from bot.core.buttons import derive
from bot.core.ids import Language, StepId
from bot.core.message import Content
from bot.core.rules import PAGED, Listing, Step
from bot.core.session import Session
from bot.flowdef.model import Cell, CompareDef, Resource, Row, Source

from . import dates, numbers
from .layout import joined
from .words import Words

FIRST: Final = "emergency"


def parts(
    step: Step, session: Session, words: Words, home: str, today: date
) -> tuple[Content, ...]:
    """Every part of a step's list, in order; empty when there is nothing to show."""
    if step.kind == "compare":
        compared = words.comparison(step.id)
        if compared is None:
            return ()
        rows = _rows(compared, session)
        return tuple(_need(step, compared, row, session, words) for row in rows)
    if step.listing is None:
        return ()
    fitting = _fitting(step.listing, session, words, home, today)
    most = step.listing.most
    pages = (fitting[at : at + most] for at in range(0, len(fitting), most))
    return tuple(_listed(page, words, session.language) for page in pages)


def with_part(
    content: Content, step: Step, session: Session, words: Words, home: str, today: date
) -> tuple[Content, int]:
    """The part she has come to below a screen's text, and which part comes next (0: none)."""
    if step.kind not in PAGED:
        return content, 0
    every = parts(step, session, words, home, today)
    if not every:
        return joined(content, words.rich("always.no_resources", session.language)), 0
    at = min(session.page, len(every) - 1)
    content = joined(content, every[at])
    if len(every) > 1:
        values = {"page": at + 1, "pages": len(every)}
        content = joined(content, words.rich("always.page_of", session.language, values))
    return content, at + 1 if at + 1 < len(every) else 0


# ---------------------------------------------------------------- comparison


def _rows(compared: CompareDef, session: Session) -> tuple[Row, ...]:
    """Those she marked; all of them when she marked none that has a row."""
    marked = session.answers.get(compared.by, ())
    return tuple(row for row in compared.rows if row.id in marked) or compared.rows


def _need(step: Step, compared: CompareDef, row: Row, session: Session, words: Words) -> Content:
    """One need: a line for each way, in the order that is hers on every part."""
    language = session.language
    need = words.answer(compared.by, (row.id,), language)
    content = words.rich("always.compare_need", language, {"need": need})
    cells = sorted(row.cells, key=lambda cell: derive(session.seed, f"{step.id} {cell.way}"))
    for cell in cells:
        content = joined(content, _line(cell, words, language))
    return content


def _line(cell: Cell, words: Words, language: Language) -> Content:
    values = {
        "way": words.plain(f"{cell.way}.title", language),
        "verdict": words.plain(f"values.verdict_{cell.verdict}", language),
        "line": words.plain(cell.text.ctx, language),
    }
    return words.rich("always.compare_line", language, values)


# ---------------------------------------------------------------- resources


def _fitting(
    listing: Listing, session: Session, words: Words, home: str, today: date
) -> list[Resource]:
    """Of the kinds and the region she named; emergency first, then the nearest region.

    What nobody has looked at in time is left out, but for emergency numbers: none is worse.
    """
    named = session.answers.get(listing.kinds_from, ())
    kinds = {*listing.kinds, *((named,) if isinstance(named, str) else named)} - {""}
    region = session.answers.get(listing.region_from, "")
    region = region if isinstance(region, str) and region else home
    if home.startswith(f"{region}-"):
        region = home
    near = [
        each
        for each in words.resources
        if (region == each.region or region.startswith(each.region + "-"))
        and (FIRST in each.kinds or each.review_by is None or today <= each.review_by)
    ]
    wanted = [
        each
        for each in near
        if not kinds or FIRST in each.kinds or not kinds.isdisjoint(each.kinds)
    ]
    return sorted(
        wanted,
        key=lambda each: (FIRST not in each.kinds, not each.always_open, -len(each.region)),
    )


def _listed(page: list[Resource], words: Words, language: Language) -> Content:
    return Content("\n".join(numbers.line(each, words, language) for each in page))


# ---------------------------------------------------------------- her own notes


def looked(session: Session, words: Words) -> str:
    """The titles of the flows she has looked at; of those that are gone nothing."""
    titles = [f"{flow}.title" for flow in session.looked if words.has(f"{flow}.title")]
    if not titles:
        return words.plain("values.no_pages", session.language)
    said = [words.plain(title, session.language) for title in titles]
    return dates.list_of(said, session.language)


# ---------------------------------------------------------------- about a step


def about(step: StepId, words: Words, language: Language) -> str:
    """The help of a step and where its facts come from, as plain text."""
    help_ = words.plain(f"{step}.help", language) if words.has(f"{step}.help") else ""
    sources = [_source(each) for each in words.sources(step)]
    head = words.plain("always.about_sources", language) if sources else ""
    listed = "\n".join((head, *sources)) if sources else ""
    told = "\n\n".join(part for part in (help_, listed) if part)
    return told or words.plain("always.about_nothing", language)


def _source(source: Source) -> str:
    """``Author: Title (Publisher, year). Address``; names stay as they are in every language."""
    title = f"{source.author}: {source.title}" if source.author else source.title
    other = source.publisher if source.publisher != source.author else ""
    where = ", ".join(part for part in (other, source.year) if part)
    cited = f"{title} ({where})" if where else title
    return f"• {cited}. {source.address}" if source.address else f"• {cited}."
