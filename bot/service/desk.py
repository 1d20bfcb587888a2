"""The desk: what a staff member may do with cases, through the staff bot.

Who came through the staff door and is not on the list gets one dull line, once. Everything a staff
member does is one commit, guarded by the version of the case it concerns, so of two who take the
same case one wins and the other is told.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.core import case as cases
from bot.core.case import Case
from bot.core.events import Arrived, Blocked, Edited, Pressed, SentMedia, Typed, Unblocked
from bot.core.ids import CaseId, Cause
from bot.core.message import Button, Content, Send
from bot.hearing.listen import known_language
from bot.store.protocol import (
    Address,
    Audit,
    Commit,
    DueTimer,
    Duplicate,
    OutRow,
    OutState,
    Store,
)

from . import desk_state, reach, relay
from .conversation import Push
from .desk_turn import VERSION, DeskTurn, Rows, commit_turn, own_turn
from .editions import Editions
from .turnstile import Turnstile

OUTCOMES: Final = ("helped", "referred", "no_answer", "other")
ON_ONE_PAGE: Final = 20
"""How many waiting cases one queue message lists."""


@dataclass(slots=True)
class Desk:
    """Applies events of the staff door. ``staff`` holds the Telegram ids that may use it."""

    store: Store
    editions: Editions
    clock: Callable[[], datetime]
    push: Push
    staff: frozenset[int]
    turnstile: Turnstile = field(default_factory=Turnstile)

    # ------------------------------------------------------------ one event

    async def handle(self, arrived: Arrived) -> str | None:
        """Apply one update of the staff bot. There is never a toast: the answer is a message."""
        address = Address("staff", arrived.chat_id)
        await self.store.ensure(address, self.clock())

        async def work_out() -> DeskTurn:
            loaded = await self.store.load(address)
            edition = self.editions.newest
            state = desk_state.read(loaded.state)
            turn = DeskTurn(arrived, loaded, state, self.clock(), edition)
            language = known_language(arrived.language, edition.words.languages)
            if language is not None:
                turn.state = replace(turn.state, language=language)
            if arrived.chat_id in self.staff:
                await self._apply(turn)
            elif not turn.state.turned_away:
                turn.state = replace(turn.state, turned_away=True)
                turn.reply("desk.not_for_you")
            return turn

        await commit_turn(self.store, self.push, self.turnstile, work_out)
        return None

    async def _apply(self, turn: DeskTurn) -> None:
        what = turn.arrived.what
        match what:
            case Pressed(data):
                await self._pressed(turn, data)
            case Typed(text) if text.startswith("/"):
                await self._command(turn, text)
            case Typed():
                await relay.write(turn, self.store, what)
            case Edited():
                await relay.amend(turn, self.store, what)
            case SentMedia():
                turn.reply("desk.text_only")
            case Blocked() | Unblocked():
                pass
            case _:
                turn.reply("desk.welcome")
                await self._queue(turn)

    async def _command(self, turn: DeskTurn, text: str) -> None:
        command = text[1:].split("@", maxsplit=1)[0].split(maxsplit=1)
        if command and command[0] == "help":
            turn.reply("desk.help")
        else:
            await self._queue(turn)

    async def _pressed(self, turn: DeskTurn, data: str) -> None:
        version, _, rest = data.partition(":")
        case_id, _, verb = rest.partition(":")
        found = await self.store.find_case(CaseId(case_id)) if version == VERSION else None
        if found is None:
            turn.reply("desk.stale")
            return
        case, case_version = found
        turn.about = case.id
        match verb[:1]:
            case "t":
                self._take(turn, case, case_version)
            case "s" if case.holder == turn.me:
                turn.state = replace(turn.state, current=case.id)
                turn.reply("desk.holding", alias=turn.alias(case))
            case "r":
                self._release(turn, case, case_version)
            case "x" if case.holder == turn.me:
                self._ask_outcome(turn, case)
            case "o":
                self._close(turn, case, case_version, verb)
            case "u":
                await relay.resend(turn, self.store, case, case_version, verb[1:])
            case _:
                turn.reply("desk.stale")

    # ------------------------------------------------------------ the queue

    async def _queue(self, turn: DeskTurn) -> None:
        waiting = sorted(
            await self.store.cases(("waiting",)),
            key=lambda case: (case.urgency != "high", case.opened_at),
        )
        held = await relay.held_by(turn, self.store)
        screens, language = turn.edition.screens, turn.state.language
        lines = [
            turn.plain("desk.queue", count=len(waiting))
            if waiting
            else turn.plain("desk.queue_empty")
        ]
        shown = waiting[:ON_ONE_PAGE]
        lines += [screens.queue_row(case, language, turn.now) for case in shown]
        lines += [turn.plain("desk.holding", alias=turn.alias(case)) for case in held]
        rows: list[tuple[Button, ...]] = [
            (turn.button("desk.button_claim", case, "t"),) for case in shown
        ]
        rows += [(turn.button("desk.button_write", case, "s"), *_ends(turn, case)) for case in held]
        turn.send(Content("\n".join(lines), rows=tuple(rows)))

    # ------------------------------------------------------------ taking, giving back, closing

    def _take(self, turn: DeskTurn, case: Case, version: int) -> None:
        claimed = cases.claim(case, turn.me, turn.now)
        if claimed is None:
            lost = case.holder is not None and case.holder != turn.me
            phrase = "desk.claim_lost" if lost else "desk.claim_gone"
            turn.reply(phrase, alias=turn.alias(case))
            return
        self._change(turn, claimed, version, "claimed", tell_her=True)
        turn.state = replace(turn.state, current=case.id)
        turn.lease(claimed)
        summary = turn.edition.screens.shared(case, turn.state.language)
        rows: Rows = (_ends(turn, case),)
        turn.reply("desk.claimed", rows, alias=turn.alias(case), summary=summary)

    def _release(self, turn: DeskTurn, case: Case, version: int) -> None:
        released = cases.release(case, turn.me)
        if released is None:
            turn.reply("desk.not_yours", alias=turn.alias(case))
            return
        self._change(turn, replace(released, news=True), version, "released")
        _let_go(turn, case)
        turn.reply("desk.released", alias=turn.alias(case))

    def _ask_outcome(self, turn: DeskTurn, case: Case) -> None:
        rows = tuple(
            (turn.button(f"desk.outcome_{outcome}", case, f"o{place}"),)
            for place, outcome in enumerate(OUTCOMES)
        )
        turn.reply("desk.close_which", rows, alias=turn.alias(case))

    def _close(self, turn: DeskTurn, case: Case, version: int, verb: str) -> None:
        place = int(verb[1:]) if verb[1:].isascii() and verb[1:].isdigit() else -1
        mine = case.holder == turn.me and 0 <= place < len(OUTCOMES)
        closed = cases.close(case, OUTCOMES[place]) if mine else None
        if closed is None:
            turn.reply("desk.stale")
            return
        self._change(turn, closed, version, "closed", tell_her=case.state != "paused")
        turn.forget_words = case.id
        _let_go(turn, case)
        turn.reply("desk.closed", alias=turn.alias(case))
        if case.held:
            turn.reply("desk.never_shown", alias=turn.alias(case), count=case.held)

    def _change(
        self, turn: DeskTurn, case: Case, version: int, what: str, *, tell_her: bool = False
    ) -> None:
        """The case as it becomes, and the neutral line to her when it is news for her."""
        turn.audit.append(Audit(turn.me, what, turn.now, case.id))
        if tell_her:
            screens = turn.edition.screens
            reached = reach.news(case, screens, case.language, turn.seed, turn.now)
            turn.reach(reached)
            case = reached.case
        turn.change(case, version)

    # ------------------------------------------------------------ without a staff member's doing

    async def lapse(self, due: DueTimer, seed: str) -> None:
        """A holder has been silent for a whole lease: the case waits again, and she is told so."""
        cause = Cause(f"timer:{due.id}")
        staff = due.timer.person

        async def work_out() -> DeskTurn | None:
            edition = self.editions.newest
            turn = await own_turn(self.store, edition, cause, staff, seed, self.clock())
            found = await self.store.find_case(CaseId(due.timer.token))
            lapsed = cases.lapse(found[0], turn.now) if found is not None and turn else None
            if turn is None or found is None or lapsed is None or found[0].holder != turn.me:
                return turn  # a late or stale timer: its commit only removes it
            self._change(turn, replace(lapsed, news=True), found[1], "lapsed")
            _let_go(turn, lapsed)
            turn.reply("desk.lapsed", alias=turn.alias(lapsed))
            return turn

        await commit_turn(self.store, self.push, self.turnstile, work_out)

    async def undelivered(self, row: OutRow, state: OutState, seed: str) -> None:
        """Staff words that did not reach her, or may not have: the holder is told.

        While nobody holds the case, or she is away, the row stays untold and is asked about again.
        """
        cause = Cause(f"staff:undelivered:{row.id}")
        found = await self.store.find_case(row.case) if row.case is not None else None
        call = row.call
        if found is None or found[0].state == "closed" or not isinstance(call, Send):
            await self._settle(cause)  # there is nobody left to tell
            return
        case_id, ref = found[0].id, call.ref

        async def work_out() -> DeskTurn | None:
            found = await self.store.find_case(case_id)
            if found is None or found[0].holder is None or found[0].state != "claimed":
                return None
            edition, staff = self.editions.newest, found[0].holder
            turn = await own_turn(self.store, edition, cause, staff, seed, self.clock())
            if turn is not None:
                await relay.did_not_arrive(turn, self.store, found, ref, state)
            return turn

        await commit_turn(self.store, self.push, self.turnstile, work_out)

    async def _settle(self, cause: Cause) -> None:
        """A commit that changes nothing but says that this cause is done."""
        with contextlib.suppress(Duplicate):
            await self.store.commit(Commit(cause, self.clock(), None, Address("staff", 0)))


def _ends(turn: DeskTurn, case: Case) -> tuple[Button, ...]:
    return (
        turn.button("desk.button_release", case, "r"),
        turn.button("desk.button_close", case, "x"),
    )


def _let_go(turn: DeskTurn, case: Case) -> None:
    if turn.state.current == case.id:
        turn.state = replace(turn.state, current=None)
