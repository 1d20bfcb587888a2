"""A survivor and her chat, in memory: drives ``hear`` and ``advance`` and keeps what she would see.

It renders every message, so that a test can speak of labels and words, and it plays the part of the
desk by the functions of ``bot.core.case``. It knows nothing of storage or Telegram.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from bot.core import case as cases
from bot.core import effects as do
from bot.core import events
from bot.core.advance import Outcome, advance, begin
from bot.core.case import Case
from bot.core.events import Arrived, Event
from bot.core.ids import Cause, ChoiceId, Language, PersonId, Ref
from bot.core.message import Button, Content
from bot.core.session import Session, from_json, to_json
from bot.hearing.listen import hear
from bot.service.editions import Edition, build
from bot.service.publishing import read_input

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""A Monday, noon in New York."""

STAFF = PersonId("staff-one")


@cache
def shipped() -> Edition:
    """The flows and catalogues of the project, as served."""
    edition, issues = build(read_input(ROOT / "flows", ROOT / "locales"), "US-NY", checked=True)
    assert edition is not None, issues
    return edition


def small(**flows: str) -> Edition:
    """An edition with own flows beside the shipped system screens; the first flow is the start."""
    files = read_input(ROOT / "flows", ROOT / "locales")
    kept = ("always.yaml", "phrases.yaml", "desk.yaml", "resources.yaml", "contact.yaml")
    mine = {
        name: data
        for name, data in files.items()
        if name.startswith("flows/danger/") or name.endswith(kept)
    }
    for name, text in flows.items():
        mine[f"flows/{name}.yaml"] = f"flow: {name}\ntitle: T\n{text}".encode()
    for name in ("start", "ways", "needs"):
        if name not in flows:
            mine[f"flows/{name}.yaml"] = files[f"flows/{name}.yaml"]
    for name in ("restorative", "court", "support", "rest"):
        mine.setdefault(f"flows/{name}.yaml", files[f"flows/{name}.yaml"])
    edition, issues = build(mine, "US-NY", checked=True)
    assert edition is not None, issues
    return edition


@dataclass(repr=False)
class Survivor:
    """One person. ``chat`` is what her phone shows: messages of ours by name, oldest first."""

    edition: Edition = field(default_factory=shipped)
    language: str = "en"
    now: datetime = NOON
    count: int = 0
    session: Session = field(init=False)
    effects: tuple[do.Effect, ...] = ()
    event: Event | None = None
    chat: dict[Ref, Content] = field(default_factory=dict)
    hers: set[int] = field(default_factory=set)
    dull: set[Ref] = field(default_factory=set)
    timers: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    consents: list[do.RecordConsent] = field(default_factory=list)
    reload: bool = False
    """Save and load the session between any two events, as the store does."""

    def __post_init__(self) -> None:
        self.session = begin(self.edition.rules, "seed of a person", Language(self.language))

    # ------------------------------------------------------------ what she does

    def happens(self, what: events.What) -> Outcome:
        """One update of hers."""
        self.count += 1
        arrived = Arrived(
            Cause(f"update:survivor:{self.count}"),
            "survivor",
            1,
            f"seed {self.count:012d}",
            what,
            self.language,
        )
        if hasattr(what, "message_id") and not isinstance(what, events.Pressed | events.Edited):
            self.hers.add(what.message_id)
        event = hear(arrived, self.session, self.edition.rules, self.edition.vocabulary)
        return self.apply(event)

    def apply(self, event: Event) -> Outcome:
        """One heard event, or a timer."""
        self.event = event
        outcome = advance(self.edition.rules, self.session, event, self.now)
        self.session, self.effects = outcome.session, outcome.effects
        if self.reload:
            stored = json.loads(json.dumps(to_json(self.session)))
            self.session = from_json(stored, self.session.case)
        for effect in outcome.effects:
            self._show(effect)
        return outcome

    def starts(self) -> Outcome:
        """``/start``."""
        return self.happens(events.Began(1000 + self.count))

    def types(self, text: str) -> Outcome:
        """Words."""
        return self.happens(events.Typed(text, 1000 + self.count))

    def presses(self, label: str) -> Outcome:
        """A button of the current screen, by its label."""
        found = [button for button in self.buttons if button.label == label]
        assert found, f"no button {label!r} among {self.labels}"
        return self.sends(found[0].data)

    def sends(self, data: str) -> Outcome:
        """Callback data, whatever it is."""
        return self.happens(events.Pressed(data, "q", None))

    def passes(self, **span: float) -> None:
        """Time, without anything happening."""
        self.now += timedelta(**span)

    def timer(self, name: str) -> Outcome:
        """A timer comes due."""
        due, token = self.timers.pop(name)
        self.now = max(self.now, due)
        kind = name.partition(":")[0]
        heard: dict[str, events.Heard] = {
            "silence": events.Fell(token),
            "aged": events.ScreenAged(Ref(token)),
            "consent": events.ConsentEnded(token),
        }
        self.count += 1
        return self.apply(Event(heard[kind], f"seed {self.count:012d}", answers_touch=False))

    def goes_to(self, step: str) -> None:
        """Stand at a step, with its screen in the chat."""
        self.session = replace(self.session, at=step, over=(), pending=None)
        self.starts()

    # ------------------------------------------------------------ what the desk does

    @property
    def case(self) -> Case:
        """Her request."""
        assert self.session.case is not None
        return self.session.case

    def desk(self, **changes: object) -> None:
        """The desk changes the case; she is not told."""
        self.session = replace(self.session, case=replace(self.case, **changes))

    def claimed(self) -> None:
        """A staff member takes her request, which is news for her."""
        taken = cases.claim(self.case, STAFF, self.now)
        assert taken is not None
        self.session = replace(self.session, case=replace(taken, news=True))

    def asks_for_a_person(self) -> None:
        """All the way from anywhere to a request that waits."""
        self.types("person")
        self.presses("See how it works")
        self.presses("Yes, a person may write to me")
        self.presses("Eastern (New York)")
        self.presses("Morning (8 am to noon)")
        self.presses("Done")
        self.presses("Done")
        self.presses("Skip this")
        self.presses("Send this to staff")

    def talks(self) -> None:
        """In a live talk."""
        self.starts()
        self.asks_for_a_person()
        self.claimed()
        self.types("person")
        self.presses("Write to the person")
        self.passes(minutes=5)

    # ------------------------------------------------------------ what she sees

    @property
    def screen(self) -> Content:
        """The screen."""
        assert self.session.screen is not None, "there is no screen"
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

    def did(self, kind: type) -> list:
        """The effects of that kind that the last event had."""
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def sent(self) -> bool:
        """Whether the last event put a new message into her chat."""
        new = [show for show in self.did(do.Show) if not show.edit]
        return bool(new or self.did(do.Say) or self.did(do.Nudge) or self.did(do.ShowHeld))

    def _show(self, effect: do.Effect) -> None:  # noqa: C901, PLR0912 - one table, a line an effect
        screens, language = self.edition.screens, self.session.language
        match effect:
            case do.Show(ref):
                self.chat[ref] = screens.screen(self.session, self.edition.rules, effect, self.now)
            case do.Say("always.crisis_line", ref, values):
                self.chat[ref] = screens.crisis_line(str(values["rule"]), language)
            case do.Say(phrase, ref, values):
                self.chat[ref] = screens.line(phrase, language, values)
            case do.Nudge(ref):
                self.chat[ref] = screens.nudge(ref, language)
            case do.ShowHeld(into):
                if into is not None:
                    self.chat[into] = Content("The desk: words")
            case do.Dull(ref, phrase):
                self.chat[ref] = screens.line(phrase, language)
                self.dull.add(ref)
            case do.Remove(refs, numbers):
                for ref in refs:
                    self.chat.pop(ref, None)
                self.hers -= set(numbers)
            case do.RemoveAll(spare):
                self.chat = {ref: shown for ref, shown in self.chat.items() if ref == spare}
                self.hers.clear()
            case do.SetTimer(name, due_at, token):
                self.timers[name] = (due_at, token)
            case do.DropTimers(names):
                for name in names:
                    self._drop(name)
            case do.RecordConsent():
                self.consents.append(effect)
            case _:
                pass

    def _drop(self, name: str) -> None:
        prefix = name.removesuffix("*")
        for known in list(self.timers):
            if known == name or (name != prefix and known.startswith(prefix)):
                del self.timers[known]


def choice(step: str, name: str, edition: Edition | None = None, language: str = "en") -> str:
    """The label of one choice."""
    words = (edition or shipped()).screens
    return words.label(step, ChoiceId(name), Language(language))
