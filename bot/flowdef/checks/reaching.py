"""Checks about places to call: their kinds, what a list picks them by, and the countries."""

from collections.abc import Iterator
from typing import get_args

from bot.core.rules import COUNTRY, Reach
from bot.flowdef.fields import did_you_mean
from bot.flowdef.model import Issue, Kind, Library, StepDef

KINDS: tuple[str, ...] = get_args(Kind)
REACHES: tuple[str, ...] = get_args(Reach)
EMERGENCY = "emergency"


def unknown_kind(library: Library) -> Iterator[Issue]:
    """Entries and lists of them name kinds that exist, and lists name answers that are saved."""
    for each in library.resources:
        where = f"resources.{each.id}"
        for kind in each.kinds:
            if kind not in KINDS:
                what = f"There is no kind `{kind}`."
                yield Issue(each.place, "unknown_kind", where, what, did_you_mean(kind, KINDS))
    for step in library.steps.values():
        if step.listing is not None:
            yield from _listed(library, step)


def _listed(library: Library, step: StepDef) -> Iterator[Issue]:
    listing = step.listing
    if listing is None:
        return
    stands_for = dict(listing.kinds_for)
    for kind in (*listing.kinds, *(kind for kinds in stands_for.values() for kind in kinds)):
        if kind not in KINDS:
            what = f"There is no kind `{kind}`."
            yield Issue(step.place, "unknown_kind", step.id, what, did_you_mean(kind, KINDS))
    names = (listing.kinds_from, *listing.region_from, listing.reach_from)
    for name in names:
        if name and name not in library.saved:
            what, todo = f"Nothing is saved as `{name}`.", did_you_mean(name, library.saved)
            yield Issue(step.place, "unknown_kind", step.id, what, todo)
    for mark in _marks(library, listing.kinds_from):
        if mark not in KINDS and mark not in stands_for:
            what = f"The answer `{mark}` is no kind, so it would find nothing."
            todo = f"Write under `kinds_for:` which kinds stand for it: `{mark}: [any]`."
            yield Issue(step.place, "unknown_kind", step.id, what, todo)


def _marks(library: Library, name: str) -> Iterator[str]:
    """What can be answered under a name by a button."""
    for step in library.saved.get(name, ()):
        yield from (choice.saved for choice in step.choices if step.kind != "ask")


def unknown_reach(library: Library) -> Iterator[Issue]:
    """Each mark that a list is filtered by is a way of reaching a line that the program knows."""
    for step in library.steps.values():
        for mark in _marks(library, step.listing.reach_from if step.listing is not None else ""):
            if mark not in REACHES:
                what = f"The answer `{mark}` is no way of reaching a line."
                todo = did_you_mean(mark, REACHES)
                yield Issue(step.place, "unknown_reach", step.id, what, todo)


def unknown_country(library: Library) -> Iterator[Issue]:
    """``do: country`` names one whose emergency number is there; every country has such a line."""
    countries = [each.region.partition("-")[0] for each in library.resources]
    served = {each.region for each in library.resources if EMERGENCY in each.kinds}
    for country in sorted(set(countries) - served - {""}):
        each = library.resources[countries.index(country)]
        what = f"No entry has the emergency number of `{country}`."
        todo = f"Write one with `region: {country}` and `kind: [emergency]`."
        yield Issue(each.place, "unknown_country", f"resources.{each.id}", what, todo)
    for step in library.steps.values():
        for choice in (each for each in step.choices if each.verb == "country"):
            if choice.argument and choice.argument not in served:
                what = f"No entry has the emergency number of `{choice.argument}`."
                todo = did_you_mean(choice.argument, sorted(served))
                yield Issue(choice.place, "unknown_country", step.id, what, todo)
            elif COUNTRY not in library.saved:
                what = f"Nothing is saved as `{COUNTRY}`, so it could not be changed."
                todo = f"Ask for it in some step: `ask: {{save: {COUNTRY}, as: place}}`."
                yield Issue(choice.place, "unknown_country", step.id, what, todo)
