"""``doctor``: look at settings, storage and both bots, and say in sentences what is not right.

It starts nothing and sends nothing to anybody; it asks Telegram only about the bots themselves.
"""

from collections.abc import Mapping

from bot.app import DOORS, newest_edition, now, open_store, profile
from bot.config import Settings
from bot.core.ids import Door
from bot.gateway.bots import Bots, drift


async def examine(settings: Settings) -> tuple[str, ...]:
    """What ``doctor`` finds: storage, flows, and what Telegram shows of both bots. Sentences."""
    found: list[str] = []
    store = await open_store(settings)
    try:
        newest = await newest_edition(settings, store, drafts=False, at=now())
        health = await store.health(now())
        if health.dead_letters:
            found.append(
                f"{health.dead_letters} updates could not be applied and lie in the dead letters."
            )
        tokens: Mapping[Door, str] = {
            "survivor": settings.survivor_token,
            "staff": settings.staff_token,
        }
        charged = tuple(word for words in newest.library.charged.values() for word in words)
        async with Bots(tokens, settings.api_url, clock=now) as bots:
            await bots.check()
            for door in DOORS:
                hook = f"{settings.public_url}/telegram/{door}" if settings.public_url else ""
                surfaces = profile(newest)[door]
                found += await drift(bots[door], surfaces, webhook_url=hook, charged=charged)
    finally:
        await store.close()
    if not settings.leads:
        found.append("WAYMARK_LEADS is empty: nobody can answer at the desk.")
    return tuple(found)
