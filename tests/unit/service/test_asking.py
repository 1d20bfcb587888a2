"""What she types as a question is written down nowhere: no row, no message, no log."""

import logging
from datetime import UTC, datetime

import pytest

from bot.core.buttons import derive
from bot.core.effects import Remove
from bot.core.events import Arrived, Began, Typed
from bot.core.ids import Cause, StepId
from bot.core.session import from_json, to_json
from bot.service.conversation import Conversation
from bot.service.editions import Editions
from bot.store.protocol import Address, Commit
from bot.store.sqlite import SqliteStore
from tests.survivor import shipped

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HER = Address("survivor", 4711)
SECRETS = ("Zebulon", "zebulon", "marmalade", "Nürnberg", "nurnberg", "jury", "jurado")
"""Words of the questions below, as typed and folded."""


@pytest.fixture
async def store(tmp_path):
    """An open database that keeps a copy of every commit."""
    count = iter(range(10**6))
    opened = await SqliteStore.open(
        f"sqlite:///{tmp_path / 'her.db'}",
        tmp_path / "her.keys",
        ids=lambda: derive("ids", str(next(count))) + derive("more", "ids"),
    )
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("What is a grand jury? Zebulon marmalade Nürnberg", "question.own"),
        ("what is a grand jury", "courtroom.grand_jury"),
        ("zebulon marmalade nurnberg", "question.own"),
        ("¿Qué es el gran jurado, Zebulon?", None),
    ],
)
async def test_nothing_of_a_question_is_written_down(store, typed, place, caplog, monkeypatch):
    """Every commit, every row that is queued, every log line at DEBUG; and her message goes."""
    caplog.set_level(logging.DEBUG)
    commits: list[Commit] = []
    commit = store.commit

    async def noted(one: Commit):
        commits.append(one)
        return await commit(one)

    monkeypatch.setattr(store, "commit", noted)
    talk = Conversation(store, Editions(shipped()), lambda: NOW, lambda *_: None)
    await talk.handle(Arrived(Cause("update:survivor:1"), "survivor", 4711, "s" * 16, Began(10)))
    await stands_at(store, commit, "question.own")
    commits.clear()
    await talk.handle(
        Arrived(Cause("update:survivor:2"), "survivor", 4711, "t" * 16, Typed(typed, 11))
    )
    (one,) = commits
    state = (await store.load(HER)).state
    if place is not None:
        assert from_json(state).place == place
    hers = [word for word in SECRETS if word in typed and word.lower() not in ("jury", "jurado")]
    for written in (repr(one), repr(state), caplog.text):
        assert not [word for word in hers if word in written]
        assert typed not in written
    rows = await store.claim(NOW, 100)
    assert not [word for word in hers if word in repr(rows)]
    assert from_json(state).answers == {}


async def stands_at(store, commit, step: str) -> None:
    """Put her at a step, screen and all."""
    loaded = await store.load(HER)
    state = {**loaded.state, "at": StepId(step), "over": []}
    assert to_json(from_json(state))["at"] == step
    await commit(
        Commit(
            cause=Cause(f"test:{step}"),
            now=NOW,
            person=loaded.person,
            address=HER,
            version=loaded.version,
            structure=shipped().rules.structure,
            state=state,
        )
    )


def test_her_message_is_removed_like_other_typed_words():
    """With the screen it answered."""
    from tests.survivor import Survivor  # noqa: PLC0415 - beside its one use

    her = Survivor()
    her.starts()
    her.goes_to("question.own")
    her.types("what is a grand jury")
    (gone,) = her.did(Remove)
    assert gone.message_ids == (her.event.message_id,)
