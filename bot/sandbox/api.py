"""One call of the Bot API, from token and method to the answer's bytes: who asks, which fault
strikes, what the method says, and the journal's entry. It knows nothing of sockets: a connection
to be cut is a `ConnectionCut`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass

from .bots import TOKEN, Bot
from .errors import ApiError, ConnectionCut, too_many_requests
from .faults import Fault
from .methods import GET_UPDATES, METHODS
from .methods_updates import get_updates
from .model import JsonObject, spell
from .parameters import Parameters, parsed
from .world import World

HTML_ERROR = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n"
    b"</body>\r\n</html>\r\n"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and, for a 429, the seconds to wait."""

    status: int
    body: bytes
    content_type: bytes = b"application/json"
    retry_after: int | None = None


class Api:
    """Answers calls on one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def answer(self, path: str, body: bytes, content_type: str, query: bytes) -> Answer:
        """Answer a request to `/bot<token>/<method>`. Raises ConnectionCut."""
        begun = self.begin(path, body, content_type, query)
        return begun if isinstance(begun, Answer) else await begun

    def begin(
        self, path: str, body: bytes, content_type: str, query: bytes
    ) -> Answer | Coroutine[None, None, Answer]:
        """As `answer`, but at once where nothing has to be waited for; else what to await."""
        token, slash, name = path[4:].partition("/")
        bot = self._world.bots.get(token)
        if bot is None or bot.revoked:
            return self._unknown(token, name, slash)
        key = name.lower()
        try:
            values = parsed(body, content_type, query)
        except ApiError as refused:
            self._world.journal.error(refused.description, bot=bot.name, method=name)
            return _refusal(refused)
        fault = self._world.faults.decide(name)
        if fault is not None:
            self._before(bot, name, values, fault)
        if key == "getupdates":
            return self._poll(bot, values, fault)
        answer = self._call(bot, key, name, values, fault)
        if fault is None and self._world.faults.latency <= 0:
            return answer
        return self._after(answer, fault)

    def _unknown(self, token: str, name: str, slash: str) -> Answer:
        if not slash or not TOKEN.fullmatch(token):
            return _refusal(ApiError(404, "Not Found"))
        self._world.journal.write("call", bot=None, method=name, accepted=False, code=401)
        return _refusal(ApiError(401, "Unauthorized"))

    # ------------------------------------------------------------------ the call itself

    def _call(
        self, bot: Bot, key: str, name: str, values: JsonObject, fault: Fault | None
    ) -> Answer:
        world = self._world
        if fault is not None and (refusal := self._instead(bot, values, fault)) is not None:
            self._record(bot, name, values, fault, code=refusal.status, error="injected")
            return refusal
        method = METHODS.get(key)
        if method is None:
            world.journal.error(
                f"The sandbox has no method {name}: add it, or do not call it.",
                bot=bot.name,
                method=name,
            )
            return _refusal(ApiError(404, "Not Found: method not found"))
        self._check_parameters(bot, name, values, method.parameters)
        world.last_ids, world.last_chat_id = (), None
        try:
            result = method.function(world, bot, Parameters(values))
        except ApiError as refused:
            self._record(
                bot, method.name, values, fault, code=refused.code, error=refused.description
            )
            return _refusal(refused)
        if world.journal.on:
            self._record(bot, method.name, values, fault)
        return Answer(200, f'{{"ok":true,"result":{result}}}'.encode("ascii"))

    async def _poll(self, bot: Bot, values: JsonObject, fault: Fault | None) -> Answer:
        self._check_parameters(bot, "getUpdates", values, GET_UPDATES)
        if fault is not None and (refusal := self._instead(bot, values, fault)) is not None:
            return refusal
        try:
            result = await get_updates(self._world, bot, Parameters(values))
        except ApiError as refused:
            self._record(
                bot, "getUpdates", values, None, code=refused.code, error=refused.description
            )
            return _refusal(refused)
        answer = Answer(200, f'{{"ok":true,"result":{result}}}'.encode("utf-8", "replace"))
        return await self._after(answer, fault)

    def _check_parameters(
        self, bot: Bot, name: str, values: JsonObject, known: frozenset[str]
    ) -> None:
        if not known.issuperset(values):
            self._world.journal.error(
                f"{name} was given {sorted(values.keys() - known)}, unknown to the sandbox.",
                bot=bot.name,
                method=name,
            )

    # ------------------------------------------------------------------ faults

    def _before(self, bot: Bot, name: str, values: JsonObject, fault: Fault) -> None:
        self._world.journal.write(
            "fault", fault=fault.kind, seconds=fault.seconds, bot=bot.name, method=name
        )
        if fault.kind == "drop_before":
            self._record(bot, name, values, fault, code=0, error="injected")
            raise ConnectionCut

    def _instead(self, bot: Bot, values: JsonObject, fault: Fault) -> Answer | None:
        """The answer that takes the place of the call, if this fault is of that sort."""
        match fault.kind:
            case "too_many_requests":
                seconds = max(1, int(fault.seconds))
                chat_id = str(values.get("chat_id", ""))
                if chat_id.lstrip("-").isdigit():
                    bot.limits.penalise(int(chat_id), self._world.clock.now() + seconds)
                return _refusal(too_many_requests(seconds))
            case "server_error":
                return Answer(502, HTML_ERROR, b"text/html")
            case _:
                return None

    async def _after(self, answer: Answer, fault: Fault | None) -> Answer:
        latency = self._world.faults.latency
        if fault is not None:
            match fault.kind:
                case "accept_then_drop":
                    raise ConnectionCut
                case "delay":
                    latency += fault.seconds
                case "truncated":
                    answer = Answer(answer.status, answer.body[: len(answer.body) // 2])
                case _:
                    pass
        if latency > 0:
            await asyncio.sleep(latency)
        return answer

    # ------------------------------------------------------------------ journal

    def _record(
        self,
        bot: Bot,
        method: str,
        values: JsonObject,
        fault: Fault | None,
        *,
        code: int = 200,
        error: str | None = None,
    ) -> None:
        world = self._world
        if not world.journal.on:
            return
        kind = fault.kind if fault is not None else None
        ids = world.last_ids if code == 200 else ()
        world.journal.write(
            "call",
            bot=bot.name,
            method=method,
            chat=world.last_chat_id if code == 200 else _number(values.get("chat_id")),
            accepted=code == 200,
            code=code,
            error=error,
            message_id=ids[0] if ids else _number(values.get("message_id")),
            message_ids=list(ids),
            callback_query_id=values.get("callback_query_id"),
            text=values.get("text"),
            params=values,
            fault=kind,
            answered=kind not in {"drop_before", "accept_then_drop", "truncated"},
        )


def _number(value: object) -> int | None:
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]  # what is no number raises
    except (TypeError, ValueError):
        return None


def _refusal(refused: ApiError) -> Answer:
    answer: JsonObject = {
        "ok": False,
        "error_code": refused.code,
        "description": refused.description,
    }
    if refused.retry_after is not None:
        answer["parameters"] = {"retry_after": refused.retry_after}
    return Answer(refused.code, spell(answer).encode(), retry_after=refused.retry_after)
