"""How far each language is: what is done, fuzzy, missing and obsolete, counted or one by one.

Counts what the files say now, before any merging: an entry made from other English words is fuzzy,
whatever its flag. Knows catalogues and texts, not why a text matters to whom.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from babel.messages import Catalog
from babel.messages.catalog import Message

from bot.core.ids import Language
from bot.flowdef.model import Issue, Library, Place, Text

from .catalog import Catalogues
from .merging import BrokenCatalogue, former_names, opened, path_of
from .pofile import forms_of, ids_of

State = Literal["missing", "fuzzy", "done"]
MOST_QUOTED = 40


@dataclass(frozen=True, slots=True)
class Progress:
    """One language in figures. ``lacking``: the required texts without which it is refused."""

    language: Language
    total: int
    done: int
    fuzzy: int
    missing: int
    obsolete: int
    lacking: tuple[str, ...]
    revised: date | None
    """The day the header names as that of the last revision."""

    broken: str = ""
    """Why the file cannot be served, in words; empty when it can."""

    @property
    def offered(self) -> bool:
        """Whether people can choose this language."""
        return not self.lacking and not self.broken


def state_of(message: Message | None, text: Text) -> State:
    """What an entry is worth for a text. A plural with an empty form is missing."""
    if message is None or not all(forms_of(message)):
        return "missing"
    english = ids_of(message)
    same = english == ((text.one, text.source) if text.one else (text.source,))
    return "done" if same and not message.fuzzy else "fuzzy"


def progress(library: Library, locales: Path, language: Language) -> Progress:
    """The figures of one language, as its file stands."""
    total = len(library.texts)
    refused = [
        issue for issue in _read_as_served(locales, language).issues if issue.severity == "error"
    ]
    try:
        catalog = opened(locales, language)
    except BrokenCatalogue as problem:
        lacking = tuple(text.ctx for text in library.texts.values() if text.required)
        return Progress(language, total, 0, 0, total, 0, lacking, None, str(problem))
    entries = _entries(catalog)
    states = {ctx: state_of(entries.get(ctx), text) for ctx, text in library.texts.items()}
    counted = list(states.values())
    return Progress(
        language=language,
        total=total,
        done=counted.count("done"),
        fuzzy=counted.count("fuzzy"),
        missing=counted.count("missing"),
        obsolete=sum(1 for _ in _obsolete(library, catalog)),
        lacking=tuple(
            text.ctx
            for text in library.texts.values()
            if text.required and states[text.ctx] != "done"
        ),
        revised=_revised(catalog),
        broken=str(refused[0]) if refused else "",
    )


def issues_of(library: Library, locales: Path, language: Language) -> tuple[Issue, ...]:
    """Every text of one language that waits for a translator, at its line of the PO file.

    Only warnings. What stops a language from being offered is among the Issues of
    ``bot.text.checks`` (``missing_translation``) and is left out here.
    """
    file = f"{locales.name}/{language}/LC_MESSAGES/messages.po"
    try:
        catalog = opened(locales, language)
    except BrokenCatalogue:
        return ()
    entries = _entries(catalog)
    found = [
        issue
        for text in library.texts.values()
        if not text.required
        for issue in _waiting(text, entries.get(text.ctx), file)
    ]
    names = {was: ctx for ctx, was in former_names(library).items()}
    for message in _obsolete(library, catalog):
        ctx = str(message.context)
        what = "No flow has this text any longer."
        todo = "Keep it in case it comes back, or run `update --drop-obsolete`."
        if ctx in names:
            what = f"This text is now `{names[ctx]}`."
            todo = "Run `python -m bot update`: it keeps the translation."
        found.append(Issue(_at(message, file), "text_obsolete", ctx, what, todo, "warning"))
    return tuple(sorted(found, key=lambda issue: (issue.place, issue.rule, issue.id)))


def _waiting(text: Text, message: Message | None, file: str) -> Iterator[Issue]:
    english = text.source.split("\n", 1)[0]
    quoted = english if len(english) <= MOST_QUOTED else f"{english[: MOST_QUOTED - 1]}…"
    at = Place(file, 1, 1) if message is None else _at(message, file)
    match state_of(message, text):
        case "missing":
            what = f"Not translated: “{quoted}”."
            todo = "Translate it." if message is not None else "Run `python -m bot update` first."
            yield Issue(at, "text_missing", text.ctx, what, todo, "warning")
        case "fuzzy":
            what = f"Fuzzy, so the English is shown: “{quoted}”."
            todo = "Compare it with the English, mend it, and take the mark `fuzzy` away."
            yield Issue(at, "text_fuzzy", text.ctx, what, todo, "warning")
        case "done":
            return


def _read_as_served(locales: Path, language: Language) -> Catalogues:
    path = path_of(locales, language)
    files = {str(language): path.read_bytes()} if path.exists() else {}
    return Catalogues.load_files(files, folder=locales.name)


def _entries(catalog: Catalog | None) -> dict[str, Message]:
    return {str(message.context): message for message in (catalog or ()) if message.id}


def _obsolete(library: Library, catalog: Catalog | None) -> Iterator[Message]:
    """Entries no text asks for: set aside already, or still among the others."""
    if catalog is not None:
        yield from catalog.obsolete.values()
        yield from (m for m in catalog if m.id and m.context not in library.texts)


def _at(message: Message, file: str) -> Place:
    return Place(file, message.lineno or 1, 1)


def _revised(catalog: Catalog | None) -> date | None:
    revised = None if catalog is None else catalog.revision_date
    return revised.date() if isinstance(revised, datetime) else None
