"""One child process: started, waited for until it says it is ready, weighed, and stopped. Linux
only, because CPU and memory are read from ``/proc``.
"""

import contextlib
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
READY_WITHIN = 60.0
STOP_WITHIN = 15.0


def machine_cpu() -> float:
    """CPU seconds that everything on this machine has used since it was started."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, fields)
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


class NotReady(Exception):
    """A process ended, or said nothing in time. The message holds what it wrote."""


class Child:
    """A Python module in its own process, with an empty working folder of its own."""

    def __init__(
        self, name: str, arguments: Sequence[str], folder: Path, env: Mapping[str, str], ready: str
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self._errors = folder / "errors.txt"
        inherited = {key: os.environ[key] for key in ("PATH", "LANG", "TZ") if key in os.environ}
        with self._errors.open("ab") as errors:
            self._process = subprocess.Popen(
                (sys.executable, *arguments),
                cwd=folder,
                env={**inherited, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **env},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.said = self._wait_for(ready)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def _wait_for(self, ready: str) -> str:
        """The first line that holds ``ready``."""
        due = time.monotonic() + READY_WITHIN
        stream = self._process.stdout
        assert stream is not None
        while time.monotonic() < due:
            readable, _, _ = select.select([stream], [], [], 0.2)
            line = stream.readline() if readable else ""
            if ready in line:
                return line.strip()
            if self._process.poll() is not None:
                break
        written = self._errors.read_text(errors="replace")[-2000:]
        self.stop()
        msg = f"{self.name} did not become ready. It wrote:\n{written}"
        raise NotReady(msg)

    def errors(self) -> str:
        """What it has written to standard error."""
        return self._errors.read_text(errors="replace")

    def cpu(self) -> float:
        """CPU seconds used by all its threads, to the microsecond."""
        total = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            with contextlib.suppress(FileNotFoundError):
                total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def settled_cpu(self, quiet: float = 0.06, within: float = 3.0) -> float:
        """CPU seconds once it has stopped working (at most ``within`` seconds later)."""
        due = time.monotonic() + within
        before = self.cpu()
        while time.monotonic() < due:
            time.sleep(quiet)
            after = self.cpu()
            if after - before < 0.002:
                return after
            before = after
        return before

    def rss(self) -> float:
        """Resident memory in MiB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
