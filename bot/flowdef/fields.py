"""Typed reading of a mapping: which keys it may have, and what their values must look like.

Knows the small value grammar of flow files (words, flags, spans of time, hours of the day); knows
neither flows nor steps. Every method answers with a usable value even when the author's is wrong,
so that one mistake does not hide the next; the mistake is in the Report.
"""

import contextlib
import difflib
import re
from collections.abc import Iterable
from datetime import date, timedelta

from bot.core.rules import Hours

from .model import Place
from .nodes import Mapping, Node, Report, Scalar, Sequence

YES = frozenset({"yes", "true", "on"})
NO = frozenset({"no", "false", "off"})
SURPRISES = YES | NO | {"null", "~"}
"""What YAML 1.1 turns into something other than text when it stands without quotes."""

ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
SPAN = re.compile(r"([1-9][0-9]{0,3})([mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
CLOCK = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
A_DAY = 24 * 60
MOST_LISTED = 12


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """One sentence for the end of an Issue: the nearest known word, or all of them."""
    known = tuple(known)
    near = difflib.get_close_matches(word, known, n=1)
    if near:
        return f"Did you mean `{near[0]}`?"
    listed = ", ".join(f"`{name}`" for name in known[:MOST_LISTED])
    more = " and others" if len(known) > MOST_LISTED else ""
    return f"Known here: {listed}{more}." if known else "There is none yet."


def id_in(node: Node) -> str:
    """The id a mapping seems to have, for Issues about the mapping itself; empty when none."""
    entries = node.entries if isinstance(node, Mapping) else ()
    for key, value in entries:
        if key.text == "id" and isinstance(value, Scalar) and ID.fullmatch(value.text):
            return value.text
    return ""


class Fields:
    """One mapping being read. ``where`` is the author's id that Issues carry."""

    def __init__(self, node: Node | None, where: str, report: Report, known: Iterable[str]) -> None:
        self.where = where
        self.report = report
        self.place = node.place if node is not None else Place(report.file, 1, 1)
        self._entries: dict[str, tuple[Scalar, Node]] = {}
        if isinstance(node, Mapping):
            self._take(node, tuple(known))
        elif node is not None:
            self.issue(
                node.place, "shape", "Keys and values are expected here.", "Write `key: value`."
            )

    def _take(self, node: Mapping, known: tuple[str, ...]) -> None:
        for key, value in node.entries:
            if known and key.text not in known:
                what = f"The key `{key.text}` is not known here."
                self.issue(key.place, "unknown_key", what, did_you_mean(key.text, known))
            else:
                self._entries[key.text] = (key, value)

    def issue(self, place: Place, rule: str, what: str, todo: str) -> None:
        """Note a mistake under this mapping's id."""
        self.report.add(place, rule, self.where, what, todo)

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def keys(self) -> tuple[Scalar, ...]:
        """The known keys that were written, in order."""
        return tuple(key for key, _ in self._entries.values())

    def node(self, key: str) -> Node | None:
        """The value as written, or None."""
        found = self._entries.get(key)
        return found[1] if found else None

    def place_of(self, key: str) -> Place:
        """Where the value of ``key`` stands; the mapping's own place when it is missing."""
        node = self.node(key)
        return node.place if node is not None else self.place

    def missing(self, key: str, todo: str) -> None:
        """Note that a key is needed."""
        self.issue(self.place, "missing_key", f"The key `{key}` is missing.", todo)

    def scalar(self, key: str, *, surprises: bool = False) -> Scalar | None:
        """The value as one piece of text. ``surprises``: a bare ``yes`` is meant as such."""
        node = self.node(key)
        if node is None:
            return None
        return self._scalar(node, key, surprises=surprises)

    def _scalar(self, node: Node, key: str, *, surprises: bool = False) -> Scalar | None:
        if not isinstance(node, Scalar):
            what = f"`{key}` must be one piece of text."
            self.issue(node.place, "shape", what, "Write it without a list or nested keys.")
            return None
        if not node.text.strip():
            self.issue(
                node.place, "empty", f"`{key}` is empty.", "Write a value or delete the key."
            )
            return None
        if node.plain and not surprises and node.text.lower() in SURPRISES:
            what = f"Without quotes, YAML may read `{node.text}` as a flag and not as a word."
            self.issue(node.place, "bare_flag", what, f'Write "{node.text}" in quotes.')
        return node

    def text(self, key: str, default: str = "") -> str:
        """The value as text without white space around it."""
        found = self.scalar(key)
        return found.text.strip() if found else default

    def id(self, key: str) -> str:
        """An id: small letters, digits, ``_``, at most 40."""
        found = self.scalar(key)
        if found is None:
            return ""
        if not ID.fullmatch(found.text):
            what = f"`{found.text[:60]}` cannot be an id."
            todo = "Use small letters a to z, digits and _, at most 40, beginning with a letter."
            self.issue(found.place, "bad_id", what, todo)
            return ""
        return found.text

    def flag(self, key: str, *, default: bool = False) -> bool:
        """A yes or no, quoted or not."""
        found = self.scalar(key, surprises=True)
        if found is None:
            return default
        word = found.text.lower()
        if word not in YES | NO:
            what = f"`{key}` is yes or no, not `{found.text[:40]}`."
            self.issue(found.place, "bad_value", what, "Write yes or no.")
            return default
        return word in YES

    def number(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        found = self.scalar(key)
        if found is None:
            return default
        if not re.fullmatch(r"[0-9]{1,6}", found.text) or not low <= int(found.text) <= high:
            what = f"`{key}` is not `{found.text[:40]}`."
            self.issue(found.place, "bad_value", what, f"Write a number from {low} to {high}.")
            return default
        return int(found.text)

    def one_of(self, key: str, allowed: tuple[str, ...], default: str = "") -> str:
        """One word out of ``allowed``."""
        found = self.scalar(key)
        if found is None:
            return default
        if found.text not in allowed:
            what = f"`{key}` cannot be `{found.text[:40]}`."
            self.issue(found.place, "bad_value", what, did_you_mean(found.text, allowed))
            return default
        return found.text

    def day(self, key: str) -> date | None:
        """A day such as 2026-11-22."""
        found = self.scalar(key)
        if found is None:
            return None
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", found.text):
            with contextlib.suppress(ValueError):
                return date.fromisoformat(found.text)
        what = f"`{found.text[:40]}` is not a day."
        self.issue(found.place, "bad_value", what, "Write year, month and day: 2026-11-22.")
        return None

    def span(self, key: str) -> timedelta:
        """A span of time such as 10m, 24h or 30d; zero when missing or wrong."""
        found = self.scalar(key)
        if found is None:
            return timedelta(0)
        if (parts := SPAN.fullmatch(found.text)) is None:
            what = f"`{found.text[:40]}` is not a span of time."
            self.issue(found.place, "bad_value", what, "Write for example 10m, 24h or 30d.")
            return timedelta(0)
        return timedelta(**{UNITS[parts[2]]: int(parts[1])})

    def hours(self, key: str) -> tuple[Hours, ...]:
        """Hours of the day, one "08:00-12:00" or a list; a span over midnight becomes two."""
        found: list[Hours] = []
        for item in self.words(key):
            parts = CLOCK.fullmatch(item.text.replace(" ", ""))
            start, end = (
                (int(parts[1]) * 60 + int(parts[2]), int(parts[3]) * 60 + int(parts[4]))
                if parts
                else (0, 0)
            )
            if start == end or max(start, end) > A_DAY:
                what = f"`{item.text[:40]}` is not a span of hours."
                self.issue(item.place, "bad_value", what, 'Write for example "08:00-12:00".')
            elif start < end:
                found.append(Hours(start, end))
            else:
                found += [Hours(start, A_DAY), Hours(0, end)] if end else [Hours(start, A_DAY)]
        return tuple(found)

    def words(self, key: str) -> tuple[Scalar, ...]:
        """A list of texts; a single text counts as a list of one."""
        node = self.node(key)
        if node is None:
            return ()
        items = node.items if isinstance(node, Sequence) else (node,)
        read = (self._scalar(item, key) for item in items)
        return tuple(item for item in read if item is not None)

    def sequence(self, key: str) -> tuple[Node, ...]:
        """The items of a list."""
        node = self.node(key)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            what = f"`{key}` must be a list."
            self.issue(node.place, "shape", what, "Begin each item with `- `.")
            return ()
        return node.items
