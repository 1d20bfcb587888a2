"""One page as data, and the PNG that Typst sets from it. Pure: the same page gives the same bytes.

Why Typst: it breaks lines, shapes Arabic and mirrors a grid by itself, in one wheel with types, no
system library, no browser and nothing fetched, in about 50 ms; drawing with Pillow would leave all
of that to us. Why Rubik: one open font (OFL 1.1) with Latin, Hebrew and Arabic letters, so a page
in another script looks like the others. Fonts of the machine are never used, because they differ.
"""

import json
import re
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Final

import fontpkg_rubik
import typst

WIDTH: Final = 1080
"""Pixels. Shown 360 wide, on a small phone, one of its points is one CSS pixel."""

POINTS_WIDE: Final = 360
PER_INCH: Final = 72.0 * WIDTH / POINTS_WIDE
LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


class NotDrawn(Exception):
    """The picture could not be made. It names no word of the page."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one way can do: its name, the verdict in a word, and one plain line."""

    name: str
    verdict: str
    line: str


@dataclass(frozen=True, slots=True)
class Page:
    """All words of one picture, in the order in which they stand: one need, a line for each way.

    Telegram shrinks what is higher than 1,280 pixels, so two needs would be hard to read.
    """

    lang: str
    right_to_left: bool
    title: str
    part: str
    """Which of several pictures it is; empty when it is the only one."""
    heading: str
    rows: tuple[Line, ...]


_SOURCE: Final = files(__package__).joinpath("page.typ").read_bytes()


def png(page: Page) -> bytes:
    """The picture, ``WIDTH`` pixels wide, without any metadata. Raises NotDrawn.

    It takes a processor for some 50 ms, so a server calls it in a thread.
    """
    language = LANGUAGE.match(page.lang)
    data = asdict(page) | {"lang": language[0] if language else "en"}
    try:
        compiler = typst.Compiler(
            font_paths=[fontpkg_rubik.ROOT / "files"], ignore_system_fonts=True
        )
        drawn = compiler.compile(
            _SOURCE, format="png", ppi=PER_INCH, sys_inputs={"page": json.dumps(data)}
        )
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic in Rust is no Exception
        # Typst's message would quote the page, and a chained exception would carry it along.
        msg = f"The picture could not be made ({type(error).__name__})."
        raise NotDrawn(msg) from None
    if not isinstance(drawn, bytes):
        msg = "The picture came out as several pages."
        raise NotDrawn(msg)
    return drawn
