"""One turn: the scratch paper on which ``advance`` works out a single event.

A :class:`Turn` holds the session as it becomes, and the effects in order. It lives for one call and
never leaves the core. The moves here (arrive, go back, show) are the only ones that change where a
person stands or which message is her screen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from .buttons import ref_from, token_from
from .effects import Dull, Effect, Remove, SetTimer, Show, Values
from .events import Event
from .ids import ChoiceId, StepId
from .message import Class
from .rules import Rules, Step
from .session import TRAIL_LIMIT, Screen, Session

REPLACE_AFTER: Final = timedelta(hours=40)
"""An older screen is replaced, not edited, so that it can still be deleted (Telegram: 48 h)."""

DELETE_AFTER: Final = timedelta(hours=46)
"""When an idle screen is made dull and deleted: before 47 h, with an hour for a slow network."""

OVERLAYS: Final = "always."
"""Steps of this flow lie on top of where she stands and never become her place."""

SPENT_LIMIT: Final = 8
_ARRIVE_LIMIT: Final = 50


@dataclass(slots=True)
class Turn:
    """The session as it becomes during one event, and the effects so far."""

    rules: Rules
    session: Session
    event: Event
    now: datetime
    effects: list[Effect] = field(default_factory=list)

    def do(self, effect: Effect) -> None:
        """Add one effect at the end."""
        self.effects.append(effect)

    def change(self, **fields: object) -> None:
        """Change the session."""
        self.session = replace(self.session, **fields)  # type: ignore[arg-type]  # names are checked by replace()

    @property
    def step(self) -> Step | None:
        """The step that is shown now."""
        return self.rules.step(self.session.place)

    # ------------------------------------------------------------ where she stands

    def arrive(self, target: StepId | None, *, remember: bool = True) -> None:
        """Move to ``target`` (None: this flow ends), through included flows, and close overlays."""
        session = self.session
        frames, left = session.frames, (session.at, *session.frames)
        for _ in range(_ARRIVE_LIMIT):
            step = self.rules.step(target) if target is not None else None
            if target is not None and step is None:
                target = self.rules.rescue
            elif step is not None and step.kind == "include" and step.include is not None:
                frames, target = (*frames, step.id), step.include
            elif frames and (step is None or (step.kind == "end" and not step.choices)):
                target = self.rules.onward(frames[-1], None, session.answers)
                frames = frames[:-1]
            else:
                break
        if target is None:
            target = session.at
        trail = session.trail
        if remember and target != session.at:
            here = self.rules.step(session.at)
            kept = (*trail, left) if here is not None and here.back else ()
            trail = kept[-TRAIL_LIMIT:]
        self.change(at=target, over=(), trail=trail, frames=frames, pending=None, misses=0)
        self._wait_for_silence()

    def answered(self, choice: ChoiceId | None) -> None:
        """The shown step has its answer: go on, or back to the step that asked for a visit."""
        session = self.session
        if session.visits:
            self.change(visits=session.visits[:-1])
            self.arrive(session.visits[-1], remember=False)
            return
        self.arrive(self.rules.onward(session.at, choice, session.answers))

    def visit(self, target: StepId) -> None:
        """Go to one step, to come back here once it is answered."""
        self.change(visits=(*self.session.visits, self.session.at)[-TRAIL_LIMIT:])
        self.arrive(target)

    def back(self) -> None:
        """Close the overlay, or go to the screen before; answers stay as they are."""
        session = self.session
        if session.over:
            self.change(over=session.over[:-1], pending=None)
            return
        if not session.trail:
            return
        step, *frames = session.trail[-1]
        visits = session.visits
        if visits and visits[-1] == step:
            visits = visits[:-1]
        known = step if self.rules.step(step) else self.rules.rescue
        self.change(
            at=known, frames=tuple(frames), trail=session.trail[:-1], visits=visits, pending=None
        )
        self._wait_for_silence()

    def cover(self, overlay: StepId) -> None:
        """Lay a system screen on top of where she stands."""
        over = tuple(step for step in self.session.over if step != overlay)
        self.change(over=(*over, overlay)[-8:], misses=0)

    def answer(self, name: str, value: str | tuple[str, ...] | None) -> None:
        """Save one answer, or remove it with None."""
        answers: Mapping[str, str | tuple[str, ...]] = {
            key: kept for key, kept in self.session.answers.items() if key != name
        }
        self.change(answers=answers if value is None else {**answers, name: value})

    def _wait_for_silence(self) -> None:
        step = self.rules.step(self.session.at)
        if step is not None and step.silence is not None:
            due = self.now + step.silence
            self.do(SetTimer("silence", due, step.id))

    # ------------------------------------------------------------ what she sees

    def show(
        self,
        *,
        kind: Class = "screen",
        lead: str = "",
        lead_values: Values | None = None,
        fresh: bool = True,
        below: bool = False,
    ) -> None:
        """Show the place: edit the screen she pressed, or send a new one.

        ``fresh`` False keeps the token: the same step instance, only redrawn. ``below`` forces a
        new message, because the old screen is not what she looked at.
        """
        session, seed = self.session, self.event.seed
        screen = session.screen
        typed = self.event.message_id is not None
        token = screen.token if screen and not fresh else token_from(seed)
        values = lead_values or {}
        stays = session.reading == "new" and fresh and kind != "crisis"
        young = screen is not None and self.now - screen.sent_at < REPLACE_AFTER
        if screen is not None and young and not typed and not below and not stays:
            spent = (
                (*session.spent, screen.token)[-SPENT_LIMIT:]
                if token != screen.token
                else session.spent
            )
            self.change(screen=replace(screen, token=token), spent=spent)
            self.do(Show(screen.ref, edit=True, kind=kind, lead=lead, lead_values=values))
            return
        ref = ref_from(seed, "screen")
        self.change(screen=Screen(ref, token, self.now), spent=())
        self.do(Show(ref, edit=False, kind=kind, lead=lead, lead_values=values))
        step = self.step
        if step is None or not step.keep:
            self.do(SetTimer(f"aged:{ref}", self.now + DELETE_AFTER, ref))
        self._clear(screen, typed=typed)

    def _clear(self, old: Screen | None, *, typed: bool) -> None:
        """Remove the screen that was answered, and the words that answered it."""
        session = self.session
        words = (self.event.message_id,) if typed and self.event.message_id is not None else ()
        if typed and not session.delete_typed:
            return
        keep_old = session.reading == "new"
        refs = (old.ref,) if old is not None and not keep_old else ()
        if refs or words:
            self.do(Remove(refs, words))

    def forget_screen(self) -> None:
        """The screen is made dull and deleted; nothing is shown instead."""
        screen = self.session.screen
        if screen is not None:
            self.do(Dull(screen.ref))
            self.do(Remove((screen.ref,)))
        self.change(screen=None, spent=())
