"""One survivor's event, from arrived to committed. The only place where her session is written.

``load -> hear -> advance -> assemble -> commit``; a lost race (Conflict) is worked out again, which
is safe because everything between load and commit is pure. Knows nothing of Telegram or SQL.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.core import effects, events
from bot.core.advance import Outcome, advance, begin
from bot.core.events import Arrived, Event
from bot.core.ids import Cause, Language, PersonId, Ref, StepId
from bot.core.request import alias_from
from bot.core.rules import Rules
from bot.core.session import Session, from_json
from bot.hearing.listen import hear, known_language
from bot.picture.page import png
from bot.store.protocol import (
    Address,
    Commit,
    Conflict,
    DueTimer,
    Duplicate,
    Loaded,
    OutRow,
    Store,
)
from bot.text.words import ENGLISH

from .assemble import Assembly, Beside, assemble
from .editions import Editions
from .pictures import Paint, Told, told
from .turnstile import Turnstile

CONFLICTS: Final = 8
"""A commit that lost this many races in a row is a bug, not bad luck."""

Push = Callable[[Sequence[OutRow], int], None]
"""Takes the rows that a commit has claimed already, and how many rows it has queued in all."""

WORD_EFFECTS = (effects.AmendAtDesk, effects.ShowHeld)
"""Only these need the words that were exchanged; a long talk has many."""

PINGS = (effects.PingDesk, effects.Stranded)
DESK_EFFECTS = (
    effects.TellHolder,
    effects.ToDesk,
    effects.AmendAtDesk,
    effects.ShowHeld,
    effects.TakeBackCopies,
)


@dataclass(slots=True)
class Conversation:
    """Applies events of survivors. ``push`` hands rows claimed by a commit to the sender."""

    store: Store
    editions: Editions
    clock: Callable[[], datetime]
    push: Push
    desk_open: Callable[[], bool] = lambda: True
    """Whether anybody can be reached at the desk now; she is told truthfully when not."""
    pinged: tuple[PersonId, ...] = ()
    """Who hears that something waits: the staff's group, or without one each lead."""
    paint: Paint = png
    """Draws one page of a comparison; called in a thread."""
    stranded: int = 0
    """How many people stood where no version leads any more, since the start."""
    turnstile: Turnstile = field(default_factory=Turnstile)

    async def handle(self, arrived: Arrived) -> str | None:
        """Apply one update. Returns the toast for a pressed button, if any. See gateway.seam."""
        address = Address("survivor", arrived.chat_id)

        def event_for(session: Session, rules: Rules) -> Event | None:
            vocabulary = self.editions.vocabulary_for(session)
            return hear(arrived, session, rules, vocabulary)

        async def load() -> Loaded:
            return await self.store.load(address)

        return await self._apply(
            arrived.cause, arrived.seed, load, event_for, arrived.language, _incoming(arrived)
        )

    async def timer(self, due: DueTimer, seed: str) -> None:
        """Apply one timer of hers. A late or stale one changes nothing."""
        event = _timer_event(due, seed)
        if await self.store.load_person(due.timer.person) is None:
            return  # erased meanwhile: a timer must never make a new person, or show her anything

        async def load() -> Loaded:
            found = await self.store.load_person(due.timer.person)
            return found if found is not None else Loaded(None, due.address)

        await self._apply(Cause(f"timer:{due.id}"), seed, load, lambda *_: event, "", ())

    async def _apply(
        self,
        cause: Cause,
        seed: str,
        load: Callable[[], Awaitable[Loaded]],
        event_for: Callable[[Session, Rules], Event | None],
        language: str,
        incoming: tuple[int, ...],
    ) -> str | None:
        for _ in range(CONFLICTS):
            loaded = await load()
            contested = loaded.case.id if loaded.case is not None else None
            async with self.turnstile.alone(contested):
                if contested is not None:
                    loaded = await load()
                session, rules = self._session(loaded, seed, language)
                event = event_for(session, rules)
                try:
                    return await self._commit(cause, seed, loaded, session, rules, event, incoming)
                except Conflict:
                    continue
                except Duplicate:
                    return None
        msg = "A commit lost every race; something writes this session without reading it."
        raise RuntimeError(msg)

    async def _commit(
        self,
        cause: Cause,
        seed: str,
        loaded: Loaded,
        session: Session,
        rules: Rules,
        event: Event | None,
        incoming: tuple[int, ...],
    ) -> str | None:
        """Advance, assemble and commit once. Raises Conflict, Duplicate, Unavailable."""
        outcome = Outcome(session)
        if event is not None:
            if loaded.state is None and not isinstance(event.heard, events.Endangered):
                event = replace(event, heard=_first(event))
            outcome = advance(rules, session, event, self.clock())
        commit, toast = await self._assemble(cause, seed, loaded, session, outcome, rules, incoming)
        if event is not None and isinstance(event.heard, events.WentAway):
            commit = replace(commit, blocked=True)
        self.push(await self.store.commit(commit), len(commit.outbox))
        return toast

    def _session(self, loaded: Loaded, seed: str, language: str) -> tuple[Session, Rules]:
        if loaded.state is None:
            rules = self.editions.rules
            spoken = self.editions.newest.words.languages
            return begin(rules, seed, known_language(language, spoken) or ENGLISH), rules
        session = from_json(loaded.state, loaded.case)
        return session, self.editions.rules_for(session)

    async def _assemble(
        self,
        cause: Cause,
        seed: str,
        loaded: Loaded,
        before: Session,
        outcome: Outcome,
        rules: Rules,
        incoming: tuple[int, ...],
    ) -> tuple[Commit, str | None]:
        outcome = await self._with_free_alias(before, outcome, seed)
        outcome = self._truthful(outcome)
        outcome, rules = self._crossed(before, outcome, rules)
        assembly = Assembly(
            cause=cause,
            seed=seed,
            now=self.clock(),
            loaded=loaded,
            before=before,
            after=outcome.session,
            rules=rules,
            screens=self.editions.screens_for(outcome.session),
            beside=replace(
                await self._beside(before, outcome), pictures=await self._pictures(outcome)
            ),
        )
        return assemble(outcome, assembly, incoming), assembly.toast

    def _crossed(self, before: Session, outcome: Outcome, rules: Rules) -> tuple[Outcome, Rules]:
        """Who goes over to another flow goes on in the newest structure."""
        after = self.editions.crossed(before, outcome.session)
        if after is outcome.session:
            return outcome, rules
        rules = self.editions.rules
        told = tuple(
            effect
            for effect in outcome.effects
            if not (isinstance(effect, effects.SetTimer) and effect.name == "silence")
        )
        step = rules.step(after.at)
        silence: effects.Effect = effects.DropTimers(("silence",))
        if step is not None and step.silence is not None:
            silence = effects.SetTimer("silence", self.clock() + step.silence, after.at)
        return Outcome(after, (*told, silence)), rules

    async def _beside(self, before: Session, outcome: Outcome) -> Beside:
        case = before.case
        pings = any(isinstance(effect, PINGS) for effect in outcome.effects)
        self.stranded += sum(isinstance(each, effects.Stranded) for each in outcome.effects)
        concerns = any(isinstance(effect, DESK_EFFECTS) for effect in outcome.effects)
        if case is None or not concerns:
            return Beside(pinged=self.pinged if pings else ())
        language = ENGLISH
        if case.holder is not None:
            holder = await self.store.load_person(case.holder)
            if holder is not None and holder.state is not None:
                language = Language(str(holder.state.get("language", ENGLISH)))
        needed = any(isinstance(effect, WORD_EFFECTS) for effect in outcome.effects)
        words = await self.store.words(case.id) if needed else ()
        return Beside(case.holder, language, self.pinged if pings else (), words)

    async def _pictures(self, outcome: Outcome) -> tuple[Told, ...]:
        wanted = [each.step for each in outcome.effects if isinstance(each, effects.Picture)]
        if not wanted:
            return ()
        words = self.editions.screens_for(outcome.session).words
        return await told(wanted[0], outcome.session, words, self.paint)

    def _truthful(self, outcome: Outcome) -> Outcome:
        """While the desk cannot be reached, a request that is made or waits is shown with that."""
        case = outcome.session.case
        if case is None or case.state != "waiting" or self.desk_open():
            return outcome
        made = any(isinstance(effect, effects.PingDesk) for effect in outcome.effects)
        place = outcome.session.place
        if not made and place != self.editions.newest.rules.door("waiting"):
            return outcome
        told = tuple(
            replace(effect, lead=effect.lead or "always.nobody_reachable")
            if isinstance(effect, effects.Show)
            else effect
            for effect in outcome.effects
        )
        return Outcome(outcome.session, told)

    async def _with_free_alias(self, before: Session, outcome: Outcome, seed: str) -> Outcome:
        """Two open cases never share an alias: staff must not take one person for another."""
        case = outcome.session.case
        if case is None or (before.case is not None and before.case.id == case.id):
            return outcome
        taken = {c.alias for c in await self.store.cases(("waiting", "claimed", "paused"))}
        free = next(
            alias for attempt in range(10_000) if (alias := alias_from(seed, attempt)) not in taken
        )
        session = replace(outcome.session, case=replace(case, alias=free))
        return Outcome(session, outcome.effects)


def _first(event: Event) -> events.Heard:
    """Whatever somebody new sends first, the notice answers it; leaving and blocking stay."""
    match event.heard:
        case events.WentAway() | events.CameBack() | events.Called(word="leave" | "numbers"):
            return event.heard
        case _:
            return events.Started()


def _incoming(arrived: Arrived) -> tuple[int, ...]:
    match arrived.what:
        case (
            events.Typed(message_id=message_id)
            | events.Began(message_id=message_id)
            | events.SentMedia(message_id=message_id)
        ):
            return (message_id,)
        case _:
            return ()


def _timer_event(due: DueTimer, seed: str) -> Event | None:
    name, token = due.timer.name, due.timer.token
    kind = name.partition(":")[0]
    heard: events.Heard
    match kind:
        case "silence":
            heard = events.Fell(StepId(token))
        case "aged":
            heard = events.ScreenAged(Ref(token))
        case "consent":
            heard = events.ConsentEnded(token)
        case _:
            return None
    return Event(heard, seed, answers_touch=False)
