"""One survivor and her chat, in memory, on the real engine: hear, advance, render, and time.

A :class:`Person` is what the service, the store and Telegram are together, without any of them: it
keeps the session, the messages her phone would show, and the timers that were promised. Between any
two events the session is written down and read back, as the store does. It knows nothing of
scenarios; the desk's part is in ``desk.py``.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.core import effects as do
from bot.core import events
from bot.core.advance import Outcome, advance, begin
from bot.core.buttons import DONE as DONE_LABEL
from bot.core.buttons import NEXT as NEXT_LABEL
from bot.core.buttons import decode
from bot.core.case import lapse
from bot.core.events import Arrived, Event
from bot.core.ids import Cause, ChoiceId, Language, Ref, StepId
from bot.core.message import Button, Content
from bot.core.rules import Rules
from bot.core.session import Given, Session, from_json, to_json
from bot.core.turn import OVERLAYS
from bot.hearing.listen import hear
from bot.service.editions import Edition
from bot.text.pictured import pictured

from .meaning import BrokenPromise, fallen, first
from .screen import Seen, seen
from .trace import DONE, NEXT, Trace, watched

BEGINS: Final = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""When every rehearsal begins: a Monday, noon in New York."""

OPEN: Final = "open"
"""What the button of the neutral line is called."""

LEASE: Final = "lease"
"""The one timer that is the desk's."""


class CannotDo(Exception):
    """What was asked is not possible where she stands; the message is a sentence that says why."""


@dataclass(repr=False)
class Person:
    """One person. ``chat`` is what her phone shows: messages of ours by name, oldest first."""

    edition: Edition
    language: str = "en"
    now: datetime = BEGINS
    reload: bool = True
    """Save and load the session between any two events."""
    begun: bool = False
    """Whether anything was ever stored about her."""
    forgotten: bool = False
    """Whether all of it has been deleted since."""
    trace: Trace = field(default_factory=Trace)
    count: int = 0
    people: int = 0
    session: Session = field(init=False)
    rules: Rules = field(init=False)
    event: Event | None = None
    effects: tuple[do.Effect, ...] = ()
    chat: dict[Ref, Content] = field(default_factory=dict)
    hers: set[int] = field(default_factory=set)
    dull: set[Ref] = field(default_factory=set)
    toast: str = ""
    seen: Seen | None = None
    """The screen as it was last drawn; None when there is none in her chat."""
    timers: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    later: list[tuple[datetime, Ref, Content]] = field(default_factory=list)
    """Neutral lines that wait for her hours."""
    consents: list[do.RecordConsent] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    """Words of the desk that wait until she opens the talk."""
    pictures: list[Ref] = field(default_factory=list)
    """The pictures that the last event sent, as the names of their words."""
    at_desk: list[str] = field(default_factory=list)
    """Her words as the desk has them, newest last."""

    def __post_init__(self) -> None:
        self.rules = watched(self.edition.rules, self.edition.library, self.trace)
        self._new()

    def _new(self) -> None:
        """Somebody about whom nothing is known."""
        self.people += 1
        self.begun, self.forgotten = self.begun and not self.forgotten, False
        seed = "seed of a person" if self.people == 1 else f"seed of person {self.people}"
        self.session = begin(self.rules, seed, Language(self.language))

    # ------------------------------------------------------------ what she does

    def happens(self, what: events.What) -> Outcome:
        """One update of hers."""
        if self.forgotten:
            self._new()
        self.count += 1
        cause = Cause(f"update:survivor:{self.count}")
        arrived = Arrived(cause, "survivor", 1, self._seed(), what, self.language)
        if isinstance(what, events.Typed | events.SentMedia | events.Began):
            self.hers.add(what.message_id)
        event = hear(arrived, self.session, self.rules, self.edition.vocabulary)
        if not self.begun:
            event = replace(event, heard=first(event.heard))
            self.begun = True
        return self.apply(event)

    def _seed(self) -> str:
        return f"seed {self.count:012d}"

    def apply(self, event: Event) -> Outcome:
        """One heard event, or a timer."""
        self.event, self.toast, self.pictures = event, "", []
        before = self.session
        outcome = advance(self.rules, before, event, self.now)
        self.session, self.effects = outcome.session, outcome.effects
        self.trace.after(event, before, outcome.session, self.rules)
        if self.reload:
            stored = json.loads(json.dumps(to_json(self.session)))
            self.session = from_json(stored, self.session.case)
        for effect in outcome.effects:
            self._carry_out(effect)
        if self.session.screen is None:
            self.seen = None
        return outcome

    def starts(self) -> Outcome:
        """``/start``."""
        return self.happens(events.Began(1000 + self.count))

    def types(self, text: str) -> Outcome:
        """Words."""
        return self.happens(events.Typed(text, 1000 + self.count))

    def sends(self, data: str) -> Outcome:
        """Callback data, whatever it is."""
        return self.happens(events.Pressed(data, "q", None))

    def taps(self, name: str) -> None:
        """The button of that name: a choice id, ``next``, ``done``, an always-on word, ``open``.

        Raises CannotDo when there is no such button.
        """
        if name == OPEN:
            self.sends(self._neutral_button().data)
            return
        if self.seen is None:
            msg = f"There is no screen, so there is no button `{name}`."
            raise CannotDo(msg)
        button = self.seen.button(name)
        if button is None:
            msg = f"There is no button `{name}` here."
            raise CannotDo(msg)
        place, language = self.seen.step, self.session.language
        choice = self.seen.choice(name)
        self.sends(button.data)
        data = decode(button.data)
        if choice is not None and data is not None and data.kind != "-":
            self.trace.took(place, choice, language)

    def _neutral_button(self) -> Button:
        case = self.session.case
        line = self.chat.get(case.nudge) if case is not None and case.nudge is not None else None
        if line is None or not line.rows:
            msg = "There is no neutral line to open."
            raise CannotDo(msg)
        return line.rows[0][0]

    def marks(self, name: str) -> None:
        """A choice of several that is not marked yet. Raises CannotDo."""
        step = self.rules.step(self.seen.step) if self.seen is not None else None
        if step is None or step.kind != "choose_many":
            msg = f"Nothing can be marked here, so not `{name}`."
            raise CannotDo(msg)
        if name in self.session.answers.get(step.save, ()):
            msg = f"`{name}` is marked already."
            raise CannotDo(msg)
        self.taps(name)

    def label(self, name: str) -> str:
        """The words on a button of the screen. Raises CannotDo."""
        button = self.seen.button(name) if self.seen is not None else None
        if self.seen is None or button is None:
            msg = f"There is no button `{name}` here, so its words cannot be typed."
            raise CannotDo(msg)
        choice = {NEXT: NEXT_LABEL, DONE: DONE_LABEL}.get(name, self.seen.choice(name))
        if choice is None:
            return button.label
        screens = self.edition.screens
        return screens.label(self.seen.step, ChoiceId(choice), self.session.language)

    # ------------------------------------------------------------ where she is put

    def stands_at(self, step: StepId, answers: dict[str, Any], consents: tuple[str, ...]) -> None:
        """Begin at a step, with answers and consents given before, and its screen in the chat.

        An unknown step is a place that is gone. Raises CannotDo for a consent nobody asks for.
        """
        self.begun = True
        given = tuple(self._given(purpose) for purpose in consents)
        known = self.rules.step(step) is not None
        overlay = known and step.startswith(OVERLAYS)
        self.session = replace(
            self.session,
            at=self.rules.start if overlay else step,
            over=(step,) if overlay else (),
            structure=self.session.structure if known else "",
            answers=answers,
            consents=given,
        )
        for one in given:
            self.timers[f"consent:{one.purpose}"] = (one.until, one.purpose)
        self.count += 1
        heard = events.Stale() if overlay else events.Started()
        self.apply(Event(heard, self._seed()))

    def _given(self, purpose: str) -> Given:
        steps = self.edition.library.steps.values()
        asked = next((step for step in steps if step.consent == purpose), None)
        if asked is None:
            msg = f"No step asks for the consent `{purpose}`."
            raise CannotDo(msg)
        until = self.now + asked.valid_for
        self.consents.append(do.RecordConsent(purpose, "given", until, asked.id))
        return Given(purpose, self.now, until)

    # ------------------------------------------------------------ time

    def waits(self, span: timedelta) -> None:
        """Time passes; what comes due on the way happens in order. Raises BrokenPromise."""
        end = self.now + span
        self.effects = ()
        while (due := self._next_due()) is not None and due[0] <= end:
            at, name = due
            self.now = max(self.now, at)
            if name:
                self.timer(name)
            else:
                _, ref, content = self.later.pop(0)
                self.chat[ref] = content
        self.now = end

    def _next_due(self) -> tuple[datetime, str] | None:
        due = [(at, name) for name, (at, _) in self.timers.items()]
        self.later.sort(key=lambda line: line[0])
        due += [(at, "") for at, _, _ in self.later[:1]]
        return min(due, default=None)

    def timer(self, name: str) -> None:
        """A timer comes due. Raises BrokenPromise when it sends something."""
        due, token = self.timers.pop(name)
        self.now = max(self.now, due)
        self.count += 1
        if name == LEASE:
            case = self.session.case
            lapsed = lapse(case, self.now) if case is not None else None
            if lapsed is not None:
                self.session = replace(self.session, case=replace(lapsed, news=True))
            return
        self.apply(Event(fallen(name, token), self._seed(), answers_touch=False))
        if self.sent:
            msg = f"Time alone sent her a message (`{name.partition(':')[0]}`), unasked."
            raise BrokenPromise(msg)

    # ------------------------------------------------------------ what she sees

    @property
    def screen(self) -> Content:
        """The screen. Raises CannotDo."""
        if self.session.screen is None:
            msg = "There is no screen."
            raise CannotDo(msg)
        return self.chat[self.session.screen.ref]

    @property
    def text(self) -> str:
        """The words of the screen."""
        return self.screen.text

    @property
    def buttons(self) -> list[Button]:
        """The buttons of the screen."""
        return [button for row in self.screen.rows for button in row]

    @property
    def labels(self) -> list[str]:
        """The words on the buttons of the screen."""
        return [button.label for button in self.buttons]

    @property
    def lines(self) -> tuple[Content, ...]:
        """The messages of ours that are not the screen, oldest first."""
        screen = self.session.screen
        own = screen.ref if screen is not None else None
        return tuple(content for ref, content in self.chat.items() if ref != own)

    def did(self, kind: type) -> list[Any]:
        """The effects of that kind that the last event had."""
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def sent(self) -> bool:
        """Whether the last event put a new message into her chat."""
        new = [show for show in self.did(do.Show) if not show.edit]
        lines = (do.Say, do.Picture, do.Nudge, do.ShowHeld)
        return bool(new or any(self.did(kind) for kind in lines))

    # ------------------------------------------------------------ what effects do

    def _carry_out(self, effect: do.Effect) -> None:  # noqa: C901, PLR0912 - one table, a line an effect
        screens, language = self.edition.screens, self.session.language
        match effect:
            case do.Show():
                self._show(effect)
            case do.Say("always.crisis_line", ref, values):
                rule = str(values["rule"])
                self.chat[ref] = screens.crisis_line(rule, self.session, self.now)
            case do.Say(phrase, ref, values):
                self.chat[ref] = screens.line(phrase, language, values)
            case do.Picture(step):
                self._send_pictures(step)
            case do.Nudge(ref):
                self.chat[ref] = screens.nudge(ref, language)
            case do.ShowHeld(into):
                self._show_held(into)
            case do.Dull(ref, phrase):
                self.chat[ref] = screens.line(phrase, language)
                self.dull.add(ref)
            case do.Remove(refs, numbers):
                for ref in refs:
                    self.chat.pop(ref, None)
                    self.timers.pop(f"aged:{ref}", None)
                self.hers -= set(numbers)
            case do.RemoveAll(spare):
                self.chat = {ref: shown for ref, shown in self.chat.items() if ref == spare}
                self.hers.clear()
            case do.CancelQueued():
                self.later.clear()
            case do.Toast(phrase):
                self.toast = screens.line(phrase, language).text
            case do.SetTimer(name, due_at, token):
                self.timers[name] = (due_at, token)
            case do.DropTimers(names):
                for name in names:
                    self._drop(name)
            case do.RecordConsent():
                self.consents.append(effect)
            case do.ToDesk(text):
                self.at_desk.append(text)
            case do.EraseEverything():
                self._forgotten()
            case _:
                pass

    def _show(self, effect: do.Show) -> None:
        content = self.edition.screens.screen(self.session, self.rules, effect, self.now)
        self.chat[effect.ref] = content
        self.seen = seen(content, self.session, self.rules)
        self.trace.screens.add((self.seen.step, self.session.language))

    def _send_pictures(self, step: StepId) -> None:
        """As words: what stands on each picture, and goes with it for ears."""
        found = pictured(step, self.session, self.edition.screens.words)
        for place, each in enumerate(found):
            ref = Ref(f"picture {self.count} {place}")
            self.chat[ref] = each.after or each.caption
            self.pictures.append(ref)

    def _show_held(self, into: Ref | None) -> None:
        """The desk's words that waited; the first inside the neutral line she opened."""
        words = self.held or ["words"]  # a test may count words that nobody wrote
        for place, text in enumerate(words):
            ref = into if into is not None and place == 0 else Ref(f"held {self.count} {place}")
            self.chat[ref] = self.relayed(text)
        self.held = []

    def relayed(self, text: str) -> Content:
        """Words of the desk as she reads them."""
        screens, language = self.edition.screens, self.session.language
        desk = screens.words.plain("always.desk_name", language)
        return screens.relay("always.relay", language, {"desk": desk}, text, ())

    def _forgotten(self) -> None:
        """Nothing is stored any more: whoever writes next is somebody new."""
        self.forgotten = True
        self.timers.clear()
        self.held.clear()

    def _drop(self, name: str) -> None:
        prefix = name.removesuffix("*")
        for known in list(self.timers):
            if known == name or (name != prefix and known.startswith(prefix)):
                del self.timers[known]
