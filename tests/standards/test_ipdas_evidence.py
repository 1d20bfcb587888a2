"""IPDAS: where a fact comes from, how old it is, how sure, and how a number is told."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from babel.dates import format_date

from bot.core.ids import StepId
from bot.flowdef.checks.facts import overdue
from tests.standards.guide import LANGUAGES, LIBRARY, WAYS, body_of, flow, said, says, screen, step
from tests.survivor import Survivor

NO_FACTS = {"questions", "next", "like"}
"""Pages of a way that state nothing about the world: questions, where to go, how it may feel."""

OWN = {"rest.steps1", "rest.steps4", "rest.private"}
"""Pages about this guide itself."""

OF = {
    "en": r"\b(\d[\d,]*) of (?:the )?(\d[\d,]*)\b",
    "es": r"\b(\d[\d,]*) de (?:cada|los|las) (\d[\d,]*)\b",
}
WHO_AND_WHEN = re.compile(
    r"\b(19|20)\d\ds?\b|\baños 90\b|\d+ (months?|years?|mes|meses|años?)\b"
    r"|allowed|permitido|had got no help|no habían recibido|United Kingdom|Reino Unido"
)


def compared() -> list[tuple[str, str, tuple[str, ...]]]:
    """Each line of the comparison: its path, its verdict, its sources."""
    rows = step("compare.side").compare.rows
    return [(cell.text.ctx, cell.verdict, cell.sources) for row in rows for cell in row.cells]


def test_ipdas_c2_every_page_with_a_fact_names_a_source():
    """Pages of the ways, and each line of the comparison that claims to know something."""
    for way in WAYS:
        for each in flow(way).steps:
            name = each.id.partition(".")[2]
            if name not in NO_FACTS and each.id not in OWN:
                assert each.sources, each.id
    for ctx, verdict, sources in compared():
        assert sources or verdict == "unknown", ctx


@pytest.mark.parametrize("language", LANGUAGES)
def test_ipdas_c2_the_source_is_one_tap_away(language):
    """The button *About this page* shows title and address of each, in both languages."""
    for each in LIBRARY.steps.values():
        if each.sources and each.when is None:
            her = Survivor(language=language)
            her.goes_to(each.id)
            her.taps("about")
            shows(her, each.sources, each.id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_ipdas_c2_each_part_of_the_comparison_shows_its_own_sources(language):
    """Those of the need that is on the screen."""
    her = Survivor(language=language)
    her.goes_to("compare.side")
    for row in step("compare.side").compare.rows:
        her.taps("about")
        shows(her, tuple(name for cell in row.cells for name in cell.sources), row.id)
        her.taps("onward")
        further = said("always.button_page", language)
        if further in her.labels:
            her.presses(further)


def shows(her: Survivor, names: tuple[str, ...], where: str) -> None:
    """The screen has title and address of each source."""
    for name in names:
        source = LIBRARY.sources[name]
        assert source.title in her.text, f"{name} at {where}"
        assert source.address in her.text, f"{name} at {where}"


def test_ipdas_c2_no_source_is_printed_that_nobody_has_looked_at():
    """Each cited source says what it supports, and was seen on some day."""
    cited = {name for each in LIBRARY.steps.values() for name in each.sources}
    cited |= {name for _, _, sources in compared() for name in sources}
    assert len(cited) > 30
    for name in cited:
        source = LIBRARY.sources[name]
        assert source.confidence != "unverified", name
        assert source.seen is not None, name
        assert len(source.supports) > 40, name


def test_ipdas_c3_the_date_of_the_last_check_is_shown():
    """The page about the guide names month and year of the newest review, in both languages."""
    newest = max(each.review.on for each in LIBRARY.flows if each.review and each.review.on)
    for language in LANGUAGES:
        shown = format_date(newest, "LLLL", locale=language)
        assert re.search(rf"{shown}( de)? {newest.year}", screen("limits.about_guide", language))
    assert "limits.about_guide" in {choice.go for choice in step("always.more").choices}


def test_ipdas_c3_every_flow_with_facts_has_the_day_of_its_review():
    """Who looked, when, and until when that counts."""
    for each in LIBRARY.flows:
        if any(one.sources for one in each.steps):
            assert each.review is not None, each.id
            assert each.review.by, each.id
            assert each.review.on is not None, each.id
            assert each.review.until is not None, each.id


def test_ipdas_c4_what_is_past_its_day_is_reported():
    """The page states the interval, no review counts for longer, and a day later check warns."""
    assert says("limits.about_guide", "every 6 months or sooner", "cada 6 meses o antes") == []
    days = [each.review.until for each in LIBRARY.flows if each.review and each.review.until]
    spans = [
        each.review.until - each.review.on
        for each in LIBRARY.flows
        if each.review and each.review.on and each.review.until
    ]
    assert max(spans) <= timedelta(days=184)
    late = {issue.id for issue in overdue(LIBRARY, max(days) + timedelta(days=1))}
    assert {each.id for each in LIBRARY.flows if each.review and each.review.until} <= late


def test_ipdas_c5_what_is_not_sure_is_said_to_be_so():
    """Limits beside each result, a page of what is not known, and "not known" as a verdict."""
    limits = {"asked": "limits", "trials": "trials_limits", "youth": "youth_limits"}
    order = {one.id: other.id for one, other in pairwise(flow("studies").steps)}
    for name, limit in limits.items():
        assert order[StepId(f"studies.{name}")] == f"studies.{limit}"
    assert (
        says("studies.limits", "does not tell what all survivors want", "no dice qué quieren") == []
    )
    assert says("studies.not_known", "No outside study", "no se vio ningún estudio externo") == []
    assert says("restorative.cannot", "only of people who wanted to meet", "solo de personas") == []
    unknown = [ctx for ctx, verdict, _ in compared() if verdict == "unknown"]
    assert len(unknown) >= 3
    for ctx in unknown:
        assert re.search("ask", said(ctx, "en")), ctx
        assert re.search("preguntar", said(ctx, "es")), ctx


def test_ipdas_p1_a_share_names_the_people_it_was_counted_among():
    """Who was asked or counted, where, and by whom, on the same page."""
    assert (
        says("studies.asked", "Brooklyn.*asked survivors.*itself", "Brooklyn.*sobrevivientes") == []
    )
    assert says("court.steps3", "New York in 2019, 96 of 100", "en 2019, 96 de cada 100") == []
    for name in ("mediation", "mediation_fear", "mediation_paid", "mediation_again"):
        assert (
            says(f"studies.{name}", "US mediation programs of the 1990s", "años 90 en el país")
            == []
        )


def shares(language: str) -> dict[str, list[tuple[str, str]]]:
    """By screen: each ``n of m`` on it."""
    found = {
        each.id: re.findall(OF[language], body_of(screen(each.id, language)))
        for each in LIBRARY.steps.values()
    }
    return {name: pairs for name, pairs in found.items() if pairs and ".steps" not in name}


def test_ipdas_p2_rates_are_natural_frequencies_with_who_and_when():
    """No percent sign and no "percent" on any screen; each "n of m" has its time or its people."""
    for language in LANGUAGES:
        for each in LIBRARY.steps.values():
            words = " ".join((screen(each.id, language), said(f"{each.id}.help", language)))
            assert not re.search(r"%|percent|por ciento", words), each.id
        told = shares(language)
        assert len(told) >= 8
        for name in told:
            run = screen(name, language)
            assert WHO_AND_WHEN.search(run), f"{name} ({language})"


def test_ipdas_p3_two_groups_are_compared_out_of_the_same_number():
    """On one page all shares that are set side by side are out of the same number."""
    for language in LANGUAGES:
        for name, pairs in shares(language).items():
            if len(pairs) > 1:
                assert len({whole for _, whole in pairs}) == 1, f"{name} ({language}): {pairs}"


def test_ipdas_p5_gain_and_loss_are_told_together():
    """Beside those for whom it was so stand those for whom it was not."""
    missing = []
    for name in ("asked", "youth", "youth_limits", "mediation", "mediation_fear"):
        for language in LANGUAGES:
            body = screen(f"studies.{name}", language)
            for part, whole in re.findall(OF[language], body):
                rest = int(whole) - int(part)
                if not re.search(rf"\b{rest}\b", body):
                    missing.append(f"{name} ({language}): {part} of {whole}")
    assert missing == []


def test_ipdas_d2_how_the_facts_were_chosen_is_told():
    """Which kinds of sources came first, and what was left out."""
    assert (
        says("limits.about_choice", "First came laws.*left out", "Primero, las leyes.*no está")
        == []
    )
