"""Any words as a question: an answer always, the same one, and nothing but screens to read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import effects as do
from bot.core.advance import advance
from bot.core.events import Asked, Wondered
from bot.core.rules import READABLE
from bot.core.session import from_json, to_json
from bot.hearing.ranking import Ranking
from bot.service.questions import findable, spoken
from tests.survivor import NOON, Survivor, shipped

EDITION = shipped()
FINDABLE = {step.id for step in findable(EDITION.library)}
SPOKEN = list(EDITION.words.languages)
PLACES = (
    "question.own",
    "court.what",
    "ways.start",
    "needs.what",
    "contact.may",
    "contact.summary",
)
WORDS = sorted(
    {
        word
        for step in findable(EDITION.library)
        for word in EDITION.words.plain(f"{step.id}.asked", SPOKEN[0]).split()
    }
)

questions = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(lambda w: " ".join(w).swapcase()),
    st.sampled_from(["", " ", "\x00", "🙂", "\u202eabc", "x" * 4096, "why " * 1000, "a" * 500]),
)


def standing(step, language):
    """Somebody at a step, before anything was typed."""
    her = Survivor(language=language)
    her.starts()
    her.goes_to(step)
    return her


@given(questions, st.sampled_from(PLACES), st.sampled_from(SPOKEN))
def test_any_words_are_answered_and_open_only_screens_to_read(text, place, language):
    """No consent, request, case or answer comes of a question; the session can be stored."""
    her = standing(place, language)
    before = her.session
    her.types(text)
    heard = her.event.heard
    if not isinstance(heard, Asked | Wondered):
        return
    pages = heard.nearest if isinstance(heard, Asked) else (heard.page,)
    assert set(pages) <= FINDABLE
    assert len(set(pages)) == len(pages) <= 3
    after = her.session
    assert (after.answers, after.consents, after.case) == (before.answers, before.consents, None)
    assert her.rules.step(after.place).kind in READABLE | {"ask"}
    weighty = (do.RecordConsent, do.PingDesk, do.ToDesk, do.EraseEverything, do.SetTimer)
    assert not [e for e in her.effects if isinstance(e, weighty) and not is_aging(e)]
    assert from_json(json.loads(json.dumps(to_json(after))), None) == after


def is_aging(effect) -> bool:
    """The one timer every new screen has."""
    return isinstance(effect, do.SetTimer) and effect.name.startswith("aged:")


@given(questions, st.sampled_from(SPOKEN))
def test_the_same_words_always_mean_the_same(text, language):
    """Also the second time, and whoever asks."""
    find = EDITION.vocabulary.questions.find
    assert find(text, language) == find(text, language)
    one, other = (standing("question.own", language) for _ in range(2))
    one.types(text)
    other.types(text)
    assert one.event.heard == other.event.heard


@given(questions, st.sampled_from(SPOKEN))
def test_an_old_session_without_nearest_pages_can_be_read(text, language):
    """What was stored before there were questions has none."""
    her = standing("question.own", language)
    her.types(text)
    stored = to_json(her.session)
    del stored["nearest"]
    assert from_json(stored, None).nearest == ()


@pytest.mark.parametrize("language", SPOKEN)
def test_two_indexes_of_the_same_screens_agree(language):
    """Nothing depends on the order of a set or the mood of a database."""
    own = spoken(EDITION.words, EDITION.library, language)
    made = [Ranking(own.pages, own.terms()) for _ in range(2)]
    for page in own.pages[::10]:
        for question in page.asked:
            assert made[0].find(question) == made[1].find(question)


def test_advance_is_pure_for_questions():
    """The same event twice gives the same outcome."""
    her = standing("question.own", "en")
    session = her.session
    her.types("what is a grand jury")
    event = her.event
    first = advance(her.rules, session, event, NOON)
    assert first == advance(her.rules, session, event, NOON)
