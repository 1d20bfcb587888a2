"""Typed answers in the form they are kept in: dates, numbers, hours. Reads that form; writes none.

A date is ``2026-11-22``, ``2026-11`` or ``2026``; a number its digits; hours are spans such as
``08:00-12:00`` divided by commas, a span over midnight written as people say it.
"""

from datetime import date, timedelta
from typing import Final

from .rules import Hours, Step

A_DAY: Final = 24 * 60
TODAY: Final = "today"
TODAY_THERE: Final = timedelta(days=1)
"""Where she is, today may already be tomorrow, or still yesterday."""


def limit_passed(step: Step, value: str, today: date) -> tuple[str, str | int | date] | None:
    """What to say when a date or number lies outside what is asked for, with the limit; or None."""
    if step.answer == "number" and value.isascii() and value.isdigit():
        if step.low and int(value) < int(step.low):
            return "always.answer_least", int(step.low)
        if step.high and int(value) > int(step.high):
            return "always.answer_most", int(step.high)
    if step.answer == "date":
        low, high = _day(step.low, today - TODAY_THERE), _day(step.high, today + TODAY_THERE)
        # A month or a year passes when any day of it does: nobody has to know the day.
        if low is not None and value < low.isoformat()[: len(value)]:
            return "always.answer_earliest", low
        if high is not None and value > high.isoformat()[: len(value)]:
            return "always.answer_latest", high
    return None


def _day(limit: str, today: date) -> date | None:
    if not limit:
        return None
    return today if limit == TODAY else date.fromisoformat(limit)


def hours_of(value: str) -> tuple[Hours, ...]:
    """The spans of a kept answer; one over midnight becomes two."""
    found: list[Hours] = []
    for span in value.split(","):
        start, _, end = span.partition("-")
        begins, ends = _minutes(start), _minutes(end)
        if begins < ends:
            found.append(Hours(begins, ends))
        elif ends:
            found += [Hours(begins, A_DAY), Hours(0, ends)]
        else:
            found.append(Hours(begins, A_DAY))
    return tuple(found)


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)
