"""How many questions are answered by the right screen: the bars, and the figures beside them.

The lists in tests/questions are questions as worried people type them. The part marked `held` was
drawn at random before anything was matched, and nothing is tuned on it; `more` is another list, by
somebody who knew only the names of the screens, and is tuned on since it was measured once. `blind`
is a third one, by somebody who knew nothing of the matching, and nothing is ever tuned on it. A
screen is right when the list names it; what goes on from it (`what`, `what_ask`) counts as it.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from bot.core.ids import Language
from tests.survivor import shipped

LISTS = Path(__file__).parent / "questions"
TOP_1, TOP_3, DECLINED = 0.75, 0.90, 0.90
PARTS = ("tuned", "held", "more", "blind")
FILES = ("more", "blind")
"""Parts that are a list of their own."""
LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Figures:
    """Shares of one part of one list."""

    questions: int
    top_1: float
    top_3: float
    opened: float
    nonsense: int
    declined: float
    silent: float

    def __str__(self) -> str:
        return (
            f"{self.questions} questions: the first screen is right {self.top_1:.0%}, one of three"
            f" {self.top_3:.0%}, opened at once {self.opened:.0%}; of {self.nonsense} others"
            f" {self.declined:.0%} declined, {self.silent:.0%} without any offer"
        )


def listed(language: str, part: str, key: str) -> list[dict]:
    """The entries of one part of a list."""
    name = f"{language}_{part}.yaml" if part in FILES else f"{language}.yaml"
    entries = yaml.safe_load((LISTS / name).read_text("utf-8"))[key]
    if part in FILES:
        return list(entries)
    return [entry for entry in entries if bool(entry.get("held")) is (part == "held")]


def is_right(step: str, opens: list[str]) -> bool:
    """Whether a list names a screen, or the one it goes on from."""
    return any(fnmatchcase(step, name) or step.startswith(f"{name}_") for name in opens)


def measured(language: str, part: str) -> Figures:
    """What becomes of every question of one part."""
    find = shipped().vocabulary.questions.find
    asked = [
        (find(entry["typed"], Language(language)), entry["opens"])
        for entry in listed(language, part, "questions")
    ]
    other = [
        find(entry["typed"], Language(language)) for entry in listed(language, part, "declined")
    ]
    first = [bool(f.nearest) and is_right(f.nearest[0], opens) for f, opens in asked]
    three = [any(is_right(step, opens) for step in f.nearest) for f, opens in asked]
    return Figures(
        questions=len(asked),
        top_1=sum(first) / len(asked),
        top_3=sum(three) / len(asked),
        opened=sum(f.sure for f, _ in asked) / len(asked),
        nonsense=len(other),
        declined=sum(not f.sure for f in other) / len(other),
        silent=sum(not f.nearest for f in other) / len(other),
    )


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_are_answered_by_the_right_screen(language, part, capsys):
    """75 % by the first, 90 % by one of three; and 90 % of what is no question here is declined."""
    figures = measured(language, part)
    with capsys.disabled():
        print(f"\n{language}, {part}: {figures}")  # noqa: T201 - the figures are asked for
    assert figures.top_1 >= TOP_1
    assert figures.top_3 >= TOP_3
    assert figures.declined >= DECLINED


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_is_whole(language):
    """Sixty questions and thirty others, a third of each held; and as many more, twice.

    None is a word of danger or one that is always on, but for a few of those that were added.
    """
    heard = shipped().vocabulary
    for key, total in (("questions", 60), ("declined", 30)):
        parts = [listed(language, part, key) for part in PARTS]
        assert [len(part) for part in parts] == [total * 2 // 3, total // 3, total, total]
        for entry in (entry for part in parts[:2] for entry in part):
            assert heard.word(entry["typed"]) is None
            assert heard.in_danger(entry["typed"]) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_names_screens_that_exist(language):
    """A renamed screen would otherwise count as wrong for ever."""
    steps = shipped().library.steps
    for part in PARTS:
        for entry in listed(language, part, "questions"):
            lost = [n for n in entry["opens"] if not any(fnmatchcase(s, n) for s in steps)]
            assert lost == [], entry["typed"]
