"""A page as a picture: size and bytes, every script, both directions, and no markup from data."""

import struct
import time
import zlib
from dataclasses import replace

import pytest

from bot.picture import page
from bot.picture.page import WIDTH, Line, NotDrawn, Page, png

ENGLISH = Page(
    "en",
    right_to_left=False,
    title="Side by side",
    part="Part 1 of 3",
    heading="That things are made right",
    rows=(
        Line("A meeting about what happened", "usually", "You make a plan together."),
        Line("The court", "sometimes", "A judge can order the person to pay you."),
        Line("Support for me only", "not known", "You can ask who would know about it."),
    ),
)
SPANISH = replace(
    ENGLISH,
    lang="es",
    title="Lado a lado",
    heading="Que se repare lo que se pueda",
    rows=(Line("Una reunión", "por lo general", "¿Qué pasó? Año, acción, vergüenza."),),
)
HEBREW = replace(
    ENGLISH,
    lang="he",
    right_to_left=True,
    heading="תשובות לשאלות שלי",
    rows=(Line("בית המשפט", "לפעמים", "המקרה בודק מה אפשר להוכיח, ב-2019."),),
)
ARABIC = replace(
    ENGLISH,
    lang="ar-001",
    right_to_left=True,
    heading="إجابات على أسئلتي",
    rows=(Line("المحكمة", "أحيانًا", "تبحث القضية في ما يمكن إثباته."),),
)
PAGES = {"en": ENGLISH, "es": SPANISH, "he": HEBREW, "ar": ARABIC}


def chunks(picture: bytes) -> dict[bytes, bytes]:
    """The parts of a PNG by kind."""
    found: dict[bytes, bytes] = {}
    at = 8
    while at < len(picture):
        length, kind = struct.unpack(">I4s", picture[at : at + 8])
        found[kind] = found.get(kind, b"") + picture[at + 8 : at + 8 + length]
        at += 12 + length
    return found


def pixels(picture: bytes, most: int) -> list[bytes]:
    """The first rows of an eight-bit RGBA picture, without its filters."""
    parts = chunks(picture)
    width, _, depth, colour = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    assert (depth, colour) == (8, 6)
    raw, stride, above = zlib.decompress(parts[b"IDAT"]), width * 4, bytes(width * 4)
    rows = []
    for number in range(most):
        start = number * (stride + 1)
        above = unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), above)
        rows.append(above)
    return rows


def unfiltered(kind: int, line: bytearray, above: bytes) -> bytes:
    """One row as it was, from what is stored of it (PNG, section 9)."""
    for at, value in enumerate(line):
        left = line[at - 4] if at >= 4 else 0
        corner = above[at - 4] if at >= 4 else 0
        guess = left + above[at] - corner
        near = min((left, above[at], corner), key=lambda each: abs(guess - each))
        added = (0, left, above[at], (left + above[at]) // 2, near)[kind]
        line[at] = (value + added) & 255
    return bytes(line)


def dark(rows: list[bytes], left: int, right: int) -> int:
    """How many dark pixels stand between two columns."""
    return sum(row[at * 4] < 100 for row in rows for at in range(left, right))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_a_png_as_wide_as_promised_and_says_nothing_of_itself(name):
    """No time, no program, no name; and no higher than Telegram leaves as it is, if it is short."""
    picture = png(PAGES[name])
    parts = chunks(picture)
    width, height = struct.unpack(">II", parts[b"IHDR"][:8])
    assert width == WIDTH
    assert 300 < height < 1280
    assert set(parts) == {b"IHDR", b"IDAT", b"IEND"}
    assert len(picture) < 400_000


def test_the_same_page_gives_the_same_bytes():
    """So that a commit that is worked out again sends no other picture."""
    assert png(ENGLISH) == png(ENGLISH)
    assert png(ENGLISH) != png(SPANISH)


def test_a_page_is_drawn_soon():
    """A server can wait for it; the figure has room for a busy machine."""
    png(ENGLISH)
    began = time.monotonic()
    png(ENGLISH)
    assert time.monotonic() - began < 1.0


def test_words_are_never_markup():
    """What would be a command, a font or a file in Typst is drawn as it stands."""
    rows = (Line("#panic()", "*no*", '#read("/etc/passwd") $x$ \\ <a> // nothing'),)
    odd = replace(ENGLISH, heading="= _Heading_ @ref", rows=rows)
    plain = replace(ENGLISH, heading="", rows=())
    assert len(png(odd)) > len(png(plain))


@pytest.mark.parametrize("name", ["he", "ar"])
def test_a_page_from_right_to_left_is_mirrored(name):
    """The name of a way stands at the right edge, and the frame of its verdict at the left."""
    one = replace(PAGES[name], title="", part="", heading="")
    other = replace(one, right_to_left=False)
    edge = 160
    mirrored, straight = pixels(png(one), 320), pixels(png(other), 320)
    top = slice(120, 320)  # the row of name and verdict, below the empty heading
    frame = [dark(rows[top], 40, 60) for rows in (mirrored, straight)]
    assert frame[0] > 40, "the frame's upright line is at the left edge"
    assert dark(straight[top], WIDTH - 60, WIDTH - 40) > 40
    assert dark(mirrored[top], WIDTH - edge, WIDTH - 40) > 200, "the name begins at the right"


def test_each_script_has_letters_and_no_empty_boxes():
    """The font that comes along has them; a letter that it lacks would be drawn like any other."""
    drawn = {
        text: png(replace(ENGLISH, heading=text, rows=())) for text in ("ש", "ت", "é", "ñ", "⟦")
    }
    nothing = png(replace(ENGLISH, heading="\U000e0041\U0010fffd", rows=()))
    assert len(set(drawn.values())) == len(drawn)
    assert nothing not in drawn.values()


@pytest.mark.parametrize("language", ["", "x", "1", "en-US", "qps", "zz"])
def test_any_language_tag_can_be_drawn(language):
    """One that nobody knows is set as English."""
    assert png(replace(ENGLISH, lang=language)).startswith(b"\x89PNG")


def test_what_cannot_be_drawn_is_told_without_a_word_of_the_page(monkeypatch):
    """Not in the message, and not in what led to it."""
    monkeypatch.setattr(page, "_SOURCE", b"#panic(sys.inputs.page)")
    with pytest.raises(NotDrawn) as caught:
        png(ENGLISH)
    assert "made right" not in f"{caught.value} {caught.value.__cause__}"
    assert caught.value.__suppress_context__


def test_a_page_is_drawn_with_the_fonts_that_come_along(monkeypatch):
    """Fonts of the machine differ from place to place, so none is asked for."""
    asked = []
    real = page.typst.Compiler

    def compiler(**given):
        asked.append(given["ignore_system_fonts"])
        return real(**given)

    monkeypatch.setattr(page.typst, "Compiler", compiler)
    png(ENGLISH)
    assert asked == [True]
