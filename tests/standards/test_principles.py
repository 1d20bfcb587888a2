"""SAMHSA, Chayn and the bots that went before: how she is spoken to, and what is never said."""

import re

import pytest

from bot.core.fold import fold
from bot.core.ids import StepId
from tests.standards.guide import LANGUAGES, LIBRARY, says, step, told
from tests.standards.test_vrd import shown
from tests.standards.walk import without_agreeing
from tests.survivor import ROOT, Survivor

GLAD = {
    "en": r"\b(awesome|great job|well done|glad to hear|happy to|congrat\w*|wonderful|cheer up)\b",
    "es": r"\b(genial|qué bueno|felicid\w*|me alegr\w*|maravillos\w*)\b",
}
HER_OR_HIM = r"\b(s?he|his|hers|him|himself|herself|man|woman|wife|husband|(girl|boy)friend)\b"
HARD = {
    "en": ("he raped me", "my husband beat me for years", "I was molested", "they shot my son"),
    "es": ("me violó", "mi esposo me golpeaba", "abusaron de mí", "mataron a mi hijo"),
}


@pytest.mark.parametrize("before", ["circle.before_day", "feelings.before_revenge"])
def test_ti_1_a_warning_stands_before_heavy_pages_and_can_be_passed_by(before):
    """It says that nothing of what happened is shown, and has a button that leaves the page out."""
    shown(before, "what was done to anybody|nothing of what happened", "lo que|nada de lo que pasó")
    assert any(choice.negative for choice in step(before).choices)


def test_ti_2_what_it_is_who_reads_and_what_is_kept():
    """On the first screen and one press behind it."""
    assert says("start.notice", "a program, not a person", "un programa, no una persona") == []
    shown("start.more_people", "staff see what you agree", "ve lo que usted acepta")
    shown("limits.what_kept", "What is kept", "Qué se guarda")


def test_ti_3_people_who_lived_through_it_are_named_beside_professionals():
    """A page on groups, and what to ask one."""
    shown("care.peers", "others who know it from inside", "lo saben por dentro")
    shown("care.peers_ask", "Can I only listen", "Puedo solo escuchar")


def test_ti_4_she_knows_her_life_best():
    """Said where a plan is made, and she can see and change all that staff would get."""
    shown("support.steps2", "You know best", "Usted sabe mejor")
    her = Survivor()
    her.goes_to("contact.summary")
    assert [label for label in her.labels if label.startswith("Change")]


def test_ti_5_every_question_can_be_passed_by_and_none_asks_for_the_story():
    """Each asks little, and takes no for an answer; nothing asks what happened."""
    for each in LIBRARY.steps.values():
        free = each.kind == "choose_many" and each.at_least == 0
        if each.kind in ("ask", "choose_many") and not free:
            assert any(choice.negative for choice in each.choices), each.id
    for language, pattern in (("en", "tell us what happened"), ("es", "cuéntenos qué pasó")):
        assert not [ctx for ctx, words in told(language).items() if pattern in words.casefold()]


def test_ti_6_nobodys_gender_is_taken_for_granted():
    """No screen in English calls her or the other person he or she."""
    found = {
        ctx: re.findall(HER_OR_HIM, words, re.IGNORECASE)
        for ctx, words in told("en").items()
        if re.search(HER_OR_HIM, words, re.IGNORECASE) and not ctx.startswith("resources.")
    }
    assert found == {}


def test_ti_6_there_are_ways_without_police_and_without_papers():
    """Help that needs no report, and centers that take people with any papers or none."""
    shown("care.centers", "any papers or none.*no police report", "con papeles o sin ellos")
    shown("feelings.police", "without police", "sin policía")


def test_ch_2_none_of_these_is_a_choice_of_its_own():
    """With the same pages as the others, and never a next step that presses."""
    assert StepId("rest.what") in without_agreeing()
    assert StepId("open_doors.start") in without_agreeing()


def test_ch_5_what_changed_is_public():
    """A change log in the words of those who run it, and a place to report what is wrong."""
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changes
    assert "Telling us" in (ROOT / "SECURITY.md").read_text("utf-8")
    shown("limits.about_makers", "you can tell the staff", "puede decírselo al")


def test_ch_6_opposite_wishes_have_their_pages():
    """Anger, revenge, numbness, doubt, and having caused harm, none of them corrected."""
    for name in ("anger", "revenge", "numb", "blame", "caused", "nothing", "changed"):
        assert StepId(f"feelings.{name}") in without_agreeing()


def test_bot_1_nothing_upbeat_is_ever_said():
    """No exclamation, no picture sign, no cheer, in any text of any language."""
    for language in LANGUAGES:
        for ctx, words in told(language).items():
            assert not re.search(r"[!¡]|[\U0001F300-\U0001FAFF]", words), ctx
            assert not re.search(GLAD[language], words, re.IGNORECASE), ctx


@pytest.mark.parametrize("language", LANGUAGES)
def test_bot_1_words_of_abuse_are_never_met_with_small_talk(language):
    """They are danger, or a page is offered, or the same screen stays; a person is always near."""
    for sentence in HARD[language]:
        her = Survivor(language=language)
        her.goes_to("ways.start")
        her.types(sentence)
        at = her.session.place
        assert at in map(StepId, ("always.danger", "always.did_you_mean", "ways.start"))
        assert any(data.endswith((":wp", ":wn")) for data in (each.data for each in her.buttons))


def test_bot_2_a_bad_version_can_be_taken_away():
    """The command is there, and the guide says how."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "`revert`, `withdraw`" in readme
    assert "no language model speaks here" in readme


@pytest.mark.parametrize("language", LANGUAGES)
def test_bot_4_no_text_promises_what_telegram_cannot_keep(language):
    """Neither the list of words that are said nowhere, nor their kin."""
    kin = {
        "en": ("untraceable", "no trace", "leaves no trace", "completely private", "you are safe"),
        "es": ("sin dejar rastro", "no deja rastro", "imposible de rastrear", "usted está a salvo"),
    }
    assert len(LIBRARY.never[language]) > 15
    for ctx, words in told(language).items():
        plain = f" {fold(words)} "
        wrong = (*LIBRARY.never[language], *kin[language])
        assert not [each for each in wrong if f" {fold(each)} " in plain], ctx


def test_bot_6_the_threat_is_somebody_close_who_holds_the_phone():
    """SECURITY.md has that row, and says what remains."""
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    assert "**Somebody watches her phone**" in text
    assert "nobody can hide a chat from a person who holds the unlocked phone" in text


def test_bot_7_being_contacted_comes_last_and_is_optional():
    """After reading; the hours are hers, evening and morning among them."""
    assert step("needs.what").flow != "contact"
    labels = {choice.id for choice in step("contact.times").choices}
    assert {"morning", "evening", "only_me"} <= labels


def test_bot_8_whoever_also_caused_harm_finds_a_page():
    """A warning, a page that allows both, and what to ask first."""
    shown("feelings.before_caused", "also hurt someone", "también le hicieron daño")
    shown("feelings.caused", "Both can be true|have hurt someone", "haberle hecho daño")


def test_bot_8_whoever_wants_to_help_another_person_finds_pages():
    """What one can do, and what to ask before writing; nothing decides for the other person."""
    shown("helping.listen", "leave the choice with them", "decid|elegir|elija|decisión")
    shown("helping.before", "How may I reach you", "¿Cómo")
