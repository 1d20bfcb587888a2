"""Hand-off and the desk: what the program itself does for those who answer."""

from datetime import timedelta

from bot.core.case import LEASE
from tests.standards.guide import says
from tests.survivor import Survivor


def test_ops_11_a_silent_holder_loses_the_request():
    """After the lease it waits for somebody else; none is lost."""
    her = Survivor()
    her.starts()
    her.asks_for_a_person()
    her.claimed()
    her.timers["lease"] = (her.now + LEASE, "")
    her.waits(LEASE + timedelta(minutes=1))
    assert her.case.state == "waiting"
    assert her.case.holder is None


def test_ops_14_nothing_is_sent_outside_her_hours():
    """Words of the desk make one plain line, and that waits until noon."""
    assert says("contact.times", "At other hours their words wait", "A otras horas") == []


def test_ops_16_she_sees_and_changes_what_is_passed_and_is_told_when_it_is_taken():
    """Who, what and until when before; a button for each part; a screen when somebody has it."""
    her = Survivor()
    her.starts()
    her.asks_for_a_person()
    her.claimed()
    her.types("person")
    assert her.session.place == "always.taken"
    assert says("always.taken", "A person has taken your request", "tomado su solicitud|tomó") == []
    assert says("contact.sent", "We do not know how long", "No sabemos cuánto") == []


def test_ops_17_she_knows_that_it_ended_and_how_to_come_back():
    """And that nobody will write about it."""
    assert says("always.closed", "closed.*ask for a person again", "cerrada.*pedir") == []
