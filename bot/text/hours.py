"""Whether a line is open at a moment, and when it opens next: by the clock of its own zone.

Exact over changes of the clock, because every span is laid out on the wall clock of its day and
then compared as an absolute time. A time that a day skips is reckoned by the clock before the
change, one that a day has twice counts when it first comes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.flowdef.model import Opening, Resource

A_DAY = timedelta(days=1)
DAYS_AHEAD = 8
"""A week, and the day before it, whose last hours may reach into today."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a line stands now. ``opens``: when it is next open; None while it is, or if never."""

    open: bool
    opens: datetime | None = None
    zone: str = ""


def standing(resource: Resource, now: datetime) -> Standing | None:
    """Open or not; None when nobody has written down its hours."""
    if resource.always_open:
        return Standing(open=True)
    if not resource.open:
        return None
    spans = [span for each in resource.open for span in _spans(each, now)]
    if any(start <= now < end for start, end, _ in spans):
        return Standing(open=True)
    later = sorted((start, zone) for start, _, zone in spans if start > now)
    return Standing(False, *later[0]) if later else Standing(open=False)


def _spans(opening: Opening, now: datetime) -> Iterator[tuple[datetime, datetime, str]]:
    today = now.astimezone(ZoneInfo(opening.zone)).date()
    for ahead in range(-1, DAYS_AHEAD):
        day = today + ahead * A_DAY
        if day.weekday() in opening.days:
            over = 0 if opening.end > opening.start else 1
            start = _moment(day, opening.start, opening.zone)
            end = _moment(day + over * A_DAY, opening.end, opening.zone)
            yield start, end, opening.zone


def _moment(day: date, minutes: int, zone: str) -> datetime:
    """A time on the wall clock of a zone, as UTC; 24:00 is midnight of the day after."""
    more, left = divmod(minutes, 24 * 60)
    wall = datetime.combine(day + more * A_DAY, time(left // 60, left % 60), ZoneInfo(zone))
    return wall.astimezone(UTC)
