"""The register as a page for people: one table a family, and the count of each state on top."""

from collections import Counter
from itertools import groupby
from typing import Final

from tests.standards.registry import Criterion

NAMES: Final = {"met": "met", "not_met": "**not met**", "not_applicable": "not applicable"}

INTRODUCTION: Final = """\
# What outside criteria ask, and whether Waymark does it

This page is written by `make standards` from `tests/standards/criteria.yaml`; change the criteria
there. A test keeps both together, and another looks that each test and each screen named here
exists. Below, each criterion is said in our own words: read the publication before you quote it.
*Known from* says how its wording is known here: **original**, read in part at its publisher;
**copy**, read in a copy or in a text that quotes it; **memory**, not read again for this project;
**ours**, what this project adds to it.

*Met* means that a screen or a test shows it today, in the program and its words. It does not mean
that somebody outside has looked, and most of these publications bind somebody else: states,
agencies, programs that hold meetings. Used here, they are yardsticks. *Not applicable* gives the
reason from the criterion's own scope. What an organization that runs Waymark has to do itself
(staff, hours, training, a privacy officer) is not claimed.
"""


def page(criteria: tuple[Criterion, ...]) -> str:
    """The whole page, its first line the counts."""
    parts = [f"{counted(criteria)}\n", INTRODUCTION]
    for family, entries in groupby(criteria, key=lambda each: each.family):
        listed = tuple(entries)
        parts.append(f"## {family}\n\n{counted(listed)}\n")
        head = (
            "| id | what it asks | known from | state | shown by | why |\n|---|---|---|---|---|---|"
        )
        parts.append("\n".join((head, *map(_row, listed))) + "\n")
    return "\n".join(parts)


def counted(criteria: tuple[Criterion, ...]) -> str:
    """``12 criteria: 9 met, 2 not met, 1 not applicable.``"""
    states = Counter(each.state for each in criteria)
    met, lacking, outside = states["met"], states["not_met"], states["not_applicable"]
    total = f"{len(criteria)} criteria" if len(criteria) > 1 else "1 criterion"
    return f"{total}: {met} met, {lacking} not met, {outside} not applicable."


def _row(criterion: Criterion) -> str:
    source = f"[{criterion.source.title}]({criterion.source.address})"
    cells = (
        criterion.id,
        f"{criterion.says} {source}",
        criterion.known,
        NAMES[criterion.state],
        "<br>".join(f"`{name}`" for name in criterion.by),
        criterion.why,
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
