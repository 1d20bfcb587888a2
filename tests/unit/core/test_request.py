"""Her request: consent before anything is sent, what follows her answers, and taking it back."""

from dataclasses import replace
from datetime import timedelta

from bot.core import effects as do
from bot.core.rules import Hours
from tests.survivor import Survivor

DAY = timedelta(days=1)


def waiting():
    """Somebody whose request waits."""
    her = Survivor()
    her.starts()
    her.asks_for_a_person()
    return her


def test_the_consent_is_recorded_before_the_case_is_opened():
    """And it is of the step that asked, with its end."""
    her = waiting()
    assert her.consents[0] == do.RecordConsent(
        "be_contacted", "given", her.now + 30 * DAY, "contact.may"
    )
    assert her.case.consent_until == her.now + 30 * DAY
    assert her.did(do.PingDesk) == [do.PingDesk()]


def test_a_typed_yes_to_a_consent_is_asked_about_and_recorded_for_the_consent_step():
    """Typed words only ever suggest; the record names the words she agreed to."""
    her = Survivor()
    her.starts()
    her.types("person")
    her.presses("See how it works")
    her.types("yes a person may write to me")
    assert her.session.place == "always.did_you_mean"
    assert her.session.consents == ()
    her.types("yes")
    assert [given.step for given in her.did(do.RecordConsent)] == ["contact.may"]


def test_nothing_is_handed_over_without_a_live_consent():
    """The summary's button then leads to the question, and says that nothing was sent."""
    her = waiting()
    her.session = replace(her.session, case=None, consents=())
    her.goes_to("contact.summary")
    her.presses("Send this to staff")
    assert her.session.case is None
    assert her.session.at == "contact.start"
    assert her.text.startswith("That was not sent.")


def test_a_request_is_not_sent_twice_but_what_is_shared_follows():
    """A second send while a case is open makes no second case."""
    her = waiting()
    first = her.case
    her.session = replace(her.session, answers={**her.session.answers, "note": "new words"})
    her.goes_to("contact.summary")
    her.presses("Send this to staff")
    assert her.case.id == first.id
    assert not her.did(do.PingDesk)
    assert her.text.startswith("Your request is already with the staff.")
    assert [row.values for row in her.case.shared if row.name == "note"] == [("new words",)]


def test_changed_safe_hours_reach_the_open_case_at_once():
    """Nobody may write at an hour that has become a bad one."""
    her = waiting()
    assert her.case.hours == (Hours(8 * 60, 12 * 60),)
    her.types("what you hold")
    her.presses("Change: Hours to write to me")
    her.presses("✓ Morning (8 am to noon)")
    assert her.case.hours == ()


def test_a_removed_answer_is_shared_no_more():
    """What she takes out of what we hold also leaves what staff will see."""
    her = Survivor()
    her.starts()
    her.presses("Go on")
    her.presses("To be heard")
    her.asks_for_a_person()
    assert "needs" in [row.name for row in her.case.shared]
    her.types("what you hold")
    her.presses("Remove: What matters to me")
    assert "needs" not in [row.name for row in her.case.shared]
    her.types("what you hold")
    her.presses("Remove: Time zone")
    assert her.case.zone == ""


def test_taking_the_request_back_withdraws_the_consent_and_wipes_nothing():
    """One tap; the screen that said it was sent is not shown any more."""
    her = waiting()
    her.presses("Cancel my request")
    assert her.case.state == "closed"
    assert [(c.purpose, c.answer) for c in her.did(do.RecordConsent)] == [
        ("be_contacted", "withdrawn")
    ]
    assert her.did(do.TakeBackCopies)
    assert her.text.startswith("Your request is cancelled.")
    assert "It has been sent" not in her.text
    assert her.session.answers["time_zone"] == "America/New_York"
    her.types("back")
    assert "It has been sent" not in her.text


def test_stop_asks_once_and_its_plain_yes_is_enough():
    """To take something back must be as easy as to agree."""
    her = waiting()
    her.types("stop")
    assert her.case.state == "waiting"
    her.types("yes")
    assert her.case.state == "closed"


def test_stop_with_nothing_to_stop_says_so():
    """No question about a talk that does not exist."""
    her = Survivor()
    her.starts()
    her.types("stop")
    assert her.session.place == "start.notice"
    assert her.text.startswith("There is no open request or talk to end.")


def test_a_no_to_the_same_consent_later_pulls_the_case():
    """Withdrawing pulls the case at once, also by the door through which she agreed."""
    her = waiting()
    her.goes_to("contact.may")
    her.presses("No, nobody may write to me")
    assert her.case.state == "closed"
    assert her.session.consents == ()
    assert her.did(do.TakeBackCopies)


def test_a_consent_that_ends_pauses_the_case_and_sends_nothing():
    """By its timer; the holder hears why."""
    her = waiting()
    her.claimed()
    her.timer("consent:be_contacted")
    assert her.case.state == "paused"
    assert her.did(do.TellHolder) == [do.TellHolder("desk.consent_ended")]
    assert [c.answer for c in her.did(do.RecordConsent)] == ["expired"]
    assert not her.sent


def test_an_ended_consent_counts_from_its_time_also_when_the_timer_is_late():
    """Words typed after the end go nowhere, and she is told so."""
    her = Survivor()
    her.talks()
    her.passes(days=31)
    her.types("are you there?")
    assert not her.did(do.ToDesk)
    assert her.case.state == "paused"
    assert her.text.startswith("That was not sent. Nobody may write to you now")


def test_agreeing_again_lets_a_paused_request_go_on():
    """Opening it again without a consent leads to the question, and the yes reopens it."""
    her = Survivor()
    her.talks()
    her.passes(days=31)
    her.starts()
    her.types("person")
    her.presses("Open the request again")
    assert her.session.at == "contact.start"
    assert her.case.state == "paused"
    her.presses("See how it works")
    her.presses("Yes, a person may write to me")
    assert her.case.state == "claimed"
    assert her.case.consent_until == her.now + 30 * DAY
    assert her.did(do.TellHolder) == [do.TellHolder("desk.back")]


def test_the_end_of_a_consent_is_announced_once_within_five_days():
    """At her own touch, above the screen, with its day."""
    her = waiting()
    her.passes(days=24)
    her.starts()
    assert "ends on" not in her.text
    her.passes(days=2)
    her.starts()
    assert her.text.startswith("What you agreed to ends on December 23, 2026.")
    her.starts()
    assert "ends on" not in her.text


def test_the_word_person_shows_the_request_she_has():
    """And opens no second one."""
    her = waiting()
    her.types("person")
    assert her.session.place == "always.waiting"
    her.claimed()
    her.types("person")
    assert her.session.place == "always.taken"
    assert not her.did(do.Nudge), "she is looking at it"
    assert not her.case.news


def test_news_is_mentioned_by_a_neutral_line_at_her_touch_once():
    """The line names nothing; its button opens the content in place."""
    her = waiting()
    her.claimed()
    her.presses("Go on reading")
    (nudge,) = her.did(do.Nudge)
    assert her.chat[nudge.ref].text == "There is something new here."
    her.starts()
    assert not her.did(do.Nudge)
    her.sends(her.chat[nudge.ref].rows[0][0].data)
    assert her.session.screen.ref == nudge.ref
    assert her.text.startswith("A person has taken your request.")
    assert len(her.chat) == 1


def test_the_button_of_an_opened_line_does_nothing_new():
    """A second press redraws the screen."""
    her = waiting()
    her.claimed()
    her.presses("Go on reading")
    (nudge,) = her.did(do.Nudge)
    data = her.chat[nudge.ref].rows[0][0].data
    her.sends(data)
    place = her.session.place
    her.sends(data)
    assert her.session.place == place
    assert not her.sent


def test_a_released_request_is_mentioned_once_and_does_not_nag():
    """Opened or not, the same news is not repeated at each touch."""
    her = waiting()
    her.claimed()
    her.desk(state="waiting", holder=None, held=2, news=True)
    her.presses("Go on reading")
    (nudge,) = her.did(do.Nudge)
    her.sends(her.chat[nudge.ref].rows[0][0].data)
    assert her.session.place == "always.waiting"
    her.presses("Go on reading")
    her.starts()
    assert not her.did(do.Nudge)
