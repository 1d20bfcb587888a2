"""A laid-out graph as SVG: a file that opens in any browser, prints, and can be read aloud.

Decides colours and signs. Colour never stands alone: consent has a double border, a handoff a thick
one, silence is dashed, and what is wrong says so in words. No script, no font file, no address but
the name of the format itself.
"""

import math
from collections.abc import Iterator

from .escaping import safe
from .exits import Line
from .graph import SPINE, Box, Graph, Shape
from .layout import Path, Picture, Placed, Point, Words, laid_out
from .legend import SAMPLE, Sign, legend

RADIUS = 7.0
HEAD = 8.0
INK = "#1b2430"
LINES: dict[Line, tuple[str, ...]] = {
    "go": ("#3d4856", "#8a4b08", "#22539e"),
    "visit": ("#00695c",),
    "silence": ("#6b2fa0",),
}
"""Colours of each line; several tell neighbouring lanes apart, and mean nothing else."""

FILLS: dict[Shape, tuple[str, str]] = {
    "step": ("#ffffff", "#56606e"),
    "consent": ("#fff3cf", "#8a5a00"),
    "handoff": ("#e1edff", "#1c4f9c"),
    "end": ("#e9edf2", "#56606e"),
    "flow": ("#ffffff", "#56606e"),
    "gate": ("#f4f1ea", "#56606e"),
    "elsewhere": ("#f1f3f6", "#7a8593"),
    "returns": ("#f1f3f6", "#7a8593"),
    "missing": ("#ffe8e6", "#b3261e"),
    "entrance": ("#e8f4ec", "#2f6b47"),
}
"""Fill and border of each shape."""

WRONG = ("#fff0ef", "#b3261e")
STYLE = """\
.waymark-picture text{font-family:Verdana,"DejaVu Sans","Noto Sans",Arial,sans-serif;fill:#1b2430}
.waymark-picture .name{font-size:15px;font-weight:bold}
.waymark-picture .tag{font-size:11px;font-weight:bold;text-anchor:end;fill:#3d4856}
.waymark-picture .wrong{fill:#b3261e}
.waymark-picture .text{font-size:12.5px}
.waymark-picture .note,.waymark-picture .small,.waymark-picture .key{font-size:11.5px}
.waymark-picture .note{fill:#3d4856}
.waymark-picture .label{font-size:11.5px;stroke:#fff;stroke-width:4px;paint-order:stroke}
.waymark-picture .title{font-size:20px;font-weight:bold}
@media print{.waymark-picture{print-color-adjust:exact;-webkit-print-color-adjust:exact}}"""


def svg(graph: Graph, *, standing_alone: bool = True) -> str:
    """The picture of a graph. ``standing_alone``: a file of its own, with the XML line."""
    picture = laid_out(graph)
    right = max(picture.width, 640)
    signs, height = legend(graph, 24, picture.height + 14, right - 24)
    size = f'width="{right:g}" height="{height:g}" viewBox="0 0 {right:g} {height:g}"'
    first = '<?xml version="1.0" encoding="UTF-8"?>\n' if standing_alone else ""
    names = f"{graph.id}-title {graph.id}-desc"
    read = f'lang="en" role="graphics-document document" aria-labelledby="{names}"'
    lines = [
        f'{first}<svg xmlns="http://www.w3.org/2000/svg" class="waymark-picture" {size} {read}>',
        f'<title id="{graph.id}-title">{safe(graph.title)} ({safe(graph.id)})</title>',
        f'<desc id="{graph.id}-desc">{safe(_described(picture))}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect width="{right:g}" height="{height:g}" fill="#ffffff"/>',
        f'<text class="title" x="24" y="38">{safe(f"{graph.title} ({graph.id})")}</text>',
        *_drawn(picture),
        f'<path d="M24 {picture.height:g}H{right - 24:g}" stroke="#c3cad3"/>',
        *(_sign(sign) for sign in signs),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _described(picture: Picture) -> str:
    count = sum(placed.box.shape in SPINE for placed in picture.boxes)
    what = "flows" if picture.graph.id == "overview" else "boxes"
    return (
        f"{count} {what} from top to bottom, in the order of the file. "
        "After each box come the ways out of it."
    )


def _drawn(picture: Picture) -> Iterator[str]:
    """Each box of the column, then its ways out: also the order in which they are read aloud."""
    placed = {each.box.id: each for each in picture.boxes}
    for each in picture.boxes:
        if each.box.shape not in SPINE:
            continue
        for path in picture.paths:
            start = placed[path.arrow.start]
            if path.arrow.end == each.box.id and start.box.shape == "entrance":
                yield _box(start)
                yield _path(path, "")
        yield _box(each)
        for path in picture.paths:
            if path.arrow.start == each.box.id:
                end = placed[path.arrow.end]
                yield _path(path, end.box.name)
                if end.box.shape not in SPINE:
                    yield _box(end)


# ---------------------------------------------------------------------------------------- boxes


def _box(placed: Placed) -> str:
    box = placed.box
    spoken = ". ".join(filter(None, (f"{box.name}, {box.tag}".rstrip(", "), _alarm(box))))
    whole = " ".join(filter(None, (f"{spoken}.", box.text, *box.beside)))
    inner = "".join(_text(words, wrong=_is_wrong(box)) for words in placed.words)
    outline = _outline(
        box.shape, placed.x, placed.y, placed.width, placed.height, reached=box.reached
    )
    return (
        f'<g role="group" aria-label="{safe(spoken)}" data-box="{safe(box.id)}">'
        f"<title>{safe(whole)}</title>{outline}{inner}</g>"
    )


def _alarm(box: Box) -> str:
    if box.shape == "missing":
        return "There is no such step"
    return "" if box.reached else "Unreachable: no way leads here"


def _is_wrong(box: Box) -> bool:
    return not box.reached or box.shape == "missing"


def _text(words: Words, *, wrong: bool = False) -> str:
    role = f"{words.role} wrong" if wrong and words.role in ("tag", "small") else words.role
    mark = ""
    if words.mark is not None:
        mark = _outline(words.mark, words.x - 24, words.y - 10, 18, 11)
    return f'{mark}<text class="{role}" x="{words.x:g}" y="{words.y:g}">{safe(words.text)}</text>'


def _outline(
    shape: Shape, x: float, y: float, width: float, height: float, *, reached: bool = True
) -> str:
    fill, border = FILLS[shape] if reached else WRONG
    thick = {"handoff": 4.0, "missing": 2.0}.get(shape, 1.4 if reached else 3.0)
    look = f'fill="{fill}" stroke="{border}" stroke-width="{thick:g}"'
    tip, cut = min(10.0, height / 2), min(8.0, height / 2)
    corners: tuple[Point, ...]
    match shape:
        case "gate":
            corners = (
                (x, y + cut), (x + cut, y), (x + width - cut, y), (x + width, y + cut),
                (x + width, y + height - cut), (x + width - cut, y + height),
                (x + cut, y + height), (x, y + height - cut),
            )  # fmt: skip
            return f'<polygon points="{_points(corners)}" {look}/>'
        case "elsewhere" | "entrance":
            corners = (
                (x, y), (x + width - tip, y), (x + width, y + height / 2),
                (x + width - tip, y + height), (x, y + height),
            )  # fmt: skip
            return f'<polygon points="{_points(corners)}" {look}/>'
        case "end" | "returns":
            return _rect(x, y, width, height, min(18, height / 2), look)
        case "consent":
            inner = f'fill="none" stroke="{border}" stroke-width="1.2"'
            inside = _rect(x + 3.5, y + 3.5, width - 7, height - 7, 4, inner)
            return _rect(x, y, width, height, 7, look) + inside
        case _:
            return _rect(x, y, width, height, 7, look)


def _rect(x: float, y: float, width: float, height: float, radius: float, look: str) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}" {look}/>'
    )


def _points(corners: tuple[Point, ...]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in corners)


# ---------------------------------------------------------------------------------------- arrows


def _path(path: Path, end: str) -> str:
    arrow = path.arrow
    how = {"go": "", "visit": ", and back", "silence": ", when nothing comes"}[arrow.line]
    spoken = f"{', '.join(arrow.labels) or 'from here'}: to {end}{how}" if end else ""
    named = f' role="group" aria-label="{safe(spoken)}"' if spoken else ' aria-hidden="true"'
    words = "".join(_text(each) for each in path.words)
    return (
        f'<g{named} data-line="{arrow.line}">{_line(path.points, arrow.line, path.lane)}{words}</g>'
    )


def _line(points: tuple[Point, ...], line: Line, lane: int = 0) -> str:
    colours = LINES[line]
    colour = colours[lane % len(colours)]
    dash = ' stroke-dasharray="6 4"' if line == "silence" else ""
    trail = _rounded(points)
    heads = _head(points[-2], points[-1], colour)
    if line == "visit":
        heads += _head(points[1], points[0], colour)
    return f'<path d="{trail}" fill="none" stroke="{colour}" stroke-width="1.6"{dash}/>{heads}'


def _rounded(points: tuple[Point, ...]) -> str:
    """A path through the points, its corners rounded as far as there is room."""
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _towards(corner, before), _towards(corner, after)
        parts.append(f"L{into[0]:g} {into[1]:g}")
        parts.append(f"Q{corner[0]:g} {corner[1]:g} {out[0]:g} {out[1]:g}")
    parts.append(f"L{points[-1][0]:g} {points[-1][1]:g}")
    return "".join(parts)


def _towards(start: Point, end: Point) -> Point:
    length = math.dist(start, end)
    if not length:
        return start
    part = min(RADIUS, length / 2) / length
    return (
        round(start[0] + (end[0] - start[0]) * part, 1),
        round(start[1] + (end[1] - start[1]) * part, 1),
    )


def _head(before: Point, tip: Point, colour: str) -> str:
    """A filled arrow head at ``tip``, pointing away from ``before``. Lines are level or upright."""
    x, y = tip
    if before[0] == x:
        back = y - HEAD if before[1] < y else y + HEAD
        corners: tuple[Point, ...] = ((x, y), (x - HEAD / 2, back), (x + HEAD / 2, back))
    else:
        back = x - HEAD if before[0] < x else x + HEAD
        corners = ((x, y), (back, y - HEAD / 2), (back, y + HEAD / 2))
    return f'<polygon points="{_points(corners)}" fill="{colour}"/>'


# ---------------------------------------------------------------------------------------- legend


def _sign(sign: Sign) -> str:
    if sign.shape is not None:
        sample = _outline(sign.shape, sign.x, sign.y - 9, SAMPLE, 17, reached=sign.reached)
    else:
        ends = ((sign.x, sign.y), (sign.x + SAMPLE, sign.y))
        sample = _line(ends, sign.line or "go")
    return sample + _text(Words(sign.x + SAMPLE + 8, sign.y + 4, sign.words, "key"))
