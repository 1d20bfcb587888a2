"""Pictures for README, taken by the tests that play what they show. Only a picture that grew too
large may fail a test here.
"""

import struct
import zlib
from collections import Counter
from pathlib import Path

from playwright.async_api import FloatRect, Locator, Page

from tests.browser.handset import patient

ROOM = 12
"""Pixels left around one phone."""
WITHOUT_SHADOWS = """
const sheet = new CSSStyleSheet();
sheet.replaceSync("* { box-shadow: none !important }");
document.adoptedStyleSheets = [sheet];
"""
"""Soft shadows hold more shades than all the rest, and would take the place of real ones."""


def smaller(png: bytes) -> bytes:
    """The same picture in its 256 most common colours: a third of the size, and no paler."""
    width, height, raw = _pixels(png)
    counted = Counter(zip(raw[0::3], raw[1::3], raw[2::3], strict=True))
    palette = [colour for colour, _ in counted.most_common(256)]
    place = {colour: _nearest(palette, colour) for colour in counted}
    dots = bytes(place[dot] for dot in zip(raw[0::3], raw[1::3], raw[2::3], strict=True))
    rows = b"".join(b"\0" + dots[row * width : (row + 1) * width] for row in range(height))
    return b"".join(
        (
            png[:8],
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(map(bytes, palette))),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _nearest(palette: list[tuple[int, ...]], colour: tuple[int, ...]) -> int:
    red, green, blue = colour
    far = [(red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2 for r, g, b in palette]
    return far.index(min(far))


def _pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and red, green, blue of each pixel of a PNG as browsers write it."""
    at, packed = 8, b""
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        if kind == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += 12 + length
    width, height, depth, colours = struct.unpack_from(">IIBB", png, 16)
    assert (depth, colours) == (8, 2), "expected 8 bits each of red, green and blue"
    lines, stride = zlib.decompress(packed), width * 3
    before, plain = bytearray(stride), bytearray()
    for row in range(height):
        start = row * (stride + 1)
        line = bytearray(lines[start + 1 : start + 1 + stride])
        _unfilter(lines[start], line, before)
        plain += line
        before = line
    return width, height, bytes(plain)


def _unfilter(kind: int, line: bytearray, above: bytearray) -> None:
    """Undo one of PNG's five ways to write a line as differences (section 9 there)."""
    for at in range(len(line)) if kind else ():
        left, corner = (line[at - 3], above[at - 3]) if at >= 3 else (0, 0)
        match kind:
            case 1:
                guess = left
            case 2:
                guess = above[at]
            case 3:
                guess = (left + above[at]) // 2
            case _:
                near = left + above[at] - corner
                guess = min((left, above[at], corner), key=lambda byte: abs(near - byte))
        line[at] = (line[at] + guess) & 0xFF


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


async def _with_room(what: Locator) -> FloatRect:
    box = await what.bounding_box()
    assert box is not None, "there is nothing to take a picture of"
    return {
        "x": box["x"] - ROOM,
        "y": box["y"] - ROOM,
        "width": box["width"] + 2 * ROOM,
        "height": box["height"] + 2 * ROOM,
    }


class Album:
    """Pictures for README, taken where a folder was asked for and nowhere else."""

    LARGEST = 150_000
    """Bytes of one picture, so that README opens quickly."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    async def take(self, name: str, what: Page | Locator) -> None:
        """Save ``name``.png of a page or one phone, once nothing fades or moves on it."""
        if self.folder is None:
            return
        page = what if isinstance(what, Page) else what.page
        await patient(page.locator(".msg.ghost, .toast:not([hidden])")).to_have_count(0)
        await page.mouse.move(0, 0)
        await page.evaluate(WITHOUT_SHADOWS)
        clip = None if what is page else await _with_room(what)
        taken = await page.screenshot(animations="disabled", caret="hide", clip=clip)
        picture = smaller(taken)
        size = len(picture)
        assert size <= self.LARGEST, f"{name}.png has {size} bytes"
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{name}.png").write_bytes(picture)
