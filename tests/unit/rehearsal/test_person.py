"""One person in memory: what the store, the sender and the clock would do beside the engine."""

from datetime import timedelta

import pytest

from bot.core import effects as do
from bot.core.advance import Outcome
from bot.rehearsal import desk, person
from bot.rehearsal.meaning import BrokenPromise, fallen
from bot.rehearsal.person import CannotDo, Person
from tests.survivor import shipped

HOUR = timedelta(hours=1)


def waiting(**answers) -> Person:
    """Somebody with a request that waits, reading on."""
    her = Person(shipped())
    her.stands_at("contact.summary", answers, ("be_contacted",))
    her.taps("send")
    her.taps("read_on")
    return her


def plain_lines(her) -> list[str]:
    """The messages beside the screen."""
    return [line.text for line in her.lines]


def test_somebody_new_meets_the_notice_whatever_she_sends_first():
    """But numbers are numbers, and danger is answered."""
    for words, place in (
        ("hello", "start.notice"),
        ("person", "start.notice"),
        ("numbers", "always.numbers"),
        ("I want to die", "always.danger"),
    ):
        her = Person(shipped())
        her.types(words)
        assert her.session.place == place


def test_after_delete_everything_she_is_somebody_new():
    """Nothing is stored, no timer is left, and her order of the ways is drawn anew."""
    her = waiting()
    seed = her.session.seed
    for name in ("more", "erase", "delete_now"):
        her.taps(name)
    assert her.forgotten
    assert her.timers == {}
    her.types("hello")
    assert her.session.place == "start.notice"
    assert her.session.seed != seed
    assert not her.forgotten


def test_the_session_is_written_down_and_read_back_between_any_two_events():
    """What JSON cannot hold would be lost here as it would be in the store."""
    her = Person(shipped())
    her.starts()
    stored = her.session
    her.taps("begin")
    assert her.reload
    assert stored.trail == ()
    assert [stood.at for stood in her.session.trail] == ["start.notice"]


def test_timers_come_due_in_order_while_time_passes():
    """The clock stands at each one's moment, and at the end of the wait afterwards."""
    her = Person(shipped())
    her.starts()
    seen = []
    her.timers = {
        "aged:b": (her.now + 2 * HOUR, "b"),
        "aged:a": (her.now + HOUR, "a"),
        "aged:c": (her.now + 9 * HOUR, "c"),
    }
    begun, timer = her.now, her.timer
    her.timer = lambda name: (seen.append((name, her.now - begun)), timer(name))
    her.waits(3 * HOUR)
    assert seen == [("aged:a", HOUR), ("aged:b", 2 * HOUR)]
    assert her.now - begun == 3 * HOUR


def test_a_timer_that_nobody_knows_is_a_broken_promise():
    """So that a new kind of timer cannot be forgotten here."""
    with pytest.raises(BrokenPromise, match=r"A timer `new` was promised, and nobody knows"):
        fallen("new:thing", "")


def test_time_that_sends_something_is_a_broken_promise(monkeypatch):
    """Nothing comes unasked: no flow can make that happen, so the engine is at fault."""
    her = Person(shipped())
    her.starts()

    def talkative(_rules, session, _event, _now):
        return Outcome(session, (do.Say("always.kept", "r"),))

    monkeypatch.setattr(person, "advance", talkative)
    with pytest.raises(BrokenPromise, match=r"Time alone sent her a message \(`aged`\), unasked\."):
        her.waits(46 * HOUR)


def test_the_plain_line_waits_for_her_hours():
    """It is noon in New York; she marked the evening."""
    her = waiting(safe_times=("evening",), time_zone="America/New_York")
    desk.claims(her)
    her.waits(4 * HOUR)
    assert plain_lines(her) == []
    her.waits(HOUR)
    assert plain_lines(her) == ["There is something new here."]


def test_leaving_cancels_the_line_that_waits():
    """Nothing is sent after leave."""
    her = waiting(safe_times=("evening",), time_zone="America/New_York")
    desk.claims(her)
    her.taps("leave")
    her.waits(9 * HOUR)
    assert plain_lines(her) == ["Hello."]


def test_without_hours_the_desk_reaches_her_only_when_she_comes():
    """The line comes as an answer to her touch."""
    her = waiting()
    desk.claims(her)
    her.waits(2 * HOUR)
    assert plain_lines(her) == []
    her.taps("court")
    assert plain_lines(her) == ["There is something new here."]


def test_words_of_the_desk_wait_until_she_opens_the_talk():
    """All of them, in order; in the talk the next ones come at once."""
    her = waiting()
    desk.claims(her)
    desk.writes(her, "Good day.")
    desk.writes(her, "It is me again.")
    for name in ("person", "open_talk"):
        her.taps(name)
    said = ["The desk: Good day.", "The desk: It is me again."]
    assert plain_lines(her) == said
    desk.writes(her, "And now.")
    assert plain_lines(her) == [*said, "The desk: And now."]


def test_a_silent_holder_loses_the_request():
    """Twelve hours after the last word, and she is told when she looks."""
    her = waiting()
    desk.claims(her)
    her.waits(11 * HOUR)
    desk.writes(her, "Still here.")
    her.waits(11 * HOUR)
    assert her.session.case.state == "claimed"
    her.waits(HOUR)
    assert her.session.case.state == "waiting"
    assert her.session.case.news


REFUSED = {
    "nothing to claim": (
        lambda: (Person(shipped()), desk.claims),
        "There is no request at the desk.",
    ),
    "claimed twice": (
        lambda: (taken(), desk.claims),
        "The request cannot be taken: it is claimed.",
    ),
    "released unheld": (
        lambda: (waiting(), desk.releases),
        "Nobody holds the request: it is waiting.",
    ),
    "closed unheld": (lambda: (waiting(), desk.closes), "Nobody holds the request: it is waiting."),
    "written unheld": (
        lambda: (waiting(), lambda her: desk.writes(her, "x")),
        "The desk cannot write to her: the request is waiting.",
    ),
}


def taken() -> Person:
    """Somebody whose request is held."""
    her = waiting()
    desk.claims(her)
    return her


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_desk_cannot_do_is_said(name):
    """In one sentence."""
    made, sentence = REFUSED[name]
    her, act = made()
    with pytest.raises(CannotDo, match=f"^{sentence}$"):
        act(her)


def test_a_consent_that_nobody_asks_for_cannot_be_given():
    """A start names only what the flows know."""
    her = Person(shipped())
    with pytest.raises(CannotDo, match=r"No step asks for the consent `be_friends`\."):
        her.stands_at("ways.start", {}, ("be_friends",))
