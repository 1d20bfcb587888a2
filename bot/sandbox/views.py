"""How the control API shows the world: plain JSON for the page, tests and harnesses."""

from __future__ import annotations

from .bots import Bot
from .model import Chat, JsonObject, Message, Person
from .world import World

_MEDIA = ("photo", "voice", "sticker", "contact", "location", "document", "video", "dice")


def person_view(person: Person) -> JsonObject:
    """A person."""
    return {"id": person.id, "name": person.first_name, "language": person.language}


def bot_view(bot: Bot) -> JsonObject:
    """A bot, what it said about itself, and its queue."""
    return {
        "id": bot.id,
        "name": bot.name,
        "username": bot.username,
        "title": bot.title,
        "names": bot.profile.names,
        "descriptions": bot.profile.descriptions,
        "short_descriptions": bot.profile.short_descriptions,
        "commands": [
            {"scope": scope, "language": language, "commands": commands}
            for (scope, language), commands in bot.profile.commands.items()
        ],
        "pending": len(bot.queue.pending),
        "webhook": bot.webhook.url,
    }


def message_view(world: World, message: Message, viewer: Person) -> JsonObject:
    """A message; `deleted` says by whom (`bot`, `person`, `me`: on this phone only) or is null."""
    deleted = message.deleted_by or ("me" if viewer.id in message.hidden_for else None)
    kind = next((kind for kind in _MEDIA if kind in message.extra), "text")
    if message.bot_id is not None:
        name = world.bots_by_id[message.bot_id].title_for(viewer.language)
    else:
        name = message.sender.first_name if message.sender else ""
    return {
        "id": message.id,
        "mine": message.sender is not None and message.sender.id == viewer.id,
        "from": "bot" if message.bot_id is not None else (message.sender and message.sender.id),
        "name": name,
        "date": message.date,
        "kind": kind,
        "picture": bool(message.picture),
        "text": message.text if message.text is not None else message.extra.get("caption"),
        "entities": message.entities or message.extra.get("caption_entities", []),
        "buttons": message.buttons,
        "edit_date": message.edit_date,
        "edits": message.edits,
        "deleted": deleted,
        "deleted_at": message.deleted_at,
        "silent": message.silent,
        "protected": message.protected,
        "reply_to": message.reply_to,
        "change": message.change,
    }


def chat_view(world: World, chat: Chat, viewer: Person) -> JsonObject:
    """A chat with all its messages, deleted ones included (the page shows them as ghosts)."""
    bot = world.bots_by_id[chat.bot_id] if chat.bot_id is not None else None
    return {
        "id": chat.id,
        "kind": chat.kind,
        "title": bot.title_for(viewer.language) if bot else chat.title,
        "bot": bot.name if bot else None,
        "started": chat.started,
        "blocked": chat.blocked,
        "change": chat.change,
        "now": world.clock.now(),
        "messages": [message_view(world, m, viewer) for m in chat.messages.values()],
        "toasts": [toast for toast in chat.toasts if toast["person"] == viewer.id],
    }


def world_view(world: World) -> JsonObject:
    """Everybody, without messages."""
    return {
        "change": world.change,
        "now": world.clock.now(),
        "ahead": world.clock.ahead,
        "bots": [bot_view(bot) for bot in world.bots.values()],
        "people": [person_view(person) for person in world.persons.values()],
        "chats": [
            {
                "person": chat.id,
                "bot": world.bots_by_id[bot_id].name,
                "change": chat.change,
            }
            for (bot_id, _), chat in world.private.items()
        ],
        "groups": [
            {
                "id": chat.id,
                "title": chat.title,
                "change": chat.change,
                "members": list(chat.members),
                "bots": [world.bots_by_id[bot_id].name for bot_id in sorted(chat.bots)],
            }
            for chat in world.groups.values()
        ],
        "config": world.config,
        "board": world.board,
        "errors": [entry["sentence"] for entry in world.journal.errors],
    }
