"""One entry of resources.yaml: a place to call or write to, from its fields to a Resource.

Decides what an entry may say and in which form; whether a kind or a country exists is asked in
``bot.flowdef.checks``.
"""

import contextlib
import re
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .fields import Fields
from .model import ByLanguage, Opening, Resource
from .nodes import Mapping as MappingNode
from .nodes import Node, Report
from .registers import LANGUAGE, Parts
from .words import text_of

RESOURCE_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")
REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3}){0,2}")
ADDRESS = re.compile(r"https://[^\s]+")
SEEN = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
TIME = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_DAY: Final = 24 * 60

RESOURCE_KEYS = (
    "id", "name", "region", "phone", "sms", "press", "whatsapp", "chat", "tty", "video", "email",
    "web", "hours", "open", "kind", "languages", "interpreters", "may_call", "caution", "source",
    "verified", "review_by", "note",
)  # fmt: skip
OPENING_KEYS = ("zone", "days", "from", "to")
SMS_KEYS = ("to", "write")


def read_resources(root: Node, report: Report, parts: Parts) -> None:
    """Every entry that has a usable id and a name."""
    fields = Fields(root, report.file, report, ("resources",))
    for node in fields.sequence("resources"):
        found = _resource(Fields(node, "resources", report, RESOURCE_KEYS))
        if found is not None:
            parts.resources.append(found)


def _resource(fields: Fields) -> Resource | None:
    name = fields.text("id")
    if not RESOURCE_ID.fullmatch(name):
        what = f"`{name[:60]}` cannot be the id of a resource."
        fields.issue(fields.place_of("id"), "bad_id", what, "Write for example `us-911`.")
        return None
    ctx = fields.where = f"resources.{name}"
    label = text_of(fields, "name", f"{ctx}.name", "name")
    if label is None:
        if "name" not in fields:
            fields.missing("name", "Write what people call it.")
        return None
    always_open = fields.text("hours") == "24/7"
    sms, write = _sms(fields)
    return Resource(
        id=name,
        place=fields.place_of("id"),
        name=label,
        region=_region(fields),
        phone=fields.text("phone"),
        sms=sms,
        write=write,
        press=_by_language(fields, "press"),
        whatsapp=_by_language(fields, "whatsapp"),
        chat=_matching(fields, "chat", ADDRESS, "an address", "https://example.org/chat"),
        tty=fields.text("tty"),
        video=fields.text("video"),
        email=fields.text("email"),
        web=_matching(fields, "web", ADDRESS, "an address", "https://example.org"),
        always_open=always_open,
        hours=None if always_open else text_of(fields, "hours", f"{ctx}.hours", "phrase"),
        open=_openings(fields),
        note=text_of(fields, "note", f"{ctx}.note", "phrase"),
        may_call=fields.flag("may_call"),
        caution=text_of(fields, "caution", f"{ctx}.caution", "phrase"),
        kinds=tuple(kind.text for kind in fields.words("kind")),
        languages=_languages(fields),
        interpreters=fields.flag("interpreters"),
        source=fields.text("source"),
        verified=_verified(fields),
        review_by=fields.day("review_by"),
    )


def _bad(fields: Fields, key: str, what: str, example: str) -> None:
    todo = f"Write for example `{example}`."
    fields.issue(fields.place_of(key), "bad_value", what, todo)


def _matching(fields: Fields, key: str, form: re.Pattern[str], kind: str, example: str) -> str:
    written = fields.text(key)
    if written and not form.fullmatch(written):
        _bad(fields, key, f"`{written[:60]}` is not {kind}.", f"{key}: {example}")
    return written


def _region(fields: Fields) -> str:
    if "region" not in fields:
        fields.missing("region", "Write the country, or the country and its part: US, US-NY.")
    return _matching(fields, "region", REGION, "a region", "US-NY")


def _by_language(fields: Fields, key: str) -> ByLanguage:
    """``key: word`` for everybody, or ``key: {en: word, es: palabra}``."""
    node = fields.node(key)
    if not isinstance(node, MappingNode):
        written = fields.text(key)
        return {"": written} if written else {}
    inner = Fields(node, fields.where, fields.report, ())
    found: dict[str, str] = {}
    for language in inner.keys():  # noqa: SIM118 - Fields is not a dict
        if not LANGUAGE.fullmatch(language.text):
            what = f"`{language.text[:40]}` is not a language."
            inner.issue(language.place, "bad_value", what, "Write for example `es`.")
        found[language.text] = inner.text(language.text)
    return found


def _sms(fields: Fields) -> tuple[str, ByLanguage]:
    """``sms: "988"``, or ``sms: {to: "88788", write: START}``."""
    node = fields.node("sms")
    if not isinstance(node, MappingNode):
        return fields.text("sms"), {}
    inner = Fields(node, fields.where, fields.report, SMS_KEYS)
    if "to" not in inner:
        inner.missing("to", 'Write the number: {to: "88788", write: START}.')
    return inner.text("to"), _by_language(inner, "write")


def _languages(fields: Fields) -> tuple[str, ...]:
    found = fields.words("languages")
    for language in found:
        if not LANGUAGE.fullmatch(language.text):
            what = f"`{language.text[:40]}` is not a language."
            todo = "Write its tag, for example `es`; `interpreters: yes` stands for others."
            fields.issue(language.place, "bad_value", what, todo)
    return tuple(language.text for language in found)


def _verified(fields: Fields) -> str:
    """A day or a month. Left out: the page had no date."""
    written = fields.text("verified")
    parts = SEEN.fullmatch(written)
    if parts is not None:
        with contextlib.suppress(ValueError):
            date(int(parts[1]), int(parts[2]), int(parts[3] or 1))
            return written
    if written:
        _bad(fields, "verified", f"`{written[:40]}` is not a day or a month.", "2026-11-22")
    return ""


# ---------------------------------------------------------------- opening times


def _openings(fields: Fields) -> tuple[Opening, ...]:
    """``open: {zone: America/New_York, days: mon-fri, from: "13:00", to: "21:00"}``, or a list."""
    node = fields.node("open")
    nodes = (node,) if isinstance(node, MappingNode) else fields.sequence("open")
    found = (_opening(Fields(each, fields.where, fields.report, OPENING_KEYS)) for each in nodes)
    return tuple(each for each in found if each is not None)


def _opening(fields: Fields) -> Opening | None:
    for key in OPENING_KEYS:
        if key not in fields:
            fields.missing(key, "Write zone, days, from and to.")
    zone, days = _zone(fields), _days(fields)
    start, end = _minutes(fields, "from"), _minutes(fields, "to")
    if not zone or not days or start is None or end is None:
        return None
    return Opening(zone, days, start % A_DAY, end)


def _zone(fields: Fields) -> str:
    name = fields.text("zone")
    if not name:
        return ""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        _bad(fields, "zone", f"`{name[:40]}` is not a time zone.", "America/New_York")
        return ""
    return name


def _days(fields: Fields) -> tuple[int, ...]:
    """``mon-fri``, ``sat``, or several of them in a list; ``fri-mon`` goes over Sunday."""
    found: list[int] = []
    for item in fields.words("days"):
        first, _, last = item.text.lower().partition("-")
        if first not in DAYS or (last and last not in DAYS):
            what = f"`{item.text[:40]}` is not a day of the week."
            fields.issue(item.place, "bad_value", what, "Write for example `mon-fri` or `sat`.")
            continue
        start = DAYS.index(first)
        length = (DAYS.index(last or first) - start) % len(DAYS) + 1
        found += [(start + more) % len(DAYS) for more in range(length)]
    return tuple(sorted(set(found)))


def _minutes(fields: Fields, key: str) -> int | None:
    written = fields.text(key)
    parts = TIME.fullmatch(written)
    minutes = int(parts[1]) * 60 + int(parts[2]) if parts else A_DAY + 1
    if minutes <= A_DAY:
        return minutes
    if written:
        _bad(fields, key, f"`{written[:40]}` is not a time of day.", '"13:00"')
    return None
