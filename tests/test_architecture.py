"""The import table of bot/, held to what the files really import. A row grows in the same commit
that needs it, with the reason beside it.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

BOT = Path(__file__).parents[1] / "bot"
EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Row:
    """What one package, or one module directly under bot/, may import besides itself."""

    bot: tuple[str, ...] = ()
    """Dotted names below `bot`; `store.protocol` opens that module and no other of the store."""
    outside: tuple[str, ...] = ()
    """Top-level names of other people's packages."""
    not_stdlib: tuple[str, ...] = ()
    """Modules of the standard library that are closed here; all others are open."""


IMPURE = (
    *(
        "asyncio",
        "concurrent",
        "multiprocessing",
        "queue",
        "sched",
        "signal",
        "threading",
    ),  # waiting
    *(
        "time",
        "timeit",
    ),  # clocks; `datetime` is open for its types, and its clock is banned by ruff
    *("random", "secrets", "uuid"),  # chance
    *("fileinput", "glob", "io", "os", "pathlib", "shutil", "tempfile"),  # files
    *("http", "select", "selectors", "socket", "ssl", "subprocess", "urllib"),  # other programs
    *(
        "dbm",
        "logging",
        "pickle",
        "shelve",
        "sqlite3",
        "sys",
        "syslog",
        "warnings",
    ),  # leaving traces
)

TABLE: dict[str, Row] = {
    "__init__": Row(),
    "core": Row(not_stdlib=IMPURE),
    "flowdef": Row(bot=("core",), outside=("transitions", "yaml")),
    "text": Row(bot=("core", "flowdef.model"), outside=("babel", "phonenumbers", "pyphen")),
    # Questions are compared by stems, for which each language has its own rules: snowballstemmer.
    "hearing": Row(
        bot=("core", "flowdef.model"),
        outside=("babel", "phonenumbers", "rapidfuzz", "snowballstemmer"),
    ),
    "store": Row(bot=("core",), outside=("aiosqlite", "cryptography")),
    # The engine without Telegram, for those who write flows; rich draws it in a terminal.
    "rehearsal": Row(bot=("core", "flowdef", "hearing", "service", "text"), outside=("rich",)),
    # Pictures and the review document are made of what is written, and of nothing that runs.
    "drawing": Row(bot=("core", "flowdef", "text")),
    "service": Row(bot=("core", "flowdef", "hearing", "picture", "store.protocol", "text")),
    # A page as data in, a PNG out: nothing of ours is known here, so that nothing else can get in.
    "picture": Row(outside=("fontpkg_rubik", "typst")),
    # httptools reads Telegram's answers on the hot path.
    "gateway": Row(bot=("core", "service", "store.protocol"), outside=("httptools", "telegram")),
    "web": Row(bot=("core", "gateway.inbound", "service"), outside=("starlette",)),
    # The sandbox serves itself, also as a process of its own, and faster than the bot it measures.
    "sandbox": Row(outside=("httptools", "starlette", "uvicorn", "uvloop")),
    "config": Row(),
    "app": Row(bot=(EVERYTHING,), outside=("starlette", "uvicorn")),
    # These compose too: the sandbox beside the bot, and the bots without anybody to serve.
    "demo": Row(bot=(EVERYTHING,)),
    "preview": Row(bot=("flowdef", "service", "store.protocol", "text")),
    "doctor": Row(bot=(EVERYTHING,)),
    # The command line reads .env, so that config stays a pure function of a mapping.
    "cli": Row(bot=(EVERYTHING,), outside=("dotenv", "rich", "uvloop")),
    "__main__": Row(bot=("cli", "config")),
}


@dataclass(frozen=True, slots=True)
class Import:
    """One import as it was meant: absolute, down to the module it reaches."""

    file: Path
    line: int
    target: str


def unit_of(file: Path, bot: Path) -> str:
    """The row a file belongs to: its package, or its own name when it lies directly under bot/."""
    parts = file.relative_to(bot).with_suffix("").parts
    return parts[0]


def python_files(bot: Path) -> tuple[Path, ...]:
    """Every Python file under bot/, sorted."""
    return tuple(sorted(bot.rglob("*.py")))


def imports_of(file: Path, bot: Path) -> Iterator[Import]:
    """Every import in the file, also inside functions and under `if TYPE_CHECKING`."""
    package = ("bot", *file.relative_to(bot).parent.parts)
    for node in ast.walk(ast.parse(file.read_text("utf-8"), file.name)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(file, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*start, *filter(None, [node.module])))
            for alias in node.names:
                deeper = f"{module}.{alias.name}"
                yield Import(file, node.lineno, deeper if _is_module(deeper, bot) else module)


def _is_module(dotted: str, bot: Path) -> bool:
    path = bot.parent.joinpath(*dotted.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def fault_in(found: Import, row: Row, unit: str) -> str | None:
    """Which border one import crosses, or None."""
    top, _, below = found.target.partition(".")
    if top == "bot":
        own = below == unit or below.startswith(f"{unit}.")
        open_to_it = any(
            name in {EVERYTHING, below} or below.startswith(f"{name}.") for name in row.bot
        )
        return None if own or open_to_it else "inside bot"
    if top == "importlib" and not below.startswith(("resources", "metadata")):
        return "by name, where no reader sees it"
    if top in sys.stdlib_module_names:
        return "standard library" if top in row.not_stdlib else None
    return None if top in row.outside else "from outside"


def violations(bot: Path) -> tuple[str, ...]:
    """Every broken row under `bot`, one sentence each, in the order of files and lines."""
    found: list[str] = []
    for file in python_files(bot):
        unit, name = unit_of(file, bot), file.relative_to(bot.parent).as_posix()
        if unit not in TABLE:
            found.append(f"{name} lies in {unit!r}, which has no row in the import table")
            continue
        found += (
            f"{name}:{each.line} {unit} may not import {each.target} ({fault})"
            for each in sorted(imports_of(file, bot), key=lambda one: one.line)
            if (fault := fault_in(each, TABLE[unit], unit))
        )
    return tuple(found)


def test_every_import_is_in_the_table():
    """The layout holds: nobody reaches past the border the table draws."""
    assert violations(BOT) == ()


def test_every_package_was_read():
    """A folder of bot/ that held no Python file, or was skipped, would pass unseen."""
    assert "core" in (filled := {each.name for each in BOT.iterdir() if holds_a_file(each)})
    assert filled <= {unit_of(file, BOT) for file in python_files(BOT)}


def holds_a_file(folder: Path) -> bool:
    """Whether git would know this folder: caches and empty folders are none of it."""
    inside = folder.rglob("*") if folder.name != "__pycache__" else ()
    return any(each.is_file() and "__pycache__" not in each.parts for each in inside)


def test_core_really_imports_something():
    """The reader of imports finds those of the purest package, so an empty answer is an answer."""
    found = {each.target for file in python_files(BOT / "core") for each in imports_of(file, BOT)}
    assert "dataclasses" in found


@pytest.mark.parametrize(
    ("path", "source", "rest"),
    [
        (
            "core/advance.py",
            "import time\n",
            ":1 core may not import time (standard library)",
        ),
        (
            "core/advance.py",
            "def late():\n    from os import path\n",
            ":2 core may not import os (standard library)",
        ),
        (
            "core/advance.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import telegram\n",
            ":3 core may not import telegram (from outside)",
        ),
        (
            "text/render.py",
            "from ..store import seal\n",
            ":1 text may not import bot.store.seal (inside bot)",
        ),
        (
            "text/render.py",
            "from bot.flowdef import compile\n",
            ":1 text may not import bot.flowdef.compile (inside bot)",
        ),
        (
            "service/desk.py",
            "from bot.store import Store\n",
            ":1 service may not import bot.store (inside bot)",
        ),
        (
            "service/desk.py",
            "from bot import config\n",
            ":1 service may not import bot.config (inside bot)",
        ),
        (
            "sandbox/server.py",
            "import bot.core\n",
            ":1 sandbox may not import bot.core (inside bot)",
        ),
        (
            "store/sqlite.py",
            "import importlib\n",
            ":1 store may not import importlib (by name, where no reader sees it)",
        ),
        (
            "config.py",
            "from bot.core import ids\n",
            ":1 config may not import bot.core.ids (inside bot)",
        ),
        (
            "misc/thing.py",
            "",
            " lies in 'misc', which has no row in the import table",
        ),
    ],
)
def test_a_broken_row_is_named_with_its_line(tmp_path, path, source, rest):
    """Each way past a border is seen, and told as file, line and border."""
    assert violations(small_tree(tmp_path, path, source)) == (f"bot/{path}{rest}",)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("core/advance.py", "from . import ids\nfrom datetime import datetime\n"),
        ("text/render.py", "from bot.flowdef.model import Step\nfrom bot.flowdef import model\n"),
        ("service/desk.py", "import asyncio\nfrom bot.store.protocol import Store\n"),
        ("gateway/inbound.py", "from telegram import Bot\nfrom bot.service import desk\n"),
        ("app.py", "import uvicorn\nfrom bot import config\nfrom bot.store import seal\n"),
        ("store/sqlite.py", "from importlib.resources import files\nimport aiosqlite\n"),
    ],
)
def test_what_the_table_opens_is_open(tmp_path, path, source):
    """The test refuses what is closed, not what is unusual."""
    assert violations(small_tree(tmp_path, path, source)) == ()


def small_tree(root: Path, path: str, source: str) -> Path:
    """A bot/ of a few empty modules and one with the given source; returns its `bot` folder."""
    bot = root / "bot"
    empty = ("core/ids", "flowdef/model", "flowdef/compile", "store/protocol", "store/seal")
    for name in (*empty, "service/desk", "config"):
        target = bot / f"{name}.py"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("", "utf-8")
    target = bot / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(source, "utf-8")
    return bot
