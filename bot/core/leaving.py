"""Leaving and what comes after: the wiped chat, the neutral door, the end of everything.

Also what time and a closed door do to a chat without her: an aged screen, a silence, a block. None
of these sends anything.
"""

from dataclasses import replace
from typing import Final

from . import request
from .buttons import token_from
from .effects import (
    CancelQueued,
    DropTimers,
    Dull,
    EraseEverything,
    RemoveAll,
    SetTimer,
    TakeBackCopies,
    TellHolder,
)
from .events import Amended, Called, CameBack, Endangered, Event, WentAway
from .ids import ChoiceId, Ref, StepId
from .session import Session
from .turn import REPLACE_AFTER, Turn, known

SILENT: Final = ChoiceId("silent")
"""What the machine calls the way that silence takes."""


def left(turn: Turn) -> None:
    """Leave now. Nothing queued goes out, the screen turns dull, everything else goes.

    Overwriting what is too old to delete is part of carrying out ``RemoveAll``.
    """
    screen = turn.session.screen
    request.hush(turn)
    turn.do(DropTimers(("aged:*",)))
    if screen is not None:
        turn.do(Dull(screen.ref))
    turn.do(RemoveAll(screen.ref if screen else None))
    request.pause(turn, "desk.away")
    _gone(turn)


def went_away(turn: Turn) -> None:
    """She blocked the bot: what is queued would reach nobody, or reach her late."""
    request.hush(turn)
    request.pause(turn, "desk.unreachable")
    _gone(turn)


def _gone(turn: Turn) -> None:
    turn.change(
        away=True,
        over=(),
        pending=None,
        screen=None,
        spent=(),
        misses=0,
        danger="",
        chat_screen_at=None,
    )


def erased(turn: Turn) -> None:
    """Everything about her goes; the last screen says only that it is done."""
    session = turn.session
    screen = session.screen
    turn.do(CancelQueued())
    if session.case is not None:
        turn.do(TakeBackCopies())
    if request.open_case(session) is not None:
        turn.do(TellHolder("desk.withdrawn"))
    if screen is not None:
        turn.do(Dull(screen.ref, "always.erased"))
    turn.do(RemoveAll(screen.ref if screen else None))
    turn.do(EraseEverything())
    turn.change(case=None, answers={}, consents=(), trail=(), visits=(), frames=(), nearest=())
    _gone(turn)


# ---------------------------------------------------------------- coming back


def meets_the_door(event: Event) -> bool:
    """After she left, only leaving again, numbers and words of danger are taken for what they say.

    So a chat that was left answers like one that was never opened.
    """
    match event.heard:
        case Called(word="leave" | "numbers") | Endangered() | WentAway() | CameBack() | Amended():
            return False
        case _:
            return event.answers_touch


def returned(turn: Turn) -> None:
    """She is back, or somebody who holds her phone: the same neutral door that everybody sees."""
    open_door(turn)
    turn.show(below=True)


def open_door(turn: Turn) -> None:
    """She is not away any more. What a block or a lost deletion left in her chat goes first."""
    turn.do(RemoveAll(None))
    turn.change(away=False, over=(), pending=None, screen=None, spent=(), door="")
    turn.cover(turn.rules.door("returned"))


def numbers_at_the_door(turn: Turn) -> None:
    """Numbers are never private; behind them stands the door, not where she was."""
    open_door(turn)
    turn.cover(turn.rules.door("numbers"))
    turn.show(below=True)


def resumed(turn: Turn) -> None:
    """Back to where she was: the live talk, the door she has not passed yet, or her step.

    Passing the door does not reopen a paused request: she is shown that it is paused, and decides.
    """
    session, place = turn.session, turn.session.place
    over: tuple[StepId, ...] = ()
    if turn.shows("danger"):
        over = session.over[:-1]
    elif turn.shows("returned"):
        case = request.open_case(session)
        paused = case is not None and case.state == "paused"
        over = (turn.rules.door("paused"),) if paused else ()
        turn.change(door=None)
    else:
        rests = [turn.rules.door(door) for door in ("returned", "chat")]
        over = tuple(step for step in session.over if step in rests and step != place)
    turn.change(over=over, pending=session.pending if over else None, danger="")
    turn.show()


# ---------------------------------------------------------------- what time does


def aged(turn: Turn, ref: Ref) -> None:
    """An idle message nears the age after which it could not be deleted any more."""
    session = turn.session
    turn.dull(ref)
    if session.screen is not None and session.screen.ref == ref:
        turn.change(screen=None, spent=())
    case = session.case
    if case is not None and case.nudge == ref:
        turn.change(case=replace(case, nudge=None, nudged_at=None))


def fell_silent(turn: Turn, at: StepId) -> None:
    """Silence is a branch. It moves her and may edit the young screen; it never sends."""
    session, step = turn.session, turn.rules.step(at)
    if session.at != at or session.away or step is None or step.silence is None:
        return
    if session.touched_at is not None and turn.now - session.touched_at < step.silence:
        return
    target = turn.rules.onward(at, SILENT, known(session))
    if target is None:
        return
    turn.arrive(target)
    turn.change(over=session.over, pending=session.pending)
    screen = session.screen
    young = screen is not None and not screen.kept and turn.now - screen.sent_at < REPLACE_AFTER
    if session.over or screen is None:
        return
    if young:
        turn.show(in_place=True)
    else:  # what she still sees are the buttons of the step before: they must not act on this one
        turn.change(screen=replace(screen, token=token_from(turn.event.seed)), spent=())


def promise_silence(turn: Turn, before: Session) -> None:
    """The silence of a step counts from her last touch there."""
    step = turn.rules.step(turn.session.at)
    silence = step.silence if step is not None and not turn.session.away else None
    touch = turn.event.answers_touch
    if silence is not None and (touch or turn.session.at != before.at):
        turn.do(SetTimer("silence", turn.now + silence, turn.session.at))
        return
    earlier = turn.rules.step(before.at)
    promised = earlier is not None and earlier.silence is not None
    if silence is None and promised and touch and not turn.session.away:
        turn.do(DropTimers(("silence",)))
