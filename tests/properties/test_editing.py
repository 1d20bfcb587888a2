"""Flows are edited under a thousand people who stand in them: nobody is lost, nobody is stranded.

Real rows in a real database, the real service; only Telegram is missing. Every person has answers
and a consent, stands in some step, and touches once after each edit.
"""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.buttons import derive
from bot.core.events import Arrived, Began, Pressed, Typed
from bot.core.ids import Cause, StepId
from bot.core.session import Given, Session, from_json, to_json
from bot.flowdef.load import load_files
from bot.service.conversation import Conversation
from bot.service.editions import under
from bot.service.publishing import (
    NoSuchVersion,
    editions,
    publish,
    read_input,
    revert,
    stranded,
    withdraw,
)
from bot.store.protocol import Address, Commit, OutRow, Store
from bot.store.sqlite import SqliteStore
from tests.survivor import ROOT, ends_tied

PEOPLE = 1_000
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
BESIDE = (
    *("always", "phrases", "desk", "resources", "sources", "contact", "needs", "places", "start"),
    "ways",
)
SHIPPED = read_input(ROOT / "flows", ROOT / "locales")

OLD = """flow: trip
title: A trip
steps:
  - {id: one, say: The first page}
  - {id: two, say: The second page}
  - {id: three, say: The third page}
  - {id: four, say: The fourth page}
  - {id: five, say: The fifth page}
  - {id: six, say: The sixth page, go: ways.start}
"""
NEW = """flow: trip
title: A trip
steps:
  - {id: one, say: The very first page}
  - {id: second, was: two, say: The second page}
  - {id: five, say: The fifth page, go: ways.start}
removed:
  - {id: three, moved_to: five}
  - {id: four, finish: yes}
  - {id: six, moved_to: five}
"""
STEPS = tuple(StepId(f"trip.{name}") for name in ("one", "two", "three", "four", "five", "six"))


def files_with(trip: str) -> dict[str, bytes]:
    """A whole published input: the shipped system screens, and the trip in place of the ways."""
    kept = {
        name: data
        for name, data in SHIPPED.items()
        if name.startswith(("flows/danger/", "locales/"))
        or name.removeprefix("flows/").split(".")[0] in BESIDE
    }
    ways = (
        "flow: ways\ntitle: Ways\nsteps:\n  - id: start\n    say: All ways\n    choose:\n"
        "      - {id: trip, text: Take the trip, go: trip}\n"
        "      - {id: again, text: Once more, go: start.notice}\n"
    )
    return ends_tied({**kept, "flows/ways.yaml": ways.encode(), "flows/trip.yaml": trip.encode()})


@pytest.fixture
async def store(tmp_path):
    """An open database."""
    opened = await SqliteStore.open(
        f"sqlite:///{tmp_path / 'people.db'}", tmp_path / "people.keys", ids=ids()
    )
    yield opened
    await opened.close()


def ids():
    """Random enough, and the same in every run."""
    count = 0

    def draw() -> str:
        nonlocal count
        count += 1
        return derive("ids of this test", str(count)) + derive("more", str(count))

    return draw


def at(number: int) -> Address:
    """The chat of one person."""
    return Address("survivor", 500_000 + number)


async def everybody(work) -> None:
    """One piece of work for each person, some side by side, as a program would."""
    for first in range(0, PEOPLE, 100):
        await asyncio.gather(*(work(number) for number in range(first, first + 100)))


async def serving(store: Store) -> Conversation:
    """The service as it starts: the newest edition, and older ones in use."""
    version = await store.current_version()
    assert version is not None
    newest, issues = await build_of(version.files)
    assert newest is not None, issues
    served = await editions(store, newest, "US-NY")
    return Conversation(store, served, lambda: LATER, lambda *_: None)


async def build_of(files):
    """An edition of checked files."""
    from bot.service.editions import build  # noqa: PLC0415 - beside its one use

    return build(files, "US-NY", checked=True)


async def crowd(store: Store) -> None:
    """A thousand people, spread over all steps of the trip, each with answers and a consent."""
    _, issues = await publish(store, files_with(OLD), "US-NY", NOW, by="lead")
    assert not [issue for issue in issues if issue.severity == "error"]
    conversation = await serving(store)

    async def settles(number: int) -> None:
        await touch(conversation, number, "start", Began(1))
        loaded = await store.load(at(number))
        session = from_json(loaded.state, None)
        stands = replace(
            session,
            at=STEPS[number % len(STEPS)],
            answers={"needs": ("heard",), "note": f"note {number}"},
            consents=(Given("be_contacted", NOW, NOW + timedelta(days=30)),),
        )
        await store.commit(
            Commit(
                Cause(f"settle:{number}"), NOW, loaded.person, at(number),
                version=loaded.version, state=to_json(stands), structure=stands.structure,
            )
        )  # fmt: skip

    await everybody(settles)


async def touch(conversation: Conversation, number: int, name: str, what) -> None:
    """One update of one person."""
    seed = derive(f"seed {name}", str(number)) * 2
    cause = Cause(f"update:survivor:{name}{number}")
    await conversation.handle(Arrived(cause, "survivor", at(number).chat_id, seed, what))


async def session_of(store: Store, number: int) -> Session:
    """Where a person stands now."""
    loaded = await store.load(at(number))
    assert loaded.state is not None, "somebody was lost"
    return from_json(loaded.state, loaded.case)


async def all_touch(store: Store, conversation: Conversation, name: str) -> dict[int, Session]:
    """A third presses the button on her old screen, a third types, a third asks for numbers."""

    async def does(number: int) -> None:
        screen = (await session_of(store, number)).screen
        token = screen.token if screen is not None else "none"
        what = (
            Pressed(f"1:{token}:n", "q", None),
            Typed("hello", 900),
            Typed("numbers", 901),
        )[number // len(STEPS) % 3]
        await touch(conversation, number, name, what)

    await everybody(does)
    return {number: await session_of(store, number) for number in range(PEOPLE)}


def nothing_is_lost(conversation: Conversation, sessions: dict[int, Session]) -> None:
    """Everybody stands where a screen is, with her answers and her consent."""
    assert len(sessions) == PEOPLE
    for number, session in sessions.items():
        rules = conversation.editions.rules_for(session)
        heir = rules.moved(session.structure, session.at)
        place = session.place if heir is None else heir
        assert rules.step(place) is not None, (number, session.place)
        assert session.screen is not None
        assert session.answers == {"needs": ("heard",), "note": f"note {number}"}
        assert [given.purpose for given in session.consents] == ["be_contacted"]


async def test_renamed_removed_and_finishing_steps_lose_nobody(store):
    """Pinned people go on as before; those in a removed step stand at its heir."""
    await crowd(store)
    old = await serving(store)
    standing = await store.standing()
    assert standing[old.editions.newest.rules.structure] == Counter(
        STEPS[number % 6] for number in range(PEOPLE)
    )
    new_library, _ = load_files(under(files_with(NEW), "flows"))
    assert await stranded(store, new_library) == ()
    await publish(store, files_with(NEW), "US-NY", LATER, by="lead")
    conversation = await serving(store)
    sessions = await all_touch(store, conversation, "edited")
    nothing_is_lost(conversation, sessions)
    newest = conversation.editions.newest.rules.structure
    for number, session in sessions.items():
        was, pressed = STEPS[number % 6], number // 6 % 3 == 0
        if was in ("trip.three", "trip.six"):
            assert (session.at, session.structure) == ("trip.five", newest)
        elif pressed and was == "trip.two":
            assert (session.at, session.structure) != (was, newest)
        else:
            follows = STEPS[number % 6 + 1] if pressed else was
            assert (session.at, session.structure) == (follows, old.editions.newest.rules.structure)
    assert conversation.stranded == 0


async def test_going_over_to_another_flow_ends_the_old_version(store):
    """Whoever leaves the trip stands in the newest structure, and her next press works there."""
    await crowd(store)
    extra = OLD.replace("The fifth page}", "The fifth page, go: one}")
    await publish(store, files_with(extra), "US-NY", LATER, by="lead")
    conversation = await serving(store)
    sessions = await all_touch(store, conversation, "over")
    newest = conversation.editions.newest.rules.structure
    crossed = [n for n, session in sessions.items() if session.at == "ways.start"]
    assert len(crossed) > 40
    for number in crossed:
        assert sessions[number].structure == newest
        token = sessions[number].screen.token
        await touch(conversation, number, "again", Pressed(f"1:{token}:c0", "q", None))
        assert (await session_of(store, number)).at == "trip.one"
    nothing_is_lost(conversation, sessions)


async def test_a_withdrawn_version_moves_everybody_at_her_next_touch(store):
    """Whatever she does, she stands at the rescue step, and is told that something has changed."""
    await crowd(store)
    version = await store.current_version()
    with pytest.raises(NoSuchVersion, match="the structure that is served"):
        await withdraw(store, version.hash[:8], "ways.start", LATER, by="lead")
    await publish(store, files_with(NEW), "US-NY", LATER, by="lead")
    with pytest.raises(NoSuchVersion, match=r"no step `ways.strat`.*Did you mean `ways.start`"):
        await withdraw(store, version.hash[:8], "ways.strat", LATER, by="lead")
    await withdraw(store, version.hash[:8], "ways.start", LATER, by="lead", note="wrong number")
    conversation = await serving(store)
    sessions = await all_touch(store, conversation, "withdrawn")
    nothing_is_lost(conversation, sessions)
    newest = conversation.editions.newest.rules.structure
    assert {(s.at, s.structure) for s in sessions.values()} == {("ways.start", newest)}
    assert {s.place for n, s in sessions.items() if n // 6 % 3 == 2} == {"always.numbers"}
    assert [each.what for each in await store.releases()] == ["withdrawn", "published", "published"]
    assert (await store.releases())[0].note == "wrong number"


async def test_going_back_to_an_earlier_version_keeps_everybody(store):
    """People of both versions are served; the record names who did it, and the difference."""
    await crowd(store)
    await publish(store, files_with(NEW), "US-NY", LATER, by="lead")
    conversation = await serving(store)
    await all_touch(store, conversation, "edited")
    version, lines = await revert(store, "", LATER, by="night shift")
    assert "trip.three: new step “The third page”" in lines
    back = await serving(store)
    assert back.editions.newest.rules.structure == version.structure
    nothing_is_lost(back, await all_touch(store, back, "back"))
    newest = (await store.releases())[0]
    assert (newest.what, newest.by) == ("reverted", "night shift")


async def test_a_bad_deploy_strands_nobody(store):
    """Steps that vanish without a word stop a publish; forced in, their people finish there."""
    await crowd(store)
    bad = NEW[: NEW.index("removed:")]
    library, _ = load_files(under(files_with(bad), "flows"))
    found = await stranded(store, library)
    assert [str(issue) for issue in found if issue.severity == "error"] == [
        f"flows/trip.yaml:{line}:10: trip.{name}: The step is gone, and {people} people stand in "
        "it. Write it under `removed:` in trip.yaml, with `moved_to:` or `finish: yes`."
        for line, name, people in ((6, "three", 167), (7, "four", 167), (9, "six", 166))
    ]
    await publish(store, files_with(bad), "US-NY", LATER, by="lead")
    conversation = await serving(store)
    nothing_is_lost(conversation, await all_touch(store, conversation, "bad"))
    assert conversation.stranded == 0


async def test_a_place_in_no_version_goes_to_the_rescue_and_staff_hear_of_it(store):
    """Even a database that lost a version leaves nobody without a screen."""
    await crowd(store)
    conversation = await serving(store)
    loaded = await store.load(at(1))
    lost = replace(from_json(loaded.state, None), structure="gone", at=StepId("gone.away"))
    await store.commit(
        Commit(Cause("lose"), NOW, loaded.person, at(1), version=loaded.version,
               state=to_json(lost), structure="gone")
    )  # fmt: skip
    group = Address("staff", -77)
    conversation.pinged = (await store.ensure(group, NOW),)
    pushed: list[OutRow] = []
    conversation.push = lambda rows, _: pushed.extend(rows)
    await touch(conversation, 1, "lost", Typed("hello", 5))
    session = await session_of(store, 1)
    assert session.at == conversation.editions.newest.rules.rescue
    assert conversation.stranded == 1
    assert [row.kind for row in pushed if row.address == group] == ["ping"]
