"""A case: one handoff to people, and the table of what may happen to it.

``waiting -> claimed -> closed``, with ``paused`` beside the first two while she is away. A case has
one holder or one queue, never both. Every function returns a new case, or None when the move is not
allowed; nobody is told here, and nothing is stored here.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .ids import CaseId, Language, PersonId, Ref
from .rules import Hours

CaseState = Literal["waiting", "claimed", "paused", "closed"]
UNKNOWN_PERSON = PersonId("")
"""Stands in a case that the core has just opened; the service knows who she is and fills it in."""

LEASE = timedelta(hours=12)
"""How long a holder may be silent before the case goes back to its queue."""


@dataclass(frozen=True, slots=True)
class Shared:
    """One answer she agreed to share: its saved name, and choice ids or her own words."""

    name: str
    values: tuple[str, ...]
    typed: bool = False
    """True: ``values`` holds her own words, not choice ids."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything staff may know. It never holds a Telegram id, a name or a username."""

    id: CaseId
    person: PersonId
    alias: str
    queue: str
    urgency: str
    language: Language
    state: CaseState
    opened_at: datetime
    consent: str
    consent_until: datetime
    structure: str = ""
    at: str = ""
    """The handoff step, so that shared choice ids can be shown with their words."""
    shared: tuple[Shared, ...] = ()
    zone: str = ""
    """IANA time zone, or empty: staff words are then shown only when she writes first."""
    hours: tuple[Hours, ...] = ()
    holder: PersonId | None = None
    holders: tuple[PersonId, ...] = ()
    """Everybody who has held it: their chats may hold copies that must go when she leaves."""
    lease_until: datetime | None = None
    touched_at: datetime | None = None
    """Her last touch inside the live chat; a staff message within 60 s of it answers it."""
    talking: bool = False
    """True while the live chat is open on her side."""
    nudge: Ref | None = None
    """The neutral line that waits in her chat to be opened, if there is one."""
    nudged_at: datetime | None = None
    held: int = 0
    """How many words of the desk wait until she opens the talk."""
    news: bool = False
    """Something about the case (taken, closed) that she has not been shown yet."""
    outcome: str = ""


def claim(case: Case, staff: PersonId, now: datetime) -> Case | None:
    """Take a waiting case. None: somebody else was first, or it no longer waits."""
    if case.state != "waiting":
        return None
    holders = case.holders if staff in case.holders else (*case.holders, staff)
    return replace(case, state="claimed", holder=staff, holders=holders, lease_until=now + LEASE)


def release(case: Case, staff: PersonId) -> Case | None:
    """Give a case back to its queue. None: ``staff`` does not hold it."""
    if case.holder != staff or case.state == "closed":
        return None
    state: CaseState = "paused" if case.state == "paused" else "waiting"
    return replace(case, state=state, holder=None, lease_until=None, talking=False)


def close(case: Case, outcome: str) -> Case | None:
    """End a case for good. None: it already is."""
    if case.state == "closed":
        return None
    return replace(
        case, state="closed", outcome=outcome, holder=None, lease_until=None, talking=False
    )


def pause(case: Case) -> Case | None:
    """She left: nothing may be sent to her. The holder keeps the case. None: nothing to pause."""
    if case.state not in ("waiting", "claimed"):
        return None
    return replace(case, state="paused", talking=False)


def resume(case: Case) -> Case | None:
    """She came back. None: the case was not paused."""
    if case.state != "paused":
        return None
    return replace(case, state="claimed" if case.holder else "waiting")


def renew(case: Case, now: datetime) -> Case:
    """Activity of the holder keeps the lease alive."""
    return replace(case, lease_until=now + LEASE) if case.holder else case


def lapse(case: Case, now: datetime) -> Case | None:
    """A silent holder's case returns to the queue. None: the lease still runs or there is none."""
    if case.holder is None or case.lease_until is None or now < case.lease_until:
        return None
    return release(case, case.holder)


ANSWERS_WITHIN = timedelta(seconds=60)
"""Words of the desk count as an answer to her touch for so long; later they wait behind a line."""


def answers_her(case: Case, now: datetime) -> bool:
    """Whether words sent now would answer her own touch inside the open talk."""
    touched = case.touched_at
    return (
        case.state == "claimed"
        and case.talking
        and touched is not None
        and now - touched < ANSWERS_WITHIN
    )


def safe_from(case: Case, now: datetime) -> datetime | None:
    """When the neutral line may reach her: ``now``, the next safe hour, or None (never unasked).

    None also when the consent ends before the next safe hour begins.
    """
    zone = _zone(case.zone)
    if case.state == "paused" or zone is None or not case.hours:
        return None
    local = now.astimezone(zone)
    starts = []
    for ahead in range(2):
        day = (local + timedelta(days=ahead)).replace(hour=0, minute=0, second=0, microsecond=0)
        for span in case.hours:
            begins, ends = _at(day, span.start), _at(day, span.end)
            if begins <= local < ends:
                starts.append(local)
            elif begins > local:
                starts.append(begins)
    soonest = min(starts, default=None)
    if soonest is None:
        return None
    when = now if soonest == local else soonest.astimezone(now.tzinfo)
    return when if when < case.consent_until else None


def _zone(name: str) -> tzinfo | None:
    """None for a zone this machine does not know: then nothing is sent until she writes."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _at(midnight: datetime, minutes: int) -> datetime:
    """That many minutes on the clock of that day; 24:00 is the next midnight."""
    days, minutes = divmod(minutes, 24 * 60)
    return (midnight + timedelta(days=days)).replace(hour=minutes // 60, minute=minutes % 60)
