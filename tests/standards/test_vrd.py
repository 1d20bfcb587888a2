"""Directive 2012/29/EU, used as a yardstick: what a person hurt by a crime is to be told, and how.

"Shown" here means more than that a page exists: it is reached by somebody who agrees to nothing.
"""

import pytest

from bot.core.ids import StepId
from tests.standards.guide import LANGUAGES, says, step
from tests.standards.walk import newcomer, press, presses, without_agreeing
from tests.survivor import Survivor


def shown(name: str, *wanted: str) -> None:
    """A page says something in every language, and is open to whoever has agreed to nothing."""
    assert says(name, *wanted) == []
    opened = StepId(name) in without_agreeing()
    assert opened, f"{name} is not reached without a consent"


def test_vrd_3_words_are_plain_and_somebody_may_come_along():
    """May someone sit with me is a question she is given, and help is open to people with papers
    or none, in any language, and to those who cannot hear.
    """
    shown("courtroom.police", "may someone sit with me", "alguien puede estar conmigo")
    shown("care.centers", "in any language", "en cualquier idioma")
    shown("courtroom.language", "sign language", "lengua de señas")


def test_vrd_4a_kinds_of_support():
    """An advocate, care for body and mind, a place to stay, an order of her own safety."""
    shown("care.advocate", "advocate", "defensora de víctimas")
    shown("care.counselling", "counselor", "terapia")
    shown("care.hospital", "hospital", "hospital")
    shown("care.moving", "shelter", "refugio")


def test_vrd_4b_how_to_report_and_what_her_part_is():
    """A report, both its sides, and that she is a witness with rights."""
    shown("courtroom.report", "report.*witness with rights", "denuncia.*testigo y tiene derechos")
    shown("courtroom.report_sides", "not up to you", "no depende de usted")


def test_vrd_4c_how_and_when_there_is_protection():
    """An order in a case, an order from Family Court, and that neither is sure."""
    shown("courtroom.order", "order of protection|judge's order", "orden")
    shown("lawsuit.family_order", "order of protection", "orden de protección")
    shown("courtroom.order_ask", "tool, not a guarantee", "no una garantía")


def test_vrd_4d_legal_advice_and_legal_aid():
    """Where it is free, and what to ask first."""
    shown("lawsuit.legal_help", "free legal help|Legal Help", "ayuda legal")
    shown("lawsuit.legal_ask", "Is it free", "Es gratis")


def test_vrd_4e_compensation_from_the_state_and_money_from_the_other_person():
    """Both kinds, told apart: who pays which, how long one has, what is paid."""
    shown("care.money", "compensation", "compensación")
    shown("care.money_time", "3 years", "3 años")
    shown("courtroom.restitution", "not compensation.*state", "No es la compensación.*estado")


def test_vrd_4f_interpretation_and_translation():
    """She can ask for someone who puts words into her language, and papers in it."""
    shown("courtroom.language", "interpreter", "intérprete")


def test_vrd_4g_when_it_happened_elsewhere():
    """Another state or country is a question to ask first; other states pay by their own rules."""
    shown("courtroom.report_ask", "another state or country", "otro estado o país")
    shown("care.states", "board of your state", "junta de su estado")


def test_vrd_4h_how_to_complain():
    """Whom to tell when a right was not kept, by the authorities or by a program."""
    shown("courtroom.complain", "office for complaints", "oficina de quejas")
    shown("circle.questions_more", "Who do I tell if something is wrong", "A quién acudo")


def test_vrd_4i_who_to_speak_with_about_ones_case():
    """Who the contact is, and that many rights need a way to reach her."""
    shown("courtroom.contact", "my contact with the police", "mi contacto en la policía")
    shown("courtroom.rights_notice", "kept up to date", "mantenerlos al día")


def test_vrd_4j_restorative_services():
    """Which there are, what has to come together, and which cases they do not take."""
    shown("circle.can_it", "Brooklyn and the Bronx", "Brooklyn y el Bronx")
    shown("circle.models", "Center for Justice Innovation", "Center for Justice Innovation")
    shown("circle.excluded", "does not take", "no toma")


def test_vrd_4k_costs_of_taking_part():
    """Travel, child care, a day's pay: what can be paid, and what to ask."""
    shown("courtroom.costs", "trips to court", "viajes al tribunal")
    shown("courtroom.work", "may not punish", "no puede castigarle")


def test_vrd_4_2_more_detail_is_there_when_it_is_wanted():
    """Each way in short leads to the same in detail, and none of it has to be read."""
    details = {"restorative": "circle", "court": "courtroom", "support": "care"}
    details |= {"civil": "lawsuit", "rest": "open_doors"}
    for way, detail in details.items():
        assert f"{detail}.start" in {choice.go for choice in step(f"{way}.next").choices}, way
        assert StepId(f"{detail}.start") in without_agreeing()


def test_vrd_8_support_is_free_private_and_needs_no_report():
    """No case, no report, no papers; families too."""
    shown("care.centers", "free.*no police report", "gratis.*No hace falta un informe")
    shown("support.who", "need no case", "No necesita un caso")
    shown("care.money_family", "Close family", "familia cercana")


def test_vrd_9_the_five_kinds_of_help_are_named():
    """Rights, specialists, feelings, money, danger that goes on; shelter and trauma care."""
    shown("courtroom.rights_ny", "State law", "ley estatal")
    shown("care.counselling_few", "trauma recovery centers", "recuperación del trauma")
    shown("feelings.anger", "common", "común")
    shown("care.money_pays", r"\$30,000", r"\$30,000")
    shown("care.safety", "plan", "plan")
    shown("care.moving_ask", "shelter", "refugio")


def test_vrd_12a_a_meeting_is_voluntary_and_can_be_left():
    """Nobody has to start or go on; a no ends it; stopping is a question with its consequences."""
    shown("circle.rights_free", "nobody has to start", "nadie tiene que empezar")
    shown("restorative.decides", "Your no is enough", "no» basta")
    shown("restorative.stop", "can I stop at any time", "puedo parar en cualquier momento")


def test_vrd_12b_process_outcomes_and_supervision_are_told_before_a_yes():
    """What it is, what can come of it, who checks it: all before any consent in this guide."""
    shown("circle.the_day", "In the room", "En la sala")
    shown("circle.agreement", "cannot be prison", "No puede ser la prisión")
    shown("circle.follow_up", "Staff check", "El equipo revisa")


def test_vrd_12c_whether_the_other_person_admits_it():
    """It is the first part of owning what was done, and a question to ask any program."""
    shown("circle.admits", "What have they admitted", "qué ha admitido")


def test_vrd_12d_the_agreement_is_free_and_may_count_in_court():
    """Those who meet decide together; whether a judge looks at it is a question to ask."""
    shown("circle.agreement", "decide together", "deciden en conjunto")
    shown("circle.rights_court", "Who tells the judge", "Quién se lo cuenta al tribunal")


def test_vrd_12e_what_is_said_in_private():
    """Rules have limits; for New York none was found; the program's own is asked for in writing."""
    shown("circle.private", "in writing", "por escrito")


def test_vrd_ie_leaving_privacy_and_court_come_before_taking_part():
    """The pages on what is explained first stand before those on how it could be asked for."""
    for name in ("rights_free", "rights_court", "private", "admits"):
        assert StepId(f"circle.{name}") in without_agreeing()
    asks = {choice.go for choice in step("circle.start").choices}
    assert {"rights", "private"} <= asks


@pytest.mark.parametrize("language", LANGUAGES)
def test_vrd_4a_the_first_contact_opens_all_of_it_without_a_name(language):
    """From the first screen and back, by pressing only, nothing is asked that must be answered."""
    her = Survivor(language=language)
    her.starts()
    her.taps("begin")
    her.taps("done")
    assert her.session.place == StepId("ways.start")
    assert her.session.consents == ()
    assert her.session.answers == {"needs": ()}


def test_vrd_4a_refusing_a_person_closes_nothing():
    """After a no to being written to, the ways are one press away."""
    asked = newcomer(at=StepId("contact.may"))
    refused = [press(asked, data) for data in presses(asked) if data.endswith("c1")]
    assert [session.place for session in refused] == [StepId("contact.refused")]
    onward = [press(refused[0], data).place for data in presses(refused[0])]
    assert StepId("ways.start") in onward
