"""How one line to call reads: on a single line in a list of numbers, or in full on a page of them.

Prints what the entry holds and nothing else; what nobody has seen is not made up. What a line may
do without asking stands beside its number, wherever that is shown.
"""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.core.ids import Language
from bot.core.message import Content
from bot.flowdef.model import ByLanguage, Resource

from . import dates, kept
from .hours import standing
from .layout import joined
from .words import ENGLISH, Words

EMERGENCY = "emergency"


def is_current(resource: Resource, today: date) -> bool:
    """Whether somebody has looked at it in time. Emergency numbers stay: none is worse."""
    return not is_overdue(resource, today) or EMERGENCY in resource.kinds


def is_overdue(resource: Resource, today: date) -> bool:
    """Whether the day by which somebody was to look at it again has passed."""
    return resource.review_by is not None and resource.review_by < today


def reached_by(resource: Resource, way: str) -> bool:
    """Whether it can be reached like that; the ways are those of ``bot.core.rules.Reach``."""
    match way:
        case "call":
            return bool(resource.phone)
        case "text":
            return bool(resource.sms or resource.whatsapp)
        case "chat":
            return bool(resource.chat)
        case "tty":
            return bool(resource.tty or resource.video)
        case _:
            return False


def _said(written: ByLanguage, language: Language) -> str:
    return written.get(language) or written.get("", "")


# ---------------------------------------------------------------- on one line


def short(resource: Resource, words: Words, language: Language, now: datetime) -> str:
    """Name, how to reach it, when, and what is good to know before."""
    ways = (resource.phone, *_written(resource, words, language))
    reach = " · ".join(part for part in (*ways, *_when(resource, words, language, now)) if part)
    head = f"{words.plain(resource.name.ctx, language)}: {reach}"
    told = (each.removesuffix(".") for each in _to_know(resource, words, language))
    notes = "".join(f". {each}" for each in told)
    return f"{head}{notes}." if notes else head


def _when(resource: Resource, words: Words, language: Language, now: datetime) -> Iterator[str]:
    if resource.always_open:
        yield words.plain("always.number_always_open", language)
    if resource.hours is not None:
        yield words.plain(resource.hours.ctx, language)
    elif _is_unsure(resource):
        yield words.plain("always.line_unsure", language)
    stands = standing(resource, now)
    if stands is not None and not stands.open:
        yield words.plain("always.line_shut", language)


def _is_unsure(resource: Resource) -> bool:
    """Whether nobody has seen its hours. Of an emergency number everybody knows them."""
    seen = resource.always_open or resource.open or resource.hours is not None
    return not seen and EMERGENCY not in resource.kinds


def _written(resource: Resource, words: Words, language: Language) -> Iterator[str]:
    """Ways of reaching it without speaking; chat needs a browser and is left to the full form."""
    if resource.sms:
        word = _said(resource.write, language) or resource.write.get(ENGLISH, "")
        phrase = "always.reach_text_word" if word else "always.reach_text"
        yield words.plain(phrase, language, {"number": resource.sms, "word": word})
    for name, number in (("tty", resource.tty), ("video", resource.video)):
        if number:
            yield words.plain(f"always.reach_{name}", language, {"number": number})


def _to_know(resource: Resource, words: Words, language: Language) -> Iterator[str]:
    """The key for her language, the note, and what they may do without asking."""
    key = _said(resource.press, language)
    if key:
        values = {"language": dates.name_of(language, language), "key": key}
        yield words.plain("always.reach_press", language, values)
    if resource.note is not None:
        yield words.plain(resource.note.ctx, language)
    if resource.caution is not None:
        yield words.plain(resource.caution.ctx, language)
    elif resource.may_call:
        yield words.plain("always.line_may_call", language)


# ---------------------------------------------------------------- in full


def full(
    resource: Resource, words: Words, language: Language, now: datetime, *, abroad: bool = False
) -> Content:
    """Its name, a line for each way to reach it, hours, languages, caution, and how old it is.

    ``abroad``: its country stands before the name.
    """
    name = words.plain(resource.name.ctx, language)
    if abroad:
        name = f"{dates.country(resource.region, language)}: {name}"
    content = words.rich("always.line_name", language, {"name": name})
    lines = (
        *_ways(resource, words, language),
        *_times(resource, words, language, now),
        *_languages(resource, words, language),
        *_to_know(resource, words, language),
        _seen(resource, words, language),
    )
    return joined(content, Content("\n".join(lines)), "\n")


def _ways(resource: Resource, words: Words, language: Language) -> Iterator[str]:
    if resource.phone:
        yield words.plain("always.reach_call", language, {"number": resource.phone})
    yield from _written(resource, words, language)
    whatsapp = _said(resource.whatsapp, language)
    if whatsapp:
        yield words.plain("always.reach_whatsapp", language, {"number": whatsapp})
    for name, address in (
        ("chat", resource.chat),
        ("email", resource.email),
        ("web", resource.web),
    ):
        if address:
            yield words.plain(f"always.reach_{name}", language, {"address": address})


def _times(resource: Resource, words: Words, language: Language, now: datetime) -> Iterator[str]:
    if resource.always_open:
        yield words.plain("always.line_always_open", language)
        return
    if resource.hours is not None:
        yield words.plain(resource.hours.ctx, language)
    if _is_unsure(resource):
        yield words.plain("always.line_hours_unknown", language)
    stands = standing(resource, now)
    if stands is None:
        return
    if stands.open:
        yield words.plain("always.line_open", language)
    elif stands.opens is None:
        yield words.plain("always.line_closed", language)
    else:
        when = dates.moment(stands.opens, ZoneInfo(stands.zone), language)
        values = {"when": when, "zone": dates.zone_name(stands.zone, language)}
        yield words.plain("always.line_opens", language, values)


def _languages(resource: Resource, words: Words, language: Language) -> Iterator[str]:
    spoken = [_tongue(each, words, language) for each in resource.languages]
    if resource.interpreters and not spoken:
        yield words.plain("always.line_interpreted", language)
    elif resource.interpreters:
        spoken.append(words.plain("always.line_interpreters", language))
    if spoken:
        values = {"languages": " · ".join(spoken)}
        yield words.plain("always.line_languages", language, values)


def _tongue(tag: str, words: Words, language: Language) -> str:
    """The name of a language; one that Babel does not know has it among the phrases."""
    own = f"values.language_{tag}"
    return words.plain(own, language) if words.has(own) else dates.tongue(tag, language)


def _seen(resource: Resource, words: Words, language: Language) -> str:
    if not resource.verified:
        return words.plain("always.line_undated", language)
    day = kept.shown("date", resource.verified, language)
    return words.plain("always.line_seen", language, {"day": day})
