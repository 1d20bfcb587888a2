"""Everything that is checked about words and their translations: one function a check, one list.

A check takes the Library and the Catalogues and yields Issues; its name is the rule's id.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.core.fold import fold
from bot.core.ids import Language, StepId
from bot.core.message import utf16_length
from bot.flowdef.model import BUILT_INS, Issue, Library, Place, Text

from . import markup
from .catalog import ENGLISH, Catalogues, Translations
from .extract import stale
from .words import lacking_in

MOST_UNITS = 4096
MOST_WORDS = 60
MOST_CHARACTERS = 900
LONG_LABEL = 40
LONGEST_LABEL = 64
PREVIEW = 40
SHOWN_ALONE = ("always.", "profile.")
"""Phrases that can be the beginning of what a survivor's phone shows."""

HARD_BREAK = re.compile(r"[^\W\d_],?\n[^\W\d_]")

RELAYED = ("always.relay", "desk.words", "desk.edited")
"""Phrases around the words of another person."""

Check = Callable[[Library, Catalogues], Iterator[Issue]]


@dataclass(frozen=True, slots=True)
class _Form:
    """One wording of a text in one language, and where it stands."""

    text: Text
    language: Language
    words: str
    place: Place

    @property
    def bare(self) -> str:
        """What is shown, without markup and with nothing in place of values."""
        template = markup.parse(self.words)
        return template.plain(dict.fromkeys(template.names, ""))

    def issue(self, rule: str, what: str, todo: str) -> Issue:
        return Issue(self.place, rule, self.text.ctx, what, todo)

    def warning(self, rule: str, what: str, todo: str) -> Issue:
        return Issue(self.place, rule, self.text.ctx, what, todo, "warning")


def _forms(library: Library, catalogues: Catalogues) -> Iterator[_Form]:
    """Every wording that can be shown, English first."""
    for text in library.texts.values():
        for words in filter(None, (text.one, text.source)):
            yield _Form(text, ENGLISH, words, text.place)
    for language, translations in catalogues.by_language.items():
        for text in library.texts.values():
            for words in translations.of(text.ctx, text.msgid) or ():
                place = translations.entries[text.ctx].place
                yield _Form(text, language, words, place)


def broken_catalogue(library: Library, catalogues: Catalogues) -> Iterator[Issue]:  # noqa: ARG001 - one shape
    """Every PO file can be read, and its header fits its folder."""
    yield from catalogues.issues


def unknown_placeholder(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """A placeholder in a flow is a saved name or one that the program fills in."""
    known = (*library.saved, *BUILT_INS)
    for form in _forms(library, catalogues):
        if form.text.role == "phrase" or form.language != ENGLISH:
            continue
        for name in sorted(markup.names_in(form.words)):
            if name not in known:
                what = f"Nothing fills the placeholder {{{name}}}."
                todo = "Use a saved name or one from the list in flows/README.md."
                yield form.issue("unknown_placeholder", what, todo)


def different_placeholders(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """A translation has the placeholders of its English text; plurals may leave out the count."""
    for form in _forms(library, catalogues):
        if form.language == ENGLISH:
            continue
        wanted = markup.names_in(form.text.source)
        given = markup.names_in(form.words)
        if form.text.one:
            wanted, given = wanted | {"count"}, given | {"count"}
        for name in sorted(wanted - given):
            what = f"The translation ({form.language}) lacks {{{name}}}."
            yield form.issue("different_placeholders", what, f"Write {{{name}}} where it belongs.")
        for name in sorted(given - wanted):
            what = f"The translation ({form.language}) has {{{name}}}, the English has not."
            yield form.issue("different_placeholders", what, "Keep placeholders as they are.")


def broken_markup(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """Every marker that is opened is closed."""
    for form in _forms(library, catalogues):
        for flaw in markup.parse(form.words).flaws:
            yield form.issue("broken_markup", flaw.what, flaw.todo)


def text_too_long(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """A message fits Telegram; a screen fits a tired reader. Values are not counted."""
    for form in _forms(library, catalogues):
        bare = form.bare
        words = len(bare.split())
        if utf16_length(bare) > MOST_UNITS:
            what = f"The text is {utf16_length(bare)} characters long; Telegram takes {MOST_UNITS}."
            yield form.issue("text_too_long", what, "Shorten it.")
        elif form.text.role == "body" and len(bare) > MOST_CHARACTERS:
            what = f"The screen has {len(bare)} characters; at most {MOST_CHARACTERS} are read."
            yield form.issue("text_too_long", what, "Make two steps of it.")
        elif _is_counted(library, form) and words > MOST_WORDS:
            what = f"The screen has {words} words; at most {MOST_WORDS} are read."
            yield form.issue("text_too_long", what, "Make two steps of it.")


def _is_counted(library: Library, form: _Form) -> bool:
    """Words are counted in English screens; a consent has to say all of who, why and until when."""
    step = library.steps.get(StepId(form.text.ctx.removesuffix(".say")))
    is_consent = step is not None and step.kind == "consent"
    return form.text.role == "body" and form.language == ENGLISH and not is_consent


def label_too_long(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """A button can be read on a narrow phone."""
    for form in _forms(library, catalogues):
        length = len(form.bare)
        if form.text.role != "label" or length <= LONG_LABEL:
            continue
        if length > LONGEST_LABEL:
            what = f"The button has {length} characters; at most {LONGEST_LABEL} can be shown."
            yield form.issue("label_too_long", what, "Say it in fewer words.")
        else:
            what = f"The button has {length} characters; phones cut off after {LONG_LABEL}."
            yield form.warning("label_too_long", what, "Say it in fewer words.")


def charged_start(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """What a locked phone may show of a message has no charged word in it."""
    for form in _forms(library, catalogues):
        is_line = form.text.role == "phrase" and form.text.ctx.startswith(SHOWN_ALONE)
        if form.text.role != "body" and not is_line:
            continue
        start = f" {fold(form.bare[:PREVIEW])} "
        for word in library.charged.get(form.language, ()):
            if f" {fold(word)} " in start:
                what = f"`{word}` stands in the first {PREVIEW} characters, which a phone may show."
                yield form.issue("charged_start", what, "Begin with other words.")


def words_not_last(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """A person's words, {text} in a phrase, stand at its end: their entities count from there."""
    for form in _forms(library, catalogues):
        if form.text.ctx.startswith(RELAYED) and "text" in markup.names_in(form.words):
            last = markup.parse(form.words).pieces[-1]
            if last != markup.Slot("text"):
                what = "Something stands after {text}."
                yield form.issue("words_not_last", what, "Put {text} at the very end.")


def broken_line(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """A line ends where a sentence or a list item does: breaks are shown as they are written."""
    for form in _forms(library, catalogues):
        if form.text.role == "body" and HARD_BREAK.search(form.words):
            what = "A line breaks in the middle of a sentence, and is shown like that."
            yield form.warning("broken_line", what, "Write the sentence on one line.")


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


def shadowed_word(library: Library, catalogues: Catalogues) -> Iterator[Issue]:
    """A button that reads like an always-on word does what that word does."""
    everywhere = _always_on(library, catalogues)
    verbs = {
        choice.text.ctx: choice.verb for step in library.steps.values() for choice in step.choices
    }
    for form in _forms(library, catalogues):
        word = everywhere.get(fold(form.bare))
        if form.text.role != "label" or form.text.ctx.startswith("always.words."):
            continue
        if word is not None and verbs.get(form.text.ctx) != word:
            what = f"The button reads like the always-on word `{word}`, which wins when typed."
            yield form.issue("shadowed_word", what, "Use other words.")


def _always_on(library: Library, catalogues: Catalogues) -> dict[str, str]:
    owners = {
        text.ctx: word.id for word in library.words for text in (word.text, word.also) if text
    }
    found: dict[str, str] = {}
    for form in _forms(library, catalogues):
        if form.text.ctx in owners:
            for spelling in form.words.split("|"):
                found.setdefault(fold(spelling), owners[form.text.ctx])
    return found


CHECKS: tuple[Check, ...] = (
    broken_catalogue,
    unknown_placeholder,
    different_placeholders,
    broken_markup,
    text_too_long,
    label_too_long,
    charged_start,
    words_not_last,
    broken_line,
    missing_translation,
    unfinished_language,
    missing_danger_rules,
    unknown_language,
    shadowed_word,
)


def check(library: Library, catalogues: Catalogues) -> tuple[Issue, ...]:
    """Every Issue of every check, by place."""
    found = {issue for each in CHECKS for issue in each(library, catalogues)}
    return tuple(sorted(found, key=lambda issue: (issue.place, issue.rule, issue.what)))


def check_folder(library: Library, locales: Path) -> tuple[Issue, ...]:
    """``check`` with the catalogues of a folder, and whether its ``messages.pot`` is current."""
    found = check(library, Catalogues.load(locales))
    if not stale(library, locales):
        return found
    what = "The list of English texts is not current."
    todo = "Run `python -m bot extract`, then `python -m bot update`."
    at = Place(f"{locales.name}/messages.pot", 1, 1)
    return (*found, Issue(at, "stale_template", "messages.pot", what, todo, "warning"))
