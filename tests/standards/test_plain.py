"""Plain language: two formulas for English, one made for Spanish, and words that are explained."""

import re

import pytest

from bot.text.checks.wording import MOST_GRADE, MOST_WORDS
from bot.text.reading import FEWEST_WORDS, grade, sentences, syllables, words_of
from tests.standards import spanish
from tests.standards.guide import LANGUAGES, LIBRARY, pages, screen

FLOWS = tuple(flow.id for flow in LIBRARY.flows if pages(flow.id))
LONG_WORD = 3
"""Syllables from which SMOG counts a word as hard."""

SMOG_NEEDS = 30
"""Sentences below which the SMOG formula was not made."""

MOST_SMOG = 8.0
"""The grade that the older IPDAS checklist allows by this formula, which is stricter."""

GLOSSED = {
    "en": {
        "felony": "serious|called a felony",
        "arraignment": "first day",
        "restitution": "paid? back|money back|pay you",
        "surrogate": "send|stands in",
        "grand jury": "people (hears?|hear) the proof|23 people",
        "parole": "let out|rules after prison|prison",
        "petition": "form|paper",
    },
    "es": {
        "felony": "grave",
        "lectura de cargos": "primer día",
        "restitución": "paga|pagar|perdió",
        "gran jurado": "personas",
        "libertad condicional": "salir|prisi|después",
        "petición": "papel|formulario",
    },
}


def smog(texts: list[str]) -> float:
    """The grade by McLaughlin's formula of 1969: long words a sentence."""
    words = [word for text in texts for word in words_of(text) if not word.isdigit()]
    hard = sum(syllables(word) >= LONG_WORD for word in words)
    count = sum(len(sentences(text)) for text in texts)
    return 1.0430 * (hard * 30 / count) ** 0.5 + 3.1291


@pytest.mark.parametrize("flow", FLOWS)
def test_pl_1_no_page_is_above_grade_6_and_no_flow_above_8_by_a_second_formula(flow):
    """Flesch-Kincaid a screen, SMOG a flow."""
    bodies = [screen(each.id, "en") for each in pages(flow)]
    long = [body for body in bodies if len(words_of(body)) >= FEWEST_WORDS]
    assert MOST_GRADE == 6.0
    assert max(map(grade, long)) <= MOST_GRADE
    if sum(len(sentences(body)) for body in bodies) >= SMOG_NEEDS:
        assert smog(bodies) <= MOST_SMOG, smog(bodies)


@pytest.mark.parametrize("flow", FLOWS)
def test_pl_4_spanish_is_easy_by_a_formula_made_for_it(flow):
    """INFLESZ: each flow rather easy, and no screen harder than normal."""
    bodies = {each.id: screen(each.id, "es") for each in pages(flow)}
    assert spanish.inflesz(bodies.values()) >= spanish.EASY
    for step, body in bodies.items():
        if len(words_of(body)) >= FEWEST_WORDS:
            assert spanish.inflesz([body]) >= spanish.NORMAL, step


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("persona", 3), ("día", 2), ("ciudad", 2), ("guía", 2), ("quien", 1), ("leer", 2),
        ("policía", 4), ("ahora", 3), ("muy", 1), ("ayuda", 3), ("fiscalía", 4), ("juicio", 2),
    ],
)  # fmt: skip
def test_pl_4_syllables_are_counted_as_they_are_spoken(word, count):
    """Diphthongs are one, a stressed weak vowel makes two, a silent u none."""
    assert spanish.syllables(word) == count


def test_pl_2_notice_consent_and_rights_are_among_the_easiest():
    """What the law wants plain reads at grade 5 or below."""
    for name in ("start.notice", "contact.may", "always.erase", "limits.what_kept"):
        assert grade(screen(name, "en")) <= 5, name


def test_pl_5_one_idea_a_screen_with_numbers_as_digits():
    """At most sixty words, and no figure from ten on is written out."""
    for each in LIBRARY.steps.values():
        body = screen(each.id, "en")
        assert each.consent or len(body.split()) <= MOST_WORDS, each.id
        spelled = re.search(
            r"\b(ten|eleven|twelve|fifteen|twenty|thirty|hundred)\b", body, re.IGNORECASE
        )
        assert not spelled, each.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_pl_5_a_word_of_the_law_is_explained_where_it_is_introduced(language):
    """In some screen of each flow that uses it, beside the word."""
    for flow in FLOWS:
        bodies = [screen(each.id, language).casefold() for each in pages(flow)]
        for word, gloss in GLOSSED[language].items():
            using = [body for body in bodies if word in body]
            assert not using or any(re.search(gloss, body) for body in using), f"{word} in {flow}"
