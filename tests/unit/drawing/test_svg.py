"""SVG files: read as XML, nothing missing, nothing that needs a colour to be understood."""

import xml.etree.ElementTree as ET

from hypothesis import given

from bot.drawing.exits import survey
from bot.drawing.graph import Graph, flow_graph, overview_graph
from bot.drawing.svg import svg
from tests.unit.drawing.flows import drawn, folders, small

SPACE = "{http://www.w3.org/2000/svg}"


def small_graph() -> Graph:
    """The small flow."""
    library = small()
    return flow_graph(survey(library), library.flow("small"))


def read(text: str) -> ET.Element:
    """The SVG as XML."""
    return ET.fromstring(text)  # noqa: S314 - made by ourselves a line above


def box_of(root: ET.Element, name: str) -> ET.Element:
    """The group of one box."""
    return next(each for each in root.iter(f"{SPACE}g") if each.get("data-box") == name)


def spoken(element: ET.Element) -> str:
    """All the words in it, each parted by one space."""
    return " ".join(" ".join(element.itertext()).split())


@given(folders())
def test_it_is_xml_with_every_step_and_every_label(folder):
    """Whatever an author writes; and twice the same gives the same bytes."""
    library = drawn(folder)
    seen = survey(library)
    for graph in (*(flow_graph(seen, flow) for flow in library.flows), overview_graph(seen)):
        text = svg(graph)
        assert text == svg(graph)
        root = read(text)
        boxes = [each.get("data-box") for each in root.iter(f"{SPACE}g") if each.get("data-box")]
        assert sorted(boxes) == sorted(box.id for box in graph.boxes)
        shown = "".join(spoken(root).split())
        for words in (label for arrow in graph.arrows for label in arrow.labels):
            assert "".join(words.split()) in shown


def test_silence_is_dashed_and_nothing_else():
    """A dash means that nothing came."""
    root = read(svg(small_graph()))
    dashed = [
        g for g in root.iter(f"{SPACE}g") if g.find(f"{SPACE}path[@stroke-dasharray]") is not None
    ]
    assert [each.get("data-line") for each in dashed] == ["silence"]
    assert spoken(dashed[0]) == "no answer for 1 day"
    assert "stroke-dasharray" not in svg(overview_graph(survey(small())))


def test_what_cannot_be_reached_is_red_and_says_so():
    """The word stands beside the colour."""
    lost = box_of(read(svg(small_graph())), "small.lost")
    assert lost.find(f"{SPACE}rect").get("stroke") == "#b3261e"
    assert "screen, unreachable" in spoken(lost)
    assert lost.get("aria-label") == "lost, screen. Unreachable: no way leads here"


def test_a_target_that_is_not_there_is_red_and_asks():
    """A question mark, not only a colour."""
    missing = box_of(read(svg(small_graph())), "small.first>? nowhere")
    assert missing.find(f"{SPACE}rect").get("stroke") == "#b3261e"
    assert missing.get("aria-label") == "? nowhere. There is no such step"


def test_consent_and_handoff_have_a_border_of_their_own():
    """Two borders, and a thick one: for readers who see no colours, and for grey prints."""
    root = read(svg(small_graph()))
    assert len(box_of(root, "small.may").findall(f"{SPACE}rect")) == 2
    assert box_of(root, "small.send").find(f"{SPACE}rect").get("stroke-width") == "4"
    assert len(box_of(root, "small.first").findall(f"{SPACE}rect")) == 1


def test_it_can_be_read_aloud():
    """A title, a description, and after each box its ways out."""
    root = read(svg(small_graph()))
    assert root.get("aria-labelledby") == "small-title small-desc"
    assert root.find(f"{SPACE}title").text == 'A "small" one (small)'
    groups = [each.get("aria-label") for each in root.iter(f"{SPACE}g") if each.get("aria-label")]
    at = groups.index("may, consent")
    assert groups[at + 1 : at + 3] == ["Yes, you may: to send?", "No, not now: to last"]


def test_nothing_is_fetched_and_nothing_runs():
    """It opens offline, and says nothing to anybody."""
    text = svg(small_graph())
    assert text.count("http") == 1
    assert 'xmlns="http://www.w3.org/2000/svg"' in text
    for word in ("<script", "url(", "href", "@import", "onload"):
        assert word not in text
