"""``advance``: one event in, the next session and the effects out. The whole behaviour towards her.

Pure: no clock, no randomness, no waiting. The same arguments always give equal values, so a commit
that lost a race is simply worked out again. Read it top-down: :func:`advance` says what comes first
whatever the event is (where she stood may be gone; a person who left meets the neutral door), then
one line an event. Answers are in ``answers.py``, always-on words in ``calls.py``, leaving and time
in ``leaving.py``, her request in ``request.py``, the live talk in ``talk.py``, the moves between
steps in ``turn.py``.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from . import answers, calls, leaving, request, talk
from .buttons import derive
from .effects import Effect, Show, Stranded
from .events import (
    Amended,
    Asked,
    Called,
    CameBack,
    Chose,
    ConsentEnded,
    Continued,
    Endangered,
    Event,
    Fell,
    Forgot,
    Heard,
    Marked,
    NotReadable,
    NotUnderstood,
    Opened,
    Paged,
    Relayed,
    Revisited,
    ScreenAged,
    Stale,
    Started,
    Suggested,
    Unfit,
    WentAway,
    Wondered,
    Wrote,
    WroteTooMuch,
)
from .ids import Language
from .rules import Rules
from .session import Session
from .turn import Turn

MISSES_BEFORE_A_PERSON: Final = 3
"""After so many texts in a row that were not understood, the buttons are pointed out."""

JUST_SHOWN: Final = timedelta(seconds=5)
"""With new messages: a press of the button before, so soon after, is a double press."""

MOVED: Final = "always.place_moved"
"""What is said above the screen to which the flows have taken her."""

_BOUND: Final = (
    Chose,
    Marked,
    Continued,
    Wrote,
    Asked,
    Wondered,
    WroteTooMuch,
    Unfit,
    Paged,
    Suggested,
    Forgot,
    Revisited,
    Relayed,
    NotUnderstood,
    NotReadable,
    Stale,
)
"""Events that mean something only on the screen they were heard on."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The session after the event, and what must now happen, in order."""

    session: Session
    effects: tuple[Effect, ...] = ()


def begin(rules: Rules, seed: str, language: Language) -> Session:
    """The session of somebody who has just come through the door."""
    return Session(
        structure=rules.structure,
        at=rules.start,
        language=language,
        seed=derive(seed, "person"),
    )


def advance(rules: Rules, session: Session, event: Event, now: datetime) -> Outcome:
    """Apply one event. Never raises for anything a person can send; any exception is our bug."""
    turn = Turn(rules, session, event, now)
    lead = None
    if event.answers_touch:
        turn.change(presses=session.presses + 1, touched_at=now)
        lead = _settle(turn)
    if event.new_language is not None and not session.chosen_language:
        turn.change(language=event.new_language)
    if turn.session.away and leaving.meets_the_door(event):
        leaving.returned(turn)
    elif lead is not None and isinstance(event.heard, _BOUND):
        words = isinstance(event.heard, NotUnderstood | Relayed | NotReadable)
        turn.show(lead=lead if words or lead == MOVED else "")
    else:
        _apply(turn, event.heard)
    _finish(turn, session)
    return Outcome(turn.session, tuple(turn.effects))


def _settle(turn: Turn) -> str | None:
    """Make true again what time or a change of the flows has made untrue since she was here.

    Returns what to say above the screen when the place she saw is gone, None when it still stands.
    """
    for given in turn.session.consents:
        if turn.now >= given.until:
            request.ended(turn, given.purpose)
    lead = _settle_structure(turn)
    return talk.settle(turn) if lead is None else lead


def _settle_structure(turn: Turn) -> str | None:
    """A structure that is gone: she goes on in the new one, at the same step or at the rescue."""
    session, rules = turn.session, turn.rules
    here = rules.step(session.at)
    heir = rules.moved(session.structure, session.at)
    over = tuple(step for step in session.over if rules.step(step) is not None)
    if here is not None and session.structure == rules.structure and over == session.over:
        return None
    turn.change(structure=rules.structure, over=over, pending=None, page=0, nearest=())
    if heir is not None and rules.step(heir) is not None:
        trail = tuple(stood for stood in session.trail if rules.step(stood.at) is not None)
        turn.jump(heir)
        turn.change(trail=trail)
        return MOVED
    if here is None:
        turn.do(Stranded())
        turn.change(at=rules.rescue, over=(), trail=(), frames=(), visits=())
    return ""


def _finish(turn: Turn, before: Session) -> None:
    """What follows from any event: safe hours, the end of a talk, silence, and news for her."""
    request.follow_answers(turn, before)
    talk.note_place(turn)
    leaving.promise_silence(turn, before)
    if turn.event.answers_touch and not turn.session.away:
        talk.mention(turn)
        _announce_end(turn)


def _announce_end(turn: Turn) -> None:
    """A consent that ends within days, while a case rests on it, is announced once."""
    until = request.ends_soon(turn.session, turn.now)
    if until is None or turn.shows("returned", "danger", "numbers"):
        return
    for place, effect in enumerate(turn.effects):
        if isinstance(effect, Show) and not effect.lead:
            turn.effects[place] = replace(
                effect, lead="always.consent_ends", lead_values={"until": until.date()}
            )
            turn.change(told_end=until)


def _apply(turn: Turn, heard: Heard) -> None:  # noqa: C901, PLR0912, PLR0915 - one table, a line an event
    match heard:
        case Started():
            turn.change(over=(), pending=None, misses=0)
            turn.show(below=True)
        case Chose(choice):
            answers.chose(turn, choice)
        case Marked(choice, on):
            answers.marked(turn, choice, on=on)
        case Continued():
            answers.continued(turn)
        case Wrote(text):
            answers.wrote(turn, text)
        case Asked(nearest, sure):
            answers.asked(turn, nearest, sure=sure)
        case Wondered(page):
            answers.wondered(turn, page)
        case WroteTooMuch():
            answers.wrote_too_much(turn)
        case Unfit(why):
            answers.unfit(turn, why)
        case Paged(page):
            answers.paged(turn, page)
        case Called(word, typed):
            calls.called(turn, word, typed)
        case Suggested(choice):
            answers.suggested(turn, choice)
        case Opened():
            talk.opened(turn)
        case Forgot(name):
            answers.forgot(turn, name)
        case Revisited(name):
            answers.revisited(turn, name)
        case Relayed(text, message_id, entities):
            talk.relayed(turn, text, message_id, entities)
        case Amended(text, message_id, entities):
            talk.amended(turn, text, message_id, entities)
        case NotUnderstood():
            _not_understood(turn)
        case NotReadable():
            in_talk = talk.live(turn) is not None
            turn.show(lead="always.not_understood_chat" if in_talk else "always.cannot_read")
        case Stale(spent):
            _stale(turn, spent=spent)
        case Endangered(rule, text, message_id, entities, edited):
            talk.endangered(turn, rule, text, message_id, entities, edited=edited)
        case Fell(at):
            leaving.fell_silent(turn, at)
        case ScreenAged(ref):
            leaving.aged(turn, ref)
        case ConsentEnded(purpose):
            request.ended(turn, purpose)
        case WentAway():
            leaving.went_away(turn)
        case CameBack():
            pass
        case _ as unreachable:
            assert_never(unreachable)


def _not_understood(turn: Turn) -> None:
    misses = turn.session.misses + 1
    turn.change(misses=misses)
    offer = misses >= MISSES_BEFORE_A_PERSON
    turn.show(lead="always.use_buttons" if offer else "always.not_understood")


def _stale(turn: Turn, *, spent: bool) -> None:
    """A second press redraws the screen silently; another message's button shows where she is."""
    session = turn.session
    screen = session.screen
    if screen is None:
        turn.show(below=True)
    elif spent and (session.reading == "edit" or turn.now - screen.sent_at < JUST_SHOWN):
        turn.show(fresh=False)
    else:
        turn.show(below=True, lead="always.stale")
