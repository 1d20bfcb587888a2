"""What people do with their phones: write, press, edit, delete, block, send pictures, and read.
Everything a bot can notice becomes an update; everything a person can see can be read here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING

from .bots import Bot
from .entities import MAX_TEXT, found, loose_units
from .errors import PersonCannot
from .media import extra_of
from .model import Chat, JsonObject, Message, Person, spell
from .updates import CALLBACK_SECONDS, MESSAGE_SECONDS

if TYPE_CHECKING:
    from .world import World

Who = int | Person
Whom = str | int | Bot
LARGEST_ID = 2**52


class People:
    """Acts for persons. `bot` is a bot's name, username, id or token, or the (negative) id of a
    group; every method raises PersonCannot where the app would not let them.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    # ------------------------------------------------------------------ who is there

    def add(self, name: str, language: str | None = "en", person_id: int | None = None) -> Person:
        """A person with a phone; without an id the next free one is taken."""
        world = self._world
        if person_id is None:
            person_id = next(i for i in count(1_000_001) if i not in world.persons)
        if not 0 < person_id <= LARGEST_ID:
            msg = f"A person's id lies between 1 and 2^52; {person_id} does not."
            raise PersonCannot(msg)
        if person_id in world.persons or person_id in world.bots_by_id:
            msg = f"The id {person_id} is taken."
            raise PersonCannot(msg)
        person = Person(person_id, name, language)
        world.persons[person_id] = person
        world.journal.write("person_added", person=person_id, language=language)
        world.touch()
        return person

    def set_language(self, who: Who, language: str | None) -> None:
        """Change the language of the person's app; their next update carries it."""
        person = self._world.person(who)
        person.language = language
        person.spell()
        self._world.touch()

    def add_group(
        self, title: str, members: Sequence[Who] = (), bots: Sequence[Whom] = (), group_id: int = 0
    ) -> Chat:
        """A group; each bot in it gets its my_chat_member update."""
        world = self._world
        group_id = group_id or min(world.groups, default=-1_001_000_000_000) - 1
        if group_id >= 0 or group_id in world.groups:
            msg = f"A group needs a free negative id; {group_id} is not."
            raise PersonCannot(msg)
        wire = spell({"id": group_id, "title": title, "type": "supergroup"})
        chat = Chat(group_id, "supergroup", title, wire, started=True)
        world.groups[group_id] = chat
        for who in members:
            person = world.person(who)
            chat.members[person.id] = person
        for whom in bots:
            self.invite(group_id, whom)
        world.touch(chat)
        return chat

    def invite(self, group_id: int, bot: Whom, by: Who | None = None) -> None:
        """Put a bot into a group."""
        world = self._world
        chat, guest = self._group(group_id), world.bot(bot)
        chat.bots.add(guest.id)
        actor = world.person(by) if by is not None else next(iter(chat.members.values()), None)
        if actor is not None:
            self._membership(guest, chat, actor, "left", "member")

    # ------------------------------------------------------------------ writing

    def start(self, who: Who, bot: Whom, payload: str = "") -> Message:
        """Press START: opens the chat and sends /start."""
        return self.send_text(who, bot, f"/start {payload}".strip())

    def send_text(self, who: Who, bot: Whom, text: str, *, reply_to: int | None = None) -> Message:
        """Send words, exactly as given (control characters and half surrogates included)."""
        if not text:
            msg = "An empty message cannot be sent."
            raise PersonCannot(msg)
        if loose_units(text) > MAX_TEXT:
            msg = f"A message has at most {MAX_TEXT} UTF-16 units; this one has more."
            raise PersonCannot(msg)
        return self._send(who, bot, text, found(text), {}, reply_to)

    def send_media(
        self, who: Who, bot: Whom, kind: str, *, caption: str = "", name: str = ""
    ) -> Message:
        """Send a photo, voice, sticker, contact, location, document, video or dice (made up)."""
        extra = extra_of(kind, self._world.chance, name or self._world.person(who).first_name)
        if caption:
            extra["caption"] = caption
        return self._send(who, bot, None, [], extra, None)

    def edit(self, who: Who, bot: Whom, message_id: int, text: str) -> Message:
        """Edit one's own words; the bot gets an edited_message."""
        world = self._world
        person, chat = world.person(who), self.chat(who, bot)
        message = self._own(person, chat, message_id)
        if message.text is None:
            msg = "Only words can be edited here."
            raise PersonCannot(msg)
        message.text, message.entities = text, found(text)
        message.edit_date = int(world.clock.now())
        message.edits += 1
        world.touch(chat, message)
        self._to_bots("edited_message", chat, person, message)
        return message

    def delete(
        self, who: Who, bot: Whom, message_ids: Sequence[int], *, for_everyone: bool = False
    ) -> None:
        """Delete messages on one's own phone, or for everyone; no bot is ever told."""
        world = self._world
        person, chat = world.person(who), self.chat(who, bot)
        for message_id in message_ids:
            message = chat.alive(message_id)
            if message is None:
                msg = f"There is no message {message_id} in this chat."
                raise PersonCannot(msg)
            if for_everyone:
                message.deleted_by, message.deleted_at = "person", world.clock.now()
            else:
                message.hidden_for.add(person.id)
            world.touch(chat, message)
        world.journal.write(
            "person_deleted",
            person=person.id,
            chat=chat.id,
            message_ids=list(message_ids),
            for_everyone=for_everyone,
        )

    # ------------------------------------------------------------------ pressing

    def press(
        self,
        who: Who,
        bot: Whom,
        message_id: int | None = None,
        *,
        data: str | None = None,
        label: str | None = None,
        forged: bool = False,
    ) -> str:
        """Press an inline button, by its data or its label (exact, else the one that contains it);
        without `message_id` the newest message that has it. `forged` sends any data for any
        message, as a modified app can. Returns the callback query's id.
        """
        world = self._world
        person, chat = world.person(who), self.chat(who, bot)
        if chat.blocked:
            msg = "The bot is blocked; unblock it first."
            raise PersonCannot(msg)
        if forged:
            message = chat.messages.get(message_id or 0)
            pressed = data or ""
        else:
            message, button = self._button(person, chat, message_id, data, label)
            if "callback_data" not in button:
                msg = "This button opens a link; there is nothing to press."
                raise PersonCannot(msg)
            pressed = button["callback_data"]
        target = self._target_bot(chat, message)
        return self._query(target, chat, person, message, message_id, pressed)

    def _query(
        self,
        bot: Bot,
        chat: Chat,
        person: Person,
        message: Message | None,
        message_id: int | None,
        data: str,
    ) -> str:
        world = self._world
        query = world.new_query(bot, chat, person)
        if message is None or message.deleted_by:
            shown = f'{{"chat":{chat.wire},"message_id":{message_id or 0},"date":0}}'
        else:
            shown = message.wire(chat.wire)
        world.new_update(
            bot,
            "callback_query",
            f'{{"id":"{query.id}","from":{person.wire},"message":{shown},'
            f'"chat_instance":"{chat.id * 7919}","data":{spell(data)}}}',
            chat,
            person.id,
            CALLBACK_SECONDS,
            callback_query_id=query.id,
            message_id=message.id if message else message_id,
            data=data,
        )
        return query.id

    def _button(
        self,
        person: Person,
        chat: Chat,
        message_id: int | None,
        data: str | None,
        label: str | None,
    ) -> tuple[Message, JsonObject]:
        if message_id is not None:
            message = chat.alive(message_id)
            candidates = [message] if message and person.id not in message.hidden_for else []
        else:
            candidates = [m for m in reversed(chat.messages.values()) if self._sees(person, m)]
        for exact in (True, False):
            for message in candidates:
                buttons = [button for row in message.buttons for button in row]
                hits = [b for b in buttons if _matches(b, data, label, exact=exact)]
                if len(hits) == 1 or (hits and exact):
                    return message, hits[0]
        wanted = repr(label) if label is not None else repr(data)
        labels = [b["text"] for m in candidates for row in m.buttons for b in row][:12]
        msg = f"There is no button {wanted} to press; there are {labels}."
        raise PersonCannot(msg)

    # ------------------------------------------------------------------ blocking

    def block(self, who: Who, bot: Whom) -> None:
        """Block the bot: it is told once, and can send nothing more."""
        self._set_blocked(who, bot, blocked=True)

    def unblock(self, who: Who, bot: Whom) -> None:
        """Let the bot write again."""
        self._set_blocked(who, bot, blocked=False)

    def _set_blocked(self, who: Who, bot: Whom, *, blocked: bool) -> None:
        world = self._world
        person, chat = world.person(who), self.chat(who, bot)
        if chat.bot_id is None:
            msg = "Only a private chat can be blocked."
            raise PersonCannot(msg)
        if chat.blocked is blocked:
            return
        chat.blocked = blocked
        world.touch(chat)
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        self._membership(world.bots_by_id[chat.bot_id], chat, person, old, new)

    # ------------------------------------------------------------------ reading

    def chat(self, who: Who, bot: Whom) -> Chat:
        """The chat of a person with a bot, or the group of that (negative) id they are in."""
        world = self._world
        person = world.person(who)
        if isinstance(bot, int) and bot < 0:
            chat = self._group(bot)
            if person.id not in chat.members:
                msg = f"Person {person.id} is not in group {bot}."
                raise PersonCannot(msg)
            return chat
        return world.private_chat(world.bot(bot), person)

    def messages(self, who: Who, bot: Whom) -> tuple[Message, ...]:
        """What the person sees in the chat now, oldest first."""
        person, chat = self._world.person(who), self.chat(who, bot)
        return tuple(message for message in chat.messages.values() if self._sees(person, message))

    def screen(self, who: Who, bot: Whom) -> Message | None:
        """The newest visible message that has buttons."""
        for message in reversed(self.messages(who, bot)):
            if message.buttons:
                return message
        return None

    def notifications(self, who: Who) -> tuple[JsonObject, ...]:
        """Everything that ever appeared on the person's locked screen, oldest first."""
        return tuple(self._world.person(who).notifications)

    @staticmethod
    def _sees(person: Person, message: Message) -> bool:
        return message.deleted_by is None and person.id not in message.hidden_for

    # ------------------------------------------------------------------ inside

    def _group(self, group_id: int) -> Chat:
        if (chat := self._world.groups.get(group_id)) is None:
            msg = f"There is no group {group_id} in this world."
            raise PersonCannot(msg)
        return chat

    def _own(self, person: Person, chat: Chat, message_id: int) -> Message:
        message = chat.alive(message_id)
        if message is None or message.sender is None or message.sender.id != person.id:
            msg = f"Message {message_id} is not one that person {person.id} wrote."
            raise PersonCannot(msg)
        return message

    def _target_bot(self, chat: Chat, message: Message | None) -> Bot:
        bot_id = chat.bot_id if chat.bot_id is not None else (message and message.bot_id)
        if not bot_id:
            msg = "This message belongs to no bot."
            raise PersonCannot(msg)
        return self._world.bots_by_id[bot_id]

    def _send(
        self,
        who: Who,
        bot: Whom,
        text: str | None,
        entities: list[JsonObject],
        extra: JsonObject,
        reply_to: int | None,
    ) -> Message:
        world = self._world
        person, chat = world.person(who), self.chat(who, bot)
        if chat.blocked:
            msg = "The bot is blocked; unblock it first."
            raise PersonCannot(msg)
        chat.started = True
        message = Message(
            id=chat.next_id(),
            sender=person,
            bot_id=None,
            sender_wire=person.wire,
            date=int(world.clock.now()),
            text=text,
            entities=entities,
            extra=extra,
            reply_to=reply_to,
        )
        chat.messages[message.id] = message
        world.touch(chat, message)
        self._to_bots("message", chat, person, message)
        return message

    def _to_bots(self, kind: str, chat: Chat, person: Person, message: Message) -> None:
        world = self._world
        if chat.bot_id is not None:
            receivers = [world.bots_by_id[chat.bot_id]]
        else:
            receivers = [world.bots_by_id[bot_id] for bot_id in sorted(chat.bots)]
        replied = chat.messages.get(message.reply_to or 0)
        for bot in receivers:
            is_reply_to_it = replied is not None and replied.bot_id == bot.id
            if chat.bot_id is None and not (
                bot.reads_groups
                or bot.id in chat.administrators
                or (message.text or "").startswith("/")
                or is_reply_to_it
            ):
                continue  # privacy mode: a bot in a group hears only what is meant for it
            wire = message.wire(chat.wire)
            if replied is not None:
                wire = f'{wire[:-1]},"reply_to_message":{replied.wire(chat.wire)}}}'
            world.new_update(
                bot,
                kind,
                wire,
                chat,
                person.id,
                MESSAGE_SECONDS,
                message_id=message.id,
                text=message.text,
            )

    def _membership(self, bot: Bot, chat: Chat, person: Person, old: str, new: str) -> None:
        world = self._world
        payload = (
            f'{{"chat":{chat.wire},"from":{person.wire},"date":{int(world.clock.now())},'
            f'"old_chat_member":{_member(bot, old)},"new_chat_member":{_member(bot, new)}}}'
        )
        world.new_update(
            bot, "my_chat_member", payload, chat, person.id, MESSAGE_SECONDS, status=new
        )


def _member(bot: Bot, status: str) -> str:
    until = ',"until_date":0' if status == "kicked" else ""
    return f'{{"user":{bot.wire},"status":"{status}"{until}}}'


def _matches(button: JsonObject, data: str | None, label: str | None, *, exact: bool) -> bool:
    if label is None:
        return exact and data is not None and button.get("callback_data") == data
    text = str(button["text"])
    return text == label if exact else label.casefold() in text.casefold()
