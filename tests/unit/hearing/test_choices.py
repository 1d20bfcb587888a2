"""Typed words against the buttons of a step: what acts at once and what is asked about."""

import pytest

from bot.core import events
from bot.core.rules import Verb
from bot.hearing import choices
from tests.survivor import Survivor


def heard(step, words, language="en"):
    """What typed words mean at one step."""
    her = Survivor(language=language)
    her.starts()
    her.goes_to(step)
    her.types(words)
    return her.event.heard


@pytest.mark.parametrize(
    ("step", "words", "choice"),
    [
        ("start.notice", "Who can see this?", "more"),
        ("start.notice", "who can see ths", "more"),
        ("start.notice", "2", "more"),
        ("start.notice", "٢", "more"),
        ("contact.start", "See how it works", "onward"),
        ("contact.start", "not now", "not_now"),
        ("contact.summary", "change the hours", "change_times"),
        ("contact.summary", "Do not send it now", "not_now"),
        ("always.waiting", "cancel my request", "take_back"),
        ("always.hold", "Delete all of this", "delete_all"),
    ],
)
def test_words_that_back_undoes_act_at_once(step, words, choice):
    """A button's own words, its number, or a near miss."""
    assert heard(step, words) == events.Chose(choice)


@pytest.mark.parametrize(
    ("step", "words", "choice"),
    [
        ("contact.may", "Yes, a person may write to me", "agree"),
        ("contact.may", "yes", "agree"),
        ("contact.may", "1", "agree"),
        ("contact.may", "yes a person may writ to me", "agree"),
        ("contact.may", "No, nobody may write to me", "refuse"),
        ("contact.summary", "Send this to staff", "send"),
        ("contact.summary", "send this to staf", "send"),
        ("contact.summary", "1", "send"),
        ("always.erase", "Delete it all now", "delete_now"),
        ("always.erase", "delete it al now", "delete_now"),
        ("always.erase", "1", "delete_now"),
        ("always.waiting", "cancel my reqest", "take_back"),
        ("always.waiting", "3", "take_back"),
        ("always.hold", "delete all of thiss", "delete_all"),
    ],
)
def test_consent_handoff_and_erase_are_only_ever_suggested(step, words, choice):
    """However exactly they were typed; and near misses of what cannot be undone."""
    assert heard(step, words) == events.Suggested(choice)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("contact.may", "no a person may not write to me"),
        ("contact.may", "a person may never write to me"),
        ("contact.summary", "dont send this to staff"),
        ("contact.summary", "do not send this to staff!"),
        ("always.erase", "dont delete it all now"),
        ("start.notice", "dont go on"),
        ("always.did_you_mean", "not yes"),
        ("contact.start", "i dont want to see how it works"),
    ],
)
def test_a_text_with_a_negation_never_agrees(step, words):
    """It may only reach choices that are refusals."""
    meaning = heard(step, words)
    her = Survivor()
    step_of = her.edition.rules.step(step)
    if isinstance(meaning, events.Chose | events.Suggested):
        assert not step_of.choice(meaning.choice).affirmative
    else:
        assert meaning == events.NotUnderstood()


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("to be heard", events.Marked("heard", on=True)),
        ("To be hear", events.Marked("heard", on=True)),
        ("2", events.Marked("heard", on=True)),
        ("no 2", events.Marked("heard", on=False)),
        ("not to be heard", events.Marked("heard", on=False)),
        ("done", events.Continued()),
        ("I do not know yet", events.Marked("unknown", on=True)),
        ("something else", events.NotUnderstood()),
    ],
)
def test_marks_are_set_and_unset_by_words_and_numbers(words, meaning):
    """Wanted on, or wanted off; never a flip."""
    assert heard("needs.what", words) == meaning


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("  My own words. ", events.Wrote("My own words.")),
        ("1", events.Wrote("1")),
        ("two  spaces\nand a line", events.Wrote("two  spaces\nand a line")),
        ("Skip this", events.Chose("skip")),
        ("skip ths", events.Wrote("skip ths")),
        ("x" * 301, events.WroteTooMuch()),
        ("   ", events.NotUnderstood()),
        ("/unknown", events.NotUnderstood()),
        ("leave now", events.Called("leave", typed="leave now")),
    ],
)
def test_an_answer_in_her_own_words_is_kept_as_typed(words, meaning):
    """But for the space around it; only the exact words of a button are that button."""
    assert heard("contact.words", words) == meaning


def test_a_yes_to_did_you_mean_is_the_word_before_the_comma():
    """In her language, too."""
    for language, yes in (("en", "yes"), ("es", "sí")):
        her = Survivor(language=language)
        her.starts()
        her.goes_to("always.did_you_mean")
        her.types(yes)
        assert her.event.heard == events.Chose("meant"), language


def test_words_between_two_buttons_are_neither():
    """A near miss must be clearly nearer to one."""
    assert heard("contact.summary", "change the thing") == events.NotUnderstood()


def test_a_shuffled_list_is_numbered_as_she_sees_it():
    """Her order, not the file's."""
    her = Survivor()
    her.starts()
    her.goes_to("ways.start")
    second = her.labels[1]
    her.types("2")
    by_number = her.event.heard
    her.types("back")
    her.types(second)
    assert by_number == her.event.heard


def test_every_verb_has_its_place():
    """A verb that nobody thought of would otherwise be asked about by chance."""
    asked = {"give", "refuse", "send", "forget", "erase"}
    known = choices.AT_ONCE | choices.WHEN_EXACT | choices.ANSWERS
    verbs = set(Verb.__args__)
    assert len(verbs) > 10
    assert verbs == known | asked
    assert not known & asked
