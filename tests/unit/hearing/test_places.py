"""Typed countries: their names, what people call them, slips of the hand, what is not guessed."""

from dataclasses import replace

import pytest

from bot.core.events import Unfit, Wrote, WroteTooMuch
from bot.hearing.places import countries, read_place
from tests.survivor import shipped

WORDS = shipped().vocabulary

NAMES = {
    "US": (
        *("USA", "us", "U.S.", "U.S.A.", "United States", "the united states", "the States"),
        *("EEUU", "EE. UU.", "EE.UU.", "ee uu", "E.U.", "Estados Unidos", "los Estados Unidos"),
        *("America", "América", "Puerto Rico", "New York", "Nueva York", "NYC", "Brooklyn"),
        *("New Jersey", "Jersey", "Indiana", "unted states", "Untied States", "Estados Undios"),
    ),
    "GB": (
        *("UK", "U.K.", "the UK", "United Kingdom", "England", "Inglaterra", "Reino Unido"),
        *(
            "Scotland",
            "Escocia",
            "Gales",
            "Gran Bretaña",
            "Northern Ireland",
            "Engalnd",
            "Reino Undo",
        ),
    ),
    "MX": ("Mexico", "México", "MEXICO", "Méjico", "Mexcio", "Ciudad de México", "CDMX"),
    "ES": ("Spain", "España", "Espana", "españa", "Spian", "Espagna"),
    "CA": ("Canada", "Canadá", "canda", "Quebec", "Québec"),
    "AU": ("Australia", "Autralia", "Austrailia", "Queensland"),
    "DO": ("Dominican Republic", "República Dominicana", "Republica Domincana", "RD", "DR"),
    "PE": ("Peru", "Perú"),
    "BR": ("Brazil", "Brasil", "Brasl"),
    "DE": ("Germany", "Alemania", "Germnay"),
}
OWN_WORDS = (
    *(
        "Narnia",
        "not in the city",
        "the house of a friend",
        "Bali",
        "Lima",
        "at home",
        "x",
        "us two",
    ),
    *("far away from him and from his family, in a place that nobody knows", "11201", "..."),
)
SEVERAL = ("Georgia", "Austrila", "Nigera")


@pytest.mark.parametrize(("code", "names"), NAMES.items())
def test_a_country_is_known_by_all_its_names(code, names):
    """In both languages, short, with and without accents, with one or two letters wrong."""
    wrong = [name for name in names if read_place(name, WORDS) != Wrote(code)]
    assert wrong == []


@pytest.mark.parametrize("text", OWN_WORDS)
def test_other_words_stay_as_she_wrote_them(text):
    """Short words and long ones are near to nothing."""
    assert read_place(text, WORDS) == Wrote(text)


@pytest.mark.parametrize("text", SEVERAL)
def test_what_could_be_two_countries_is_asked_about(text):
    """A name that leads have put under both, or a slip that is near to both."""
    assert read_place(text, WORDS) == Unfit("place")
    assert len(countries(text, WORDS)) > 1


@pytest.mark.parametrize(
    "name", ["Austria", "Australia", "Niger", "Nigeria", "Guinea", "Iran", "Iraq"]
)
def test_a_name_that_is_exactly_one_country_is_that_country(name):
    """Whatever else is near."""
    assert len(countries(name, WORDS)) == 1


def test_too_many_words_are_no_place():
    """Nothing is kept of them."""
    assert read_place("a" * 101, WORDS) == WroteTooMuch()


def test_what_leads_have_listed_goes_before_the_names_of_countries():
    """Jersey is a country as well, and people in New Jersey say it."""
    without = replace(WORDS, spellings=())
    assert read_place("Jersey", without) == Wrote("JE")
    assert read_place("Jersey", WORDS) == Wrote("US")
    assert read_place("Georgia", without) == Wrote("GE")
