"""The only way to Telegram: order per chat, hours, staleness, and what each answer means by
class.
"""

from datetime import timedelta

import pytest

from bot.core.delivery import Gone, Refused, RetryAt, Sent, Unknown
from bot.core.ids import CaseId, Cause, Ref
from bot.core.message import POLICY, Class
from bot.store.protocol import Address, Commit, Doom, Known, OutState
from tests.contract.conftest import Open
from tests.contract.scene import DAWN, DULL, HER, OTHER, Scene, edit, send, tidy

# ------------------------------------------------------------------------------ commit hands out


@pytest.mark.parametrize(
    ("kind", "handed_out"),
    [
        ("crisis", True),
        ("screen", True),
        ("line", False),
        ("nudge", False),
        ("relay", False),
        ("desk", True),
        ("ping", True),
    ],
)
async def test_a_commit_hands_out_only_what_may_be_sent_twice(
    scene: Scene, kind: Class, handed_out: bool
):
    """A crash before the send would otherwise leave words that nobody may repeat."""
    await scene.meet()
    rows = await scene.say(send(), kind)
    assert bool(rows) is handed_out
    assert bool(await scene.claim()) is not handed_out


async def test_an_edit_and_a_tidy_are_handed_out_whatever_their_class(scene: Scene):
    """They can be repeated without harm."""
    await scene.meet()
    await scene.meet(OTHER)
    assert len(await scene.say(edit(), "line")) == 1
    assert len(await scene.say(tidy(), "tidy", OTHER)) == 1


async def test_a_busy_chat_waits_its_turn(scene: Scene):
    """One row in flight a chat; the next one comes with the settling."""
    await scene.meet()
    (first,) = await scene.say(send("a"))
    assert await scene.say(send("b")) == ()
    assert await scene.claim() == ()
    done = await scene.store.settle(first, Sent(1), scene.now)
    assert done.following is not None
    assert (done.state, done.following.call) == ("sent", send("b"))
    done = await scene.store.settle(done.following, Sent(2), scene.now)
    assert (done.state, done.following) == ("sent", None)


async def test_rows_of_one_commit_keep_their_order(scene: Scene):
    """The first is handed out, the others follow one by one."""
    await scene.meet()
    person = (await scene.store.load(HER)).person
    assert person is not None
    (row,) = await scene.commit(
        outbox=tuple(scene.out(send(ref), to=person) for ref in ("a", "b", "c"))
    )
    order = []
    while True:
        order.append(row.call.ref)
        following = (await scene.store.settle(row, Sent(len(order)), scene.now)).following
        if following is None:
            break
        row = following
    assert order == ["a", "b", "c"]


async def test_claiming_takes_one_row_a_chat_most_urgent_first(scene: Scene):
    """Urgency decides between chats, never inside one."""
    await scene.meet()
    await scene.meet(OTHER)
    await scene.say(send("late"), "nudge")
    await scene.say(send("later"), "relay")
    await scene.say(send("soon"), "line", OTHER)
    rows = await scene.claim()
    assert [row.call.ref for row in rows] == ["soon", "late"]
    assert await scene.claim() == ()


async def test_a_limit_is_kept(scene: Scene):
    """The rest stays for the next claim."""
    await scene.meet()
    await scene.meet(OTHER)
    await scene.say(send("a"), "line")
    await scene.say(send("b"), "line", OTHER)
    assert [row.call.ref for row in await scene.claim(1)] == ["a"]
    assert [row.call.ref for row in await scene.claim(1)] == ["b"]


# ------------------------------------------------------------------------------------ safe hours


async def test_a_row_held_for_safe_hours_does_not_block_later_rows(scene: Scene):
    """And goes by itself when its hour has come."""
    await scene.meet()
    at = DAWN + timedelta(hours=3)
    await scene.say(send("held"), "relay", not_before=at)
    await scene.say(send("now"), "line")
    row = await scene.take()
    assert row.call == send("now")
    await scene.store.settle(row, Sent(1), scene.now)
    assert await scene.claim() == ()
    assert await scene.store.next_due() == at
    scene.pass_time(hours=3)
    assert (await scene.take()).call == send("held")


async def test_a_held_row_begins_to_age_when_its_hours_begin(scene: Scene):
    """Relay lives 15 minutes, counted from the moment it may be sent."""
    await scene.meet()
    await scene.say(send(), "relay", not_before=DAWN + timedelta(hours=3))
    scene.pass_time(hours=3, minutes=14)
    row = await scene.take()
    assert row.not_after == DAWN + timedelta(hours=3, minutes=15)


# -------------------------------------------------------------------------------------- staleness


@pytest.mark.parametrize("kind", [kind for kind in POLICY if POLICY[kind].lives is not None])
async def test_a_row_that_waited_too_long_is_never_sent(scene: Scene, kind: Class):
    """Late is a danger: every class but crisis has an end."""
    lives = POLICY[kind].lives
    assert lives is not None
    await scene.meet()
    blocker = (await scene.say(edit()))[0]
    await scene.say(send("s"), kind)
    await scene.store.settle(blocker, RetryAt(scene.now + lives), scene.now)
    scene.now += lives
    rows = await scene.claim()
    assert [row.call for row in rows if row.call == send("s")] == []
    told = await scene.store.undelivered(scene.now)
    expected = [(send("s"), "expired")] if kind == "relay" else []
    assert [(row.call, state) for row, state in told] == expected


async def test_crisis_words_never_expire(scene: Scene):
    """They go out whenever they can."""
    await scene.meet()
    (row,) = await scene.say(send(), "crisis")
    await scene.store.settle(row, RetryAt(scene.now + timedelta(hours=1)), scene.now)
    scene.pass_time(days=30)
    assert (await scene.take()).call == send()


async def test_a_given_end_holds_over_the_class(scene: Scene):
    """``not_after`` of the row is the row's own."""
    await scene.meet()
    await scene.say(send(), "nudge", not_after=DAWN + timedelta(minutes=1))
    assert await scene.store.next_due() == DAWN
    scene.pass_time(minutes=1)
    assert await scene.claim() == ()


async def test_an_expired_row_lets_the_next_one_pass(scene: Scene):
    """Also when settling looks for what follows."""
    await scene.meet()
    (row,) = await scene.say(send("a"))
    await scene.say(send("stale"), "line")
    await scene.say(send("fresh"), "nudge")
    scene.pass_time(minutes=3)
    following = (await scene.store.settle(row, Sent(1), scene.now)).following
    assert following is not None
    assert following.call == send("fresh")


# ---------------------------------------------------------------------------------------- answers


async def test_retry_at_holds_one_chat_and_not_the_others(scene: Scene):
    """Nothing of that chat goes before the time Telegram named, new rows included."""
    await scene.meet()
    await scene.meet(OTHER)
    (row,) = await scene.say(send("a"))
    until = scene.now + timedelta(seconds=35)
    assert (await scene.store.settle(row, RetryAt(until), scene.now)).state == "waiting"
    assert await scene.say(send("b")) == ()
    assert len(await scene.say(send("c"), at=OTHER)) == 1
    assert await scene.claim() == ()
    assert await scene.store.next_due() == until
    scene.now = until
    assert (await scene.take()).call == send("a")


async def test_gone_ends_everything_and_an_update_of_hers_begins_anew(scene: Scene):
    """Nothing is sent to somebody who blocked the bot."""
    await scene.meet()
    (row,) = await scene.say(send("a"))
    await scene.say(send("b"))
    done = await scene.store.settle(row, Gone(), scene.now)
    assert (done.state, done.following) == ("cancelled", None)
    person = (await scene.store.load(HER)).person
    assert person is not None
    await scene.commit(OTHER, outbox=(scene.out(send("c"), "desk", person),), state={})
    assert await scene.claim() == ()
    assert len(await scene.say(send("d"))) == 1


async def test_a_commit_that_says_she_blocked_the_bot_does_not_unblock(scene: Scene):
    """That update is hers too, and ends what waits."""
    person = await scene.meet()
    await scene.say(send("a"), "line")
    await scene.commit(blocked=True)
    assert await scene.claim() == ()
    await scene.commit(OTHER, state={}, outbox=(scene.out(send("b"), "desk", person),))
    assert await scene.claim() == ()


async def test_relayed_words_to_somebody_who_blocked_are_reported(scene: Scene):
    """Staff learn that their words did not arrive."""
    person = await scene.meet()
    await scene.commit(blocked=True)
    await scene.commit(OTHER, state={}, outbox=(scene.out(send("b"), "relay", person),))
    told = await scene.store.undelivered(scene.now)
    assert [(row.call, state) for row, state in told] == [(send("b"), "expired")]


async def test_a_refused_row_is_not_tried_again(scene: Scene):
    """The next one of the chat goes on."""
    await scene.meet()
    (row,) = await scene.say(send("a"))
    await scene.say(send("b"))
    done = await scene.store.settle(row, Refused(400), scene.now)
    assert done.state == "refused"
    assert done.following is not None
    assert done.following.call == send("b")


UNKNOWN: list[tuple[Class, tuple[OutState, ...]]] = [
    ("crisis", ("waiting", "waiting", "waiting")),
    ("screen", ("waiting", "unknown")),
    ("line", ("unknown",)),
    ("nudge", ("unknown",)),
    ("relay", ("unknown",)),
    ("desk", ("waiting", "waiting", "waiting")),
    ("ping", ("waiting", "waiting", "waiting")),
]


@pytest.mark.parametrize(("kind", "states"), UNKNOWN)
async def test_a_lost_answer_means_what_the_class_says(
    scene: Scene, kind: Class, states: tuple[OutState, ...]
):
    """Repeat again and again, once one more time, hold and tell not at all."""
    await scene.meet()
    rows = await scene.say(send(), kind) or await scene.claim()
    (row,) = rows
    for times, state in enumerate(states):
        assert row.unknown == times
        done = await scene.store.settle(row, Unknown(), scene.now)
        assert done.state == state
        if state == "waiting":
            assert done.following is not None
            row = done.following
            assert row.unknown == times + 1


def test_every_class_with_sends_is_covered_above():
    """A new class must say what a lost answer means to it."""
    assert {kind for kind, _ in UNKNOWN} | {"tidy"} == set(POLICY)


async def test_a_screen_is_not_repeated_when_it_is_stale(scene: Scene):
    """A late copy would come unasked."""
    await scene.meet()
    (row,) = await scene.say(send())
    scene.pass_time(minutes=2)
    assert (await scene.store.settle(row, Unknown(), scene.now)).state == "unknown"


@pytest.mark.parametrize("kind", ["screen", "line", "relay"])
async def test_edits_are_repeated_whatever_the_class(scene: Scene, kind: Class):
    """Nobody can see an edit twice."""
    await scene.meet()
    (row,) = await scene.say(edit(), kind)
    for _ in range(3):
        done = await scene.store.settle(row, Unknown(), scene.now)
        assert done.state == "waiting"
        assert done.following is not None
        row = done.following


# ------------------------------------------------------------------------------ after a crash


async def test_rows_a_dead_process_left_in_flight_are_unknown(open_store: Open):
    """Recovered by class: the screen goes again, the relay is reported, nothing stays sending."""
    scene = Scene(await open_store())
    await scene.meet()
    await scene.meet(OTHER)
    (screen,) = await scene.say(send("a"))
    await scene.say(send("b", "to you"), "relay", OTHER)
    relay = await scene.take()
    await scene.store.close()
    again = Scene(await open_store(), count=99)
    await again.store.recover(again.now)
    told = await again.store.undelivered(again.now)
    assert [(row.id, state) for row, state in told] == [(relay.id, "unknown")]
    row = await again.take()
    assert (row.id, row.unknown) == (screen.id, 1)
    await again.store.close()


async def test_a_lease_that_ended_is_an_unknown_answer(scene: Scene):
    """Nothing stays in flight for ever, and a late answer is still written."""
    await scene.meet()
    (row,) = await scene.say(send(), "desk")
    assert await scene.store.next_due() == DAWN + timedelta(minutes=5)
    scene.pass_time(minutes=5)
    again = await scene.take()
    assert (again.id, again.unknown) == (row.id, 1)
    assert (await scene.store.settle(row, Sent(9), scene.now)).state == "sent"
    assert await scene.claim() == ()


# --------------------------------------------------------------------------------- cancelling


async def test_cancelling_ends_what_waits_and_spares_what_is_said_now(scene: Scene):
    """Leave: queued rows go, the dull edit and the tidying of the same commit stay."""
    person = await scene.meet()
    (flying,) = await scene.say(send("flying"))
    await scene.say(send("waiting"), "line")
    await scene.say(send("held"), "relay", not_before=DAWN + timedelta(hours=1))
    await scene.commit(
        cancel=(person,),
        dooms=(Doom(person, everything=True, spare=Ref("s")),),
        outbox=(scene.out(edit("s", "Notes"), to=person), scene.out(tidy(), "tidy", person)),
    )
    done = await scene.store.settle(flying, Sent(41), scene.now)
    assert done.following is not None
    assert done.following.call == edit("s", "Notes")
    done = await scene.store.settle(done.following, Sent(), scene.now)
    assert done.following is not None
    assert done.following.doomed == (Known(41, ours=True, at=scene.now),)
    assert (await scene.store.settle(done.following, Sent(), scene.now)).following is None
    scene.pass_time(hours=2)
    assert await scene.claim() == ()
    assert await scene.store.undelivered(scene.now) == ()


async def test_what_was_cancelled_in_flight_is_not_tried_again(scene: Scene):
    """Telegram said "not now" after she had left."""
    person = await scene.meet()
    (row,) = await scene.say(send())
    await scene.commit(cancel=(person,))
    done = await scene.store.settle(row, RetryAt(scene.now), scene.now)
    assert (done.state, done.following) == ("cancelled", None)


async def test_cancelling_one_case_leaves_the_others(scene: Scene):
    """For a staff chat that serves several people."""
    person = await scene.meet()
    await scene.say(send("a"), "relay", case=CaseId("one"))
    await scene.say(send("b"), "relay", case=CaseId("two"))
    await scene.commit(cancel=(person,), cancel_case=CaseId("one"))
    assert (await scene.take()).call == send("b")


# ----------------------------------------------------------------------------- messages and tidying


async def test_an_edit_knows_the_number_of_its_message(scene: Scene):
    """And when that message was sent."""
    await scene.meet()
    (row,) = await scene.say(send("s"))
    sent_at = scene.now
    await scene.store.settle(row, Sent(77), scene.now)
    scene.pass_time(hours=1)
    (row,) = await scene.say(edit("s"))
    assert (row.message_id, row.message_at) == (77, sent_at)


async def test_an_edit_of_a_message_that_is_gone_has_no_number(scene: Scene):
    """Doomed, deleted or never sent: the sender sends anew, or not."""
    person = await scene.meet()
    (row,) = await scene.say(edit("never"))
    assert row.message_id is None
    await scene.store.settle(row, Sent(5), scene.now)
    (row,) = await scene.say(edit("never"))
    assert row.message_id == 5
    await scene.store.settle(row, Sent(5), scene.now)
    await scene.commit(dooms=(Doom(person, refs=(Ref("never"),)),))
    (row,) = await scene.say(edit("never"))
    assert row.message_id is None


async def test_an_edit_sent_anew_leaves_the_doomed_original_to_the_tidy(scene: Scene):
    """The name moves on, the old number is still deleted."""
    person = await scene.meet()
    (row,) = await scene.say(send("s"))
    await scene.store.settle(row, Sent(10), scene.now)
    await scene.commit(dooms=(Doom(person, refs=(Ref("s"),)),))
    (row,) = await scene.say(edit("s"))
    await scene.store.settle(row, Sent(11), scene.now)
    (row,) = await scene.say(tidy(), "tidy")
    assert [known.message_id for known in row.doomed] == [10]
    await scene.store.settle(row, Sent(), scene.now)
    (row,) = await scene.say(edit("s"))
    assert row.message_id == 11


async def test_a_tidy_deletes_what_was_doomed_when_it_left(scene: Scene):
    """What is doomed while it is in flight waits for the next one."""
    person = await scene.meet()
    (row,) = await scene.say(send("s"))
    await scene.store.settle(row, Sent(3), scene.now)
    await scene.commit(incoming=(4, 5, 6))
    (first,) = await scene.commit(
        dooms=(Doom(person, refs=(Ref("s"),), message_ids=(4,)),),
        outbox=(scene.out(tidy(), "tidy", person),),
    )
    assert first.doomed == (
        Known(3, ours=True, at=scene.now),
        Known(4, ours=False, at=scene.now),
    )
    await scene.commit(dooms=(Doom(person, message_ids=(5,)),))
    await scene.store.settle(first, Sent(), scene.now)
    (second,) = await scene.say(tidy(), "tidy")
    assert [known.message_id for known in second.doomed] == [5]


async def test_everything_can_be_limited_to_one_case(scene: Scene):
    """Copies of one case in a staff chat."""
    person = await scene.meet()
    await scene.commit(incoming=(1,), incoming_case=CaseId("one"))
    await scene.commit(incoming=(2,), incoming_case=CaseId("two"))
    (row,) = await scene.commit(
        dooms=(Doom(person, everything=True, case=CaseId("one")),),
        outbox=(scene.out(tidy(), "tidy", person),),
    )
    assert [known.message_id for known in row.doomed] == [1]


async def test_a_message_doomed_before_its_number_came_is_tidied_by_the_store(scene: Scene):
    """A held row goes out after the tidying: the store adds one more, with the last dull
    content.
    """
    person = await scene.meet()
    (row,) = await scene.say(tidy(), "tidy")
    await scene.store.settle(row, Sent(), scene.now)
    (row,) = await scene.say(send("s"))
    await scene.commit(dooms=(Doom(person, everything=True),))
    following = (await scene.store.settle(row, Sent(8), scene.now)).following
    assert following is not None
    assert (following.kind, following.call) == ("tidy", tidy())
    assert following.doomed == (Known(8, ours=True, at=scene.now),)
    assert following.call.dull == DULL


async def test_copies_with_a_lost_answer_are_looked_for_between_known_neighbours(scene: Scene):
    """The id that stayed unknown lies between those before and after it."""
    person = await scene.meet()
    await scene.commit(incoming=(20,))
    await scene.say(send("lost"), "line")
    await scene.store.settle(await scene.take(), Unknown(), scene.now)
    await scene.commit(incoming=(24,))
    (row,) = await scene.commit(
        dooms=(Doom(person, everything=True),), outbox=(scene.out(tidy(), "tidy", person),)
    )
    assert sorted(known.message_id for known in row.doomed) == [20, 21, 22, 23, 24]
    await scene.store.settle(row, Sent(), scene.now)
    (row,) = await scene.say(tidy(), "tidy")
    assert row.doomed == ()


async def test_a_message_known_to_have_come_later_ends_the_gap(scene: Scene):
    """Looking for a lost copy must not take the screen she is reading."""
    person = await scene.meet()
    await scene.commit(incoming=(20,))
    (screen,) = await scene.say(send("screen"))
    await scene.store.settle(screen, Sent(22), scene.now)
    await scene.commit(dooms=(Doom(person, refs=(Ref("screen"),)),))
    await scene.say(send("lost"), "line")
    await scene.store.settle(await scene.take(), Unknown(), scene.now)
    await scene.commit(incoming=(30,))
    (late,) = await scene.say(edit("spare"))
    await scene.store.settle(late, Sent(26), scene.now)
    (row,) = await scene.commit(
        dooms=(Doom(person, everything=True, spare=Ref("spare")),),
        outbox=(scene.out(tidy(), "tidy", person),),
    )
    numbers = [known.message_id for known in row.doomed]
    assert numbers == [20, 22, 23, 24, 25, 30]


async def test_a_second_message_of_one_name_does_not_make_the_first_forgotten(scene: Scene):
    """Both lie in the chat, so both are deleted."""
    person = await scene.meet()
    for number in (7, 9):
        (row,) = await scene.say(send("s"))
        await scene.store.settle(row, Sent(number), scene.now)
    (row,) = await scene.say(edit("s"))
    assert row.message_id == 9
    await scene.store.settle(row, Sent(9), scene.now)
    (row,) = await scene.commit(
        dooms=(Doom(person, everything=True),), outbox=(scene.out(tidy(), "tidy", person),)
    )
    assert [known.message_id for known in row.doomed] == [7, 9]


# -------------------------------------------------------------------------------- housekeeping


async def test_pruning_keeps_what_is_open_and_young(scene: Scene):
    """Seen causes for 7 days, finished rows for 48 h."""
    await scene.meet()
    (row,) = await scene.say(send("a"))
    await scene.store.settle(row, Sent(1), scene.now)
    await scene.say(send("b"), "relay", not_before=DAWN + timedelta(days=20))
    assert await scene.store.prune(scene.now + timedelta(hours=47)) == 0
    assert await scene.store.prune(scene.now + timedelta(hours=49)) == 1
    assert await scene.store.prune(scene.now + timedelta(days=8)) == 3
    scene.pass_time(days=20)
    assert (await scene.take()).call == send("b")


async def test_pruning_more_than_one_slice_leaves_nothing_over(scene: Scene):
    """Old causes are found wherever they lie."""
    person = await scene.meet()
    for _ in range(30):
        await scene.commit(state=None)
    assert await scene.store.prune(scene.now + timedelta(days=8)) == 31
    assert person == (await scene.store.load(HER)).person


async def test_health_tells_ages_and_numbers(scene: Scene):
    """In seconds, and what waits for a person to look at it."""
    await scene.meet()
    await scene.say(send("a"), "line")
    await scene.store.settle(await scene.take(), Unknown(), scene.now)
    await scene.say(send("b"), "line")
    scene.pass_time(seconds=40)
    health = await scene.store.health(scene.now)
    assert (health.writable, health.waiting, health.unknown) == (True, 1, 1)
    assert health.oldest_waiting == 40.0


async def test_what_is_to_be_deleted_anyway_does_not_ring_first(scene: Scene):
    """A neutral line that waits for safe hours is taken back by deleting it; it is never sent."""
    person = await scene.meet()
    later = scene.now + timedelta(hours=3)
    await scene.commit(outbox=(scene.out(send("line"), "nudge", person, not_before=later),))
    await scene.commit(dooms=(Doom(person, (Ref("line"),)),))
    scene.pass_time(hours=4)
    assert await scene.claim() == ()


@pytest.mark.parametrize(("answer", "state"), [(Unknown(), "unknown"), (Refused(400), "refused")])
async def test_undelivered_words_are_reported_until_somebody_has_been_told(
    open_store: Open, answer: Unknown | Refused, state: OutState
):
    """A crash between the settling and the telling must not lose the telling."""
    scene = Scene(await open_store())
    person = await scene.meet()
    await scene.say(send("b"), "relay")
    row = await scene.take()
    assert (await scene.store.settle(row, answer, scene.now)).state == state
    await scene.store.close()
    again = Scene(await open_store(), count=99)
    for _ in range(2):
        told = await again.store.undelivered(again.now)
        assert [(found.id, how) for found, how in told] == [(row.id, state)]
    bare = Commit(Cause(f"staff:undelivered:{row.id}"), again.now, None, Address("staff", 0))
    await again.store.commit(bare)
    assert await again.store.undelivered(again.now) == ()
    assert await again.store.load_person(person) is not None
