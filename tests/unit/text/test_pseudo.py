"""The made-up languages: nothing a person can meet is hard-coded, and marks survive translation."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from babel import Locale

from bot.core import effects as do
from bot.core.ids import Language
from bot.core.message import utf16_length
from bot.flowdef.load import load
from bot.service.editions import build
from bot.service.publishing import read_input
from bot.text import dates, markup
from bot.text.pseudo import CLOSING, LANGUAGES, OPENING, in_pseudo, pseudo_catalogue
from tests.properties.houses import reachable
from tests.survivor import NOON, ROOT

LIBRARY, _ = load(ROOT / "flows")
SPANS = ("minutes", "hours", "days", "weeks")
PLAIN_WORD = re.compile(r"[A-Za-z]{2,}")
OWN_WORDS = {"my", "own", "words"}
"""What the person in ``reachable`` has typed."""


@cache
def edition():
    """The shipped flows with both made-up languages beside English and Spanish."""
    files = read_input(ROOT / "flows", ROOT / "locales")
    for tag in LANGUAGES.values():
        files[f"locales/{tag}/LC_MESSAGES/messages.po"] = pseudo_catalogue(LIBRARY, tag)
    made, issues = build(files, "US-NY", checked=True)
    assert made is not None, issues
    assert set(LANGUAGES.values()) <= set(made.words.languages)
    return made


def not_for_translators() -> set[str]:
    """What is not ours to translate: how to reach a line, names of languages, months, sources."""
    reach = [
        part
        for each in LIBRARY.resources
        for part in (
            *(each.phone, each.sms, each.tty, each.video, each.chat, each.email, each.web),
            *(*each.write.values(), *each.whatsapp.values()),
            *(dates.country(each.region, Language("en")), each.verified),
            *(dates.tongue(language, Language("en")) for language in each.languages),
            *(dates.zone_name(opening.zone, Language("en")) for opening in each.open),
        )
    ]
    names = [edition().words.native_name(language) for language in edition().words.languages]
    sources = [
        part
        for each in LIBRARY.sources.values()
        for part in (each.author, each.title, each.publisher, each.year, each.address)
    ]
    months = [str(name) for name in Locale("en").months["format"]["wide"].values()]
    spans = [dates.duration(timedelta(**{unit: n}), "en") for unit in SPANS for n in (1, 3)]
    days = [str(name) for name in Locale("en").days["format"]["wide"].values()]
    every = (*reach, *names, *sources, *months, *spans, *days, "AM", "PM")
    return {word for text in every for word in PLAIN_WORD.findall(text)}


@pytest.mark.parametrize("name", sorted(LANGUAGES))
def test_marks_and_placeholders_survive(name):
    """Every text of the flows: the same placeholders, the same formatting, no flaw."""
    assert len(LIBRARY.texts) > 300
    for text in LIBRARY.texts.values():
        for english in filter(None, (text.one, text.source)):
            made = markup.parse(in_pseudo(english, LANGUAGES[name]))
            before = markup.parse(english)
            assert made.names == before.names, text.ctx
            assert made.flaws == before.flaws, text.ctx
            assert [s.kind for s in made.spans] == [s.kind for s in before.spans], text.ctx


@pytest.mark.parametrize("name", sorted(LANGUAGES))
def test_nothing_a_person_meets_is_hard_coded(name):
    """Every reachable screen, text and buttons: what has no accent is a number, a name or hers."""
    language, allowed = LANGUAGES[name], not_for_translators() | OWN_WORDS
    sessions = {id(session): session for session in reachable().values()}.values()
    assert len(sessions) > 1000
    for session in sessions:
        if session.screen is None:
            continue
        hers = replace(session, language=language)
        show = do.Show(session.screen.ref, edit=True)
        screen = edition().screens.screen(hers, edition().rules, show, NOON)
        labels = [button.label for row in screen.rows for button in row]
        assert screen.text.count(OPENING) == screen.text.count(CLOSING) > 0
        for words in (screen.text, *labels):
            found = set(PLAIN_WORD.findall(words)) - allowed
            assert not found, f"{found} at {session.place}: {words[:80]!r}"
            assert OPENING in words
        for entity in screen.entities:
            assert 0 <= entity.offset <= entity.offset + entity.length <= utf16_length(screen.text)


def test_right_to_left_keeps_a_phone_number_together():
    """A value inside text of the other direction is isolated; inside its own it is left alone."""
    words = edition().words
    values = {"name": "911", "value": "1-800-799-7233"}
    mirrored = words.plain("always.held_line", LANGUAGES["qps-rtl"], values)
    assert "\u20681-800-799-7233\u2069" in mirrored
    assert "\u2068" not in words.plain("always.held_line", LANGUAGES["qps"], values)
    hebrew = words.plain("always.held_line", "en", {"name": "A", "value": "שלום 911"})
    assert hebrew == "A: \u2068שלום 911\u2069"


def test_a_made_up_language_is_never_shipped():
    """They are for looking at: no folder of the project's has one."""
    there = {path.name for path in (ROOT / "locales").iterdir() if path.is_dir()}
    assert there
    assert not there & {*LANGUAGES, *LANGUAGES.values()}
