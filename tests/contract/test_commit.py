"""One event, one commit: all of it or nothing, once, against the versions that were read."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.ids import CaseId, Cause, PersonId, Ref
from bot.store.protocol import (
    NEWCOMER,
    Address,
    Audit,
    Commit,
    Conflict,
    ConsentRecord,
    Duplicate,
    Timer,
    Word,
)
from tests.contract.conftest import Open
from tests.contract.scene import DAWN, HER, OTHER, STAFF, Scene, case_of, edit, send


async def test_nobody_is_known_before_her_first_commit(scene: Scene):
    """Loading never makes a person."""
    for _ in range(2):
        assert (await scene.store.load(HER)).person is None


async def test_a_first_commit_makes_the_person(scene: Scene):
    """State, version and rows are hers, under an id that is not her chat's."""
    rows = await scene.commit(state={"at": "start"}, outbox=(scene.out(send()),))
    loaded = await scene.store.load(HER)
    assert loaded.person is not None
    assert str(HER.chat_id) not in loaded.person
    assert (loaded.state, loaded.version) == ({"at": "start"}, 1)
    assert [(row.person, row.address, row.call) for row in rows] == [(loaded.person, HER, send())]
    assert await scene.store.load_person(loaded.person) == loaded


async def test_the_same_chat_at_the_other_door_is_somebody_else(scene: Scene):
    """The role is decided by the door."""
    person = await scene.meet()
    assert (await scene.store.load(Address("staff", HER.chat_id))).person is None
    staff = await scene.store.ensure(Address("staff", HER.chat_id), scene.now)
    assert staff != person


async def test_ensure_makes_a_person_once(scene: Scene):
    """Concurrent callers get the same id."""
    ids = await asyncio.gather(*(scene.store.ensure(STAFF, scene.now) for _ in range(20)))
    assert len(set(ids)) == 1
    assert (await scene.store.load(STAFF)).person == ids[0]


async def test_each_commit_moves_the_version_by_one(scene: Scene):
    """And the state read back is the state written."""
    state = {"at": "b", "n": [1, None, "ü\ud83d"], "m": {"x": True}}
    await scene.meet()
    await scene.commit(state=state)
    loaded = await scene.store.load(HER)
    assert (loaded.state, loaded.version) == (state, 2)


async def test_everything_survives_closing_and_opening(open_store: Open):
    """What commit returned for is on disk."""
    first = Scene(await open_store())
    await first.meet(state={"at": "x"})
    await first.say(send("r1"), "line")
    await first.store.close()
    second = Scene(await open_store(), count=50)
    assert (await second.store.load(HER)).state == {"at": "x"}
    assert (await second.take()).call == send("r1")
    await second.store.close()


async def test_a_state_someone_else_changed_is_a_conflict(scene: Scene):
    """Nothing of the losing commit is written, its cause included."""
    person = await scene.meet()
    await scene.commit(state={"at": "b"})
    losing = Commit(
        Cause("update:survivor:99"), scene.now, person, HER, version=1, state={"at": "lost"},
        outbox=(scene.out(send(), to=person),),
    )  # fmt: skip
    with pytest.raises(Conflict):
        await scene.store.commit(losing)
    assert (await scene.store.load(HER)).state == {"at": "b"}
    assert await scene.claim() == ()
    assert await scene.store.unseen(Cause("update:survivor:99"))


async def test_of_two_first_commits_one_wins(scene: Scene):
    """Two updates of a new chat must not make two people."""
    changes = [Commit(scene.cause(), scene.now, None, HER, state={"n": n}) for n in range(5)]
    results = await asyncio.gather(
        *(scene.store.commit(change) for change in changes), return_exceptions=True
    )
    assert [type(result) for result in results].count(Conflict) == 4
    assert (await scene.store.load(HER)).version == 1


async def test_a_cause_is_applied_once(scene: Scene):
    """A repeated update changes nothing, even with the right versions."""
    await scene.meet()
    cause = Cause("update:survivor:777")
    await scene.commit(cause=cause, state={"at": "b"})
    with pytest.raises(Duplicate):
        await scene.commit(cause=cause, state={"at": "c"})
    loaded = await scene.store.load(HER)
    assert (loaded.state, loaded.version) == ({"at": "b"}, 2)
    assert not await scene.store.unseen(cause)
    assert await scene.store.unseen(Cause("update:survivor:778"))


async def test_a_duplicate_is_told_before_a_conflict(scene: Scene):
    """A late repeat with old versions is done, not to be repeated."""
    person = await scene.meet()
    change = Commit(Cause("update:survivor:5"), scene.now, person, HER, version=1, state={})
    await scene.store.commit(change)
    with pytest.raises(Duplicate):
        await scene.store.commit(change)


async def test_a_commit_without_state_leaves_the_state(scene: Scene):
    """And does not compare its version."""
    person = await scene.meet()
    await scene.store.commit(Commit(scene.cause(), scene.now, person, HER, version=41))
    loaded = await scene.store.load(HER)
    assert (loaded.state, loaded.version) == ({"at": "start"}, 1)


async def test_races_for_one_person_have_one_winner_each_round(scene: Scene):
    """Compare-and-swap holds under 20 writers with the same version."""
    person = await scene.meet()
    for version in range(1, 6):
        results = await asyncio.gather(
            *(
                scene.store.commit(
                    Commit(scene.cause(), scene.now, person, HER, version=version, state={"n": n})
                )
                for n in range(20)
            ),
            return_exceptions=True,
        )
        assert [type(result) for result in results].count(Conflict) == 19
        assert results.count(()) == 1
    assert (await scene.store.load(HER)).version == 6


async def test_two_hundred_people_at_once_do_not_mix(scene: Scene):
    """Each gets her own state and her own row."""
    places = [Address("survivor", 900_000 + n) for n in range(200)]
    results = await asyncio.gather(
        *(
            scene.commit(place, state={"n": place.chat_id}, outbox=(scene.out(send()),))
            for place in places
        )
    )
    for place, (row,) in zip(places, results, strict=True):
        loaded = await scene.store.load(place)
        assert loaded.state == {"n": place.chat_id}
        assert (row.person, row.address) == (loaded.person, place)


async def test_a_failing_neighbour_does_not_spoil_the_others(scene: Scene):
    """A commit that breaks half-way is undone alone, though it shared their transaction."""
    await scene.meet(OTHER)
    broken = Commit(scene.cause(), scene.now, None, HER, state={"bad": object()})
    good = [
        Commit(scene.cause(), scene.now, None, Address("survivor", 10 + n), state={"n": n})
        for n in range(5)
    ]
    results = await asyncio.gather(
        *(scene.store.commit(change) for change in [*good[:2], broken, *good[2:]]),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [tuple, tuple, TypeError, tuple, tuple, tuple]
    assert (await scene.store.load(HER)).person is None
    assert await scene.store.unseen(broken.cause)
    for n in range(5):
        assert (await scene.store.load(Address("survivor", 10 + n))).state == {"n": n}


async def test_a_cancelled_reader_does_not_break_the_batch(scene: Scene):
    """Neighbours get their answers, and the row nobody received can be claimed again."""
    await scene.meet()
    lonely = asyncio.create_task(scene.say(edit()))
    others = [
        asyncio.create_task(scene.store.ensure(Address("staff", n), scene.now)) for n in range(5)
    ]
    await asyncio.sleep(0)
    lonely.cancel()
    assert len(set(await asyncio.gather(*others))) == 5
    with pytest.raises(asyncio.CancelledError):
        await lonely
    assert (await scene.store.load(HER)).person is not None


async def test_a_case_is_compared_and_swapped(scene: Scene):
    """Of two claims made from the same reading, one is a Conflict and writes nothing."""
    person = await scene.meet()
    await scene.commit(case=case_of(person))
    found = await scene.store.find_case(CaseId("case-1"))
    assert found == (case_of(person), 1)
    assert (await scene.store.load(HER)).case == case_of(person)
    staff = await scene.store.ensure(STAFF, scene.now)
    claimed = case_of(person, state="claimed", holder=staff)
    await scene.commit(STAFF, case=claimed, case_version=1)
    with pytest.raises(Conflict):
        await scene.commit(STAFF, case=claimed, case_version=1)
    with pytest.raises(Conflict):
        await scene.commit(STAFF, case=claimed)
    loaded = await scene.store.load(HER)
    assert (loaded.case, loaded.case_version) == (claimed, 2)


async def test_cases_are_listed_by_state_oldest_first(scene: Scene):
    """Hers to load is the newest one, closed or not."""
    person, other = await scene.meet(), await scene.meet(OTHER)
    late = case_of(person, id=CaseId("a"), opened_at=DAWN + timedelta(hours=1))
    early = case_of(other, id=CaseId("b"))
    await scene.commit(case=late)
    await scene.commit(OTHER, case=early)
    assert await scene.store.cases(("waiting", "claimed")) == (early, late)
    await scene.commit(case=case_of(person, id=CaseId("a"), state="closed"), case_version=1)
    assert await scene.store.cases(("waiting",)) == (early,)
    loaded = await scene.store.load(HER)
    assert loaded.case is not None
    assert (loaded.case.id, loaded.case.state) == ("a", "closed")


async def test_a_newcomer_can_have_a_case_and_a_timer(scene: Scene):
    """The placeholder stands for the person the commit makes."""
    await scene.commit(
        state={}, case=case_of(NEWCOMER), timers=(Timer(NEWCOMER, "silence", DAWN, "t"),)
    )
    loaded = await scene.store.load(HER)
    assert loaded.case is not None
    assert loaded.case.person == loaded.person
    (due,) = await scene.store.due_timers(scene.now, 10)
    assert due.timer.person == loaded.person


async def test_words_keep_their_order_and_can_be_replaced_and_forgotten(scene: Scene):
    """One row a word, by its id."""
    person = await scene.meet()
    await scene.commit(case=case_of(person))
    first = Word("w1", CaseId("case-1"), "survivor", 11, Ref("c1"), "queued", DAWN, "hi")
    second = Word(
        "w2", CaseId("case-1"), "staff", 12, Ref("c2"), "held", DAWN + timedelta(minutes=1),
        "hello", (("bold", 0, 5, ""),),
    )  # fmt: skip
    await scene.commit(words=(first, second))
    assert await scene.store.words(CaseId("case-1")) == (first, second)
    changed = Word("w1", CaseId("case-1"), "survivor", 11, Ref("c1"), "sent", DAWN, "hi there")
    await scene.commit(words=(changed,))
    assert await scene.store.words(CaseId("case-1")) == (changed, second)
    await scene.commit(forget_words=CaseId("case-1"))
    assert await scene.store.words(CaseId("case-1")) == ()


async def test_consents_are_only_ever_added(scene: Scene):
    """Oldest first, exactly as they were given."""
    person = await scene.meet()
    given = ConsentRecord(
        "be_contacted", "given", DAWN, DAWN + timedelta(days=30), "ways.ask", "s1", "hash", "en"
    )
    taken = ConsentRecord("be_contacted", "withdrawn", DAWN, None, "ways.ask", "s1", "hash", "es")
    await scene.commit(consents=(given,))
    await scene.commit(consents=(taken,))
    assert await scene.store.consents(person) == (given, taken)


async def test_a_timer_is_due_once_and_stays_until_it_is_kept(scene: Scene):
    """Reading it does not lose it; the commit with its cause does."""
    person = await scene.meet()
    await scene.commit(timers=(Timer(person, "silence", DAWN + timedelta(hours=1), "tok"),))
    assert await scene.store.due_timers(scene.now, 10) == ()
    scene.pass_time(hours=1)
    (due,) = await scene.store.due_timers(scene.now, 10)
    assert (due.timer.name, due.timer.token, due.address) == ("silence", "tok", HER)
    assert await scene.store.due_timers(scene.now, 10) == (due,)
    await scene.commit(cause=Cause(f"timer:{due.id}"))
    assert await scene.store.due_timers(scene.now, 10) == ()
    with pytest.raises(Duplicate):
        await scene.commit(cause=Cause(f"timer:{due.id}"))


async def test_setting_a_timer_again_moves_it_under_a_new_number(scene: Scene):
    """A late firing of the old one must not count as the new one's."""
    person = await scene.meet()
    await scene.commit(timers=(Timer(person, "silence", DAWN),))
    (old,) = await scene.store.due_timers(scene.now, 10)
    await scene.commit(timers=(Timer(person, "silence", DAWN, "new"),))
    (new,) = await scene.store.due_timers(scene.now, 10)
    assert (new.timer.token, new.id > old.id) == ("new", True)


async def test_timers_are_dropped_by_name_and_prefix(scene: Scene):
    """``_`` and ``%`` in a name mean themselves."""
    person = await scene.meet()
    names = ("screen:1", "screen:2", "screen_3", "silence")
    await scene.commit(timers=tuple(Timer(person, name, DAWN) for name in names))
    await scene.commit(drop_timers=("screen:*",))
    due = await scene.store.due_timers(scene.now, 10)
    assert sorted(one.timer.name for one in due) == ["screen_3", "silence"]
    await scene.commit(drop_timers=("silence",))
    due = await scene.store.due_timers(scene.now, 10)
    assert [one.timer.name for one in due] == ["screen_3"]


async def test_a_dead_letter_of_nobody_makes_nobody(scene: Scene):
    """An update that could not be read has no person; it is counted all the same."""
    await scene.store.commit(
        Commit(Cause("update:survivor:5"), scene.now, None, HER, dead_letter=b"{broken")
    )
    assert (await scene.store.load(HER)).person is None
    assert (await scene.store.health(scene.now)).dead_letters == 1
    assert not await scene.store.unseen(Cause("update:survivor:5"))


async def test_a_commit_for_somebody_erased_is_a_conflict(scene: Scene):
    """Her id means nothing any more."""
    with pytest.raises(Conflict):
        await scene.store.commit(Commit(scene.cause(), scene.now, PersonId("gone"), HER, state={}))


async def test_audit_and_incoming_do_not_disturb(scene: Scene):
    """Recording the same message twice is one record."""
    person = await scene.meet()
    for _ in range(2):
        await scene.commit(incoming=(5, 6), audit=(Audit(person, "opened", scene.now),))


async def test_after_closing_everything_is_unavailable(open_store: Open):
    """A second close does nothing."""
    store = await open_store()
    await store.close()
    await store.close()
    assert not (await store.health(DAWN)).writable
