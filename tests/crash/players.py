"""People who use the bot all the time, whatever state it is in: survivors in a live talk, survivors
who wander through the flows, and staff. They act only on what they see on their screens. What they
type towards each other is numbered, so that the judge can follow every single message.
"""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from bot.sandbox import PersonCannot
from bot.sandbox.model import Message, Person
from bot.sandbox.world import World

CANARY = "quincemarzipan"
"""In every typed message; it must never be found on the bot's disk."""

LARGE = 3_141_592_653_589_000
"""Ids of people start here: nothing else on the disk looks like this by accident."""

ROOM = 1_000_000
"""Message ids of different chats lie this far apart, so that an id alone names its chat."""

ALWAYS_ON = ("numbers", "back", "language", "what you hold", "leave now", "person", "stop", "More")
NOISE = ("1", "2", "3", "no", f"{CANARY} and nothing else", "😀", "/nothing", "Go on")
PATIENCE = 60
"""With more unanswered updates than this, nobody adds to them."""

SET_UP_SECONDS = 20.0
DONE = ":n"
"""How the callback data of the button that ends a list of marks ends."""


def numbered(author: str, number: int, rest: str = "") -> str:
    """The text of one relayed message: ``s3-0017`` by the fourth survivor, ``t1-0002`` by staff."""
    return f"{author}-{number:04d} {CANARY} {rest}".strip()


@dataclass(slots=True)
class Player:
    """One person, their own chance, and how many messages they have numbered."""

    person: Person
    name: str
    chance: random.Random
    count: int = 0

    def next_text(self, rest: str = "") -> str:
        """The next message of this player."""
        self.count += 1
        return numbered(self.name, self.count, rest)


@dataclass(slots=True)
class Cast:
    """Everybody, and the world they live in. ``leads`` are the Telegram ids of staff."""

    world: World
    talkers: tuple[Player, ...]
    wanderers: tuple[Player, ...]
    staff: tuple[Player, ...]
    group: int
    holds: dict[str, list[str]] = field(default_factory=dict)
    """Which aliases each staff member talks with; fixed before the first kill."""
    actions: Counter[str] = field(default_factory=Counter)
    going: bool = True

    # ------------------------------------------------------------ before the first kill

    async def set_up(self) -> None:
        """Every talker asks for a person, staff take all requests, every talk is open."""
        await asyncio.gather(*(self._ask(player) for player in self.talkers))
        for place, player in enumerate(self.staff):
            self._say(player, "staff", "/queue")
            mine = len(self.talkers[place :: len(self.staff)])
            await self._take(player, mine)
        await asyncio.gather(*(self._enter(player) for player in self.talkers))
        for player in self.wanderers:
            self.world.people.start(player.person, "survivor")

    async def _ask(self, player: Player) -> None:
        self.world.people.start(player.person, "survivor")
        await self._seen(player, "survivor", "Who can see this?")
        self._say(player, "survivor", "person")
        always = player.chance.random() < 0.5
        hours = ("Morning (8", "Afternoon (", "Evening (5") if always else ("Only after I",)
        for label in ("See how it works", "Yes, a person may", "Eastern"):
            await self._press_seen(player, label)
        for label in hours:
            await self._press_seen(player, label)
            await self._ticked(player, label)
        self._press_done(player)
        await self._seen(player, "survivor", "Do not name this service")
        self._press_done(player)
        for label in ("Skip this", "Send this to staff"):
            await self._press_seen(player, label)
        await self._seen(player, "survivor", "See phone numbers")

    async def _take(self, player: Player, number: int) -> None:
        held: set[str] = set()
        while len(held) < number:
            self._say(player, "staff", "/queue")
            label = await self._seen(player, "staff", "Take ")
            self._press(player, "staff", label)
            alias = label.removeprefix("Take ")
            await self._seen(player, "staff", f"Release {alias}")
            held.add(alias)
            await asyncio.sleep(0.05)
            for message in self.world.people.messages(player.person, "staff"):
                message.hidden_for.add(player.person.id)  # scrolled out of sight
        self.holds[player.name] = sorted(held)
        self._say(player, "staff", "/queue")
        await self._seen(player, "staff", f"Write to {min(held)}")

    async def _enter(self, player: Player) -> None:
        self._say(player, "survivor", "person")
        await self._press_seen(player, "Write to the person")
        await self._seen(player, "survivor", "End this talk")

    async def _press_seen(self, player: Player, label: str) -> None:
        await self._seen(player, "survivor", label)
        self._press(player, "survivor", label)

    def _press_done(self, player: Player) -> None:
        """The button that ends a list of marks, whatever its words are."""
        people = self.world.people
        screen = people.screen(player.person, "survivor")
        assert screen is not None
        data = [str(button.get("callback_data")) for row in screen.buttons for button in row]
        done = next(entry for entry in data if entry.endswith(DONE))
        people.press(player.person, "survivor", screen.id, data=done)

    async def _seen(self, player: Player, bot: str, part: str) -> str:
        def found() -> str | None:
            people = self.world.people
            for message in reversed(people.messages(player.person, bot)):
                for label in labels(message):
                    if part in label:
                        return label
            return None

        try:
            return await self.world.until(found, SET_UP_SECONDS)
        except TimeoutError:
            shown = self.world.people.messages(player.person, bot)
            msg = f"{player.name} waits for the button {part!r} among {list(map(labels, shown))}."
            raise TimeoutError(msg) from None

    async def _ticked(self, player: Player, part: str) -> None:
        def ticked() -> bool:
            screen = self.world.people.screen(player.person, "survivor")
            return screen is not None and any(
                part in label and label.startswith("✓") for label in labels(screen)
            )

        await self.world.until(ticked, SET_UP_SECONDS)

    # ------------------------------------------------------------ while the bot is being killed

    async def play(self) -> None:
        """Until `going` is False."""
        lives = [self._talk(player) for player in self.talkers]
        lives += [self._wander(player) for player in self.wanderers]
        lives += [self._work(player) for player in self.staff]
        await asyncio.gather(*lives, self._trouble())

    async def _talk(self, player: Player) -> None:
        while await self._pause(player, 0.2, 1.0):
            screen = self.world.people.screen(player.person, "survivor")
            if screen is not None and labels(screen) == ["Open"] and player.chance.random() < 0.5:
                self._press(player, "survivor", "Open")
            else:
                for _ in range(player.chance.choice((1, 1, 2, 4))):
                    self._say(player, "survivor", player.next_text())

    async def _work(self, player: Player) -> None:
        while await self._pause(player, 0.2, 0.8):
            roll = player.chance.random()
            if roll < 0.08:
                self._say(player, "staff", "/queue")
            elif roll < 0.14:
                self._press_any(player, "staff", ("Take ",))
            elif roll < 0.22:
                self._press_any(player, "staff", ("Send it again",))
            else:
                self._write(player)

    def _write(self, player: Player) -> None:
        """Choose whom to write to, then write. The order of the two is the order of the chat."""
        alias = player.chance.choice(self.holds[player.name])
        if self._press(player, "staff", f"Write to {alias}"):
            for _ in range(player.chance.choice((1, 2, 3))):
                self._say(player, "staff", player.next_text(f"for {alias}"))

    async def _wander(self, player: Player) -> None:
        while await self._pause(player, 0.15, 0.8):
            roll = player.chance.random()
            if roll < 0.12:
                self._say(player, "survivor", player.chance.choice(ALWAYS_ON))
            elif roll < 0.2:
                self._say(player, "survivor", player.chance.choice(NOISE))
            elif roll < 0.25 or not self._press_any(player, "survivor", ("",)):
                self.world.people.start(player.person, "survivor")

    def _press_any(self, player: Player, bot: str, parts: tuple[str, ...]) -> bool:
        """Press some visible button with one of those words, mostly on the newest message."""
        shown = [
            message
            for message in self.world.people.messages(player.person, bot)[-8:]
            if any(part in label for label in labels(message) for part in parts)
        ]
        if not shown:
            return False
        message = shown[-1] if player.chance.random() < 0.85 else player.chance.choice(shown)
        fitting = [label for label in labels(message) if any(part in label for part in parts)]
        return self._press(player, bot, player.chance.choice(fitting), message.id)

    async def _trouble(self) -> None:
        """Updates that nobody can read, a bot that writes, ids that start anew."""
        chance = random.Random(self.world.seed)
        while self.going:
            await asyncio.sleep(chance.uniform(0.2, 0.8))
            bot = chance.choice(("survivor", "staff"))
            match chance.randrange(3):
                case 0:
                    self.world.put_raw(self.world.bot(bot), UNREADABLE)
                case 1:
                    self.world.put_raw(self.world.bot(bot), FROM_A_BOT)
                case _:
                    self.world.bot(bot).queue.restart_when_empty = True

    # ------------------------------------------------------------ single actions

    async def _pause(self, player: Player, least: float, most: float) -> bool:
        """Think a moment; longer while everybody waits for answers, as people would."""
        await asyncio.sleep(player.chance.uniform(least, most))
        while self.going and self._backlog() > PATIENCE:
            await self.world.changed(self.world.change, 0.2)
        return self.going

    def _backlog(self) -> int:
        return sum(len(bot.queue.pending) for bot in self.world.bots.values())

    def _say(self, player: Player, bot: str, text: str) -> None:
        self.actions["typed"] += 1
        self.world.people.send_text(player.person, bot, text)

    def _press(self, player: Player, bot: str, label: str, message: int | None = None) -> bool:
        try:
            self.world.people.press(player.person, bot, message, label=label)
        except PersonCannot:
            return False
        self.actions["pressed"] += 1
        return True


UNREADABLE = '{"update_id":%ID%,"message":{"message_id":nonsense,"text":"' + CANARY + '"}}'
FROM_A_BOT = (
    '{"update_id":%ID%,"message":{"message_id":7,"date":1,"text":"' + CANARY + '",'
    '"chat":{"id":4242,"type":"private"},"from":{"id":4242,"is_bot":true,"first_name":"x"}}}'
)


def labels(message: Message) -> list[str]:
    """The words on the buttons of a message, in order."""
    return [str(button["text"]) for row in message.buttons for button in row]


def gather_cast(world: World, seed: int, talkers: int, wanderers: int, staff: int) -> Cast:
    """Everybody in a fresh world, each in chats whose message ids are theirs alone."""
    made: list[Player] = []

    def player(kind: str, place: int, bot: str) -> Player:
        number = len(made) + 1
        person = world.people.add(f"{CANARY}{number}", person_id=LARGE + number)
        world.people.chat(person, bot).last_id = number * ROOM
        chance = random.Random(f"{seed} {kind} {place}")
        made.append(Player(person, f"{kind}{place}", chance))
        return made[-1]

    desk = tuple(player("t", place, "staff") for place in range(staff))
    group = world.people.add_group("Desk", [one.person for one in desk], ["staff"], -LARGE)
    group.last_id = 900 * ROOM
    return Cast(
        world,
        tuple(player("s", place, "survivor") for place in range(talkers)),
        tuple(player("w", place, "survivor") for place in range(wanderers)),
        desk,
        group.id,
    )
