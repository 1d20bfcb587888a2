"""Facts: each page has to do with the sources it names, and nothing unchecked is told as a fact."""

import re
from itertools import combinations

import pytest
import yaml

from bot.flowdef.checks.figures import unsupported_figure
from tests.standards.guide import LANGUAGES, LIBRARY, told
from tests.standards.registry import HERE
from tests.standards.sourcing import CITED, fits, named, pages, stands, supported, telling

UNCHECKED: dict[str, str] = yaml.safe_load((HERE / "unchecked.yaml").read_text("utf-8"))
"""What nobody has seen at a source, and what each would look like in words."""


def test_facts_every_page_shares_telling_words_with_each_source_it_names():
    """Otherwise the source is on the wrong page, or the page says what it does not."""
    wrong = [
        f"{page}: {name}, {sorted(telling(words) & supported()[name])}"
        for page, (words, names) in pages().items()
        for name in names
        if not fits(page, name)
    ]
    assert len(CITED) > 40
    assert wrong == []


def test_facts_a_page_that_names_a_publisher_names_its_publication():
    """*The Center for Justice Innovation takes …* cites something of that center."""
    wrong = [page for page in pages() if not all(set(pages()[page][1]) & o for o in named(page))]
    assert any(named(page) for page in pages())
    assert wrong == []


def test_facts_every_figure_stands_in_what_its_sources_support():
    """The rule of check, over the whole library."""
    assert [f"{issue}" for issue in unsupported_figure(LIBRARY)] == []


def test_facts_any_two_sources_that_are_mixed_up_are_found():
    """Each pair of the cited ids, exchanged on every page at once, leaves a page that fails."""
    assert [page for page, (_, names) in pages().items() if not stands(page, names)] == []
    unseen = []
    for one, other in combinations(CITED, 2):
        turned = {one: other, other: one}
        touched = [
            page for page, (_, names) in pages().items() if (one in names) != (other in names)
        ]
        found = any(
            not stands(page, tuple(turned.get(name, name) for name in pages()[page][1]))
            for page in touched
        )
        if not found:
            unseen.append((one, other))
    assert unseen == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_facts_nothing_unchecked_is_told(language):
    """What the research marks as remembered and not seen stands in no text, in no language."""
    found = [
        f"{what}: {ctx}"
        for what, pattern in UNCHECKED.items()
        for ctx, words in told(language).items()
        if re.search(pattern, words, re.IGNORECASE)
    ]
    assert found == []


def test_facts_the_unchecked_are_recognised():
    """Each pattern finds an example, so that the test above says something."""
    examples = (
        "4.5 million people", "70 millones", "$15,000", "CPL 180.80", "up to 8 years", "text 64673",
        "80 to 90", "6 of 100", "12 votes", "press 3", "$10,000", "late 1980s", "orden de 2 años",
    )  # fmt: skip
    for each in examples:
        assert any(re.search(pattern, each, re.IGNORECASE) for pattern in UNCHECKED.values()), each
