"""A graph as Mermaid text, for wikis and code reviews that draw it themselves.

Nothing an author wrote can become Mermaid: every label is quoted, and every sign that could mean
something there is written as a number.
"""

import re

from .escaping import holdable
from .graph import Arrow, Box, Graph, Shape
from .measure import wrapped

ROOM, SIZE = 260.0, 12.5
MOST_TEXT = 3
SIGNS = str.maketrans({sign: f"#{ord(sign)};" for sign in '"#<>&`\\{}[]|%;'})
STYLING = re.compile("style|classDef")
BORDERS: dict[Shape, tuple[str, str]] = {
    "step": ("[", "]"),
    "consent": ("[[", "]]"),
    "handoff": ("[/", "/]"),
    "end": ("([", "])"),
    "flow": ("[", "]"),
    "gate": ("{{", "}}"),
    "elsewhere": (">", "]"),
    "returns": ("([", "])"),
    "missing": ("[", "]"),
    "entrance": ("([", "])"),
}
"""The signs around a label; consent and handoff have a form of their own beside their colour."""

CLASSES = (
    "classDef step fill:#ffffff,stroke:#56606e,color:#1b2430",
    "classDef flow fill:#ffffff,stroke:#56606e,color:#1b2430",
    "classDef consent fill:#fff3cf,stroke:#8a5a00,stroke-width:2px,color:#1b2430",
    "classDef handoff fill:#e1edff,stroke:#1c4f9c,stroke-width:4px,color:#1b2430",
    "classDef end_ fill:#e9edf2,stroke:#56606e,color:#1b2430",
    "classDef gate fill:#f4f1ea,stroke:#56606e,color:#1b2430",
    "classDef elsewhere fill:#f1f3f6,stroke:#7a8593,color:#1b2430",
    "classDef returns fill:#f1f3f6,stroke:#7a8593,color:#1b2430",
    "classDef entrance fill:#e8f4ec,stroke:#2f6b47,color:#1b2430",
    "classDef missing fill:#ffe8e6,stroke:#b3261e,stroke-width:2px,color:#b3261e",
    "classDef unreachable fill:#fff0ef,stroke:#b3261e,stroke-width:3px,color:#b3261e",
)


def mermaid(graph: Graph) -> str:
    """The flowchart of a graph. The same graph gives the same text."""
    names = {box.id: f"n{number}" for number, box in enumerate(graph.boxes)}
    lines = [
        "---",
        f"title: {_title(f'{graph.title} ({graph.id})')}",
        "---",
        "flowchart TD",
        *(f"  {names[box.id]}{_box(box)}" for box in graph.boxes),
        *(f"  {_arrow(arrow, names)}" for arrow in graph.arrows),
        *(f"  {line}" for line in _used(graph)),
    ]
    return "\n".join(lines) + "\n"


def _box(box: Box) -> str:
    left, right = BORDERS[box.shape]
    tag = box.tag if box.reached else f"{box.tag}, unreachable"
    head = f"<b>{_safe(box.name)}</b>" + (f" ({_safe(tag)})" if tag else "")
    said = wrapped(box.text, ROOM, SIZE, most=MOST_TEXT)
    label = "<br/>".join((head, *map(_safe, said), *map(_safe, box.beside)))
    return f'{left}"{_label(label)}"{right}:::{_class(box)}'


def _class(box: Box) -> str:
    if not box.reached:
        return "unreachable"
    return "end_" if box.shape == "end" else box.shape


def _arrow(arrow: Arrow, names: dict[str, str]) -> str:
    line = {"go": "-->", "visit": "<-->", "silence": "-.->"}[arrow.line]
    label = "<br/>".join(map(_safe, arrow.labels))
    middle = f'|"{_label(label)}"|' if label else ""
    return f"{names[arrow.start]} {line}{middle} {names[arrow.end]}"


def _used(graph: Graph) -> tuple[str, ...]:
    """The classes of the boxes that are there, so that a small flow stays a small text."""
    used = {_class(box) for box in graph.boxes}
    return tuple(line for line in CLASSES if line.split()[1] in used)


def _safe(text: str) -> str:
    return " ".join(holdable(text).split()).translate(SIGNS)


def _label(label: str) -> str:
    """Mermaid takes a line with `style`, a colon and a number sign for one about looks."""
    return label.replace(":", "#58;") if STYLING.search(label) else label


def _title(text: str) -> str:
    """A text of one line in YAML, between double quotes; Mermaid reads a title as HTML."""
    shown = " ".join(holdable(text).split())
    plain = shown.replace("<", "(").replace(">", ")").replace("&", "and")
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
