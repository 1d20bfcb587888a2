"""A conversation played by hand: one line that somebody types becomes one turn on the real engine.

Knows the commands and what each does; knows nothing of terminals, so a list of lines plays the same
way. What is played can be recorded as a scenario.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.core.ids import StepId
from bot.flowdef.fields import SPAN, UNITS, did_you_mean
from bot.flowdef.model import Library
from bot.hearing.vocabulary import COMMANDS as TELEGRAM_COMMANDS
from bot.service.editions import Edition

from .acting import perform
from .answers import Answer
from .meaning import BrokenPromise
from .person import CannotDo, Person
from .recording import HERE, Recorder
from .scenario import Act, Desk, Says, She, Taps, Waits, Wording

CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
HELP: Final[Mapping[str, str]] = {
    "3": "press button 3 (while she is asked for words: /3)",
    "any words": "type them, as she would",
    "/type WORDS": "type words that look like a number or a command",
    "/wait 25h": "let time pass: 10m, 24h, 30d",
    "/language es": "read in another language",
    "/goto STEP": "begin anew at a step, with the same answers and consents",
    "/leave": "Leave now",
    "/start": "Telegram's Start button",
    "/open": "the button under the neutral line",
    "/block, /unblock": "she blocks the bot, or takes it back",
    "/claim, /release, /close": "what the desk does",
    "/desk WORDS": "the desk writes to her",
    "/state": "what is kept, what was promised, and the whole chat",
    "/help": "this list",
    "/quit": "the end",
}
Answers = dict[str, Answer]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one line came to. ``note`` is for the person at the keyboard, not part of the chat."""

    note: str = ""
    drawn: bool = False
    """Whether the chat is worth showing again."""
    whole: bool = False
    """Whether everything that is known is to be shown."""
    over: bool = False


@dataclass(slots=True)
class Simulation:
    """One conversation after the other, and the record of them."""

    edition: Edition
    language: str = "en"
    recorder: Recorder = field(default_factory=Recorder)
    person: Person = field(init=False)

    def __post_init__(self) -> None:
        self.person = Person(self.edition, self.language)

    def begins(
        self, start: StepId | None, answers: Answers, consents: tuple[str, ...] = ()
    ) -> None:
        """The first screen, or that of a step. Raises CannotDo for a consent nobody asks for."""
        self.recorder.ends(self.person)
        self.person = Person(self.edition, self.language)
        if start is None and not answers and not consents:
            self.person.starts()
        else:
            at = start or self.person.rules.start
            self.person.stands_at(at, dict(answers), consents)
        self.recorder.begins(self.person, start, answers, consents)

    def ends(self) -> None:
        """Finish the record."""
        self.recorder.ends(self.person)

    def hears(self, line: str) -> Turn:
        """One line from the keyboard. Whatever cannot be done is said, and changes nothing."""
        line = CONTROL.sub("", line).strip()
        try:
            if not line:
                return Turn()
            if line.startswith("/"):
                return self._command(line)
            if line.isascii() and line.isdigit() and not self._asks():
                return self._does(Taps(HERE, (self._numbered(line),)))
            return self._does(self._words(line))
        except CannotDo as refusal:
            return Turn(str(refusal))
        except BrokenPromise as broken:
            return Turn(f"This must not happen, whatever a flow says: {broken}", drawn=True)

    # ------------------------------------------------------------ one line

    def _does(self, *acts: Act) -> Turn:
        for act in acts:
            perform(act, self.person)
            self.recorder.did(act, self.person)
        return Turn(drawn=True)

    def _words(self, text: str) -> Says:
        return Says(HERE, Wording(text))

    def _asks(self) -> bool:
        """Whether words, and so numbers too, are an answer here."""
        step = self.person.rules.step(self.person.session.place)
        return step is not None and step.kind == "ask"

    def _numbered(self, digits: str) -> str:
        names = self.person.seen.buttons if self.person.seen is not None else ()
        if not 1 <= int(digits) <= len(names):
            msg = f"There is no button {digits}."
            raise CannotDo(msg)
        return names[int(digits) - 1]

    def _command(self, line: str) -> Turn:  # noqa: C901, PLR0911, PLR0912 - one table, a line a command
        name, _, rest = line[1:].partition(" ")
        rest = rest.strip()
        match name:
            case "wait":
                return self._does(Waits(HERE, _span(rest)))
            case "type":
                return self._does(self._words(rest))
            case "language" if rest:
                return self._speaks(rest)
            case "goto":
                return self._goes(rest)
            case "leave":
                return self._does(She(HERE, "leaves"))
            case "start":
                return self._does(She(HERE, "starts"))
            case "block":
                return self._does(She(HERE, "blocks"))
            case "unblock":
                return self._does(She(HERE, "unblocks"))
            case "open":
                return self._does(Taps(HERE, ("open",)))
            case "claim":
                return self._does(Desk(HERE, "claims"))
            case "release":
                return self._does(Desk(HERE, "releases"))
            case "close":
                return self._does(Desk(HERE, "closes"))
            case "desk":
                return self._does(Desk(HERE, words=rest)) if rest else Turn("Write some words.")
            case "state":
                return Turn(drawn=True, whole=True)
            case "help":
                width = max(map(len, HELP))
                return Turn("\n".join(f"{key.ljust(width)}  {what}" for key, what in HELP.items()))
            case "quit":
                return Turn(over=True)
            case digits if digits.isascii() and digits.isdigit():
                return self._does(Taps(HERE, (self._numbered(digits),)))
            case word if word in TELEGRAM_COMMANDS:
                return self._does(self._words(line))
            case _:
                return Turn(f"There is no command `/{name}`. /help lists them.")

    def _goes(self, target: str) -> Turn:
        step = step_named(target, self.edition.library)
        session = self.person.session
        consents = tuple(given.purpose for given in session.consents)
        self.begins(step, dict(session.answers), consents)
        return Turn(drawn=True)

    def _speaks(self, language: str) -> Turn:
        """Through the screen of languages, as she would."""
        spoken = self.edition.words.languages
        if language not in spoken:
            msg = f"These flows are not spoken in `{language}`. {did_you_mean(language, spoken)}"
            raise CannotDo(msg)
        self._does(self._words("/language"))
        step = self.person.rules.step(self.person.session.place)
        for choice in step.choices if step is not None else ():
            if choice.verb == "language" and choice.argument == language:
                return self._does(Taps(HERE, (choice.id,)))
        return Turn(f"There is no button for `{language}` here.", drawn=True)


def _span(text: str) -> timedelta:
    found = SPAN.fullmatch(text)
    if found is None:
        msg = f"`{text}` is not a span of time. Write for example 10m, 24h or 30d."
        raise CannotDo(msg)
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def step_named(name: str, library: Library) -> StepId:
    """A step by its id, or the first one of a flow. Raises CannotDo."""
    found = library.resolve(name, "")
    if found is None:
        known = (*(flow.id for flow in library.flows), *library.steps)
        msg = f"There is no step or flow `{name}`. {did_you_mean(name, known)}"
        raise CannotDo(msg)
    return found
