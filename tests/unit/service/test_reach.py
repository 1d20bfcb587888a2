"""When words of the desk may reach her, and how: from her case, the hour, and her last touch."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.case import Case
from bot.core.ids import CaseId, Language, PersonId, Ref
from bot.core.message import Send
from bot.core.rules import Hours
from bot.service import reach
from bot.store.protocol import Word
from tests.survivor import shipped

TEN = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Monday, ten in the morning in New York."""

ENGLISH = Language("en")
CASE = Case(
    id=CaseId("case-1"),
    person=PersonId("her"),
    alias="1.2.33",
    queue="intake",
    urgency="normal",
    language=ENGLISH,
    state="claimed",
    opened_at=TEN,
    consent="be_contacted",
    consent_until=TEN + timedelta(days=30),
    zone="America/New_York",
    hours=(Hours(8 * 60, 12 * 60),),
    holder=PersonId("staff"),
)
WORD = Word("w1", CASE.id, "staff", 7, Ref("to-her"), "queued", TEN, "Good morning.")


def say(case: Case, now: datetime = TEN) -> reach.Reached:
    """The desk says WORD."""
    return reach.say(WORD, case, shipped().screens, ENGLISH, "a-seed-of-this-test", now)


def talking(ago: float) -> Case:
    """She wrote in the open talk so many seconds ago."""
    return replace(CASE, talking=True, touched_at=TEN - timedelta(seconds=ago))


def test_words_within_a_minute_of_her_touch_go_as_they_are_until_that_minute_ends() -> None:
    """Silent, with the desk's name, and worth nothing after the minute."""
    found = say(talking(59))
    (message,) = found.outbox
    assert isinstance(message.call, Send)
    assert (message.kind, message.call.silent) == ("relay", True)
    assert message.call.content.text == "The desk: Good morning."
    assert message.not_after == TEN + timedelta(seconds=1)
    assert [word.state for word in found.words] == ["queued"]
    assert (found.case.held, found.case.nudge) == (0, None)


@pytest.mark.parametrize(
    "case",
    [talking(60), replace(talking(1), talking=False), replace(talking(1), touched_at=None), CASE],
    ids=["a minute ago", "the talk is closed", "never touched", "as claimed"],
)
def test_all_other_words_wait_behind_one_neutral_line(case: Case) -> None:
    """The line rings, has the button, and carries no word of the desk."""
    found = say(case)
    (message,) = found.outbox
    assert isinstance(message.call, Send)
    assert (message.kind, message.call.silent, message.not_before) == ("nudge", False, TEN)
    assert message.call.content.text == "There is something new here."
    assert [button.label for row in message.call.content.rows for button in row] == ["Open"]
    assert [word.state for word in found.words] == ["held"]
    assert (found.case.held, found.case.nudged_at) == (1, TEN)
    assert found.waits_until is None


def test_a_second_word_adds_no_second_line() -> None:
    """One line waits in her chat, however many words wait behind it."""
    first = say(CASE)
    second = say(first.case, TEN + timedelta(minutes=5))
    assert second.outbox == ()
    assert second.case.held == 2


def test_outside_her_hours_the_line_waits_for_them() -> None:
    """At noon the morning is over: the line is due tomorrow at eight in her zone."""
    found = say(CASE, TEN + timedelta(hours=2))
    tomorrow = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    assert [message.not_before for message in found.outbox] == [tomorrow]
    assert found.waits_until == tomorrow


@pytest.mark.parametrize(
    "case",
    [
        replace(CASE, zone=""),
        replace(CASE, hours=()),
        replace(CASE, consent_until=TEN),
    ],
    ids=["no zone", "no hours", "the consent has run out"],
)
def test_without_hours_or_consent_nothing_is_queued(case: Case) -> None:
    """The words are kept for when she writes."""
    found = say(case)
    assert (found.outbox, found.timers) == ((), ())
    assert found.until_she_writes is True
    assert [word.state for word in found.words] == ["held"]


def test_news_are_marked_and_announced_by_the_same_line() -> None:
    """Taken or closed: she learns that there is something, and reads it when she opens it."""
    found = reach.news(CASE, shipped().screens, ENGLISH, "a-seed-of-this-test", TEN)
    assert found.case.news is True
    assert [message.kind for message in found.outbox] == ["nudge"]
    assert [timer.due_at - TEN for timer in found.timers] == [timedelta(hours=46)]
