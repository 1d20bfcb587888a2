"""Council of Europe, United Nations, ACT, New Zealand and Istanbul texts, used as yardsticks.

They bind states and those who hold meetings. Asked here: does the guide tell what they want told,
and does it keep from what they forbid.
"""

import re

from tests.standards.guide import LANGUAGES, WAYS, flow, pages, said, says, screen, step, told
from tests.standards.test_vrd import shown

PUSH = r"\b(hurry|only today|last chance|reward|bonus|discount|be the bigger|good survivors?)\b"
PUSH_ES = r"\b(apúrese|solo hoy|última oportunidad|premio|recompensa|buena víctima)\b"
FORGIVE = r"(you (should|must|can|need to) forgive|forgiving helps|forgiveness (is|will))"
FORGIVE_ES = r"(debe perdonar|perdonar ayuda|el perdón (es|le))"


def test_coe_3_what_a_meeting_is():
    """Those hurt and those who did it, if both want, with somebody trained who leads."""
    shown("restorative.what", "trained person leads", "conduce alguien con formación")
    shown("circle.can_it", "person charged wants it. And you say yes", "acusada lo quiere. Y usted")


def test_coe_16_informed_first_and_free_to_leave():
    """Nature, outcomes, and what it does to the case, on pages that come before any request."""
    names = [each.id for each in pages("circle")]
    for name in ("rights_what", "rights_free", "rights_plea", "rights_court", "agreement"):
        assert f"circle.{name}" in names


def test_coe_17_nothing_promises_that_it_stays_private():
    """The page says that no general rule was found, and asks for the program's own."""
    shown("circle.private", "no such general law was found", "no se encontró una ley general")


def test_coe_25_rights_and_how_to_complain_are_told_before():
    """Among the questions to a program: whom to tell if something is wrong."""
    shown("circle.questions_more", "Who do I tell", "A quién acudo")
    shown("circle.rights_what", "in plain words", "palabras sencillas")


def test_coe_26_nobody_is_pushed_or_rewarded():
    """No text hurries, rewards or shames; being pushed can be told to somebody, alone."""
    for language, push in zip(LANGUAGES, (PUSH, PUSH_ES), strict=True):
        found = [
            ctx for ctx, words in told(language).items() if re.search(push, words, re.IGNORECASE)
        ]
        assert found == []
    shown("circle.rights_free", "push.*alone", "presiona.*a solas")


def test_coe_30_basic_facts_and_a_plea_of_not_guilty():
    """Whether they admit it is asked; under the law that is cited, taking part is no plea."""
    shown("circle.admits", "Do they admit it", "Lo admite")
    shown("circle.rights_plea", "still plead not guilty", "declararse no culpable")


def test_coe_p_no_forgiving_is_asked_and_there_are_ways_without_meeting():
    """Preparation apart, somebody in her place, letters; no sentence leads her to mercy."""
    shown("circle.forgive", "does not ask for that", "no pide eso")
    shown("circle.prepare", "each side alone", "cada lado por separado")
    shown("circle.surrogate", "send someone", "enviar a alguien")
    shown("circle.letters", "letter bank", "banco de cartas")
    for language, pattern in zip(LANGUAGES, (FORGIVE, FORGIVE_ES), strict=True):
        found = [
            ctx for ctx, words in told(language).items() if re.search(pattern, words, re.IGNORECASE)
        ]
        assert found == []


def test_un_7_a_case_a_free_yes_and_a_plan_within_the_law():
    """A case in court, both sides willing, and a plan that has to be within the law."""
    shown("circle.can_it", "charged with a serious crime", "acusan de un delito grave")
    shown("circle.agreement", "within the law", "respetar la ley")


def test_un_8_what_is_agreed_and_what_it_proves():
    """What was admitted, to whom, and whether it can be used, are asked."""
    shown("circle.admits", "to whom", "ante quién")
    shown("circle.rights_court", "be used in court", "usar en el caso")


def test_un_9_10_power_culture_and_safety():
    """Why most programs are careful with power; whether a program knows her culture is asked."""
    shown("circle.why_excluded", "hold power over the other", "tener poder sobre el otro")
    shown("circle.questions_more", "know my culture", "Conocen mi cultura")


def test_un_13a_a_lawyer_her_language_and_help_for_the_young():
    """Advice first, words in her language, and who helps somebody who is not an adult."""
    shown("circle.rights_lawyer", "lawyer or an advocate before", "antes de decir que sí")
    shown("circle.rights_lawyer", "not an adult, who helps me", "menor de edad, ¿quién me ayuda")
    shown("circle.rights_what", "in my language", "en mi idioma")


def test_un_13b_rights_process_and_consequences_come_first():
    """The menu of the circle offers them before the plan and before where to go."""
    offered = [choice.go for choice in step("circle.start").choices]
    assert offered.index("rights") < offered.index("agreement") < offered.index("next")


def test_un_14_private_but_for_the_law():
    """Limits are named: danger, and what a program has to report."""
    shown("circle.private", "someone is in danger", "alguien está en peligro")
    shown("restorative.private", "What must you report", "Qué tienen que reportar")


def test_un_16_17_when_it_fails_it_goes_back_and_stopping_is_asked_about():
    """Back to whoever sent it; whether stopping counts against her is a question of hers."""
    shown("circle.not_kept", "goes back", "vuelve a quien lo envió")
    shown("circle.rights_court", "count against me", "cuenta en mi contra")


def test_uno_1_the_option_is_told_and_the_choice_is_hers():
    """It stands among the others, and her no is enough."""
    assert "restorative.what" in {choice.go for choice in step("ways.start").choices}
    shown("restorative.decides", "Your no is enough", "no» basta")


def test_act_25_nine_points_are_explained_before_a_yes():
    """Purpose, process, who attends, agreement, lawyer, no duty, plea, court may, staying away."""
    points = {
        "rights_what": (
            ("What is this meeting for", "Para qué es esta reunión"),
            ("What happens in it", "Qué pasa en ella"),
            ("Who may be there", "Quién puede estar"),
            ("What is an agreement", "Qué es un acuerdo"),
        ),
        "rights_lawyer": (("ask a lawyer first", "consultar antes a un abogado"),),
        "rights_free": (
            ("nobody has to start, and nobody has to go on", "nadie tiene que seguir"),
        ),
        "rights_plea": (
            ("still plead not guilty", "declararse no culpable"),
            ("may look at what came of the meeting", "puede tener en cuenta lo que salió"),
            ("may not count against someone that they stayed away", "no puede contar en su contra"),
        ),
    }
    assert sum(map(len, points.values())) == 9
    for name, wanted in points.items():
        for pair in wanted:
            shown(f"circle.{name}", *pair)


def test_nz_fv_partner_and_family_violence_is_kept_from_meetings():
    """Said in the way, in the detail and at the door; few special programs, and an advocate."""
    for name in ("restorative.not_for", "circle.why_excluded"):
        shown(
            name, "partner, family or sexual violence", "violencia sexual, de pareja o de familia"
        )
    shown("meeting.no_meeting", "no meeting is offered", "no se ofrece una reunión")


def test_nz_coerce_she_is_asked_whether_somebody_pushes_her():
    """A question of the guide to her, with whom she can tell it, alone; staff are reminded."""
    shown(
        "circle.rights_free", r"Is someone pushing you.*\?.*alone", r"¿Alguien le presiona.*a solas"
    )
    assert re.search(r"alone: is anyone pushing", said("desk.help", "en"))
    assert re.search(r"a solas: ¿alguien le presiona", said("desk.help", "es"))


def test_ist_48_nothing_here_is_mandatory_and_none_comes_before_the_others():
    """Each way can be stopped or passed by, and none now is one of them."""
    for way in WAYS:
        for language in LANGUAGES:
            assert screen(f"{way}.stop", language), way
    assert says("ways.start", "stop", "parar|dejar de leer") == []
    assert not any(choice.alone for choice in step("ways.start").choices)
    assert said("rest.title", "en") == "None of these now"
    assert flow("rest").parallel == flow("restorative").parallel
