r"""The tiny markup of flow files: ``*bold*``, ``_italic_``, links, ``{name}``, ``\`` escapes.

Links are ``[label](https://…)``. A text is parsed once into a Template; values are put in
afterwards, so nothing a person typed can become markup, and every value arrives exactly as it was.
Offsets count UTF-16 code units, as Telegram does. A marker that opens nothing is the character
itself, and a Flaw for the checks.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.message import Content, Entity, EntityKind, utf16_length

PLAIN = re.compile(r"[^\\{}*_\[\]\n]+")
"""Characters that mean nothing but themselves."""

MARKED = re.compile(r"[\\{}*_\[\]]")
"""Most texts have none of these, and are what they are."""

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
LINK_END = re.compile(r"\]\(([^\s()\[\]{}]*)\)")
MARKERS: dict[str, EntityKind] = {"*": "bold", "_": "italic"}
ESCAPABLE = "\\*_[]{}()"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value goes."""

    name: str


@dataclass(frozen=True, slots=True)
class Span:
    """Formatting from piece ``start`` up to, not including, piece ``end``."""

    kind: EntityKind
    start: int
    end: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in the text that does not do what it seems to do."""

    what: str
    todo: str


class MissingValue(KeyError):
    """A text asks for a value that the caller did not give: our bug, so it is an exception."""


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed text, ready for values."""

    pieces: tuple[str | Slot, ...]
    spans: tuple[Span, ...] = ()
    flaws: tuple[Flaw, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The placeholders in it."""
        return frozenset(piece.name for piece in self.pieces if isinstance(piece, Slot))

    def plain(self, values: Mapping[str, str]) -> str:
        """The text with values and without formatting. Raises MissingValue."""
        return "".join(self._filled(values))

    def rich(self, values: Mapping[str, str]) -> Content:
        """The text with values and entities. Raises MissingValue."""
        filled = self._filled(values)
        text = "".join(filled)
        if not self.spans:
            return Content(text)
        offsets = [0]
        for piece in filled:
            offsets.append(offsets[-1] + utf16_length(piece))
        entities = (
            Entity(
                span.kind, offsets[span.start], offsets[span.end] - offsets[span.start], span.url
            )
            for span in self.spans
        )
        return Content(text, tuple(entity for entity in entities if entity.length))

    def _filled(self, values: Mapping[str, str]) -> list[str]:
        try:
            return [
                piece if isinstance(piece, str) else values[piece.name] for piece in self.pieces
            ]
        except KeyError as missing:
            msg = f"A text needs a value for the placeholder {missing} and was given none."
            raise MissingValue(msg) from None


def parse(source: str) -> Template:
    """The Template of a text. Never raises; what is wrong with it is in ``flaws``."""
    if not MARKED.search(source):
        return Template((source,)) if source else Template(())
    return _Parser(source).template()


def names_in(source: str) -> frozenset[str]:
    """The placeholders a text asks for."""
    return parse(source).names if "{" in source else frozenset()


@dataclass(slots=True)
class _Open:
    """A marker that waits for its end: where its piece stands, and what it is when none comes."""

    marker: str
    piece: int


class _Parser:
    """One pass; every marker gets a piece of its own, emptied once it has a partner."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._pieces: list[str | Slot] = []
        self._spans: list[Span] = []
        self._flaws: list[Flaw] = []
        self._open: list[_Open] = []
        self._at = 0
        self._literal: list[str] = []

    def template(self) -> Template:
        while self._at < len(self._source):
            if plain := PLAIN.match(self._source, self._at):
                self._literal.append(plain[0])
                self._at = plain.end()
            else:
                self._step(self._source[self._at])
        self._close_paragraph()
        self._flush()
        return self._compact()

    def _step(self, character: str) -> None:
        after = self._source[self._at + 1 : self._at + 2]
        if character == "\\" and after and after in ESCAPABLE:
            self._literal.append(after)
            self._at += 2
        elif character in "{}":
            self._brace(character, after)
        elif character in MARKERS:
            self._marker(character, after)
        elif character == "[":
            self._mark(character)
        elif character == "]":
            self._link_end()
        elif character == "\n" and after == "\n":
            self._close_paragraph()
            self._take(character)
        else:
            self._take(character)

    def _take(self, character: str) -> None:
        self._literal.append(character)
        self._at += 1

    def _flush(self) -> None:
        if self._literal:
            self._pieces.append("".join(self._literal))
            self._literal = []

    def _brace(self, character: str, after: str) -> None:
        slot = SLOT.match(self._source, self._at)
        if after == character:
            self._literal.append(character)
            self._at += 2
        elif slot:
            self._flush()
            self._pieces.append(Slot(slot[1]))
            self._at = slot.end()
        else:
            if character == "{":
                self._flaws.append(
                    Flaw("A `{` opens no placeholder.", "Write {name}, or {{ for a brace.")
                )
            self._take(character)

    def _mark(self, marker: str) -> None:
        self._flush()
        self._open.append(_Open(marker, len(self._pieces)))
        self._pieces.append(marker)
        self._at += 1

    def _marker(self, marker: str, after: str) -> None:
        before = self._source[self._at - 1 : self._at]
        may_open = bool(after) and not after.isspace() and not before.isalnum()
        may_close = bool(before) and not before.isspace() and not after.isalnum()
        opened = self._opened(marker)
        if may_close and opened is not None:
            self._close(opened, MARKERS[marker], "")
            self._at += 1
        elif may_open:
            self._mark(marker)
        else:
            self._take(marker)

    def _opened(self, marker: str) -> int | None:
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index].marker == marker:
                return index
        return None

    def _close(self, index: int, kind: EntityKind, url: str) -> None:
        """Give the open marker its end here; markers opened inside it and left open are literal."""
        self._flush()
        opened = self._open[index]
        for left in self._open[index + 1 :]:
            self._flaw_of(left.marker)
        del self._open[index:]
        self._pieces[opened.piece] = ""
        self._spans.append(Span(kind, opened.piece + 1, len(self._pieces), url))

    def _link_end(self) -> None:
        opened = self._opened("[")
        target = LINK_END.match(self._source, self._at)
        if opened is None or target is None:
            if opened is not None:
                del self._open[opened]
            self._take("]")
        elif not target[1].startswith("https://") or len(target[1]) <= len("https://"):
            what = "A link does not begin with https://."
            self._flaws.append(Flaw(what, "Write [label](https://…)."))
            del self._open[opened]
            self._take("]")
        else:
            self._close(opened, "text_link", target[1])
            self._at = target.end()

    def _close_paragraph(self) -> None:
        """Formatting does not run over an empty line."""
        for opened in self._open:
            self._flaw_of(opened.marker)
        self._open = []

    def _flaw_of(self, marker: str) -> None:
        if marker != "[":
            what = f"A `{marker}` is opened and not closed."
            self._flaws.append(Flaw(what, f"Close it, or write \\{marker} for the character."))

    def _compact(self) -> Template:
        """Join neighbouring literals that no span separates."""
        edges = {edge for span in self._spans for edge in (span.start, span.end)}
        pieces: list[str | Slot] = []
        moved: dict[int, int] = {}
        for index, piece in enumerate(self._pieces):
            at_edge = index in edges
            if at_edge:
                moved[index] = len(pieces)
            if piece == "":
                continue
            last = pieces[-1] if pieces else None
            if isinstance(piece, str) and isinstance(last, str) and not at_edge:
                pieces[-1] = last + piece
            else:
                pieces.append(piece)
        moved[len(self._pieces)] = len(pieces)
        spans = (Span(s.kind, moved[s.start], moved[s.end], s.url) for s in self._spans)
        ordered = sorted(spans, key=lambda span: (span.start, -span.end))
        kept = tuple(span for span in ordered if span.start < span.end)
        return Template(tuple(pieces), kept, tuple(self._flaws))
