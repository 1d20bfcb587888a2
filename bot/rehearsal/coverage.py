"""What flows owe a rehearsal, and what of it was exercised: by step, by way on, by language.

A step is exercised in a language when its screen was drawn in it; a way on when it was taken: each
choice, the button that goes on, an answer typed, silence, and a ``when`` that held and one that did
not. Everything that never happened is listed with its place in the flow file.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.ids import Language, StepId
from bot.flowdef.model import Library, Place, StepDef
from bot.flowdef.steps import GOING_ON

from .trace import DONE, NEXT, SHOWN, SILENCE, SKIPPED, WORDS, Trace


@dataclass(frozen=True, slots=True)
class Missing:
    """Something never exercised. ``way`` is empty for the screen itself."""

    place: Place
    step: StepId
    way: str
    languages: tuple[Language, ...]

    def __str__(self) -> str:
        at = f"{self.place.file}:{self.place.line}:{self.place.column}"
        what = f"{self.step}, {self.way}" if self.way else f"{self.step} is never shown"
        return f"{at}: {what} ({', '.join(self.languages)})"


@dataclass(frozen=True, slots=True)
class Row:
    """One flow. ``screens`` and ``ways`` are how many were exercised, by language."""

    flow: str
    steps: int
    screens: dict[Language, int]
    of_ways: int
    ways: dict[Language, int]


@dataclass(frozen=True, slots=True)
class Coverage:
    """All flows, and what is missing, in the order of the files."""

    rows: tuple[Row, ...]
    languages: tuple[Language, ...]
    missing: tuple[Missing, ...]

    def share(self, language: Language) -> float:
        """The smaller of the two shares of a language, of screens and of ways, in percent."""
        screens = sum(row.screens[language] for row in self.rows)
        ways = sum(row.ways[language] for row in self.rows)
        return min(
            percent(screens, sum(row.steps for row in self.rows)),
            percent(ways, sum(row.of_ways for row in self.rows)),
        )

    @property
    def least(self) -> float:
        """The share of the language that is exercised least."""
        return min((self.share(language) for language in self.languages), default=100.0)


def percent(part: int, whole: int) -> float:
    """A share of nothing is all of it."""
    return 100 * part / whole if whole else 100.0


def coverage(
    library: Library,
    languages: tuple[Language, ...],
    trace: Trace,
    flows: tuple[str, ...] = (),
) -> Coverage:
    """Compare; ``flows`` narrows it to some."""
    rows: list[Row] = []
    missing: list[Missing] = []
    for flow in library.flows:
        if flows and flow.id not in flows:
            continue
        steps = [step for step in flow.steps if _is_seen(step)]
        screens = [(step.id, "", step.place) for step in steps]
        ways = [(step.id, way, place) for step in flow.steps for way, place in ways_of(step)]
        rows.append(
            Row(
                flow.id,
                len(screens),
                {one: sum((step, one) in trace.screens for step, _, _ in screens)
                 for one in languages},
                len(ways),
                {one: sum((step, way, one) in trace.ways for step, way, _ in ways)
                 for one in languages},
            )
        )  # fmt: skip
        missing += _never(screens + ways, languages, trace)
    return Coverage(tuple(rows), languages, tuple(sorted(missing, key=lambda one: one.place)))


def _is_seen(step: StepDef) -> bool:
    """Whether a step has a screen, or (an included flow) is at least passed through."""
    return step.say is not None or bool(step.choices) or step.kind == "include"


def ways_of(step: StepDef) -> Iterator[tuple[str, Place]]:
    """Every way out of a step, and both outcomes of its condition, with the place of each."""
    for choice in step.choices:
        yield choice.id, choice.place
    if step.kind in GOING_ON:
        yield NEXT, step.next.place if step.next is not None else step.place
    if step.kind == "choose_many":
        yield DONE, step.place
    if step.kind == "ask":
        yield WORDS, step.place
    if step.then or step.kind == "wait":
        yield SILENCE, step.place
    if step.when is not None:
        yield SHOWN, step.when.place
        yield SKIPPED, step.when.place


def _never(
    owed: list[tuple[StepId, str, Place]], languages: tuple[Language, ...], trace: Trace
) -> Iterator[Missing]:
    for step, way, place in owed:
        done = {
            one
            for one in languages
            if ((step, way, one) in trace.ways if way else (step, one) in trace.screens)
        }
        if len(done) < len(languages):
            yield Missing(place, step, way, tuple(one for one in languages if one not in done))
