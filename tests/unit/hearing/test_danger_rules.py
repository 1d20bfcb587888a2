"""The shipped danger rules: what must be answered at once, and what must not be taken for it.

A missed alarm leaves somebody alone; a false one tells a grieving person that nobody read her. Both
lists grow with every sentence that was once judged wrongly.
"""

from pathlib import Path

import pytest

from bot.flowdef.load import load
from bot.hearing.vocabulary import Vocabulary

FLOWS = Path(__file__).parents[3] / "flows"

MUST_FIRE = {
    "suicide": (
        "I want to die",
        "i dont want to live anymore",
        "I'm thinking about killing myself.",
        "sometimes i think they'd be better off without me",
        "i am tired of living",
        "I DON'T WANT TO BE HERE ANYMORE",
        "im suicidal",
        "I keep hurting myself",
        "quiero morirme",
        "ya no quiero vivir",
        "Me quiero matar",
        "pienso en quitarme la vida",
        "tengo ganas de hacerme daño",
        "no puedo mas, quiero acabar con todo",
    ),
    "danger_now": (
        "he's outside my house right now",
        "He is going to kill me",
        "help he has a gun",
        "he is hitting me",
        "i'm in danger",
        "my boyfriend forces me to have sex",
        "me obligan a tener sexo",
        "I’m hiding in the bathroom",
        "he wants to kill me",
        "me va a matar",
        "está afuera de mi casa",
        "no me deja salir",
        "va a matarme si hablo",
        "amenaza con matarme",
    ),
    "child": (
        "my dad hits me",
        "I'm being forced to have sex and I'm only 12 years old",
        "me están obligando a tener sexo y solo tengo 12 años",
        "he is hurting my kids",
        "my kids are not safe",
        "he molested my daughter",
        "abusa de mi hija",
        "mi papá me pega",
        "le pega a los niños",
    ),
    "plan": (
        "I am going to kill him tonight",
        "I'm gonna shoot them",
        "bought... I bought a gun",
        "lo voy a matar",
        "voy a conseguir una pistola",
    ),
}

MUST_NOT_FIRE = (
    "he killed my brother",
    "They killed my son last year",
    "i want him dead",
    "I want to kill him",
    "my brother died by suicide",
    "i thought he was going to kill me that night",
    "I don't want to die",
    "how long does the court take",
    "kill my time",
    "i was beaten up at work",
    "my son was shot in 2019",
    "I feel unsafe about court",
    "he hit me years ago",
    "I was only 12 years old when he forced me to have sex",
    "tengo 12 años de casada",
    "mi hija solo tiene 12 años",
    "he had a gun that day",
    "he took my kids to school",
    "i could kill for a coffee",
    "tired of living with my parents",
    "he hurt my daughter years ago",
    "mató a mi hermano",
    "lo quiero muerto",
    "no quiero morir",
    "trató de matarme hace dos años",
    "quiero que pague",
    "la violencia me dejó con miedo",
    "se llevó a mis hijos a la escuela",
    "mi hija murió",
    "Necesito ayuda con la renta",
    "lo mataron",
    "intentó matarme el año pasado",
)


@pytest.fixture(scope="module")
def vocabulary():
    """What the shipped flows listen for."""
    library, issues = load(FLOWS)
    assert not [issue for issue in issues if issue.severity == "error"]
    assert library.danger
    return Vocabulary((), lambda *_: "", danger=library.danger)


@pytest.mark.parametrize(
    ("rule", "words"), [(rule, words) for rule, lines in MUST_FIRE.items() for words in lines]
)
def test_words_of_danger_are_heard_as_what_they_are(vocabulary, rule, words):
    """Each sentence is answered with the words for its own kind of danger."""
    assert vocabulary.in_danger(words) == rule


@pytest.mark.parametrize("words", MUST_NOT_FIRE)
def test_grief_anger_and_the_past_are_no_alarm(vocabulary, words):
    """Telling what happened, or being angry, is not answered with emergency numbers."""
    assert vocabulary.in_danger(words) is None
