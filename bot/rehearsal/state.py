"""What stands beside the words in a simulated conversation: what is stored, what the last turn did.

Short lines for the person who writes the flow, in the ids she wrote.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.core import effects as do

from .comparing import stored
from .person import Person
from .scenario import CASE, CONSENT

HOME: Final = ZoneInfo("America/New_York")
"""The clock of a simulation begins at noon there."""


def state(person: Person) -> Iterator[str]:
    """Where she stands, what is kept, what was promised, and what the last turn did."""
    session = person.session
    yield f"{_clock(person.now)} · {session.language}"
    yield f"at {session.at}" + "".join(f" > {step}" for step in session.over)
    kept = stored(person)
    for name, values in kept.items():
        if name not in ("language", CONSENT, CASE):
            yield f"{name}: {', '.join(values)}"
    for given in session.consents:
        if CONSENT in kept and given.purpose in kept[CONSENT]:
            yield f"consent {given.purpose} until {_clock(given.until)}"
    case = session.case
    if case is not None and CASE in kept:
        yield f"request {case.state}" + (f", {case.held} held" if case.held else "")
    for name, (due, _) in sorted(person.timers.items(), key=lambda timer: timer[1]):
        kind, _, about = name.partition(":")
        which = f" {about}" if kind == "consent" else ""
        yield f"timer {kind}{which} {_clock(due)}"


def effects(person: Person) -> Iterator[str]:
    """What the last event asked for, one line an effect."""
    yield from (_in_words(effect) for effect in person.effects)


def _clock(at: datetime) -> str:
    return f"{at.astimezone(HOME):%a %d %b %H:%M}"


def _in_words(effect: do.Effect) -> str:
    name = type(effect).__name__
    match effect:
        case do.Show(edit=edit, lead=lead):
            return f"{name} {'in place' if edit else 'anew'}" + (f", {lead}" if lead else "")
        case do.Say(phrase) | do.Toast(phrase) | do.TellHolder(phrase):
            return f"{name} {phrase}"
        case do.SetTimer(timer, due):
            return f"{name} {timer.partition(':')[0]} {_clock(due)}"
        case do.DropTimers(names):
            return f"{name} {', '.join(each.partition(':')[0] for each in names)}"
        case do.RecordConsent(purpose, answer):
            return f"{name} {purpose}: {answer}"
        case _:
            return name
