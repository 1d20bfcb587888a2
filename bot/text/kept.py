"""Kept answers in words of her language: a day, a country, a phone number, hours."""

import re
from datetime import date, time
from typing import assert_never

import phonenumbers
from babel.dates import format_date, format_skeleton, format_time

from bot.core.ids import Language
from bot.core.rules import AnswerKind

from . import dates

PARTS = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
SPAN = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")


def shown(kind: AnswerKind, value: str, language: Language) -> str:
    """A kept answer as it is read; as it stands when it is not in the form of its kind."""
    match kind:
        case "text" | "question":
            return value
        case "number":
            plain = value.isascii() and value.isdigit()
            return dates.number(int(value), language) if plain else value
        case "date":
            return _day(value, language)
        case "place":
            name = dates.locale(language).territories.get(value)
            return str(name) if name and len(value) == len("US") else value
        case "phone":
            return _phone(value)
        case "times":
            return _hours(value, language)
        case _ as unreachable:
            assert_never(unreachable)


def _day(value: str, language: Language) -> str:
    found = PARTS.fullmatch(value)
    if found is None:
        return value
    year, month, day = (int(part) if part else 0 for part in found.groups())
    locale = dates.locale(language)
    if day:
        return dates.date(date(year, month, day), language)
    if month:
        return str(format_skeleton("yMMMM", date(year, month, 1), locale=locale))
    return str(format_date(date(year, 1, 1), "y", locale=locale))


def _phone(value: str) -> str:
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _hours(value: str, language: Language) -> str:
    spans = [SPAN.fullmatch(span) for span in value.split(",")]
    locale = dates.locale(language)
    written = []
    for span in spans:
        if span is None:
            return value
        clocks = (time(int(span[1]) % 24, int(span[2])), time(int(span[3]) % 24, int(span[4])))
        written.append("–".join(format_time(clock, "short", locale=locale) for clock in clocks))
    return dates.list_of(written, language)
