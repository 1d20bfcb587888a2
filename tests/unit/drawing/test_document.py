"""The review document: everything in it once, in every language, and nothing that runs."""

from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings

from bot.drawing.document import document
from bot.flowdef.load import load
from bot.flowdef.model import Library
from bot.text.catalog import Catalogues
from tests.unit.drawing.flows import SMALL, drawn, folders, named, small

ROOT = Path(__file__).parents[3]
DAY = date(2026, 11, 23)
VOID = frozenset({"meta", "input", "br"})
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: {}\\n"\n'


class Page(HTMLParser):
    """A page taken apart: elements, the words under each class, and whether all is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.words: dict[str, list[str]] = {}
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            name = dict(attrs).get("class") or ""
            self.open.append((tag, name))
            self.words.setdefault(name, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self.open.pop()
        assert opened == tag

    def handle_data(self, data: str) -> None:
        for _, name in self.open:
            self.words[name][-1] += data

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.elements if "id" in attrs]


def catalogues(**files: str) -> Catalogues:
    """Languages by PO text, without the head."""
    with_head = {name: (HEAD.format(name) + text).encode() for name, text in files.items()}
    found = Catalogues.load_files(with_head)
    assert found.issues == ()
    return found


def entry(ctx: str, english: str, words: str, *before: str) -> str:
    """One message of a PO file."""
    lines = (*before, f'msgctxt "{ctx}"', f'msgid "{english}"', f'msgstr "{words}"')
    return "\n" + "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def shipped() -> tuple[Library, Catalogues]:
    """The real flows and languages."""
    return load(ROOT / "flows")[0], Catalogues.load(ROOT / "locales")


@pytest.fixture(scope="module")
def page(shipped) -> Page:
    """The real document."""
    return Page(document(*shipped, DAY))


def test_every_text_is_in_it_exactly_once(shipped, page):
    """A text that is not in the document is not reviewed by anybody."""
    library, _ = shipped
    assert len(library.texts) > 300
    assert sorted(page.words["ctx"]) == sorted(library.texts)


def test_every_step_has_a_place_for_remarks(shipped, page):
    """By its id, so that a remark can be found again."""
    named_places = [a.get("aria-label") for tag, a in page.elements if tag == "textarea"]
    for step in shipped[0].steps:
        assert named_places.count(f"Remarks on {step}") == 1


def test_every_link_inside_leads_somewhere(page):
    """A reader who follows a button finds the screen; and no id is there twice."""
    ids = page.ids()
    assert len(ids) == len(set(ids))
    hrefs = [a["href"] for tag, a in page.elements if tag == "a"]
    inside = [href for href in hrefs if href and href.startswith("#")]
    assert len(inside) > 100
    assert {href[1:] for href in inside} <= set(ids)


def test_nothing_is_fetched_and_nothing_runs(page):
    """It opens offline, and tells nobody that it was opened."""
    tags = {tag for tag, _ in page.elements}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "form", "base"})
    loading = {"src", "srcset", "action", "formaction", "background", "poster", "xlink:href"}
    assert [a for _, a in page.elements if loading & set(a)] == []
    assert [name for _, a in page.elements for name in a if name.startswith("on")] == []
    policy = [a["content"] for tag, a in page.elements if a.get("http-equiv")]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_it_says_which_version_and_which_day(shipped, page):
    """A signature stands for these words, and for no others."""
    library, languages = shipped
    text = document(library, languages, DAY)
    assert text == document(library, languages, DAY)
    assert f"<code>{library.digest}</code>" in text
    assert "Made on 2026-11-23" in text
    assert len(page.words["sign"]) == 1


def test_what_an_author_writes_is_never_markup():
    """Not in a screen, a button, a note, a source, a review, an id or a translation."""
    evil = "<script>alert(1)</script>"
    flow = f"""flow: small
title: "{evil}"
review: {{by: "{evil}", jurisdiction: "{evil}"}}
steps:
  - id: first
    say: "{evil} *{evil}* {{way}}"
    note: "{evil}"
    help: "{evil}"
    sources: ["{evil}", "\\" onload=\\"x"]
    when: "{evil}"
    choose: [{{id: a, text: "{evil}", go: "{evil}"}}]
"""
    languages = catalogues(es=entry("small.title", evil, evil))
    resources = f'resources: [{{id: x, name: "{evil}", web: "{evil}", source: "javascript:x"}}]'
    library = named(flow, **{"resources.yaml": resources.encode()})
    text = document(library, languages, DAY)
    assert "&lt;script&gt;" in text
    tags = {tag for tag, _ in Page(text).elements}
    assert "script" not in tags
    assert "<script" not in text
    assert 'href="javascript' not in text


def test_marks_and_placeholders_are_shown_as_a_reader_sees_them():
    """Bold is bold, a value is a field, a link is a link."""
    flow = 'flow: small\nsteps:\n  - {id: first, say: "*Hi* _you_ {way}, [see](https://a.example/x)"}\n'
    assert (
        '<span class="form screen"><b>Hi</b> <i>you</i> <span class="field">[way]</span>, '
        '<a href="https://a.example/x" rel="noreferrer">see</a></span>'
    ) in document(named(flow), Catalogues(), DAY)


def test_translations_that_people_do_not_see_are_marked():
    """Missing, fuzzy, and made from other English words; the words are there for the reviewer."""
    fuzzy = entry("small.may.say", "May we?", "¿Podemos?", "#, fuzzy")
    changed = entry("small.last.say", "Good bye.", "Adiós.")
    good = entry("small.send.say", "Shall we?", "¿Lo hacemos?")
    languages = catalogues(es=fuzzy + changed + good)
    rows = rows_of(document(small(), languages, DAY))
    assert "Marked fuzzy, so not shown." in rows["small.may.say"]
    assert "¿Podemos?" in rows["small.may.say"]
    assert "Made from other English words, so not shown." in rows["small.last.say"]
    assert "Missing. English is shown instead." in rows["small.first.say"]
    assert 'class="state"' not in rows["small.send.say"]
    assert "¿Lo hacemos?" in rows["small.send.say"]


def test_a_required_text_without_translation_says_what_follows():
    """A whole language hangs on it."""
    flow = "flow: small\nsteps:\n  - {id: first, say: Hello., translated: required}\n"
    text = document(named(flow), catalogues(es=""), DAY)
    assert "Missing. This text is required: without it the language is not offered." in text


def rows_of(html: str) -> dict[str, str]:
    """The HTML of each row by the id of its text."""
    rows = [row.split("</tr>")[0] for row in html.split("<tr>")[1:]]
    mark = '<code class="ctx">'
    return {row.split(mark)[1].split("<")[0]: row for row in rows if mark in row}


def test_languages_written_from_the_right_are_shown_so():
    """Their cells say their language and direction."""
    languages = catalogues(ar=entry("small.last.say", "Bye.", "وداعا"), es="")
    row = rows_of(document(small(), languages, DAY))["small.last.say"]
    assert 'lang="ar" dir="rtl"' in row
    assert 'lang="es" dir="ltr"' in row
    assert 'lang="en" dir="ltr" data-language="English"' in row


def test_every_button_says_where_it_leads():
    """As in the pictures: to a screen, there and back, or to nothing."""
    rows = rows_of(document(small(), Catalogues(), DAY))
    assert 'leads to <a href="#step-small.may"' in rows["small.first.choices.ahead"]
    assert "<code>nowhere</code> is not there" in rows["small.first.choices.later"]
    assert ", and back here" in rows["small.send.choices.look"]
    assert ", if its condition holds" in rows["small.may.choices.agree"]


def test_sources_are_told_in_full_or_marked():
    """A fact whose source nobody wrote down is seen."""
    flow = "flow: small\nsteps:\n  - {id: first, say: Hello., sources: [S1, S2]}\n"
    sources = b"sources: [{id: S1, title: A study, author: A. Person, confidence: confirmed}]"
    text = document(named(flow, **{"sources.yaml": sources}), Catalogues(), DAY)
    assert '<a href="#source-S1">S1</a> A. Person, A study (confirmed)' in text
    assert '<code>S2</code> <span class="wrong">not in the registry</span>' in text
    assert "Cited, but not written here: S2." in text


def test_a_review_is_told_and_so_is_none():
    """Who looked, when, and until when that counts."""
    reviewed = SMALL.replace(
        "steps:",
        "review: {by: legal, jurisdiction: US-NY, on: 2026-11-20, until: 2027-05-20}\nsteps:",
        1,
    )
    told = "Reviewed by: legal · on 2026-11-20 · counts until 2027-05-20 · jurisdiction: US-NY"
    assert told in document(named(reviewed), Catalogues(), DAY)
    assert "Nobody is written down" in document(small(), Catalogues(), DAY)


def test_one_flow_by_itself():
    """For a reader of one flow: no other flow, no registers."""
    page = Page(document(small(), Catalogues(), DAY, ("other",)))
    assert {ctx.split(".")[0] for ctx in page.words["ctx"]} == {"other"}
    assert "words" not in page.ids()


@given(folders())
@settings(max_examples=20)
def test_files_with_errors_make_a_document_too(folder):
    """Whatever is written: nothing raises, everything is closed, every text is there once."""
    library = drawn(folder)
    page = Page(document(library, Catalogues(), DAY))
    assert sorted(page.words["ctx"]) == sorted(library.texts)
