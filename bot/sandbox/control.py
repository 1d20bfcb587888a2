"""The control API under /sandbox (for the page, tests and harnesses) and the page itself. It turns
JSON into calls on the world and the world into JSON; it decides nothing.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from .crowd import Crowd, CrowdPlan
from .errors import PersonCannot
from .faults import FaultPlan
from .model import JsonObject, Person
from .views import bot_view, chat_view, person_view, world_view
from .world import World

PAGE = Path(__file__).parent / "page"
_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
LONGEST_WAIT = 60.0

Handler = Callable[[Request], Awaitable[Response]]


class Control:
    """The handlers, one a route."""

    def __init__(self, world: World, crowd: Crowd) -> None:
        self._world = world
        self._crowd = crowd

    # ------------------------------------------------------------------ reading

    async def world(self, request: Request) -> Response:
        """Everybody and every chat, without messages."""
        del request
        return _json(world_view(self._world))

    async def chat(self, request: Request) -> Response:
        """One chat as a person sees it; with `since` and `timeout` it waits for a change."""
        query = request.query_params
        world = self._world
        person = world.person(int(query["person"]))
        chat = world.people.chat(person, _whom(query["bot"]))
        since, timeout = int(query.get("since", -1)), _seconds(query.get("timeout"))
        due = world.monotonic() + timeout
        while chat.change <= since and (left := due - world.monotonic()) > 0:
            before = world.change
            if await world.changed(before, left) == before:
                break
        return _json(chat_view(world, chat, person))

    async def changes(self, request: Request) -> Response:
        """Wait until anything changed after `since`; says which chats did."""
        query = request.query_params
        since = int(query.get("since", 0))
        world = self._world
        change = await world.changed(since, _seconds(query.get("timeout", "25")))
        chats = [
            {"person": chat.person.id, "bot": world.bots_by_id[chat.bot_id].name}
            for chat in world.private.values()
            if chat.change > since and chat.person is not None and chat.bot_id is not None
        ]
        groups = [chat.id for chat in world.groups.values() if chat.change > since]
        return _json({"change": change, "chats": chats, "groups": groups})

    async def picture(self, request: Request) -> Response:
        """A photo that a bot sent, as long as it is there."""
        query = request.query_params
        person = self._world.person(int(query["person"]))
        chat = self._world.people.chat(person, _whom(query["bot"]))
        message = chat.messages.get(int(query["id"]))
        if message is None or not message.picture:
            return _json({"error": "There is no such picture."}, 404)
        return Response(message.picture, media_type="image/png", headers=_SECURITY)

    async def notifications(self, request: Request) -> Response:
        """What appeared on a person's locked screen."""
        person_id = int(request.path_params["person"])
        return _json({"notifications": self._world.people.notifications(person_id)})

    async def journal(self, request: Request) -> Response:
        """The journal from entry `since` on, of one `event` if given."""
        query = request.query_params
        entries = self._world.journal.entries(query.get("event"), int(query.get("since", 0)))
        return _json({"entries": list(entries), "next": len(self._world.journal)})

    async def cpu(self, request: Request) -> Response:
        """CPU seconds and peak memory (KiB) of the process the sandbox runs in."""
        del request
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return _json(
            {"cpu_seconds": usage.ru_utime + usage.ru_stime, "max_rss_kib": usage.ru_maxrss}
        )

    # ------------------------------------------------------------------ who is there

    async def add_bot(self, request: Request) -> Response:
        """token, name, username?, title?, reads_groups?"""
        try:
            bot = self._world.add_bot(**await _body(request))
        except ValueError as wrong:
            raise PersonCannot(str(wrong)) from wrong
        self._world.touch()
        return _json(bot_view(bot))

    async def bot(self, request: Request) -> Response:
        """What a bot says about itself and how its queue stands."""
        return _json(bot_view(self._world.bot(request.path_params["bot"])))

    async def add_person(self, request: Request) -> Response:
        """name, language?, person_id?"""
        return _json(person_view(self._world.people.add(**await _body(request))))

    async def add_group(self, request: Request) -> Response:
        """title, members?, bots?, group_id?"""
        chat = self._world.people.add_group(**await _body(request))
        return _json({"id": chat.id, "title": chat.title})

    # ------------------------------------------------------------------ acting

    async def act(self, request: Request) -> Response:
        """One action of one person: the last part of the path names it."""
        person = self._world.person(int(request.path_params["person"]))
        given = await _body(request)
        action = request.path_params["action"]
        return _json(self._do(action, person, given))

    def _do(self, action: str, person: Person, given: JsonObject) -> JsonObject:
        people = self._world.people
        bot = _whom(given.pop("bot", "survivor"))
        match action:
            case "start":
                return {"message_id": people.start(person, bot, **given).id}
            case "text":
                return {"message_id": people.send_text(person, bot, **given).id}
            case "media":
                return {"message_id": people.send_media(person, bot, **given).id}
            case "press":
                return {"callback_query_id": people.press(person, bot, **given)}
            case "edit":
                return {"message_id": people.edit(person, bot, **given).id}
            case "delete":
                people.delete(person, bot, **given)
            case "block":
                people.block(person, bot)
            case "unblock":
                people.unblock(person, bot)
            case "language":
                people.set_language(person, **given)
            case _:
                msg = f"Nobody here can {action!r}."
                raise PersonCannot(msg)
        return {}

    async def raw(self, request: Request) -> Response:
        """Splice text into a bot's queue: `body` (text, `%ID%` for the id) or `update` (fields)."""
        given = await _body(request)
        bot = self._world.bot(given["bot"])
        body = given.get("body")
        if body is None:
            body = json.dumps({"update_id": 0, **given["update"]})
            body = body.replace('"update_id": 0', '"update_id": %ID%', 1)
        return _json({"update_id": self._world.put_raw(bot, body)})

    # ------------------------------------------------------------------ settings

    async def clock(self, request: Request) -> Response:
        """GET: world time. POST `advance` (seconds)."""
        world = self._world
        if request.method == "POST":
            seconds = float((await _body(request))["advance"])
            world.clock.advance(seconds)
            world.journal.write("clock_advanced", seconds=seconds)
            world.touch()
        return _json({"now": world.clock.now(), "ahead": world.clock.ahead})

    async def faults(self, request: Request) -> Response:
        """POST the fields of FaultPlan, or `once`: [[method, kind, seconds], …]."""
        world = self._world
        if request.method == "POST":
            given = await _body(request)
            once = given.pop("once", None)
            try:
                if once is None or given:
                    world.faults = FaultPlan(**given)
                for method, kind, *seconds in once or ():
                    world.faults.once(method, kind, *seconds)
            except (TypeError, ValueError) as wrong:
                raise PersonCannot(str(wrong)) from wrong
        plan = world.faults
        return _json(
            {
                "seed": plan.seed,
                "rates": dict(plan.rates),
                "latency": plan.latency,
                "count": plan.count,
            }
        )

    async def settings(self, request: Request) -> Response:
        """POST any of: pacing, strict_polls, journal (booleans), callback_answer_seconds."""
        world = self._world
        given = await _body(request)
        if "pacing" in given:
            world.set_pacing(on=bool(given["pacing"]))
        if "strict_polls" in given:
            world.settings.strict_polls = bool(given["strict_polls"])
        if "journal" in given:
            world.journal.on = bool(given["journal"])
        if "callback_answer_seconds" in given:
            world.settings.callback_answer_seconds = float(given["callback_answer_seconds"])
        return _json({"pacing": world.settings.pacing, "strict_polls": world.settings.strict_polls})

    async def update_ids(self, request: Request) -> Response:
        """Let a bot's update ids restart at random when its queue is next empty."""
        bot = self._world.bot((await _body(request))["bot"])
        bot.queue.restart_when_empty = True
        return _json({})

    async def revoke(self, request: Request) -> Response:
        """Make a bot's token wrong (`revoked`: true) or right again."""
        given = await _body(request)
        self._world.bot(given["bot"]).revoked = bool(given.get("revoked", True))
        return _json({})

    async def config(self, request: Request) -> Response:
        """What whoever built the world wants the page to know."""
        if request.method == "POST":
            self._world.config = await _body(request)
            self._world.touch()
        return _json(self._world.config)

    async def crowd(self, request: Request) -> Response:
        """POST a CrowdPlan; GET figures (`wait` s, `actions=1` for the list); DELETE stops."""
        if request.method == "POST":
            given = await _body(request)
            for name in ("labels", "words"):
                if name in given:
                    given[name] = tuple(given[name])
            try:
                plan = CrowdPlan(**given)
            except TypeError as wrong:
                raise PersonCannot(str(wrong)) from wrong
            self._crowd.start(plan)
        elif request.method == "DELETE":
            await self._crowd.stop()
        elif wait := _seconds(request.query_params.get("wait")):
            await self._crowd.wait(wait)
        with_actions = request.query_params.get("actions") == "1"
        return _json(self._crowd.status(with_actions=with_actions))

    async def flush(self, request: Request) -> Response:
        """Bring the journal's file up to date."""
        del request
        self._world.journal.flush()
        return _json({"entries": len(self._world.journal)})

    def routes(self) -> list[Route]:
        """The URL table."""
        return [
            Route("/sandbox/world", self.world),
            Route("/sandbox/chat", self.chat),
            Route("/sandbox/changes", self.changes),
            Route("/sandbox/picture", self.picture),
            Route("/sandbox/notifications/{person:int}", self.notifications),
            Route("/sandbox/journal", self.journal),
            Route("/sandbox/journal/flush", self.flush, methods=["POST"]),
            Route("/sandbox/cpu", self.cpu),
            Route("/sandbox/bots", self.add_bot, methods=["POST"]),
            Route("/sandbox/bots/{bot}", self.bot),
            Route("/sandbox/people", self.add_person, methods=["POST"]),
            Route("/sandbox/people/{person:int}/{action}", self.act, methods=["POST"]),
            Route("/sandbox/groups", self.add_group, methods=["POST"]),
            Route("/sandbox/raw", self.raw, methods=["POST"]),
            Route("/sandbox/clock", self.clock, methods=["GET", "POST"]),
            Route("/sandbox/faults", self.faults, methods=["GET", "POST"]),
            Route("/sandbox/settings", self.settings, methods=["POST"]),
            Route("/sandbox/update-ids", self.update_ids, methods=["POST"]),
            Route("/sandbox/revoke", self.revoke, methods=["POST"]),
            Route("/sandbox/config", self.config, methods=["GET", "POST"]),
            Route("/sandbox/crowd", self.crowd, methods=["GET", "POST", "DELETE"]),
        ]


def control_app(world: World, crowd: Crowd) -> Starlette:
    """Control API and page; only for browsers that call this machine by a loopback name."""

    async def index(request: Request) -> Response:
        del request
        return FileResponse(PAGE / "index.html", headers=_SECURITY)

    return Starlette(
        routes=[
            Route("/", index),
            *Control(world, crowd).routes(),
            Mount("/page", StaticFiles(directory=PAGE)),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]"])
        ],
        exception_handlers={PersonCannot: _cannot, KeyError: _wrong, TypeError: _wrong},
    )


async def _body(request: Request) -> JsonObject:
    given: Any = json.loads(await request.body() or b"{}")
    if not isinstance(given, dict):
        msg = "The control API takes JSON objects."
        raise PersonCannot(msg)
    return given


async def _cannot(request: Request, error: Exception) -> Response:
    del request
    return JSONResponse({"error": str(error)}, status_code=409)


async def _wrong(request: Request, error: Exception) -> Response:
    del request
    return JSONResponse({"error": f"Missing or unknown field: {error}"}, status_code=400)


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value), status, media_type="application/json", headers=_SECURITY)


def _whom(value: object) -> str | int:
    text = str(value)
    return int(text) if text.lstrip("-").isdigit() else text


def _seconds(value: str | None) -> float:
    return min(LONGEST_WAIT, max(0.0, float(value or 0)))
