"""Delete everything: her rows, her key, and every copy of them in the files."""

from datetime import timedelta
from pathlib import Path

from bot.core.delivery import RetryAt, Sent
from bot.core.ids import CaseId, Cause, Ref
from bot.store.protocol import Audit, ConsentRecord, Doom, Known, Timer, Word
from tests.contract.scene import DAWN, HER, STAFF, Scene, case_of, edit, send, tidy


async def erase(scene: Scene):
    """As the service does it: cancel, doom everything but the goodbye, tidy."""
    person = (await scene.store.load(HER)).person
    assert person is not None
    return await scene.commit(
        cancel=(person,),
        dooms=(Doom(person, everything=True, spare=Ref("s")),),
        outbox=(scene.out(edit("s", "Notes"), to=person), scene.out(tidy(), "tidy", person)),
        erase=True,
    )


async def a_full_life(scene: Scene) -> None:
    """One of everything, full of canaries."""
    person = await scene.meet(state={"at": "canary-state"})
    staff = await scene.store.ensure(STAFF, scene.now)
    (row,) = await scene.say(send("s", "canary-screen"))
    await scene.store.settle(row, Sent(31), scene.now)
    await scene.commit(
        state={"at": "canary-second"},
        incoming=(32,),
        case=case_of(person, alias="canary-alias"),
        timers=(Timer(person, "silence", DAWN + timedelta(days=1)),),
        consents=(
            ConsentRecord("be_contacted", "given", DAWN, None, "canary-step", "s", "h", "en"),
        ),
        words=(
            Word("w1", CaseId("case-1"), "survivor", 32, Ref("c"), "sent", DAWN, "canary-word"),
        ),
        dead_letter=b"canary-letter",
        audit=(Audit(person, "wrote", DAWN), Audit(staff, "claimed", DAWN, CaseId("case-1"))),
        outbox=(
            scene.out(send("copy", "canary-copy"), "desk", staff, case=CaseId("case-1")),
            scene.out(send("copy2", "canary-copy2"), "desk", staff, case=CaseId("case-1")),
            scene.out(
                send("held", "canary-held"), "relay", person, not_before=DAWN + timedelta(days=1)
            ),
        ),
    )


async def test_nothing_of_her_is_found_any_more(scene: Scene):
    """Her id, case, words, consents and timers are gone; her chat is a stranger's."""
    await a_full_life(scene)
    person = (await scene.store.load(HER)).person
    assert person is not None
    rows = await erase(scene)
    assert [row.call for row in rows] == [edit("s", "Notes")]
    assert rows[0].person != person
    assert rows[0].message_id == 31
    assert (await scene.store.load(HER)).person is None
    assert await scene.store.load_person(person) is None
    assert await scene.store.find_case(CaseId("case-1")) is None
    assert await scene.store.words(CaseId("case-1")) == ()
    assert await scene.store.consents(person) == ()
    scene.pass_time(days=2)
    assert await scene.store.due_timers(scene.now, 10) == ()
    assert (await scene.store.health(scene.now)).dead_letters == 0


async def test_her_chat_is_still_tidied_and_then_the_remainder_vanishes(scene: Scene):
    """The goodbye and the deletes are sent; nothing waits or is left after them."""
    await a_full_life(scene)
    (row,) = await erase(scene)
    done = await scene.store.settle(row, Sent(31), scene.now)
    assert done.following is not None
    assert done.following.address == HER
    assert done.following.doomed == (Known(32, ours=False, at=scene.now),)
    assert await scene.store.load_person(done.following.person) is not None
    await scene.store.settle(done.following, Sent(), scene.now)
    assert await scene.store.load_person(done.following.person) is None
    assert await scene.store.next_due() is not None  # a copy in flight to staff, stopped
    scene.pass_time(days=2)
    assert await scene.claim() == ()


async def test_copies_in_flight_to_staff_are_not_tried_again(scene: Scene):
    """And those that waited are gone."""
    await scene.meet()
    person = (await scene.store.load(HER)).person
    staff = await scene.store.ensure(STAFF, scene.now)
    assert person is not None
    (copy,) = await scene.commit(
        case=case_of(person),
        outbox=(
            scene.out(send("1"), "desk", staff, case=CaseId("case-1")),
            scene.out(send("2"), "desk", staff, case=CaseId("case-1")),
        ),
    )
    await erase(scene)
    done = await scene.store.settle(copy, RetryAt(scene.now), scene.now)
    assert (done.state, done.following) == ("cancelled", None)


async def test_a_message_in_flight_at_the_erasure_is_deleted_when_it_arrives(scene: Scene):
    """Its number comes back to the remainder, which dooms it before the tidying."""
    await scene.meet()
    (flying,) = await scene.say(send("late"))
    assert await erase(scene) == ()
    done = await scene.store.settle(flying, Sent(55), scene.now)
    assert done.following is not None
    assert done.following.call == edit("s", "Notes")
    done = await scene.store.settle(done.following, Sent(), scene.now)
    assert done.following is not None
    assert done.following.doomed == (Known(55, ours=True, at=scene.now),)


async def test_a_remainder_vanishes_after_48_hours_whatever_was_left(scene: Scene):
    """No bot can delete anything by then."""
    await a_full_life(scene)
    (row,) = await erase(scene)
    await scene.store.prune(scene.now + timedelta(hours=47))
    assert await scene.store.load_person(row.person) is not None
    await scene.store.prune(scene.now + timedelta(hours=49))
    assert await scene.store.load_person(row.person) is None


async def test_an_erasure_without_anything_to_send_leaves_no_remainder(scene: Scene):
    """Nothing to tidy: nothing kept."""
    await scene.meet()
    await scene.commit(erase=True)
    assert (await scene.store.load(HER)).person is None
    assert await scene.store.next_due() is None


async def test_she_can_begin_anew(scene: Scene):
    """The same chat becomes a new person, with a new id and key."""
    former = await scene.meet()
    await erase(scene)
    assert await scene.meet() != former


async def test_an_erasure_is_applied_once(scene: Scene):
    """The repeated update finds nobody and does nothing."""
    await scene.meet()
    await scene.commit(erase=True, cause=Cause("update:survivor:500"))
    assert not await scene.store.unseen(Cause("update:survivor:500"))


def in_files(folder: Path, *needles: bytes) -> set[bytes]:
    """Which of these bytes are in any file of the folder."""
    files = [path.read_bytes() for path in folder.iterdir() if path.is_file()]
    assert len(files) >= 2
    return {needle for needle in needles if any(needle in data for data in files)}


async def test_no_word_or_chat_id_is_ever_in_the_files(scene: Scene, tmp_path: Path):
    """Everything about a person is sealed, from the first row on."""
    await a_full_life(scene)
    chat = HER.chat_id
    clear = (
        b"canary", str(chat).encode(), chat.to_bytes(6, "big"), chat.to_bytes(6, "little"),
        str(STAFF.chat_id).encode(),
    )  # fmt: skip
    assert in_files(tmp_path, *clear) == set()
