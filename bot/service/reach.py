"""Reaching her: how news and words of the desk come to a survivor without being unasked.

Words that answer her own touch inside the open talk go as they are. Everything else is one neutral
line with a button, in her safe hours; without hours, nothing is sent until she writes.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.buttons import ref_from
from bot.core.case import ANSWERS_WITHIN, Case, answers_her, safe_from
from bot.core.ids import Language
from bot.core.message import OutMessage, Send
from bot.core.turn import DELETE_AFTER
from bot.store.protocol import Timer, Word
from bot.text.render import Screens

from .assemble import desk_words


@dataclass(frozen=True, slots=True)
class Reached:
    """What is queued for her. ``until_she_writes``: no neutral line is sent at all."""

    case: Case
    outbox: tuple[OutMessage, ...] = ()
    timers: tuple[Timer, ...] = ()
    words: tuple[Word, ...] = ()
    waits_until: datetime | None = None
    until_she_writes: bool = False


def nudge(case: Case, screens: Screens, language: Language, seed: str, now: datetime) -> Reached:
    """The neutral line, unless one already waits in her chat."""
    if case.nudge is not None:
        return Reached(case, waits_until=case.nudged_at)
    when = safe_from(case, now)
    if when is None:
        return Reached(case, until_she_writes=True)
    ref = ref_from(seed, "nudge")
    send = Send(ref, screens.nudge(ref, language), silent=False)
    message = OutMessage(case.person, "nudge", send, when, case=case.id)
    timer = Timer(case.person, f"aged:{ref}", when + DELETE_AFTER, ref)
    later = when if when > now else None
    return Reached(
        replace(case, nudge=ref, nudged_at=when), (message,), (timer,), waits_until=later
    )


def news(case: Case, screens: Screens, language: Language, seed: str, now: datetime) -> Reached:
    """Something about the case has changed and she does not know it yet."""
    return nudge(replace(case, news=True), screens, language, seed, now)


def say(
    word: Word,
    case: Case,
    screens: Screens,
    language: Language,
    seed: str,
    now: datetime,
    *,
    repeat: bool = False,
) -> Reached:
    """Words of the desk: at once when they answer her, else behind the neutral line."""
    if answers_her(case, now) and case.touched_at is not None:
        send = Send(word.ref, desk_words(screens, language, word, repeat=repeat), silent=True)
        until = case.touched_at + ANSWERS_WITHIN
        message = OutMessage(case.person, "relay", send, not_after=until, case=case.id)
        return Reached(case, (message,), words=(replace(word, state="queued"),))
    waiting = replace(case, held=case.held + 1)
    reached = nudge(waiting, screens, language, seed, now)
    return replace(reached, words=(replace(word, state="held"),))
