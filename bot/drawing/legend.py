"""What the signs of a picture mean, as one strip below it. Only the signs, never a flow."""

from dataclasses import dataclass

from .exits import Line
from .graph import Graph, Shape
from .measure import width

SIZE = 11.5
ROW = 26.0
SAMPLE, BETWEEN = 30.0, 22.0


@dataclass(frozen=True, slots=True)
class Sign:
    """One sample and its meaning, placed. Exactly one of ``shape`` and ``line`` is set."""

    x: float
    y: float
    words: str
    shape: Shape | None = None
    line: Line | None = None
    reached: bool = True


MEANINGS: tuple[tuple[Shape | None, Line | None, bool, str], ...] = (
    ("step", None, True, "a screen"),
    ("flow", None, True, "a flow"),
    ("consent", None, True, "consent: double border"),
    ("handoff", None, True, "handoff: thick border"),
    ("gate", None, True, "asked first: only when"),
    ("end", None, True, "the end"),
    ("elsewhere", None, True, "continues in another flow"),
    ("returns", None, True, "goes back to where it was included"),
    ("entrance", None, True, "where one comes in"),
    ("step", None, False, "red: unreachable"),
    ("missing", None, True, "red “?”: not there"),
    (None, "go", True, "goes there (colours only help to follow a line)"),
    (None, "visit", True, "goes there and comes back"),
    (None, "silence", True, "dashed: when nothing comes"),
)


def legend(graph: Graph, left: float, top: float, right: float) -> tuple[tuple[Sign, ...], float]:
    """The signs a graph uses, in rows between ``left`` and ``right``; the y below the last row."""
    shapes = {(box.shape, box.reached) for box in graph.boxes}
    shapes |= {(mark, True) for box in graph.boxes for mark in box.marks}
    lines = {arrow.line for arrow in graph.arrows}
    signs: list[Sign] = []
    x, y = left, top
    for shape, line, reached, words in MEANINGS:
        used = line in lines if shape is None else (shape, reached) in shapes
        if not used and not (not reached and any(not there for _, there in shapes)):
            continue
        taken = SAMPLE + 8 + width(words, SIZE) + BETWEEN
        if x > left and x + taken > right:
            x, y = left, y + ROW
        signs.append(Sign(x, y, words, shape, line, reached))
        x += taken
    return tuple(signs), y + ROW
