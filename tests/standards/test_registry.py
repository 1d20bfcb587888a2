"""The register keeps its promises: what it names exists, and what could be tested is tested."""

import re

import pytest

from tests.standards.__main__ import PAGE
from tests.standards.registry import criteria, is_a_test, is_shown, own_tests, slug
from tests.standards.table import counted, page

FAMILIES = {
    "IPDAS": 29, "VRD": 22, "COE": 7, "UN": 8, "UNO": 3, "ACT": 1, "NZ": 2, "IST": 1, "VAWA": 12,
    "NNEDV": 15, "CR": 7, "KANTARA": 1, "GDPR": 15, "TI": 6, "CH": 8, "UNI": 6, "BOT": 9,
    "CRI": 14, "PL": 5, "A11Y": 14, "LANG": 8, "OPS": 18,
}  # fmt: skip
"""How many criteria there are of each kind; none may be lost."""

OF_NO_CRITERION = {"test_registry.py", "test_facts.py", "test_meeting.py"}
"""Files whose tests are about the register, the facts and the meeting, and not named by an id."""

FEWEST_WORDS = 4


def family(criterion: str) -> str:
    """``NZ-FV`` -> ``NZ``."""
    return criterion.partition("-")[0]


def named_after(test: str) -> str:
    """The id, as a slug, that a test is named after: the longest that fits, or nothing."""
    name = test.partition("::test_")[2]
    slugs = sorted((each.slug for each in criteria()), key=len, reverse=True)
    return next((each for each in slugs if f"{name}_".startswith(f"{each}_")), "")


def test_every_criterion_is_there_once():
    """In every family as many as there are."""
    ids = [each.id for each in criteria()]
    assert len(ids) == len(set(ids)) == sum(FAMILIES.values())
    assert {name: sum(family(each) == name for each in ids) for name in FAMILIES} == FAMILIES


def test_the_page_is_the_one_that_the_register_makes():
    """``make standards`` was run after the last change; the first line has the counts."""
    text = PAGE.read_text("utf-8")
    assert text.splitlines()[0] == counted(criteria())
    assert text == page(criteria()), "run `make standards`"


@pytest.mark.parametrize("criterion", criteria(), ids=lambda each: each.id)
def test_what_a_criterion_names_exists(criterion):
    """Each test, each screen, each line; and each entry says enough."""
    assert [name for name in criterion.tests if not is_a_test(name)] == []
    assert [name for name in criterion.screens if not is_shown(name)] == []
    assert len(criterion.says.split()) >= FEWEST_WORDS
    assert criterion.source.address.startswith("https://")


@pytest.mark.parametrize("criterion", criteria(), ids=lambda each: each.id)
def test_a_state_has_what_it_needs(criterion):
    """Met is shown by a test; the other two say why."""
    if criterion.state == "met":
        assert criterion.tests, "no test shows it: write one, or say what is missing"
    else:
        assert len(criterion.why.split()) >= FEWEST_WORDS


def test_a_reason_for_not_applicable_is_the_criterions_own_scope():
    """Whom or what it binds, or what it asks only of some: not that it would be work."""
    scope = r"\b(binds|asks this only|is about|is a safe harbor|measures)\b"
    outside = [each for each in criteria() if each.state == "not_applicable"]
    assert outside
    assert [each.id for each in outside if not re.search(scope, each.why)] == []


def test_every_test_of_this_folder_is_named_by_its_criterion():
    """A test named after an id stands in the register under that id, so that none goes unseen."""
    by_slug = {each.slug: each for each in criteria()}
    unnamed = []
    for test in own_tests():
        if test.rpartition("/")[2].partition("::")[0] not in OF_NO_CRITERION:
            found = by_slug.get(named_after(test))
            if found is None or test not in found.tests:
                unnamed.append(test)
    assert unnamed == []


def test_a_slug_is_an_id_in_small_letters():
    """And the longest one wins: VRD-4.2 is not VRD-4."""
    assert [slug(one) for one in ("IPDAS-C1", "VRD-4.2", "GDPR-15/20")] == [
        "ipdas_c1",
        "vrd_4_2",
        "gdpr_15_20",
    ]
    assert named_after("x.py::test_cri_2_thoughts") == "cri_2"
    assert named_after("x.py::test_vrd_4_2_more") == "vrd_4_2"


def test_nothing_of_the_page_says_where_or_by_whom_it_was_made():
    """A reader needs the publication and the test, and no more."""
    assert not re.search(r"(?<![\w/.-])s\d{1,3}(?![\w.])|\.\./", PAGE.read_text("utf-8"))
