"""Words of authors and translators made safe for a file: no signs it cannot hold, none with power.

The one door through which text enters SVG and HTML.
"""

from html import escape

DELETE = 0x7F
SURROGATES = range(0xD800, 0xE000)
NOT_SIGNS = (0xFFFE, 0xFFFF)


def holdable(text: str) -> str:
    """Without control signs (but tabs and line ends) and without what XML and UTF-8 cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n" or _is_held(ord(sign)))


def _is_held(code: int) -> bool:
    return code >= ord(" ") and code != DELETE and code not in NOT_SIGNS and code not in SURROGATES


def safe(text: str) -> str:
    """Escaped for SVG and HTML, in text and between double quotes."""
    return escape(holdable(text))
