"""The screen for the time when nothing can be committed: one fixed text a language, from memory,
past the outbox, to each waiting person at most once an hour. It reads no database, keeps nothing.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping

from bot.core.events import Arrived, Blocked
from bot.core.ids import Language
from bot.core.message import Content

PATIENT_SECONDS = 20.0
"""How long no commit may succeed before people are told."""

AGAIN_SECONDS = 3600.0
MOST_CHATS = 10_000
MOST_AT_ONCE = 32


class FixedScreen:
    """Is told of every commit and every refusal, and speaks when refusals have lasted.

    ``send`` gets a chat id and the text, tries once, never raises, and returns the message id;
    ``clock`` gives monotonic seconds; ``fallback`` is the language for everybody whose own has no
    text.
    """

    def __init__(
        self,
        texts: Mapping[Language, Content],
        fallback: Language,
        *,
        send: Callable[[int, Content], Awaitable[int | None]],
        clock: Callable[[], float],
    ) -> None:
        self._texts = {language.lower(): text for language, text in texts.items()}
        self._fallback = texts[fallback]
        self._send = send
        self._clock = clock
        self._failing_since: float | None = None
        self._told: OrderedDict[int, float] = OrderedDict()
        self._sending: set[asyncio.Task[None]] = set()
        self._shown: list[tuple[int, int]] = []

    @property
    def failing_for(self) -> float:
        """Seconds since the first refusal after the last successful commit; 0 when all is well."""
        return 0.0 if self._failing_since is None else self._clock() - self._failing_since

    def committed(self) -> None:
        """A commit succeeded."""
        self._failing_since = None

    def refused(self, arrived: Arrived) -> None:
        """Nothing could be committed for this update, and it still waits."""
        now = self._clock()
        if self._failing_since is None:
            self._failing_since = now
        patient = now - self._failing_since < PATIENT_SECONDS
        # The staff bot says nothing to strangers, and without storage everybody is one.
        if patient or arrived.door != "survivor" or isinstance(arrived.what, Blocked):
            return
        if len(self._sending) < MOST_AT_ONCE and self._due(arrived.chat_id, now):
            task = asyncio.ensure_future(self._speak(arrived.chat_id, arrived.language))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    def take_shown(self) -> tuple[tuple[int, int], ...]:
        """Chats and message ids that nothing remembers yet, each handed out once."""
        shown, self._shown = tuple(self._shown), []
        return shown

    async def _speak(self, chat_id: int, language: str) -> None:
        number = await self._send(chat_id, self._text(language))
        if number is not None and len(self._shown) < MOST_CHATS:
            self._shown.append((chat_id, number))

    def _due(self, chat_id: int, now: float) -> bool:
        told = self._told.get(chat_id)
        if told is not None and now - told < AGAIN_SECONDS:
            return False
        self._told[chat_id] = now
        self._told.move_to_end(chat_id)
        if len(self._told) > MOST_CHATS:
            self._told.popitem(last=False)
        return True

    def _text(self, language: str) -> Content:
        tag = language.lower()
        return self._texts.get(tag) or self._texts.get(tag.partition("-")[0]) or self._fallback
