"""Methods about how updates reach the bot: getUpdates, the webhook, and saying good-bye. Polling
and webhook exclude each other; of two polls the older is cut.
"""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

from .bots import Bot
from .errors import bad_request, conflict
from .model import spell
from .parameters import Parameters
from .updates import LONGEST_POLL_SECONDS, Update
from .world import World

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
WEBHOOK_IS_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
    "webhook first"
)
CUT_BY_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
CUT_BY_WEBHOOK = "terminated by setWebhook request"


async def get_updates(world: World, bot: Bot, given: Parameters) -> str:
    """getUpdates, waiting up to `timeout` s of real time."""
    limit, timeout = _asked(world, bot, given)
    queue = bot.queue
    loop = asyncio.get_running_loop()
    due = loop.time() + timeout
    while True:
        _expire(world, bot)
        if queue.pending or (left := due - loop.time()) <= 0:
            return _handed_out(world, bot, limit)
        queue.wake(CUT_BY_POLL)
        waiter = queue.waiter = loop.create_future()
        try:
            async with asyncio.timeout(left):
                cut = await waiter
        except TimeoutError:
            continue
        finally:
            if queue.waiter is waiter:
                queue.waiter = None
        if cut is not None:
            raise conflict(cut)


def _asked(world: World, bot: Bot, given: Parameters) -> tuple[int, float]:
    """Confirm by the offset; returns limit and timeout as the server grants them."""
    if bot.webhook.url:
        raise conflict(WEBHOOK_IS_SET)
    queue = bot.queue
    if (allowed := given.structure("allowed_updates", "allowed_updates")) is not None:
        queue.allowed = _kinds(allowed)
    elif given.values.get("allowed_updates") == []:
        queue.allowed = frozenset()
    offset = given.integer("offset", 0, -(2**31), 2**31 - 1)
    limit = given.integer("limit", 100, 1, 100)
    timeout = float(given.integer("timeout", 0, 0, LONGEST_POLL_SECONDS))
    # The server spares itself bots that ask for the same again and again (Client.cpp).
    now = world.monotonic()
    if world.settings.strict_polls and offset == queue.asked_offset:
        if timeout < 3 and now < queue.asked_at + 3.0:
            timeout = 3.0
        if now < queue.asked_at + 0.5:
            limit = 1
    queue.asked_offset, queue.asked_at = offset, now
    if offset:
        confirmed = queue.confirm(offset)
        if confirmed and world.journal.on:
            world.journal.write(
                "updates_confirmed", bot=bot.name, offset=offset, update_ids=confirmed
            )
    return limit, timeout


def _kinds(allowed: object) -> frozenset[str]:
    if not isinstance(allowed, list) or not all(isinstance(kind, str) for kind in allowed):
        msg = "can't parse allowed_updates JSON object"
        raise bad_request(msg)
    return frozenset(allowed)


def _expire(world: World, bot: Bot) -> None:
    for update in bot.queue.drop_expired(world.clock.now()):
        expired(world, bot, update)


def expired(world: World, bot: Bot, update: Update) -> None:
    """Record that nobody fetched an update in its lifetime."""
    world.journal.write(
        "update_expired",
        bot=bot.name,
        update_id=update.id,
        kind=update.kind,
        chat=update.chat_id,
    )


def _handed_out(world: World, bot: Bot, limit: int) -> str:
    updates = bot.queue.batch(limit)
    bodies = [update.body for update in updates]
    if bodies and world.faults.duplicates():
        index = world.chance.randrange(len(bodies))
        bodies.insert(index + 1, bodies[index])
        world.journal.write("fault", fault="duplicate", bot=bot.name, update_id=updates[index].id)
    if updates and world.journal.on:
        world.journal.write(
            "updates_handed_out", bot=bot.name, update_ids=[update.id for update in updates]
        )
    return f"[{','.join(bodies)}]"


def set_webhook(world: World, bot: Bot, given: Parameters) -> str:
    """setWebhook; plain http is allowed to loopback, nothing else is allowed at all."""
    url = given.text("url")
    if not url:
        return delete_webhook(world, bot, given)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        msg = "invalid webhook URL specified"
        raise bad_request(msg)
    if parts.hostname not in _LOOPBACK or parts.scheme != "http":
        msg = "bad webhook: the sandbox delivers to http on loopback only"
        raise bad_request(msg)
    secret = given.text("secret_token")
    if len(secret) > 256:
        msg = "secret token is too long"
        raise bad_request(msg)
    if secret and not _SECRET.fullmatch(secret):
        msg = "secret token contains unallowed characters"
        raise bad_request(msg)
    if (allowed := given.structure("allowed_updates", "allowed_updates")) is not None:
        bot.queue.allowed = _kinds(allowed)
    _drop_pending(world, bot, given)
    bot.webhook.url, bot.webhook.secret = url, secret
    bot.webhook.connections = given.integer("max_connections", 40, 1, 100)
    bot.queue.wake(CUT_BY_WEBHOOK)
    for told in world.on_update:
        told(bot)
    return "true"


def delete_webhook(world: World, bot: Bot, given: Parameters) -> str:
    """DeleteWebhook."""
    _drop_pending(world, bot, given)
    bot.webhook.url = bot.webhook.secret = ""
    for told in world.on_update:
        told(bot)
    return "true"


def _drop_pending(world: World, bot: Bot, given: Parameters) -> None:
    if given.flag("drop_pending_updates"):
        dropped = [update.id for update in bot.queue.pending]
        bot.queue.pending.clear()
        world.journal.write("updates_dropped", bot=bot.name, update_ids=dropped)


def get_webhook_info(world: World, bot: Bot, given: Parameters) -> str:
    """GetWebhookInfo."""
    del given
    _expire(world, bot)
    hook = bot.webhook
    info: dict[str, object] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(bot.queue.pending),
    }
    if hook.url:
        info |= {"max_connections": hook.connections, "ip_address": "127.0.0.1"}
        if hook.last_error:
            info |= {
                "last_error_date": hook.last_error_at,
                "last_error_message": hook.last_error,
            }
    if bot.queue.allowed:
        info["allowed_updates"] = sorted(bot.queue.allowed)
    return spell(info)


def say_goodbye(world: World, bot: Bot, given: Parameters) -> str:
    """LogOut and close: nothing to do here, accepted."""
    del world, bot, given
    return "true"


TABLE = (
    (
        "setWebhook",
        set_webhook,
        "url secret_token max_connections allowed_updates drop_pending_updates ip_address",
    ),
    ("deleteWebhook", delete_webhook, "drop_pending_updates"),
    ("getWebhookInfo", get_webhook_info, ""),
    ("logOut", say_goodbye, ""),
    ("close", say_goodbye, ""),
)
