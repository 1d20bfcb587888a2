"""IPDAS: the problem, the decision, every option with both its sides, and what matters to her."""

import re
from dataclasses import replace

import pytest

from bot.core.buttons import ordered
from bot.core.ids import StepId
from bot.flowdef.model import StepDef
from tests.standards.guide import (
    LANGUAGES,
    LIBRARY,
    SPOKEN,
    WAYS,
    body_of,
    flow,
    said,
    says,
    screen,
    step,
    told,
)
from tests.standards.walk import newcomer, without_agreeing
from tests.survivor import Survivor, shipped

HUB = "ways.start"
MOST_UNEVEN = 1.3
"""The longest page of one heading may have so many times the characters of the shortest."""

LEANS = r"\b(the best (way|choice)|best for you|better than|recommend|we suggest)"
LEANS_ES = r"\b(mejor (camino|opción)|mejor que otr|recomend|le sugerimos|le conviene más)"


def pages_of(name: str) -> tuple[StepDef, ...]:
    """The page of that name of each way."""
    return tuple(step(f"{way}.{name}") for way in WAYS)


def names() -> tuple[str, ...]:
    """What the pages of every way are called, in order."""
    return tuple(each.id.partition(".")[2] for each in flow(WAYS[0]).steps)


def test_ipdas_q1_the_problem_is_described_without_blame_or_diagnosis():
    """The choice says whom it is for: somebody whom someone has hurt."""
    assert says(HUB, r"someone has hurt|were hurt", r"hizo daño|sufri") == []


def test_ipdas_q2_the_decision_is_stated_and_is_not_a_yes_to_one_way():
    """What, if anything, she wants to happen next; no way is named in the question."""
    assert says(HUB, r"if anything, do you want", r"qué quiere.*\?") == []
    for language in LANGUAGES:
        asked = screen(HUB, language).casefold()
        titles = [said(f"{way}.title", language).casefold() for way in WAYS]
        assert [title for title in titles if title in asked] == []


def test_ipdas_q3_every_option_is_described_neither_and_both_included():
    """Five ways, none among them, what can be combined; each says for whom it is not."""
    leads = {choice.go for choice in step(HUB).choices}
    assert {f"{way}.what" for way in WAYS} <= leads
    assert "combine.start" in leads
    for way in WAYS:
        for language in LANGUAGES:
            assert len(screen(f"{way}.not_for", language)) > 150, way


def test_ipdas_q4_every_way_has_its_good_sides():
    """A page of what it can give, and good sides among what it can be like."""
    for way in WAYS:
        assert len(step(f"{way}.gives").sources) > 0, way
        assert says(f"{way}.like", "Good sides:", "Lo bueno:") == []


def test_ipdas_q5_every_way_has_its_bad_sides():
    """Restorative: it may not be open, the other may refuse; court: delay, questions, no say."""
    for way in WAYS:
        assert len(step(f"{way}.cannot").sources) > 0, way
        assert says(f"{way}.like", "Hard sides:", "Lo difícil:") == []
    assert says("restorative.who", "You cannot just walk in", "no basta con presentarse") == []
    assert (
        says("restorative.decides", "the other person must want it", "la otra persona debe") == []
    )
    assert says("court.long", "can be slow", "puede ser lento") == []
    assert says("court.steps4", "both sides may ask you questions", "preguntas los dos lados") == []
    assert says("court.cannot", "Your word does not decide", "Su palabra no los decide") == []


def test_ipdas_q6_every_way_says_what_it_is_like_for_her():
    """A page about living through it, and one about its cost in time, nerves and money."""
    for way in WAYS:
        assert says(f"{way}.cost", "Time:.*Nerves:.*Money:", "Tiempo:.*Nervios:.*Dinero:") == []
        for language in LANGUAGES:
            assert len(screen(f"{way}.like", language)) > 150, way


def test_ipdas_c1_equal_detail():
    """Same pages in the same order, same headings, about as many characters, in every language."""
    assert len(names()) >= 19
    for way in WAYS:
        assert tuple(each.id.partition(".")[2] for each in flow(way).steps) == names(), way
    for language in SPOKEN:
        for name in names():
            said_here = [screen(each.id, language) for each in pages_of(name)]
            assert len({body.partition("\n\n")[0] for body in said_here}) == 1, name
            lengths = [len(body_of(body)) for body in said_here]
            assert max(lengths) <= MOST_UNEVEN * min(lengths), f"{name} ({language}): {lengths}"


def test_ipdas_c1_good_and_bad_sides_of_a_way_have_the_same_room():
    """What it can give and what it cannot do, in every way and language."""
    for language in SPOKEN:
        for way in WAYS:
            sides = [
                len(body_of(screen(f"{way}.{side}", language))) for side in ("gives", "cannot")
            ]
            assert max(sides) <= MOST_UNEVEN * min(sides), f"{way} ({language}): {sides}"


def test_ipdas_c1_no_way_comes_first_or_is_chosen_beforehand():
    """Each of the four stands first for about as many people; "none now" keeps its place below."""
    rules, new = shipped().rules, newcomer(at=StepId(HUB))
    seen: dict[str, int] = {}
    for number in range(400):
        shown = ordered(rules.step(StepId(HUB)), replace(new, seed=f"person {number}"))
        seen[shown[0].id] = seen.get(shown[0].id, 0) + 1
    assert set(seen) == set(WAYS) - {"rest"}
    assert min(seen.values()) > 60
    her = Survivor()
    her.goes_to(HUB)
    assert not [label for label in her.labels if label.startswith("✓")]


def test_ipdas_l1_what_happens_if_nothing_is_done():
    """Clocks run, a case of others goes on, and it need not stay quiet."""
    assert says("rest.cannot", "cannot stop the clocks", "No puede detener los plazos") == []
    assert says("rest.other", "can go on without your wish", "puede seguir aunque usted no") == []
    assert says("open_doors.what_may_close", "Some clocks run", "plazos") == []


def test_ipdas_l2_the_ways_stand_side_by_side():
    """For each need, one line a way, none left out, and none ahead for everybody."""
    compared = step("compare.side").compare
    assert compared is not None
    assert set(compared.ways) == set(WAYS)
    needs = {choice.id for choice in step("needs.what").choices if not choice.alone}
    assert {row.id for row in compared.rows} == needs
    for row in compared.rows:
        assert {cell.way for cell in row.cells} == set(WAYS), row.id
        for language in SPOKEN:
            lengths = [len(said(cell.text.ctx, language)) for cell in row.cells]
            assert max(lengths) <= MOST_UNEVEN * min(lengths), f"{row.id} ({language}): {lengths}"


@pytest.mark.parametrize(("language", "leans"), [("en", LEANS), ("es", LEANS_ES)])
def test_ipdas_v1_she_marks_what_matters_and_nothing_is_scored(language, leans):
    """Marks are free, "not known" and none are among them, and no line adds up or recommends."""
    asked = step("needs.what")
    assert asked.kind == "choose_many"
    assert asked.at_least == 0
    assert any(choice.alone for choice in asked.choices)
    assert "rest.what" in {choice.go for choice in step(HUB).choices}
    found = [ctx for ctx, words in told(language).items() if re.search(leans, words, re.IGNORECASE)]
    assert found == []


def test_ipdas_v2_body_feelings_and_others_are_part_of_what_it_can_be_like():
    """What each way can be like leads on to the pages about feelings, in body and among others."""
    for way in WAYS:
        assert "feelings.start" in {choice.go for choice in step(f"{way}.like").choices}, way
    for name in ("anger", "numb", "fear", "family", "changed"):
        assert StepId(f"feelings.{name}") in without_agreeing()


def test_ipdas_g1_there_are_steps_to_decide_by_and_questions_to_take_along():
    """Marking, comparing, looking; questions in every way, and some to keep in the chat."""
    assert [choice.go for choice in step("needs.marked").choices] == ["compare.start", HUB]
    for way in WAYS:
        for language in LANGUAGES:
            assert screen(f"{way}.questions", language).count("?") >= 4, way
    assert any(choice.verb == "keep" for choice in step("summary.questions").choices)


def test_ipdas_w1_she_can_go_back_begin_again_leave_return_and_take_something_along():
    """By the buttons of any screen: Back, More, Leave now, her notes, the first screen."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("Back")
    assert her.session.at == StepId("start.notice")
    her.presses("Go on")
    her.types("leave now")
    her.starts()
    assert her.session.place == StepId("always.returned")
    her.presses("Go on")
    assert her.session.place == StepId("needs.what")
    assert "summary.made" in {choice.go for choice in step("always.more").choices}
    assert LIBRARY.door("start") == StepId("start.notice")
