"""A question in her own words: what it finds however it is written, and what it never does."""

import pytest

from bot.core.events import Asked, Called, Chose, Endangered, NotUnderstood, Wondered, WroteTooMuch
from bot.core.ids import Language
from bot.core.rules import READABLE
from bot.hearing.questions import Questions, Spoken
from bot.hearing.ranking import Page, Ranking
from bot.hearing.terms import Terms
from bot.service.questions import findable
from tests.survivor import Survivor, shipped

QUESTIONS = shipped().vocabulary.questions
EN, ES = Language("en"), Language("es")


def heard(words, language="en", step="question.own"):
    """What typed words mean at a step."""
    her = Survivor(language=language)
    her.starts()
    her.goes_to(step)
    her.types(words)
    return her.event.heard


@pytest.mark.parametrize(
    ("words", "language", "page"),
    [
        ("What is a grand jury?", "en", "courtroom.grand_jury"),
        ("what is restituton", "en", "courtroom.restitution"),
        ("who pays for the funneral", "en", "care.money_family"),
        ("que es la restitusion", "es", "courtroom.restitution"),
        ("WHAT IS A GRAND JURY!!!", "en", "courtroom.grand_jury"),
        ("restraining order from family court", "en", "lawsuit.family_order"),
        ("protection orders from family court", "en", "lawsuit.family_order"),
        ("¿Qué es el gran jurado?", "es", "courtroom.grand_jury"),
        ("que es el gran jurado", "es", "courtroom.grand_jury"),
        ("qué es él gran júrado", "es", "courtroom.grand_jury"),
        ("que es el gran jurado", "en", "courtroom.grand_jury"),
        ("what is a grand jury", "es", "courtroom.grand_jury"),
    ],
)
def test_a_question_finds_its_screen_however_it_is_written(words, language, page):
    """Misspelled, in capitals, with or without accents, with other words, in the other language."""
    found = heard(words, language)
    assert isinstance(found, Asked)
    assert found.sure
    assert found.nearest[0] == page


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_leads_wrote_beside_a_screen_finds_it(language):
    """Each first question of each screen, in each language; some screens share one."""
    edition = shipped()
    lost = []
    for step in findable(edition.library):
        question = edition.words.plain(f"{step.id}.asked", Language(language)).split("|")[0]
        found = QUESTIONS.find(question, Language(language))
        lost += [step.id] if step.id not in found.nearest else []
        assert found.sure, question
    total = sum(1 for _ in findable(edition.library))
    assert total > 250
    assert len(lost) <= 0.03 * total, lost


@pytest.mark.parametrize("words", ["qwertyuiop", "🙂🙂", "x" * 400, "?", "12345678"])
def test_what_is_no_question_finds_nothing(words):
    """Nothing is offered for the sake of offering something."""
    assert heard(words) == Asked((), sure=False)


def test_buttons_always_on_words_danger_and_length_come_first():
    """As at every other step."""
    assert heard("Look at all the ways") == Chose("skip")
    assert heard("look at al the ways") == Chose("skip")
    assert heard("1") == Chose("skip")
    assert heard("talk with a person") == Called("person", typed="talk with a person")
    assert isinstance(heard("how do i report it, i want to die"), Endangered)
    assert heard("why " * 200) == WroteTooMuch()
    assert heard("   ") == NotUnderstood()
    assert heard("/what is a grand jury") == NotUnderstood()


def test_no_question_finds_a_step_that_something_guards():
    """The door to a meeting is passed in its own order, and nothing but reading is ever opened."""
    edition = shipped()
    steps = [edition.library.steps[step.id] for step in findable(edition.library)]
    assert "meeting.how" not in {step.id for step in steps}
    assert all(step.when is None and step.kind in READABLE for step in steps)
    assert not {step.flow for step in steps} & {"always", "contact"}
    for words in ("how it could be asked for", "how could I ask for a meeting"):
        assert "meeting.how" not in QUESTIONS.find(words, EN).nearest


@pytest.mark.parametrize("step", ["court.what", "ways.start"])
def test_where_she_reads_a_question_is_suggested(step):
    """Only one that surely has an answer, of three words and more, with a question mark."""
    assert heard("what is a grand jury?", step=step) == Wondered("courtroom.grand_jury")
    assert heard("what is a grand jury", step=step) == NotUnderstood()
    assert heard("grand jury?", step=step) == NotUnderstood()
    assert heard("who won the match last night?", step=step) == NotUnderstood()


@pytest.mark.parametrize("step", ["contact.may", "contact.summary", "always.danger", "needs.what"])
def test_elsewhere_no_question_is_heard(step):
    """Not over a consent, a request, a system screen or something to mark."""
    assert heard("what is a grand jury?", step=step) == NotUnderstood()


HARD = {
    "en": (
        *("my husband hit me", "my boyfriend beats me", "i was raped", "he raped me last year"),
        *("they shot my son", "my ex choked me", "i was attacked on the subway", "he abused me"),
    ),
    "es": (
        *("mi esposo me pega", "mi novio me golpea", "me violaron", "me violo hace un año"),
        *("mataron a mi hijo", "mi ex me golpeo", "me atacaron en la calle", "abuso de mi"),
    ),
}
MEETINGS = ("circle", "meeting", "restorative", "studies")


@pytest.mark.parametrize("language", ["en", "es"])
def test_whoever_tells_what_was_done_to_her_meets_help_and_no_meeting(language):
    """Danger words, or pages of help; no page of a meeting opens, and nobody is asked "meant?"."""
    for words in HARD[language]:
        found = heard(words, language)
        if isinstance(found, Asked):
            assert not (found.sure and found.nearest[0].startswith(MEETINGS)), (words, found)
        assert not isinstance(heard(words, language, step="court.what"), Wondered)


PAGES = (
    Page(
        "a.one", "Papers", "How to apply", "Fill in the form and sign it.", ("where is the form",)
    ),
    Page("a.two", "Papers", "How long it takes", "About ten days.", ("when will it come",)),
    Page("b.one", "Dogs", "Walking", "Dogs like to run. They run and run.", ("does it run",)),
)


def test_stems_groups_and_faint_words_are_what_leads_say():
    """The form stands for the paper that is called application; "the" is not even heard."""
    terms = Terms(EN, unheard=["the"], faint=["where"], alike=[["form", "application form"]])
    said = terms.typed("the Applications forms")
    assert [each.term for each in said] == ["0form", "applic", "form"]
    assert [each.needed for each in said] == [True, False, False]
    assert terms.weight("where") < terms.weight("form")
    ranking = Ranking(PAGES, terms)
    assert ranking.find("application forms?")[0].step == "a.one"


def test_letters_that_sound_alike_are_written_for_each_other():
    """Where leads say so, kiero is quiero; a letter may also stand for none."""
    sounds = [("qu", "k"), ("v", "b"), ("h", "")]
    terms = Terms(ES, alike=[["quiero"], ["beber"], ["ahora"]], sounds=sounds)
    plain = Terms(ES, alike=[["quiero"], ["beber"], ["ahora"]])
    right = [said.term for said in terms.typed("quiero beber ahora")]
    assert [said.term for said in terms.typed("kiero vever aora")] == right
    assert [said.term for said in plain.typed("kiero vever aora")] != right


def test_the_same_question_has_the_same_answer_every_time():
    """Also from another index over the same screens."""
    questions = "where do I sign", "running", "form days", "how long", "zzz", ""
    first, second = (Ranking(PAGES, Terms(EN)) for _ in range(2))
    for question in questions:
        assert first.find(question) == first.find(question) == second.find(question)


def test_nothing_is_found_where_nothing_can_be():
    """No screens, no index; a language without a stemmer is compared by whole words."""
    assert Questions().find("what is this", EN).nearest == ()
    spoken = Spoken(Language("ja"), (Page("a.one", "", "", "", ("書類 は どこ",)),))
    assert Questions(lambda: [spoken]).find("書類 は どこ", EN).nearest == ("a.one",)


def test_the_index_is_built_once_and_when_it_is_needed():
    """Nobody waits for it who does not ask."""
    built = []
    questions = Questions(lambda: built.append(1) or [Spoken(EN, PAGES)])
    assert not built
    questions.find("where is the form", EN)
    questions.find("where is the form", EN)
    assert built == [1]
