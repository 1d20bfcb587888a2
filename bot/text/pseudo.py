"""Two made-up languages that show what a translation would: hard-coded, clipped and mirrored text.

``qps`` has an accent on every letter, is 40 % longer and stands in brackets: a word without accents
was never given to translators, a screen without its closing bracket was cut. ``qps-rtl`` is the
same, written from right to left. Both are for looking at, and never for people: they are made in
memory or in a folder of their own.
"""

import gettext
import re
from typing import Final

from bot.core.ids import Language
from bot.flowdef.model import Library, Text

from .catalog import bounded
from .direction import is_right_to_left
from .extract import added, empty
from .pofile import as_bytes

ACCENTED: Final = Language("en-001")
MIRRORED: Final = Language("ar-001")
"""Tags that Babel knows, so that dates and plural forms are real; no person's app sends them."""

LANGUAGES: Final = {"qps": ACCENTED, "qps-rtl": MIRRORED}
"""The names they have on the command line."""

COMMENT = """\
# Made by `python -m bot pseudo`, to look at. Not a translation: never serve it to people."""

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTS = str.maketrans(PLAIN, "áḃçḋéḟĝĥîĵķļṁñöṗɋŕšţûṽŵẋýžÁḂÇḊÉḞĜĤÎĴĶĻṀÑÖṖɊŔŠŢÛṼŴẊÝŽ")
"""Nearly all become the plain letter again when folded, so that typed English words still work."""

OPENING, CLOSING, FILLING = "⟦", "⟧", "~"
LONGER: Final = 0.4
"""How much longer than English a translation may be. German and Spanish are seldom longer."""

RIGHT_TO_LEFT_MARK, OVERRIDE, POP = "\u200f", "\u202e", "\u202c"

PIECE = re.compile(
    r"(?P<kept>\\[\\*_\[\]{}()]|\{\{|\}\}|\{[a-z][a-z0-9_]*\}|\]\([^()\s]*\))"
    r"|(?P<word>[^\W_]+(?:[_*'’]+[^\W_]+)*)|(?P<breaks>\n+)|.",
)
LAST_WORDS = re.compile(r"(?s)(.*?)(\{text\})?")
"""A person's words stay last: their formatting counts from where they begin."""


def pseudo_catalogue(library: Library, language: Language = ACCENTED) -> bytes:
    """A whole PO file in a made-up language. The same library gives the same bytes."""
    catalog = empty(language, COMMENT)
    rule = bounded(gettext.c2py(catalog.plural_expr), catalog.num_plurals)
    for text in library.texts.values():
        message = added(catalog, text)
        if text.one:
            several = _in_pseudo(text, text.source, language)
            forms = [several] * catalog.num_plurals
            forms[rule(1)] = _in_pseudo(text, text.one, language)
            message.string = tuple(forms)
        else:
            message.string = _in_pseudo(text, text.source, language)
    return as_bytes(catalog)


def _in_pseudo(text: Text, english: str, language: Language) -> str:
    """The parts of a list ``a | b`` are texts of their own."""
    if text.role == "synonyms" or " | " in english:
        return " | ".join(in_pseudo(part.strip(), language) for part in english.split("|"))
    return in_pseudo(english, language)


def in_pseudo(english: str, language: Language = ACCENTED) -> str:
    """One text, its {placeholders}, *marks*, links and escapes as they were."""
    mirrored = is_right_to_left(language)
    found = LAST_WORDS.fullmatch(english)
    body, last = (found[1], found[2] or "") if found else (english, "")
    if not body.strip():
        return english
    mark = RIGHT_TO_LEFT_MARK if mirrored else ""
    letters = 0
    shown: list[str] = []
    for piece in PIECE.finditer(body):
        word = piece["word"]
        if word is not None:
            letters += len(word)
            accented = word.translate(ACCENTS)
            shown.append(f"{OVERRIDE}{accented}{POP}" if mirrored else accented)
        else:
            # Each line decides its own direction.
            shown.append(f"{piece[0]}{mark}" if piece["breaks"] else piece[0])
    filling = f" {FILLING * max(round(letters * LONGER), 1)}" if letters else ""
    trailing = body[len(body.rstrip()) :]
    kept = "".join(shown).rstrip()
    return f"{mark}{OPENING}{kept}{filling}{CLOSING}{trailing}{last}"
