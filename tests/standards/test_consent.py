"""ISO/IEC TS 27560, Kantara and GDPR: what is recorded, and her rights to it."""

import sqlite3
from dataclasses import fields

import pytest

from bot.core.ids import StepId
from bot.service.assemble import ConsentRecord
from tests.standards.guide import LANGUAGES, LIBRARY, step
from tests.standards.test_privacy import CONSENTS, PLACES, SAVED
from tests.standards.walk import newcomer, taps, without_agreeing
from tests.survivor import ROOT, Survivor

AGREES, REFUSES = "give", "refuse"


def test_cr_2_the_words_that_were_shown_are_hashed_with_their_language():
    """Each record says which step, which structure, which text, in which language."""
    kept = {each.name for each in fields(ConsentRecord)}
    assert {"step", "structure", "text_hash", "language", "purpose", "at", "until"} <= kept


def test_cr_3_every_record_has_a_number_that_is_never_used_again():
    """Not even after all records of somebody were erased."""
    schema = (ROOT / "bot/store/migrations/0001_first.sql").read_text("utf-8")
    table = schema[schema.index("CREATE TABLE consent") :]
    with sqlite3.connect(":memory:") as database:
        database.execute(table[: table.index(";")].replace("REFERENCES person (id)", ""))
        added = "INSERT INTO consent (person, body) VALUES ('p', x'00')"
        first = database.execute(added).lastrowid
        database.execute("DELETE FROM consent")
        assert database.execute(added).lastrowid > first
    database.close()


def test_cr_4_only_a_live_yes_to_the_same_purpose_opens_the_gate():
    """Refused, withdrawn, ended and another purpose are all no."""
    for answer in ("none", "refused", "other"):
        her = Survivor()
        her.starts()
        if answer == "refused":
            her.goes_to("contact.may")
            her.taps("refuse")
        if answer == "other":
            her.session = newcomer(consents=())
        her.goes_to("contact.summary")
        her.taps("send")
        assert her.session.case is None, answer


def test_cr_7_give_refuse_and_withdraw_are_records_of_their_own():
    """None of them changes an earlier one."""
    her = Survivor()
    her.starts()
    her.goes_to("contact.may")
    her.taps("refuse")
    her.goes_to("contact.may")
    her.taps("agree")
    her.types("stop")
    her.presses("Yes, end it now")
    assert [each.answer for each in her.consents][:2] == ["refused", "given"]


@pytest.mark.parametrize("asking", CONSENTS, ids=lambda each: each.id)
def test_gdpr_7_2_a_consent_screen_asks_for_one_thing(asking):
    """A yes, a no, and nothing else; neither is marked beforehand or looks like the other."""
    assert sorted(choice.verb for choice in asking.choices) == [AGREES, REFUSES]
    assert asking.save == ""
    her = Survivor()
    her.goes_to(asking.id)
    assert not [label for label in her.labels if label.startswith("✓")]


def test_gdpr_7_3_taking_back_takes_no_more_taps_than_giving():
    """Counted on the engine from the same screen: until the yes stands, and until it is gone."""
    before = newcomer(at=StepId("ways.start"))
    giving = taps(before, lambda session: bool(session.consents), most=4)
    her = Survivor()
    her.starts()
    her.asks_for_a_person()
    her.goes_to("ways.start")
    taking = taps(her.session, lambda session: not session.consents, most=4)
    assert giving == 3
    assert taking <= giving


def test_gdpr_7_3_she_is_told_before_she_agrees_how_to_take_it_back():
    """On the screen that asks, in every language."""
    for language in LANGUAGES:
        her = Survivor(language=language)
        her.goes_to("contact.may")
        word = {"en": "stop", "es": "parar"}[language]
        assert word in her.text


def test_gdpr_7_4_no_page_hangs_on_a_consent():
    """Everything but what a request itself needs is reached without any."""
    needs_one = {"contact", "always"}
    closed = {
        each.id
        for each in LIBRARY.steps.values()
        if each.say is not None and each.flow not in needs_one and each.when is None
    } - without_agreeing()
    assert closed == set()


def test_gdpr_8_no_birth_date_is_asked_and_a_parent_is_never_asked_for():
    """A page for people under 18, open to all; no question about age anywhere."""
    assert StepId("limits.age") in without_agreeing()
    assert not [each.id for each in LIBRARY.steps.values() if each.answer == "date"]


def test_gdpr_10_nothing_asks_about_the_person_who_did_it():
    """No answer is kept about anybody but her."""
    assert set(LIBRARY.saved) <= SAVED | PLACES


def test_gdpr_11_whoever_says_nothing_about_herself_can_use_all_of_it():
    """Each typed question can be skipped, and marking nothing is allowed outside a request."""
    for each in LIBRARY.steps.values():
        if each.kind == "ask":
            assert any(choice.negative for choice in each.choices), each.id
        if each.kind == "choose_many" and each.flow != "contact":
            assert each.at_least == 0, each.id


def test_gdpr_12_seeing_correcting_and_erasing_are_done_at_once():
    """By her own press, without anybody at the desk."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("To be heard")
    her.presses("Done")
    her.types("what you hold")
    assert "To be heard" in her.text
    assert "Remove: What matters to me" in her.labels
    her.types("delete everything")
    her.presses("Delete it all now")
    assert her.forgotten


def test_gdpr_16_each_answer_has_a_button_that_changes_it():
    """And leads back to what she holds."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("To be heard")
    her.presses("Done")
    her.types("what you hold")
    her.presses("Change: What matters to me")
    her.presses("Privacy")
    her.presses("Done")
    assert her.session.place == StepId("always.hold")
    assert "Privacy" in her.text


def test_gdpr_25_everything_optional_is_off():
    """Nobody may write, nothing is kept in the chat, and nothing is marked for a newcomer."""
    new = newcomer()
    assert (new.consents, dict(new.answers), new.case) == ((), {}, None)
    assert new.delete_typed
    assert step("start.notice").keep is False
