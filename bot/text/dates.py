"""Dates, times, spans and lists in her language, by Babel. The clock and her zone are arguments."""

from collections.abc import Sequence
from datetime import date as Date  # noqa: N812 - `date` is what callers know the function as
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time, format_timedelta, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_decimal

from bot.core.ids import Language

A_MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=64)
def locale(language: Language) -> Locale:
    """Babel's locale of a language tag. Raises babel.UnknownLocaleError for an unknown one."""
    return Locale.parse(language, sep="-")


def list_of(items: Sequence[str], language: Language) -> str:
    """``a, b, and c`` as that language writes it; empty for no items."""
    return format_list(list(items), locale=locale(language))


def date(day: Date, language: Language) -> str:
    """A day with its year, for example ``November 22, 2026``."""
    return format_date(day, "long", locale=locale(language))


def weekday(day: Date, language: Language) -> str:
    """The name of the day of the week."""
    return format_date(day, "EEEE", locale=locale(language))


def time(at: datetime, zone: tzinfo, language: Language) -> str:
    """The time of day in her zone, without seconds."""
    return format_time(at, "short", tzinfo=zone, locale=locale(language))


def moment(at: datetime, zone: tzinfo, language: Language) -> str:
    """Day of the week and time of day in her zone."""
    spoken = locale(language)
    local = at.astimezone(zone)
    joined: str = spoken.datetime_formats["medium"]
    day = weekday(local.date(), language)
    return joined.replace("{1}", day).replace("{0}", time(at, zone, language))


def duration(span: timedelta, language: Language) -> str:
    """A span in its largest unit, at least one minute."""
    whole = max(span, A_MINUTE)
    return format_timedelta(whole, threshold=1.0, granularity="minute", locale=locale(language))


def ago(span: timedelta, language: Language) -> str:
    """How long something lies back, for example ``5 minutes ago``."""
    whole = max(span, A_MINUTE)
    return format_timedelta(
        -whole, threshold=1.0, granularity="minute", add_direction=True, locale=locale(language)
    )


@lru_cache(maxsize=1024)
def number(value: int, language: Language) -> str:
    """A whole number with that language's grouping."""
    written: str = format_decimal(value, locale=locale(language))
    return written


@lru_cache(maxsize=64)
def native_name(language: Language) -> str:
    """What a language calls itself."""
    name = str(locale(language).get_display_name() or language)
    return name[:1].upper() + name[1:]


def tongue(tag: str, reader: Language) -> str:
    """The name of a language inside a sentence of the reader's; the tag where there is none."""
    return str(locale(reader).languages.get(tag, tag))


def country(region: str, reader: Language) -> str:
    """What the reader's language calls the country of a region; its letters if it has no name."""
    code = region.partition("-")[0]
    return str(locale(reader).territories.get(code, code))


def zone_name(zone: str, reader: Language) -> str:
    """What people call the time of a zone, for example ``Eastern Time``, in winter and summer."""
    return get_timezone_name(zone, "long", zone_variant="generic", locale=locale(reader))


@lru_cache(maxsize=256)
def name_of(language: Language, reader: Language) -> str:
    """What the reader's language calls a language, for example ``Spanish``."""
    name: str = locale(language).get_display_name(locale(reader)) or language
    return name[:1].upper() + name[1:]
