"""VAWA and NNEDV Safety Net: what may leave, by whose word, and what a watched phone shows."""

import re
from dataclasses import fields
from datetime import timedelta

import pytest

from bot.core import effects as do
from bot.core.case import Case
from bot.core.ids import StepId
from bot.core.session import Session
from bot.core.turn import DELETE_AFTER
from tests.standards.guide import LANGUAGES, LIBRARY, said, says, screen, step, told
from tests.standards.test_vrd import shown
from tests.standards.walk import without_agreeing
from tests.survivor import ROOT, Survivor

SAVED = {"needs", "harm", "time_zone", "safe_times", "avoid", "note"}
"""Every name an answer is kept under. A new one is judged against GDPR-10 and NNEDV-13 first."""

PLACES = {"country", "state", "reach_by"}
"""Where she is and how she can reach a line, each of which can be skipped."""

IDENTIFYING = {"name", "username", "phone", "chat", "chat_id", "telegram_id", "address", "email"}
COMMANDS = {
    *("run", "demo", "check", "test-flows", "simulate", "diagram", "schema", "extract", "update"),
    *("progress", "export-csv", "import-csv", "pseudo", "publish", "versions", "revert"),
    *("withdraw", "migrate", "doctor"),
}
"""None of these writes out anything about a person: the spreadsheets hold words to translate."""

CONSENTS = tuple(each for each in LIBRARY.steps.values() if each.consent)


def test_vawa_1_there_is_no_room_for_a_name():
    """Neither what is kept of her nor what staff are given has a field that identifies her."""
    for kind in (Session, Case):
        assert not {each.name for each in fields(kind)} & IDENTIFYING, kind.__name__


def test_vawa_2_a_release_is_informed_written_and_ends_by_itself():
    """Who, why, what, until when and how to take it back stand on the screen that asks."""
    assert len(CONSENTS) > 0
    for each in CONSENTS:
        assert timedelta(0) < each.valid_for <= timedelta(days=30), each.id
    for wanted in (
        ("Who:", "Quién:"),
        ("Why:", "Para qué:"),
        ("What they see:", "Qué ve:"),
        ("Until:", "Hasta cuándo:"),
        ("take it back:", "retirar el permiso:"),
    ):
        assert says("contact.may", *wanted) == []


def test_vawa_3_agreeing_is_no_condition_of_anything():
    """Flows with facts, the numbers and her notes are open to whoever agreed to nothing."""
    opened = {each.partition(".")[0] for each in without_agreeing()}
    assert {each.id for each in LIBRARY.flows if any(one.sources for one in each.steps)} <= opened
    assert {StepId("places.start"), StepId("summary.made")} <= without_agreeing()


def test_vawa_4_one_purpose_one_receiver_and_both_sides():
    """Each consent asks for one thing; a request goes to one queue; good and bad are told."""
    assert len({each.consent for each in CONSENTS}) == len(CONSENTS)
    handed = [each.handoff for each in LIBRARY.steps.values() if each.handoff is not None]
    assert [(each.queue, each.consent) for each in handed] == [("intake", "be_contacted")]
    assert says("contact.may", "A good side:.*A risk:", "Lo bueno:.*Un riesgo:") == []


def test_vawa_5_no_command_tells_about_people():
    """Every command is about flows, words, versions or the service; a new one is judged first."""
    readme = (ROOT / "README.md").read_text("utf-8")
    table = readme[readme.index("## Commands") : readme.index("## Layout")]
    named = set(re.findall(r"`([a-z-]+)`(?=[,` a-z-]*\|)", table))
    assert {"run", "publish", "doctor"} <= named
    assert named <= COMMANDS


def test_vawa_8_taking_it_back_needs_no_proof_and_giving_needs_the_button():
    """One word withdraws, at once and for good; a typed yes is asked about first."""
    her = Survivor()
    her.starts()
    her.asks_for_a_person()
    her.types("stop")
    her.presses("Yes, end it now")
    assert [each.answer for each in her.consents] == ["given", "withdrawn"]
    assert her.session.consents == ()
    her.goes_to("contact.may")
    her.types("yes a person may write to me")
    assert her.session.place == StepId("always.did_you_mean")
    assert her.session.consents == ()


def test_vawa_9_she_can_see_what_is_kept():
    """A page says it in general, a button shows her own, and staff cannot forward it."""
    shown("limits.what_kept", "Kept, and locked", "bajo llave")
    assert LIBRARY.door("hold") == StepId("always.hold")


def test_nnedv_1_the_first_screen_asks_who_else_may_see_it():
    """In plain words, skippable, before any question; behind it what else there is."""
    assert says("start.notice", "Could someone else see this phone", "alguien más ver este") == []
    assert says("always.returned", "Could someone else see", "alguien más ver este") == []
    leads = {choice.go for choice in step("start.notice").choices}
    assert {"needs.what", "more_people"} <= leads
    assert says("start.more_phone", "Another phone.*call", "Otro teléfono.*llamar") == []


def test_nnedv_2_what_this_platform_can_give_away():
    """History on the account, another device, hidden programs, somebody who writes as her."""
    assert says("start.more_people", "Telegram keeps this chat", "Telegram guarda este chat") == []
    assert says("start.more_phone", "on another device", "en otro aparato") == []
    assert says("start.more_phone", "hidden program", "programa escondido") == []
    assert says("start.more_phone", "write here as you", "como si fuera usted") == []


def test_nnedv_3_the_chat_is_kept_short_and_deleting_is_taught():
    """An idle screen goes by itself, typed words go with what they answered, the rest is shown."""
    assert timedelta(hours=48) > DELETE_AFTER
    assert Survivor().session.delete_typed
    assert says("start.more_deletion", "delete the whole chat", "borrar todo el chat") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nnedv_4_leaving_is_one_press_and_says_what_it_cannot_do(language):
    """From every screen she can come to; and no text claims that nothing is left."""
    for each in LIBRARY.steps.values():
        if each.flow != "always" and each.say is not None:
            her = Survivor(language=language)
            her.goes_to(each.id)
            her.taps("leave")
            assert her.did(do.RemoveAll), each.id
    assert re.search(
        "clears what it can|limpia lo que se puede", screen("start.more_phone", language)
    )
    assert re.search("cannot reach|No alcanza", screen("always.erase", language))


def test_nnedv_5_nothing_waits_until_it_can_no_longer_be_deleted():
    """A screen is made dull and deleted at 46 hours, two before Telegram forbids it."""
    assert timedelta(hours=46) == DELETE_AFTER
    assert says("start.more_deletion", "does not let this guide remove older", "más viejos") == []


def test_nnedv_9_what_staff_send_shows_a_plain_line():
    """The line that announces words, and the name of the bot, say nothing of what it is for."""
    for language in LANGUAGES:
        charged = LIBRARY.charged[language]
        for name in ("always.open_line", "profile.survivor.name", "profile.survivor.description"):
            words = said(name, language).casefold()
            assert words
            assert not [word for word in charged if re.search(rf"\b{word}\b", words)], name


def test_nnedv_13_nothing_identifying_is_asked():
    """What is asked is known by name; nothing asks for a phone number or a date of hers."""
    assert set(LIBRARY.saved) - PLACES == SAVED
    asked = [each for each in LIBRARY.steps.values() if each.kind == "ask"]
    assert asked
    assert {each.answer for each in asked} <= {"text", "place", "question"}
    assert [each.save for each in asked if each.answer == "question"] == [""]
    assert (
        says("contact.words", "Names and addresses are not needed", "No hacen falta nombres") == []
    )


def test_nnedv_12_nobody_is_told_that_somebody_watches():
    """It is said that nobody watches all day, and lines that are open are one word away."""
    assert says("contact.sent", "Nobody watches this chat all day", "Nadie está mirando") == []
    assert says("contact.sent", "numbers", "números") == []
    for language in LANGUAGES:
        found = [ctx for ctx, words in told(language).items() if re.search(r"24/7 here", words)]
        assert found == []
