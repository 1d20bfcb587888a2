"""UNICEF Safer Chatbots, and rules for a crisis: heard anywhere, answered first, and led back."""

import re
from itertools import cycle

import pytest

from bot.core import effects as do
from bot.core.events import Typed
from bot.core.fold import fold
from bot.core.ids import Language, StepId
from tests.properties.houses import after
from tests.standards.guide import LANGUAGES, LIBRARY, SPOKEN, said, says, step, told
from tests.standards.walk import newcomer
from tests.survivor import Survivor
from tests.unit.hearing.test_danger_rules import MUST_FIRE, MUST_NOT_FIRE

DANGER = StepId("always.danger")
KINDS = ("suicide", "danger_now", "child", "plan")
AROUND = {"en": "please read this. {}, what now?", "es": "por favor lea esto. {}, ¿y ahora?"}
"""A message around a phrase, as people write: with more before and behind it."""

METHODS = r"\b(overdose|hang(ing)?|pills|rope|bridge|sobredosis|ahorcar\w*|pastillas|soga|puente)\b"
BLAMING = r"\b(commit(ted)? suicide|failed attempt|cometi\w+ suicidio|intento fallido)\b"


def phrases(language: str) -> list[tuple[str, str]]:
    """Each phrase that means danger in a language, with its rule."""
    rules = (rule for rule in LIBRARY.danger if rule.language == language)
    return [(rule.id, phrase) for rule in rules for phrase in rule.phrases]


def places() -> list[StepId]:
    """Every screen of every flow, the system's own included."""
    return [each.id for each in LIBRARY.steps.values() if each.say is not None]


def standing(at: StepId, language: str):
    """Somebody at a screen, in a language."""
    over = (at,) if at.startswith("always.") else ()
    where = {"over": over} if over else {"at": at}
    return newcomer(language=Language(language), chosen_language=True, **where)


@pytest.mark.parametrize("language", LANGUAGES)
def test_uni_1_every_phrase_is_heard_as_people_type_it(language):
    """At least a hundred a language: loud, without accents or apostrophes, amid other words."""
    known = phrases(language)
    assert len(known) >= 100
    where = cycle(places())
    for rule, phrase in known:
        for written in (phrase.upper(), fold(phrase), AROUND[language].format(phrase)):
            session = standing(next(where), language)
            reached = after(session, Typed(written, 7), "a seed")
            assert reached.place == DANGER, written
            assert reached.danger in KINDS, f"{written} is not {rule}"


@pytest.mark.parametrize("language", SPOKEN)
def test_uni_1_words_of_danger_are_heard_from_every_screen(language):
    """In the middle of a question, a consent, a setting, erasing: one of each rule, everywhere."""
    first = dict(reversed(phrases(language)))
    assert set(first) == set(KINDS)
    for at in places():
        session = standing(at, language)
        for rule, phrase in first.items():
            reached = after(session, Typed(phrase, 7), "a seed")
            assert (reached.place, reached.danger) == (DANGER, rule), at


def test_uni_1_each_language_is_heard_in_every_other():
    """Somebody who reads English may cry out in Spanish, and the other way round."""
    for reads, language in (("en", "es"), ("es", "en")):
        for rule, phrase in phrases(language)[::25]:
            reached = after(standing(StepId("ways.start"), reads), Typed(phrase, 7), "a seed")
            assert reached.danger == rule, phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_uni_2_the_first_words_say_that_it_was_read(language):
    """No error, nothing else first, no guilt; and those who deny or tell the past hear no alarm."""
    for kind in KINDS:
        assert re.match("I read what you wrote|Leí lo que", said(f"danger.{kind}", language)), kind
    for sentence in MUST_NOT_FIRE:
        reached = after(standing(StepId("ways.start"), language), Typed(sentence, 7), "a seed")
        assert reached.place != DANGER, sentence


def test_uni_3_she_can_go_back_or_on_to_a_person():
    """One press each, and back is exactly where she was."""
    her = Survivor()
    her.goes_to("court.long")
    her.types("I want to die")
    assert {"ask_person", "read_on"} <= {choice.id for choice in step(DANGER).choices}
    her.taps("read_on")
    assert her.session.place == StepId("court.long")
    her.types("I want to die")
    her.taps("ask_person")
    assert her.session.place == StepId("contact.start")


@pytest.mark.parametrize("language", LANGUAGES)
def test_uni_4_numbers_follow_that_can_be_called(language):
    """Each answer carries the emergency number and at least two more lines."""
    for kind, phrase in dict(phrases(language)).items():
        her = Survivor(language=language)
        her.goes_to("ways.start")
        her.types(phrase)
        assert "911" in her.text, kind
        assert len(re.findall(r"\b(?:1-)?\d{3}-\d{3}-\d{4}\b|\b988\b|\b911\b", her.text)) >= 3, kind


@pytest.mark.parametrize("language", SPOKEN)
def test_uni_5_one_word_brings_help_from_everywhere_and_says_nothing_by_itself(language):
    """*Numbers*, told on the first screen, typed at any: and its own first line is plain."""
    word = said("always.words.numbers", language)
    assert word.casefold() in said("start.notice.say", language).casefold()
    assert not [each for each in LIBRARY.charged[language] if each in word.casefold()]
    for at in places():
        reached = after(standing(at, language), Typed(word, 7), "a seed")
        assert reached.place == StepId("always.numbers"), at


def test_cri_1_danger_now_is_answered_first_and_without_a_question():
    """Emergency first, then lines for partners and sexual violence; a call may be heard; leave."""
    her = Survivor()
    her.goes_to("contact.may")
    her.types("he is outside my house")
    first = re.search(r"\d[\d-]+", her.text)
    assert first is not None
    assert first[0] == "911"
    assert "National Domestic Violence Hotline" in her.text
    assert "may be heard by others" in her.text
    assert "Leave now" in her.labels
    assert not her.did(do.RecordConsent)


@pytest.mark.parametrize("language", LANGUAGES)
def test_cri_2_thoughts_of_suicide_bring_988_by_call_and_text(language):
    """Plain, calm, direct."""
    her = Survivor(language=language)
    her.goes_to("feelings.numb")
    her.types({"en": "I want to die", "es": "quiero morirme"}[language])
    assert re.search(r"988 · (Text|Mensaje de texto): 988", her.text)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "I'm being forced to have sex and I'm only 12 years old"),
        ("es", "me están obligando a tener sexo y solo tengo 12 años"),
    ],
)
def test_cri_3_a_child_gets_a_line_for_children_and_no_parent_is_asked(language, sentence):
    """With what that line may have to pass on; a person is offered, and nobody's agreement."""
    her = Survivor(language=language)
    her.goes_to("needs.what")
    her.types(sentence)
    assert her.session.danger == "child"
    assert "911" in her.text
    line = next(each for each in her.text.splitlines() if "1-800-422-4453" in each)
    assert re.search("may pass on details|Pueden pasar a otros datos", line)
    assert not re.search("parent|madre|padre", her.text)


def test_cri_4_no_means_are_named_and_nobody_is_blamed():
    """In no text of any language."""
    for language in LANGUAGES:
        for ctx, words in told(language).items():
            assert not re.search(METHODS, words, re.IGNORECASE), ctx
            assert not re.search(BLAMING, words, re.IGNORECASE), ctx


def test_cri_5_a_wish_is_not_a_plan_and_neither_is_scolded():
    """The wish raises no alarm; the plan is met with calm words and people who can listen."""
    for sentence in ("i want him dead", "I want to kill him", "lo quiero muerto"):
        assert sentence in MUST_NOT_FIRE
    assert MUST_FIRE["plan"]
    assert re.search("Strong anger is common", said("danger.plan", "en"))
    assert re.search("enojo", said("danger.plan", "es"))
    assert says("feelings.revenge", "A wish is not a plan", "Un deseo no es un plan") == []


def test_cri_6_who_may_have_to_report_is_told_before_she_writes():
    """Beside the first page of a request, and in its own words about staff."""
    assert "limits.reporting" in {
        choice.visit for choice in step("contact.start").choices if choice.visit
    }
    assert says("limits.reporting", "must you report", "tiene que reportar") == []
    assert (
        says("limits.reporting_staff", "calls nobody and reports to nobody", "ni le informa") == []
    )


def test_cri_8_the_talk_goes_on_and_nobody_is_called():
    """After the alarm she stands where she was, and the only message of ours is the answer."""
    her = Survivor()
    her.talks()
    her.types("he is hitting me")
    (told_staff,) = her.did(do.ToDesk)
    assert told_staff.urgent
    assert her.session.place == StepId("always.chat")


def test_cri_9_in_spanish_the_crisis_line_says_how_to_be_heard_in_spanish():
    """988 says which key to press; a line for text says which word to send."""
    her = Survivor(language="es")
    her.goes_to("always.numbers")
    (line,) = (each for each in her.text.splitlines() if "988 ·" in each)
    assert "Español: oprima 2" in line
    assert "HOLA al 741741" in her.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_cri_11_it_says_that_it_is_a_program_at_the_start_and_in_each_crisis(language):
    """So that nobody waits for somebody who is not there."""
    program = {"en": "a program", "es": "un programa"}[language]
    assert program in said("start.notice.say", language)
    for kind in KINDS:
        assert program in said(f"danger.{kind}", language), kind
