"""Which figures a page states, with their units, and whether a source is noted to support them."""

import pytest

from bot.flowdef.checks.figures import figures_of, unsupported_figure
from tests.unit.flowdef.flows import read


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("for 12 to 15 months.", [("12", ("months",)), ("15", ("months",))]),
        ("In New York in 2019, 96 of 100 felony convictions", [
            ("2019", ("new", "york", "felony", "convictions")),
            ("96", ("new", "york", "felony", "convictions")),
            ("100", ("new", "york", "felony", "convictions")),
        ]),
        ("*Step 2 of 4*\n\nIt ends. Up to $12,000 for burial", [("12,000", ("$", "burial"))]),
        ("nothing is counted here", []),
        ("it ends with 7.", [("7", ("ends",))]),
    ],
)  # fmt: skip
def test_a_figure_belongs_to_the_words_beside_it(said, found):
    """The number of a page is none."""
    assert list(figures_of(said)) == found


SUPPORTS = {
    "A": "In 2019, 96 of 100 felony convictions came from a plea. As of 2020, more is not known.",
    "B": "As of 2026, undated, it takes 12 to 15 months. It was founded by 96 people.",
}


def found(said: str, *cited: str) -> list[str]:
    """The figures of a page that its sources do not support."""
    sources = "".join(
        f'  - {{id: {name}, title: T, confidence: confirmed, supports: "{text}"}}\n'
        for name, text in SUPPORTS.items()
    )
    page = (
        f"flow: a\nsteps:\n  - id: p\n    say: |\n      {said}\n    sources: [{', '.join(cited)}]\n"
    )
    library, _ = read(page, **{"sources.yaml": f"sources:\n{sources}".encode()})
    return [issue.what.split("`")[1] for issue in unsupported_figure(library)]


def test_a_figure_needs_what_it_counts_and_a_year_in_one_sentence():
    """The same number about something else, or of no known year, supports nothing."""
    assert found("In 2019, 96 of 100 felony convictions came from a plea.", "A") == []
    assert found("It takes 12 to 15 months.", "B") == []
    assert found("It was founded by 96 people.", "B") == ["96"]
    assert found("It takes 96 months.", "A", "B") == ["96"]


@pytest.mark.parametrize(("one", "other"), [("A", "B"), ("B", "A")])
def test_two_sources_that_are_swapped_are_found(one, other):
    """Each page has its figures in its own source only."""
    said = {"A": "Of 100 felony convictions, 96.", "B": "It takes 12 to 15 months."}
    assert found(said[one], one) == []
    assert len(found(said[one], other)) >= 1
