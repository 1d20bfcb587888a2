"""Where boxes and arrows stand: one column in the order of the file, ways out to the right of it.

An arrow to the next box goes straight down. Any other arrow leaves to the right on a line of its
own, with its words above it, and ends at a small box there, or joins an upright lane that leads to
its target; arrows to one target share a lane. So no box covers another, no line runs through words,
and a step that is added moves what is below it and nothing else. Pure arithmetic: the same graph
gives the same picture.
"""

from dataclasses import dataclass

from .graph import SPINE, Arrow, Box, Graph, Shape
from .measure import width, wrapped

MARGIN = 24.0
TOP = 64.0
BOX = 340.0
PAD = 12.0
ENTRANCE, APART = 150.0, 40.0
LABEL, CHIP = 210.0, 170.0
LANE = 14.0
MARK = 26.0
NAME, TAG, BODY, NOTE = 15.0, 11.0, 12.5, 11.5
LEADING = 16.0
SMALL_LEADING = 14.5
ENTRY = {"go": 9.0, "visit": 19.0, "silence": 29.0}
ENTRY_ZONE = 36.0
"""The upper end of a box, kept free of its own ways out, so that lanes can come in there."""

MOST_TEXT = 4
LEAST_GAP = 34.0
DOWN_AT = 44.0
"""How far from the left edge of a box the arrow to the next one leaves."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; ``y`` is its base line. ``role``: how it looks. ``mark``: a sign before."""

    x: float
    y: float
    text: str
    role: str
    mark: Shape | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A box with its place in pixels, and its lines of text."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """An arrow: its corners from start to end, and its words. ``lane`` counts from the boxes."""

    arrow: Arrow
    points: tuple[Point, ...]
    words: tuple[Words, ...]
    lane: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A graph laid out. Sizes in pixels."""

    graph: Graph
    width: float
    height: float
    boxes: tuple[Placed, ...]
    paths: tuple[Path, ...]


@dataclass(slots=True)
class _Way:
    """A way out to the right, before its lane is known: where its line runs, and what it says."""

    arrow: Arrow
    y: float
    words: tuple[str, ...]


def laid_out(graph: Graph) -> Picture:
    """The picture of a graph."""
    return _Layout(graph).picture()


class _Layout:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._boxes = {box.id: box for box in graph.boxes}
        self._spine = [box for box in graph.boxes if box.shape in SPINE]
        self._entrances = {
            arrow.end: self._boxes[arrow.start]
            for arrow in graph.arrows
            if self._boxes[arrow.start].shape == "entrance"
        }
        self._left = MARGIN + (ENTRANCE + APART if self._entrances else 0)
        self._right = self._left + BOX
        self._chips_at = self._right + LABEL
        self._lanes_at = self._right + LABEL + LANE
        self._placed: dict[str, Placed] = {}
        self._paths: list[Path] = []
        self._ways: list[_Way] = []

    def picture(self) -> Picture:
        bottom = self._column()
        joined = [way for way in self._ways if self._boxes[way.arrow.end].shape in SPINE]
        if any(placed.x >= self._chips_at for placed in self._placed.values()):
            self._lanes_at = self._chips_at + CHIP + LANE
        lanes = self._lanes(joined)
        for way in joined:
            self._paths.append(self._joining(way, lanes[way.arrow.end, way.arrow.line]))
        order = {
            (arrow.start, arrow.end, arrow.line): n for n, arrow in enumerate(self._graph.arrows)
        }
        self._paths.sort(key=lambda path: order[path.arrow.start, path.arrow.end, path.arrow.line])
        boxes = tuple(self._placed[box.id] for box in self._graph.boxes)
        right = max((lane for lane in lanes.values()), default=self._lanes_at - LANE)
        return Picture(self._graph, right + MARGIN, bottom + MARGIN, boxes, tuple(self._paths))

    # ------------------------------------------------------------ the column

    def _column(self) -> float:
        y = TOP
        for index, box in enumerate(self._spine):
            after = self._spine[index + 1] if index + 1 < len(self._spine) else None
            leaving = [arrow for arrow in self._graph.arrows if arrow.start == box.id]
            down = [
                a for a in leaving if after is not None and a.end == after.id and a.line == "go"
            ]
            height = self._place(box, y, [arrow for arrow in leaving if arrow not in down])
            y += height
            if down and after is not None:
                y = self._downward(down[0], y)
            elif after is not None:
                y += LEAST_GAP
        return max(y, TOP)

    def _place(self, box: Box, y: float, leaving: list[Arrow]) -> float:
        words = _inside(box, self._left, y)
        content = words[-1].y - y + PAD if words else 2 * PAD
        line = y + ENTRY_ZONE
        for arrow in leaving:
            line = self._way(arrow, line)
        height = max(content, line - y + 4 if leaving else 0, ENTRY_ZONE)
        entrance = self._entrances.get(box.id)
        if entrance is not None:
            height = max(height, self._enter(entrance, box, y))
        self._placed[box.id] = Placed(box, self._left, y, BOX, height, words)
        return height

    def _enter(self, entrance: Box, box: Box, y: float) -> float:
        """An entrance to the left; gives its height, so that two of them do not meet."""
        words = _small(entrance, MARGIN, y, ENTRANCE)
        height = words[-1].y - y + 9
        self._placed[entrance.id] = Placed(entrance, MARGIN, y, ENTRANCE, height, words)
        arrow = next(a for a in self._graph.arrows if a.start == entrance.id and a.end == box.id)
        points = ((MARGIN + ENTRANCE, y + 14), (self._left, y + 14))
        self._paths.append(Path(arrow, points, ()))
        return height

    def _downward(self, arrow: Arrow, y: float) -> float:
        lines = _labels(arrow, BOX - DOWN_AT - PAD)
        gap = max(LEAST_GAP, len(lines) * SMALL_LEADING + 20)
        x = self._left + DOWN_AT
        first = y + (gap - len(lines) * SMALL_LEADING) / 2 + 9
        words = tuple(
            Words(x + 10, first + number * SMALL_LEADING, line, "label")
            for number, line in enumerate(lines)
        )
        self._paths.append(Path(arrow, ((x, y), (x, y + gap)), words))
        return y + gap

    # ------------------------------------------------------------ to the right

    def _way(self, arrow: Arrow, top: float) -> float:
        """One line to the right from ``top`` on; gives where the next one may begin."""
        lines = _labels(arrow, LABEL - 34)
        above = len(lines) * SMALL_LEADING + 4
        below = 8.0
        end = self._boxes[arrow.end]
        if end.shape not in SPINE:
            chip = _small(end, self._chips_at, 0, CHIP)
            height = chip[-1].y + 9
            above, below = max(above, height / 2 + 4), max(below, height / 2 + 4)
            y = top + above
            words = _small(end, self._chips_at, y - height / 2, CHIP)
            self._placed[end.id] = Placed(end, self._chips_at, y - height / 2, CHIP, height, words)
            points = ((self._right, y), (self._chips_at, y))
            self._paths.append(Path(arrow, points, self._above(lines, y)))
        else:
            y = top + above
            self._ways.append(_Way(arrow, y, lines))
        return y + below

    def _above(self, lines: tuple[str, ...], y: float) -> tuple[Words, ...]:
        first = y - 5 - (len(lines) - 1) * SMALL_LEADING
        return tuple(
            Words(self._right + 14, first + number * SMALL_LEADING, line, "label")
            for number, line in enumerate(lines)
        )

    def _entry(self, arrow: Arrow) -> float:
        return self._placed[arrow.end].y + ENTRY[arrow.line]

    def _lanes(self, ways: list[_Way]) -> dict[tuple[str, str], float]:
        """The x of each lane, one a target and line; short ones stand nearer to the boxes."""
        spans: dict[tuple[str, str], tuple[float, float]] = {}
        for way in ways:
            entry = self._entry(way.arrow)
            low, high = spans.get((way.arrow.end, way.arrow.line), (entry, entry))
            spans[way.arrow.end, way.arrow.line] = (min(low, way.y), max(high, way.y))
        taken: list[list[tuple[float, float]]] = []
        found: dict[tuple[str, str], float] = {}
        for key, (low, high) in sorted(
            spans.items(), key=lambda item: (item[1][1] - item[1][0], item)
        ):
            number = next(
                (
                    number
                    for number, lane in enumerate(taken)
                    if all(high + LANE < other[0] or other[1] + LANE < low for other in lane)
                ),
                len(taken),
            )
            if number == len(taken):
                taken.append([])
            taken[number].append((low, high))
            found[key] = self._lanes_at + number * LANE
        return found

    def _joining(self, way: _Way, lane: float) -> Path:
        entry = self._entry(way.arrow)
        points = ((self._right, way.y), (lane, way.y), (lane, entry), (self._right, entry))
        number = round((lane - self._lanes_at) / LANE)
        return Path(way.arrow, points, self._above(way.words, way.y), number)


def _labels(arrow: Arrow, room: float) -> tuple[str, ...]:
    """The words of an arrow; each of several begins with a dot, to tell it from a wrapped line."""
    dot = "• " if len(arrow.labels) > 1 else ""
    return tuple(line for label in arrow.labels for line in wrapped(dot + label, room, NOTE))


def _inside(box: Box, x: float, y: float) -> tuple[Words, ...]:
    """The lines of a box of the column: name and tag, what it says, what else to know."""
    room = BOX - 2 * PAD
    tag = box.tag if box.reached else f"{box.tag}, unreachable"
    words = [Words(x + BOX - PAD, y + 21, tag, "tag")]
    taken = width(tag, TAG, bold=True) + 16
    line = y + 21
    for number, part in enumerate(wrapped(box.name, room - taken, NAME, bold=True)):
        line = y + 21 + number * 18
        words.append(Words(x + PAD, line, part, "name"))
    line += 3
    for part in wrapped(box.text, room, BODY, most=MOST_TEXT):
        line += LEADING
        words.append(Words(x + PAD, line, part, "text"))
    for number, note in enumerate(box.beside):
        mark = box.marks[number] if number < len(box.marks) else None
        line += 4
        for part in wrapped(note, room - (MARK if mark else 0), NOTE):
            line += SMALL_LEADING
            words.append(Words(x + PAD + (MARK if mark else 0), line, part, "note", mark))
            mark = None
    return tuple(words)


def _small(box: Box, x: float, y: float, room: float) -> tuple[Words, ...]:
    """The lines of a small box."""
    lines = [
        line for part in (box.name, *box.beside) for line in wrapped(part, room - 2 * PAD, NOTE)
    ]
    return tuple(
        Words(x + PAD, y + 17 + number * SMALL_LEADING, line, "small")
        for number, line in enumerate(lines)
    )
