"""Published versions: kept while somebody needs them, with a record of who did what."""

from datetime import timedelta

from bot.core.ids import StepId
from bot.store.protocol import Release, Version
from tests.contract.scene import DAWN, HER


def version(number: int, structure: str = "") -> Version:
    """One published version."""
    at = DAWN + timedelta(minutes=number)
    files = {"flows/a.yaml": f"content {number}".encode(), "flows/same.yaml": b"same"}
    return Version(f"hash{number:02d}", structure or f"structure{number:02d}", at, files)


async def test_the_newest_twenty_are_kept_and_whatever_somebody_stands_in(scene):
    """Older ones go with their files; the record of releases stays."""
    await scene.meet(HER, {"at": "trip.one", "frames": [], "visits": []})
    pinned = (await scene.store.standing()).keys()
    (structure,) = pinned
    for number in range(26):
        each = version(number, structure if number == 2 else "")
        release = Release(each.published_at, "published", each.hash, "Kim", "why", "what")
        await scene.store.publish(each, release)
    await scene.store.prune(DAWN + timedelta(days=1))
    kept = [each.hash for each in await scene.store.versions()]
    assert kept == [*(f"hash{number:02d}" for number in range(25, 5, -1)), "hash02"]
    assert [each.hash for each in await scene.store.versions_in_use()] == ["hash25", "hash02"]
    assert len(await scene.store.releases()) == 26
    assert (await scene.store.versions())[-1].files["flows/same.yaml"] == b"same"


async def test_a_withdrawal_is_taken_back_by_publishing_again(scene):
    """The step it names is kept with the version, and every deed is recorded, newest first."""
    first, second = version(1), version(2)
    await scene.store.publish(first)
    await scene.store.publish(second)
    deed = Release(DAWN, "withdrawn", first.hash, "Kim", "wrong number", "Its people go to x.y.")
    await scene.store.withdraw(first.hash, StepId("x.y"), deed)
    by_hash = {each.hash: each for each in await scene.store.versions()}
    assert by_hash[first.hash].withdrawn_to == "x.y"
    assert by_hash[second.hash].withdrawn_to == ""
    assert await scene.store.releases() == (deed,)
    await scene.store.publish(first)
    current = await scene.store.current_version()
    assert (current.hash, current.withdrawn_to) == (first.hash, "")


async def test_standing_counts_people_by_step_and_says_nothing_else(scene):
    """Where she stands, and where she comes back to: once each."""
    await scene.meet(HER, {"at": "trip.one", "frames": ["start.two"], "visits": ["trip.one"]})
    (counts,) = (await scene.store.standing()).values()
    assert counts == {"trip.one": 1, "start.two": 1}
