"""Rules about one wording: its marks, its placeholders, its length, what a locked phone shows."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from bot.core.fold import fold
from bot.core.message import utf16_length
from bot.flowdef.model import BUILT_INS
from bot.text import markup
from bot.text.catalog import ENGLISH
from bot.text.reading import FEWEST_WORDS, SENTENCE_END, grade, words_of

from .forms import Context, Fault, Form

MOST_UNITS: Final = 4096
MOST_WORDS: Final = 60
MOST_CHARACTERS: Final = 900
MOST_CELL_WORDS: Final = 25
LONG_LABEL: Final = 40
LONGEST_LABEL: Final = 64
PREVIEW: Final = 40
MOST_GRADE: Final = 6.0
LONG_SENTENCE: Final = 25
"""Words, in any language but English, which has its grade."""

FEW_LETTERS: Final = 2 * min(LONG_SENTENCE, MOST_CELL_WORDS)
"""So few characters are not too many words, whatever they are."""

SHOWN_ALONE: Final = ("always.", "profile.")
"""Phrases that can be the beginning of what a survivor's phone shows."""

FIGURE: Final = re.compile(r"[0-9]+|%")
RELAYED: Final = ("always.relay", "desk.words", "desk.edited")
"""Phrases around the words of another person."""


def unknown_placeholder(form: Form, context: Context) -> Iterator[Fault]:
    """A placeholder in a flow is a saved name or one that the program fills in."""
    if form.text.role == "phrase" or form.language != ENGLISH:
        return
    for name in sorted(form.names):
        if name not in context.saved and name not in BUILT_INS:
            what = f"Nothing fills the placeholder {{{name}}}."
            yield Fault(what, "Use a saved name or one from the list in flows/README.md.")


def different_placeholders(form: Form, context: Context) -> Iterator[Fault]:  # noqa: ARG001 - one shape
    """A translation has the placeholders of its English text; plurals may leave out the count."""
    if form.language == ENGLISH or "{" not in form.words + form.text.source:
        return
    wanted, given = markup.names_in(form.text.source), form.names
    if form.text.one:
        wanted, given = wanted | {"count"}, given | {"count"}
    for name in sorted(wanted - given):
        what = f"The translation ({form.language}) lacks {{{name}}}."
        yield Fault(what, f"Write {{{name}}} where it belongs.")
    for name in sorted(given - wanted):
        what = f"The translation ({form.language}) has {{{name}}}, the English has not."
        yield Fault(what, "Keep placeholders as they are.")


def broken_markup(form: Form, context: Context) -> Iterator[Fault]:  # noqa: ARG001 - one shape
    """Every marker that is opened is closed."""
    for flaw in form.template.flaws:
        yield Fault(flaw.what, flaw.todo)


def text_too_long(form: Form, context: Context) -> Iterator[Fault]:
    """A message fits Telegram with the longest values; a screen fits a tired reader."""
    if len(form.bare) <= FEW_LETTERS and not form.names:
        return
    words, units = len(form.bare.split()), utf16_length(form.bare)
    is_body = form.text.role == "body"
    with_values = units + _values(form, context)
    if with_values > MOST_UNITS:
        longest = f" with the longest answers ({form.language})" if units <= MOST_UNITS else ""
        what = f"The text is {with_values} characters long{longest}; Telegram takes {MOST_UNITS}."
        yield Fault(what, "Shorten it.")
    elif is_body and len(form.bare) > MOST_CHARACTERS:
        what = f"The screen has {len(form.bare)} characters; at most {MOST_CHARACTERS} are read."
        yield Fault(what, "Make two steps of it.")
    elif is_body and _is_counted(form) and words > MOST_WORDS:
        what = f"The screen has {words} words; at most {MOST_WORDS} are read."
        yield Fault(what, "Make two steps of it.")
    elif form.text.role == "cell" and form.language == ENGLISH and words > MOST_CELL_WORDS:
        what = f"The line has {words} words; at most {MOST_CELL_WORDS} can be compared."
        yield Fault(what, "Say it in one plain line.")


def _is_counted(form: Form) -> bool:
    """Words are counted in English screens; a consent has to say all of who, why and until when."""
    consent = form.facts.kind == "consent" and form.text.ctx.endswith(".say")
    return form.language == ENGLISH and not consent


def _values(form: Form, context: Context) -> int:
    if not form.names:
        return 0
    lengths = context.lengths
    return sum(lengths.get((form.language, name), 0) for name in form.names)


def label_too_long(form: Form, context: Context) -> Iterator[Fault]:
    """A button can be read on a narrow phone, also with the longest values."""
    if form.text.role != "label":
        return
    length = len(form.bare) + _values(form, context)
    if length > LONGEST_LABEL:
        what = f"The button has {length} characters; at most {LONGEST_LABEL} can be shown."
        yield Fault(what, "Say it in fewer words.")
    elif length > LONG_LABEL:
        what = f"The button has {length} characters; phones cut off after {LONG_LABEL}."
        yield Fault(what, "Say it in fewer words.", "warning")


def charged_start(form: Form, context: Context) -> Iterator[Fault]:
    """What a locked phone may show of a message has no charged word in it."""
    is_line = form.text.role == "phrase" and form.text.ctx.startswith(SHOWN_ALONE)
    if form.text.role != "body" and not is_line:
        return
    said = f" {form.folded} "
    for word in context.charged.get(form.language, ()):
        if word in said and word in f" {fold(form.bare[:PREVIEW])} ":
            what = f"`{word.strip()}` stands in the first {PREVIEW} characters, "
            what += "which a phone may show."
            yield Fault(what, "Begin with other words.")


def never_said(form: Form, context: Context) -> Iterator[Fault]:
    """Words that hurt, blame or promise what is not ours are said nowhere."""
    if form.text.role == "synonyms" or form.text.ctx.startswith("hearing."):
        return
    said = f" {form.folded} "
    for word in context.never.get(form.language, ()):
        if word in said:
            what = f"`{word.strip()}` is on the list of words that are not said ({form.language})."
            yield Fault(what, "Say it in other words; the list is `never` in phrases.yaml.")


def words_not_last(form: Form, context: Context) -> Iterator[Fault]:  # noqa: ARG001 - one shape
    """A person's words, {text} in a phrase, stand at its end: their entities count from there."""
    if form.text.ctx.startswith(RELAYED) and "text" in form.names:
        last = form.template.pieces[-1]
        if last != markup.Slot("text"):
            yield Fault("Something stands after {text}.", "Put {text} at the very end.")


def broken_line(form: Form, context: Context) -> Iterator[Fault]:  # noqa: ARG001 - one shape
    """A line ends where a sentence or a list item does: breaks are shown as they are written."""
    if form.text.role == "body" and "\n" in form.words and _breaks_a_sentence(form.words):
        what = "A line breaks in the middle of a sentence, and is shown like that."
        yield Fault(what, "Write the sentence on one line.", "warning")


def _breaks_a_sentence(words: str) -> bool:
    for line, following in pairwise(words.split("\n")):
        if following[:1].isalpha() and line.removesuffix(",")[-1:].isalpha():
            return True
    return False


def shadowed_word(form: Form, context: Context) -> Iterator[Fault]:
    """A button that reads like an always-on word does what that word does."""
    if form.text.role != "label" or form.text.ctx.startswith("always.words."):
        return
    word = context.everywhere.get(form.folded)
    if word is not None and form.facts.verb != word:
        what = f"The button reads like the always-on word `{word}`, which wins when typed."
        yield Fault(what, "Use other words.")


def reading_grade(form: Form, context: Context) -> Iterator[Fault]:  # noqa: ARG001 - one shape
    """A screen in English can be read by somebody who has been to school for six years."""
    if form.text.role != "body" or form.language != ENGLISH or _waives(form, "reading_grade"):
        return
    if len(words_of(form.bare)) < FEWEST_WORDS:
        return
    asked = grade(form.bare)
    if asked > MOST_GRADE:
        what = f"The screen reads at grade {asked:.1f}; at most {MOST_GRADE:.0f} is plain."
        todo = "Use shorter sentences and shorter words, or waive `reading_grade` with a reason."
        yield Fault(what, todo)


def long_sentence(form: Form, context: Context) -> Iterator[Fault]:  # noqa: ARG001 - one shape
    """A sentence of a translated screen is short; English has its grade."""
    if form.text.role != "body" or form.language == ENGLISH or _waives(form, "long_sentence"):
        return
    if len(form.bare) <= FEW_LETTERS:
        return
    long = (each for each in SENTENCE_END.split(form.bare) if len(each) > FEW_LETTERS)
    longest = max((len(words_of(each)) for each in long), default=0)
    if longest > LONG_SENTENCE:
        what = f"A sentence ({form.language}) has {longest} words; {LONG_SENTENCE} are plain."
        yield Fault(what, "Make two sentences of it.", "warning")


def _waives(form: Form, rule: str) -> bool:
    return rule in form.facts.waived


def missing_source(form: Form, context: Context) -> Iterator[Fault]:  # noqa: ARG001 - one shape
    """A figure on a page about a way says where it comes from."""
    facts = form.facts
    if form.text.role not in ("body", "cell") or form.language != ENGLISH or facts.cited:
        return
    figures = [figure for figure in FIGURE.findall(form.bare) if not _is_a_step(figure, form.bare)]
    if facts.parallel and figures:
        what = f"`{figures[0]}` is a figure, and the step names no source."
        yield Fault(what, "Write `sources:` with ids from sources.yaml.", "warning")


def _is_a_step(figure: str, bare: str) -> bool:
    """``Step 1 of 4`` counts screens and states nothing."""
    return re.search(rf"(?i)\bstep (?:{figure} of [0-9]+|[0-9]+ of {figure})\b", bare) is not None
