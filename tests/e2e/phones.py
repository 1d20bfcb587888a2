"""One person's phone with one chat open: reads like a script of what a person does and sees. Every
action waits until the program has come to rest, so what is seen next is what the action led to.
"""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.model import Message, Person

if TYPE_CHECKING:
    from tests.e2e.stage import Stage


def deadline(seconds: float) -> float:
    """The monotonic time by which something must have happened."""
    return time.monotonic() + seconds


@dataclass(slots=True)
class Phone:
    """``at`` is the bot's name, or the (negative) id of a group."""

    stage: "Stage"
    person: Person
    at: str | int

    # ------------------------------------------------------------ doing

    async def start(self) -> Message:
        """Press START."""
        return await self.types("/start")

    async def types(self, text: str, *, wait: bool = True) -> Message:
        """Send words."""
        message = self.stage.world.people.send_text(self.person, self.at, text)
        await self._rest(wait)
        return message

    async def sends(self, kind: str, **more: str) -> Message:
        """Send a photo, voice, sticker, contact, location, document, video or dice."""
        message = self.stage.world.people.send_media(self.person, self.at, kind, **more)
        await self._rest(wait=True)
        return message

    async def edits(self, message: Message, text: str) -> None:
        """Change own words."""
        self.stage.world.people.edit(self.person, self.at, message.id, text)
        await self._rest(wait=True)

    async def press(self, *labels: str, on: Message | None = None, wait: bool = True) -> None:
        """Press buttons in turn, each on the newest message that has it, or on ``on``."""
        people = self.stage.world.people
        for label in labels:
            message_id = on.id if on is not None else None
            people.press(self.person, self.at, message_id, label=label)
            await self._rest(wait)

    async def forges(self, data: str, message_id: int | None = None) -> None:
        """Press a button that was never there, as a modified app can."""
        people, screen = self.stage.world.people, self.screen
        number = message_id if message_id is not None else (screen.id if screen else 1)
        people.press(self.person, self.at, number, data=data, forged=True)
        await self._rest(wait=True)

    async def blocks(self) -> None:
        self.stage.world.people.block(self.person, self.at)
        await self._rest(wait=True)

    async def unblocks(self) -> None:
        self.stage.world.people.unblock(self.person, self.at)
        await self._rest(wait=True)

    async def _rest(self, wait: bool) -> None:
        if wait:
            await self.stage.calm()

    # ------------------------------------------------------------ seeing

    @property
    def messages(self) -> tuple[Message, ...]:
        """What is visible now, oldest first."""
        return self.stage.world.people.messages(self.person, self.at)

    @property
    def texts(self) -> list[str]:
        """The visible texts and captions, oldest first."""
        return [message.words for message in self.messages]

    @property
    def from_bot(self) -> list[Message]:
        """Visible messages that the bot wrote, oldest first."""
        return [message for message in self.messages if message.bot_id is not None]

    @property
    def screen(self) -> Message | None:
        """The newest visible message with buttons."""
        return self.stage.world.people.screen(self.person, self.at)

    @property
    def shown(self) -> str:
        """The text of the newest visible message with buttons."""
        screen = self.screen
        return screen.text or "" if screen is not None else ""

    @property
    def labels(self) -> list[str]:
        """The words on the buttons of the screen."""
        screen = self.screen
        return [] if screen is None else [b["text"] for row in screen.buttons for b in row]

    @property
    def toasts(self) -> list[dict[str, Any]]:
        """Short answers to presses."""
        return self.stage.world.people.chat(self.person, self.at).toasts

    def message(self, text: str) -> Message:
        """The newest visible message with that text in it."""
        for message in reversed(self.messages):
            if text in message.words:
                return message
        msg = f"{text!r} is not to be seen. There is:\n{self._all()}"
        raise AssertionError(msg)

    async def sees(self, *texts: str) -> Message:
        """Wait until all of these are visible; returns the message with the last one."""
        try:
            await self.stage.world.until(
                lambda: all(any(text in seen for seen in self.texts) for text in texts), 3.0
            )
        except TimeoutError:
            missing = [t for t in texts if not any(t in seen for seen in self.texts)]
            msg = f"{missing} not to be seen. There is:\n{self._all()}"
            raise AssertionError(msg) from None
        return self.message(texts[-1])

    def sees_nothing_of(self, *texts: str) -> None:
        """None of these is visible now."""
        found = [text for text in texts if any(text in seen for seen in self.texts)]
        assert not found, f"{found} should not be seen. There is:\n{self._all()}"

    def _all(self) -> str:
        return "\n".join(
            f"[{m.id}] {'bot' if m.bot_id else 'own'}: {m.text!r} "
            f"{[[b['text'] for b in row] for row in m.buttons]}"
            for m in self.messages
        )
