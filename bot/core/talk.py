"""The live talk as she has it: opening it, her words to the desk, the desk's words that waited.

A talk is live while its system screen lies over where she stands, somebody holds the case, and her
consent runs. Only then do typed words go to people.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from . import leaving, request
from .buttons import ref_from
from .case import Case
from .effects import AmendAtDesk, DropTimers, Nudge, Remove, Say, ShowHeld, TellHolder, ToDesk
from .message import Entity
from .turn import Turn

CHAT_SCREEN_EVERY: Final = timedelta(minutes=1)
"""In a live talk the controls follow the newest line at most this often."""

_HIGH: Final = "high"


def claimed(turn: Turn) -> Case | None:
    """Her case, while somebody holds it and she agrees to it."""
    case = turn.session.case
    if case is None or case.state != "claimed":
        return None
    return case if request.has_consent(turn.session, case.consent, turn.now) else None


def live(turn: Turn) -> Case | None:
    """Her case, while she is in the talk: what she types now goes to the desk."""
    return claimed(turn) if turn.shows("chat") else None


def open_talk(turn: Turn) -> None:
    """She opens the talk: what waited is shown, and her words go to the desk from now on.

    A paused request goes on by this and nothing else. Where her consent has ended, she is asked.
    """
    request.resume(turn)
    case, session = claimed(turn), turn.session
    turn.change(over=())
    if case is None:
        if session.case is not None and session.case.state == "paused":
            turn.jump(turn.rules.door("person"))
            turn.show()
        else:
            request.ask_for_person(turn)
        return
    held = case.held > 0
    turn.cover(turn.rules.door("chat"))
    _enter(turn, case)
    if held:
        turn.do(ShowHeld(None))
    turn.change(chat_screen_at=turn.now)
    turn.show(below=held)


def _enter(turn: Turn, case: Case) -> None:
    """She is in the talk now: nothing waits for her any more, and no neutral line says so."""
    if case.nudge is not None:
        turn.do(Remove((case.nudge,)))
    entered = replace(
        case, talking=True, touched_at=turn.now, held=0, news=False, nudge=None, nudged_at=None
    )
    turn.change(case=entered)


def opened(turn: Turn) -> None:
    """The neutral line's button: its content opens in that very message."""
    case = turn.session.case
    if case is None or case.nudge is None:
        turn.show(fresh=False)
        return
    nudge, sent_at = case.nudge, case.nudged_at or turn.now
    case = replace(case, nudge=None, nudged_at=None)
    turn.change(case=case, over=())
    if claimed(turn) is not None and case.held > 0:
        turn.do(DropTimers((f"aged:{nudge}",)))  # it becomes a line of the talk, and stays
        turn.cover(turn.rules.door("chat"))
        _enter(turn, case)
        turn.change(chat_screen_at=turn.now)
        turn.do(ShowHeld(nudge))
        turn.show(below=True)
        return
    turn.change(case=replace(case, news=False))
    turn.cover(request.door_of(turn, case))
    turn.take_over(nudge, min(sent_at, turn.now))


def relayed(turn: Turn, text: str, message_id: int, entities: tuple[Entity, ...]) -> None:
    """Her words go to the person who holds the case."""
    if live(turn) is None:
        request.ask_for_person(turn)
        return
    turn.do(ToDesk(text, message_id, entities))
    _touched(turn)


def _touched(turn: Turn) -> None:
    """She wrote: what waited for her comes now, and the controls below it."""
    case = turn.session.case
    if case is None:
        return
    _enter(turn, case)
    if case.held > 0:
        turn.do(ShowHeld(None))
    _follow(turn)


def amended(turn: Turn, text: str, message_id: int, entities: tuple[Entity, ...]) -> None:
    """She changed words after sending them; the copy at the desk follows."""
    case = claimed(turn)
    if case is not None:
        turn.do(AmendAtDesk(text, message_id, entities))
        turn.change(case=replace(case, touched_at=turn.now))


def _follow(turn: Turn) -> None:
    """Keep the controls of the talk near the newest line, at most once a minute."""
    session = turn.session
    last, screen = session.chat_screen_at, session.screen
    if screen is not None and last is not None and turn.now - last < CHAT_SCREEN_EVERY:
        return
    turn.change(chat_screen_at=turn.now)
    turn.event = replace(turn.event, message_id=None)  # words of the talk stay in the chat
    turn.show(below=True)


def send_pending(turn: Turn, words: str) -> None:
    """The always-on word was meant for the desk. Its message may be gone; the words go."""
    if live(turn) is None:
        request.ask_for_person(turn, "always.not_sent_away")
        return
    if words:
        turn.do(ToDesk(words, 0))
    _touched(turn)
    turn.show()


def endangered(
    turn: Turn,
    rule: str,
    text: str,
    message_id: int,
    entities: tuple[Entity, ...],
    *,
    edited: bool,
) -> None:
    """Danger is answered at once. In a live talk the words still go to the desk, marked urgent."""
    case = live(turn)
    if case is None:
        _answer_danger(turn, rule)
        return
    ref = ref_from(turn.event.seed, "crisis")
    turn.do(Say("always.crisis_line", ref, {"rule": rule}, kind="crisis"))
    if edited:
        turn.do(AmendAtDesk(text, message_id, entities))
        turn.do(TellHolder("desk.urgent"))
    else:
        turn.do(ToDesk(text, message_id, entities, urgent=True))
    turn.change(case=replace(case, urgency=_HIGH))
    _touched(turn)


def _answer_danger(turn: Turn, rule: str) -> None:
    if turn.session.away:
        leaving.open_door(turn)
    turn.change(danger=rule, misses=0)
    turn.cover(turn.rules.door("danger"))
    turn.show(kind="crisis", below=True)


# ---------------------------------------------------------------- keeping her told


def settle(turn: Turn) -> str | None:
    """The talk's screen over a talk that is not live any more says so instead.

    Returns the phrase that goes above it, None when nothing had to be changed.
    """
    session, chat = turn.session, turn.rules.door("chat")
    if chat not in session.over or claimed(turn) is not None:
        return None
    case = session.case
    questions = (chat, turn.rules.door("for_desk"))
    over = tuple(step for step in session.over if step not in questions)
    turn.change(over=over, pending=None, chat_screen_at=None)
    if case is None:
        return ""
    turn.change(case=replace(case, talking=False))
    turn.cover(turn.rules.door(case.state if case.state != "claimed" else "taken"))
    match case.state:
        case "waiting":
            return "always.case_released"
        case "paused":
            agreed = request.has_consent(session, case.consent, turn.now)
            return "always.not_sent_away" if agreed else "always.no_consent"
        case _:
            return ""


def note_place(turn: Turn) -> None:
    """Away from the talk's screen she is not talking: the desk's words then wait behind a line."""
    session = turn.session
    case = session.case
    if case is not None and case.talking and turn.rules.door("chat") not in session.over:
        turn.change(case=replace(case, talking=False))


def mention(turn: Turn) -> None:
    """What waits for her about the case is mentioned, neutrally, at her touch."""
    if turn.shows("waiting", "taken", "closed", "paused", "chat"):
        request.seen(turn)
        return
    case = turn.session.case
    if case is None or case.nudge is not None or case.state == "paused":
        return
    waits = case.news or (case.state == "claimed" and case.held > 0)
    if not waits or turn.shows("returned", "danger"):
        return
    nudge = ref_from(turn.event.seed, "nudge")
    turn.change(case=replace(case, nudge=nudge, nudged_at=turn.now))
    turn.do(Nudge(nudge))
