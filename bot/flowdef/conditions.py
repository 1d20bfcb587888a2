"""The small condition language of ``when``: text to a syntax tree to a closure over answers.

``needs is answered`` · ``way is talk`` · ``way is not talk`` · ``safety in needs`` ·
``way in (talk, court)`` · ``and``, ``or``, ``not``, parentheses. Nothing is evaluated as code,
and no string from a flow file reaches anything but a comparison.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import assert_never

from bot.core.rules import Answers

Test = Callable[[Answers], bool]
MOST_WORDS = 60
TOKEN = re.compile(r"\s*(?:(\(|\)|,)|\"([^\"]*)\"|([A-Za-z0-9_][A-Za-z0-9_/+-]*))")
KEYWORDS = frozenset({"is", "not", "in", "and", "or", "answered"})


@dataclass(frozen=True, slots=True)
class Answered:
    """``name is answered``."""

    name: str


@dataclass(frozen=True, slots=True)
class Holds:
    """``name is value``, ``value in name``, ``name in (values)``: any of the values was chosen."""

    name: str
    values: tuple[str, ...]
    only: bool = False
    """For ``is``: nothing else was chosen beside it."""


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Every:
    """``a and b``."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """``a or b``."""

    parts: "tuple[Condition, ...]"


Condition = Answered | Holds | Not | Every | Some


class NotACondition(ValueError):
    """The text is not in the language; the message is one sentence for its author."""


def parse(source: str) -> Condition:
    """The syntax tree. Raises NotACondition."""
    parser = _Parser(_tokens(source))
    found = parser.some()
    if parser.peek() is not None:
        msg = f"`{parser.peek()}` is not expected there."
        raise NotACondition(msg)
    return found


def _tokens(source: str) -> list[str]:
    tokens: list[str] = []
    at = 0
    source = source.strip()
    while at < len(source):
        found = TOKEN.match(source, at)
        if found is None:
            msg = f"`{source[at : at + 20].strip()}` cannot be read."
            raise NotACondition(msg)
        tokens.append(next(group for group in found.groups() if group is not None))
        at = found.end()
        if len(tokens) > MOST_WORDS:
            msg = f"It has more than {MOST_WORDS} words."
            raise NotACondition(msg)
    return tokens


class _Parser:
    """Recursive descent; the depth is bounded by MOST_WORDS."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, *wanted: str) -> bool:
        if self.peek() in wanted:
            self._at += 1
            return True
        return False

    def _word(self) -> str:
        word = self.peek()
        if word is None or word in KEYWORDS or word in "(),":
            msg = f"A name or value is missing {f'before `{word}`' if word else 'at the end'}."
            raise NotACondition(msg)
        self._at += 1
        return word

    def some(self) -> Condition:
        parts = [self._every()]
        while self._take("or"):
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _every(self) -> Condition:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _one(self) -> Condition:
        if self._take("not"):
            return Not(self._one())
        if self._take("("):
            inner = self.some()
            if not self._take(")"):
                msg = "A `)` is missing."
                raise NotACondition(msg)
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        left = self._word()
        if self._take("is"):
            negated = self._take("not")
            found: Condition = (
                Answered(left)
                if self._take("answered")
                else Holds(left, (self._word(),), only=True)
            )
            return Not(found) if negated else found
        negated = self._take("not")
        if not self._take("in"):
            msg = f"After `{left}` comes `is` or `in`."
            raise NotACondition(msg)
        found = self._list(left) if self._take("(") else Holds(self._word(), (left,))
        return Not(found) if negated else found

    def _list(self, name: str) -> Condition:
        values = [self._word()]
        while self._take(","):
            values.append(self._word())
        if not self._take(")"):
            msg = "A `)` is missing."
            raise NotACondition(msg)
        return Holds(name, tuple(values))


def closure(condition: Condition) -> Test:
    """A function from answers to truth."""
    match condition:
        case Answered(name):
            return lambda answers: bool(answers.get(name))
        case Holds(name, values, only):
            return _holds(name, frozenset(values), only=only)
        case Not(part):
            inner = closure(part)
            return lambda answers: not inner(answers)
        case Every(parts):
            tests = tuple(closure(part) for part in parts)
            return lambda answers: all(test(answers) for test in tests)
        case Some(parts):
            tests = tuple(closure(part) for part in parts)
            return lambda answers: any(test(answers) for test in tests)
        case _:
            assert_never(condition)


def _holds(name: str, values: frozenset[str], *, only: bool) -> Test:
    def test(answers: Answers) -> bool:
        given = answers.get(name)
        if given is None or isinstance(given, str):
            return given in values
        if only:
            return len(given) == 1 and given[0] in values
        return not values.isdisjoint(given)

    return test


def comparisons(condition: Condition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every name in a condition with the values it is compared to; none for ``is answered``."""
    match condition:
        case Answered(name):
            yield name, ()
        case Holds(name, values):
            yield name, values
        case Not(part):
            yield from comparisons(part)
        case Every(parts) | Some(parts):
            for part in parts:
                yield from comparisons(part)
        case _:
            assert_never(condition)


def canonical(condition: Condition) -> str:
    """One spelling for each meaning-preserving way of writing it: what the structure hash sees."""
    match condition:
        case Answered(name):
            return f"{name} is answered"
        case Holds(name, values, only):
            return f"{name} {'is' if only else 'in'} ({', '.join(values)})"
        case Not(part):
            return f"not ({canonical(part)})"
        case Every(parts):
            return f"({' and '.join(map(canonical, parts))})"
        case Some(parts):
            return f"({' or '.join(map(canonical, parts))})"
        case _:
            assert_never(condition)
