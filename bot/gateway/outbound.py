"""From an outbox row to a Bot API call, and from Telegram's answer to one of the five things that
can happen. It decides nothing about when to call or what to do next; it never raises for what
Telegram or the network does.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import assert_never

from bot.core.delivery import Delivery, Gone, Refused, RetryAt, Sent, Unknown
from bot.core.message import Content, Edit, Photo, Send, Tidy
from bot.store.protocol import OutRow

from .api import Accepted, Api, Declined
from .contact import Contact, Trouble
from .messages import Turn, at_once, overwrite, spell_caption, spell_message, tidy
from .transport import AnswerLost, NotSent

log = logging.getLogger("waymark.gateway")

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
MOST_SPINNERS = 1024
"""Answers to button presses under way; those beyond are left out, the spinner ends by itself."""


class Outbound:
    """Sends for one bot. ``clock`` gives aware UTC, ``chance`` numbers in [0, 1) for jitter.

    ``contact`` is told how calls go: with a webhook nobody else would notice a dead bot.
    ``on_migrated`` is told the old and new id of a group that has become a supergroup.
    """

    def __init__(
        self,
        api: Api,
        *,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
        contact: Contact | None = None,
        on_migrated: Callable[[int, int], None] = lambda _old, _new: None,
    ) -> None:
        self._api = api
        self._contact = contact
        self._clock = clock
        self._chance = chance
        self._on_migrated = on_migrated
        self._failures = 0
        self._spinners: set[asyncio.Task[None]] = set()

    async def deliver(self, row: OutRow, turn: Turn = at_once) -> Delivery:
        """Carry out one row. ``turn`` is awaited before every call after the first."""
        try:
            match row.call:
                case Send():
                    result = await self._send(row, row.call)
                case Edit():
                    result = await self._edit(row, row.call)
                case Tidy():
                    result = await self._tidy(row, row.call, turn)
                case _:
                    assert_never(row.call)
        except NotSent:
            return self._unreachable()
        except AnswerLost:
            return Unknown()
        self._failures = 0
        if self._contact is not None:
            self._contact.heard()
        return result

    async def show(self, chat_id: int, content: Content) -> int | None:
        """Send one message past the outbox, once, whatever becomes of it (the fixed screen).

        Returns its message id, or None when that is not known.
        """
        try:
            answer = await self._api.call("sendMessage", spell_message(chat_id, content))
        except (NotSent, AnswerLost):
            log.warning("The fixed screen could not be sent.")
            return None
        result = answer.result if isinstance(answer, Accepted) else None
        number = result.get("message_id") if isinstance(result, dict) else None
        return number if isinstance(number, int) else None

    def spinner(self, query_id: str, toast: str | None) -> None:
        """Answer a button press in the background, as well as it goes."""
        if len(self._spinners) < MOST_SPINNERS:
            task = asyncio.get_running_loop().create_task(self._answer(query_id, toast))
            self._spinners.add(task)
            task.add_done_callback(self._spinners.discard)

    async def stop(self) -> None:
        """Let go of the answers to button presses that are still under way."""
        for task in tuple(self._spinners):
            task.cancel()
        await asyncio.gather(*self._spinners, return_exceptions=True)

    async def _answer(self, query_id: str, toast: str | None) -> None:
        parameters = {"callback_query_id": query_id}
        if toast:
            parameters["text"] = toast
        # Too old, lost, refused: the spinner ends by itself, and nothing else hangs on it.
        with contextlib.suppress(NotSent, AnswerLost):
            await self._api.call("answerCallbackQuery", parameters)

    # -- one function a kind of call

    async def _send(self, row: OutRow, call: Send) -> Delivery:
        if call.photo is not None:
            return await self._photo(row, call, call.photo)
        content = call.again if row.unknown and call.again is not None else call.content
        return await self._new(row, content, silent=call.silent, protect=call.protect)

    async def _photo(self, row: OutRow, call: Send, photo: Photo) -> Delivery:
        """A picture with its caption; the words alone when Telegram does not take the picture."""
        parameters = spell_caption(row.address.chat_id, call.content)
        parameters["disable_notification"] = call.silent
        if call.protect:
            parameters["protect_content"] = True
        answer = await self._api.upload("sendPhoto", parameters, "photo", photo.png)
        if isinstance(answer, Accepted):
            return _sent(answer)
        result = self._declined(row, answer)
        if isinstance(result, Refused) and answer.migrate_to is None:
            return await self._new(row, photo.instead, silent=call.silent, protect=call.protect)
        return result

    async def _new(self, row: OutRow, content: Content, *, silent: bool, protect: bool) -> Delivery:
        parameters = spell_message(row.address.chat_id, content)
        parameters["disable_notification"] = silent
        if protect:
            parameters["protect_content"] = True
        answer = await self._api.call("sendMessage", parameters)
        if isinstance(answer, Declined):
            return self._declined(row, answer)
        return _sent(answer)

    async def _edit(self, row: OutRow, call: Edit) -> Delivery:
        if row.message_id is not None:
            answer = await overwrite(self._api, row.address.chat_id, row.message_id, call.content)
            if isinstance(answer, Accepted) or _already_so(answer):
                return Sent()
            if not _out_of_reach(answer):
                return self._declined(row, answer)
        if not call.anew:
            return Sent()
        protect = row.address.door == "staff"  # a new copy must not be easier to forward
        return await self._new(row, call.content, silent=True, protect=protect)

    async def _tidy(self, row: OutRow, call: Tidy, turn: Turn) -> Delivery:
        answer = await tidy(self._api, row, call.dull, self._clock(), turn)
        return Sent() if answer is None else self._declined(row, answer)

    # -- what a refusal means

    def _declined(self, row: OutRow, answer: Declined) -> Delivery:
        now = self._clock()
        if answer.migrate_to is not None:
            self._on_migrated(row.address.chat_id, answer.migrate_to)
            return Refused(answer.code)
        match answer.code:
            case HTTPStatus.TOO_MANY_REQUESTS:
                return RetryAt(now + timedelta(seconds=max(1.0, answer.retry_after)))
            case HTTPStatus.FORBIDDEN:
                return Gone()
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:
                # The token is refused. Nothing is wrong with the row, so it waits.
                self._lost("token")
                return RetryAt(now + timedelta(seconds=LONGEST_PAUSE), everyone=True)
            case HTTPStatus.BAD_REQUEST if _says(answer, *NOBODY_THERE):
                return Gone()
            case code:
                return Refused(code)

    def _lost(self, trouble: Trouble) -> None:
        if self._contact is not None:
            self._contact.lost(trouble)

    def _unreachable(self) -> RetryAt:
        """Back off from a network that is down: up to a minute, each row a little differently."""
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._failures, 10))
        self._failures += 1
        self._lost("network")
        pause *= 0.5 + self._chance() / 2
        return RetryAt(self._clock() + timedelta(seconds=pause), everyone=True)


def _sent(answer: Accepted) -> Delivery:
    match answer.result:
        case {"message_id": int(message_id)}:
            return Sent(message_id)
        case _:
            return Unknown()


NOBODY_THERE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")
OUT_OF_REACH = ("message to edit not found", "message can't be edited", "message_id_invalid")


def _says(answer: Declined, *phrases: str) -> bool:
    words = answer.words.lower()
    return any(phrase in words for phrase in phrases)


def _already_so(answer: Declined) -> bool:
    return answer.code == HTTPStatus.BAD_REQUEST and _says(answer, "message is not modified")


def _out_of_reach(answer: Declined) -> bool:
    return answer.code == HTTPStatus.BAD_REQUEST and _says(answer, *OUT_OF_REACH)
