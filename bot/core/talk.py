"""Her side of a case: asking for people, the live talk, ending it.

These functions work on a :class:`~bot.core.turn.Turn`, like those of ``advance``. What a case may
do is decided in ``case.py``; the desk's side is in ``bot.service.desk``.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from . import case as cases
from .buttons import derive, ref_from, token_from
from .case import Case, Shared
from .effects import (
    AmendAtDesk,
    DropTimers,
    PingDesk,
    RecordConsent,
    Remove,
    Say,
    ShowHeld,
    TakeBackCopies,
    TellHolder,
    ToDesk,
)
from .ids import CaseId, Ref
from .message import Entity
from .rules import Choice, Handoff, Hours, Step
from .session import Screen, Session
from .turn import Turn

CHAT_SCREEN_EVERY: Final = timedelta(minutes=1)
"""In a live talk the controls follow the newest line at most this often."""

ALIAS_WORDS: Final = 40
"""How many first and how many second words the desk's alias lists hold."""

_HIGH: Final = "high"


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


def nudge_ref(turn: Turn) -> Ref:
    """The name of the neutral line that this event sends."""
    return ref_from(turn.event.seed, "nudge")


def ask_for_person(turn: Turn) -> None:
    """ "Person": the request she has, or the way to make one."""
    case = turn.session.case
    if case is None or case.state == "closed":
        turn.arrive(turn.rules.door("person"))
    else:
        turn.cover(turn.rules.door(_door_of(case)))
    turn.show()


def _door_of(case: Case) -> str:
    match case.state:
        case "waiting":
            return "waiting"
        case "claimed":
            return "chat" if case.talking else "taken"
        case "paused":
            return "paused"
        case "closed":
            return "closed"


def handed_over(turn: Turn, step: Step, choice: Choice) -> None:
    """Open the case, in the same commit as everything else; never without a live consent."""
    session, handoff = turn.session, step.handoff
    if handoff is None or (session.case is not None and session.case.state != "closed"):
        ask_for_person(turn)
        return
    given = next((g for g in session.consents if g.purpose == handoff.consent), None)
    if given is None or turn.now >= given.until:
        turn.arrive(turn.rules.door("person"))
        turn.show()
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
        typed = asked is not None and asked.kind == "ask"
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
    if not isinstance(zone, str) or not re.fullmatch(r"[A-Za-z_]+(/[A-Za-z_]+)+", zone):
        zone = ""
    return zone, hours


# ---------------------------------------------------------------- the live talk


def open_talk(turn: Turn) -> None:
    """She opens the talk: what waited is shown, and her words go to the desk from now on."""
    reopen(turn)
    case = turn.session.case
    if case is None or case.state != "claimed":
        turn.change(over=())
        ask_for_person(turn)
        return
    held = case.held > 0
    _enter(turn, case)
    turn.cover(turn.rules.door("chat"))
    if held:
        turn.do(ShowHeld(None))
    turn.change(chat_screen_at=turn.now)
    turn.show(below=held)


def reopen(turn: Turn) -> None:
    """A case that was paused because she left goes on, if she still agrees to it."""
    case = turn.session.case
    again = cases.resume(case) if case is not None else None
    if again is not None and has_consent(turn.session, again.consent, turn.now):
        turn.change(case=again)
        turn.do(TellHolder("desk.back"))


def _enter(turn: Turn, case: Case) -> None:
    """She is in the talk now: nothing waits for her any more, and no neutral line says so."""
    entered = replace(case, talking=True, touched_at=turn.now, held=0, news=False, nudge=None)
    turn.change(case=entered)
    if case.nudge is not None:
        turn.do(Remove((case.nudge,)))


def opened(turn: Turn) -> None:
    """The neutral line's button: its content opens in that very message."""
    session = turn.session
    case = session.case
    if case is None or case.nudge is None:
        turn.show(fresh=False)
        return
    nudge, sent_at = case.nudge, case.nudged_at or turn.now
    shown = replace(case, nudge=None, news=False)
    turn.change(case=shown, over=())
    if case.state == "claimed" and case.held > 0:
        _enter(turn, shown)
        turn.change(chat_screen_at=turn.now)
        turn.cover(turn.rules.door("chat"))
        turn.do(ShowHeld(nudge))
        turn.show(below=True)
        return
    old = session.screen
    turn.change(screen=Screen(nudge, token_from(turn.event.seed), sent_at), spent=())
    turn.cover(turn.rules.door(_door_of(case)))
    reading = session.reading
    turn.change(reading="edit")
    turn.show()
    turn.change(reading=reading)
    if old is not None and reading == "edit" and old.ref != nudge:
        turn.do(Remove((old.ref,)))


def relayed(turn: Turn, text: str, message_id: int, entities: tuple[Entity, ...]) -> None:
    """Her words go to the person who holds the case."""
    case = turn.session.case
    if case is None or case.state != "claimed":
        ask_for_person(turn)
        return
    turn.do(ToDesk(text, message_id, entities))
    _enter(turn, case)
    if case.held > 0:
        turn.do(ShowHeld(None))
    _follow(turn)


def amended(turn: Turn, text: str, message_id: int, entities: tuple[Entity, ...]) -> None:
    """She changed words after sending them; the copy at the desk follows."""
    case = turn.session.case
    if case is not None and case.state == "claimed":
        turn.do(AmendAtDesk(text, message_id, entities))
        turn.change(case=replace(case, touched_at=turn.now))


def _follow(turn: Turn) -> None:
    """Keep the controls of the talk near the newest line, at most once a minute."""
    session = turn.session
    last, screen = session.chat_screen_at, session.screen
    if screen is not None and last is not None and turn.now - last < CHAT_SCREEN_EVERY:
        return
    turn.change(chat_screen_at=turn.now)
    turn.event = replace(turn.event, message_id=None)
    turn.show(below=True)


def send_pending(turn: Turn, words: str) -> None:
    """The always-on word was meant for the desk after all. Its message may be gone; the words go."""
    if words:
        turn.do(ToDesk(words, 0))
    case = turn.session.case
    if case is not None:
        turn.change(case=replace(case, touched_at=turn.now))
    turn.show()


def endangered(turn: Turn, rule: str, text: str, message_id: int) -> None:
    """Danger is answered at once. In a live talk the words still go to the desk, marked urgent."""
    session = turn.session
    case, step = session.case, turn.step
    if case is not None and case.state in ("waiting", "claimed", "paused"):
        turn.change(case=replace(case, urgency=_HIGH))
    if case is not None and case.state == "claimed" and step is not None and step.kind == "chat":
        turn.do(ToDesk(text, message_id, urgent=True))
        if turn.session.case is not None:
            turn.change(case=replace(turn.session.case, touched_at=turn.now))
        ref = ref_from(turn.event.seed, "crisis")
        turn.do(Say("always.crisis_line", ref, {"rule": rule}, kind="crisis"))
        return
    turn.change(danger=rule, away=False, misses=0)
    turn.cover(turn.rules.door("danger"))
    turn.show(kind="crisis", below=True)


# ---------------------------------------------------------------- endings


def stopped(turn: Turn) -> None:
    """She ends the talk or withdraws the request and the consent for it. Nothing is wiped."""
    session = turn.session
    case = session.case
    purposes = {given.purpose for given in session.consents}
    ended = cases.close(case, "ended by her") if case is not None else None
    if case is not None and ended is not None:
        turn.do(TellHolder("desk.ended" if case.state == "claimed" else "desk.withdrawn"))
        turn.do(TakeBackCopies())
        turn.change(case=ended)
        purposes = {case.consent} & purposes
    turn.change(consents=tuple(g for g in session.consents if g.purpose not in purposes))
    for purpose in sorted(purposes):
        turn.do(RecordConsent(purpose, "withdrawn"))
        turn.do(DropTimers((f"consent:{purpose}",)))
    turn.change(over=(), pending=None, chat_screen_at=None)
    withdrawn = ended is not None or purposes
    turn.show(lead="always.request_withdrawn" if withdrawn else "")


def pause(turn: Turn, phrase: str) -> None:
    """Nothing may be sent to her for now; the holder hears why, and staff copies go."""
    case = turn.session.case
    paused = cases.pause(case) if case is not None else None
    if paused is None:
        return
    turn.change(case=paused)
    turn.do(TakeBackCopies())
    turn.do(TellHolder(phrase))
