"""What cannot start says so: one paragraph on standard error, exit code 1, nothing overwritten.
Each is the real command in a process and a folder of its own, so that no developer's ``.env`` is
read.
"""

import asyncio
import hashlib
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.store.sqlite import SqliteStore
from tests.e2e.stage import PROJECT, SURVIVOR_TOKEN, Somebody, Stage, free_port

GOOD = {
    "WAYMARK_SURVIVOR_TOKEN": "1000:survivor-door-zq81",
    "WAYMARK_STAFF_TOKEN": "2000:staff-door-kx27",
    "WAYMARK_API_URL": "http://127.0.0.1:9",
    "WAYMARK_FLOWS": str(PROJECT / "flows"),
    "WAYMARK_LOCALES": str(PROJECT / "locales"),
    "PORT": "0",
}
LONGEST = 25.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int | None
    out: str
    error: str

    def is_refusal(self, *phrases: str) -> bool:
        """One paragraph for an operator, in sentences, that says all of this and no secret."""
        said = self.error.strip()
        assert self.code == 1, (self.code, self.out, self.error)
        assert "Traceback" not in said, said
        assert "\n\n" not in said, said
        assert said.endswith((".", ")")), said
        assert not any(secret in said for secret in ("door-zq81", "door-kx27")), said
        missing = [phrase for phrase in phrases if phrase not in said]
        assert not missing, (missing, said)
        return True


async def started(folder: Path, *arguments: str, **env: str) -> asyncio.subprocess.Process:
    """``python -m bot …`` in that folder, with these settings and no others."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT),
            "PYTHONUNBUFFERED": "1",
            **env,
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process: asyncio.subprocess.Process) -> Ended:
    """Wait for its end, within reason."""
    try:
        async with asyncio.timeout(LONGEST):
            out, error = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return Ended(process.returncode, out.decode(), error.decode())


async def run(folder: Path, *arguments: str, **env: str) -> Ended:
    """Run a command to its end."""
    return await ended(await started(folder, *arguments, **env))


def digests(folder: Path) -> dict[str, str]:
    """What lies in a folder, and what is in it."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
async def stored(tmp_path: Path) -> Path:
    """A folder with a database and its keystore, both in use before and closed."""
    store = await SqliteStore.open(
        f"sqlite:///{tmp_path}/waymark.db", tmp_path / "waymark.keys", ids=lambda: "database-1"
    )
    await store.close()
    return tmp_path


# ---------------------------------------------------------------- settings


async def test_all_missing_and_malformed_settings_are_named_together(tmp_path: Path) -> None:
    """Nine mistakes are nine sentences at once, and no file is made."""
    found = await run(
        tmp_path,
        "run",
        WAYMARK_STAFF_TOKEN="door-kx27",
        WAYMARK_API_URL="http://example.org",
        WAYMARK_LEADS="1,two",
        WAYMARK_STAFF_GROUP="5",
        WAYMARK_PUBLIC_URL="http://example.org",
        WAYMARK_HOME="new york",
        WAYMARK_PACING="fast",
        WAYMARK_SURVIVER_TOKEN="x",
        PORT="http",
    )
    assert found.is_refusal(
        "WAYMARK_SURVIVOR_TOKEN is missing",
        "WAYMARK_STAFF_TOKEN does not look like a token",
        "WAYMARK_API_URL",
        "WAYMARK_LEADS",
        "WAYMARK_STAFF_GROUP",
        "WAYMARK_PUBLIC_URL",
        "WAYMARK_WEBHOOK_SECRET is missing",
        "WAYMARK_HOME",
        "WAYMARK_PACING",
        "PORT",
        "Did you mean WAYMARK_SURVIVOR_TOKEN?",
    )
    assert digests(tmp_path) == {}


async def test_a_dotenv_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    """`.env` in the folder the command runs in; a variable that is set is stronger."""
    (tmp_path / ".env").write_text("WAYMARK_PACING=fast\nWAYMARK_HOME=nowhere at all\n")
    found = await run(tmp_path, "run", **GOOD, WAYMARK_HOME="US-NY")
    assert found.is_refusal("WAYMARK_PACING")
    assert "WAYMARK_HOME" not in found.error


async def test_postgresql_is_refused_with_what_works(tmp_path: Path) -> None:
    """One sentence that names what works, and never the password in the URL."""
    found = await run(tmp_path, "run", **GOOD, DATABASE_URL="postgresql://u:door-zq81@h/db")
    assert found.is_refusal("PostgreSQL is not supported yet", "sqlite:///waymark.db")
    assert digests(tmp_path) == {}


# ---------------------------------------------------------------- database and keystore


def _corrupt(folder: Path) -> None:
    path = folder / "waymark.db"
    path.write_bytes(b"not a database at all, but long enough" * 400)


def _newer(folder: Path) -> None:
    with sqlite3.connect(folder / "waymark.db") as db:
        table = db.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE '%migration%' OR name = 'schema'"
        ).fetchone()
        if table is None:
            db.execute("PRAGMA user_version = 999")
        else:
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table[0]})")]
            marks = ", ".join("?" for _ in columns)
            row = db.execute(f"SELECT * FROM {table[0]}").fetchone()
            newer = [value + 900 if isinstance(value, int) else "9999_later" for value in row]
            db.execute(f"INSERT INTO {table[0]} VALUES ({marks})", newer)
    db.close()


def _unreadable_keys(folder: Path) -> None:
    (folder / "waymark.keys").write_bytes(b"these are no keys" * 500)


def _keys_gone(folder: Path) -> None:
    (folder / "waymark.keys").unlink()


def _data_a_folder(folder: Path) -> None:
    (folder / "waymark.db").unlink()
    (folder / "waymark.db").mkdir()


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (_corrupt, "waymark.db"),
        (_newer, "newer"),
        (_unreadable_keys, "waymark.keys"),
        (_keys_gone, "is missing"),
        (_data_a_folder, "is a folder"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else None,
)
async def test_a_database_or_keystore_that_cannot_be_used_is_left_alone(
    stored: Path, harm: Callable[[Path], None], says: str
) -> None:
    """Corrupt, newer, unreadable, missing, no file: said in words, and every byte stays."""
    harm(stored)
    before = digests(stored)
    found = await run(stored, "run", **GOOD)
    assert found.is_refusal(says)
    after = {k: v for k, v in digests(stored).items() if not k.endswith((".lock", "-shm", "-wal"))}
    assert after == before


async def test_the_keystore_of_another_database_is_refused(
    stored: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keys that open nothing here are not used, and not replaced."""
    other = tmp_path_factory.mktemp("other")
    store = await SqliteStore.open(
        f"sqlite:///{other}/waymark.db", other / "waymark.keys", ids=lambda: "database-2"
    )
    await store.close()
    before = digests(stored), digests(other)
    keys = str(other / "waymark.keys")
    found = await run(stored, "run", **GOOD, WAYMARK_KEYSTORE=keys)
    assert found.is_refusal("keystore")
    assert (digests(stored), digests(other)) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
async def test_a_keystore_without_permission_is_refused(stored: Path) -> None:
    """A file of somebody else: said in words."""
    (stored / "waymark.keys").chmod(0)
    found = await run(stored, "run", **GOOD)
    assert found.is_refusal("waymark.keys")


async def test_an_invalid_flow_is_refused_with_its_place(tmp_path: Path) -> None:
    """File, line and column of the mistake; nothing is published."""
    flows = tmp_path / "flows"
    flows.mkdir()
    for path in (PROJECT / "flows").glob("*.yaml"):
        (flows / path.name).write_text(path.read_text("utf-8"), "utf-8")
    broken = flows / "ways.yaml"
    broken.write_text(broken.read_text("utf-8").replace("go: court.what", "go: court.nowhere"))
    found = await run(tmp_path, "run", **{**GOOD, "WAYMARK_FLOWS": str(flows)})
    assert found.code == 1
    assert "Traceback" not in found.error
    assert "ways.yaml:" in found.error
    checked = await run(
        tmp_path, "check", WAYMARK_FLOWS=str(flows), WAYMARK_LOCALES=GOOD["WAYMARK_LOCALES"]
    )
    assert checked.code == 1
    assert "ways.yaml:" in checked.out


# ---------------------------------------------------------------- a world that does not let it


async def test_a_port_that_is_taken_is_refused(closed_stage: Stage) -> None:
    """The sentence names the port and says what to set."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = await run(closed_stage.folder, "run", **{**closed_stage.env, "PORT": str(port)})
    assert found.is_refusal(str(port), "PORT")


async def test_a_second_start_on_the_same_database_is_refused(stage: Stage, ana: Somebody) -> None:
    """One process at a time; the first one goes on untouched."""
    found = await run(stage.folder, "run", **stage.env)
    assert found.is_refusal("waymark.db")
    phone = ana.at("survivor")
    await phone.start()
    await phone.press("Go on")
    await phone.sees("What matters to you right now?")


@pytest.mark.parametrize("bot", ["survivor", "staff"])
async def test_a_token_that_telegram_refuses_is_named(closed_stage: Stage, bot: str) -> None:
    """A bad token at the start ends the program with the name of the setting."""
    closed_stage.world.bot(bot).revoked = True
    found = await run(closed_stage.folder, "run", **closed_stage.env)
    assert found.is_refusal(f"WAYMARK_{bot.upper()}_TOKEN", "@BotFather")


async def test_run_warns_serves_and_stops_at_a_signal(
    closed_stage: Stage, ana: Somebody, sam: Somebody
) -> None:
    """The real process: its banner warns, it serves, SIGTERM ends it with 0; then doctor."""
    stage = closed_stage
    process = await started(stage.folder, "run", **{**stage.env, "PORT": str(free_port())})
    try:
        phone = ana.at("survivor")
        await phone.types("/start", wait=False)
        await stage.world.until(lambda: phone.shown.startswith("Hello."), 20)
        await phone.press("Go on", wait=False)
        await phone.sees("What matters to you right now?")
    finally:
        process.send_signal(signal.SIGTERM)
        found = await ended(process)
    assert found.code == 0, found
    assert "not for real survivors yet" in found.out
    assert "Health: http://127.0.0.1:" in found.out
    assert SURVIVOR_TOKEN not in found.out + found.error
    assert str(ana.id) not in found.out + found.error
    names = {path.name for path in stage.files()}
    assert {"waymark.db", "waymark.keys"} <= names
    assert (stage.folder / "waymark.keys").stat().st_mode & 0o077 == 0
    seen = await run(stage.folder, "doctor", **stage.env)
    assert seen.code in (0, 1), seen
    assert "Traceback" not in seen.error
    assert SURVIVOR_TOKEN not in seen.out + seen.error


# ---------------------------------------------------------------- the other commands


async def test_flows_are_published_listed_and_migrated_by_command(tmp_path: Path) -> None:
    """publish, versions, migrate: exit code 0, no token needed, one version served."""
    env = {name: GOOD[name] for name in ("WAYMARK_FLOWS", "WAYMARK_LOCALES")}
    assert (await run(tmp_path, "migrate", **env)).code == 0
    published = await run(tmp_path, "publish", **env)
    assert published.code == 0, published
    assert "Published." in published.out
    again = await run(tmp_path, "publish", **env)
    assert again.code == 0, again
    listed = await run(tmp_path, "versions", **env)
    assert listed.code == 0
    assert listed.out.count("(served)") == 1


async def test_check_extract_and_update_work_on_a_copy(tmp_path: Path) -> None:
    """The shipped flows are without errors; extract and update write only where they are told."""
    locales = tmp_path / "locales"
    for path in (PROJECT / "locales").rglob("*.po*"):
        target = locales / path.relative_to(PROJECT / "locales")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    env = {"WAYMARK_FLOWS": GOOD["WAYMARK_FLOWS"], "WAYMARK_LOCALES": str(locales)}
    checked = await run(tmp_path, "check", **env)
    assert checked.code == 0, checked.out
    assert checked.out.strip().splitlines()[-1].startswith("0 errors")
    assert (await run(tmp_path, "extract", **env)).code == 0
    assert (await run(tmp_path, "update", "es", **env)).code == 0
    assert (await run(tmp_path, "check", **env)).code == 0


@pytest.mark.parametrize("arguments", [(), ("nosuch",), ("export-csv",), ("run", "--fast")])
async def test_wrong_use_is_exit_code_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """No command, an unknown one, a missing argument, an unknown option: told how, and 2."""
    found = await run(tmp_path, *arguments)
    assert found.code == 2, found
    assert "usage:" in (found.out + found.error).lower()
    assert digests(tmp_path) == {}
