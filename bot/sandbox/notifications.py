"""What a locked phone shows: a line for each new message of a bot, ringing or silent, gone again
when the message is deleted. Edits never ring.
"""

from __future__ import annotations

from .bots import Bot
from .model import Chat, Message, Person

PREVIEW_CHARACTERS = 200  # about what a locked phone shows of a message


def notify(bot: Bot, chat: Chat, message: Message, now: float) -> None:
    """Show a new message of a bot on the locked phones of a chat."""
    for person in _phones(chat):
        title = bot.title_for(person.language)
        start = "" if chat.person else f"{title}: "
        person.notifications.append(
            {
                "at": now,
                "bot": bot.name,
                "chat": chat.id,
                "message_id": message.id,
                "title": title if chat.person else chat.title,
                "text": start + (message.words or "Photo")[:PREVIEW_CHARACTERS],
                "silent": message.silent,
                "withdrawn": False,
            }
        )


def withdraw(bot: Bot, chat: Chat, message_id: int) -> None:
    """A deleted message leaves the locked screen; the log keeps it, marked `withdrawn`."""
    for person in _phones(chat):
        for note in reversed(person.notifications):
            if (note["message_id"], note["chat"], note["bot"]) == (message_id, chat.id, bot.name):
                note["withdrawn"] = True
                break


def _phones(chat: Chat) -> tuple[Person, ...]:
    return (chat.person,) if chat.person else tuple(chat.members.values())
