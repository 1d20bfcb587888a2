"""The two kinds of step that show a list: a comparison of ways, and resources.

Reads what an author wrote; whether needs, flows and saved names exist is asked in
``bot.flowdef.checks``.
"""

from typing import get_args

from bot.core.ids import StepId
from bot.core.rules import Listing

from .fields import Fields
from .model import Cell, CompareDef, Row, Verdict
from .nodes import Node
from .words import text_of

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
LISTING_KEYS = ("kinds", "kinds_from", "kinds_for", "region_from", "reach_from", "most")
MOST_WAYS = 8
MOST_ON_A_PAGE = 8


def read_compare(fields: Fields, step: StepId) -> CompareDef | None:
    """``compare: {by: needs, ways: [...], rows: [...]}``; None when it cannot be used."""
    inner = Fields(fields.node("compare"), step, fields.report, ("by", "ways", "rows"))
    for key, todo in (
        ("by", "Name the saved answer whose marks are compared."),
        ("ways", "List the flows that are compared."),
        ("rows", "Write one row for each mark."),
    ):
        if key not in inner:
            inner.missing(key, todo)
    ways = tuple(way.text for way in inner.words("ways"))[:MOST_WAYS]
    rows = (_row(node, step, ways, fields) for node in inner.sequence("rows"))
    found: dict[str, Row] = {}
    for row in rows:
        if row is None:
            continue
        if row.id in found:
            what = f"The row `{row.id}` is there twice."
            inner.issue(row.place, "duplicate_id", what, "Keep one of the two.")
        found.setdefault(row.id, row)
    return CompareDef(inner.id("by"), ways, tuple(found.values()))


def _row(node: Node, step: StepId, ways: tuple[str, ...], outer: Fields) -> Row | None:
    fields = Fields(node, step, outer.report, ("id", *ways))
    name = fields.id("id")
    if not name:
        if "id" not in fields:
            fields.missing("id", "Name the mark this row is about.")
        return None
    cells = tuple(_cell(fields, f"{step}.rows.{name}", way) for way in ways)
    return Row(name, fields.place_of("id"), tuple(cell for cell in cells if cell is not None))


def _cell(row: Fields, path: str, way: str) -> Cell | None:
    if way not in row:
        row.missing(way, "Each way needs a cell in each row.")
        return None
    inner = Fields(row.node(way), row.where, row.report, ("is", "say", "sources"))
    verdict = inner.one_of("is", VERDICTS, "unknown")
    if "is" not in inner:
        inner.missing("is", f"Write one of: {', '.join(VERDICTS)}.")
    text = text_of(inner, "say", f"{path}.{way}", "cell")
    if text is None:
        if "say" not in inner:
            inner.missing("say", "Say it in one plain line.")
        return None
    found: Verdict = next(each for each in VERDICTS if each == verdict)
    return Cell(way, found, text, tuple(source.text for source in inner.words("sources")))


def read_listing(fields: Fields) -> Listing:
    """``resources: {kinds: [...], kinds_from: harm, region_from: [state, country], most: 3}``."""
    inner = Fields(fields.node("resources"), fields.where, fields.report, LISTING_KEYS)
    return Listing(
        kinds=tuple(kind.text for kind in inner.words("kinds")),
        kinds_from=inner.id("kinds_from"),
        kinds_for=_kinds_for(inner),
        region_from=tuple(name.text for name in inner.words("region_from")),
        reach_from=inner.id("reach_from"),
        most=inner.number("most", 4, 1, MOST_ON_A_PAGE),
    )


def _kinds_for(fields: Fields) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """``kinds_for: {death: [crime, any]}``: an answer, and the kinds that stand for it."""
    inner = Fields(fields.node("kinds_for"), fields.where, fields.report, ())
    return tuple(
        (key.text, tuple(kind.text for kind in inner.words(key.text)))
        for key in inner.keys()  # noqa: SIM118 - Fields is not a dict
    )
