"""The two bots as Telegram knows them: opened, checked at the start, dressed in neutral words, and
read back for ``doctor``. What the words are is given as data; nothing here handles updates.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

from telegram import Bot, BotCommand
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

from bot.core.ids import Door

from .api import Api
from .contact import Contact, StartRefused
from .http1 import LeanTransport
from .inbound import ALLOWED_UPDATES
from .transport import Transport

log = logging.getLogger("waymark.gateway")

TELEGRAM_URL = "https://api.telegram.org"
START_TRIES = 3
MOST_WEBHOOK_CONNECTIONS = 40


@dataclass(frozen=True, slots=True)
class Surface:
    """What Telegram shows of a bot outside its chats, in one language. All of it neutral words."""

    commands: tuple[tuple[str, str], ...] = ()
    """Command without its slash, and what it does."""
    description: str = ""
    """Up to 512 characters, shown in an empty chat."""
    short_description: str = ""
    """Up to 120 characters, shown on the bot's page and with its link."""


@dataclass(frozen=True, slots=True)
class OpenBot:
    """One bot, ready to be used. Its parts share one connection pool."""

    door: Door
    bot: Bot = field(repr=False)
    api: Api = field(repr=False)
    contact: Contact = field(repr=False)


class Bots:
    """Both bots. Use as an async context manager; leaving it closes every connection.

    ``tokens`` holds the token of each door, ``clock`` gives aware UTC.
    Raises StartRefused when ``api_url`` would send tokens unprotected.
    """

    def __init__(
        self,
        tokens: Mapping[Door, str],
        api_url: str = TELEGRAM_URL,
        *,
        clock: Callable[[], datetime],
        transport: Callable[[str], Transport] = LeanTransport,
    ) -> None:
        check_url(api_url)
        self._bots: dict[Door, OpenBot] = {}
        self._transports: list[Transport] = []
        for door, token in tokens.items():
            pool = transport(api_url)
            self._transports.append(pool)
            bot = Bot(
                token, base_url=f"{api_url.rstrip('/')}/bot", request=pool, get_updates_request=pool
            )
            self._bots[door] = OpenBot(door, bot, Api(bot.base_url, pool), Contact(door, clock))

    def __getitem__(self, door: Door) -> OpenBot:
        """The bot of that door."""
        return self._bots[door]

    async def __aenter__(self) -> Self:
        for transport in self._transports:
            await transport.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        for transport in self._transports:
            await transport.shutdown()

    async def check(self) -> None:
        """Ask Telegram who each bot is. Raises StartRefused for a token that it refuses.

        A network that is down does not stop the start: what is stored must be reachable by health,
        and the loops keep trying.
        """
        await asyncio.gather(*(_check(opened) for opened in self._bots.values()))


def check_url(api_url: str) -> None:
    """Raises StartRefused unless the URL is https, or http to this very machine."""
    parts = urlsplit(api_url)
    loopback = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
        msg = (
            "WAYMARK_API_URL must begin with https://, because it carries the bots' tokens and "
            "what people write. Plain http:// is allowed on this machine only (127.0.0.1). "
            "Leave it unset to use Telegram."
        )
        raise StartRefused(msg)


async def _check(opened: OpenBot) -> None:
    for attempt in range(START_TRIES):
        try:
            await opened.bot.get_me()
        except InvalidToken:
            raise StartRefused(opened.contact.refused_token()) from None
        except NetworkError:
            opened.contact.lost("network")
            await asyncio.sleep(0.2 * 2**attempt)
        except TelegramError:
            opened.contact.lost("refused")
            return
        else:
            opened.contact.made()
            return


# ---------------------------------------------------------------- webhook


async def use_webhook(opened: OpenBot, url: str, secret: str) -> None:
    """Have updates delivered to ``url``. Nothing that waits at Telegram is dropped.

    Raises StartRefused when Telegram does not take the address.
    """
    try:
        await opened.bot.set_webhook(
            url,
            secret_token=secret,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=MOST_WEBHOOK_CONNECTIONS,
            drop_pending_updates=False,
        )
    except NetworkError as error:
        if not isinstance(error, BadRequest):
            opened.contact.lost("network")
            return
        msg = (
            f"Telegram does not accept the webhook address of {opened.contact.name.lower()}. "
            "WAYMARK_PUBLIC_URL must be https, reachable from outside, on port 443, 80, 88 or 8443."
        )
        raise StartRefused(msg) from None


# ---------------------------------------------------------------- what Telegram shows of a bot


async def dress(opened: OpenBot, surfaces: Mapping[str, Surface]) -> None:
    """Set commands and descriptions where they differ. ``""`` is the language of everybody else.

    What cannot be set is logged and left: a bot with an old description still helps.
    """
    for language, surface in surfaces.items():
        try:
            await _dress(opened.bot, language, surface)
        except TelegramError as error:
            log.warning(
                "%s: commands and descriptions could not be set (%s).",
                opened.contact.name,
                type(error).__name__,
            )
            return


async def _dress(bot: Bot, language: str, surface: Surface) -> None:
    shown = await _shown(bot, language)
    code = language or None
    if shown.commands != surface.commands:
        commands = [BotCommand(command, what) for command, what in surface.commands]
        await bot.set_my_commands(commands, language_code=code)
    if shown.description != surface.description:
        await bot.set_my_description(surface.description, language_code=code)
    if shown.short_description != surface.short_description:
        await bot.set_my_short_description(surface.short_description, language_code=code)


async def _shown(bot: Bot, language: str) -> Surface:
    code = language or None
    commands = await bot.get_my_commands(language_code=code)
    description = await bot.get_my_description(language_code=code)
    short_description = await bot.get_my_short_description(language_code=code)
    return Surface(
        tuple((command.command, command.description) for command in commands),
        description.description,
        short_description.short_description,
    )


async def drift(
    opened: OpenBot,
    surfaces: Mapping[str, Surface],
    *,
    webhook_url: str = "",
    charged: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Read back what Telegram shows, and say in sentences what is not as it should be.

    ``webhook_url`` is where updates should go ("" means polling); ``charged`` are words that must
    not stand in the bot's name. Raises TelegramError when Telegram cannot be asked.
    """
    name = opened.contact.name
    found: list[str] = []
    me = await opened.bot.get_me()
    if any(word.casefold() in me.full_name.casefold() for word in charged):
        found.append(f"{name} has a name that tells too much. Change it at @BotFather: /setname.")
    if me.can_join_groups and opened.door == "survivor":
        found.append(f"{name} may be added to groups. Switch it off: /setjoingroups.")
    if me.supports_inline_queries:
        found.append(f"{name} has inline mode on. Switch it off at @BotFather: /setinline.")
    info = await opened.bot.get_webhook_info()
    if info.url != webhook_url:
        wanted = "its updates are polled" if not webhook_url else "another one is meant"
        found.append(
            f"{name} has a webhook that is not ours, or none, but {wanted}. If you did not set it, "
            "revoke the token at @BotFather. Starting Waymark sets it right."
        )
    for language, surface in surfaces.items():
        if await _shown(opened.bot, language) != surface:
            found.append(
                f"{name} shows other commands or descriptions than ours"
                f"{f' in {language!r}' if language else ''}. Starting Waymark sets them."
            )
    return tuple(found)
