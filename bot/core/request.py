"""Her request for people: asking, handing over, changing, withdrawing, and the consent it rests on.

These functions work on a :class:`~bot.core.turn.Turn`, like those of ``advance``. What a case may
do is decided in ``case.py``; the live talk is in ``talk.py``, the desk's side in ``bot.service``.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from . import case as cases
from . import kept
from .buttons import derive
from .case import Case, Shared
from .effects import (
    CancelQueued,
    DropTimers,
    PingDesk,
    RecordConsent,
    Remove,
    SetTimer,
    TakeBackCopies,
    TellHolder,
)
from .ids import CaseId, StepId
from .rules import Choice, Handoff, Hours, Step
from .session import Given, Session
from .turn import Turn, known

ALIAS_WORDS: Final = 40
"""How many first and how many second words the desk's alias lists hold."""

ENDS_SOON: Final = timedelta(days=5)
"""From then on the end of a consent under an open case is announced, once, at her touch."""


def has_consent(session: Session, purpose: str, now: datetime) -> bool:
    """Whether a consent for that purpose is live."""
    return any(given.purpose == purpose and now < given.until for given in session.consents)


def alias_from(seed: str, attempt: int = 0) -> str:
    """An alias as three numbers (first word, second word, two digits), shown as words by ``text``.

    ``attempt`` gives the next one when an open case has this one already.
    """
    number = int.from_bytes(derive(seed, f"alias {attempt}").encode(), "big")
    first, number = number % ALIAS_WORDS, number // ALIAS_WORDS
    second, number = number % ALIAS_WORDS, number // ALIAS_WORDS
    return f"{first}.{second}.{10 + number % 90}"


def open_case(session: Session) -> Case | None:
    """Her request, unless it is closed."""
    case = session.case
    return case if case is not None and case.state != "closed" else None


# ---------------------------------------------------------------- asking and handing over


def ask_for_person(turn: Turn, lead: str = "") -> None:
    """A person: the request she has, or the way to make one."""
    case = open_case(turn.session)
    if case is None:
        turn.jump(turn.rules.door("person"))
    else:
        turn.cover(door_of(turn, case))
    turn.show(lead=lead)


def door_of(turn: Turn, case: Case) -> StepId:
    """The system screen that says how her request stands."""
    state: str = case.state
    if state == "claimed":
        state = "chat" if case.talking else "taken"
    return turn.rules.door(state)


def handed_over(turn: Turn, step: Step, choice: Choice) -> None:
    """Open the case, in the same commit as everything else; never without a live consent."""
    session, handoff = turn.session, step.handoff
    if handoff is None:
        ask_for_person(turn)
        return
    given = next((g for g in session.consents if g.purpose == handoff.consent), None)
    if given is None or turn.now >= given.until:
        turn.jump(turn.rules.door("person"))
        turn.show(lead="always.no_consent")
        return
    case = open_case(session)
    if case is not None:
        turn.change(case=replace(case, shared=_shared(turn, handoff)))
        ask_for_person(turn, "always.already_sent")
        return
    zone, hours = _reach(turn, handoff)
    case = Case(
        id=CaseId(derive(turn.event.seed, "case")),
        person=cases.UNKNOWN_PERSON,
        alias=alias_from(turn.event.seed),
        queue=handoff.queue,
        urgency=handoff.urgency,
        language=session.language,
        state="waiting",
        opened_at=turn.now,
        consent=handoff.consent,
        consent_until=given.until,
        structure=session.structure,
        at=step.id,
        shared=_shared(turn, handoff),
        zone=zone,
        hours=hours,
    )
    turn.change(case=case)
    turn.do(PingDesk())
    turn.answered(choice.id)
    turn.show()


def _shared(turn: Turn, handoff: Handoff) -> tuple[Shared, ...]:
    rows = []
    for name in handoff.share:
        if name == "language":
            rows.append(Shared(name, (turn.session.language,)))
            continue
        value = turn.session.answers.get(name)
        if not value:
            continue
        asked = turn.rules.saving(name)
        typed = asked is not None and asked.kind == "ask" and asked.answer == "text"
        rows.append(Shared(name, (value,) if isinstance(value, str) else value, typed))
    return tuple(rows)


def _reach(turn: Turn, handoff: Handoff) -> tuple[str, tuple[Hours, ...]]:
    """Her time zone and safe hours. Without both, the desk's words wait until she writes."""
    answers = turn.session.answers
    zone = answers.get(handoff.zone, "")
    marked = answers.get(handoff.hours, ())
    asked = turn.rules.saving(handoff.hours)
    choices = asked.choices if asked is not None else ()
    hours = tuple(span for choice in choices if choice.id in marked for span in choice.hours)
    if asked is not None and asked.answer == "times" and isinstance(marked, str):
        hours = kept.hours_of(marked)
    if not isinstance(zone, str) or not re.fullmatch(r"[A-Za-z_]+(/[A-Za-z_]+)+", zone):
        zone = ""
    return zone, hours


def follow_answers(turn: Turn, before: Session) -> None:
    """When she changes her safe hours, the open case follows; what she removed is shared no more.

    Other changed answers reach staff only when she has looked at them and sent them again.
    """
    case, answers = open_case(turn.session), turn.session.answers
    if case is None or answers == before.answers:
        return
    step = turn.rules.step(StepId(case.at))
    if step is None or step.handoff is None:
        return
    zone, hours = _reach(turn, step.handoff)
    shared = tuple(r for r in case.shared if r.name == "language" or answers.get(r.name))
    turn.change(case=replace(case, zone=zone, hours=hours, shared=shared))


# ---------------------------------------------------------------- consent


def agreed(turn: Turn, step: Step) -> None:
    """She gives a consent, or gives it again; a request that rests on it goes on."""
    purpose, until = step.consent, turn.now + step.valid_for
    turn.change(consents=(*_others(turn.session, purpose), Given(purpose, turn.now, until)))
    turn.do(RecordConsent(purpose, "given", until, step.id))
    turn.do(SetTimer(f"consent:{purpose}", until, purpose))
    case = open_case(turn.session)
    if case is not None and case.consent == purpose:
        turn.change(case=replace(case, consent_until=until))
        resume(turn)


def refused(turn: Turn, step: Step) -> None:
    """She says no. A request that rested on an earlier yes is pulled at once."""
    purpose = step.consent
    turn.change(consents=_others(turn.session, purpose))
    turn.do(RecordConsent(purpose, "refused", step=step.id))
    turn.do(DropTimers((f"consent:{purpose}",)))
    case = open_case(turn.session)
    if case is not None and case.consent == purpose:
        _close(turn, case)


def ended(turn: Turn, purpose: str) -> None:
    """A consent has reached its end, by timer or found so at her touch: nobody may write now."""
    session = turn.session
    given = next((g for g in session.consents if g.purpose == purpose), None)
    if given is None or turn.now < given.until:
        return
    turn.change(consents=_others(session, purpose))
    turn.do(RecordConsent(purpose, "expired"))
    if session.case is not None and session.case.consent == purpose:
        pause(turn, "desk.consent_ended")


def ends_soon(session: Session, now: datetime) -> datetime | None:
    """When the consent under her open case ends, if that is near and she has not been told."""
    case = open_case(session)
    if case is None or case.state == "paused" or session.told_end == case.consent_until:
        return None
    near = now < case.consent_until <= now + ENDS_SOON
    return case.consent_until if near else None


def _others(session: Session, purpose: str) -> tuple[Given, ...]:
    return tuple(given for given in session.consents if given.purpose != purpose)


# ---------------------------------------------------------------- pausing and ending


def pause(turn: Turn, phrase: str) -> None:
    """Nothing may be sent to her for now; the holder hears why, and staff copies go."""
    case = turn.session.case
    paused = cases.pause(case) if case is not None else None
    if paused is None:
        return
    turn.change(case=paused)
    turn.do(TakeBackCopies())
    turn.do(TellHolder(phrase))


def resume(turn: Turn) -> None:
    """A paused case goes on, if she still agrees to it."""
    case = turn.session.case
    again = cases.resume(case) if case is not None else None
    if again is not None and has_consent(turn.session, again.consent, turn.now):
        turn.change(case=again)
        turn.do(TellHolder("desk.back"))


def stopped(turn: Turn) -> None:
    """She ends the talk or withdraws the request and the consent for it. Nothing is wiped."""
    session = turn.session
    case = open_case(session)
    purposes = {given.purpose for given in session.consents}
    lead = "always.request_withdrawn" if purposes else "always.nothing_to_stop"
    if case is not None:
        lead = "always.talk_ended" if case.talking else "always.request_withdrawn"
        purposes &= {case.consent}
        _close(turn, case)
    turn.change(consents=tuple(g for g in session.consents if g.purpose not in purposes))
    for purpose in sorted(purposes):
        turn.do(RecordConsent(purpose, "withdrawn"))
        turn.do(DropTimers((f"consent:{purpose}",)))
    turn.change(over=(), pending=None)
    if case is not None:
        _leave_what_is_over(turn, case)
    turn.show(lead=lead)


def _close(turn: Turn, case: Case) -> None:
    closed = cases.close(case, "ended by her")
    if closed is None:
        return
    turn.do(TellHolder("desk.ended" if case.state == "claimed" else "desk.withdrawn"))
    turn.do(TakeBackCopies())
    if case.nudge is not None:
        turn.do(Remove((case.nudge,)))
    quiet = replace(closed, nudge=None, nudged_at=None, held=0, news=False)
    turn.change(case=quiet, chat_screen_at=None)


def _leave_what_is_over(turn: Turn, case: Case) -> None:
    """A screen that says the request is sent would not be true any more."""
    handoff = turn.rules.step(StepId(case.at))
    send = next((c for c in handoff.choices if c.verb == "send"), None) if handoff else None
    if send is None:
        return
    sent = turn.rules.onward(StepId(case.at), send.id, known(turn.session))
    trail = tuple(stood for stood in turn.session.trail if stood.at != sent)
    if turn.session.at == sent:
        turn.jump(turn.rules.door("ways"))
    turn.change(trail=trail)


def seen(turn: Turn) -> None:
    """She is looking at how her request stands: no neutral line needs to say that there is news."""
    case = turn.session.case
    if case is None or not (case.news or case.nudge):
        return
    screen = turn.session.screen
    if case.nudge is not None and (screen is None or screen.ref != case.nudge):
        turn.do(Remove((case.nudge,)))
    turn.change(case=replace(case, news=False, nudge=None, nudged_at=None))


def hush(turn: Turn) -> None:
    """Nothing queued goes out, and the neutral line that may wait in her chat is forgotten."""
    turn.do(CancelQueued())
    turn.do(DropTimers(("silence",)))
    case = turn.session.case
    if case is not None and case.nudge is not None:
        turn.change(case=replace(case, nudge=None, nudged_at=None))
