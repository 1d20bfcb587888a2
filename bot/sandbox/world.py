"""The emulated Telegram's state: bots, people, chats, and how an update comes into a bot's queue.
The Bot API (`methods`) and the people (`people`) act on it; it knows neither HTTP nor the page.

A world belongs to one event loop; call it from that loop's thread only.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from .bots import TOKEN, Bot
from .chance import seeded
from .clock import WorldClock
from .errors import PersonCannot
from .faults import FaultPlan
from .journal import Journal
from .limits import FloodLimits
from .model import Chat, JsonObject, Message, Person, spell
from .people import People
from .updates import Update, UpdateQueue

T = TypeVar("T")


@dataclass(slots=True)
class Query:
    """One press: what `answerCallbackQuery` refers to."""

    id: str
    bot_id: int
    person_id: int
    chat: Chat
    created: float
    answered: bool = False


@dataclass(slots=True)
class Settings:
    """How strict this Telegram is; may be changed at any time (`pacing` by `World.set_pacing`).

    `strict_polls`: a bot that asks for the same offset again at once is slowed, as at Telegram.
    `callback_answer_seconds`: how long a press may be answered.
    `webhook_order`: `chat` sends one update of a chat at a time; `telegram` keeps presses in queues
    of their own, so that a press and a message of one person may overtake each other.
    """

    pacing: bool = True
    strict_polls: bool = True
    callback_answer_seconds: float = 60.0
    webhook_order: Literal["chat", "telegram"] = "chat"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One call that took effect, told to the world's listeners at once."""

    bot: Bot
    method: str
    chat_id: int
    message_ids: tuple[int, ...]
    query_id: str | None = None


class World:
    """All of it. `people` acts for persons, `faults` may be replaced at any time."""

    def __init__(
        self,
        *,
        seed: int = 0,
        clock: WorldClock | None = None,
        journal: Journal | None = None,
        faults: FaultPlan | None = None,
        settings: Settings | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.seed = seed
        self.clock = clock or WorldClock()
        self.journal = Journal(self.clock.now) if journal is None else journal
        self.faults = faults or FaultPlan(seed)
        self.settings = settings or Settings()
        self.chance = seeded("world", seed)
        self.monotonic = monotonic
        self.last_ids: tuple[int, ...] = ()  # the messages of the newest accepted call
        self.last_chat_id: int | None = None
        self.bots: dict[str, Bot] = {}
        self.bots_by_id: dict[int, Bot] = {}
        self.persons: dict[int, Person] = {}
        self.private: dict[tuple[int, int], Chat] = {}
        self.groups: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.config: JsonObject = {}
        self.board: JsonObject = {}
        self.change = 0
        self.listeners: list[Callable[[Accepted], None]] = []
        self.on_update: list[Callable[[Bot], None]] = []  # webhook delivery listens here
        self._waiters: set[asyncio.Future[None]] = set()
        self._is_served = True
        self.people = People(self)

    # ------------------------------------------------------------------ who is there

    def add_bot(
        self,
        token: str,
        name: str,
        *,
        username: str | None = None,
        title: str | None = None,
        reads_groups: bool = False,
    ) -> Bot:
        """A bot with this token; `name` is what tests and the page call it. Raises ValueError."""
        if not TOKEN.fullmatch(token):
            msg = "A bot token looks like 123456:letters-and-digits; this one does not."
            raise ValueError(msg)
        if token in self.bots or any(bot.name == name for bot in self.bots.values()):
            msg = f"There is already a bot with this token or the name {name!r}."
            raise ValueError(msg)
        bot = Bot(
            token=token,
            name=name,
            username=username or f"sandbox_{name}_bot",
            title=title or name.capitalize(),
            queue=UpdateQueue(seeded("updates", self.seed, name)),
            limits=FloodLimits(on=self.settings.pacing),
            reads_groups=reads_groups,
        )
        if bot.id in self.bots_by_id:
            msg = f"There is already a bot with the id {bot.id}."
            raise ValueError(msg)
        self.bots[token] = bot
        self.bots_by_id[bot.id] = bot
        self.journal.write("bot_added", bot=name)
        return bot

    def bot(self, who: str | int | Bot) -> Bot:
        """A bot by name, username, id or token. Raises PersonCannot if there is none."""
        if isinstance(who, Bot):
            return who
        for bot in self.bots.values():
            if who in (bot.name, bot.username, bot.id, bot.token):
                return bot
        msg = "There is no such bot in this world; add it first."
        raise PersonCannot(msg)

    def person(self, who: int | Person) -> Person:
        """A person by id. Raises PersonCannot if there is none."""
        if isinstance(who, Person):
            return who
        if (person := self.persons.get(who)) is None:
            msg = f"There is no person {who} in this world; add them first."
            raise PersonCannot(msg)
        return person

    def set_pacing(self, *, on: bool) -> None:
        """Switch Telegram's flood limits on or off for all bots."""
        self.settings.pacing = on
        for bot in self.bots.values():
            bot.limits.on = on

    # ------------------------------------------------------------------ chats

    def private_chat(self, bot: Bot, person: Person) -> Chat:
        """The chat of this person with this bot, made when first asked for."""
        key = (bot.id, person.id)
        if (chat := self.private.get(key)) is None:
            wire = spell({"id": person.id, "first_name": person.first_name, "type": "private"})
            chat = Chat(person.id, "private", person.first_name, wire, person, bot.id)
            self.private[key] = chat
        return chat

    def chat_of_bot(self, bot: Bot, chat_id: int) -> Chat | None:
        """The chat as this bot may address it: opened by the person, or a group it is known to."""
        if chat_id < 0:
            return self.groups.get(chat_id)
        chat = self.private.get((bot.id, chat_id))
        return chat if chat is not None and chat.started else None

    def touch(self, chat: Chat | None = None, message: Message | None = None) -> None:
        """Something visible changed: count it and wake who waits for changes."""
        self.change += 1
        if chat is not None:
            chat.change = self.change
        if message is not None:
            message.change = self.change
            message.changed()
        if self._waiters:
            waiters, self._waiters = self._waiters, set()
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)

    # ------------------------------------------------------------------ updates

    def new_update(
        self,
        bot: Bot,
        kind: str,
        payload: str,
        chat: Chat,
        person_id: int,
        seconds: float,
        **note: object,
    ) -> int | None:
        """Queue an update for a bot; `payload` is its JSON, `seconds` its lifetime, `note` goes to
        the journal. Returns the update_id, or None if the bot did not ask for this kind.
        """
        if not bot.queue.wants(kind):
            self.journal.write("update_unwanted", bot=bot.name, kind=kind, chat=chat.id)
            return None
        if self.faults.unparsable():
            self.put_raw(bot, self._junk(), kind="unparsable", chat=chat)
        body = f'{{"update_id":%ID%,"{kind}":{payload}}}'
        return self._queue(bot, kind, body, chat, person_id, seconds, note)

    def put_raw(self, bot: Bot, body: str, *, kind: str = "raw", chat: Chat | None = None) -> int:
        """Splice any text into the bot's queue as one update; `%ID%` becomes its update_id."""
        return self._queue(bot, kind, body, chat, 0, 86_400.0, {"raw": body[:500]})

    def _queue(
        self,
        bot: Bot,
        kind: str,
        body: str,
        chat: Chat | None,
        person_id: int,
        seconds: float,
        note: JsonObject,
    ) -> int:
        now = self.clock.now()
        update_id = bot.queue.take_id(now)
        order = 0
        if chat is not None:
            chat.updates += 1
            order = chat.updates
        chat_id = chat.id if chat is not None else 0
        update = Update(
            id=update_id,
            kind=kind,
            chat_id=chat_id,
            person_id=person_id,
            order=order,
            body=body.replace("%ID%", str(update_id), 1),
            expires=now + seconds,
        )
        if self.journal.on:
            self.journal.write(
                "update_created",
                bot=bot.name,
                update_id=update_id,
                kind=kind,
                chat=chat_id,
                person=person_id,
                order=order,
                **note,
            )
        bot.queue.put(update)
        for told in self.on_update:
            told(bot)
        return update_id

    def _junk(self) -> str:
        """An update that is JSON but fits no type, of several sorts."""
        return self.chance.choice(
            (
                '{"update_id":%ID%,"message":{"message_id":"x","date":"y","chat":7}}',
                '{"update_id":%ID%,"message":[]}',
                '{"update_id":%ID%,"callback_query":{"id":1,"from":{"id":"a"}}}',
                '{"update_id":%ID%,"message":{"message_id":1,"date":99999999999999,"chat":null}}',
                '{"update_id":%ID%,"edited_message":"text"}',
            )
        )

    # ------------------------------------------------------------------ what a bot caused

    def accepted(
        self,
        bot: Bot,
        method: str,
        chat_id: int,
        message_ids: tuple[int, ...],
        query_id: str | None = None,
    ) -> None:
        """Tell the listeners of a call that took effect."""
        self.last_ids, self.last_chat_id = message_ids, chat_id
        if self.listeners:
            event = Accepted(bot, method, chat_id, message_ids, query_id)
            for listener in tuple(self.listeners):
                listener(event)

    def new_query(self, bot: Bot, chat: Chat, person: Person) -> Query:
        """Register a press; presses nobody can answer any more are forgotten."""
        now = self.clock.now()
        while self.queries:
            oldest = next(iter(self.queries.values()))
            if now - oldest.created <= self.settings.callback_answer_seconds:
                break
            del self.queries[oldest.id]
        query_id = str((person.id << 32 | self.chance.getrandbits(32)) & (2**63 - 1))
        query = Query(query_id, bot.id, person.id, chat, now)
        self.queries[query_id] = query
        return query

    # ------------------------------------------------------------------ waiting

    async def changed(self, since: int, timeout: float) -> int:  # noqa: ASYNC109 - a long poll
        """Wait until the change counter is above `since`, at most `timeout` s; returns it."""
        if self._is_served:
            await self._next_change(since, timeout)
        return self.change

    async def _next_change(self, since: int, timeout: float) -> None:  # noqa: ASYNC109 - a long poll
        if self.change <= since and timeout > 0:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.add(waiter)
            try:
                await asyncio.wait_for(waiter, timeout)
            except TimeoutError:
                pass
            finally:
                self._waiters.discard(waiter)

    async def until(self, condition: Callable[[], T], timeout: float = 5.0) -> T:  # noqa: ASYNC109 - as `changed`
        """Wait until `condition()` is truthy; returns it. Raises TimeoutError after `timeout` s."""
        loop = asyncio.get_running_loop()
        due = loop.time() + timeout
        while not (value := condition()):
            left = due - loop.time()
            if left <= 0:
                msg = f"Nothing in the world made the condition true within {timeout} s."
                raise TimeoutError(msg)
            await self._next_change(self.change, left)
        return value

    def set_served(self, *, served: bool) -> None:
        """Whoever serves the world says so; at the end nobody is kept waiting for a change."""
        self._is_served = served
        self.touch()

    def close(self) -> None:
        """Write out the journal and let go of its file."""
        self.journal.close()


def create_world(  # noqa: PLR0913 - a test names the few it needs
    *,
    seed: int = 0,
    clock: WorldClock | None = None,
    journal_path: Path | str | None = None,
    journal: bool = True,
    faults: FaultPlan | None = None,
    pacing: bool = True,
    strict_polls: bool = True,
    callback_answer_seconds: float = 60.0,
    webhook_order: Literal["chat", "telegram"] = "chat",
) -> World:
    """A world with nobody in it. `journal=False` keeps no record (load tests); for the last four
    see `Settings`.
    """
    clock = clock or WorldClock()
    return World(
        seed=seed,
        clock=clock,
        journal=Journal(clock.now, Path(journal_path) if journal_path else None, on=journal),
        faults=faults,
        settings=Settings(pacing, strict_polls, callback_answer_seconds, webhook_order),
    )
