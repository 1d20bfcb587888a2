"""``advance``: one event in, the next session and the effects out. The whole behaviour towards her.

Pure: no clock, no randomness, no waiting. The same arguments always give equal values, so a commit
that lost a race is simply worked out again. Read it top-down: :func:`advance` says what comes first
whatever the event is (a person who left meets the neutral door), then one function an event.
The talk with the desk is in ``talk.py``, the moves between steps in ``turn.py``.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, assert_never

from . import talk
from .buttons import derive
from .effects import (
    CancelQueued,
    DropTimers,
    Dull,
    Effect,
    EraseEverything,
    Nudge,
    RecordConsent,
    Remove,
    RemoveAll,
    SetTimer,
    TakeBackCopies,
    TellHolder,
    Toast,
)
from .events import (
    Amended,
    CameBack,
    Called,
    Chose,
    ConsentEnded,
    Continued,
    Endangered,
    Event,
    Fell,
    Forgot,
    Marked,
    NotReadable,
    NotUnderstood,
    Opened,
    Relayed,
    Revisited,
    ScreenAged,
    Stale,
    Started,
    Suggested,
    WentAway,
    Wrote,
    WroteTooMuch,
)
from .ids import ChoiceId, Language, StepId
from .rules import Choice, Rules, Step
from .session import Given, Pending, Session
from .turn import OVERLAYS, REPLACE_AFTER, Turn

MISSES_BEFORE_A_PERSON: Final = 3
"""After so many texts in a row that were not understood, a person is offered."""


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
    if event.answers_touch:
        turn.change(presses=session.presses + 1, touched_at=now)
    if rules.step(session.at) is None:
        turn.change(at=rules.rescue, over=(), trail=(), frames=(), visits=(), pending=None)
    if event.new_language is not None and not session.chosen_language:
        turn.change(language=event.new_language)
    if session.away and event.answers_touch and _meets_the_door(event):
        _return(turn)
    else:
        _apply(turn)
    if event.answers_touch:
        _mention_held_words(turn)
    return Outcome(turn.session, tuple(turn.effects))


def _meets_the_door(event: Event) -> bool:
    """After she left, only leaving again and words of danger are taken for what they say."""
    match event.heard:
        case Called(word="leave") | Endangered() | WentAway() | CameBack():
            return False
        case _:
            return True


def _return(turn: Turn) -> None:
    """She is back, or somebody who holds her phone: the same neutral door that everybody sees."""
    turn.change(away=False, over=(), pending=None, screen=None)
    turn.cover(turn.rules.door("returned"))
    turn.show(below=True)


def _apply(turn: Turn) -> None:  # noqa: C901, PLR0912, PLR0915 - one table, a line an event
    match turn.event.heard:
        case Started():
            _started(turn)
        case Chose(choice):
            _chose(turn, choice)
        case Marked(choice, on):
            _marked(turn, choice, on=on)
        case Continued():
            _continued(turn)
        case Wrote(text):
            _wrote(turn, text)
        case WroteTooMuch():
            step = turn.step
            turn.show(lead="always.too_long", lead_values={"count": step.max_length if step else 0})
        case Called(word, typed, argument):
            _called(turn, word, typed, argument)
        case Suggested(choice):
            turn.change(pending=Pending("suggestion", choice))
            turn.cover(turn.rules.door("did_you_mean"))
            turn.show()
        case Opened():
            talk.opened(turn)
        case Forgot(name):
            turn.answer(name, None)
            turn.show()
        case Revisited(name):
            _revisited(turn, name)
        case Relayed(text, message_id, entities):
            talk.relayed(turn, text, message_id, entities)
        case Amended(text, message_id, entities):
            talk.amended(turn, text, message_id, entities)
        case NotUnderstood():
            _not_understood(turn)
        case NotReadable():
            turn.show(lead="always.cannot_read")
        case Stale(spent):
            _stale(turn, spent=spent)
        case Endangered(rule, text, message_id):
            talk.endangered(turn, rule, text, message_id)
        case Fell(token):
            _fell(turn, token)
        case ScreenAged(ref):
            screen = turn.session.screen
            turn.do(Dull(ref))
            turn.do(Remove((ref,)))
            if screen is not None and screen.ref == ref:
                turn.change(screen=None, spent=())
        case ConsentEnded(purpose):
            _consent_ended(turn, purpose)
        case WentAway():
            turn.do(CancelQueued())
            talk.pause(turn, "desk.unreachable")
            turn.change(away=True, over=(), pending=None, screen=None, spent=())
        case CameBack():
            pass
        case _ as unreachable:
            assert_never(unreachable)


def _started(turn: Turn) -> None:
    turn.change(over=(), pending=None, misses=0)
    turn.show(below=True)


# ---------------------------------------------------------------- answers


def _chose(turn: Turn, wanted: ChoiceId) -> None:
    step = turn.step
    choice = step.choice(wanted) if step else None
    if step is None or choice is None:
        turn.show()
        return
    turn.change(misses=0)
    if step.save and step.kind == "choose":
        turn.answer(step.save, choice.value or choice.id)
    _act(turn, step, choice)


def _act(turn: Turn, step: Step, choice: Choice) -> None:  # noqa: C901, PLR0912 - one table, a line a verb
    match choice.verb:
        case "go":
            _go(turn, step, choice)
            turn.show()
        case "visit":
            turn.change(over=())
            turn.visit(StepId(choice.argument))
            turn.show()
        case "back":
            turn.back()
            turn.show()
        case "leave" | "person" | "numbers" | "hold":
            _called(turn, choice.verb, "", "")
        case "language" | "erase":
            _called(turn, choice.verb, "", choice.argument)
        case "stop":
            talk.stopped(turn)
        case "reading":
            reading = "new" if choice.argument == "new" else "edit"
            turn.change(reading=reading)
            turn.show(lead="always.setting_kept")
        case "typed":
            turn.change(delete_typed=choice.argument != "keep")
            turn.show(lead="always.setting_kept")
        case "keep":
            if turn.session.screen is not None:
                turn.do(DropTimers((f"aged:{turn.session.screen.ref}",)))
            turn.do(Toast("always.kept"))
        case "give" | "refuse":
            _consented(turn, step, choice)
        case "send":
            talk.handed_over(turn, step, choice)
        case "talk":
            talk.open_talk(turn)
        case "resume":
            _resume(turn)
        case "yes" | "no" | "to_desk":
            _decided(turn, choice.verb)
        case "forget":
            turn.answer(choice.argument, None)
            turn.show()
        case _ as unreachable:
            assert_never(unreachable)


def _go(turn: Turn, step: Step, choice: Choice) -> None:
    """Follow the machine. From an overlay, another overlay opens on top; else overlays close."""
    session = turn.session
    target = turn.rules.onward(step.id, choice.id, session.answers)
    if target is not None and target.startswith(OVERLAYS):
        turn.cover(target)
    elif step.id.startswith(OVERLAYS):
        turn.arrive(target if target is not None else session.at)
    else:
        turn.answered(choice.id)


def _marked(turn: Turn, wanted: ChoiceId, *, on: bool) -> None:
    step = turn.step
    choice = step.choice(wanted) if step else None
    if step is None or choice is None or step.kind != "choose_many":
        turn.show()
        return
    before = turn.session.answers.get(step.save, ())
    marked = {mark for mark in before if not isinstance(before, str)}
    if not on:
        marked.discard(wanted)
    elif choice.alone:
        marked = {wanted}
    elif len(marked) < step.at_most:
        marked -= {other.id for other in step.choices if other.alone}
        marked.add(wanted)
    turn.answer(step.save, tuple(c.id for c in step.choices if c.id in marked))
    turn.change(misses=0)
    turn.show(fresh=False)


def _continued(turn: Turn) -> None:
    step = turn.step
    if step is None:
        turn.show()
        return
    if step.kind == "choose_many":
        marked = turn.session.answers.get(step.save, ())
        if len(marked) < step.at_least:
            turn.show(lead="always.too_few", lead_values={"count": step.at_least})
            return
        turn.answer(step.save, marked)
    if step.kind in ("choose", "consent", "handoff", "chat"):
        turn.show()
        return
    if turn.session.over:
        turn.back()
    else:
        turn.answered(None)
    turn.show()


def _wrote(turn: Turn, text: str) -> None:
    step = turn.step
    if step is None or step.kind != "ask":
        _not_understood(turn)
        return
    turn.answer(step.save, text)
    turn.answered(None)
    turn.show()


def _revisited(turn: Turn, name: str) -> None:
    """From "what you hold": change one answer where it was asked, and come back."""
    step = turn.rules.saving(name)
    if step is None or step.id.startswith(OVERLAYS):
        turn.show()
        return
    turn.change(over=())
    turn.visit(step.id)
    turn.show()


def _consented(turn: Turn, step: Step, choice: Choice) -> None:
    purpose, others = step.consent, _others(turn.session, step.consent)
    if not purpose:
        turn.show()
        return
    if choice.verb == "give":
        until = turn.now + step.valid_for
        turn.change(consents=(*others, Given(purpose, turn.now, until)))
        turn.do(RecordConsent(purpose, "given", until))
        turn.do(SetTimer(f"consent:{purpose}", until, purpose))
    else:
        turn.change(consents=others)
        turn.do(RecordConsent(purpose, "refused"))
        turn.do(DropTimers((f"consent:{purpose}",)))
    turn.answered(choice.id)
    turn.show()


def _others(session: Session, purpose: str) -> tuple[Given, ...]:
    return tuple(given for given in session.consents if given.purpose != purpose)


def _consent_ended(turn: Turn, purpose: str) -> None:
    session = turn.session
    given = next((g for g in session.consents if g.purpose == purpose), None)
    if given is None or turn.now < given.until:
        return
    turn.change(consents=_others(session, purpose))
    turn.do(RecordConsent(purpose, "expired"))
    if session.case is not None and session.case.consent == purpose:
        talk.pause(turn, "desk.consent_ended")


# ---------------------------------------------------------------- always-on words


def _called(turn: Turn, word: str, typed: str, argument: str) -> None:
    """An always-on word works everywhere. In a live talk, typed ones are asked about first."""
    step = turn.step
    if typed and word != "leave" and step is not None and step.kind == "chat":
        turn.change(pending=Pending("word", word, typed))
        turn.cover(turn.rules.door("for_desk"))
        turn.show()
        return
    turn.change(misses=0)
    match word:
        case "leave":
            _leave(turn)
        case "person":
            talk.ask_for_person(turn)
        case "back":
            turn.back()
            turn.show()
        case "language" if argument:
            _switch(turn, Language(argument))
        case "erase" if argument == "now":
            _erase(turn)
        case _:
            turn.cover(turn.rules.door(word))
            turn.show()


def _switch(turn: Turn, language: Language) -> None:
    turn.change(language=language, chosen_language=True)
    if turn.session.place == turn.rules.door("language"):
        turn.back()
    turn.show()


def _leave(turn: Turn) -> None:
    """The four parts, in this order: nothing queued goes out, the screen turns dull, the rest goes.

    The fourth, overwriting what is too old to delete, is part of carrying out ``RemoveAll``.
    """
    session = turn.session
    screen = session.screen
    turn.do(CancelQueued())
    turn.do(DropTimers(("silence", "aged:*")))
    if screen is not None:
        turn.do(Dull(screen.ref))
    turn.do(RemoveAll(screen.ref if screen else None))
    talk.pause(turn, "desk.away")
    turn.change(away=True, over=(), pending=None, screen=None, spent=(), misses=0)


def _erase(turn: Turn) -> None:
    session = turn.session
    screen = session.screen
    turn.do(CancelQueued())
    if session.case is not None:
        turn.do(TakeBackCopies())
        turn.do(TellHolder("desk.withdrawn"))
    if screen is not None:
        turn.do(Dull(screen.ref, "always.erased"))
    turn.do(RemoveAll(screen.ref if screen else None))
    turn.do(EraseEverything())


def _resume(turn: Turn) -> None:
    """Close every overlay; a case that was paused because she left goes on."""
    turn.change(over=(), pending=None, danger="")
    talk.reopen(turn)
    turn.show()


def _decided(turn: Turn, verb: str) -> None:
    """The answer to "Did you mean …?" or to "for me, or for the desk?"."""
    pending = turn.session.pending
    turn.back()
    turn.change(pending=None)
    if pending is None or verb == "no":
        turn.show()
    elif pending.kind == "suggestion":
        _chose(turn, ChoiceId(pending.value))
    elif verb == "to_desk":
        talk.send_pending(turn, pending.words)
    else:
        _called(turn, pending.value, "", "")


# ---------------------------------------------------------------- misses, old buttons, timers


def _not_understood(turn: Turn) -> None:
    misses = turn.session.misses + 1
    turn.change(misses=misses)
    offer = misses >= MISSES_BEFORE_A_PERSON
    turn.show(lead="always.use_buttons" if offer else "always.not_understood")


def _stale(turn: Turn, *, spent: bool) -> None:
    """A second press redraws the screen silently; a button of another message shows where she is."""
    if spent:
        turn.show(fresh=False)
    else:
        turn.show(below=True, lead="always.stale" if turn.session.screen else "")


def _fell(turn: Turn, token: str) -> None:
    """Silence is a branch. It moves her and may edit the young screen; it never sends."""
    session = turn.session
    if session.at != token:
        return
    target = turn.rules.onward(session.at, ChoiceId("silent"), session.answers)
    if target is None:
        return
    covered = session.over
    turn.arrive(target)
    turn.change(over=covered)
    screen = session.screen
    if not covered and screen is not None and turn.now - screen.sent_at < REPLACE_AFTER:
        reading = turn.session.reading
        turn.change(reading="edit")
        turn.show()
        turn.change(reading=reading)


def _mention_held_words(turn: Turn) -> None:
    """What waits for her about the case is mentioned, neutrally, at her touch."""
    session, step = turn.session, turn.step
    case = session.case
    if case is None or not (case.held or case.news) or case.nudge is not None:
        return
    in_talk = step is not None and step.kind == "chat"
    returned = session.place == turn.rules.door("returned")
    if session.away or session.danger or in_talk or returned or case.state == "paused":
        return
    nudge = talk.nudge_ref(turn)
    turn.change(case=replace(case, nudge=nudge, nudged_at=turn.now))
    turn.do(Nudge(nudge))
