"""The desk beside a rehearsed conversation: taking, giving back, closing, writing.

What a case may do is decided by ``bot.core.case``, and how it reaches her by ``bot.service.reach``;
here is only one staff member with an empty tray. Every function raises CannotDo, with a sentence,
when the desk could not do that now.
"""

from dataclasses import replace
from typing import Final

from bot.core import case as cases
from bot.core.case import Case
from bot.core.ids import PersonId, Ref
from bot.core.message import Send
from bot.service import reach

from .person import LEASE, CannotDo, Person

STAFF: Final = PersonId("staff-one")


def claims(person: Person) -> None:
    """The request is taken, which is news for her."""
    case = cases.claim(_case(person), STAFF, person.now)
    if case is None:
        msg = f"The request cannot be taken: it is {_case(person).state}."
        raise CannotDo(msg)
    _keep(person, case, told=True)
    _lease(person, case)


def releases(person: Person) -> None:
    """The request waits again."""
    case = cases.release(_case(person), STAFF)
    if case is None:
        msg = f"Nobody holds the request: it is {_case(person).state}."
        raise CannotDo(msg)
    person.timers.pop(LEASE, None)
    _keep(person, replace(case, news=True), told=False)


def closes(person: Person) -> None:
    """The holder ends the request."""
    before = _case(person)
    case = cases.close(before, "helped") if before.holder == STAFF else None
    if case is None:
        msg = f"Nobody holds the request: it is {before.state}."
        raise CannotDo(msg)
    person.timers.pop(LEASE, None)
    person.held.clear()
    _keep(person, case, told=before.state != "paused")


def writes(person: Person, text: str) -> None:
    """Words of the holder: at once when they answer her, else behind the neutral line."""
    case = _case(person)
    if case.state != "claimed" or person.now >= case.consent_until:
        msg = f"The desk cannot write to her: the request is {case.state}."
        raise CannotDo(msg)
    if cases.answers_her(case, person.now):
        person.count += 1
        person.chat[Ref(f"desk {person.count}")] = person.relayed(text)
    else:
        person.held.append(text)
        _reached(person, replace(case, held=case.held + 1))
    renewed = cases.renew(_case(person), person.now)
    person.session = replace(person.session, case=renewed)
    _lease(person, renewed)


def _case(person: Person) -> Case:
    case = person.session.case
    if case is None:
        msg = "There is no request at the desk."
        raise CannotDo(msg)
    return case


def _keep(person: Person, case: Case, *, told: bool) -> None:
    person.session = replace(person.session, case=case)
    if told:
        _reached(person, replace(case, news=True))


def _reached(person: Person, case: Case) -> None:
    """The neutral line to her, in her hours; none when she gave none."""
    person.count += 1
    seed = f"desk {person.count:012d}"
    screens = person.edition.screens
    reached = reach.nudge(case, screens, person.session.language, seed, person.now)
    person.session = replace(person.session, case=reached.case)
    for message in reached.outbox:
        if not isinstance(message.call, Send):
            continue
        line = (message.not_before or person.now, message.call.ref, message.call.content)
        if line[0] > person.now:
            person.later.append(line)
        else:
            person.chat[line[1]] = line[2]
    for timer in reached.timers:
        person.timers[timer.name] = (timer.due_at, timer.token)


def _lease(person: Person, case: Case) -> None:
    if case.lease_until is not None:
        person.timers[LEASE] = (case.lease_until, case.id)
