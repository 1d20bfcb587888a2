"""One text in every language beside each other, as a reader sees it, as rows of HTML.

Decides how far a translation can be trusted to be shown, and marks where English stands in for it.
Everything an author or a translator wrote is escaped here; nothing else in the document touches it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from bot.core.ids import Language
from bot.flowdef.model import Library, Text
from bot.text import dates, markup
from bot.text.catalog import ENGLISH, Catalogues

from .escaping import safe

State = Literal["shown", "missing", "fuzzy", "changed"]
STATES: dict[State, str] = {
    "shown": "",
    "missing": "Missing. English is shown instead.",
    "fuzzy": "Marked fuzzy, so not shown. English is shown instead.",
    "changed": "Made from other English words, so not shown. English is shown instead.",
}
REQUIRED = "This text is required: without it the language is not offered."
TAGS = {"bold": "b", "italic": "i"}


def html(source: str) -> str:
    """A text with its marks as HTML, and its placeholders as marked fields."""
    template = markup.parse(source)
    parts: list[str] = []
    for number in range(len(template.pieces) + 1):
        ending = (span for span in reversed(template.spans) if span.end == number)
        parts += ["</a>" if span.url else f"</{TAGS.get(span.kind, 'u')}>" for span in ending]
        parts += [_opening(span) for span in template.spans if span.start == number]
        if number < len(template.pieces):
            parts.append(_piece(template.pieces[number]))
    return "".join(parts)


def _opening(span: markup.Span) -> str:
    if span.url:
        return f'<a href="{safe(span.url)}" rel="noreferrer">'
    return f"<{TAGS.get(span.kind, 'u')}>"


def _piece(piece: str | markup.Slot) -> str:
    if isinstance(piece, markup.Slot):
        return f'<span class="field">[{safe(piece.name)}]</span>'
    return safe(piece)


@dataclass(frozen=True, slots=True)
class Form:
    """A text in one language: its wordings (several for plurals), and whether people see them."""

    language: Language
    wordings: tuple[str, ...]
    state: State = "shown"


def form_in(text: Text, language: Language, catalogues: Catalogues) -> Form:
    """The wordings a language has for a text, seen by people or not."""
    own = tuple(filter(None, (text.one, text.source)))
    translations = catalogues.by_language.get(language)
    if language == ENGLISH or translations is None:
        return Form(language, own)
    entry = translations.entries.get(text.ctx)
    if entry is None or not any(entry.forms):
        return Form(language, (), "missing")
    state: State = "shown"
    if entry.fuzzy:
        state = "fuzzy"
    elif entry.msgid != text.msgid:
        state = "changed"
    elif not all(entry.forms):
        state = "missing"
    return Form(language, tuple(filter(None, entry.forms)), state)


@dataclass(slots=True)
class Sheet:
    """The texts of a Library on their way into a document: each of them once, none forgotten."""

    library: Library
    catalogues: Catalogues
    taken: set[str] = field(default_factory=set)

    @property
    def languages(self) -> tuple[Language, ...]:
        """English first."""
        return self.catalogues.languages

    def left(self) -> Iterator[Text]:
        """What no section has taken yet, in the order of the files."""
        yield from (text for text in self.library.texts.values() if text.ctx not in self.taken)

    def row(self, text: Text | None, role: str, beside: str = "", look: str = "form") -> str:
        """One row: the id and ``beside`` (HTML), then a cell a language. Empty when it was taken.

        ``role`` is what the text is for, in plain words.
        """
        if text is None or text.ctx in self.taken or self.library.texts.get(text.ctx) is not text:
            return ""
        self.taken.add(text.ctx)
        note = f'<span class="leads">Note: {safe(text.note)}</span>' if text.note else ""
        needed = " · translation required" if text.required else ""
        head = f'{safe(role)}{needed}<br><code class="ctx">{safe(text.ctx)}</code>{beside}{note}'
        forms = (form_in(text, language, self.catalogues) for language in self.languages)
        cells = "".join(self._cell(form, look, required=text.required) for form in forms)
        return f'<tr><th scope="row">{head}</th>{cells}</tr>\n'

    def words(self, ctx: str, role: str, beside: str = "") -> str:
        """A row of buttons whose words are filed elsewhere, so without their id."""
        text = self.library.texts.get(ctx)
        if text is None:
            cells = f'<td colspan="{len(self.languages)}">without words of its own</td>'
        else:
            forms = (form_in(text, language, self.catalogues) for language in self.languages)
            cells = "".join(self._cell(form, "button", required=False) for form in forms)
        return f'<tr><th scope="row">{safe(role)}{beside}</th>{cells}</tr>\n'

    def _cell(self, form: Form, look: str, *, required: bool) -> str:
        shown = "<br>".join(
            f'<span class="{look}{"" if form.state == "shown" else " old"}">{html(words)}</span>'
            for words in form.wordings
        )
        told = STATES[form.state]
        if told and required:
            told = f"{told.partition('.')[0]}. {REQUIRED}"
        state = f'<span class="state" lang="en" dir="ltr">{told}</span>' if told else ""
        return f"<td{self.speaks(form.language)}>{state}{shown}</td>"

    def speaks(self, language: Language) -> str:
        """The attributes of an element in a language: which, and in what direction it is read."""
        direction = dates.locale(language).text_direction
        name = safe(dates.native_name(language))
        return f' lang="{safe(language)}" dir="{direction}" data-language="{name}"'

    def table(self, rows: Iterable[str]) -> str:
        """Rows under a head that names the languages; nothing when there is no row."""
        body = "".join(rows)
        if not body:
            return ""
        heads = "".join(
            f'<th scope="col" lang="{safe(language)}">{safe(dates.native_name(language))}</th>'
            for language in self.languages
        )
        return (
            f'<table class="texts"><thead><tr><th scope="col">Id</th>{heads}</tr></thead>'
            f"<tbody>\n{body}</tbody></table>\n"
        )


def remarks(name: str, lines: int = 3) -> str:
    """A place for what a reader of the document has to say about one id."""
    return (
        '<div class="remarks"><label><input type="checkbox"> fine as it is</label>'
        '<label><input type="checkbox"> change needed</label>'
        f'<textarea rows="{lines}" aria-label="Remarks on {safe(name)}"'
        f' placeholder="Remarks on {safe(name)}"></textarea></div>\n'
    )


def facts(lines: Iterable[str]) -> str:
    """Short facts (HTML) below a heading; nothing when there are none."""
    body = "".join(f"<li>{line}</li>" for line in lines if line)
    return f'<ul class="facts">{body}</ul>\n' if body else ""
