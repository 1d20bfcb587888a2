"""Words of the desk on their way to her: sent, held, edited, sent again, or never arrived.

Only the holder's words travel, only while a consent lives and she is not away. The way back (her
words to the desk) is part of her own event, in ``assemble``.
"""

from dataclasses import replace
from typing import Final

from bot.core import case as cases
from bot.core.buttons import derive, ref_from
from bot.core.case import Case
from bot.core.events import Edited, Typed
from bot.core.ids import Ref
from bot.core.message import Edit, OutMessage, utf16_length
from bot.store.protocol import OutState, Store, Word

from . import reach
from .assemble import desk_words
from .desk_turn import DeskTurn

LONGEST_WORDS: Final = 3900
"""A relayed message needs room for the name before it (Telegram: 4,096)."""


async def held_by(turn: DeskTurn, store: Store) -> list[Case]:
    """The cases this staff member holds, oldest first."""
    cases_held = await store.cases(("claimed", "paused"))
    return [case for case in cases_held if case.holder == turn.me]


async def current(turn: DeskTurn, store: Store) -> tuple[Case, int] | None:
    """The case that typed words go to; says so and returns None when there is none."""
    held = await held_by(turn, store)
    wanted = [case for case in held if case.id == turn.state.current]
    if not wanted and len(held) == 1:
        wanted = held
    if not wanted:
        rows = tuple((turn.button("desk.button_write", case, "s"),) for case in held)
        turn.reply("desk.several" if held else "desk.no_case", rows)
        return None
    return await store.find_case(wanted[0].id)


async def write(turn: DeskTurn, store: Store, typed: Typed) -> None:
    """A staff member typed something: it goes to the person whose case she has open."""
    found = await current(turn, store)
    if found is None:
        return
    case, version = found
    turn.about = case.id
    if utf16_length(typed.text) > LONGEST_WORDS:
        turn.reply("desk.too_long", count=LONGEST_WORDS)
        return
    if not typed.text.strip():
        turn.reply("desk.text_only")
        return
    word = Word(
        id=_word_id(turn, case, typed.message_id),
        case=case.id,
        side="staff",
        source=typed.message_id,
        ref=ref_from(turn.seed, "to her"),
        state="queued",
        at=turn.now,
        text=typed.text,
        entities=tuple((e.kind, e.offset, e.length, e.url) for e in typed.entities),
    )
    say(turn, word, case, version)


def say(turn: DeskTurn, word: Word, case: Case, version: int, *, repeat: bool = False) -> None:
    """Send, or hold; and tell the staff member which, and until when."""
    if case.state != "claimed" or turn.now >= case.consent_until:
        turn.reply("desk.away", alias=turn.alias(case))
        return
    screens = turn.edition.screens
    reached = reach.say(word, case, screens, case.language, turn.seed, turn.now, repeat=repeat)
    turn.reach(reached)
    # Who waits for her hours is not silent: the lease begins when the words can reach her.
    renewed = cases.renew(reached.case, max(turn.now, reached.waits_until or turn.now))
    turn.change(renewed, version)
    turn.lease(renewed)
    if reached.until_she_writes:
        turn.reply("desk.held_until_she_writes", alias=turn.alias(case))
    elif reached.waits_until is not None and reached.waits_until > turn.now:
        when = screens.moment(reached.waits_until, case.zone, turn.state.language)
        turn.reply("desk.waiting_until", when=when)


def _word_id(turn: DeskTurn, case: Case, message_id: int) -> str:
    """From who wrote it and where: message numbers of two staff chats collide."""
    return derive(turn.me, f"word {case.id} {message_id}")


async def amend(turn: DeskTurn, store: Store, edited: Edited) -> None:
    """Edited words follow into her chat, or change while they wait, whichever case is open now."""
    said: tuple[Case, int, Word] | None = None
    for held in await held_by(turn, store):
        words = await store.words(held.id)
        wanted = _word_id(turn, held, edited.message_id)
        mine = [w for w in words if w.side == "staff" and w.id == wanted]
        found = await store.find_case(held.id) if mine else None
        if found is not None:
            said = (*found, mine[-1])
    too_long = utf16_length(edited.text) > LONGEST_WORDS
    if said is None or said[0].state != "claimed" or too_long:
        turn.reply("desk.edited_too_late")
        return
    case, version, word = said
    entities = tuple((e.kind, e.offset, e.length, e.url) for e in edited.entities)
    word = replace(word, text=edited.text, entities=entities)
    turn.words.append(word)
    turn.change(case, version)
    if word.state != "held":
        content = desk_words(turn.edition.screens, case.language, word)
        call = Edit(word.ref, content, anew=False)
        turn.outbox.append(OutMessage(case.person, "relay", call, case=case.id))


async def resend(turn: DeskTurn, store: Store, case: Case, version: int, word_id: str) -> None:
    """Delivery was unknown; the staff member asks for it once more, marked for her as a repeat."""
    words = await store.words(case.id)
    found = next((w for w in words if w.id == word_id and w.state == "unknown"), None)
    if found is None or case.holder != turn.me:
        turn.reply("desk.stale")
        return
    again = replace(found, ref=ref_from(turn.seed, "again"))
    say(turn, again, case, version, repeat=True)


async def did_not_arrive(
    turn: DeskTurn, store: Store, found: tuple[Case, int], ref: Ref, state: OutState
) -> None:
    """Staff words expired (they wait again) or may be lost (the holder is shown so)."""
    case, version = found
    word = next((w for w in await store.words(case.id) if w.ref == ref), None)
    if word is None:
        return
    if state == "expired":
        # Too late to answer her touch: the words wait behind the neutral line.
        quiet = replace(case, touched_at=None)
        reached = reach.say(word, quiet, turn.edition.screens, case.language, turn.seed, turn.now)
        turn.reach(reached)
        turn.change(reached.case, version)
        return
    turn.change(case, version)
    turn.words.append(replace(word, state="unknown"))
    rows = ((turn.button("desk.button_resend", case, f"u{word.id}"),),)
    turn.reply("desk.unknown", rows, alias=turn.alias(case))
