"""Playing one scenario in one language: each line's meaning, and what to say when it fails.

The first line that does not hold ends the run: what follows it would only be noise. A failure is a
sentence with the place of its line, what she sees instead, and the conversation so far.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.core.ids import StepId
from bot.flowdef.model import Place
from bot.service.editions import Edition

from .acting import perform, short, told
from .comparing import DoesNotHold, check
from .meaning import BrokenPromise
from .person import CannotDo, Person
from .scenario import NOWHERE, Act, Line, Says, Scenario
from .trace import Trace

LOST: Final = StepId("gone.away")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a scenario does not hold in one language. ``sees`` and ``so_far`` are for reading."""

    place: Place
    name: str
    language: str
    what: str
    sees: tuple[str, ...] = ()
    so_far: tuple[str, ...] = ()

    def __str__(self) -> str:
        at = f"{self.place.file}:{self.place.line}:{self.place.column}"
        told = (f"{at}: {self.name} ({self.language}): {self.what}", *self.sees, "So far:")
        return "\n    ".join((*told, *(f"  {line}" for line in self.so_far)))


@dataclass(slots=True)
class Played:
    """Every run of some scenarios: how many, what failed, what was exercised."""

    runs: int = 0
    failures: list[Failure] = field(default_factory=list)
    trace: Trace = field(default_factory=Trace)


def play_all(
    scenarios: tuple[Scenario, ...],
    edition: Edition,
    *,
    languages: tuple[str, ...] = (),
    told: Callable[[], None] = lambda: None,
) -> Played:
    """Play each scenario in each of its languages (only in ``languages``, when some are named)."""
    played = Played()
    for scenario in scenarios:
        for language in languages_of(scenario, edition):
            if languages and language not in languages:
                continue
            played.runs += 1
            failure = play(scenario, edition, language, played.trace)
            played.failures += [failure] if failure is not None else []
            told()
    return played


def languages_of(scenario: Scenario, edition: Edition) -> tuple[str, ...]:
    """The languages it names, else every spoken one in which all its typed words are there."""
    words = [line.words for line in scenario.lines if isinstance(line, Says)]
    return scenario.languages or tuple(
        language
        for language in edition.words.languages
        if all(wording.of(language) is not None for wording in words)
    )


def play(scenario: Scenario, edition: Edition, language: str, trace: Trace) -> Failure | None:
    """One run, from a new person to the last line. None: everything held."""
    person = Person(edition, language, trace=trace)
    run = _Run(scenario, person, scenario.place)
    try:
        run.begin()
        for line in scenario.lines:
            run.line(line)
        run.end()
    except (CannotDo, DoesNotHold, BrokenPromise) as found:
        seen = _sees(person)
        return Failure(run.place, scenario.name, language, str(found), seen, tuple(run.log))
    return None


@dataclass(slots=True)
class _Run:
    """One run: the line it has come to, and what was done and seen so far."""

    scenario: Scenario
    person: Person
    place: Place
    log: list[str] = field(default_factory=list)

    def begin(self) -> None:
        spoken = self.person.edition.words.languages
        if self.person.language not in spoken:
            msg = f"These flows are not spoken in `{self.person.language}`."
            raise CannotDo(msg)
        begin(self.scenario, self.person)
        self.log.append(f"begins → {_glimpse(self.person)}")

    def line(self, line: Line) -> None:
        self.place = line.place
        if isinstance(line, Act):
            what = told(line, self.person)
            perform(line, self.person)
            self.log.append(f"{what} → {_glimpse(self.person)}")
        else:
            check(line, self.person)

    def end(self) -> None:
        wanted, session = self.scenario.ends, self.person.session
        self.place = self.scenario.ends_at or self.place
        if wanted is not None and (session.away or session.place != wanted):
            stands = "has left" if session.away else f"stands at `{session.place}`"
            msg = f"It should end at `{wanted}`, but she {stands}."
            raise DoesNotHold(msg)


def begin(scenario: Scenario, person: Person) -> None:
    """At the door, or at a step with what was answered before. Raises CannotDo."""
    if scenario.start is None and not scenario.answers and not scenario.consents:
        person.starts()
        return
    start = LOST if scenario.start == NOWHERE else scenario.start or person.rules.start
    person.stands_at(start, dict(scenario.answers), scenario.consents)


def _glimpse(person: Person) -> str:
    if person.seen is None:
        return "no screen"
    return f"{person.seen.step}: {short(person.seen.content.text)}"


def _sees(person: Person) -> tuple[str, ...]:
    if person.seen is None:
        return ("She sees: no screen.",)
    buttons = ", ".join(person.seen.buttons)
    return (f"She sees: {_glimpse(person)}", f"Buttons: {buttons}")
