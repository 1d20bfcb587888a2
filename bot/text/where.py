"""Where she is, as far as she has said: whose lines are shown, and how that is told to her.

Nobody is asked first. Without an answer the home region's lines stand there, named as such; for a
country of which nothing is known, the local emergency number is spoken of, and theirs as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.ids import Language
from bot.core.rules import WHERE, Answers
from bot.flowdef.model import Resource

from . import dates
from .words import Words


@dataclass(frozen=True, slots=True)
class Where:
    """``region``: whose lines are shown. ``given``: what she said under ``asked``, if anything.

    ``known``: the lines are those of the place she said. ``inside``: she has not said which part of
    the region, so lines of all its parts are shown.
    """

    region: str
    given: str = ""
    asked: str = WHERE[-1]
    known: bool = False
    inside: bool = True

    @property
    def country(self) -> str:
        """The country whose lines are shown: two letters."""
        return self.region.partition("-")[0]

    @property
    def abroad(self) -> bool:
        """Whether she named a place of which nothing is known."""
        return bool(self.given) and not self.known

    def has(self, resource: Resource) -> bool:
        """Whether a line serves this place."""
        own = self.region == resource.region or self.region.startswith(f"{resource.region}-")
        return own or (self.inside and resource.region.startswith(f"{self.region}-"))


def where(
    answers: Answers, resources: Iterable[Resource], home: str, names: tuple[str, ...] = WHERE
) -> Where:
    """From her answers under ``names``, of which the last is the country, the first the nearest."""
    asked = names[-1]
    country = answers.get(asked, "")
    if not isinstance(country, str) or not country:
        return Where(home)
    if not any(each.region.partition("-")[0] == country for each in resources):
        return Where(home, country, asked)
    parts = [answers.get(name) for name in names[:-1]]
    nearest = [each for each in parts if isinstance(each, str) and _lies(each, country)]
    if not nearest and home.startswith(f"{country}-"):
        return Where(home, country, asked, known=True)
    return Where((*nearest, country)[0], country, asked, known=True, inside=False)


def _lies(region: str, country: str) -> bool:
    return region == country or region.startswith(f"{country}-")


def told(at: Where, words: Words, language: Language, elsewhere: str = "") -> str:
    """Whose numbers these are: the line above them.

    ``elsewhere``: another phrase for a place of which nothing is known.
    """
    values = {"country": dates.country(at.country, language)}
    if at.known:
        return words.plain("always.numbers_here", language, values)
    if not at.given:
        return words.plain("always.numbers_home", language, values)
    place = words.answer(at.asked, at.given, language)
    phrase = elsewhere or "always.numbers_elsewhere"
    return words.plain(phrase, language, {**values, "place": place})
