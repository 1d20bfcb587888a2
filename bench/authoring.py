"""How long a program lead waits: ``python -m bench.authoring``.

A big library (50 flows of 200 steps, five languages beside English) is checked in a process of its
own, and so are its files merely parsed: the flows by libyaml, the catalogues by Babel. Then one
sentence changes and the same checker looks again. At last, what one step of the engine costs.
"""

import argparse
import gc
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

import yaml
from babel.messages.pofile import read_po

from bot.flowdef.check import Checker
from bot.text.checks import WordChecker

from . import engine
from .big_library import Size, write
from .report import judged
from .verdict import Bar

ROOT = Path(__file__).parents[1]
TIMES, MEMORY, AGAIN = 3.0, 1024.0, 1.0
CHANGED = "topic_07.yaml"

Figures = Mapping[str, float]
"""What one child found: CPU ``seconds``, ``memory`` (most, MiB), and what else it counted."""


def parse(flows: Path, locales: Path) -> dict[str, float]:
    """The least anybody could do: every file parsed, nothing asked."""
    begun = time.process_time()
    for path in sorted(flows.rglob("*.yaml")):
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    between = time.process_time()
    for path in sorted(locales.glob("*/LC_MESSAGES/messages.po")):
        read_po(io.BytesIO(path.read_bytes()))
    ended = time.process_time()
    return {"seconds": ended - begun, "yaml": between - begun, "po": ended - between}


def check(flows: Path, locales: Path) -> dict[str, float]:
    """What ``python -m bot check`` does, then the same checker after changes of one sentence."""
    checker = Checker(flows, locales, WordChecker().check_folder)
    begun = time.process_time()
    issues = checker.check()
    seconds = time.process_time() - begun
    library = checker.library
    again = [_again(checker.check, flows / CHANGED, number) for number in range(5)]
    return {
        "seconds": seconds,
        "again": median(again),
        "errors": sum(issue.severity == "error" for issue in issues),
        "warnings": sum(issue.severity == "warning" for issue in issues),
        "steps": len(library.steps),
        "texts": len(library.texts),
    }


def _again(look: Callable[[], object], path: Path, number: int) -> float:
    """One more line in a flow, so that every place below it moves; wall-clock seconds."""
    text = path.read_text("utf-8")
    path.write_text(text.replace("    say: |\n", f"    say: |\n      Wait {'x' * number}.\n\n", 1))
    gc.collect()
    begun = time.perf_counter()
    look()
    return time.perf_counter() - begun


CHILDREN = {each.__name__: each for each in (parse, check)}


def in_a_process(name: str, folder: Path) -> Figures:
    """Run one of the above alone, so that memory and collected garbage are its own."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "TZ") if key in os.environ}
    said = subprocess.run(
        (sys.executable, "-m", "bench.authoring", "--only", name, str(folder)),
        cwd=ROOT,
        env=kept,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout
    figures: dict[str, float] = json.loads(said)
    return figures


def measure(rounds: int = 3) -> list[Bar]:
    """Generate, measure, print; returns the bars."""
    size = Size()
    print(
        f"\nReading and checking {size.flows} flows of {size.steps} steps in "
        f"{len(size.languages)} languages beside English …",
        flush=True,
    )
    parsed, checked = [], []
    with tempfile.TemporaryDirectory(prefix="waymark-authoring-") as name:
        folder = Path(name)
        write(folder, size)
        for _ in range(rounds):
            parsed.append(in_a_process("parse", folder))
            checked.append(in_a_process("check", folder))
    bars = list(_bars(parsed, checked))
    return [*bars, *engine.measure()]


def _bars(parsed: list[Figures], checked: list[Figures]) -> list[Bar]:
    def middle(found: list[Figures], what: str) -> float:
        return median(each[what] for each in found)

    one = checked[0]
    print(
        f"  {one['steps']:,.0f} steps, {one['texts']:,.0f} texts, {one['errors']:.0f} errors, "
        f"{one['warnings']:.0f} warnings; medians of {len(parsed)} runs, CPU seconds"
    )
    print(
        f"  parsed only   {middle(parsed, 'seconds'):>6.2f} s  "
        f"(flows {middle(parsed, 'yaml'):.2f}, catalogues {middle(parsed, 'po'):.2f})   "
        f"{middle(parsed, 'memory'):>5.0f} MiB"
    )
    print(
        f"  checked       {middle(checked, 'seconds'):>6.2f} s{'':<36}"
        f"{middle(checked, 'memory'):>5.0f} MiB"
    )
    print(
        f"  checked again {middle(checked, 'again'):>6.2f} s  "
        "after one sentence of one flow (real time)"
    )
    times = median(c["seconds"] / p["seconds"] for p, c in zip(parsed, checked, strict=True))
    memory, again = max(c["memory"] for c in checked), middle(checked, "again")
    return [
        Bar(f"the big library has no mistake ({one['errors']:.0f} errors)", one["errors"] == 0),
        Bar(
            f"check takes {times:.2f} times as long as parsing (at most {TIMES:.0f})",
            times <= TIMES,
        ),
        Bar(f"check needs {memory:.0f} MiB (at most {MEMORY:.0f})", memory <= MEMORY),
        Bar(
            f"a changed flow is checked again in {again:.2f} s (at most {AGAIN:.0f})",
            again <= AGAIN,
        ),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Alone: the figures and the bars."""
    parser = argparse.ArgumentParser(prog="python -m bench.authoring", description=__doc__)
    parser.add_argument("--only", choices=tuple(CHILDREN), help=argparse.SUPPRESS)
    parser.add_argument("folder", nargs="?", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(arguments)
    if given.only:
        found = CHILDREN[given.only](given.folder / "flows", given.folder / "locales")
        found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(found))
        return 0
    bars = measure(given.rounds)
    for line in judged(bars):
        print(line)
    return 0 if all(bar.held for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
