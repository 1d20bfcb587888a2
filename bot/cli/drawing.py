"""The command that draws flows, and writes the document that is reviewed and signed."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .frame import FINE, WRONGLY, Add, say, settings_of

if TYPE_CHECKING:
    from bot.drawing.graph import Graph
    from bot.flowdef.model import Library

FORMATS = ("svg", "mermaid", "document", "all")
OVERVIEW = "overview"


def register(add: Add) -> None:
    """Add this command to the parser."""
    diagram = add("diagram", _diagram, "draw the flows, and write the document to review and sign")
    diagram.add_argument("flow", nargs="*", help="only these flows, without the overview")
    diagram.add_argument("--out", type=Path, default=Path("diagrams"), help="where to write")
    diagram.add_argument("--format", choices=FORMATS, default="all", help="all unless named")


def _diagram(chosen: argparse.Namespace) -> int:
    from bot.flowdef.load import load

    settings = settings_of(bots=False)
    library, issues = load(settings.flows)
    wrong = _unknown(library, chosen.flow)
    if wrong:
        say(wrong)
        return WRONGLY
    if not library.flows:
        return say(f"There is nothing to draw: no flow in {settings.flows}.")
    try:
        chosen.out.mkdir(parents=True, exist_ok=True)
        for path, text in _files(chosen, library, settings.locales):
            path.write_text(text, "utf-8", newline="\n")
            print(f"{path} written.")
    except OSError as error:
        return say(f"{chosen.out} cannot be written to: {error.strerror}. Name another with --out.")
    errors = sum(issue.severity == "error" for issue in issues)
    if errors:
        counted = "1 mistake" if errors == 1 else f"{errors} mistakes"
        say(f"The files have {counted}, so this may lack something. Run `python -m bot check`.")
    return FINE


def _unknown(library: "Library", wanted: list[str]) -> str:
    """A sentence about the first flow that does not exist; empty when all do."""
    from bot.flowdef.fields import did_you_mean

    known = [flow.id for flow in library.flows]
    name = next((name for name in wanted if name not in known), None)
    if name is None:
        return ""
    return f"There is no flow `{name}`. {did_you_mean(name, known)}"


def _files(
    chosen: argparse.Namespace, library: "Library", locales: Path
) -> Iterator[tuple[Path, str]]:
    """Each file to write, with its text."""
    if chosen.format != "document":
        for name, graph in _graphs(library, chosen.flow):
            yield from _drawn(chosen, name, graph)
    if chosen.format in ("document", "all"):
        from bot import app
        from bot.drawing.document import document
        from bot.text.catalog import Catalogues

        catalogues = Catalogues.load(locales)
        only = tuple(dict.fromkeys(chosen.flow))
        name = f"review-{'-'.join(only)}" if only else "review"
        yield chosen.out / f"{name}.html", document(library, catalogues, app.now().date(), only)


def _graphs(library: "Library", wanted: list[str]) -> Iterator[tuple[str, "Graph"]]:
    from bot.drawing.exits import survey
    from bot.drawing.graph import flow_graph, overview_graph

    seen = survey(library)
    for flow in library.flows:
        if not wanted or flow.id in wanted:
            name = flow.id if flow.id != OVERVIEW else f"flow-{OVERVIEW}"
            yield name, flow_graph(seen, flow)
    if not wanted:
        yield OVERVIEW, overview_graph(seen)


def _drawn(chosen: argparse.Namespace, name: str, graph: "Graph") -> Iterator[tuple[Path, str]]:
    from bot.drawing.mermaid import mermaid
    from bot.drawing.svg import svg

    if chosen.format in ("svg", "all"):
        yield chosen.out / f"{name}.svg", svg(graph)
    if chosen.format in ("mermaid", "all"):
        yield chosen.out / f"{name}.mmd", mermaid(graph)
