"""From an outcome to the one commit of its event: one branch an effect, in the order they happen.

Knows the shape of storage rows and how words are rendered; decides nothing about behaviour. What
it needs to know besides the outcome (who holds the case, which words wait) comes in as
:class:`Beside`.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from bot.core import effects as do
from bot.core.advance import Outcome
from bot.core.buttons import derive, ref_from
from bot.core.case import Case
from bot.core.ids import CaseId, Cause, Language, PersonId, Ref
from bot.core.message import Call, Class, Content, Edit, Entity, OutMessage, Send, Tidy
from bot.core.rules import Rules
from bot.core.session import Session, to_json
from bot.core.turn import DELETE_AFTER
from bot.store.protocol import (
    NEWCOMER,
    Commit,
    ConsentRecord,
    Doom,
    Loaded,
    Timer,
    Word,
)
from bot.text.render import Screens

from .pictures import Told


@dataclass(frozen=True, slots=True)
class Beside:
    """What an outcome may concern besides her: the desk, words that were exchanged, and pictures
    that had to be drawn.
    """

    holder: PersonId | None = None
    holder_language: Language = Language("en")  # noqa: RUF009 - a NewType call is only a string
    pinged: tuple[PersonId, ...] = ()
    """Who hears, without content, that something is waiting."""
    words: tuple[Word, ...] = ()
    pictures: tuple[Told, ...] = ()


@dataclass(slots=True)
class Assembly:
    """Collects the rows of one commit while its effects are read in order."""

    cause: Cause
    seed: str
    now: datetime
    loaded: Loaded
    before: Session
    after: Session
    rules: Rules
    screens: Screens
    beside: Beside
    toast: str | None = None
    outbox: list[OutMessage] = field(default_factory=list)
    dooms: list[Doom] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    drop_timers: list[str] = field(default_factory=list)
    consents: list[ConsentRecord] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    cancel: list[PersonId] = field(default_factory=list)
    cancel_case: CaseId | None = None
    erase: bool = False

    @property
    def person(self) -> PersonId:
        """The actor, also before she has a row."""
        return self.loaded.person or NEWCOMER

    @property
    def language(self) -> Language:
        """The language she reads after this event."""
        return self.after.language

    def _to_her(self, kind: Class, call: Call) -> None:
        self.outbox.append(OutMessage(self.person, kind, call))

    def _to_desk(self, content: Content, ref: Ref, again: Content | None = None) -> None:
        holder, case = self.beside.holder, self.after.case or self.before.case
        if holder is None or case is None:
            return
        call = Send(ref, content, silent=False, protect=True, again=again)
        self.outbox.append(OutMessage(holder, "desk", call, case=case.id))

    def _dull(self) -> Content:
        return self.screens.line("always.dull", self.language)

    def _tidy(self) -> None:
        last = self.outbox[-1] if self.outbox else None
        if last is None or last.to != self.person or not isinstance(last.call, Tidy):
            self._to_her("tidy", Tidy(self._dull()))

    # ------------------------------------------------------------ one branch an effect

    def apply(self, effect: do.Effect) -> None:  # noqa: C901, PLR0912, PLR0915 - one table, a few lines an effect
        """Add what one effect asks for."""
        match effect:
            case do.Show():
                content = self.screens.screen(self.after, self.rules, effect, self.now)
                edit = effect.edit
                self._to_her(
                    effect.kind,
                    Edit(effect.ref, content) if edit else Send(effect.ref, content),
                )
            case do.Say(phrase, ref, values, kind):
                content = (
                    self.screens.crisis_line(str(values["rule"]), self.after, self.now)
                    if phrase == "always.crisis_line"
                    else self.screens.line(phrase, self.language, values)
                )
                self._to_her(kind, Send(ref, content))
            case do.Picture():
                self._pictures()
            case do.Dull(ref, phrase):
                dull = self.screens.line(phrase, self.language)
                self._to_her("tidy", Edit(ref, dull, anew=False))
            case do.Remove(refs, message_ids):
                self.dooms.append(Doom(self.person, refs, message_ids))
                self.drop_timers.extend(f"aged:{ref}" for ref in refs)
                self._tidy()
            case do.RemoveAll(spare):
                self.dooms.append(Doom(self.person, everything=True, spare=spare))
                self._tidy()
            case do.CancelQueued():
                self.cancel.append(self.person)
            case do.Toast(phrase):
                self.toast = self.screens.line(phrase, self.language).text
            case do.SetTimer(name, due_at, token):
                self.timers.append(Timer(self.person, name, due_at, token))
            case do.DropTimers(names):
                self.drop_timers.extend(names)
            case do.RecordConsent():
                self.consents.append(self._consent(effect))
            case do.PingDesk():
                self._ping("desk.ping")
            case do.Stranded():
                self._ping("desk.stranded")
            case do.TellHolder(phrase):
                self._tell_holder(phrase)
            case do.TakeBackCopies():
                self._take_back()
            case do.ToDesk(text, message_id, entities, urgent):
                self._relay(text, message_id, entities, urgent=urgent)
            case do.AmendAtDesk(text, message_id, entities):
                self._amend(text, message_id, entities)
            case do.ShowHeld(into):
                self._show_held(into)
            case do.Nudge(ref):
                self._to_her("nudge", Send(ref, self.screens.nudge(ref, self.language)))
                self.timers.append(Timer(self.person, f"aged:{ref}", self.now + DELETE_AFTER, ref))
            case do.EraseEverything():
                self.erase = True
            case _ as unreachable:
                assert_never(unreachable)

    def _consent(self, effect: do.RecordConsent) -> ConsentRecord:
        step = effect.step or self.before.place
        text = self.screens.unfilled(f"{step}.say", self.before.language)
        return ConsentRecord(
            purpose=effect.purpose,
            answer=effect.answer,
            at=self.now,
            until=effect.until,
            step=step,
            structure=self.before.structure,
            text_hash=hashlib.sha256(text.encode()).hexdigest(),
            language=self.before.language,
        )

    def _pictures(self) -> None:
        for place, told in enumerate(self.beside.pictures):
            ref = ref_from(self.seed, f"picture {place}")
            self._to_her("line", Send(ref, told.content, photo=told.photo))

    # ------------------------------------------------------------ the desk

    def _case(self) -> Case:
        case = self.after.case or self.before.case
        if case is None:
            msg = "Words were to be relayed without a case; the core must not ask for that."
            raise ValueError(msg)
        return case

    def _ping(self, phrase: str) -> None:
        content = self.screens.line(phrase, self.beside.holder_language)
        for number, heard in enumerate(self.beside.pinged):
            send = Send(
                ref_from(self.seed, f"{phrase}{number or ''}"), content, silent=False, protect=True
            )
            self.outbox.append(OutMessage(heard, "ping", send))

    def _tell_holder(self, phrase: str) -> None:
        alias = self.screens.alias(self._case())
        content = self.screens.line(phrase, self.beside.holder_language, {"alias": alias})
        self._to_desk(content, ref_from(self.seed, phrase))

    def _take_back(self) -> None:
        case = self._case()
        dull = self.screens.line("always.dull", self.beside.holder_language)
        for holder in case.holders:
            self.dooms.append(Doom(holder, everything=True, case=case.id))
            self.outbox.append(OutMessage(holder, "tidy", Tidy(dull)))

    def _relay(
        self, text: str, message_id: int, entities: tuple[Entity, ...], *, urgent: bool
    ) -> None:
        case, language = self._case(), self.beside.holder_language
        who = {"alias": self.screens.alias(case)}
        if urgent:
            note = self.screens.line("desk.urgent", language, who)
            self._to_desk(note, ref_from(self.seed, "urgent"))
        ref = ref_from(self.seed, "to desk")
        content = self.screens.relay("desk.words", language, who, text, entities)
        again = self.screens.relay("desk.words_again", language, who, text, entities)
        if content.text == text:  # too long to carry the name, which then goes ahead
            frame = self.screens.frame("desk.words", language, who)
            self._to_desk(frame, ref_from(self.seed, "to desk, whose"))
        self._to_desk(content, ref, again)
        self.words.append(self._word("survivor", message_id, ref, text, entities))

    def _word(
        self, side: str, source: int, ref: Ref, text: str, entities: tuple[Entity, ...]
    ) -> Word:
        return Word(
            id=derive(self.seed, f"word {ref}"),
            case=self._case().id,
            side="survivor" if side == "survivor" else "staff",
            source=source,
            ref=ref,
            state="queued",
            at=self.now,
            text=text,
            entities=tuple((e.kind, e.offset, e.length, e.url) for e in entities),
        )

    def _amend(self, text: str, message_id: int, entities: tuple[Entity, ...]) -> None:
        """Change the desk's copy. Words that were never relayed, or long ago, are left alone."""
        found = [w for w in self.beside.words if w.side == "survivor" and w.source == message_id]
        holder = self.beside.holder
        if not found or holder is None:
            return
        case = self._case()
        who = {"alias": self.screens.alias(case)}
        language = self.beside.holder_language
        content = self.screens.relay("desk.edited", language, who, text, entities)
        call = Edit(found[-1].ref, content, anew=False)
        self.outbox.append(OutMessage(holder, "desk", call, case=case.id))
        kept = tuple((e.kind, e.offset, e.length, e.url) for e in entities)
        self.words.append(replace(found[-1], text=text, entities=kept))

    def _show_held(self, into: Ref | None) -> None:
        """The desk's words that waited, oldest first; the first inside the line she opened."""
        case = self._case()
        held = [w for w in self.beside.words if w.side == "staff" and w.state == "held"]
        for word in held:
            content = self.staff_words(word)
            call: Call
            if into is not None:
                ref, call = into, Edit(into, content)
                into = None
            else:
                ref = word.ref
                call = Send(word.ref, content)
            self.words.append(replace(word, ref=ref, state="queued"))
            self.outbox.append(OutMessage(self.person, "relay", call, case=case.id))

    def staff_words(self, word: Word) -> Content:
        """One message of the desk as she reads it."""
        return desk_words(self.screens, self.language, word)

    # ------------------------------------------------------------ the commit

    def commit(self, incoming: tuple[int, ...]) -> Commit:
        """Everything together."""
        case = self.after.case
        changed = case if case is not None and case != self.before.case else None
        if changed is not None:
            changed = replace(changed, person=self.person)
            if changed.state in ("paused", "closed"):
                self._silence(changed)
        stored = self.loaded.case
        same = stored is not None and changed is not None and stored.id == changed.id
        relayed = any(isinstance(m.call, Send | Edit) and m.case is not None for m in self.outbox)
        return Commit(
            cause=self.cause,
            now=self.now,
            person=self.loaded.person,
            address=self.loaded.address,
            version=self.loaded.version,
            state=to_json(self.after),
            structure=self.after.structure,
            case=changed,
            case_version=self.loaded.case_version if same else 0,
            outbox=tuple(self.outbox),
            incoming=incoming,
            incoming_case=case.id if case is not None and relayed else None,
            dooms=tuple(self.dooms),
            timers=tuple(self.timers),
            drop_timers=tuple(self.drop_timers),
            consents=tuple(self.consents),
            words=tuple(self.words),
            forget_words=changed.id if changed and changed.state == "closed" else None,
            cancel=tuple(self.cancel),
            cancel_case=self.cancel_case,
            erase=self.erase,
        )

    def _silence(self, case: Case) -> None:
        """What is queued for her about a paused or closed case is not sent any more."""
        if not self.cancel:
            self.cancel.append(self.person)
            self.cancel_case = case.id


def desk_words(
    screens: Screens, language: Language, word: Word, *, repeat: bool = False
) -> Content:
    """One message of the desk as she reads it: the desk's name, never a person's."""
    desk = screens.words.plain("always.desk_name", language)
    entities = tuple(
        Entity(kind, at, length, url)  # type: ignore[arg-type]  # - stored as it came in
        for kind, at, length, url in word.entities
    )
    phrase = "always.relay_again" if repeat else "always.relay"
    return screens.relay(phrase, language, {"desk": desk}, word.text, entities)


def assemble(outcome: Outcome, assembly: Assembly, incoming: tuple[int, ...]) -> Commit:
    """Read all effects in order and make the commit."""
    for effect in outcome.effects:
        assembly.apply(effect)
    return assembly.commit(incoming)
