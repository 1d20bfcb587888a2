"""Pushes updates to a bot's webhook as Telegram does: one update of a queue at a time, 2xx needed,
the first retry at once, then 2 s doubling up to a minute, Retry-After honoured, until the update's
own lifetime ends. Speaks plain HTTP to loopback; waits in world time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .bots import Bot
from .methods_updates import expired
from .updates import Update
from .world import World

LONGEST_RETRY_AFTER = 3600
LONGEST_DELAY = 60.0
ANSWER_SECONDS = 60.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


@dataclass(slots=True)
class _Line:
    """What is under way to one URL."""

    url: str
    free: asyncio.Semaphore
    queues: dict[tuple[str, int], deque[Update]] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)

    def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        for _, writer in self.idle:
            writer.close()
        self.idle.clear()


class Webhooks:
    """Listens to a world and delivers; `stop` ends all deliveries."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lines: dict[int, _Line] = {}
        world.on_update.append(self._told)

    async def stop(self) -> None:
        """End every delivery and stop listening; what is undelivered stays pending."""
        if self._told in self._world.on_update:
            self._world.on_update.remove(self._told)
        lines, self._lines = list(self._lines.values()), {}
        for line in lines:
            line.stop()
            await asyncio.gather(*line.tasks, return_exceptions=True)

    def _told(self, bot: Bot) -> None:
        line = self._lines.get(bot.id)
        if line is not None and line.url != bot.webhook.url:
            line.stop()
            del self._lines[bot.id]
            line = None
        if not bot.webhook.url:
            return
        if line is None:
            free = asyncio.Semaphore(bot.webhook.connections)
            line = self._lines[bot.id] = _Line(bot.webhook.url, free)
        fresh = []
        for update in reversed(bot.queue.pending):
            if update.id in line.taken:
                break
            fresh.append(update)
        for update in reversed(fresh):
            self._assign(bot, line, update)

    def _assign(self, bot: Bot, line: _Line, update: Update) -> None:
        line.taken.add(update.id)
        key = self._key(update)
        if (queue := line.queues.get(key)) is not None:
            queue.append(update)
            return
        line.queues[key] = deque((update,))
        task = asyncio.get_running_loop().create_task(self._work(bot, line, key))
        line.tasks.add(task)
        task.add_done_callback(line.tasks.discard)

    def _key(self, update: Update) -> tuple[str, int]:
        if self._world.settings.webhook_order == "telegram" and update.kind == "callback_query":
            return ("person", update.person_id)
        return ("chat", update.chat_id)

    async def _work(self, bot: Bot, line: _Line, key: tuple[str, int]) -> None:
        queue = line.queues[key]
        try:
            while queue:
                await self._deliver(bot, line, queue[0])
                queue.popleft()
        finally:
            line.queues.pop(key, None)

    async def _deliver(self, bot: Bot, line: _Line, update: Update) -> None:
        world = self._world
        delay, attempt = 1.0, 0
        while True:
            attempt += 1
            async with line.free:
                status, retry_after, said = await self._post(bot, line, update)
            ok = 200 <= status < 300
            world.journal.write(
                "webhook_delivery",
                bot=bot.name,
                update_id=update.id,
                attempt=attempt,
                status=status,
                ok=ok,
            )
            if ok:
                if b'"method"' in said:
                    world.journal.error(
                        "A method call in the webhook's answer is not supported here.", bot=bot.name
                    )
                self._done(bot, line, update)
                return
            bot.webhook.last_error = f"Wrong response from the webhook: {status}"
            bot.webhook.last_error_at = int(world.clock.now())
            wait = float(min(retry_after, LONGEST_RETRY_AFTER))
            if not wait and attempt > 1:
                delay = min(LONGEST_DELAY, delay * 2)
                wait = delay
            if world.clock.now() + wait > update.expires:
                expired(world, bot, update)
                self._done(bot, line, update)
                return
            await world.clock.sleep(wait)
            if world.clock.now() > update.expires:
                expired(world, bot, update)
                self._done(bot, line, update)
                return

    @staticmethod
    def _done(bot: Bot, line: _Line, update: Update) -> None:
        if update in bot.queue.pending:
            bot.queue.pending.remove(update)
        line.taken.discard(update.id)

    # ------------------------------------------------------------------ HTTP, by hand

    async def _post(self, bot: Bot, line: _Line, update: Update) -> tuple[int, int, bytes]:
        """Status (0: no answer), Retry-After, and the answer's body."""
        parts = urlsplit(line.url)
        host, port = parts.hostname or "127.0.0.1", parts.port or 80
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        body = update.body.encode("utf-8", "replace")
        lines = [
            f"POST {target} HTTP/1.1",
            f"Host: {host}:{port}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            "Connection: keep-alive",
        ]
        if bot.webhook.secret:
            lines.append(f"{SECRET_HEADER}: {bot.webhook.secret}")
        request = "\r\n".join([*lines, "", ""]).encode() + body
        for is_fresh in (False, True):
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    if line.idle and not is_fresh:
                        reader, writer = line.idle.pop()
                    else:
                        reader, writer = await asyncio.open_connection(host, port)
                    try:
                        writer.write(request)
                        await writer.drain()
                        status, headers, said = await _response(reader)
                    except BaseException:
                        writer.close()
                        raise
            except asyncio.IncompleteReadError as cut:
                if not cut.partial and not is_fresh:
                    continue  # an idle connection that had been closed meanwhile
                return 0, 0, b""
            except (OSError, TimeoutError, ValueError):
                return 0, 0, b""
            if headers.get("connection", "").lower() == "close" or "content-length" not in headers:
                writer.close()
            else:
                line.idle.append((reader, writer))
            wait = headers.get("retry-after", "")
            return status, int(wait) if wait.isdigit() else 0, said
        return 0, 0, b""


async def _response(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ")[1])
    headers = {}
    for line in head[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    length = int(headers.get("content-length", "0"))
    return status, headers, await reader.readexactly(length) if length else b""
