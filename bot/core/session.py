"""A session: where one survivor stands, and nothing about who she is.

Immutable; ``advance`` returns a new one. ``to_json`` and ``from_json`` are exact inverses (a
property test holds them to it), and ``from_json`` reads every older form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from .case import Case
from .ids import ChoiceId, Language, Ref, StepId, Token
from .rules import COUNTRY, Answers

FORM = 1
"""The form of the JSON below. A new one needs a branch in ``from_json`` and a test of it."""

TRAIL_LIMIT = 40
Reading = Literal["edit", "new"]


@dataclass(frozen=True, slots=True)
class Screen:
    """The one message that shows the current step. ``sent_at`` decides edit or replace (40 h).

    ``kept``: it stays in the chat as it is; what follows comes below it.
    """

    ref: Ref
    token: Token
    sent_at: datetime
    kept: bool = False


class Stood(NamedTuple):
    """A place she was at before, with what held there: where Back leads.

    A named tuple, because forty of them are read back at every press.
    """

    at: StepId
    frames: tuple[StepId, ...] = ()
    visits: tuple[StepId, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """Something asked once and waiting for yes or no.

    ``suggestion``: a choice meant by typed words. ``page``: a screen that answers a question of
    hers. ``word``: an always-on word typed in live chat; ``words`` are what she typed then, so that
    they can still go to the desk.
    """

    kind: Literal["suggestion", "page", "word"]
    value: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A live consent: what for, when given, and when it ends by itself."""

    purpose: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """Where she stands. ``case`` is loaded beside it and stored in a row of its own."""

    structure: str
    at: StepId
    language: Language
    seed: str
    """Drawn once; the stable shuffle of choices derives from it."""
    over: tuple[StepId, ...] = ()
    """Overlays on top of ``at`` (numbers, language, live chat …); the last one is shown."""
    trail: tuple[Stood, ...] = ()
    """Where Back leads, newest last."""
    frames: tuple[StepId, ...] = ()
    """Include steps to return to when an included flow ends."""
    visits: tuple[StepId, ...] = ()
    """Steps, or overlays, to come back to after one visited step has been answered."""
    answers: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    consents: tuple[Given, ...] = ()
    screen: Screen | None = None
    pending: Pending | None = None
    reading: Reading = "edit"
    delete_typed: bool = True
    chosen_language: bool = False
    away: bool = False
    misses: int = 0
    """Texts not understood in a row."""
    danger: str = ""
    """The rule that fired last: what the danger screen says."""
    touched_at: datetime | None = None
    chat_screen_at: datetime | None = None
    spent: tuple[Token, ...] = ()
    """Tokens that earlier steps had on the very message that is the screen now."""
    page: int = 0
    """Which part of a list is shown, from 0."""
    door: str | None = None
    """At the neutral door after leaving: the country named there, or "". None: she is past it."""
    looked: tuple[str, ...] = ()
    """The flows with facts that she has looked at, in her order: for her own notes only."""
    nearest: tuple[StepId, ...] = ()
    """The screens that came nearest to her last question. The question itself is not kept."""
    presses: int = 0
    """Grows with every applied event of hers."""
    told_end: datetime | None = None
    """The end of a consent that she has been told is near."""
    case: Case | None = None

    @property
    def place(self) -> StepId:
        """The step that is shown: the top overlay, or the step she stands in."""
        return self.over[-1] if self.over else self.at

    @property
    def where(self) -> Answers:
        """The answers that choose whose numbers are shown.

        At the door nobody learns which country she once named, and nobody changes it. Words of
        danger are the exception: then the right number counts for more.
        """
        if self.door is None or (self.danger and not self.door):
            return self.answers
        return {COUNTRY: self.door}


def _time(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _read_time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def to_json(session: Session) -> dict[str, Any]:
    """The session as JSON values. The case is not part of it."""
    screen = session.screen
    pending = session.pending
    return {
        "form": FORM,
        "structure": session.structure,
        "at": session.at,
        "language": session.language,
        "seed": session.seed,
        "over": list(session.over),
        "trail": [[s.at, list(s.frames), list(s.visits)] for s in session.trail],
        "frames": list(session.frames),
        "visits": list(session.visits),
        "answers": {
            name: value if isinstance(value, str) else list(value)
            for name, value in session.answers.items()
        },
        "consents": [[g.purpose, _time(g.at), _time(g.until)] for g in session.consents],
        "screen": [screen.ref, screen.token, _time(screen.sent_at), screen.kept]
        if screen
        else None,
        "pending": [pending.kind, pending.value, pending.words] if pending else None,
        "reading": session.reading,
        "delete_typed": session.delete_typed,
        "chosen_language": session.chosen_language,
        "away": session.away,
        "misses": session.misses,
        "danger": session.danger,
        "touched_at": _time(session.touched_at),
        "chat_screen_at": _time(session.chat_screen_at),
        "spent": list(session.spent),
        "page": session.page,
        "door": session.door,
        "looked": list(session.looked),
        "nearest": list(session.nearest),
        "presses": session.presses,
        "told_end": _time(session.told_end),
    }


def from_json(data: Mapping[str, Any], case: Case | None = None) -> Session:
    """The inverse of :func:`to_json`. Raises ValueError for a form newer than this program."""
    if data["form"] != FORM:
        msg = (
            f"A session is stored in form {data['form']}, and this program reads form {FORM}. "
            "Start the newer version of the program."
        )
        raise ValueError(msg)
    screen, pending = data["screen"], data["pending"]
    return Session(
        structure=data["structure"],
        at=StepId(data["at"]),
        language=Language(data["language"]),
        seed=data["seed"],
        over=tuple(map(StepId, data["over"])),
        trail=tuple(
            Stood(at, tuple(frames), tuple(visits)) for at, frames, visits in data["trail"]
        ),
        frames=tuple(map(StepId, data["frames"])),
        visits=tuple(map(StepId, data["visits"])),
        answers={
            name: value if isinstance(value, str) else tuple(map(ChoiceId, value))
            for name, value in data["answers"].items()
        },
        consents=tuple(
            Given(purpose, datetime.fromisoformat(at), datetime.fromisoformat(until))
            for purpose, at, until in data["consents"]
        ),
        screen=(
            Screen(Ref(screen[0]), Token(screen[1]), datetime.fromisoformat(screen[2]), screen[3])
            if screen
            else None
        ),
        pending=Pending(*pending) if pending else None,
        reading=data["reading"],
        delete_typed=data["delete_typed"],
        chosen_language=data["chosen_language"],
        away=data["away"],
        misses=data["misses"],
        danger=data["danger"],
        touched_at=_read_time(data["touched_at"]),
        chat_screen_at=_read_time(data["chat_screen_at"]),
        spent=tuple(map(Token, data["spent"])),
        page=data.get("page", 0),
        door=data.get("door"),
        looked=tuple(data.get("looked", ())),
        nearest=tuple(map(StepId, data.get("nearest", ()))),
        presses=data["presses"],
        told_end=_read_time(data["told_end"]),
        case=case,
    )
