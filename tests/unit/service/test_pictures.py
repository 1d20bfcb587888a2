"""What goes into her chat for a picture: the same words, a caption that fits, and the truth when it
cannot be made.
"""

from dataclasses import replace

import pytest

from bot.core.ids import Language, StepId
from bot.core.message import utf16_length
from bot.picture.page import NotDrawn, Page, png
from bot.service.editions import build
from bot.service.pictures import told
from bot.service.publishing import read_input
from bot.text.pictured import LONGEST_CAPTION
from bot.text.pseudo import LANGUAGES, pseudo_catalogue
from bot.text.words import Words
from tests.survivor import ROOT, Survivor, shipped

SIDE = StepId("compare.side")
MARKED = ("heard", "privacy", "decide")


def her(language: str = "en", marks: tuple[str, ...] = MARKED, seed: str = "seed"):
    """Her session, with those marks."""
    session = Survivor(language=language).session
    return replace(session, seed=seed, answers={"needs": marks} if marks else {})


def pseudo(name: str) -> Words:
    """The words in one of the two made-up languages."""
    files = read_input(ROOT / "flows", ROOT / "locales")
    language = LANGUAGES[name]
    made = pseudo_catalogue(shipped().library, language)
    files[f"locales/{language}/LC_MESSAGES/messages.po"] = made
    edition, _ = build(files, "US-NY", checked=True)
    assert edition is not None
    return edition.words


class Painter:
    """Remembers the pages; draws them, or cannot."""

    def __init__(self, *, fails: bool = False) -> None:
        self.pages: list[Page] = []
        self.fails = fails

    def __call__(self, page: Page) -> bytes:
        self.pages.append(page)
        if self.fails:
            msg = "no"
            raise NotDrawn(msg)
        return b"picture"


@pytest.mark.parametrize("language", ["en", "es"])
async def test_each_picture_has_its_words_as_its_caption(language):
    """Every word that is drawn is in the caption, which fits, and begins with nothing charged."""
    paint = Painter()
    lines = await told(SIDE, her(language), shipped().words, paint)
    assert len(lines) == len(paint.pages) == 3
    charged = shipped().library.charged[language]
    for line, page in zip(lines, paint.pages, strict=True):
        said = line.content.text
        assert utf16_length(said) <= LONGEST_CAPTION
        drawn = (page.heading, *(w for row in page.rows for w in (row.name, row.verdict, row.line)))
        assert all(word in said for word in drawn)
        assert not {*said[:40].casefold().replace(",", "").split()} & {*charged}
        assert page.title not in ("", "Waymark")
        assert line.photo is not None
        assert (line.photo.png, page.right_to_left) == (b"picture", False)
        assert said in line.photo.instead.text


async def test_words_too_long_for_a_caption_follow_it(monkeypatch):
    """Then the caption is short and neutral, and nothing is lost when there is no picture."""
    monkeypatch.setattr("bot.text.pictured.LONGEST_CAPTION", 400)
    lines = await told(SIDE, her(), shipped().words, Painter())
    assert [line.photo is not None for line in lines] == [True, False] * 3
    for place, (first, second) in enumerate(zip(lines[::2], lines[1::2], strict=True), start=1):
        assert first.content.text == f"Side by side · Part {place} of 3"
        assert 400 < utf16_length(second.content.text) <= 4096
    bare = await told(SIDE, her(), shipped().words, Painter(fails=True))
    spoken = [line.content.text for line in lines[1::2]]
    assert [line.content.text for line in bare] == ["The picture could not be made.", *spoken]


@pytest.mark.parametrize("name", ["qps", "qps-rtl"])
async def test_the_made_up_languages_can_be_drawn(name):
    """Accents, brackets and the marks that turn the direction."""
    session = replace(her(), language=LANGUAGES[name])
    pages = Painter()
    await told(SIDE, session, pseudo(name), pages)
    assert pages.pages[0].right_to_left is (name == "qps-rtl")
    assert png(pages.pages[0]).startswith(b"\x89PNG")


async def test_when_no_picture_can_be_made_she_is_told_once_and_has_the_words():
    """In one phrase, above the first of them."""
    lines = await told(SIDE, her(), shipped().words, Painter(fails=True))
    assert [line.photo for line in lines] == [None] * 3
    assert [line.content.text.startswith("The picture could not be made.") for line in lines] == [
        True, False, False,
    ]  # fmt: skip
    assert "To be heard" in lines[0].content.text


async def test_a_comparison_that_is_gone_is_told_as_well():
    """The flows may have changed since her screen was shown."""
    (line,) = await told(StepId("compare.gone"), her(), shipped().words, Painter())
    assert (line.content.text, line.photo) == ("The picture could not be made.", None)


async def test_several_pictures_say_which_they_are_and_one_does_not():
    """A single one is no part of anything."""
    several, one = Painter(), Painter()
    await told(SIDE, her(), shipped().words, several)
    await told(SIDE, her(marks=("heard",)), shipped().words, one)
    assert [page.part for page in several.pages] == [f"Part {n} of 3" for n in (1, 2, 3)]
    assert [page.part for page in one.pages] == [""]


async def test_without_marks_every_need_is_drawn():
    """As on the screen."""
    paint = Painter()
    await told(SIDE, her(marks=()), shipped().words, paint)
    assert len(paint.pages) == 10


def test_the_language_of_a_page_is_hers():
    """Babel knows it, so dates and direction are right."""
    assert her("es").language == Language("es")
