"""Opening both bots: what is refused in words, what Telegram shows, and what has drifted."""

from collections.abc import AsyncIterator

import pytest

from bot.gateway.bots import Bots, Surface, dress, drift, use_webhook
from bot.gateway.contact import StartRefused
from bot.sandbox import World
from tests.unit.gateway.conftest import TOKENS, utc

SURFACES = {
    "": Surface((("start", "Open"), ("help", "What this is")), "A quiet place.", "Quiet."),
    "es": Surface((("start", "Abrir"),), "Un lugar tranquilo.", "Tranquilo."),
}


@pytest.fixture
async def bots(url: str) -> AsyncIterator[Bots]:
    """Both bots, open."""
    async with Bots(TOKENS, url, clock=utc) as opened:
        yield opened


@pytest.mark.parametrize(
    "url",
    ["http://api.telegram.org", "ftp://127.0.0.1", "api.telegram.org", "", "http://10.0.0.1:80"],
)
def test_tokens_do_not_travel_in_the_open(url: str) -> None:
    """Anything but https is refused, this machine excepted."""
    with pytest.raises(StartRefused, match="WAYMARK_API_URL must begin with https://"):
        Bots(TOKENS, url, clock=utc)


@pytest.mark.parametrize("url", ["https://api.telegram.org", "http://localhost:8081"])
def test_https_and_loopback_are_taken(url: str) -> None:
    """The usual address and a local server."""
    assert Bots(TOKENS, url, clock=utc)["staff"].door == "staff"


async def test_a_good_token_is_checked_and_contact_noted(bots: Bots) -> None:
    """The start asks who the bots are."""
    await bots.check()
    assert bots["survivor"].contact.last is not None
    assert not bots["staff"].contact.degraded


async def test_a_refused_token_ends_the_start_in_words(bots: Bots, world: World) -> None:
    """The setting is named; the token is not shown."""
    world.bot("staff").revoked = True
    with pytest.raises(StartRefused, match="refuses WAYMARK_STAFF_TOKEN") as refused:
        await bots.check()
    assert "bbbb" not in str(refused.value)
    assert refused.value.__cause__ is None


async def test_without_a_network_the_start_goes_on_degraded() -> None:
    """The loops keep trying; health says so."""
    async with Bots({"survivor": TOKENS["survivor"]}, "http://127.0.0.1:1", clock=utc) as opened:
        await opened.check()
        assert opened["survivor"].contact.trouble == "network"


def changes(world: World) -> list[str]:
    """Methods that set something, in order."""
    calls = world.journal.entries("call")
    return [call["method"] for call in calls if call["method"].startswith("set")]


async def test_a_bot_is_dressed_in_every_language_and_only_where_it_differs(
    bots: Bots, world: World
) -> None:
    """Telegram limits how often these may be set, so a second start sets nothing."""
    await dress(bots["survivor"], SURFACES)
    assert len(changes(world)) == 6
    assert await drift(bots["staff"], {}) == ()
    assert await drift(bots["survivor"], SURFACES) == (
        "The survivor bot may be added to groups. Switch it off: /setjoingroups.",
    )
    await dress(bots["survivor"], SURFACES)
    assert len(changes(world)) == 6


async def test_drift_is_told_in_sentences(bots: Bots) -> None:
    """Words of another version, and a webhook that nobody here has set."""
    survivor = bots["survivor"]
    await dress(survivor, SURFACES)
    await survivor.api.call("setMyDescription", {"description": "Other", "language_code": "es"})
    await survivor.api.call("setWebhook", {"url": "http://127.0.0.1:9/other"})
    name = (await survivor.bot.get_me()).full_name
    found = await drift(survivor, SURFACES, charged=(name,))
    assert [sentence.split(". ")[0] for sentence in found] == [
        "The survivor bot has a name that tells too much",
        "The survivor bot may be added to groups",
        "The survivor bot has a webhook that is not ours, or none, but its updates are polled",
        "The survivor bot shows other commands or descriptions than ours in 'es'",
    ]


async def test_a_webhook_is_set_with_its_secret_and_drops_nothing(bots: Bots, world: World) -> None:
    """The four kinds of updates we read, and no others."""
    await use_webhook(bots["staff"], "http://127.0.0.1:9/telegram/staff", "s3cret")
    (call,) = [c for c in world.journal.entries("call") if c["method"] == "setWebhook"]
    assert call["params"]["drop_pending_updates"] is False
    assert world.bot("staff").webhook.secret == "s3cret"
    assert sorted(world.bot("staff").queue.allowed) == [
        "callback_query",
        "edited_message",
        "message",
        "my_chat_member",
    ]


async def test_a_webhook_address_that_telegram_refuses_is_refused_in_words(bots: Bots) -> None:
    """The setting is named."""
    with pytest.raises(StartRefused, match="WAYMARK_PUBLIC_URL must be https"):
        await use_webhook(bots["staff"], "ftp://nowhere", "s3cret")
