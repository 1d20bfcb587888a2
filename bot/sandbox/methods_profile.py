"""Methods about the bot itself: who it is, its commands, names and descriptions by language."""

from __future__ import annotations

import re
from collections.abc import Callable

from .bots import Bot
from .errors import bad_request
from .model import spell
from .parameters import Parameters
from .world import World

Function = Callable[[World, Bot, Parameters], str]

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
MAX_COMMANDS = 100


def get_me(world: World, bot: Bot, given: Parameters) -> str:
    """GetMe."""
    del world, given
    return spell(
        {
            "id": bot.id,
            "is_bot": True,
            "first_name": bot.title_for(None),
            "username": bot.username,
            "can_join_groups": bot.joins_groups,
            "can_read_all_group_messages": bot.reads_groups,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
    )


def set_my_commands(world: World, bot: Bot, given: Parameters) -> str:
    """SetMyCommands."""
    commands = given.structure("commands", "commands") or []
    if not isinstance(commands, list):
        msg = "expected an Array of BotCommand"
        raise bad_request(msg)
    if len(commands) > MAX_COMMANDS:
        msg = "BOT_COMMANDS_TOO_MUCH"
        raise bad_request(msg)
    kept = []
    for raw in commands:
        if not isinstance(raw, dict):
            msg = "can't parse BotCommand: expected an Object"
            raise bad_request(msg)
        command = str(raw.get("command", "")).removeprefix("/")
        description = str(raw.get("description", "")).strip()
        if not _COMMAND.fullmatch(command):
            msg = "BOT_COMMAND_INVALID"
            raise bad_request(msg)
        if not 1 <= len(description) <= 256:
            msg = "BOT_COMMAND_DESCRIPTION_INVALID"
            raise bad_request(msg)
        kept.append({"command": command, "description": description})
    bot.profile.commands[_scope(given), _language(given)] = kept
    world.touch()
    return "true"


def get_my_commands(world: World, bot: Bot, given: Parameters) -> str:
    """getMyCommands: exactly this scope and language, no falling back."""
    del world
    return spell(bot.profile.commands.get((_scope(given), _language(given)), []))


def delete_my_commands(world: World, bot: Bot, given: Parameters) -> str:
    """DeleteMyCommands."""
    bot.profile.commands.pop((_scope(given), _language(given)), None)
    world.touch()
    return "true"


def _scope(given: Parameters) -> str:
    scope = given.structure("scope", "BotCommandScope")
    return "default" if not scope else str(scope.get("type", "default"))


def _language(given: Parameters) -> str:
    code = given.text("language_code")
    if code and not _LANGUAGE.fullmatch(code):
        msg = "invalid language code specified"
        raise bad_request(msg)
    return code


def _setter(attribute: str, field: str, most: int) -> Function:
    def set_words(world: World, bot: Bot, given: Parameters) -> str:
        words = given.text(field)
        if len(words) > most:
            msg = f"{field} is too long; it may have {most} characters"
            raise bad_request(msg)
        texts: dict[str, str] = getattr(bot.profile, attribute)
        language = _language(given)
        if words:
            texts[language] = words
        else:
            texts.pop(language, None)
        world.touch()
        return "true"

    return set_words


def _getter(attribute: str, field: str) -> Function:
    def get_words(world: World, bot: Bot, given: Parameters) -> str:
        del world
        texts: dict[str, str] = getattr(bot.profile, attribute)
        fallback = bot.title if attribute == "names" else ""
        return spell({field: texts.get(_language(given)) or texts.get("") or fallback})

    return get_words


TABLE: tuple[tuple[str, Function, str], ...] = (
    ("getMe", get_me, ""),
    ("setMyCommands", set_my_commands, "commands scope language_code"),
    ("getMyCommands", get_my_commands, "scope language_code"),
    ("deleteMyCommands", delete_my_commands, "scope language_code"),
    ("setMyName", _setter("names", "name", 64), "name language_code"),
    ("getMyName", _getter("names", "name"), "language_code"),
    (
        "setMyDescription",
        _setter("descriptions", "description", 512),
        "description language_code",
    ),
    ("getMyDescription", _getter("descriptions", "description"), "language_code"),
    (
        "setMyShortDescription",
        _setter("short_descriptions", "short_description", 120),
        "short_description language_code",
    ),
    (
        "getMyShortDescription",
        _getter("short_descriptions", "short_description"),
        "language_code",
    ),
)
