"""WCAG 2.2 as far as a chat has to do with it: what is read aloud, found again and undone."""

import re

import pytest

from bot.core.ids import StepId
from bot.text.render import FOOTER
from tests.standards.guide import LANGUAGES, LIBRARY, SPOKEN, labels, said, step
from tests.survivor import Survivor, shipped

BARE = {
    "en": {"yes", "no", "ok", "okay", "here", "click here", "next", "continue", "submit", "this"},
    "es": {"sí", "no", "ok", "aquí", "siguiente", "continuar", "enviar", "esto", "aceptar"},
}
"""Words on a button that mean nothing without the text above it."""

TALK = "always.chat"
SIGNS = r"[\U0001F300-\U0001FAFF\u2190-\u21FF\u2600-\u26FF]"
"""Picture signs and arrows."""


def everywhere(language: str):
    """Somebody at each step that shows words, one after the other."""
    for each in LIBRARY.steps.values():
        if each.say is not None and each.flow != "always":
            her = Survivor(language=language)
            her.goes_to(each.id)
            yield each, her


@pytest.mark.parametrize("language", LANGUAGES)
def test_a11y_1_nothing_is_told_by_a_sign_alone(language):
    """No picture sign or arrow in any word; a tick has its words, a verdict is a word."""
    for ctx, text in LIBRARY.texts.items():
        assert not re.search(SIGNS, said(ctx, language)), ctx
        assert text is not None
    verdicts = {said(f"values.verdict_{one}", language) for one in ("usually", "sometimes", "no")}
    assert len(verdicts) == 3
    her = Survivor(language=language)
    her.goes_to("needs.what")
    her.taps("heard")
    assert said("needs.what.choices.heard", language) in her.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a11y_2_a_button_says_by_itself_what_it_does(language):
    """Whoever hears only the buttons knows what each is for."""
    found = {
        ctx: words for ctx, words in labels(language).items() if words.casefold() in BARE[language]
    }
    assert found == {}


def test_a11y_3_no_page_runs_out_while_she_reads():
    """Where silence leads on, it takes at least a day."""
    hasty = [
        each.id
        for each in LIBRARY.steps.values()
        if each.silence is not None and each.silence.total_seconds() < 24 * 3600
    ]
    assert hasty == []


def test_a11y_4_all_of_a_request_is_shown_and_each_part_can_be_changed():
    """Before it is sent; and erasing asks first."""
    shared = set(step("contact.summary").handoff.share) - {"language"}
    visits = (choice.visit for choice in step("contact.summary").choices if choice.visit)
    changing = {LIBRARY.resolve(visit, "contact") for visit in visits}
    asked = {shipped().rules.saving(name).id for name in shared}
    assert asked == changing
    assert [choice.id for choice in step("always.erase").choices] == ["delete_now", "keep_it"]


@pytest.mark.parametrize("language", SPOKEN)
def test_a11y_5_a_person_numbers_more_and_leaving_stand_in_the_same_place(language):
    """The last two rows, in the same order, but for what the screen offers itself."""
    words = [word for row in FOOTER for word in row]
    wanted = {word: said(f"always.words.{word}", language) for word in words if word != "more"}
    wanted["more"] = said("always.button_more", language)
    for each, her in everywhere(language):
        own = {choice.verb for choice in each.choices}
        expected = [wanted[word] for word in words if word not in own]
        assert her.labels[-len(expected) :] == expected, each.id


def test_a11y_6_nothing_is_asked_twice():
    """Where two questions keep one answer, the second shows what was marked at the first."""
    for name, asking in LIBRARY.saved.items():
        offered = {tuple(choice.saved for choice in each.choices) for each in asking}
        assert len(offered) == 1, name
    her = Survivor()
    her.goes_to("needs.what")
    her.taps("heard")
    her.taps("done")
    her.goes_to("needs.what")
    assert "✓ To be heard" in her.labels


def test_a11y_14_there_is_a_way_by_voice():
    """Lines to call at any hour, from every screen, and lines for those who cannot hear."""
    open_now = [each for each in LIBRARY.resources if each.always_open and each.phone]
    assert len(open_now) >= 5
    assert any("deaf" in each.kinds for each in LIBRARY.resources)
    assert LIBRARY.door("numbers") == StepId("always.numbers")
