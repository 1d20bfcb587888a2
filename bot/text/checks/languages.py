"""Rules about whole languages, and about flows that lie beside each other."""

from collections.abc import Iterator

from bot.flowdef.model import Flow, Issue, Library, Place, StepDef, Text
from bot.text import markup
from bot.text.catalog import Catalogues, Translations
from bot.text.words import lacking_in

MOST_UNEVEN = 2.0
FEW_WORDS = 12
"""A smaller difference between two pages is not worth a word."""


def broken_catalogue(library: Library, catalogues: Catalogues) -> Iterator[Issue]:  # noqa: ARG001 - one shape
    """Every PO file can be read, and its header fits its folder."""
    yield from catalogues.issues


def missing_translation(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """Texts with ``translated: required`` are there; without them a language is not offered."""
    for language, translations in catalogues.by_language.items():
        for text in lacking_in(library, translations):
            entry = translations.entries.get(text.ctx)
            fuzzy = entry is not None and entry.fuzzy
            place = entry.place if entry is not None else translations.place
            what = (
                f"The {language} text is marked fuzzy, and this text must be right."
                if fuzzy
                else f"The {language} text is missing or made from other English words."
            )
            todo = "Until somebody translates it, this language is not offered."
            yield Issue(place, "missing_translation", text.ctx, what, todo)


def unfinished_language(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """Ordinary texts that are shown in English for want of a translation, counted."""
    for language, translations in catalogues.by_language.items():
        missing = [text for text in library.texts.values() if _lacks(translations, text)]
        if missing:
            total = len(library.texts)
            what = f"{len(missing)} of {total} texts are in English, first {missing[0].ctx}."
            todo = f"Run `python -m bot update` and translate {translations.place.file}."
            at = translations.place
            yield Issue(at, "unfinished_language", language, what, todo, "warning")


def _lacks(translations: Translations, text: Text) -> bool:
    return not text.required and translations.of(text.ctx, text.msgid) is None


def obsolete_translation(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """A catalogue has no translations of texts that the flows no longer have."""
    for language, translations in catalogues.by_language.items():
        gone = [entry for ctx, entry in translations.entries.items() if ctx not in library.texts]
        if gone:
            what = f"{len(gone)} translations belong to no text, first {gone[0].ctx}."
            todo = "Run `python -m bot update`: it keeps them at the end, marked as obsolete."
            yield Issue(gone[0].place, "obsolete_translation", language, what, todo, "warning")


def missing_danger_rules(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """Every language has its words of danger."""
    there = {rule.language for rule in library.danger}
    for language in catalogues.languages:
        if language not in there:
            place = Place(f"flows/danger/{language}.yaml", 1, 1)
            what = "This language has no danger rules."
            todo = "Write them in this file."
            yield Issue(place, "missing_danger_rules", language, what, todo)


def unknown_language(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """``do: language`` names a language that has a catalogue."""
    for step in library.steps.values():
        for choice in step.choices:
            named = choice.argument if choice.verb == "language" else ""
            if named and named not in catalogues.languages:
                what = f"There is no catalogue for `{named}`."
                todo = f"Write locales/{named}/LC_MESSAGES/messages.po, or delete the choice."
                yield Issue(choice.place, "unknown_language", step.id, what, todo)


def uneven_ways(library: Library, catalogues: Catalogues) -> Iterator[Issue]:  # noqa: ARG001 - one shape
    """Flows of one ``parallel`` have the same steps in the same order, at about equal length."""
    groups: dict[str, list[Flow]] = {}
    for flow in library.flows:
        if flow.parallel:
            groups.setdefault(flow.parallel, []).append(flow)
    for flows in groups.values():
        first, *others = flows
        for other in others:
            yield from _other_steps(first, other)
        yield from _other_lengths(flows)


def _other_steps(first: Flow, other: Flow) -> Iterator[Issue]:
    names = [_name(step) for step in first.steps]
    for place, step in enumerate(other.steps):
        wanted = names[place] if place < len(names) else ""
        if _name(step) != wanted:
            what = f"This is `{_name(step)}`, where `{first.id}` has "
            what += f"`{wanted}`." if wanted else "no more steps."
            todo = f"Give flows that are `parallel: {other.parallel}` the same steps."
            yield Issue(step.place, "uneven_ways", step.id, what, todo)
            return
    if len(other.steps) < len(names):
        what = f"The step `{names[len(other.steps)]}` of `{first.id}` is missing here."
        todo = f"Give flows that are `parallel: {other.parallel}` the same steps."
        yield Issue(other.place, "uneven_ways", other.id, what, todo)


def _other_lengths(flows: list[Flow]) -> Iterator[Issue]:
    by_name: dict[str, list[StepDef]] = {}
    for flow in flows:
        for step in flow.steps:
            by_name.setdefault(_name(step), []).append(step)
    for steps in by_name.values():
        yield from _other_headings(steps)
        lengths = {step: _length(step) for step in steps}
        shortest = min(steps, key=_length)
        for step in steps:
            long, short = lengths[step], lengths[shortest]
            if long - short > FEW_WORDS and long > MOST_UNEVEN * short:
                if "uneven_ways" in step.waived or "uneven_ways" in shortest.waived:
                    continue
                what = f"This page has {long} words, and `{shortest.id}` has {short}."
                todo = "Give both about the same length, or waive `uneven_ways` with a reason."
                yield Issue(step.place, "uneven_ways", step.id, what, todo, "warning")


def _other_headings(steps: list[StepDef]) -> Iterator[Issue]:
    """Pages of one place begin with the same bold line, or none of them with one."""
    first, *others = steps
    for step in others:
        if _heading(step) != _heading(first) and "uneven_ways" not in step.waived:
            what = f"The page is headed `{_heading(step) or 'nothing'}`, "
            what += f"and `{first.id}` is headed `{_heading(first) or 'nothing'}`."
            todo = "Give both the same heading, or waive `uneven_ways` with a reason."
            yield Issue(step.place, "uneven_ways", step.id, what, todo, "warning")


def _heading(step: StepDef) -> str:
    line = step.say.source.partition("\n")[0].strip() if step.say is not None else ""
    return line.strip("*") if line.startswith("*") and line.endswith("*") else ""


def _name(step: StepDef) -> str:
    return step.id.partition(".")[2]


def _length(step: StepDef) -> int:
    if step.say is None:
        return 0
    template = markup.parse(step.say.source)
    return len(template.plain(dict.fromkeys(template.names, "")).split())
