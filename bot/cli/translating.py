"""Commands for translators: from flows to catalogues, to spreadsheets and back."""

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Settings

from .frame import FINE, PROBLEMS, WRONGLY, Add, say, settings_of

if TYPE_CHECKING:
    from bot.core.ids import Language
    from bot.flowdef.model import Library
    from bot.text.intake import Intake
    from bot.text.progress import Progress

ONLY = ("missing", "fuzzy", "all")
SEPARATORS = ("comma", "semicolon", "tab")
"""As in ``bot.text``, which other commands need not import; a test compares them."""


def register(add: Add) -> None:
    """Add these commands to the parser."""
    add("extract", _extract, "write messages.pot anew from the flows")
    update = add("update", _update, "bring catalogues up to the flows")
    update.add_argument("languages", nargs="*", metavar="language", help="es; none: all there are")
    update.add_argument(
        "--drop-obsolete", action="store_true", help="forget translations no flow asks for"
    )
    progress = add("progress", _progress, "show how far each language is")
    progress.add_argument(
        "languages", nargs="*", metavar="language", help="es; none: all there are"
    )
    export = add("export-csv", _export, "write one language as a table for spreadsheets")
    export.add_argument("language", help="for example es")
    export.add_argument("--out", type=Path, metavar="FILE", help="else <language>.csv")
    export.add_argument("--only", choices=ONLY, default="all", help="else all")
    export.add_argument("--separator", choices=SEPARATORS, default="comma", help="else comma")
    back = add("import-csv", _import, "take a table back into one language's catalogue")
    back.add_argument("language", help="for example es")
    back.add_argument("file", type=Path, metavar="FILE")
    back.add_argument(
        "--replace", action="store_true", help="also where the catalogue has changed since"
    )
    pseudo = add("pseudo", _pseudo, "write a made-up language that shows what a translation would")
    pseudo.add_argument("--rtl", action="store_true", help="written from right to left")
    pseudo.add_argument(
        "--out", type=Path, metavar="FOLDER", default=Path("pseudo-locales"), help="%(default)s"
    )


# ---------------------------------------------------------------- what the commands share


def _library(settings: Settings) -> "Library | None":
    """The flows; None, with words, when they have errors: their texts would count as removed."""
    from bot.flowdef.load import load

    library, issues = load(settings.flows)
    wrong = [issue for issue in issues if issue.severity == "error"]
    for issue in wrong:
        print(issue)
    if wrong:
        say("No catalogue was changed. Mend the errors above first.")
        return None
    return library


def _languages(named: list[str], locales: Path) -> "tuple[Language, ...]":
    """Those that were named, or all that have a catalogue. Raises NotALanguage."""
    from bot.text.merging import language_of, languages_in

    return tuple(dict.fromkeys(map(language_of, named))) or languages_in(locales)


def _none_yet(settings: Settings) -> int:
    print(f"There is no catalogue in {settings.locales} yet. Begin one: python -m bot update es")
    return FINE


# ---------------------------------------------------------------- catalogues


def _extract(_: argparse.Namespace) -> int:
    from bot.text.extract import extract

    settings = settings_of(bots=False)
    library = _library(settings)
    if library is None:
        return PROBLEMS
    extract(library, settings.locales)
    print(f"{settings.locales}/messages.pot is up to date with {settings.flows}.")
    return FINE


def _update(chosen: argparse.Namespace) -> int:
    from bot.text.merging import BrokenCatalogue, NotALanguage, update
    from bot.text.progress import progress

    settings = settings_of(bots=False)
    try:
        languages = _languages(chosen.languages, settings.locales)
    except NotALanguage as problem:
        say(str(problem))
        return WRONGLY
    library = _library(settings)
    if library is None:
        return PROBLEMS
    if not languages:
        return _none_yet(settings)
    result = FINE
    for language in languages:
        try:
            update(library, settings.locales, language, drop_obsolete=chosen.drop_obsolete)
        except BrokenCatalogue as problem:
            result = say(f"{problem} This file was not changed.")
            continue
        now = progress(library, settings.locales, language)
        print(
            f"{language} is up to date: {now.done} done, {now.fuzzy} fuzzy, {now.missing} missing, "
            f"{now.obsolete} obsolete."
        )
        if now.lacking:
            print(f"{language} is refused while {len(now.lacking)} required texts are not done.")
    return result


def _progress(chosen: argparse.Namespace) -> int:
    from bot.text.merging import NotALanguage
    from bot.text.progress import progress

    settings = settings_of(bots=False)
    try:
        languages = _languages(chosen.languages, settings.locales)
    except NotALanguage as problem:
        say(str(problem))
        return WRONGLY
    library = _library(settings)
    if library is None:
        return PROBLEMS
    if not languages:
        return _none_yet(settings)
    found = [progress(library, settings.locales, language) for language in languages]
    for line in _table([HEADER, *map(_figures, found)]):
        print(line)
    for each in found:
        if each.broken:
            print(f"\n{each.broken}")
        elif each.lacking:
            print(f"\n{each.language} is refused until these are translated:")
            print("\n".join(f"  {ctx}" for ctx in each.lacking))
    return FINE


HEADER = (
    "language", "done", "of", "fuzzy", "missing", "obsolete", "required missing", "offered",
    "last revision",
)  # fmt: skip


def _figures(found: "Progress") -> tuple[str, ...]:
    counted = (found.done, found.total, found.fuzzy, found.missing, found.obsolete)
    return (
        found.language,
        *map(str, (*counted, len(found.lacking))),
        "yes" if found.offered else "refused",
        found.revised.isoformat() if found.revised else "not noted",
    )


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as lines, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    last = len(HEADER) - 2
    return [
        "  ".join(
            cell.rjust(width) if 0 < place < last else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


# ---------------------------------------------------------------- spreadsheets


def _export(chosen: argparse.Namespace) -> int:
    from bot.text.merging import BrokenCatalogue, NotALanguage, language_of
    from bot.text.table import exported

    settings = settings_of(bots=False)
    try:
        language = language_of(chosen.language)
    except NotALanguage as problem:
        say(str(problem))
        return WRONGLY
    library = _library(settings)
    if library is None:
        return PROBLEMS
    try:
        rows, data = exported(library, settings.locales, language, chosen.only, chosen.separator)
    except BrokenCatalogue as problem:
        return say(str(problem))
    path: Path = chosen.out or Path(f"{language}.csv")
    path.write_bytes(data)
    which = "" if chosen.only == "all" else f" {chosen.only}"
    print(f"{path} has {rows}{which} of {len(library.texts)} texts.")
    return FINE


def _import(chosen: argparse.Namespace) -> int:
    from bot import app
    from bot.text.intake import imported
    from bot.text.merging import BrokenCatalogue, NotALanguage, language_of
    from bot.text.spreadsheet import NotASpreadsheet

    settings = settings_of(bots=False)
    try:
        language = language_of(chosen.language)
        data = chosen.file.read_bytes()
    except NotALanguage as problem:
        say(str(problem))
        return WRONGLY
    except OSError as problem:
        say(f"{chosen.file} cannot be read ({problem.strerror}).")
        return WRONGLY
    library = _library(settings)
    if library is None:
        return PROBLEMS
    now = app.now().replace(second=0, microsecond=0)
    try:
        found = imported(library, settings.locales, language, data, now=now, replace=chosen.replace)
    except (BrokenCatalogue, NotASpreadsheet) as problem:
        return say(f"{problem} Nothing was written.")
    return _told(found, chosen.file)


def _told(found: "Intake", file: Path) -> int:
    """What was taken and what stayed, or why nothing was."""
    if found.problems:
        for problem in found.problems:
            print(f"{file}: {problem}")
        return say(f"Nothing was written: {len(found.problems)} problems above.")
    for change in found.changes:
        if change.made_from:
            print(
                f"{file}: row {change.row}: {change.ctx}: The English has changed since this table "
                "was made. The translation is kept as fuzzy."
            )
    fuzzy = sum(change.fuzzy or bool(change.made_from) for change in found.changes)
    done = len(found.changes) - fuzzy
    print(f"{done} taken as done, {fuzzy} as fuzzy, {found.stayed} stayed as they were.")
    return FINE


# ---------------------------------------------------------------- made-up languages


def _pseudo(chosen: argparse.Namespace) -> int:
    from bot.text.extract import write
    from bot.text.merging import path_of
    from bot.text.pseudo import ACCENTED, MIRRORED, pseudo_catalogue

    settings = settings_of(bots=False)
    folder: Path = chosen.out
    if folder.resolve() == settings.locales.resolve():
        say(f"{folder} holds the real translations. Choose another folder with --out.")
        return WRONGLY
    library = _library(settings)
    if library is None:
        return PROBLEMS
    # The real languages go along: buttons that choose them would lead nowhere.
    shutil.copytree(settings.locales, folder, dirs_exist_ok=True)
    language = MIRRORED if chosen.rtl else ACCENTED
    path = path_of(folder, language)
    write(path, pseudo_catalogue(library, language))
    print(f"{path} is written. It is for looking at, never for people.")
    return FINE
