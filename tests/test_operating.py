"""docs/OPERATING.md is run as it stands: an operator at three in the morning copies from it.

What needs root or systemd is played by small programs in front of the path: ``sudo`` runs its
command, ``useradd`` does nothing, ``systemctl`` starts and stops the ``ExecStart`` of the unit.
Everything else is the real thing: the real program, a real emulator, real files.
"""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "OPERATING.md"
SHIMS = {
    "sudo": 'while [ "$1" = -u ]; do shift 2; done\nexec "$@"',
    "useradd": "exit 0",
    "install": r"""
args=""
while [ $# -gt 0 ]; do
  case "$1" in
    -o|-g) shift 2 ;;
    *) args="$args '$1'"; shift ;;
  esac
done
eval "exec /usr/bin/install $args"
""",
    "systemctl": r"""
echo "$@" >> "$STATE/systemctl.log"
stop() {
  if [ -f "$STATE/pid" ]; then
    kill -TERM "$(cat "$STATE/pid")" 2>/dev/null
    for _ in $(seq 200); do kill -0 "$(cat "$STATE/pid")" 2>/dev/null || break; sleep 0.05; done
    rm -f "$STATE/pid"
  fi
}
start() {
  set -a; . "$DATA/waymark.env"; set +a
  cd "$CODE"
  .venv/bin/python -m bot run >> "$STATE/bot.log" 2>&1 < /dev/null &
  echo $! > "$STATE/pid"
}
case "$*" in
  stop*) stop ;;
  start*|enable*) start ;;
  restart*) stop; start ;;
esac
""",
}
TIMEOUT = 120


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE.read_text(), re.MULTILINE | re.DOTALL)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def emulator(tmp_path):
    """An emulated Telegram in a process of its own; yields its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.sandbox", "--port", "0", "--seed", "7",
         "--bot", "survivor=1000:aaaa", "--bot", "staff=2000:bbbb"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    with process.stdout:
        yield process.stdout.readline().strip()
        process.terminate()
        process.wait(10)


def test_the_guide_runs_as_it_stands(tmp_path, emulator):
    """Install, start, back up, restore, upgrade, token change and disk-full checks all work."""
    commands = blocks("sh")
    assert len(commands) > 10, "the guide's blocks were not found"
    shims = tmp_path / "shims"
    shims.mkdir()
    for name, body in SHIMS.items():
        (shims / name).write_text(f"#!/bin/sh\n{body}\n")
        (shims / name).chmod(0o755)
    code, state = tmp_path / "code", tmp_path / "state"
    state.mkdir()
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(code)], check=True, timeout=TIMEOUT)
    (code / ".venv").symlink_to(ROOT / ".venv")
    environment = {
        "PATH": f"{shims}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "STATE": str(state),
        "CODE": str(code),
        "DATA": str(tmp_path / "data"),
        "BACKUP": str(tmp_path / "backup"),
        "KEYBACKUP": str(tmp_path / "keys"),
        "SURVIVOR_TOKEN": "1000:aaaa",
        "STAFF_TOKEN": "2000:bbbb",
        "LEADS": "77",
        "PORT": str(free_port()),
        "MORE_SETTINGS": f"WAYMARK_API_URL={emulator}",
        "VERSION": "HEAD",
    }
    script = tmp_path / "guide.sh"
    steps = "\n".join(f"echo '== block {n}'\n{block}" for n, block in enumerate(commands, 1))
    script.write_text(f"set -eu\n{steps}\necho '== done'\n")
    try:
        done = subprocess.run(
            ["sh", str(script)], cwd=tmp_path, env=environment, text=True,
            capture_output=True, timeout=TIMEOUT, check=False,
        )  # fmt: skip
    finally:
        subprocess.run([str(shims / "systemctl"), "stop"], env=environment, check=False, timeout=30)
    said = f"{done.stdout}\n{done.stderr}"
    assert done.returncode == 0, said
    assert "== done" in done.stdout, said
    assert '"ready":true' in done.stdout, said
    assert (tmp_path / "data" / "waymark.keys").stat().st_mode & 0o777 == 0o600


def test_the_unit_names_what_the_guide_names():
    """The systemd unit runs the program from CODE, with the settings from DATA, as its user."""
    unit = next(block for block in blocks("ini") if "[Service]" in block)
    assert "ExecStart=/opt/waymark/.venv/bin/python -m bot run" in unit
    assert "EnvironmentFile=/var/lib/waymark/waymark.env" in unit
    assert "User=waymark" in unit
    assert "ReadWritePaths=/var/lib/waymark" in unit


def test_every_health_figure_is_explained():
    """What /health/ready shows stands in the guide with what to do."""
    guide = GUIDE.read_text()
    source = (ROOT / "bot" / "app.py").read_text()
    figures = re.findall(r'^\s+"([a-z_]+)": ', source, re.MULTILINE)
    named = [
        f for f in figures if f.endswith(("_seconds", "writable", "open", "unknown", "letters"))
    ]
    assert len(named) > 5, "the figures were not found in bot/app.py"
    missing = [f for f in named if f not in guide and f != "last_contact_seconds"]
    assert not missing
