"""From the flows into each language's PO file, and nothing lost on the way.

Merging goes by id path only; a step that says ``was:`` brings the translations of its old id along.
Changed English keeps the old translation as fuzzy, with the English it was made from shown beside
it; nothing is ever offered because it looks similar. Running it twice changes nothing.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.messages import Catalog
from babel.messages.catalog import Message

from bot.core.ids import Language, StepId
from bot.flowdef.model import Library, Place

from .catalog import ENGLISH, catalogue_files, read_catalog
from .extract import added, empty, write
from .pofile import GUESSED_FLAGS, as_bytes, forms_of, ids_of, own_comments, previous_id

COMMENT: Final = """\
# Waymark: translations. Made by `python -m bot update`; translate here.
# Keep {placeholders} and the *marks* of the English text."""


class BrokenCatalogue(ValueError):
    """A PO file cannot be read; nothing was written. The message says where."""


class NotALanguage(ValueError):
    """Nothing can be translated into this. The message says what to write instead."""


def language_of(tag: str) -> Language:
    """The language a person named. Raises NotALanguage."""
    try:
        known = str(Locale.parse(tag.replace("_", "-"), sep="-")).replace("_", "-")
    except (ValueError, UnknownLocaleError):
        known = ""
    if known != tag:
        instead = f"Did you mean {known}?" if known else "Write for example es or pt-BR."
        msg = f"`{tag[:20]}` is not the tag of a language. {instead}"
        raise NotALanguage(msg)
    if tag == ENGLISH:
        msg = "English is written in the flow files. Change it there, then run `extract`."
        raise NotALanguage(msg)
    return Language(tag)


def path_of(locales: Path, language: Language) -> Path:
    """Where a language's PO file lies."""
    return locales / language / "LC_MESSAGES" / "messages.po"


def languages_in(locales: Path) -> tuple[Language, ...]:
    """Every language that has a PO file, by tag."""
    return tuple(Language(path.parent.parent.name) for path in catalogue_files(locales))


def opened(locales: Path, language: Language) -> Catalog | None:
    """What a language's file holds, or None when there is no file. Raises BrokenCatalogue."""
    path = path_of(locales, language)
    if not path.exists():
        return None
    place = Place(f"{locales.name}/{language}/LC_MESSAGES/messages.po", 1, 1)
    catalog, problem = read_catalog(language, path.read_bytes(), place)
    if problem is not None:
        raise BrokenCatalogue(str(problem))
    return catalog


def update(
    library: Library, locales: Path, language: Language, *, drop_obsolete: bool = False
) -> Path:
    """Merge the texts into one language's PO file; returns its path. A new language begins empty.

    Raises BrokenCatalogue when the file that is there cannot be read.
    """
    catalog = merged(library, opened(locales, language), language)
    if drop_obsolete:
        catalog.obsolete.clear()
    path = path_of(locales, language)
    write(path, as_bytes(catalog))
    return path


def merged(library: Library, old: Catalog | None, language: Language) -> Catalog:
    """The language's catalogue with exactly the Library's texts; what has gone is obsolete."""
    catalog = empty(language, old.header_comment if old is not None else COMMENT)
    if old is not None:
        _keep_header(catalog, old)
    living = {message.context: message for message in _living(old)}
    gone = {message.context: message for message in _gone(old)}
    names = former_names(library)
    used: set[str] = set()
    for text in library.texts.values():
        was = names.get(text.ctx, text.ctx)
        for ctx, among in ((text.ctx, living), (was, living), (text.ctx, gone), (was, gone)):
            before = among.get(ctx)
            if before is not None and any(forms_of(before)):
                _merge(added(catalog, text), before, catalog.num_plurals)
                used.add(ctx)
                break
        else:
            added(catalog, text)
    for message in ({**gone, **living}).values():
        if message.context not in library.texts and message.context not in used:
            _set_aside(catalog, message)
    return catalog


def former_names(library: Library) -> Mapping[str, str]:
    """Id paths of texts to the paths they had before their step, or their flow, was renamed.

    The title of a flow follows its steps: when all that came from elsewhere came from one flow that
    is no longer there, the title did too.
    """
    olds: dict[StepId, str] = {}
    flows: dict[str, set[str]] = {}
    for step in library.steps.values():
        old = step.was if not step.was or "." in step.was else f"{step.flow}.{step.was}"
        if old and StepId(old) not in library.steps:
            olds[step.id] = old
            flows.setdefault(step.flow, set()).add(old.partition(".")[0])
    found: dict[str, str] = {}
    for ctx in library.texts:
        flow, _, rest = ctx.partition(".")
        name, _, part = rest.partition(".")
        old = olds.get(StepId(f"{flow}.{name}"), "")
        if old and part:
            found[ctx] = f"{old}.{part}"
        elif rest == "title" and len(from_flows := flows.get(flow, set())) == 1:
            (old_flow,) = from_flows
            if library.flow(old_flow) is None:
                found[ctx] = f"{old_flow}.title"
    return found


def _living(old: Catalog | None) -> Iterator[Message]:
    yield from (message for message in (old or ()) if message.id and message.context)


def _gone(old: Catalog | None) -> Iterator[Message]:
    """Entries that earlier flows had, with translations that are still worth something."""
    if old is not None:
        yield from (message for message in old.obsolete.values() if message.id and message.context)


def _keep_header(catalog: Catalog, old: Catalog) -> None:
    """What translators wrote there; their plural rule may be newer than Babel's."""
    catalog.last_translator = old.last_translator
    catalog.language_team = old.language_team
    catalog.revision_date = old.revision_date
    catalog.fuzzy = old.fuzzy
    catalog.mime_headers = [("Plural-Forms", old.plural_forms)]


def _set_aside(catalog: Catalog, message: Message) -> None:
    """Keep the translation of a text that has gone: it may come back."""
    if any(forms_of(message)):
        message.user_comments = own_comments(message)
        catalog.obsolete[ids_of(message)[0], message.context] = message  # type: ignore[index]  # Babel's own key


def _merge(message: Message, before: Message, plurals: int) -> None:
    forms = shaped(message, forms_of(before), plurals)
    message.string = forms[0] if isinstance(message.id, str) else forms
    message.user_comments = own_comments(before)
    message.flags |= before.flags - GUESSED_FLAGS
    made_from = previous_id(before)
    if ids_of(message) == ids_of(before):
        message.previous_id = list(made_from)
    elif before.fuzzy and made_from == ids_of(message):
        message.flags.discard("fuzzy")
    else:
        message.flags.add("fuzzy")
        message.previous_id = list(made_from or ids_of(before))


def shaped(message: Message, forms: tuple[str, ...], plurals: int) -> tuple[str, ...]:
    """The forms of another text in the shape this one needs: one, or one a plural form."""
    if isinstance(message.id, str):
        return forms[-1:]
    return (*forms, *[forms[-1]] * plurals)[:plurals]
