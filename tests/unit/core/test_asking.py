"""What becomes of a question: a screen opens and leads back, or the nearest ones are offered."""

from dataclasses import replace

import pytest

from bot.core.events import Asked, Event
from bot.hearing.questions import Found
from tests.survivor import Survivor, shipped

UNSURE = ("court.long", "civil.long", "courtroom.waiting")


class Answering:
    """Finds what a test wants it to find."""

    def __init__(self, *nearest: str, sure: bool = False) -> None:
        self.found = Found(nearest, sure)

    def find(self, question: str, language: str) -> Found:
        return self.found


def asking(*nearest: str, sure: bool = False, language: str = "en") -> Survivor:
    """Before the question; whatever she types finds these."""
    edition = shipped()
    words = replace(edition.vocabulary, questions=Answering(*nearest, sure=sure))
    her = Survivor(edition=replace(edition, vocabulary=words), language=language)
    her.starts()
    her.goes_to("question.own")
    return her


def test_a_page_that_was_found_leads_back_to_the_question():
    """By going on, and by Back."""
    for press in ("Go on", "Back"):
        her = asking("court.long", sure=True)
        her.types("how long")
        assert her.session.place == "court.long"
        assert her.text.startswith("This page is the nearest to what you typed.")
        her.presses(press)
        assert her.session.place == "question.own"
        assert her.session.visits == ()
        assert "is the nearest" not in her.text


def test_a_page_with_buttons_leads_where_they_say_and_back():
    """A menu that was found is no dead end."""
    her = asking("ways.start", sure=True)
    her.types("what can I do")
    assert her.session.place == "ways.start"
    her.presses("Support for me only")
    assert her.session.place == "support.what"
    her.types("back")
    her.types("back")
    assert her.session.place == "question.own"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_nearest_pages_are_offered_by_name(language):
    """Three at most, each with the flow where other flows have the same page; and a person."""
    her = asking(*UNSURE, "rest.long", language=language)
    her.types("how long")
    lead = {"en": "I may not have this.", "es": "Puede que no tenga eso."}[language]
    assert her.text.startswith(lead)
    names = {
        "en": ["How long it takes (The court)", "", "Talk with a person"],
        "es": ["Cuánto tiempo lleva (El tribunal)", "", "Hablar con una persona"],
    }[language]
    assert her.seen.buttons[:3] == UNSURE
    assert her.labels[0] == names[0]
    assert all(len(label) <= 64 for label in her.labels)
    assert names[2] in her.labels
    assert len([name for name in her.seen.buttons if "." in name]) == 3


def test_a_nearest_page_opens_and_the_others_are_still_there():
    """By button, by its words, or by its number; and going on leads back to all of them."""
    for way in ("press", "words", "number"):
        her = asking(*UNSURE)
        her.types("how long")
        label = her.labels[1]
        her.presses(label) if way == "press" else her.types(label if way == "words" else "2")
        assert her.session.place == "civil.long", way
        her.presses("Go on")
        assert her.seen.buttons[:3] == UNSURE
        assert her.text.startswith("I may not have this.")


def test_the_next_question_and_going_away_forget_the_nearest():
    """They belong to one question."""
    her = asking(*UNSURE)
    her.types("how long")
    her.presses("Look at all the ways")
    assert her.session.nearest == ()
    her.types("back")
    assert her.text.startswith("Ask in your own words")
    her.types("how long")
    her.edition.vocabulary.questions.found = Found()
    her.types("and what else")
    assert her.session.nearest == ()
    assert her.text.startswith("I do not have this here.")


def test_an_old_button_of_a_nearest_page_does_nothing():
    """It belonged to another question."""
    her = asking(*UNSURE)
    her.types("how long")
    token = her.session.screen.token
    her.edition.vocabulary.questions.found = Found(("court.what",))
    her.types("and what else")
    her.sends(f"1:{token}:q0")
    assert her.session.place == "question.own"
    her.sends(f"1:{her.session.screen.token}:q7")
    assert her.session.place == "question.own"


@pytest.mark.parametrize(
    "page",
    ["contact.may", "contact.summary", "always.erase", "needs.what", "gone.away", "places.kind"],
)
def test_a_question_never_opens_what_does_more_than_show(page):
    """Whatever hearing may say: no consent, no request, no system screen, nothing to fill in."""
    her = asking()
    before = her.session
    her.apply(Event(Asked((page,), sure=True), "seed of a bug", 7))
    assert her.session.place == "question.own"
    assert her.session.answers == before.answers
    assert her.session.consents == ()


def test_a_suggested_page_opens_only_after_a_yes():
    """And a no leads back to where she was."""
    for answer, place in (
        ("Yes, I meant that", "courtroom.grand_jury"),
        ("No, I did not", "court.what"),
    ):
        her = Survivor()
        her.starts()
        her.goes_to("court.what")
        her.types("what is a grand jury?")
        assert her.session.place == "always.did_you_mean"
        assert "“The grand jury (" in her.text
        her.presses(answer)
        assert her.session.place == place
        assert her.session.pending is None
        if place != "court.what":
            her.presses("Go on")
            assert her.session.place == "court.what"
