"""Typed words as the answer a question asks for: a date, a number, a phone, a place, hours.

Nothing is guessed. What could mean two days or two halves of the day is not understood, and she is
asked to write it another way. The forms that are kept are told in ``bot.core.rules.AnswerKind``.
"""

import re
import unicodedata
from datetime import date
from functools import cache
from typing import Final, assert_never

import phonenumbers
from babel import Locale

from bot.core.events import Heard, NotUnderstood, Unfit, Wrote, WroteTooMuch
from bot.core.fold import fold
from bot.core.ids import Language
from bot.core.rules import AnswerKind

from .places import read_place
from .vocabulary import Vocabulary

LONGEST: Final = 80
"""No date, number or list of hours is longer."""

MOST_DIGITS: Final = 9
FIRST_YEAR, LAST_YEAR = 1900, 2100
NUMBER = re.compile(r"([0-9]+|[0-9]{1,3}(?:[., '’][0-9]{3})+)(?: [^\W\d_]+)?")
NUMERIC_DATE = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})")
ISO_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?\s*(?:(a|p)\s?\.?\s?m\b\.?)?")
ORDINAL = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|º|°)?")
MOST_SPANS: Final = 3
NOON, MIDNIGHT, LAST_MINUTE = 12, 24, 59


def read_answer(text: str, kind: AnswerKind, words: Vocabulary) -> Heard:
    """The answer in the form it is kept in, or what is wrong with it."""
    shown = _western(" ".join(text.split()))
    if kind == "place":
        return read_place(shown, words)
    if len(shown) > LONGEST:
        return WroteTooMuch() if kind == "text" else NotUnderstood()
    match kind:
        case "date":
            return _date(shown, words)
        case "number":
            found = NUMBER.fullmatch(shown)
            digits = re.sub(r"\D", "", found[1]) if found else ""
            fits = 0 < len(digits) <= MOST_DIGITS
            return Wrote(str(int(digits))) if fits else Unfit("number")
        case "phone":
            return _phone(shown, words.home)
        case "times":
            return _times(shown, words)
        case "text":
            return Wrote(text)
        case "question":  # it is answered, not kept
            return NotUnderstood()
        case _ as unreachable:
            assert_never(unreachable)


def _western(text: str) -> str:
    """Digits of any script as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


# ---------------------------------------------------------------- dates


def _date(text: str, words: Vocabulary) -> Heard:
    if found := ISO_DATE.fullmatch(text):
        return _kept(*(int(part) if part else None for part in found.groups()))
    if found := NUMERIC_DATE.fullmatch(text):
        first, second, year = map(int, found.groups())
        if first == second or second > NOON:
            return _kept(year, first, second)
        return _kept(year, second, first) if first > NOON else Unfit("date_order")
    return _named(text, words)


def _named(text: str, words: Vocabulary) -> Heard:
    """A date with the month as a word, in any order and in any language of the guide."""
    months = _months(words.languages)
    day = month = year = None
    for word in re.split(r"[\s,./\-]+", text.strip(" ,.")):
        number = ORDINAL.fullmatch(word)
        if fold(word) in months and month is None:
            month = months[fold(word)]
        elif re.fullmatch(r"[0-9]{4}", word) and year is None:
            year = int(word)
        elif number and day is None:
            day = int(number[1])
        elif fold(word) not in words.between:
            return Unfit("date")
    if month is None or year is None:
        return Unfit("date")
    return _kept(year, month, day)


def _kept(year: int | None, month: int | None = None, day: int | None = None) -> Heard:
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return Unfit("date")
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return Unfit("date")
    parts = [f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part is not None)]
    return Wrote("-".join(parts))


@cache
def _months(languages: tuple[Language, ...]) -> dict[str, int]:
    """Folded names of months, long and short; a name two languages use for two months is left."""
    found: dict[str, set[int]] = {}
    for language in languages:
        names = Locale.parse(language, sep="-").months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in names[context][width].items():
                    found.setdefault(fold(str(name)), set()).add(int(number))
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


# ---------------------------------------------------------------- phones


def _phone(text: str, home: str) -> Heard:
    try:
        number = phonenumbers.parse(text, home)
    except phonenumbers.NumberParseException:
        return Unfit("phone")
    if not phonenumbers.is_valid_number(number):
        return Unfit("phone")
    return Wrote(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


# ---------------------------------------------------------------- hours


def _times(text: str, words: Vocabulary) -> Heard:
    """Spans such as "8 am to 5 pm": the half of the day is read, never guessed."""
    spoken = text.casefold()
    clocks = list(CLOCK.finditer(spoken))
    rest = CLOCK.sub(" ", spoken)
    left = [word for word in re.split(r"[\W_]+", rest) if word and fold(word) not in words.between]
    if left or len(clocks) not in range(2, 2 * MOST_SPANS + 1, 2):
        return Unfit("times")
    spans = []
    for start, end in zip(clocks[::2], clocks[1::2], strict=True):
        span = _span(start, end)
        if span is None:
            return Unfit("times")
        spans.append(span)
    return Wrote(",".join(spans))


def _span(start: re.Match[str], end: re.Match[str]) -> str | None:
    marks = start[3] or "", end[3] or ""
    first, last = int(start[1]), int(end[1])
    if not any(marks):
        # With 08:00 or 17 the day has 24 hours; "8 to 5" alone may be the morning or the evening.
        if not (_of_24(start[1]) or _of_24(end[1])):
            return None
    else:
        before = marks[0] or ("p" if marks[1] == "p" and first < last % NOON else "a")
        after = marks[1] or ("a" if marks[0] == "a" and last > first % NOON else "p")
        if not (1 <= first <= NOON and 1 <= last <= NOON):
            return None
        first = first % NOON + (NOON if before == "p" else 0)
        last = last % NOON + (NOON if after == "p" else 0)
    low, high = first * 60 + int(start[2] or 0), last * 60 + int(end[2] or 0)
    whole = MIDNIGHT * 60
    minutes = max(int(start[2] or 0), int(end[2] or 0))
    if minutes > LAST_MINUTE or max(low, high) > whole or low == high:
        return None
    return f"{low % whole // 60:02d}:{low % 60:02d}-{high // 60:02d}:{high % 60:02d}"


def _of_24(hour: str) -> bool:
    return (hour.startswith("0") and hour != "0") or int(hour) > NOON
