"""Translations, read from PO files once at the start.

A translation is found by its id path *and* the English it was made from: a changed English text has
no translation until a person has looked at it, and a fuzzy one is never shown. Knows gettext files;
does not know which texts exist.
"""

import gettext
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po

from bot.core.ids import Language
from bot.flowdef.model import Issue, Place

ENGLISH = Language("en")
LARGEST_FILE = 16 * 1024 * 1024
BREAKS = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
PO_LINES = re.compile(
    rf"""(?:
        (?: [#] [^{BREAKS}]*+
          | (?:msg(?:ctxt|id|id_plural|str|str\[[0-5]\])[ ])?
            "[^"\\{BREAKS}]*+ (?:\\. [^"\\{BREAKS}]*+)*+ "
        )? [ \t]*+ \r?\n
    )*+""",
    re.VERBOSE,
)
"""As many whole lines as are plainly part of a PO file: one pass, and no way back for bombs."""

MsgId = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a PO file. ``forms``: one text, or one a plural form; empty: untranslated."""

    ctx: str
    msgid: MsgId
    forms: tuple[str, ...]
    fuzzy: bool
    place: Place

    @property
    def usable(self) -> bool:
        """Complete and looked at by a person."""
        return not self.fuzzy and bool(self.forms) and all(self.forms)


@dataclass(frozen=True, slots=True)
class Translations:
    """One language. ``plural`` gives the index of the form for a count."""

    language: Language
    place: Place
    entries: Mapping[str, Entry]
    plural: Callable[[int], int]

    def of(self, ctx: str, msgid: MsgId) -> tuple[str, ...] | None:
        """The forms made from exactly this English text, or None when there is nothing to show."""
        entry = self.entries.get(ctx)
        if entry is None or entry.msgid != msgid or not entry.usable:
            return None
        return entry.forms


@dataclass(frozen=True, slots=True)
class Catalogues:
    """All languages beside English, which needs no file."""

    by_language: Mapping[Language, Translations] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The bytes by language, to be kept with a published version."""

    @property
    def languages(self) -> tuple[Language, ...]:
        """English first, then the others by tag."""
        return (ENGLISH, *sorted(self.by_language))

    @classmethod
    def load(cls, folder: Path) -> "Catalogues":
        """Read ``<folder>/<lang>/LC_MESSAGES/messages.po``. What is wrong is in ``issues``."""
        return CatalogueReader().load(folder)

    @classmethod
    def load_files(cls, files: Mapping[str, bytes], *, folder: str = "locales") -> "Catalogues":
        """Read PO files given as bytes by language."""
        return CatalogueReader().load_files(files, folder=folder)


@dataclass(frozen=True, slots=True)
class _Read:
    """What one PO file said, kept as long as its bytes and its folder stay the same."""

    data: bytes
    place: Place
    translations: Translations | None
    issues: tuple[Issue, ...]


def catalogue_files(folder: Path) -> tuple[Path, ...]:
    """Every language's PO file, sorted by language."""
    return tuple(sorted(folder.glob("*/LC_MESSAGES/messages.po")))


class CatalogueReader:
    """Reads PO files, and reads again only those whose bytes have changed since the last time."""

    def __init__(self) -> None:
        self._read: dict[Language, _Read] = {}

    def load(self, folder: Path) -> Catalogues:
        """As ``Catalogues.load``."""
        files: dict[str, bytes] = {}
        unread: list[Issue] = []
        for path in catalogue_files(folder):
            language = path.parent.parent.name
            try:
                with path.open("rb") as opened:
                    files[language] = opened.read(LARGEST_FILE + 1)
            except OSError as error:
                at = Place(f"{folder.name}/{language}/LC_MESSAGES/messages.po", 1, 1)
                what = f"The file cannot be read ({error.strerror})."
                unread.append(
                    Issue(at, "broken_catalogue", language, what, "Look at its permissions.")
                )
        found = self.load_files(files, folder=folder.name)
        return Catalogues(found.by_language, (*unread, *found.issues), files)

    def load_files(self, files: Mapping[str, bytes], *, folder: str = "locales") -> Catalogues:
        """As ``Catalogues.load_files``."""
        before, self._read = self._read, {}
        for name, data in sorted(files.items()):
            language = Language(name)
            place = Place(f"{folder}/{name}/LC_MESSAGES/messages.po", 1, 1)
            known = before.get(language)
            if known is None or known.data != data or known.place != place:
                known = _read_language(language, data, place)
            self._read[language] = known
        return Catalogues(
            {
                language: read.translations
                for language, read in self._read.items()
                if read.translations is not None
            },
            tuple(issue for read in self._read.values() for issue in read.issues),
            dict(files),
        )


def _read_language(language: Language, data: bytes, place: Place) -> _Read:
    catalog, problem = read_catalog(language, data, place)
    issues = () if problem is None else (problem,)
    if catalog is None:
        return _Read(data, place, None, issues)
    header = _header_issues(language, catalog, place)
    usable = language != ENGLISH and not any(issue.severity == "error" for issue in header)
    translations = _translations(language, catalog, place) if usable else None
    return _Read(data, place, translations, (*issues, *header))


def read_catalog(
    language: Language, data: bytes, place: Place
) -> tuple[Catalog | None, Issue | None]:
    """A PO file as Babel's Catalog, or the Issue that says why not. Never raises for content."""
    todo = "Open it in a PO editor, or take the last good copy."
    if len(data) > LARGEST_FILE:
        what = f"The file is larger than {LARGEST_FILE} bytes."
        return None, Issue(place, "broken_catalogue", language, what, todo)
    try:
        Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        what = f"`{language[:20]}` is not a language."
        rename = "Name the folder after one, for example es."
        return None, Issue(place, "broken_catalogue", language, what, rename)
    try:
        if (line := _odd_line(data.decode("utf-8"))) is not None:
            at = Place(place.file, line, 1)
            what = "This line is not part of a PO file."
            return None, Issue(at, "broken_catalogue", language, what, todo)
        catalog = read_po(BytesIO(data), locale=language.replace("-", "_"), abort_invalid=True)
    except PoFileError as error:
        at = Place(place.file, max(error.lineno + 1, 1), 1)
        what = "The file is broken at this line."
        return None, Issue(at, "broken_catalogue", language, what, todo)
    except Exception:  # noqa: BLE001 - whatever Babel makes of these bytes, it is the file's fault
        what = "The file is not a PO file in UTF-8."
        return None, Issue(place, "broken_catalogue", language, what, todo)
    return catalog, None


def _odd_line(text: str) -> int | None:
    """The first line, from 1, that Babel would silently read as something else than was meant."""
    whole = text if text.endswith("\n") else f"{text}\n"
    understood = PO_LINES.match(whole)
    end = understood.end() if understood else 0
    return None if end == len(whole) else whole.count("\n", 0, end) + 1


def _header_issues(language: Language, catalog: Catalog, place: Place) -> list[Issue]:
    issues: list[Issue] = []

    def issue(what: str, todo: str) -> None:
        issues.append(Issue(place, "broken_catalogue", language, what, todo))

    headers = {name.lower(): value for name, value in catalog.mime_headers}
    named = headers.get("language", "").replace("_", "-")
    if named and named != language:
        issue(f"The header says Language: {named[:20]}.", f"Write Language: {language}.")
    try:
        gettext.c2py(catalog.plural_expr)
    except (ValueError, OverflowError, RecursionError):
        known = get_plural(language.replace("-", "_"))
        todo = f"Write Plural-Forms: nplurals={known[0]}; plural={known[1]}."
        issue("The plural rule in the header cannot be read.", todo)
    return issues


def _translations(language: Language, catalog: Catalog, place: Place) -> Translations:
    entries = {
        message.context: entry_of(message, place)
        for message in _messages(catalog)
        if message.context
    }
    rule = gettext.c2py(catalog.plural_expr)
    return Translations(language, place, entries, bounded(rule, catalog.num_plurals))


def bounded(rule: Callable[[int], int], forms: int) -> Callable[[int], int]:
    """The plural rule kept inside the number of forms that exist."""

    def plural(count: int) -> int:
        return min(max(int(rule(abs(count))), 0), forms - 1)

    return plural


def _messages(catalog: Catalog) -> Iterable[Message]:
    return (message for message in catalog if message.id)


def entry_of(message: Message, place: Place) -> Entry:
    """One of Babel's messages as ours."""
    msgid: MsgId = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
    strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    forms = tuple(string or "" for string in strings)
    at = Place(place.file, message.lineno or 1, 1)
    return Entry(message.context or "", msgid, forms, bool(message.fuzzy), at)
