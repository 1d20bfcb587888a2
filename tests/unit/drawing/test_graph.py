"""Boxes and arrows of a flow, and of all flows."""

from hypothesis import given

from bot.drawing.exits import survey
from bot.drawing.graph import Arrow, Graph, flow_graph, overview_graph
from bot.flowdef.model import Library
from tests.unit.drawing.flows import drawn, folders, named, small


def graph_of(library: Library, flow: str = "small") -> Graph:
    """The graph of one flow."""
    found = library.flow(flow)
    assert found is not None
    return flow_graph(survey(library), found)


def test_boxes_stand_in_the_order_of_the_file_with_a_gate_before_a_condition():
    """Consent, handoff and end have shapes of their own; what nothing leads to is marked."""
    spine = [
        box for box in graph_of(small()).boxes if box.id.startswith("small.") and "<" not in box.id
    ]
    assert [(box.id, box.shape, box.reached) for box in spine if ">" not in box.id] == [
        ("small.first", "step", True),
        ("small.may", "consent", True),
        ("small.send?", "gate", True),
        ("small.send", "handoff", True),
        ("small.last", "end", True),
        ("small.lost", "step", False),
    ]


def test_arrows_go_through_the_gate_but_a_visit_does_not():
    """`when` is asked of those who are led, not of those who look."""
    assert graph_of(small()).arrows == (
        Arrow("small.first<", "small.first"),
        Arrow("small.first", "small.may", ("Go on",)),
        Arrow("small.first", "small.first>? nowhere", ("Not now",)),
        Arrow("small.first", "small.last", ("no answer for 1 day",), "silence"),
        Arrow("small.may", "small.send?", ("Yes, you may",)),
        Arrow("small.may", "small.last", ("No, not now",)),
        Arrow("small.send?", "small.send", ("yes",)),
        Arrow("small.send?", "small.last", ("otherwise",)),
        Arrow("small.send", "small.last", ("Send it",)),
        Arrow("small.send", "small.first", ("Look again",), "visit"),
        Arrow("small.lost", "small.lost>other.one", ("Go on",)),
    )


def test_a_target_that_nobody_wrote_is_a_question():
    """A lead sees in the picture what `check` says in words."""
    missing = [box.name for box in graph_of(small()).boxes if box.shape == "missing"]
    assert missing == ["? nowhere"]


def test_buttons_to_the_same_place_share_an_arrow():
    """Eight time zones are one arrow with eight labels."""
    flow = """flow: small
steps:
  - id: first
    say: Which?
    choose:
      - {id: a, text: Ay, go: last}
      - {id: b, text: Bee, go: last}
      - {id: c, text: Stay, do: resume}
  - {id: last, end: yes}
"""
    graph = graph_of(named(flow))
    assert Arrow("small.first", "small.last", ("Ay", "Bee")) in graph.arrows
    assert graph.boxes[0].beside == ("“Stay”: back to where she was",)


def test_the_overview_shows_flows_as_they_are_met():
    """From the first flow on, those that nothing leads to last, with what matters in them."""
    graph = overview_graph(survey(small()))
    flows = [box for box in graph.boxes if box.shape == "flow"]
    assert [box.id for box in flows] == ["small", "other", "inner", "always"]
    assert flows[0].beside == ("Consent: may", "Handoff: send", "5 steps", "1 unreachable")
    assert Arrow("other", "inner", ("runs this flow",), "visit") in graph.arrows
    assert Arrow(":start", "small") in graph.arrows


@given(folders())
def test_every_arrow_begins_and_ends_at_a_box(folder):
    """Whatever is written, nothing raises, and no arrow hangs in the air."""
    library = drawn(folder)
    seen = survey(library)
    graphs = [flow_graph(seen, flow) for flow in library.flows]
    for graph in (*graphs, overview_graph(seen)):
        ids = {box.id for box in graph.boxes}
        assert len(ids) == len(graph.boxes)
        assert {end for arrow in graph.arrows for end in (arrow.start, arrow.end)} <= ids
    steps = {box.id for graph in graphs for box in graph.boxes}
    assert set(library.steps) <= steps
