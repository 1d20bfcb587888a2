"""`python -m tests.crash --kills N`: one campaign, its figures, and 1 when a bar is missed."""

import argparse
import sys
import tempfile
from pathlib import Path

import uvloop

from .bugs import BUGS
from .judge import verdict
from .report import report, shortfalls
from .supervisor import Options, campaign


def main() -> int:
    """Exit codes: 0 every bar met, 1 one was missed, 2 used wrongly."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1, help="of people, faults and kills")
    parser.add_argument("--bug", choices=BUGS, default="", help="put in a mistake on purpose")
    parser.add_argument("--minutes", type=float, default=30.0, help="stop killing after so long")
    parser.add_argument("--keep", type=Path, help="an empty folder for journal, log and database")
    given = parser.parse_args()
    options = Options(given.kills, given.seed, given.bug, given.minutes)
    with tempfile.TemporaryDirectory(prefix="crash") as spare:
        folder = given.keep or Path(spare)
        folder.mkdir(parents=True, exist_ok=True)
        evidence = uvloop.run(campaign(options, folder))
    judged = verdict(evidence)
    print(report(evidence, judged))
    missed = shortfalls(evidence, judged)
    if missed:
        print(f"Repeat with: python -m tests.crash --kills {given.kills} --seed {given.seed}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
