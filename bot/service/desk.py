"""The desk: what a staff member may do with cases, through the staff bot.

Who came through the staff door and is not on the list gets one dull line, once. Everything a staff
member does is one commit, guarded by the version of the case it concerns, so of two who take the
same case one wins and the other is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.core import case as cases
from bot.core.buttons import derive, ref_from
from bot.core.case import Case
from bot.core.events import Arrived, Blocked, Edited, Pressed, SentMedia, Typed, Unblocked
from bot.core.ids import CaseId, Cause, PersonId, Ref
from bot.core.message import Button, Content, Edit, OutMessage, Send, utf16_length
from bot.hearing.listen import known_language
from bot.store.protocol import (
    Address,
    Audit,
    Commit,
    Conflict,
    DueTimer,
    Duplicate,
    Loaded,
    OutRow,
    OutState,
    Store,
    Timer,
    Word,
)

from . import desk_state, reach
from .assemble import desk_words
from .conversation import CONFLICTS
from .desk_state import DeskState
from .editions import Editions

OUTCOMES: Final = ("helped", "referred", "no_answer", "other")
VERSION: Final = "2"
"""First part of the staff bot's callback data: ``2:<case id>:<verb>``."""

LONGEST_WORDS: Final = 3900
"""A relayed message needs room for the name before it (Telegram: 4,096)."""


@dataclass(slots=True)
class _Turn:
    """What one event of a staff member adds up to."""

    arrived: Arrived
    loaded: Loaded
    state: DeskState
    now: datetime
    outbox: list[OutMessage] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    audit: list[Audit] = field(default_factory=list)
    case: Case | None = None
    case_version: int = 0
    toast: str | None = None
    forget_words: CaseId | None = None
    about: CaseId | None = None

    @property
    def me(self) -> PersonId:
        """The staff member; she has a row before anything else happens."""
        if self.loaded.person is None:
            msg = "A staff member acted before she was stored; ensure() must come first."
            raise ValueError(msg)
        return self.loaded.person


@dataclass(slots=True)
class Desk:
    """Applies events of the staff door. ``staff`` holds the Telegram ids that may use it."""

    store: Store
    editions: Editions
    clock: Callable[[], datetime]
    push: Callable[[Sequence[OutRow]], None]
    staff: frozenset[int]

    # ------------------------------------------------------------ one event

    async def handle(self, arrived: Arrived) -> str | None:
        """Apply one update of the staff bot. Returns the toast for a pressed button, if any."""
        address = Address("staff", arrived.chat_id)
        await self.store.ensure(address, self.clock())
        for _ in range(CONFLICTS):
            loaded = await self.store.load(address)
            turn = _Turn(arrived, loaded, desk_state.read(loaded.state), self.clock())
            code = known_language(arrived.language, self.editions.newest.words.languages)
            if code is not None:
                turn.state = replace(turn.state, language=code)
            if arrived.chat_id in self.staff:
                await self._apply(turn)
            elif not turn.state.turned_away:
                turn.state = replace(turn.state, turned_away=True)
                self._reply(turn, "desk.not_for_you")
            try:
                self.push(await self.store.commit(_commit(turn)))
            except Conflict:
                continue
            except Duplicate:
                return None
            return turn.toast
        msg = "A staff commit lost every race; something writes this case without reading it."
        raise RuntimeError(msg)

    async def _apply(self, turn: _Turn) -> None:
        match turn.arrived.what:
            case Pressed(data):
                await self._pressed(turn, data)
            case Typed(text) if text.startswith("/"):
                await self._command(turn, text)
            case Typed():
                await self._write(turn, turn.arrived.what)
            case Edited():
                await self._amend(turn, turn.arrived.what)
            case SentMedia():
                self._reply(turn, "desk.text_only")
            case Blocked() | Unblocked():
                pass
            case _:
                self._reply(turn, "desk.welcome")
                await self._queue(turn)

    async def _command(self, turn: _Turn, text: str) -> None:
        command = text[1:].split("@", maxsplit=1)[0].split(maxsplit=1)
        if command and command[0] == "help":
            self._reply(turn, "desk.help")
        else:
            await self._queue(turn)

    async def _pressed(self, turn: _Turn, data: str) -> None:
        version, _, rest = data.partition(":")
        case_id, _, verb = rest.partition(":")
        found = await self.store.find_case(CaseId(case_id)) if version == VERSION else None
        if found is None:
            self._reply(turn, "desk.stale")
            return
        case, case_version = found
        turn.about = case.id
        match verb[:1]:
            case "t":
                self._take(turn, case, case_version)
            case "s" if case.holder == turn.me:
                turn.state = replace(turn.state, current=case.id)
                self._reply(turn, "desk.holding", alias=self._alias(case))
            case "r":
                self._release(turn, case, case_version)
            case "x" if case.holder == turn.me:
                self._ask_outcome(turn, case)
            case "o":
                self._close(turn, case, case_version, verb)
            case "u":
                await self._resend(turn, case, case_version, verb[1:])
            case _:
                self._reply(turn, "desk.stale")

    # ------------------------------------------------------------ what is said to staff

    def _alias(self, case: Case) -> str:
        return self.editions.newest.screens.alias(case)

    def _plain(self, turn: _Turn, phrase: str, **values: str | int) -> str:
        return self.editions.newest.words.plain(phrase, turn.state.language, values)

    def _reply(
        self,
        turn: _Turn,
        phrase: str,
        rows: tuple[tuple[Button, ...], ...] = (),
        **values: str | int,
    ) -> None:
        content = self.editions.newest.screens.line(phrase, turn.state.language, values)
        self._send(turn, replace(content, rows=rows))

    def _send(self, turn: _Turn, content: Content) -> None:
        ref = ref_from(turn.arrived.seed, f"desk {len(turn.outbox)}")
        send = Send(ref, content, silent=True, protect=True)
        turn.outbox.append(OutMessage(turn.me, "desk", send, case=turn.about))

    def _button(self, turn: _Turn, phrase: str, case: Case, verb: str) -> Button:
        label = self._plain(turn, phrase, alias=self._alias(case))
        return Button(label, f"{VERSION}:{case.id}:{verb}")

    def _controls(self, turn: _Turn, case: Case) -> tuple[tuple[Button, ...], ...]:
        return (
            (
                self._button(turn, "desk.button_release", case, "r"),
                self._button(turn, "desk.button_close", case, "x"),
            ),
        )

    async def _queue(self, turn: _Turn) -> None:
        waiting = await self.store.cases(("waiting",))
        held = [
            case for case in await self.store.cases(("claimed", "paused")) if case.holder == turn.me
        ]
        waiting = tuple(sorted(waiting, key=lambda c: (c.urgency != "high", c.opened_at)))
        screens, language = self.editions.newest.screens, turn.state.language
        if not waiting:
            lines = [self._plain(turn, "desk.queue_empty")]
        else:
            lines = [self._plain(turn, "desk.queue", count=len(waiting))]
        lines += [screens.queue_row(case, language, turn.now) for case in waiting[:20]]
        lines += [self._plain(turn, "desk.holding", alias=self._alias(case)) for case in held]
        rows = [(self._button(turn, "desk.button_claim", case, "t"),) for case in waiting[:20]]
        rows += [(self._button(turn, "desk.button_write", case, "s"),) for case in held]
        self._send(turn, Content("\n".join(lines), rows=tuple(rows)))

    # ------------------------------------------------------------ taking, giving back, closing

    def _take(self, turn: _Turn, case: Case, version: int) -> None:
        claimed = cases.claim(case, turn.me, turn.now)
        if claimed is None:
            lost = case.holder is not None and case.holder != turn.me
            self._reply(
                turn, "desk.claim_lost" if lost else "desk.claim_gone", alias=self._alias(case)
            )
            return
        self._change(turn, claimed, version, "claimed", tell_her=True)
        turn.state = replace(turn.state, current=case.id)
        self._lease(turn, claimed)
        screens = self.editions.newest.screens
        summary = screens.shared(case, turn.state.language)
        rows = self._controls(turn, case)
        self._reply(turn, "desk.claimed", rows, alias=self._alias(case), summary=summary)

    def _release(self, turn: _Turn, case: Case, version: int) -> None:
        released = cases.release(case, turn.me)
        if released is None:
            self._reply(turn, "desk.not_yours", alias=self._alias(case))
            return
        self._change(turn, replace(released, news=True), version, "released")
        self._let_go(turn, case)
        self._reply(turn, "desk.released", alias=self._alias(case))

    def _ask_outcome(self, turn: _Turn, case: Case) -> None:
        rows = tuple(
            (self._button(turn, f"desk.outcome_{outcome}", case, f"o{place}"),)
            for place, outcome in enumerate(OUTCOMES)
        )
        self._reply(turn, "desk.close_which", rows, alias=self._alias(case))

    def _close(self, turn: _Turn, case: Case, version: int, verb: str) -> None:
        place = int(verb[1:]) if verb[1:].isascii() and verb[1:].isdigit() else -1
        if case.holder != turn.me or not 0 <= place < len(OUTCOMES):
            self._reply(turn, "desk.stale")
            return
        closed = cases.close(case, OUTCOMES[place])
        if closed is None:
            self._reply(turn, "desk.stale")
            return
        self._change(turn, closed, version, "closed", tell_her=case.state != "paused")
        turn.forget_words = case.id
        self._let_go(turn, case)
        self._reply(turn, "desk.closed", alias=self._alias(case))

    def _let_go(self, turn: _Turn, case: Case) -> None:
        if turn.state.current == case.id:
            turn.state = replace(turn.state, current=None)

    def _change(
        self, turn: _Turn, case: Case, version: int, what: str, *, tell_her: bool = False
    ) -> None:
        """The case as it becomes, and the neutral line to her when it is news for her."""
        turn.audit.append(Audit(turn.me, what, turn.now, case.id))
        if tell_her:
            screens = self.editions.newest.screens
            reached = reach.news(case, screens, case.language, turn.arrived.seed, turn.now)
            self._reach(turn, reached)
            case = reached.case
        turn.case, turn.case_version = case, version

    def _reach(self, turn: _Turn, reached: reach.Reached) -> None:
        turn.outbox.extend(reached.outbox)
        turn.timers.extend(reached.timers)
        turn.words.extend(reached.words)

    def _lease(self, turn: _Turn, case: Case) -> None:
        if case.lease_until is not None:
            turn.timers.append(Timer(turn.me, f"lease:{case.id}", case.lease_until, case.id))

    # ------------------------------------------------------------ words

    async def _current(self, turn: _Turn) -> tuple[Case, int] | None:
        """The case that typed words go to; says so and returns None when there is none."""
        held = [
            case for case in await self.store.cases(("claimed", "paused")) if case.holder == turn.me
        ]
        wanted = [case for case in held if case.id == turn.state.current]
        if not wanted and len(held) == 1:
            wanted = held
        if not wanted:
            rows = tuple((self._button(turn, "desk.button_write", c, "s"),) for c in held)
            self._reply(turn, "desk.several" if held else "desk.no_case", rows)
            return None
        return await self.store.find_case(wanted[0].id)

    async def _write(self, turn: _Turn, typed: Typed) -> None:
        found = await self._current(turn)
        if found is None:
            return
        case, version = found
        turn.about = case.id
        if utf16_length(typed.text) > LONGEST_WORDS:
            self._reply(turn, "desk.too_long", count=LONGEST_WORDS)
            return
        if not typed.text.strip():
            self._reply(turn, "desk.text_only")
            return
        ref = ref_from(turn.arrived.seed, "to her")
        word = Word(
            id=derive(turn.arrived.seed, "word"),
            case=case.id,
            side="staff",
            source=typed.message_id,
            ref=ref,
            state="queued",
            at=turn.now,
            text=typed.text,
            entities=tuple((e.kind, e.offset, e.length, e.url) for e in typed.entities),
        )
        self._say(turn, word, case, version)

    def _say(self, turn: _Turn, word: Word, case: Case, version: int) -> None:
        """Send, or hold; and tell the staff member which, and until when."""
        if case.state != "claimed" or turn.now >= case.consent_until:
            self._reply(turn, "desk.away", alias=self._alias(case))
            return
        screens = self.editions.newest.screens
        renewed = cases.renew(case, turn.now)
        reached = reach.say(word, renewed, screens, case.language, turn.arrived.seed, turn.now)
        self._reach(turn, reached)
        turn.case, turn.case_version = reached.case, version
        self._lease(turn, reached.case)
        if reached.until_she_writes:
            self._reply(turn, "desk.held_until_she_writes", alias=self._alias(case))
        elif reached.waits_until is not None and reached.waits_until > turn.now:
            when = screens.moment(reached.waits_until, case.zone, turn.state.language)
            self._reply(turn, "desk.waiting_until", when=when)

    async def _amend(self, turn: _Turn, edited: Edited) -> None:
        """Edited words follow into her chat, or change while they wait."""
        found = await self._current(turn)
        if found is None:
            return
        case, version = found
        turn.about = case.id
        words = await self.store.words(case.id)
        mine = [w for w in words if w.side == "staff" and w.source == edited.message_id]
        if not mine or case.state != "claimed" or utf16_length(edited.text) > LONGEST_WORDS:
            self._reply(turn, "desk.edited_too_late")
            return
        entities = tuple((e.kind, e.offset, e.length, e.url) for e in edited.entities)
        word = replace(mine[-1], text=edited.text, entities=entities)
        turn.words.append(word)
        turn.case, turn.case_version = case, version
        if word.state != "held":
            screens = self.editions.newest.screens
            content = desk_words(screens, case.language, word)
            call = Edit(Ref(word.ref), content, anew=False)
            turn.outbox.append(OutMessage(case.person, "relay", call, case=case.id))

    async def _resend(self, turn: _Turn, case: Case, version: int, word_id: str) -> None:
        """Delivery was unknown; the staff member asks for it once more, marked for her as a repeat."""
        words = await self.store.words(case.id)
        found = next((w for w in words if w.id == word_id and w.state == "unknown"), None)
        if found is None or case.holder != turn.me:
            self._reply(turn, "desk.stale")
            return
        again = replace(found, ref=ref_from(turn.arrived.seed, "again"))
        self._say(turn, again, case, version)

    # ------------------------------------------------------------ timers and lost deliveries

    async def lapse(self, due: DueTimer, seed: str) -> None:
        """A holder has been silent for a whole lease: the case waits again, and she is told so."""
        found = await self.store.find_case(CaseId(due.timer.token))
        loaded = await self.store.load_person(due.timer.person)
        arrived = Arrived(Cause(f"timer:{due.id}"), "staff", due.address.chat_id, seed, Unblocked())
        if loaded is None:
            return
        turn = _Turn(arrived, loaded, desk_state.read(loaded.state), self.clock())
        lapsed = cases.lapse(found[0], turn.now) if found is not None else None
        if found is not None and lapsed is not None and found[0].holder == turn.me:
            turn.about = lapsed.id
            self._change(turn, replace(lapsed, news=True), found[1], "lapsed")
            self._let_go(turn, lapsed)
            self._reply(turn, "desk.lapsed", alias=self._alias(lapsed))
        await self._commit_quietly(turn)

    async def undelivered(self, row: OutRow, state: OutState, seed: str) -> None:
        """Staff words that did not reach her, or may not have: held again, or shown as unknown."""
        found = await self.store.find_case(row.case) if row.case is not None else None
        if found is None or isinstance(row.call, Edit) or not isinstance(row.call, Send):
            return
        case, version = found
        words = await self.store.words(case.id)
        word = next((w for w in words if w.ref == row.call.ref), None)
        holder = await self.store.load_person(case.holder) if case.holder else None
        if word is None or holder is None or case.state != "claimed":
            return
        cause = Cause(f"staff:undelivered:{row.id}")
        arrived = Arrived(cause, "staff", holder.address.chat_id, seed, Unblocked())
        turn = _Turn(arrived, holder, desk_state.read(holder.state), self.clock(), about=case.id)
        if state == "expired":
            screens = self.editions.newest.screens
            quiet = replace(case, touched_at=None)
            reached = reach.say(word, quiet, screens, case.language, seed, turn.now)
            self._reach(turn, reached)
            turn.case, turn.case_version = reached.case, version
        else:
            turn.words.append(replace(word, state="unknown"))
            turn.case, turn.case_version = case, version
            resend = self._button(turn, "desk.button_resend", case, f"u{word.id}")
            self._reply(turn, "desk.unknown", ((resend,),), alias=self._alias(case))
        await self._commit_quietly(turn)

    async def _commit_quietly(self, turn: _Turn) -> None:
        """A commit nobody waits for: done before, or overtaken by something newer, is fine."""
        try:
            self.push(await self.store.commit(_commit(turn)))
        except Duplicate:
            return


def _commit(turn: _Turn) -> Commit:
    what = turn.arrived.what
    incoming = (what.message_id,) if isinstance(what, Typed | SentMedia) else ()
    return Commit(
        cause=turn.arrived.cause,
        now=turn.now,
        person=turn.loaded.person,
        address=turn.loaded.address,
        version=turn.loaded.version,
        state=desk_state.write(turn.state),
        case=turn.case,
        case_version=turn.case_version,
        outbox=tuple(turn.outbox),
        incoming=incoming,
        incoming_case=turn.about,
        timers=tuple(turn.timers),
        words=tuple(turn.words),
        forget_words=turn.forget_words,
        audit=tuple(turn.audit),
    )
