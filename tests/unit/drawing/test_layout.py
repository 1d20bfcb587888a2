"""Where things stand: nothing covers anything, whatever is drawn."""

from itertools import combinations

from hypothesis import given

from bot.drawing.exits import survey
from bot.drawing.graph import flow_graph, overview_graph
from bot.drawing.layout import NOTE, Path, Picture, Placed, laid_out
from bot.drawing.measure import width, wrapped
from tests.unit.drawing.flows import drawn, folders, small

Area = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def pictures(library) -> list[Picture]:
    """All of them."""
    seen = survey(library)
    graphs = [flow_graph(seen, flow) for flow in library.flows]
    return [laid_out(graph) for graph in (*graphs, overview_graph(seen))]


def area(placed: Placed) -> Area:
    """The ground a box covers."""
    return placed.x, placed.y, placed.x + placed.width, placed.y + placed.height


def labels(path: Path) -> list[Area]:
    """The ground the words of an arrow cover."""
    return [(w.x, w.y - 9, w.x + width(w.text, NOTE), w.y + 2) for w in path.words]


def segments(path: Path) -> list[Area]:
    """The straight parts of an arrow, as areas without breadth."""
    pairs = zip(path.points, path.points[1:], strict=False)
    return [(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])) for a, b in pairs]


def cover(one: Area, other: Area) -> bool:
    """Whether two areas share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(folders())
def test_nothing_covers_anything(folder):
    """No box covers a box, no line crosses a box or words, no words cover words or a box."""
    for picture in pictures(drawn(folder)):
        boxes = [area(placed) for placed in picture.boxes]
        words = [each for path in picture.paths for each in labels(path)]
        lines = [each for path in picture.paths for each in segments(path)]
        assert not [pair for pair in combinations(boxes, 2) if cover(*pair)]
        assert not [pair for pair in combinations(words, 2) if cover(*pair)]
        assert not [(a, b) for a in boxes for b in (*words, *lines) if cover(a, b)]
        assert not [(a, b) for a in words for b in lines if cover(a, b)]


@given(folders())
def test_everything_stands_inside_the_picture(folder):
    """Boxes, lines and the words in boxes; words in a box stay in it."""
    for picture in pictures(drawn(folder)):
        for placed in picture.boxes:
            left, top, right, bottom = area(placed)
            assert left >= 0
            assert top >= 0
            assert right <= picture.width
            assert bottom <= picture.height
            assert all(top < words.y < bottom for words in placed.words)
        points = [point for path in picture.paths for point in path.points]
        assert all(0 < x < picture.width and 0 < y < picture.height for x, y in points)


@given(folders())
def test_every_arrow_touches_its_two_boxes(folder):
    """It begins at the edge of one and ends at the edge of the other."""
    for picture in pictures(drawn(folder)):
        placed = {each.box.id: area(each) for each in picture.boxes}
        assert len(picture.paths) == len(picture.graph.arrows)
        for path in picture.paths:
            for point, box in (
                (path.points[0], path.arrow.start),
                (path.points[-1], path.arrow.end),
            ):
                left, top, right, bottom = placed[box]
                assert point[0] in (left, right) or point[1] in (top, bottom)
                assert left <= point[0] <= right
                assert top <= point[1] <= bottom


def test_lanes_to_one_target_are_one_and_others_keep_apart():
    """Lines that run side by side for a while never lie on each other."""
    seen = survey(small())
    picture = laid_out(flow_graph(seen, seen.library.flow("small")))
    lanes = {
        (path.arrow.start, path.arrow.line): path.points[1][0]
        for path in picture.paths
        if len(path.points) == 4
    }
    assert lanes == {
        ("small.first", "silence"): 976.0,
        ("small.may", "go"): 948.0,
        ("small.send?", "go"): 948.0,
        ("small.send", "visit"): 962.0,
    }


def test_long_words_are_wrapped_and_cut_between_words():
    """No line is wider than its room; a cut text says so."""
    said = "Nobody watches this chat all day. If you need someone right away, type numbers."
    lines = wrapped(said, 200, 12.5, most=2)
    assert lines == ("Nobody watches this chat all", "day. If you need someone…")
    assert all(width(line, 12.5) <= 200 for line in wrapped("x" * 200, 200, 12.5))
