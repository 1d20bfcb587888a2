"""I11 and the neutral door, by exhaustion: every reachable place of the shipped flows."""

from dataclasses import replace

import pytest

from bot.core import effects as do
from bot.core.advance import Outcome, advance
from bot.core.events import Arrived, Pressed, Started, Typed
from bot.core.fold import fold
from bot.core.ids import Cause, Ref
from bot.core.message import utf16_length
from bot.hearing.listen import hear
from bot.text import dates
from tests.properties.houses import reachable
from tests.survivor import NOON, shipped

EDITION = shipped()
LANGUAGES = EDITION.words.languages
SEEN_FIRST = 40
"""Characters that a locked phone surely shows."""

PRESSED = {
    "leave": "wl",
    "person": "wp",
    "numbers": "wn",
    "back": "wb",
    "language": "wg",
    "hold": "wh",
    "erase": "we",
    "stop": "ws",
    "more": "wm",
    "about": "wi",
}
QUIET = (
    do.CancelQueued,
    do.DropTimers,
    do.Dull,
    do.RemoveAll,
    do.TakeBackCopies,
    do.TellHolder,
    do.RecordConsent,
)


def happens(session, what) -> Outcome:
    """One update at a place."""
    arrived = Arrived(Cause("update:survivor:1"), "survivor", 1, "seed of this update", what)
    event = hear(arrived, session, EDITION.rules, EDITION.vocabulary)
    return advance(EDITION.rules, session, event, NOON)


def sessions(language):
    """Everybody, everywhere, in one language."""
    found = {id(session): session for session in reachable().values()}
    assert len(found) > 1000
    return [replace(session, language=language) for session in found.values()]


def test_every_step_of_every_flow_can_be_reached():
    """Otherwise the tests of this file would promise less than they say."""
    assert {session.place for session in reachable().values()} == set(EDITION.library.steps)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", [True, False], ids=["typed", "pressed"])
def test_every_always_on_word_works_from_everywhere(language, typed):
    """I11: by button and by typing, in every language, from every place, it does its one thing."""
    for session in sessions(language):
        for word, value in PRESSED.items():
            if typed and word in ("more", "about"):
                continue
            token = session.screen.token if session.screen is not None else "anything"
            label = EDITION.words.plain(f"always.words.{word}", language) if typed else ""
            what = Typed(label, 7) if typed else Pressed(f"1:{token}:{value}", "q", None)
            outcome = happens(session, what)
            wrong = does_wrong(word, session, outcome, typed=typed)
            assert not wrong, f"{word} at {session.at} under {session.over}: {wrong}"


def does_wrong(word, before, outcome, *, typed) -> str:  # noqa: PLR0911 - one table of what is right
    """What is wrong with it, or nothing."""
    after, effects = outcome.session, outcome.effects
    if word == "leave":
        loud = [effect for effect in effects if not isinstance(effect, QUIET)]
        removed = any(isinstance(effect, do.RemoveAll) for effect in effects)
        quiet = after.away and after.screen is None and removed and not loud
        return "" if quiet else f"she is still seen: {effects}"
    if not any(isinstance(effect, do.Show) for effect in effects):
        return "nothing was shown"
    if any(isinstance(effect, do.EraseEverything | do.ToDesk | do.PingDesk) for effect in effects):
        return "it did what only an answer may do"
    if before.away and word != "numbers":
        return "" if after.place == "always.returned" else f"not the door but {after.place}"
    case = before.case
    live = before.place == "always.chat" and case is not None and case.state == "claimed"
    if live and typed:
        return "" if after.place == "always.for_desk" else "it was not asked for whom it is"
    match word:
        case "numbers" | "language" | "hold" | "erase" | "more" | "about":
            return "" if after.place == f"always.{word}" else f"not {word} but {after.place}"
        case "person":
            doors = ("contact.start", *(f"always.{d}" for d in ("waiting", "taken", "paused")))
            right = after.place in (*doors, "always.chat")
            return "" if right else f"neither a request nor a person but {after.place}"
        case "stop":
            (show,) = [effect for effect in effects if isinstance(effect, do.Show)]
            right = after.place == "always.stop" or show.lead == "always.nothing_to_stop"
            return "" if right else f"nothing ends and {after.place} is shown"
        case _:
            if after.answers != before.answers:
                return "Back changed an answer"
            if before.over and before.place not in after.over:
                return ""
            moved = after.place != before.place or not (before.over or before.trail)
            return "" if moved or before.away else "Back led nowhere"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_screen_has_the_emergency_number(language):
    """In every language, at most nine lines."""
    session = next(s for s in sessions(language) if s.place == "always.numbers")
    assert "911" in EDITION.screens.screen(session, EDITION.rules, shown(session), NOON).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_numbers_are_one_tap_from_every_screen(language):
    """Every system screen too has the button, and it opens numbers at once: no question first."""
    seen = set()
    for session in sessions(language):
        opened = happens(session, Pressed("forged", "q", None)).session
        content = EDITION.screens.screen(opened, EDITION.rules, shown(opened), NOON)
        buttons = [button.data for row in content.rows for button in row]
        (data,) = {each for each in buttons if each.endswith(":wn")}
        pressed = happens(opened, Pressed(data, "q", None)).session
        assert pressed.place == "always.numbers", opened.place
        seen.add(opened.place)
    doors = {EDITION.library.door(door.word) for door in EDITION.library.doors}
    assert doors <= seen


@pytest.mark.parametrize("country", ["US", "CA", "MX", "GB", "ES", "AU"])
def test_a_country_changes_the_numbers_and_nothing_else(country):
    """On every screen of numbers, wherever it lies: the same place, the same way back; but for a
    question about another country, which is asked no more.
    """
    pressed, rests = 0, EDITION.rules.rests
    for session in sessions("en"):
        step = EDITION.rules.step(session.place)
        named = [
            i for i, c in enumerate(step.choices) if (c.verb, c.argument) == ("country", country)
        ]
        if not named or session.screen is None or session.away:
            continue
        data = f"1:{session.screen.token}:c{named[0]}"
        after = happens(session, Pressed(data, "q", None)).session
        kept = {"country": country} if session.door is None else {}
        assert after.answers == {**session.answers, **kept}
        before, now = ({**each.answers, "language": "en"} for each in (session, after))
        closed = {
            each
            for each in (session.at, *(stood.at for stood in session.trail))
            if rests(each, before) == each != rests(each, now)
        }
        assert closed <= {"places.state"}
        at = rests(session.at, now) if session.at in closed else session.at
        trail = tuple(stood for stood in session.trail if stood.at not in closed)
        stands = (after.at, after.over, after.trail, after.visits, after.danger)
        assert stands == (at, session.over, trail, session.visits, session.danger)
        content = EDITION.screens.screen(after, EDITION.rules, shown(after), NOON)
        assert f"{dates.country(country, 'en')}:" in content.text
        pressed += 1
    assert pressed > 100


def shown(session, lead=""):
    """The effect that draws a place anew."""
    return do.Show(session.screen.ref, edit=True, lead=lead)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_fits_telegram_and_says_nothing_charged_at_its_start(language):
    """Text, data and labels within limits; the first 40 characters are plain."""
    charged = {fold(word) for word in EDITION.library.charged[language]}
    assert len(charged) > 20
    for session in sessions(language):
        opened = happens(session, Pressed("forged", "q", None)).session
        content = EDITION.screens.screen(opened, EDITION.rules, shown(opened), NOON)
        where = f"{opened.at} under {opened.over}: {content.text[:60]!r}"
        assert 0 < utf16_length(content.text) <= 4096, where
        first = set(fold(content.text[:SEEN_FIRST]).split())
        assert not first & charged, f"{first & charged} at {where}"
        assert "{" not in content.text, where
        buttons = [button for row in content.rows for button in row]
        assert 0 < len(buttons) <= 100, where
        assert len({button.data for button in buttons}) == len(buttons), where
        for button in buttons:
            assert button.label.strip(), where
            assert 1 <= len(button.data.encode()) <= 64, where
        end = utf16_length(content.text)
        assert all(0 <= e.offset < e.offset + e.length <= end for e in content.entities), where


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_says_something_different_on_its_screen(language):
    """So that typing its words can mean only it."""
    for session in sessions(language):
        if session.away or session.place == "always.hold":
            continue
        step = EDITION.rules.step(session.place)
        labels = [fold(EDITION.screens.label(step.id, c.id, language)) for c in step.choices]
        assert len(set(labels)) == len(labels), session.place


def test_lines_that_may_come_alone_say_nothing_charged():
    """The neutral line, the dull line, and the last word after everything was deleted."""
    for language in LANGUAGES:
        charged = {fold(word) for word in EDITION.library.charged[language]}
        texts = [EDITION.screens.line(p, language).text for p in ("always.dull", "always.erased")]
        texts.append(EDITION.screens.nudge(Ref("a name of a line"), language).text)
        for text in texts:
            assert text
            assert not set(fold(text).split()) & charged


def test_starting_again_works_everywhere():
    """``/start`` shows where she is, or the door."""
    for session in sessions("en"):
        arrived = Arrived(Cause("u"), "survivor", 1, "seed of this update", Typed("x", 1))
        event = hear(arrived, session, EDITION.rules, EDITION.vocabulary)
        outcome = advance(EDITION.rules, session, replace(event, heard=Started()), NOON)
        assert outcome.session.over in ((), ("always.returned",))
