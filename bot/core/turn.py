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
from .effects import DropTimers, Dull, Effect, LeadValues, Remove, SetTimer, Show
from .events import Event
from .ids import ChoiceId, Ref, StepId
from .message import Class
from .rules import Answers, Rules, Step
from .session import TRAIL_LIMIT, Screen, Session, Stood

REPLACE_AFTER: Final = timedelta(hours=40)
"""An older screen is replaced, not edited, so that it can still be deleted (Telegram: 48 h)."""

DELETE_AFTER: Final = timedelta(hours=46)
"""When an idle screen is made dull and deleted: before 47 h, with an hour for a slow network."""

OVERLAYS: Final = "always."
"""Steps of this flow lie on top of where she stands and never become her place."""

SPENT_LIMIT: Final = 8
_OVER_LIMIT: Final = 8
_ARRIVE_LIMIT: Final = 50
_QUESTIONS: Final = ("did_you_mean", "for_desk")
"""Doors that ask about something pending; without it they have nothing to ask."""


def known(session: Session) -> Answers:
    """What a flow's conditions may look at: her answers, and the language she reads."""
    return {**session.answers, "language": session.language}


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

    def shows(self, *doors: str) -> bool:
        """Whether one of these system screens is what she sees."""
        return any(self.session.place == self.rules.door(door) for door in doors)

    # ------------------------------------------------------------ where she stands

    def arrive(self, target: StepId | None) -> None:
        """Move to ``target`` (None: this flow ends), through included flows, and close overlays."""
        session = self.session
        at, frames = self._through(target, session.frames)
        self._stand(at, frames, session.visits)

    def jump(self, target: StepId) -> None:
        """Arrive from anywhere: what she was visiting or running through does not pull her back."""
        at, frames = self._through(target, ())
        self._stand(at, frames, ())

    def _stand(self, at: StepId, frames: tuple[StepId, ...], visits: tuple[StepId, ...]) -> None:
        session = self.session
        trail = session.trail if at == session.at else self._trail()
        flow = at.partition(".")[0]
        new = flow in self.rules.topics and flow not in session.looked
        self.change(
            at=at,
            frames=frames,
            visits=visits,
            looked=(*session.looked, flow) if new else session.looked,
            door=None,
            trail=trail,
            over=(),
            pending=None,
            misses=0,
            page=0,
            nearest=(),
        )

    def _trail(self) -> tuple[Stood, ...]:
        """The trail with this place on it. Nothing lies before a step that has no Back."""
        session = self.session
        here = self.rules.step(session.at)
        before = session.trail if here is None or here.back else ()
        return (*before, Stood(session.at, session.frames, session.visits))[-TRAIL_LIMIT:]

    def _through(
        self, target: StepId | None, frames: tuple[StepId, ...]
    ) -> tuple[StepId, tuple[StepId, ...]]:
        """The step where one comes to rest, and the include steps that then wait for an end."""
        for _ in range(_ARRIVE_LIMIT):
            step = self.rules.step(target) if target is not None else None
            if target is not None and step is None:
                target = self.rules.rescue
            elif step is not None and step.kind == "include" and step.include is not None:
                frames, target = (*frames, step.id), step.include
            elif frames and (step is None or (step.kind == "end" and not step.choices)):
                target = self.rules.onward(frames[-1], None, known(self.session))
                frames = frames[:-1]
            else:
                break
        return (self.session.at if target is None else target), frames

    def answered(self, choice: ChoiceId | None) -> None:
        """The shown step has its answer: go on, or back to the step that asked for a visit."""
        session = self.session
        if session.visits:
            self._end_visit()
        else:
            self.arrive(self.rules.onward(session.at, choice, known(session)))

    def visit(self, target: StepId, *, back_to: StepId | None = None) -> None:
        """Go to one step, to come back here (or to the overlay ``back_to``) once it is answered."""
        session, trail = self.session, self._trail()
        self.arrive(target)
        visits = (*session.visits, back_to or session.at)
        self.change(visits=visits[-TRAIL_LIMIT:], trail=trail)

    def _end_visit(self) -> None:
        """Stand where the visit began, with the trail that led there."""
        *earlier, began = self.session.visits
        trail = list(self.session.trail)
        while trail and trail[-1].visits != tuple(earlier):
            trail.pop()
        if not trail:
            at = self.session.at if began.startswith(OVERLAYS) else began
            trail = [Stood(at, self.session.frames, tuple(earlier))]
        self.change(trail=tuple(trail), over=())
        self.back()

    def back(self) -> None:
        """Close the overlay, or go to the part or screen before; answers stay as they are."""
        session = self.session
        if session.over:
            self.uncover()
            return
        if session.page > 0:
            self.change(page=session.page - 1)
            return
        if not session.trail:
            return
        stood = session.trail[-1]
        known = self.rules.step(stood.at) is not None
        self.change(
            at=stood.at if known else self.rules.rescue,
            frames=tuple(step for step in stood.frames if self.rules.step(step)),
            visits=tuple(step for step in stood.visits if self.rules.step(step)),
            trail=session.trail[:-1],
            pending=None,
            misses=0,
        )
        if session.visits[:-1] == stood.visits and session.visits:
            began = session.visits[-1]
            if began.startswith(OVERLAYS) and self.rules.step(began):
                self.cover(began)

    def cover(self, overlay: StepId) -> None:
        """Lay a system screen on top of where she stands."""
        over = tuple(step for step in self.session.over if step != overlay)
        self.change(over=(*over, overlay)[-_OVER_LIMIT:], misses=0)

    def uncover(self) -> None:
        """Take the top system screen away, and any question beneath it that has lost its object."""
        questions = {self.rules.door(door) for door in _QUESTIONS}
        *over, top = self.session.over
        if top in questions:
            self.change(pending=None)
        while over and over[-1] in questions and self.session.pending is None:
            over.pop()
        self.change(over=tuple(over), misses=0)

    def answer(self, name: str, value: str | tuple[str, ...] | None) -> None:
        """Save one answer, or remove it with None."""
        answers: Mapping[str, str | tuple[str, ...]] = {
            key: kept for key, kept in self.session.answers.items() if key != name
        }
        before = known(self.session)
        self.change(answers=answers if value is None else {**answers, name: value})
        self._leave_untrue(before)

    def _leave_untrue(self, before: Answers) -> None:
        """Places that this answer has closed: Back passes them, and she does not stand in one.

        A ``when`` that was already false as she was there closes nothing: she was led there, or
        answers the very question that it is about.
        """
        session, now = self.session, known(self.session)

        def closed(step: StepId) -> bool:
            return self.rules.rests(step, before) == step != self.rules.rests(step, now)

        trail = tuple(stood for stood in session.trail if not closed(stood.at))
        if trail != session.trail:
            self.change(trail=trail)
        if session.over and closed(session.at):
            at, frames = self._through(self.rules.rests(session.at, now), session.frames)
            self.change(at=at, frames=frames, page=0)

    # ------------------------------------------------------------ what she sees

    def show(
        self,
        *,
        kind: Class = "screen",
        lead: str = "",
        lead_values: LeadValues | None = None,
        fresh: bool = True,
        below: bool = False,
        in_place: bool = False,
        under_lines: bool = False,
        keep: bool = False,
    ) -> None:
        """Show the place: edit the screen she pressed, or send a new one.

        ``fresh`` False keeps the token: the same step instance, only redrawn. ``below`` forces a
        new message, because the old screen is not what she looked at; ``in_place`` an edit, also
        for those who read with new messages. ``under_lines``: this event sends lines, and the
        screen comes below them; what was pressed is spent. ``keep``: this screen stays in the chat.
        """
        old, step = self.session.screen, self.step
        kept = keep or (step is not None and step.keep)
        token = old.token if old and not fresh else token_from(self.event.seed)
        typed = self.event.message_id is not None
        shown = Show(
            ref_from(self.event.seed, "screen"),
            edit=False,
            kind=kind,
            lead=lead,
            lead_values=lead_values or {},
        )
        if (
            old is not None
            and not (below or under_lines)
            and not typed
            and self._may_edit(old, fresh=fresh, in_place=in_place)
        ):
            spent = (*self.session.spent, old.token) if token != old.token else self.session.spent
            kept = kept or (old.kept and not fresh)
            screen = Screen(old.ref, token, old.sent_at, kept)
            self.change(screen=screen, spent=spent[-SPENT_LIMIT:])
            self.do(replace(shown, ref=old.ref, edit=True))
            if kept and not old.kept:
                self.do(DropTimers((f"aged:{old.ref}",)))
            return
        token = token_from(self.event.seed)  # a new message never shares buttons with another
        pressed = not typed and (under_lines or self.session.reading == "new")
        spent = (old.token,) if pressed and old is not None and old.token != token else ()
        self.change(screen=Screen(shown.ref, token, self.now, kept), spent=spent)
        self.do(shown)
        if not kept:
            self.do(SetTimer(f"aged:{shown.ref}", self.now + DELETE_AFTER, shown.ref))
        self._clear(old, typed=typed)

    def _may_edit(self, old: Screen, *, fresh: bool, in_place: bool) -> bool:
        """A kept screen stays as it is; an old one is replaced, so that it can be deleted."""
        if old.kept:
            return not fresh
        young = self.now - old.sent_at < REPLACE_AFTER
        return young and (not fresh or in_place or self.session.reading == "edit")

    def _clear(self, old: Screen | None, *, typed: bool) -> None:
        """Remove the screen that was answered, and the words that answered it."""
        session = self.session
        if typed and not session.delete_typed:
            return
        words = (self.event.message_id,) if self.event.message_id is not None else ()
        controls = self.shows("chat")
        stays = old is None or old.kept or (session.reading == "new" and not controls)
        refs = () if stays or old is None else (old.ref,)
        if refs or words:
            self.do(Remove(refs, words))

    def take_over(self, ref: Ref, sent_at: datetime) -> None:
        """Show the place in a message that was not the screen so far."""
        old = self.session.screen
        self.change(screen=Screen(ref, token_from(self.event.seed), sent_at), spent=())
        self.show(in_place=True)
        if old is not None and old.ref != ref and not old.kept and self.session.reading == "edit":
            self.do(Remove((old.ref,)))

    def dull(self, ref: Ref) -> None:
        """Make a message unreadable, then delete it."""
        self.do(Dull(ref))
        self.do(Remove((ref,)))
